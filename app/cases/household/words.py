"""A member and a number in words, from values that have already passed policy."""

from typing import Any

from flask_babel import gettext as _

from app.cases.household.codes import (
    CARE_LEVEL_LABELS,
    MENTAL_GRADE_LABELS,
    PHYSICAL_GRADE_LABELS,
    SCHOOL_LABELS,
)
from app.cases.models import SEX_LABELS, Sex
from app.cases.needs.models import YesNoUnknown
from app.japanese import format_era
from app.policy import Presented

Fact = tuple[str, str | None]


def member_facts(shown: Presented) -> list[Fact]:
    """What is known of somebody; a field the viewer may not see has no line."""
    lines: list[Fact] = []
    if shown.kana:
        lines.append((_("ふりがな"), shown.kana))
    age = None if shown.age is None else _("%(n)s歳", n=shown.age)
    born = f"（{format_era(shown.born_on)}生）" if shown.born_on else ""
    lines.append((_("年齢"), f"{age}{born}" if age else None))
    if shown.sex is not Sex.UNKNOWN:
        lines.append((_("性別"), SEX_LABELS[shown.sex]))
    words = {
        _("国籍"): shown.nationality,
        _("話しやすい言葉"): shown.language,
        _("手帳"): handbooks(shown),
        _("介護"): CARE_LEVEL_LABELS.get(shown.care_level),
        _("学校"): SCHOOL_LABELS.get(shown.school),
        _("メモ"): shown.note,
    }
    return lines + [(label, said) for label, said in words.items() if said]


def handbooks(shown: Presented) -> str | None:
    """「身体2級・療育B1」"""
    parts = []
    if shown.handbook_physical:
        parts.append(_("身体%(grade)s", grade=PHYSICAL_GRADE_LABELS[shown.handbook_physical]))
    if shown.handbook_intellectual:
        parts.append(_("療育%(grade)s", grade=shown.handbook_intellectual))
    if shown.handbook_mental:
        parts.append(_("精神%(grade)s", grade=MENTAL_GRADE_LABELS[shown.handbook_mental]))
    return "・".join(parts) or None


def phone_words(shown: Presented) -> dict[str, Any]:
    """A number with what must not happen when calling, those warnings first."""
    warnings = []
    if shown.secret:
        warnings.append(_("家族に知られないように"))
    if shown.voicemail is YesNoUnknown.NO:
        warnings.append(_("留守電に残さない"))
    notes = [shown.whose, shown.best_time, shown.note]
    if shown.voicemail is YesNoUnknown.YES:
        notes.append(_("留守電に残してよい"))
    return {
        "number": shown.number,
        "warnings": warnings,
        "notes": "　".join(note for note in notes if note),
    }
