"""Homes open to let, one array per fact, so that a condition looks at all of them at once.

Integers are used wherever a rule compares (yen, minutes, days, hundredths of a square metre), so
that "exactly at the limit" means exactly that.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import IntEnum
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.errors import HomeError
from matching.geo import earth_xyz
from matching.need import Answer, Place, Support

Int64s = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Int16s = npt.NDArray[np.int16]
Int8s = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

NOT_KNOWN = -1
FLOOR_NOT_KNOWN = 0
DAY_NOT_KNOWN = 0


class Acceptance(IntEnum):
    """A landlord's stance on one group: 不可, 可, 未確認, 応相談, 条件付きで可."""

    NO = 0
    YES = 1
    UNKNOWN = 2
    ASK = 3
    IF = 4


class Company(IntEnum):
    """A home's rule on guarantor companies: not used, possible instead of a person, required."""

    NOT_USED = 0
    POSSIBLE = 1
    UNKNOWN = 2
    REQUIRED = 3


class Contact(IntEnum):
    """A home's rule on the emergency contact: none, a corporation will do, a person only."""

    NOT_NEEDED = 0
    CORPORATE_WILL_DO = 1
    UNKNOWN = 2
    PERSON_ONLY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One vacancy with its home's facts; ``None`` is "not known".

    Attributes
    ----------
    home_id, ask_id : int
        ``ask_id`` is whoever answers questions about it (agent or landlord).
    rent, fee, initial_cost, initial_covered : int or None
        Yen. ``initial_covered`` is the part of the initial cost of a kind a benefit may pay.
    floor : int or None
        1 is the ground floor, basements are negative.
    location_error_m : float
        How far the true place may be from ``place`` (a town's centroid: 100-300 m).
    accepts : tuple of (group code, Acceptance, Support)
        The supports are those asked for when the acceptance is ``IF``. "pet" is one of the codes.
    """

    home_id: int
    ask_id: int | None = None
    rent: int | None = None
    fee: int | None = None
    initial_cost: int | None = None
    initial_covered: int = 0
    area_m2: float | None = None
    rooms: int | None = None
    max_people: int | None = None
    floor: int | None = None
    lift: Answer = Answer.UNKNOWN
    steps: int | None = None
    wheelchair: Answer = Answer.UNKNOWN
    guarantor: Answer = Answer.UNKNOWN
    company: Company = Company.UNKNOWN
    contact: Contact = Contact.UNKNOWN
    available_from: date | None = None
    confirmed_on: date | None = None
    walk_min: int | None = None
    kind: str | None = None
    municipality: str | None = None
    school_district: str | None = None
    place: Place | None = None
    location_error_m: float = 0.0
    accepts: tuple[tuple[str, Acceptance, Support], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HomeColumns:
    """Homes as arrays of length n, in the order that breaks ties; every id appears once.

    Attributes
    ----------
    ids, ask_ids : int64
        ``ask_ids`` is ``NOT_KNOWN`` when nobody is named.
    rent, fee, initial_cost, initial_covered : int64, yen, ``NOT_KNOWN`` where not known
    area_dm2 : int32, hundredths of a square metre
    rooms, max_people, steps, walk_min : int16
    floor : int16, ``FLOOR_NOT_KNOWN`` where not known
    lift, wheelchair, guarantor : int8 of Answer
    company, contact : int8 of Company, Contact
    available_from, confirmed_on : int32, ``date.toordinal()``, ``DAY_NOT_KNOWN`` where not known
    kind, municipality, school_district : int32, positions in the tuples of names
    xyz : float64 of shape (3, n), ``nan`` where the place is not known
    location_error_m : float64
    accepts, accepts_if : int8 of Acceptance and of Support, shape (groups, n), rows as ``groups``
    """

    ids: Int64s
    ask_ids: Int64s
    rent: Int64s
    fee: Int64s
    initial_cost: Int64s
    initial_covered: Int64s
    area_dm2: Int32s
    rooms: Int16s
    max_people: Int16s
    steps: Int16s
    walk_min: Int16s
    floor: Int16s
    lift: Int8s
    wheelchair: Int8s
    guarantor: Int8s
    company: Int8s
    contact: Int8s
    available_from: Int32s
    confirmed_on: Int32s
    kind: Int32s
    municipality: Int32s
    school_district: Int32s
    xyz: Floats
    location_error_m: Floats
    accepts: Int8s
    accepts_if: Int8s
    groups: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    school_districts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse columns of different lengths."""
        for name in array_names():
            column = getattr(self, name)
            rows = {"xyz": (3,), "accepts": (len(self.groups),), "accepts_if": (len(self.groups),)}
            if column.shape != (*rows.get(name, ()), len(self.ids)):
                raise HomeError(f"住戸の列 {name} の長さがそろっていません。")

    def __len__(self) -> int:
        """Count the homes."""
        return len(self.ids)

    def take(
        self, rows: npt.NDArray[np.integer] | Bools, only: Collection[str] | None = None
    ) -> "HomeColumns":
        """Return the homes at the given positions (or where a mask is true), in that order.

        With ``only``, whoever asks looks at these columns and no others: the rest are not copied,
        and say nothing about these homes.
        """
        where = np.flatnonzero(rows) if rows.dtype == bool else rows
        return HomeColumns(
            **{
                name: getattr(self, name).take(where, axis=-1)
                if only is None or name in only
                else getattr(self, name)[..., : len(where)]
                for name in array_names()
            },
            **{name: getattr(self, name) for name in NAMES},
        )

    def of_groups(self, groups: Collection[str]) -> "HomeColumns":
        """Return the same homes with the stances on some groups only."""
        rows = [row for row, group in enumerate(self.groups) if group in groups]
        kept = tuple(self.groups[row] for row in rows)
        return replace(
            self, accepts=self.accepts[rows], accepts_if=self.accepts_if[rows], groups=kept
        )

    def joined(self, other: "HomeColumns") -> "HomeColumns":
        """Return these homes and others together, in order of id.

        Raises
        ------
        HomeError
            For columns that point to other names, or a home that is in both.
        """
        if any(getattr(self, name) != getattr(other, name) for name in NAMES):
            raise HomeError("住戸の列の名前の一覧がそろっていません。")
        ids = np.concatenate((self.ids, other.ids))
        order = np.argsort(ids, kind="stable")
        if len(np.unique(ids)) != len(ids):
            raise HomeError("同じ住戸が2回入っています。")
        pairs = ((name, getattr(self, name), getattr(other, name)) for name in array_names())
        arrays: dict[str, Any] = {
            name: np.concatenate((mine, theirs), axis=-1).take(order, axis=-1)
            for name, mine, theirs in pairs
        }
        return replace(self, **arrays)

    def acceptance(self, group: str) -> tuple[Int8s, Int8s]:
        """Return stance and supports asked for on one group; never recorded is not known."""
        if group in self.groups:
            row = self.groups.index(group)
            return self.accepts[row], self.accepts_if[row]
        return np.full(len(self), Acceptance.UNKNOWN, np.int8), np.zeros(len(self), np.int8)


NAMES = ("groups", "kinds", "municipalities", "school_districts")


@cache
def array_names() -> tuple[str, ...]:
    """List the fields that hold one entry a home; the others are ``NAMES``."""
    return tuple(column.name for column in fields(HomeColumns) if column.name not in NAMES)


def columns(homes: Sequence[Home]) -> HomeColumns:
    """Turn homes into columns.

    Parameters
    ----------
    homes : sequence of Home

    Returns
    -------
    HomeColumns
        In the same order; its arrays cannot be written to.

    Raises
    ------
    HomeError
        For a home that appears twice, or with negative amounts, sizes or minutes.

    Examples
    --------
    >>> some = columns([Home(home_id=7, rent=39000, area_m2=22.4), Home(home_id=9)])
    >>> some.rent.tolist(), some.area_dm2.tolist(), len(some)
    ([39000, -1], [2240, -1], 2)
    """
    for home in homes:
        _check(home)
    if len({home.home_id for home in homes}) != len(homes):
        raise HomeError("同じ住戸が2回入っています。")
    groups = tuple(dict.fromkeys(code for home in homes for code, _, _ in home.accepts))
    kinds, kind = _named([home.kind for home in homes])
    towns, town = _named([home.municipality for home in homes])
    schools, school = _named([home.school_district for home in homes])
    accepts, accepts_if = _acceptances(homes, groups)
    made = {
        "ids": np.array([home.home_id for home in homes], np.int64),
        "ask_ids": _whole([home.ask_id for home in homes], np.int64),
        "area_dm2": _whole(
            [None if home.area_m2 is None else round(home.area_m2 * 100) for home in homes],
            np.int32,
        ),
        "kind": kind,
        "municipality": town,
        "school_district": school,
        "floor": np.array([home.floor or FLOOR_NOT_KNOWN for home in homes], np.int16),
        "xyz": _places(homes),
        "location_error_m": np.array([home.location_error_m for home in homes], float),
        "accepts": accepts,
        "accepts_if": accepts_if,
    }
    for name in ("rent", "fee", "initial_cost", "initial_covered"):
        made[name] = _whole([getattr(home, name) for home in homes], np.int64)
    for name in ("rooms", "max_people", "steps", "walk_min"):
        made[name] = _whole([getattr(home, name) for home in homes], np.int16)
    for name in ("lift", "wheelchair", "guarantor", "company", "contact"):
        made[name] = np.array([getattr(home, name) for home in homes], np.int8)
    for name in ("available_from", "confirmed_on"):
        made[name] = np.array([_day(getattr(home, name)) for home in homes], np.int32)
    for column in made.values():
        column.flags.writeable = False
    return HomeColumns(
        **made, groups=groups, kinds=kinds, municipalities=towns, school_districts=schools
    )


_LARGE = ("rent", "fee", "initial_cost", "initial_covered", "location_error_m")
_SMALL = ("area_m2", "rooms", "max_people", "steps", "walk_min")


def _check(home: Home) -> None:
    large = [getattr(home, name) or 0 for name in _LARGE]
    small = [getattr(home, name) or 0 for name in _SMALL] + [abs(home.floor or 0)]
    if not all(0 <= value <= 10**9 for value in large) or not all(
        0 <= value <= 30_000 for value in small
    ):
        raise HomeError(f"住戸 {home.home_id} に負の数か大きすぎる数が入っています。")
    place = home.place
    if place is not None and not (abs(place.lat) <= 90 and abs(place.lon) <= 180):
        raise HomeError(f"住戸 {home.home_id} の緯度・経度が正しくありません。")
    if home.initial_cost is not None and home.initial_covered > home.initial_cost:
        raise HomeError(f"住戸 {home.home_id} の給付の対象が初期費用より大きくなっています。")


def _whole(values: Sequence[int | None], kind: type[np.signedinteger]) -> npt.NDArray[np.integer]:
    return np.array([NOT_KNOWN if value is None else value for value in values], kind)


def _day(value: date | None) -> int:
    return DAY_NOT_KNOWN if value is None else value.toordinal()


def _named(values: Sequence[str | None]) -> tuple[tuple[str, ...], Int32s]:
    names = tuple(dict.fromkeys(value for value in values if value is not None))
    place: dict[str | None, int] = {name: number for number, name in enumerate(names)}
    return names, np.array([place.get(value, NOT_KNOWN) for value in values], np.int32)


def _places(homes: Sequence[Home]) -> Floats:
    nowhere = Place(np.nan, np.nan)
    places = [home.place or nowhere for home in homes]
    return earth_xyz([place.lat for place in places], [place.lon for place in places])


def _acceptances(homes: Sequence[Home], groups: tuple[str, ...]) -> tuple[Int8s, Int8s]:
    accepts = np.full((len(groups), len(homes)), Acceptance.UNKNOWN, np.int8)
    accepts_if = np.zeros((len(groups), len(homes)), np.int8)
    row = {code: number for number, code in enumerate(groups)}
    for column, home in enumerate(homes):
        for code, stance, supports in home.accepts:
            accepts[row[code], column] = stance
            accepts_if[row[code], column] = supports if stance == Acceptance.IF else 0
    return accepts, accepts_if
