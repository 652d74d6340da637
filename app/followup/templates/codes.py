"""Codes of templates: what they are for, what a holiday does, and how sure their rule is."""

from enum import StrEnum

from app.followup.ladder.codes import StepKind


class TemplateKind(StrEnum):
    BASE = "base"
    ADD_ON = "add_on"


TEMPLATE_KIND_LABELS = {
    TemplateKind.BASE: "基本の型",
    TemplateKind.ADD_ON: "追加の見守り",
}


class HolidayRule(StrEnum):
    """What a due day does when it falls on a weekend, a holiday or the year's end."""

    KEEP = "keep"
    BEFORE = "before"
    AFTER = "after"


HOLIDAY_LABELS = {
    HolidayRule.KEEP: "その日のまま",
    HolidayRule.BEFORE: "前の平日にする",
    HolidayRule.AFTER: "次の平日にする",
}


class Unit(StrEnum):
    DAY = "day"
    MONTH = "month"


UNIT_LABELS = {Unit.DAY: "日ごと", Unit.MONTH: "か月ごと"}


class Certainty(StrEnum):
    LAW = "law"
    PRACTICE = "practice"
    OWN = "own"


CERTAINTY_LABELS = {
    Certainty.LAW: "法令の下限",
    Certainty.PRACTICE: "よい実践（法令ではない）",
    Certainty.OWN: "この事業所の決まり",
}

STANDARD = "standard"
SUPPORT_HOME = "support_home"


class AddOn(StrEnum):
    """Life situations in which somebody is looked in on more often."""

    SINGLE_65 = "single_65"
    DISCHARGE = "discharge"
    ARREARS = "arrears"
    SUICIDAL = "suicidal"


ADD_ON_LABELS = {
    AddOn.SINGLE_65: "独居65歳以上",
    AddOn.DISCHARGE: "退院・退所の直後",
    AddOn.ARREARS: "滞納があった",
    AddOn.SUICIDAL: "希死念慮",
}
OPEN_ADD_ONS = frozenset({AddOn.SINGLE_65})
"""The one that tells nothing of illness or debt; the others are the consultation's own."""

USUAL_LADDER = {
    StepKind.AGAIN: 12,
    StepKind.EMERGENCY_CONTACT: 24,
    StepKind.LANDLORD: 36,
    StepKind.COMMUNITY_CENTRE: 48,
    StepKind.POLICE: 72,
}
"""Hours after a concern was opened. Good practice: notice within 12, family 24, on the spot 48."""
