"""Vacant homes straight from the database into the columns the engine compares.

No object is made a home: the database turns codes into numbers, and whole columns are worked on.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session

from app.housing.codes import (
    BROADER_GROUPS,
    Acceptance,
    AvailableKind,
    ContactRule,
    CostCode,
    Group,
    GuarantorRule,
    HomeKind,
    HomeState,
    PetRule,
    Precision,
)
from app.housing.homes.asking import LANDLORDS_FROM
from app.housing.models import Home, HomeAcceptance, HomeChange, Property
from app.housing.proposals.household import SUPPORTS
from matching import home_columns, need
from matching.geo import earth_xyz
from matching.home_columns import HomeColumns, Int8s, Int64s

_UNSAID, _ACCEPTED = int(home_columns.Acceptance.UNKNOWN), int(home_columns.Acceptance.YES)
_ASK, _IF = int(home_columns.Acceptance.ASK), int(home_columns.Acceptance.IF)
AVAILABLE_NOW = 1
"""A day before all others: a home that is free now is free on whatever day is asked about."""

ERROR_METRES = {Precision.TOWN: 300, Precision.POSTAL: 1_000, Precision.MUNICIPALITY: 5_000}
_OPEN, _YES, _NO = int(need.Answer.UNKNOWN), int(need.Answer.YES), int(need.Answer.NO)
_Company, _Contact = home_columns.Company, home_columns.Contact
_STANCES = {
    Acceptance.YES: home_columns.Acceptance.YES,
    Acceptance.CONDITIONAL: home_columns.Acceptance.IF,
    Acceptance.NEGOTIABLE: home_columns.Acceptance.ASK,
    Acceptance.NO: home_columns.Acceptance.NO,
    Acceptance.UNKNOWN: home_columns.Acceptance.UNKNOWN,
}
_PETS = {
    PetRule.YES: home_columns.Acceptance.YES,
    PetRule.NEGOTIABLE: home_columns.Acceptance.ASK,
    PetRule.NO: home_columns.Acceptance.NO,
    PetRule.UNKNOWN: home_columns.Acceptance.UNKNOWN,
}
_PERSONS = {
    GuarantorRule.PERSON: _YES,
    GuarantorRule.COMPANY: _YES,
    GuarantorRule.COMPANY_REQUIRED: _NO,
    GuarantorRule.NONE: _NO,
    GuarantorRule.NEGOTIABLE: _OPEN,
    GuarantorRule.UNKNOWN: _OPEN,
}
_COMPANIES = {
    GuarantorRule.PERSON: _Company.NOT_USED,
    GuarantorRule.COMPANY: _Company.POSSIBLE,
    GuarantorRule.COMPANY_REQUIRED: _Company.REQUIRED,
    GuarantorRule.NONE: _Company.NOT_USED,
    GuarantorRule.NEGOTIABLE: _Company.UNKNOWN,
    GuarantorRule.UNKNOWN: _Company.UNKNOWN,
}
# Lists have no column for emergency contacts: a landlord who wants one says so as a condition. A
# home of which nothing was noted therefore sets no such rule; taken as a question, all homes of
# all lists would stay open for everybody who has nobody to name.
_CONTACT_RULES = {
    ContactRule.NONE: _Contact.NOT_NEEDED,
    ContactRule.CORPORATE: _Contact.CORPORATE_WILL_DO,
    ContactRule.PERSON: _Contact.PERSON_ONLY,
    ContactRule.UNKNOWN: _Contact.NOT_NEEDED,
}
KINDS = tuple(kind.value for kind in HomeKind)
GROUPS = ("pet", *(group.value for group in Group))
_GROUP_ROWS = {code: row for row, code in enumerate(GROUPS)}
_GROUPS = {group: _GROUP_ROWS[group.value] for group in Group}


class ordinal(sa.sql.functions.GenericFunction[int]):  # noqa: N801 - spelled as SQL spells it
    """The number of a day, as `date.toordinal` counts; 0 for no day."""

    type = sa.Integer()
    inherit_cache = True


@compiles(ordinal, "sqlite")
def _ordinal_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    day = compiler.process(element.clauses, **kw)
    return f"coalesce(CAST(julianday({day}) - 1721424.5 AS INTEGER), 0)"


@compiles(ordinal, "postgresql")
def _ordinal_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    day = compiler.process(element.clauses, **kw)
    return f"coalesce({day} - DATE '0001-01-01' + 1, 0)"


def _known(column: Any, otherwise: int = home_columns.NOT_KNOWN) -> Any:
    return sa.func.coalesce(column, otherwise)


def _fact(column: Any) -> Any:
    """A yes or no that may not be known, as `need.Answer`."""
    return sa.case((column.is_(None), _OPEN), (column, _YES), else_=_NO)


def _number(column: Any, numbers: Mapping[Any, int]) -> Any:
    """A code as the number the engine knows it by."""
    cases: list[Any] = [(column == code, int(number)) for code, number in numbers.items()]
    return sa.case(*cases, else_=0)


def _hundredths(column: Any) -> Any:
    return _known(sa.cast(sa.func.round(column * 100), sa.Integer))


_HOME: dict[str, Any] = {
    "ids": Home.id,
    "property_ids": Home.property_id,
    "ask_ids": _known(sa.func.coalesce(Home.agent_id, Home.landlord_id + LANDLORDS_FROM)),
    "rent": _known(Home.rent),
    "fee": sa.case((Home.fee_included, 0), else_=_known(Home.fee)),
    "deposit": _known(Home.deposit),
    "key_money": _known(Home.key_money),
    "agent_fee": _known(Home.agent_fee),
    "guarantee_fee": _known(Home.guarantee_fee),
    "insurance": _known(Home.insurance),
    "lock_change": _known(Home.lock_change),
    "cleaning": _known(Home.cleaning),
    "prepaid_months": _known(Home.prepaid_months, 1),
    "free_months": _known(Home.free_months, 0),
    "area_dm2": _hundredths(Home.area),
    "rooms": _known(Home.rooms),
    "max_people": _known(Home.most_people),
    "steps": _known(Home.steps),
    "floor": _known(Home.floor, home_columns.FLOOR_NOT_KNOWN),
    "wheelchair": _fact(Home.wheelchair),
    "guarantor": _number(Home.guarantor_rule, _PERSONS),
    "company": _number(Home.guarantor_rule, _COMPANIES),
    "contact": _number(Home.contact_rule, _CONTACT_RULES),
    "pet": _number(Home.pet_rule, _PETS),
    "kind": _number(Home.kind, {kind: row for row, kind in enumerate(HomeKind)}),
    "available_from": sa.case(
        (Home.available == AvailableKind.NOW, AVAILABLE_NOW),
        else_=sa.func.ordinal(Home.available_from),
    ),
    # What a newer list leaves out, nobody vouches for any more: it ranks as never confirmed.
    "confirmed_on": sa.case(
        (Home.missing_since.is_not(None), home_columns.DAY_NOT_KNOWN),
        else_=sa.func.ordinal(Home.confirmed_on),
    ),
}
_PROPERTY: dict[str, Any] = {
    "ids": Property.id,
    "lift": _fact(Property.lift),
    "walk_min": _known(Property.walk_minutes),
    "location_error_m": _number(Property.precision, ERROR_METRES),
    "latitude": _known(Property.latitude, 1000),  # beyond every place: turned into "not known"
    "longitude": _known(Property.longitude, 1000),
}
_PACKED = (
    HomeAcceptance.home_id * len(GROUPS) + _number(HomeAcceptance.group_code, _GROUPS)
) * len(home_columns.Acceptance) + _number(HomeAcceptance.answer, _STANCES)
_CONDITIONS = sa.cast(HomeAcceptance.conditions, sa.Text)
# Nearly all homes are wanted or very few: the index on states would be the long way to both.
_VACANT = sa.cast(Home.state, sa.String) + "" == HomeState.VACANT.value
_SINCE = ":since"
# Every line of `app.housing.initial_cost` but the prepaid rent, which is worked out from others.
_LINES = {
    CostCode.DEPOSIT: "deposit",
    CostCode.KEY_MONEY: "key_money",
    CostCode.AGENT_FEE: "agent_fee",
    CostCode.GUARANTEE: "guarantee_fee",
    CostCode.INSURANCE: "insurance",
    CostCode.LOCK_CHANGE: "lock_change",
    CostCode.CLEANING: "cleaning",
}
_Rows = dict[str, np.ndarray]


class UnknownNameError(LookupError):
    """A town or school district that is in none of the names given."""


@dataclass(frozen=True)
class Names:
    """The towns, with their prefectures, and school districts there are; sorted for everybody."""

    areas: tuple[tuple[str, str], ...]
    schools: tuple[str, ...]

    @property
    def towns(self) -> tuple[str, ...]:
        """Each town's name once, whatever prefecture it is in."""
        return tuple(sorted({town for _area, town in self.areas}))


_AREA = sa.func.coalesce(Property.prefecture, "")


def names_there(session: Session) -> Names:
    """Every name there is."""
    areas = session.execute(
        sa.select(_AREA, Property.municipality).distinct().where(Property.municipality.is_not(None))
    )
    schools = sa.select(Home.school_district).distinct().where(Home.school_district.is_not(None))
    return Names(
        tuple(sorted((area, str(town)) for area, town in areas)),
        tuple(sorted(str(one) for one in session.scalars(schools))),
    )


def load(
    session: Session, names: Names, covered: Collection[str], since: int | None = None
) -> HomeColumns:
    """The vacant homes, all or those with changes noted from `since` on, in order of id.

    `covered` are the codes of the lines of an initial cost that a benefit may pay.

    Raises UnknownNameError for a town or school district that is not among `names`.
    """
    fetch = _Fetch(session, since)
    homes = dict(zip(_HOME, fetch.table("homes", len(_HOME)), strict=True))
    places = _places(fetch, names)
    at = np.searchsorted(places["ids"], homes["property_ids"])
    accepts, accepts_if = _acceptances(fetch, homes["ids"])
    accepts[_GROUP_ROWS["pet"]] = homes["pet"]
    return HomeColumns(
        **_numbers(homes, ("ids", "ask_ids", "rent", "fee"), np.int64),
        initial_cost=_initial_cost(homes),
        initial_covered=_paid(homes, covered),
        **_numbers(homes, ("area_dm2", "available_from", "confirmed_on", "kind"), np.int32),
        **_numbers(homes, ("rooms", "max_people", "steps", "floor"), np.int16),
        **_numbers(homes, ("wheelchair", "guarantor", "company", "contact"), np.int8),
        walk_min=_numbers(places, ("walk_min",), np.int16)["walk_min"][at],
        lift=places["lift"][at].astype(np.int8),
        municipality=places["town"][at],
        school_district=_school_districts(fetch, names, homes["ids"]),
        xyz=places["xyz"][:, at],
        location_error_m=places["location_error_m"][at],
        accepts=accepts,
        accepts_if=accepts_if,
        groups=GROUPS,
        kinds=KINDS,
        municipalities=names.towns,
        school_districts=names.schools,
    )


def _numbers(rows: _Rows, names: Sequence[str], kind: type[np.signedinteger[Any]]) -> _Rows:
    """Some columns in the type they are compared in; what would not fit is as large as can be."""
    most = np.iinfo(kind).max
    return {name: np.minimum(rows[name], most).astype(kind) for name in names}


@cache
def _spelled(dialect: Dialect, name: str, *, part: bool) -> str:
    """One of the statements below as the driver takes it.

    Spelled out once: for a single home SQLAlchemy would think longer than the database.
    """
    wanted = [_VACANT]
    if part:
        noted = sa.select(HomeChange.home_id).where(
            HomeChange.revision >= sa.literal_column(_SINCE)
        )
        wanted.append(Home.id.in_(noted))
    asked: Any
    if name == "homes":
        asked = sa.select(*_HOME.values()).where(*wanted).order_by(Home.id)
    elif name == "places":
        asked = sa.select(*_PROPERTY.values(), _AREA, Property.municipality).order_by(Property.id)
        if part:
            asked = asked.where(Property.id.in_(sa.select(Home.property_id).where(*wanted)))
    elif name == "schools":
        district = Home.school_district
        asked = sa.select(Home.id, district).where(*wanted, district.is_not(None))
    else:
        asked = sa.select(_PACKED, sa.case((_CONDITIONS != "[]", _CONDITIONS))).where(
            HomeAcceptance.home_id.in_(sa.select(Home.id).where(*wanted))
        )
    return str(asked.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


class _Fetch:
    """Rows straight from the driver: SQLAlchemy's would cost as much again as reading does."""

    def __init__(self, session: Session, since: int | None) -> None:
        self._connection, self._since = session.connection(), since

    def _cursor(self, name: str) -> Any:
        part = self._since is not None
        text = _spelled(self._connection.dialect, name, part=part)
        if part:
            text = text.replace(_SINCE, str(int(self._since or 0)))
        cursor: Any = self._connection.connection.cursor()
        cursor.execute(text)
        return cursor

    def rows(self, name: str) -> list[Any]:
        """All rows as tuples."""
        cursor = self._cursor(name)
        found: list[Any] = cursor.fetchall()
        cursor.close()
        return found

    def table(self, name: str, width: int) -> np.ndarray:
        """Rows of numbers as a table of float64, shape (width, rows).

        Amounts are far below 2**53, so every whole number stays exact.
        """
        cursor = self._cursor(name)
        flat = np.fromiter(chain.from_iterable(cursor), np.float64)
        cursor.close()
        return flat.reshape(-1, width).T


def _places(fetch: _Fetch, names: Names) -> _Rows:
    """The buildings of the homes."""
    rows = fetch.rows("places")
    width = len(_PROPERTY)
    flat = np.fromiter(chain.from_iterable(row[:width] for row in rows), np.float64)
    places: _Rows = dict(zip(_PROPERTY, flat.reshape(-1, width).T, strict=True))
    towns = {town: number for number, town in enumerate(names.towns)}
    number = {area: towns[area[1]] for area in names.areas}
    keys = ((area, town) for *_, area, town in rows)
    places["town"] = _positions(number, (key if key[1] is not None else None for key in keys))
    nowhere = np.where(places["latitude"] > 90, np.nan, 0.0)
    places["xyz"] = earth_xyz(places["latitude"] + nowhere, places["longitude"] + nowhere)
    return places


def _positions(number: Mapping[Any, int], values: Iterable[Any]) -> home_columns.Int32s:
    """The numbers of names; nothing is not known."""
    known = {**number, None: home_columns.NOT_KNOWN}
    try:
        return np.array([known[value] for value in values], np.int32)
    except KeyError as error:
        raise UnknownNameError from error


def _school_districts(fetch: _Fetch, names: Names, ids: np.ndarray) -> home_columns.Int32s:
    """Most lists do not name them, so only those that are there are asked for."""
    found = np.full(len(ids), home_columns.NOT_KNOWN, np.int32)
    rows = fetch.rows("schools")
    number = {school: at for at, school in enumerate(names.schools)}
    found[np.searchsorted(ids, [row[0] for row in rows])] = _positions(
        number, (row[1] for row in rows)
    )
    return found


def _initial_cost(homes: _Rows) -> Int64s:
    """What is known to be paid before the keys, as `app.housing.initial_cost` adds it up.

    Not known while rent, deposit or key money is missing. Fees that a listing leaves out are
    usual but differ; they are shown as open on the estimate and never guessed into the sum.
    """
    due = _paid(homes, {code.value for code in CostCode})
    open_ = (homes["rent"] < 0) | (homes["deposit"] < 0) | (homes["key_money"] < 0)
    cost: Int64s = np.where(open_, home_columns.NOT_KNOWN, due)
    return cost


def _paid(homes: _Rows, codes: Collection[str]) -> Int64s:
    """The known lines of some kinds together; free months come off the rent, never off the fee."""
    total = np.zeros(len(homes["ids"]))
    for code, name in _LINES.items():
        if code.value in codes:
            total += np.maximum(homes[name], 0)
    if CostCode.PREPAID.value in codes:
        rent, months = homes["rent"], homes["prepaid_months"]
        prepaid = months * (rent + np.maximum(homes["fee"], 0))
        prepaid -= np.minimum(homes["free_months"] * rent, months * rent)
        total += np.where(rent < 0, 0, prepaid)
    paid: Int64s = total.astype(np.int64)
    return paid


def _acceptances(fetch: _Fetch, ids: np.ndarray) -> tuple[Int8s, Int8s]:
    """Stances and supports asked for, shape (groups, homes).

    Nearly all answers come without conditions, so those are one number each: home × group × stance.
    """
    answers = fetch.rows("answers")
    accepts = np.full((len(GROUPS), len(ids)), _UNSAID, np.int8)
    supports = np.zeros((len(GROUPS), len(ids)), np.int8)
    numbers = np.fromiter((number for number, _conditions in answers), np.int64, len(answers))
    rest, said = np.divmod(numbers, len(home_columns.Acceptance))
    home_ids, rows = np.divmod(rest, len(GROUPS))
    places = np.searchsorted(ids, home_ids)
    accepts[rows, places] = said
    read = _Conditions()
    for at, (_number, conditions) in enumerate(answers):
        if conditions is not None:
            own_words, supports[rows[at], places[at]] = read[conditions]
            if own_words:
                accepts[rows[at], places[at]] = _ASK
    accepts[(accepts == _IF) & (supports == 0)] = _ASK
    return _with_related(accepts, supports)


class _Conditions(dict[str, tuple[bool, int]]):
    """Conditions as stored: whether some are in the landlord's own words, and the supports."""

    def __missing__(self, text: str) -> tuple[bool, int]:
        wanted, codes = need.Support.NONE, json.loads(text)
        for code in codes:
            wanted |= SUPPORTS.get(code, need.Support.NONE)
        self[text] = not SUPPORTS.keys() >= set(codes), int(wanted)
        return self[text]


def _with_related(accepts: Int8s, supports: Int8s) -> tuple[Int8s, Int8s]:
    """Fill in what the broader group's answer, or all answers on its finer groups, say of a group.

    Yes to every finer group is yes to the broader one. Anything else about some of them leaves it
    open: which of them concerns the household is not known.
    """
    said, asked = accepts.copy(), supports.copy()
    for finer, broader in BROADER_GROUPS.items():
        one, whole = _GROUP_ROWS[finer.value], _GROUP_ROWS[broader.value]
        silent = said[one] == _UNSAID
        accepts[one][silent], supports[one][silent] = said[whole][silent], asked[whole][silent]
    for broader in set(BROADER_GROUPS.values()):
        whole = _GROUP_ROWS[broader.value]
        parts = [_GROUP_ROWS[one.value] for one, of in BROADER_GROUPS.items() if of is broader]
        outright = (said[parts] == _ACCEPTED) & (asked[parts] == 0)
        follows = (said[whole] == _UNSAID) & outright.all(axis=0)
        accepts[whole][follows], supports[whole][follows] = _ACCEPTED, 0
    supports[accepts != home_columns.Acceptance.IF] = 0
    return accepts, supports
