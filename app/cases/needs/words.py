"""Needs in the words of the counter, from values that have already passed policy."""

from typing import Any

from flask_babel import gettext as _

from app.cases.needs.codes import (
    CHEWING_LABELS,
    EQUIPMENT_LABELS,
    FORBIDDEN_FOOD_LABELS,
    HOUSEHOLD_GROUP_LABELS,
    SUPPORT_OFFER_LABELS,
    Equipment,
    ForbiddenFood,
    HouseholdGroup,
    SupportOffer,
)
from app.cases.needs.models import (
    EMERGENCY_CONTACT_LABELS,
    FLOOR_NEED_LABELS,
    EmergencyContact,
    FloorNeed,
    RentBasis,
    YesNoUnknown,
)
from app.policy import Presented
from app.wording import day, yen

Fact = tuple[str, str | None]


def need_facts(shown: Presented) -> list[Fact]:
    """A housing need as facts: 「1階だけ」「保証人なし」, nothing about why."""
    lines: list[Fact] = [
        (_("家賃"), _rent(shown)),
        (_("人数"), None if shown.people is None else _("%(n)s人", n=shown.people)),
        (_("階"), _known(shown.floor_need, FloorNeed.UNKNOWN, FLOOR_NEED_LABELS)),
        (_("保証人"), _guarantor(shown)),
        (
            _("緊急連絡先"),
            _known(shown.emergency_contact, EmergencyContact.UNKNOWN, EMERGENCY_CONTACT_LABELS),
        ),
        (_("場所"), "、".join(shown.municipalities or []) or _("どこでもよい")),
        (_("いつまでに"), day(shown.move_by) or None),
    ]
    if shown.wheelchair is not YesNoUnknown.NO:
        lines.append((_("車いす"), _yes(shown.wheelchair, _("使う"))))
    if shown.pet is not YesNoUnknown.NO:
        lines.append((_("ペット"), _yes(shown.pet, _("いる"))))
    size = [_("%(n)s㎡以上", n=f"{shown.min_area.normalize():f}")] if shown.min_area else []
    size += [_("%(n)s部屋以上", n=shown.min_rooms)] if shown.min_rooms else []
    if size:
        lines.append((_("広さ"), "・".join(size)))
    supports = [SUPPORT_OFFER_LABELS[SupportOffer(s)] for s in shown.supports or []]
    if supports:
        lines.append((_("用意できること"), "、".join(supports)))
    return lines + _care(shown)


def _care(shown: Presented) -> list[Fact]:
    """What only some readers have: the presented record simply lacks it for the others."""
    lines: list[Fact] = []
    if shown.funds is not None:
        lines.append((_("はじめに出せる額"), yen(shown.funds)))
    if shown.groups:
        groups = [HOUSEHOLD_GROUP_LABELS[HouseholdGroup(g)] for g in shown.groups]
        lines.append((_("貸主に確かめること"), "、".join(groups)))
    for anchor in shown.anchors or []:
        found = "" if anchor["latitude"] is not None else _("（地図の位置は未確認）")
        lines.append((anchor["label"], f"{anchor['address']}{found}"))
    if shown.wishes:
        lines.append((_("そのほか"), shown.wishes))
    return lines


def _rent(shown: Presented) -> str:
    if shown.rent_basis is RentBasis.CEILING:
        return str(_("住宅扶助の限度額まで"))
    return str(_("%(amount)sまで", amount=yen(shown.agreed_rent)))


def _guarantor(shown: Presented) -> str | None:
    company = _("（保証会社は可）") if shown.guarantor_company else ""
    if shown.guarantor is YesNoUnknown.YES:
        return str(_("あり"))
    if shown.guarantor is YesNoUnknown.NO:
        return str(_("保証人なし") + company)
    return None


def _known(value: Any, unknown: Any, labels: Any) -> str | None:
    return None if value is unknown else str(labels[value])


def _yes(value: YesNoUnknown, word: str) -> str | None:
    return word if value is YesNoUnknown.YES else None


def food_facts(shown: Presented) -> list[Fact]:
    """A food profile as facts; "none" for allergies only when somebody has asked."""
    allergies = "、".join(shown.allergies or [])
    if not allergies and shown.allergies_asked:
        allergies = _("なし（確かめました）")
    equipment = [EQUIPMENT_LABELS[Equipment(e)] for e in shown.equipment or []]
    lines: list[Fact] = [
        (_("アレルギー"), allergies or None),
        (_("使える設備"), "、".join(equipment) or _("なし（そのまま食べられる物だけ）")),
    ]
    forbidden = [FORBIDDEN_FOOD_LABELS[ForbiddenFood(f)] for f in shown.forbidden or []]
    if forbidden:
        lines.append((_("食べないもの"), "、".join(forbidden)))
    if shown.chewing_class:
        lines.append((_("やわらかさ"), CHEWING_LABELS[shown.chewing_class]))
    if shown.carry_kg:
        lines.append((_("持てる重さ"), _("%(n)skgまで", n=f"{shown.carry_kg.normalize():f}")))
    if shown.note:
        lines.append((_("注意"), shown.note))
    return lines
