"""Vacant homes straight from the database into the columns the engine compares.

No object is made a home: the database turns codes into numbers, and whole columns are worked on.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import sqlalchemy as sa
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
from app.housing.models import Home, HomeAcceptance, Property
from app.housing.proposals.household import SUPPORTS
from matching import home_columns, need
from matching.geo import earth_xyz
from matching.home_columns import HomeColumns, Int8s, Int64s

_NEW_NAME = -2
_UNSAID, _ACCEPTED = int(home_columns.Acceptance.UNKNOWN), int(home_columns.Acceptance.YES)
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


_HOME = {
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
_PROPERTY = {
    "ids": Property.id,
    "lift": _fact(Property.lift),
    "walk_min": _known(Property.walk_minutes),
    "location_error_m": _number(Property.precision, ERROR_METRES),
    "latitude": _known(Property.latitude, 1000),  # beyond every place: turned into "not known"
    "longitude": _known(Property.longitude, 1000),
}
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
    session: Session,
    names: Names,
    covered: Collection[str],
    only: Sequence[int] | None = None,
) -> HomeColumns:
    """The vacant homes, all or those of some ids, in order of id: three statements.

    `covered` are the codes of the lines of an initial cost that a benefit may pay.

    Raises UnknownNameError for a town or school district that is not among `names`.
    """
    wanted = [Home.state == HomeState.VACANT]
    if only is not None:
        wanted.append(Home.id.in_(only))
    district = _named(Home.school_district, names.schools)
    homes = _fetched(session, {**_HOME, "district": district}, wanted)
    places = _places(session, names, wanted, whole=only is None)
    at = np.searchsorted(places["ids"], homes["property_ids"])
    accepts, accepts_if = _acceptances(session, wanted, homes["ids"])
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
        school_district=_checked(homes["district"]),
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
    limits = np.iinfo(kind)
    return {name: np.clip(rows[name], limits.min, limits.max).astype(kind) for name in names}


def _named(column: Any, names: Sequence[str]) -> Any:
    """A name as its position among the names."""
    cases = [(column == name, row) for row, name in enumerate(names)]
    return sa.case((column.is_(None), home_columns.NOT_KNOWN), *cases, else_=_NEW_NAME)


def _checked(numbers: np.ndarray) -> home_columns.Int32s:
    if (numbers == _NEW_NAME).any():
        raise UnknownNameError
    found: home_columns.Int32s = numbers.astype(np.int32)
    return found


def _fetched(session: Session, asked: Mapping[str, Any], wanted: Sequence[Any]) -> _Rows:
    """Homes as columns of numbers."""
    found = sa.select(*asked.values()).where(*wanted).order_by(Home.id)
    return dict(zip(asked, _table(session, found, len(asked)), strict=True))


def _table(session: Session, asked: sa.Select[Any], width: int) -> np.ndarray:
    """Rows of numbers as a table of float64, shape (width, rows), straight from the driver.

    SQLAlchemy's own rows would cost as much again as reading the database does. Amounts are far
    below 2**53, so every whole number stays exact.
    """
    cursor: Any = session.connection().execute(asked).cursor
    flat = np.fromiter(chain.from_iterable(cursor), np.float64)
    cursor.close()
    return flat.reshape(-1, width).T


def _places(session: Session, names: Names, wanted: Sequence[Any], *, whole: bool) -> _Rows:
    """The buildings of the homes: all there are, or those of a few homes."""
    keys = [f"{area}|{town}" for area, town in names.areas]
    asked = {**_PROPERTY, "area": _named(_AREA + "|" + Property.municipality, keys)}
    found = sa.select(*asked.values()).order_by(Property.id)
    if not whole:
        found = found.where(Property.id.in_(sa.select(Home.property_id).where(*wanted)))
    places = dict(zip(asked, _table(session, found, len(asked)), strict=True))
    towns = names.towns
    town_of = [towns.index(town) for _area, town in names.areas]
    numbers = np.array([*town_of, home_columns.NOT_KNOWN], np.int32)  # -1 takes the last
    places["town"] = numbers[_checked(places["area"])]
    nowhere = np.where(places["latitude"] > 90, np.nan, 0.0)
    places["xyz"] = earth_xyz(places["latitude"] + nowhere, places["longitude"] + nowhere)
    return places


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


class _Stances(dict[tuple[str, str], tuple[int, int]]):
    """Each answer with its conditions as the engine knows it; the same few come again and again."""

    def __missing__(self, said: tuple[str, str]) -> tuple[int, int]:
        answer, conditions = said
        stance, wanted = _STANCES[Acceptance(answer)], need.Support.NONE
        for code in json.loads(conditions):
            wanted |= SUPPORTS.get(code, need.Support.NONE)
            if code not in SUPPORTS:  # in the landlord's own words: it has to be asked
                stance = home_columns.Acceptance.ASK
        if stance is home_columns.Acceptance.IF and not wanted:
            stance = home_columns.Acceptance.ASK
        self[said] = int(stance), int(wanted)
        return self[said]


def _acceptances(session: Session, wanted: Sequence[Any], ids: np.ndarray) -> tuple[Int8s, Int8s]:
    """Stances and supports asked for, shape (groups, homes)."""
    asked = sa.select(
        HomeAcceptance.home_id,
        sa.cast(HomeAcceptance.group_code, sa.String),
        sa.cast(HomeAcceptance.answer, sa.String),
        sa.cast(HomeAcceptance.conditions, sa.Text),
    ).where(HomeAcceptance.home_id.in_(sa.select(Home.id).where(*wanted)))
    cursor: Any = session.connection().execute(asked).cursor
    rows = cursor.fetchall()
    cursor.close()
    accepts = np.full((len(GROUPS), len(ids)), _OPEN, np.int8)
    supports = np.zeros((len(GROUPS), len(ids)), np.int8)
    if rows:
        home_ids, groups, answers, conditions = zip(*rows, strict=True)
        column = np.searchsorted(ids, np.array(home_ids, np.int64))
        row = np.fromiter(map(_GROUP_ROWS.__getitem__, groups), np.intp, len(rows))
        stances = _Stances()
        said = np.array([stances[one] for one in zip(answers, conditions, strict=True)], np.int8)
        accepts[row, column], supports[row, column] = said[:, 0], said[:, 1]
    return _with_related(accepts, supports)


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
