"""What a row says of a home, field by field, in plain values that can be kept and compared.

A statement's value is JSON: amounts and counts as numbers, areas and days as text, codes by their
value, and what a landlord answers for one group as ``{"answer", "conditions"}``. The same form is
read from a home, so that a list is compared with what is on record and not with how it is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from app.db import CodeType
from app.directory.services import name_key
from app.housing.codes import (
    ACCEPTANCE_LABELS,
    BUILDING_KIND_LABELS,
    SUPPORT_LABELS,
    Acceptance,
    BuildingKind,
    Group,
    HomeState,
    Support,
)
from app.housing.homes.values import (
    FIELD_LABELS,
    OTHER_CONDITION,
    acceptance_values,
    home_values,
    in_words,
    property_values,
    rooms_of,
)
from app.housing.lists.rows import ParsedHome
from app.housing.models import Home, HomeAcceptance

VACANCY = "vacancy"
"""Whether a sender lists a home as to let: a field like the others, though no column."""

ACCEPTS = "accepts_"
PEOPLE = frozenset({"agent", "landlord"})
"""Fields whose value is a name; whoever writes them finds or makes the record behind it."""
_DERIVED = frozenset({"rooms"})  # follows from the layout
_COLUMNS = {column.key: column for column in sa.inspect(Home).columns}


class Vacancy(StrEnum):
    """What a list says by naming a home, by "空室 0", or by leaving out one it had before."""

    LISTED = "listed"
    NONE = "none"
    GONE = "gone"


VACANCY_LABELS = {
    Vacancy.LISTED: "募集中として載っている",
    Vacancy.NONE: "空室がない",
    Vacancy.GONE: "前の一覧にあり、新しい一覧にない",
}

ASKED_FIELDS = frozenset(
    {"rent", "fee", "deposit", "key_money", "layout", "area", "floor", "guarantor_rule",
     "pet_rule", VACANCY, *(f"{ACCEPTS}{group.value}" for group in Group)}
)  # fmt: skip
"""Where two sources that disagree are put before a person. What is left out – whom to phone,
remarks, the day of moving in – may well be different from office to office."""


@dataclass(frozen=True)
class Said:
    """One field as a row has it: the plain value, and the words it was read from."""

    value: Any
    as_typed: str


def said_by(parsed: ParsedHome, heads: Mapping[str, str]) -> dict[str, Said]:
    """Every field a row speaks of. ``heads`` maps a field of the list to its column's head."""
    typed = {field: parsed.as_typed.get(head, "") for field, head in heads.items()}
    source = {"guarantor_rule": "guarantor", "pet_rule": "pets", "available_from": "available",
              "contact_phone": "phone", "fee_included": "fee"}  # fmt: skip
    said = {
        name: Said(plain(value), typed.get(source.get(name, name), "")[:200])
        for name, value in home_values(parsed).items()
        if name not in _DERIVED
    }
    for group, (answer, conditions, words) in acceptance_values(parsed).items():
        said[f"{ACCEPTS}{group.value}"] = Said(
            {"answer": answer.value, "conditions": conditions}, words
        )
    for name, who in (("agent", parsed.agent), ("landlord", parsed.landlord)):
        if who:
            said[name] = Said(who[:200], who[:200])
    said[VACANCY] = Said(
        Vacancy.NONE.value if parsed.vacant is False else Vacancy.LISTED.value,
        typed.get("vacancies", "")[:200],
    )
    return said


BUILDING_LABELS = {
    "postal_code": "郵便番号",
    "structure": "構造",
    "building_kind": "建物の種類",
    "built_year": "築年",
    "built_month": "築月",
    "floors": "階数",
    "lift": "エレベーター",
    "station_line": "沿線",
    "station": "最寄駅",
    "walk_minutes": "徒歩（分）",
    "bus_minutes": "バス（分）",
}


def news_of_building(home: Home, parsed: ParsedHome) -> dict[str, str]:
    """What a row knows of the building that nobody has said before, in words by field."""
    return {
        field: _building_words(value)
        for field, value in property_values(parsed).items()
        if getattr(home.property, field) is None
    }


def _building_words(value: Any) -> str:
    if isinstance(value, bool):
        return "あり" if value else "なし"
    return BUILDING_KIND_LABELS[value] if isinstance(value, BuildingKind) else str(value)


def plain(value: Any) -> Any:
    """A column's value as JSON has it."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value


def on_record(home: Home, field: str) -> Any:
    """What a home has in a field, as plainly as a statement; None for what is not known."""
    if field == VACANCY:
        if home.state is HomeState.STOPPED:
            return Vacancy.NONE.value
        return (Vacancy.GONE if home.missing_since else Vacancy.LISTED).value
    if field in PEOPLE:
        who = getattr(home, field)
        return None if who is None else who.name
    if field.startswith(ACCEPTS):
        row = _acceptance(home, field)
        if row is None or row.answer is Acceptance.UNKNOWN:
            return None
        return {"answer": row.answer.value, "conditions": sorted(row.conditions)}
    value = plain(getattr(home, field))
    return None if value == "unknown" else value


def agree(field: str, one: Any, other: Any) -> bool:
    """Whether two values say the same; areas may be rounded differently from office to office."""
    if one == other:
        return True
    if field in PEOPLE:
        return one is not None and other is not None and name_key(one) == name_key(other)
    if field == "area" and one is not None and other is not None:
        return abs(Decimal(one) - Decimal(other)) < Decimal("0.1")
    return False


def put(home: Home, field: str, value: Any, *, as_typed: str = "", day: date | None = None) -> None:
    """Write a plain value into a home, with what follows from it. ``day`` is the sender's."""
    if field == VACANCY:
        _put_vacancy(home, Vacancy(value), day)
    elif field.startswith(ACCEPTS):
        _put_acceptance(home, field, value, as_typed)
    else:
        setattr(home, field, stored(field, value))
        if field == "layout":
            from_layout = rooms_of(str(value or ""))
            home.rooms = from_layout if from_layout is not None else home.rooms


def stored(field: str, value: Any) -> Any:
    """A plain value as the column keeps it."""
    if value is None:
        return None
    kind = _COLUMNS[field].type
    if isinstance(kind, CodeType):
        return kind.codes(value)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(kind, sa.Numeric) else value


def _put_vacancy(home: Home, value: Vacancy, day: date | None) -> None:
    if value is Vacancy.NONE:
        home.state, home.missing_since = HomeState.STOPPED, None
    elif value is Vacancy.GONE:
        home.missing_since = day
    else:
        home.state, home.missing_since = HomeState.VACANT, None
        if day is not None and (home.confirmed_on is None or home.confirmed_on < day):
            home.confirmed_on = day


def _acceptance(home: Home, field: str) -> HomeAcceptance | None:
    code = field.removeprefix(ACCEPTS)
    return next((row for row in home.acceptances if row.group_code.value == code), None)


def _put_acceptance(home: Home, field: str, value: Any, as_typed: str) -> None:
    row = _acceptance(home, field)
    if value is None:
        if row is not None:
            home.acceptances.remove(row)
        return
    if row is None:
        row = HomeAcceptance(group_code=Group(field.removeprefix(ACCEPTS)))
        home.acceptances.append(row)
    row.answer, row.conditions = Acceptance(value["answer"]), list(value["conditions"])
    row.as_typed = as_typed or None


def label_of(field: str) -> str:
    """A field in words."""
    return "空き" if field == VACANCY else FIELD_LABELS[field]


def words_of(field: str, value: Any) -> str:
    """A plain value in words; "" for one that is not known."""
    if value is None:
        return ""
    if field == VACANCY:
        return VACANCY_LABELS[Vacancy(value)]
    if field.startswith(ACCEPTS):
        told = [ACCEPTANCE_LABELS[Acceptance(value["answer"])]]
        told += [_condition(code) for code in value["conditions"]]
        return f"{told[0]}（{'・'.join(told[1:])}）" if len(told) > 1 else told[0]
    return str(value) if field in PEOPLE else in_words(field, stored(field, value))


def _condition(code: str) -> str:
    return "その他の条件" if code == OTHER_CONDITION else SUPPORT_LABELS[Support(code)]
