"""From what was found out to what a home must be: suggestions a consultant confirms, never more.

Only the need goes on (「1階」「保証人なし」), never what it comes from: whoever looks for a home
reads neither illness nor debt.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.cases.assessments.codes import PublicAssistance
from app.cases.models import Case
from app.cases.needs.codes import HouseholdGroup, SupportOffer
from app.cases.needs.models import (
    EmergencyContact,
    FloorNeed,
    HousingNeed,
    RentBasis,
    YesNoUnknown,
)


class Derived(StrEnum):
    """A need that can be taken over."""

    GROUND_OR_LIFT = "ground_or_lift"
    WHEELCHAIR = "wheelchair"
    NO_GUARANTOR = "no_guarantor"
    NO_EMERGENCY_CONTACT = "no_emergency_contact"
    CEILING = "ceiling"
    GROUP_PUBLIC_ASSISTANCE = "group_public_assistance"
    GROUP_DISABLED = "group_disabled"


DERIVED_LABELS = {
    Derived.GROUND_OR_LIFT: "1階 または エレベーター",
    Derived.WHEELCHAIR: "車いすを使う",
    Derived.NO_GUARANTOR: "保証人なし",
    Derived.NO_EMERGENCY_CONTACT: "緊急連絡先なし（用意する支えに入れる）",
    Derived.CEILING: "家賃は住宅扶助の限度額まで",
    Derived.GROUP_PUBLIC_ASSISTANCE: "貸主に確かめる：生活保護",
    Derived.GROUP_DISABLED: "貸主に確かめる：障害者",
}


@dataclass(frozen=True)
class Suggestion:
    """A need and, for the consultant alone, what it follows from."""

    code: Derived
    because: str

    @property
    def label(self) -> str:
        return DERIVED_LABELS[self.code]


Content = Mapping[str, Any]


def suggestions(content: Content, case: Case, need: HousingNeed | None) -> list[Suggestion]:
    """What this assessment suggests and the housing need does not say yet."""
    found = [Suggestion(code, because) for code, because, holds in _FROM_SHEET if holds(content)]
    handbook = any(
        m.handbook_physical or m.handbook_intellectual or m.handbook_mental
        for m in case.living_together
    )
    if handbook:
        found.append(Suggestion(Derived.GROUP_DISABLED, "手帳がある"))
    return [one for one in found if need is None or not _said(one.code, need)]


def _is(name: str, value: Any) -> Callable[[Content], bool]:
    return lambda content: content.get(name) == value


_FROM_SHEET: tuple[tuple[Derived, str, Callable[[Content], bool]], ...] = (
    (Derived.GROUND_OR_LIFT, "階段がつらい", _is("stairs_hard", YesNoUnknown.YES)),
    (Derived.WHEELCHAIR, "車いすを使う", _is("wheelchair", YesNoUnknown.YES)),
    (Derived.NO_GUARANTOR, "保証人になる人がいない", _is("guarantor", YesNoUnknown.NO)),
    (
        Derived.NO_EMERGENCY_CONTACT,
        "緊急連絡先になる人がいない",
        _is("emergency_contact", YesNoUnknown.NO),
    ),
    (
        Derived.CEILING,
        "生活保護を受けている",
        _is("public_assistance", PublicAssistance.RECEIVING),
    ),
    (
        Derived.GROUP_PUBLIC_ASSISTANCE,
        "生活保護を受けている",
        _is("public_assistance", PublicAssistance.RECEIVING),
    ),
)


def _said(code: Derived, need: HousingNeed) -> bool:
    """Whether the housing need says so already, or asks for more."""
    if code is Derived.GROUND_OR_LIFT:
        return need.floor_need in {FloorNeed.GROUND_OR_LIFT, FloorNeed.GROUND}
    if code is Derived.NO_GUARANTOR:
        return need.guarantor is YesNoUnknown.NO
    if code is Derived.NO_EMERGENCY_CONTACT:  # a corporate one is what is arranged instead
        return need.emergency_contact in {EmergencyContact.NONE, EmergencyContact.CORPORATE}
    return all(getattr(need, name) == value for name, value in changes([code], need).items())


_FIELDS: Mapping[Derived, Mapping[str, Any]] = {
    Derived.GROUND_OR_LIFT: {"floor_need": FloorNeed.GROUND_OR_LIFT},
    Derived.WHEELCHAIR: {"wheelchair": YesNoUnknown.YES},
    Derived.NO_GUARANTOR: {"guarantor": YesNoUnknown.NO},
    Derived.NO_EMERGENCY_CONTACT: {"emergency_contact": EmergencyContact.NONE},
    Derived.CEILING: {"rent_basis": RentBasis.CEILING},
}
_GROUPS = {
    Derived.GROUP_PUBLIC_ASSISTANCE: HouseholdGroup.PUBLIC_ASSISTANCE,
    Derived.GROUP_DISABLED: HouseholdGroup.DISABLED,
}
_SUPPORTS = {
    Derived.NO_GUARANTOR: SupportOffer.GUARANTOR_COMPANY,
    Derived.NO_EMERGENCY_CONTACT: SupportOffer.EMERGENCY_CONTACT,
}


def changes(codes: Sequence[Derived], need: HousingNeed | None) -> dict[str, Any]:
    """The fields of a housing need these make, keeping what its lists hold already.

    A guarantor company is offered unless the household said it wants none.
    """
    values: dict[str, Any] = {}
    for code in codes:
        values |= _FIELDS.get(code, {})
    no_company = need is not None and not need.guarantor_company
    offers = [
        _SUPPORTS[code]
        for code in codes
        if code in _SUPPORTS and not (no_company and code is Derived.NO_GUARANTOR)
    ]
    groups = [_GROUPS[code] for code in codes if code in _GROUPS]
    return values | _added("groups", groups, need) | _added("supports", offers, need)


def _added(name: str, codes: Sequence[StrEnum], need: HousingNeed | None) -> dict[str, Any]:
    """A list of the need with these codes at its end; nothing when they are all there."""
    there = list(getattr(need, name)) if need else []
    more = [code.value for code in codes if code.value not in there]
    return {name: there + more} if more else {}
