"""A row of a council's list as values of our columns, and where they differ from a known home.

A blank, an unreadable word or another spelling is never a difference: only what the list says
clearly may change what is known.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from app.housing.codes import (
    AVAILABLE_LABELS,
    GROUP_LABELS,
    GUARANTOR_RULE_LABELS,
    PET_RULE_LABELS,
    Acceptance,
    AvailableKind,
    Group,
    GuarantorRule,
    PetRule,
    Support,
)
from app.housing.lists.cells import Acceptance as ListedAcceptance
from app.housing.lists.cells import Answer, Condition, Guarantor, MoveIn
from app.housing.lists.rows import ParsedHome
from app.japanese import MoneyKind

OTHER_CONDITION = "other"
"""A condition a landlord made that is none of the known supports; the words are in `as_typed`."""

GROUPS = {
    "elderly": Group.ELDERLY,
    "disabled": Group.DISABLED,
    "public_assistance": Group.PUBLIC_ASSISTANCE,
    "foreigners": Group.FOREIGN,
    "families": Group.SINGLE_PARENT,
    "violence_victims": Group.DV,
    "former_prisoners": Group.EX_OFFENDER,
    **{group.value: group for group in Group},
}
_ANSWERS = {
    Answer.YES: Acceptance.YES,
    Answer.CONDITIONAL: Acceptance.CONDITIONAL,
    Answer.ASK: Acceptance.NEGOTIABLE,
    Answer.NO: Acceptance.NO,
}
_CONDITIONS: dict[Condition, str] = {
    Condition.PROXY_PAYMENT: Support.PROXY_PAYMENT,
    Condition.WATCHING_OVER: Support.WATCHING,
    Condition.GUARANTOR_COMPANY: Support.GUARANTOR_COMPANY,
    Condition.EMERGENCY_CONTACT: Support.EMERGENCY_CONTACT,
    Condition.LEFTOVER_GOODS: Support.LEFTOVER_CONTRACT,
    Condition.OTHER: OTHER_CONDITION,
}
_GUARANTORS = {
    Guarantor.PERSON: GuarantorRule.PERSON,
    Guarantor.NOTHING: GuarantorRule.NONE,
    Guarantor.COMPANY: GuarantorRule.COMPANY,
    Guarantor.COMPANY_REQUIRED: GuarantorRule.COMPANY_REQUIRED,
    Guarantor.ASK: GuarantorRule.NEGOTIABLE,
}
_PETS = {
    Answer.YES: PetRule.YES,
    Answer.CONDITIONAL: PetRule.NEGOTIABLE,
    Answer.ASK: PetRule.NEGOTIABLE,
    Answer.NO: PetRule.NO,
}
_AVAILABLE = {
    MoveIn.IMMEDIATELY: AvailableKind.NOW,
    MoveIn.AFTER_MOVE_OUT: AvailableKind.AFTER_MOVE_OUT,
    MoveIn.TO_BE_DISCUSSED: AvailableKind.NEGOTIABLE,
}

FIELD_LABELS = {
    "rent": "家賃",
    "fee": "共益費",
    "fee_included": "共益費込み",
    "deposit": "敷金",
    "key_money": "礼金",
    "layout": "間取り",
    "rooms": "居室の数",
    "area": "面積",
    "floor": "階",
    "guarantor_rule": "保証人",
    "pet_rule": "ペット",
    "available": "入居できる時期",
    "available_from": "入居できる日",
    "contact_phone": "連絡先",
    "remarks": "備考",
    "agent": "取扱",
    "landlord": "貸主",
    "state": "募集の状態",
    "confirmed_on": "空きの確認日",
    **{f"accepts_{group.value}": f"{label}の受け入れ" for group, label in GROUP_LABELS.items()},
}


def home_values(parsed: ParsedHome) -> dict[str, Any]:
    """What a row says of its home, by column of `Home`; what it leaves open is left out."""
    values: dict[str, Any] = {
        "rent": parsed.rent_yen,
        "fee": parsed.fee.yen,
        "fee_included": True if parsed.fee_included else None,
        "deposit": parsed.deposit.in_yen(parsed.rent_yen),
        "key_money": parsed.key_money.in_yen(parsed.rent_yen),
        "layout": parsed.layout[:40] or None,
        "rooms": rooms_of(parsed.layout),
        "area": _area(parsed.area_m2),
        "floor": parsed.floor.floor,
        "guarantor_rule": _GUARANTORS.get(parsed.guarantor),
        "pet_rule": _PETS.get(parsed.pets.answer),
        "contact_phone": (parsed.phone.shown or parsed.phone.as_typed)[:40] or None,
        "remarks": parsed.remarks or None,
        **_available(parsed),
    }
    if parsed.fee.kind is MoneyKind.AMOUNT:
        values["fee_included"] = False
    return {name: value for name, value in values.items() if value is not None}


def property_values(parsed: ParsedHome) -> dict[str, Any]:
    """What a row says of its building; what it leaves open is left out."""
    values = {
        "postal_code": parsed.postal_code,
        "structure": parsed.structure[:200] or None,
        "building_kind": parsed.building_kind,
        "built_year": parsed.built.year,
        "built_month": parsed.built.month,
        "floors": parsed.floor.of_floors,
        "lift": parsed.lift,
        "station_line": parsed.station.line[:200] or None,
        "station": parsed.station.name[:200] or None,
        "walk_minutes": parsed.walk.walk_minutes,
        "bus_minutes": parsed.walk.bus_minutes,
    }
    return {name: value for name, value in values.items() if value is not None}


def acceptance_values(parsed: ParsedHome) -> dict[Group, tuple[Acceptance, list[str], str]]:
    """Answer, conditions and words as typed for each group the row answers for."""
    return {
        GROUPS[name]: (_ANSWERS[listed.answer], _condition_codes(listed), listed.as_typed[:200])
        for name, listed in parsed.acceptance.items()
        if listed.answer in _ANSWERS
    }


def rooms_of(layout: str) -> int | None:
    """Rooms for living: 2 of "2DK", 1 of "1R" and "ワンルーム"; None when it does not say."""
    if found := re.match(r"(\d{1,2})(?:R|S?L?D?K)", layout):
        return int(found[1])
    return 1 if layout.startswith("ワンルーム") else None


_WORDS: Mapping[str, Mapping[Any, str]] = {
    "guarantor_rule": GUARANTOR_RULE_LABELS,
    "pet_rule": PET_RULE_LABELS,
    "available": AVAILABLE_LABELS,
}


def in_words(field: str, value: Any) -> str:
    """A value as a person reads it; "" for one that is not known."""
    if value is None:
        return ""
    if field in _WORDS:
        return _WORDS[field][value]
    if field in {"rent", "fee", "deposit", "key_money"}:
        return f"{value:,}円"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value}㎡" if field == "area" else str(value)


def _area(value: Decimal | None) -> Decimal | None:
    if value is None or not 0 < value < 10_000:
        return None
    return value.quantize(Decimal("0.01"))


def _available(parsed: ParsedHome) -> dict[str, Any]:
    listed = parsed.available
    if listed.kind is MoveIn.ON_DATE and listed.earliest is not None:
        return {"available": AvailableKind.ON_DATE, "available_from": listed.earliest}
    return {"available": _AVAILABLE.get(listed.kind)}


def _condition_codes(listed: ListedAcceptance) -> list[str]:
    return sorted(str(_CONDITIONS[condition]) for condition in listed.conditions)
