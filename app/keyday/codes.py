"""The codes of the key date's tasks and the Japanese words for them."""

from enum import StrEnum

from app.policy import Tier


class CountedFrom(StrEnum):
    """The day a task's own day is counted from."""

    KEYS = "keys"
    MOVE_IN = "move_in"


COUNTED_FROM_LABELS = {
    CountedFrom.KEYS: "鍵の受け取りの日",
    CountedFrom.MOVE_IN: "入居の日",
}


class Phase(StrEnum):
    """The three parts of the page and of the paper."""

    BEFORE = "before"
    THE_DAY = "the_day"
    AFTER = "after"


PHASE_LABELS = {
    Phase.BEFORE: "鍵の前",
    Phase.THE_DAY: "鍵の日・入居の日",
    Phase.AFTER: "入居のあと",
}


class Doer(StrEnum):
    """Who does it. Nobody is not among them: what is nobody's is not done."""

    HOUSEHOLD = "household"
    CONSULTANT = "consultant"
    HOUSING = "housing"
    FOODBANK = "foodbank"
    FOLLOWUP = "followup"
    LANDLORD = "landlord"
    WELFARE_OFFICE = "welfare_office"
    PARTNER = "partner"
    COLLEAGUE = "colleague"


DOER_LABELS = {
    Doer.HOUSEHOLD: "ご本人",
    Doer.CONSULTANT: "相談員",
    Doer.HOUSING: "居住支援法人",
    Doer.FOODBANK: "フードバンク",
    Doer.FOLLOWUP: "見守り担当",
    Doer.LANDLORD: "貸主・不動産業者",
    Doer.WELFARE_OFFICE: "福祉事務所",
    Doer.PARTNER: "ほかの相手（名前を書く）",
    Doer.COLLEAGUE: "職員（名前を選ぶ）",
}
# A template is for every household, so it names no colleague.
TEMPLATE_DOERS = {doer: label for doer, label in DOER_LABELS.items() if doer is not Doer.COLLEAGUE}


class TaskState(StrEnum):
    OPEN = "open"
    DONE = "done"
    NOT_NEEDED = "not_needed"


TASK_STATE_LABELS = {
    TaskState.OPEN: "これから",
    TaskState.DONE: "済み",
    TaskState.NOT_NEEDED: "要らない",
}


class Applies(StrEnum):
    """For which households a line of the template is. What nobody knows is asked, not dropped."""

    ALWAYS = "always"
    WELFARE = "welfare"
    SCHOOL_CHILD = "school_child"
    INFANT = "infant"
    CHILD = "child"
    ELDER = "elder"
    NATIONAL_INSURANCE = "national_insurance"
    FOREIGNER = "foreigner"
    PET = "pet"
    PROTECTED = "protected"
    NOT_PROTECTED = "not_protected"


APPLIES_LABELS = {
    Applies.ALWAYS: "どの世帯にも",
    Applies.WELFARE: "生活保護を受けている世帯",
    Applies.SCHOOL_CHILD: "小学生・中学生がいる世帯",
    Applies.INFANT: "3歳未満の子どもがいる世帯",
    Applies.CHILD: "18歳までの子どもがいる世帯",
    Applies.ELDER: "65歳以上か、介護の認定がある世帯",
    Applies.NATIONAL_INSURANCE: "国民健康保険の世帯",
    Applies.FOREIGNER: "外国籍の人がいる世帯",
    Applies.PET: "ペットがいる世帯",
    Applies.PROTECTED: "居場所を隠している世帯",
    Applies.NOT_PROTECTED: "居場所を隠していない世帯",
}

# A line that stands there because of what lies deep is told only to whoever looks that deep:
# that it stands there at all tells of assistance, a nationality or a need of care.
APPLIES_TIERS = {
    Applies.WELFARE: Tier.CARE,
    Applies.NATIONAL_INSURANCE: Tier.CARE,
    Applies.FOREIGNER: Tier.CARE,
    Applies.ELDER: Tier.CARE,
}

MOST_OFFSET = 400
MOST_TASKS = 120


class Counted(StrEnum):
    """How a person says what a day is counted from: no minus sign, which phones do not offer."""

    KEYS_BEFORE = "keys_before"
    KEYS_AFTER = "keys_after"
    MOVE_IN_BEFORE = "move_in_before"
    MOVE_IN_AFTER = "move_in_after"


COUNTED_LABELS = {
    Counted.KEYS_BEFORE: "鍵の日より前",
    Counted.KEYS_AFTER: "鍵の日・それより後",
    Counted.MOVE_IN_BEFORE: "入居の日より前",
    Counted.MOVE_IN_AFTER: "入居の日・それより後",
}


def counted_as(counted: Counted, days: int) -> tuple[CountedFrom, int]:
    """The base and the signed offset of what a person said."""
    base = CountedFrom.KEYS if counted.startswith("keys") else CountedFrom.MOVE_IN
    return base, -days if counted.endswith("before") else days


def said_as(counted_from: CountedFrom, offset_days: int) -> tuple[Counted, int]:
    """The other way round."""
    side = "before" if offset_days < 0 else "after"
    return Counted(f"{counted_from.value}_{side}"), abs(offset_days)
