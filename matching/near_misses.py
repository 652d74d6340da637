"""Homes one change away: the smallest change that would do, who can grant it, and the proof.

A home is a near miss when exactly one condition fails – or several that one and the same support
would mend – and the change is within reach. Once it is granted nothing fails any more; questions
that were open stay open. One person fewer is not a change.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from matching.changes import Change, ChangeKind, Grantor, apply_change, smaller
from matching.conditions import (
    Condition,
    anchor_metres,
    floor_needed,
    monthly,
    out_of_pocket,
    rent_limits,
)
from matching.evaluation import Evaluation, evaluate, outside_zones
from matching.home_columns import Floats, HomeColumns, Int64s
from matching.need import Answer, Floor, HouseholdNeed, RentCeiling, Support


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The condition in the way, and the changes any one of which would do."""

    key: str
    subject: str
    options: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far a change may go and still be called one step away."""

    rent_yen: int = 10_000
    area_dm2: int = 500
    rooms: int = 1
    people: int = 1
    steps: int = 3
    days: int = 14
    funds_yen: int = 100_000
    distance_m: int = 3_000


DEFAULT_REACH = Reach()
_UNITS = {
    "rent": "rent_yen",
    "people": "people",
    "area": "area_dm2",
    "rooms": "rooms",
    "steps": "steps",
    "move_in": "days",
    "funds": "funds_yen",
    "distance": "distance_m",
}
_FIXED = ("wheelchair", "space")  # nobody can grant a wider door or fewer people
_SUPPORT_EFFORT, _USUAL_EFFORT, _LANDLORD_EFFORT = 0.25, 0.5, 1.0


def near_efforts(
    need: HouseholdNeed, homes: HomeColumns, evaluation: Evaluation, today: date, reach: Reach
) -> tuple[Floats, Int64s]:
    """Return for each home how much of what is within reach its one change takes.

    Returns
    -------
    efforts : ndarray
        In (0, 1]; ``inf`` for homes that fail by more than one change within reach, or not at all.
    amounts : ndarray of int64
        By how much the one condition fails, in the unit of its change; 1 where nothing is counted.
    """
    efforts, amounts = np.full(len(homes), np.inf), np.ones(len(homes), np.int64)
    for number, condition in enumerate(evaluation.conditions):
        rows = np.flatnonzero(evaluation.failing_only(number))
        if len(rows) and condition.key not in _FIXED:
            efforts[rows], amounts[rows] = _efforts(condition, need, homes.take(rows), today, reach)
    alone = np.bitwise_count(evaluation.missing) == 1
    efforts[evaluation.mended] = np.inf
    efforts[evaluation.mended & alone] = _SUPPORT_EFFORT
    return efforts, amounts


def _efforts(
    condition: Condition,
    need: HouseholdNeed,
    homes: HomeColumns,
    today: date,
    reach: Reach,
) -> tuple[Floats | float, Int64s | int]:
    if condition.key in _UNITS:
        short = _shortfall(condition, need, homes, today)
        share = short / getattr(reach, _UNITS[condition.key])
        return np.where(share <= 1, share, np.inf), short
    if condition.key == "floor":
        short = _shortfall(condition, need, homes, today)
        return short / len(Floor), short
    return (_LANDLORD_EFFORT if condition.key in ("accepts", "pet") else _USUAL_EFFORT), 1


def _shortfall(
    condition: Condition, need: HouseholdNeed, homes: HomeColumns, today: date
) -> Int64s:
    """Return by how much homes that fail this one condition fail it, in the unit of its change."""
    key = condition.key
    short: Int64s | Floats
    if key == "rent":
        short = monthly(need, homes) - rent_limits(need, homes)[1]
    elif key == "floor":
        at_best = replace(homes, lift=np.where(homes.lift == Answer.UNKNOWN, 1, homes.lift))
        short = floor_needed(at_best) - np.int64(need.floor)
    elif key == "move_in":
        short = homes.available_from - np.int64(max(need.move_in_by or today, today).toordinal())
    elif key == "funds":
        short = out_of_pocket(need, homes) - (need.funds or 0)
    elif key == "distance":
        number = [anchor.label for anchor in need.anchors].index(condition.subject)
        short = anchor_metres(need, homes, number) - (need.anchors[number].limit_m or 0)
    else:
        short = _short_of_size(key, need, homes)
    return short.astype(np.int64)


def _short_of_size(key: str, need: HouseholdNeed, homes: HomeColumns) -> Int64s:
    sizes: dict[str, tuple[float | None, Int64s]] = {
        "people": (need.people, homes.max_people.astype(np.int64)),
        "area": (round((need.min_area_m2 or 0) * 100), homes.area_dm2.astype(np.int64)),
        "rooms": (need.min_rooms, homes.rooms.astype(np.int64)),
        "steps": (need.max_steps, homes.steps.astype(np.int64)),
    }
    wanted, there = sizes[key]
    short: Int64s = np.abs(there - np.int64(wanted or 0))
    return short


def near_miss(
    need: HouseholdNeed, homes: HomeColumns, evaluation: Evaluation, row: int, amount: int
) -> NearMiss:
    """Name the changes, any one of which would do, for one home found by `near_efforts`.

    ``row`` is its position among the homes evaluated, ``amount`` what was found for it.
    """
    numbers = evaluation.failing(row)
    condition = evaluation.conditions[numbers[0]]
    options: list[Change] = []
    missing = Support(evaluation.missing.item(row))
    if missing:
        by_company = missing == Support.GUARANTOR_COMPANY
        by = Grantor.GUARANTOR_COMPANY if by_company else Grantor.DESK
        options.append(Change(ChangeKind.ARRANGE_SUPPORT, by, 1, str(missing.name).lower()))
    if len(numbers) == 1:
        options += _options(condition, need, _Row(homes, row), amount, missing)
    return NearMiss(condition.key, condition.subject, tuple(options))


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """One home among many."""

    homes: HomeColumns
    row: int


def _options(
    condition: Condition, need: HouseholdNeed, home: _Row, amount: int, missing: Support
) -> list[Change]:
    key, subject = condition.key, condition.subject
    if key == "rent":
        return _rent_options(need, home.homes.rent.item(home.row), amount)
    if key in ("guarantor", "contact"):
        return _person_options(key, need)
    if key in ("accepts", "pet") and not missing:
        return [Change(ChangeKind.ACCEPT_GROUP, Grantor.LANDLORD, 1, subject)]
    if key == "kind":
        name = home.homes.kinds[home.homes.kind[home.row]]
        return [Change(ChangeKind.ACCEPT_KIND, Grantor.HOUSEHOLD, 1, name)]
    if key == "municipality":
        name = home.homes.municipalities[home.homes.municipality[home.row]]
        return [Change(ChangeKind.ACCEPT_MUNICIPALITY, Grantor.HOUSEHOLD, 1, name)]
    if key not in _COUNTED:
        return []
    if key == "floor":
        subject = Floor(need.floor + amount).name.lower()
    return [Change(kind, by, amount, subject) for kind, by in _COUNTED[key]]


_COUNTED = {
    "people": ((ChangeKind.RAISE_PEOPLE, Grantor.LANDLORD),),
    "area": ((ChangeKind.SMALLER_AREA, Grantor.HOUSEHOLD),),
    "rooms": ((ChangeKind.FEWER_ROOMS, Grantor.HOUSEHOLD),),
    "floor": ((ChangeKind.WIDER_FLOOR, Grantor.HOUSEHOLD),),
    "steps": ((ChangeKind.MORE_STEPS, Grantor.HOUSEHOLD),),
    "move_in": (
        (ChangeKind.WAIT, Grantor.HOUSEHOLD),
        (ChangeKind.EARLIER, Grantor.LANDLORD),
    ),
    "funds": (
        (ChangeKind.RAISE_FUNDS, Grantor.DESK),
        (ChangeKind.LOWER_INITIAL, Grantor.LANDLORD),
    ),
    "distance": ((ChangeKind.FARTHER, Grantor.HOUSEHOLD),),
}


def _rent_options(need: HouseholdNeed, rent: int, amount: int) -> list[Change]:
    """Offer the landlord's way first for a ceiling, the household's first for a share agreed."""
    lower = Change(ChangeKind.LOWER_RENT, Grantor.LANDLORD, amount)
    ways = [lower] if amount <= rent else []
    if isinstance(need.rent_limit, RentCeiling):
        return [*ways, Change(ChangeKind.RAISE_RENT_LIMIT, Grantor.DESK, amount)]
    return [Change(ChangeKind.RAISE_RENT_LIMIT, Grantor.HOUSEHOLD, amount), *ways]


def _person_options(key: str, need: HouseholdNeed) -> list[Change]:
    if key == "guarantor":
        able = Support.GUARANTOR_COMPANY in need.supports
        landlord = Change(ChangeKind.TAKE_COMPANY, Grantor.LANDLORD)
        return [landlord] * able + [Change(ChangeKind.FIND_GUARANTOR, Grantor.HOUSEHOLD)]
    able = Support.CORPORATE_CONTACT in need.supports
    landlord = Change(ChangeKind.TAKE_CORPORATE, Grantor.LANDLORD)
    return [landlord] * able + [Change(ChangeKind.FIND_CONTACT, Grantor.HOUSEHOLD)]


def verify_near_miss(need: HouseholdNeed, home: HomeColumns, near: NearMiss, today: date) -> bool:
    """Prove a near miss by evaluating again.

    Parameters
    ----------
    need : HouseholdNeed
    home : HomeColumns
        The one home.
    near : NearMiss
    today : date

    Returns
    -------
    bool
        True if now something fails, with each option granted nothing does, and with anything
        smaller than the option something still does.

    Examples
    --------
    >>> from matching.home_columns import Home, columns
    >>> from matching.need import IncomeShare
    >>> need = HouseholdNeed(people=1, rent_limit=IncomeShare(41000))
    >>> home = columns([Home(home_id=1, rent=43000)])
    >>> def lower(yen):
    ...     change = Change(ChangeKind.LOWER_RENT, Grantor.LANDLORD, yen)
    ...     return NearMiss("rent", "", (change,))
    >>> [verify_near_miss(need, home, lower(yen), date(2026, 11, 21)) for yen in (1000, 2000, 3000)]
    [False, True, False]
    """
    if nothing_fails(need, home, today) or not near.options:
        return False
    for change in near.options:
        less = smaller(change)
        if not nothing_fails(*apply_change(change, need, home, today), today):
            return False
        if less and nothing_fails(*apply_change(less, need, home, today), today):
            return False
    return True


def nothing_fails(need: HouseholdNeed, homes: HomeColumns, today: date) -> bool:
    """Tell whether no condition fails, stay-away zones included, for any of the homes."""
    shown = outside_zones(need, homes).all()
    return bool(shown and not evaluate(need, homes, today).fails.any())
