"""Many households and many lots as columns, and on how many days each may eat each.

The rules are those of `food_safety`, said over whole columns at once; a property holds the two
against each other. Everything a round plans is looked up here, so what is unsafe has no way in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.errors import FoodError
from matching.food_safety import (
    HONEY,
    MILK_ONLY_BEFORE_MONTH,
    NEVER_WITH_CHEWING,
    reacts_to,
)
from matching.lots import MOST_DAYS, DateKind, Equipment, FoodGroup, FoodHousehold, Lot, Storage
from matching.parcel_model import SHARES, Demand, demands, expiry

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

EXTRA_GROUPS = frozenset(FoodGroup) - SHARES.keys() - {FoodGroup.INFANT}


@dataclass(frozen=True, eq=False)
class Shelf:
    """Lots in one order whatever order they came in: first to expire first, then by number."""

    lots: tuple[Lot, ...]
    quantity: Ints
    weight_g: Ints
    last_day: Ints  # as ordinals; what needs no date lasts for ever

    @classmethod
    def of(cls, lots: Iterable[Lot]) -> "Shelf":
        """Sort lots into columns; raises FoodError for one that appears twice."""
        ordered = tuple(sorted(lots, key=lambda lot: (expiry(lot), lot.item_id, lot.lot_id)))
        if len({lot.lot_id for lot in ordered}) != len(ordered):
            raise FoodError("同じロットが2回入っています。")
        return cls(
            ordered,
            np.array([lot.quantity for lot in ordered], np.int64),
            np.array([lot.weight_g for lot in ordered], np.int64),
            np.array([expiry(lot).toordinal() for lot in ordered], np.int64),
        )


@dataclass(frozen=True, eq=False)
class Cells:
    """What every food group of every household wants: the rows the stock is shared among.

    Attributes
    ----------
    household : array of int
        Position of the household a cell belongs to.
    group : array of int
        Position in `FoodGroup`; infants are fed one by one.
    infant : array of int
        Position among the household's infants, −1 for food everybody else eats.
    a_day : array of float
        kcal (drinks: grams) a day.
    days : array of int
        Days wanted.
    most, once : array of int
        Units of one item eaten in these days, and where nobody has it twice a day.
    """

    household: Ints
    group: Ints
    infant: Ints
    a_day: Floats
    days: Ints
    most: Ints
    once: Ints

    @classmethod
    def of(cls, households: Sequence[FoodHousehold]) -> tuple["Cells", list[tuple[Demand, ...]]]:
        """Lay every household's demands into rows; also returned as they are, by household."""
        groups = list(FoodGroup)
        needs = [demands(home) for home in households]
        rows = [
            (
                place,
                groups.index(need.group),
                -1 if need.infant is None else need.infant,
                need.a_day,
                home.days,
                need.most,
                need.once,
            )
            for place, (home, found) in enumerate(zip(households, needs, strict=True))
            for need in found
        ]
        columns = list(zip(*rows, strict=True)) or [()] * 7
        household, group, infant, _, *counts = (np.array(one, np.int64) for one in columns)
        return cls(household, group, infant, np.array(columns[3], float), *counts), needs


def usable_table(households: Sequence[FoodHousehold], shelf: Shelf) -> npt.NDArray[np.int16]:
    """Return on how many of its days each household may eat each lot: 0 is not at all.

    Parameters
    ----------
    households : sequence of FoodHousehold
    shelf : Shelf

    Returns
    -------
    array of int, households × lots
        What `food_safety.usable_days` says of each pair, in the shelf's order.

    Examples
    --------
    >>> from datetime import date
    >>> from matching.eaters import Eater
    >>> day = date(2026, 11, 21)
    >>> home = FoodHousehold(eaters=(Eater(),), eat_from=day, days=5)
    >>> tofu = Lot(lot_id=1, item_id=1, name="豆腐", group=FoodGroup.PROTEIN, kcal=200,
    ...            weight_g=300, quantity=5, date_kind=DateKind.USE_BY, last_day=day,
    ...            storage=Storage.CHILLED)
    >>> usable_table([home], Shelf.of([tofu]))
    array([[1]], dtype=int16)
    """
    lots = shelf.lots
    safe = _always(lots)[None, :] & ~(
        _allergens(households, lots)
        | _infants(households, lots)
        | _chewing(households, lots)
        | _ingredients(households, lots)
    )
    safe &= _cooking(households, lots)
    first = np.array([home.eat_from.toordinal() for home in households], np.int64)
    wanted = np.array([home.days for home in households], np.int64)
    left = np.clip(shelf.last_day[None, :] - first[:, None] + 1, 0, wanted[:, None])
    left[:, [lot.last_day is None for lot in lots]] = wanted[:, None]
    left = np.minimum(left, _kept(households, lots))
    return np.where(safe, left, 0).astype(np.int16)


def _flags(values: Iterable[bool]) -> Bools:
    return np.array(list(values), bool)


def _table(rows: Sequence[Iterable[str]], codes: dict[str, int]) -> npt.NDArray[np.float32]:
    """One row of noughts and ones each, a column a code; what has no column is nobody's concern."""
    found = np.zeros((len(rows), max(len(codes), 1)), np.float32)
    for place, row in enumerate(rows):
        for code in row:
            if code in codes:
                found[place, codes[code]] = 1
    return found


def _meets(one: Sequence[Iterable[str]], other: Sequence[Iterable[str]]) -> Bools:
    """Whether two rows share a code, for all pairs at once: a product of noughts and ones."""
    codes: dict[str, int] = {}
    for row in one:
        for code in row:
            codes.setdefault(code, len(codes))
    return np.asarray(_table(one, codes) @ _table(other, codes).T > 0)


def _always(lots: Sequence[Lot]) -> Bools:
    """What is on the shelf, not held or recalled, and has a date where the law wants one."""
    return _flags(
        not (lot.held or lot.recalled)
        and lot.quantity > 0
        and (lot.last_day is not None or lot.date_kind == DateKind.NOT_REQUIRED)
        for lot in lots
    )


def _allergens(households: Sequence[FoodHousehold], lots: Sequence[Lot]) -> Bools:
    avoid = [reacts_to(home.allergies) for home in households]
    unknown = _flags(map(bool, avoid))[:, None] & _flags(not lot.allergens_known for lot in lots)
    named = _flags(home.allergies is not None for home in households)
    return np.asarray(
        _meets(avoid, [lot.contains | lot.may_contain for lot in lots])
        | unknown
        | (named[:, None] & _meets(avoid, [lot.silent_on for lot in lots]))
    )


def _cooking(households: Sequence[FoodHousehold], lots: Sequence[Lot]) -> Bools:
    """Whether one of the sets of equipment a lot takes is wholly there."""
    codes = {thing.value: number for number, thing in enumerate(Equipment)}
    missing = 1 - _table([home.cooks_with for home in households], codes)
    possible = np.zeros((len(households), len(lots)), bool)
    possible[:, [not lot.requires for lot in lots]] = True
    ways: dict[frozenset[Equipment], list[int]] = {}
    for place, lot in enumerate(lots):
        for needed in lot.requires:
            ways.setdefault(needed, []).append(place)
    for needed, places in ways.items():
        able = missing @ _table([needed], codes)[0] == 0
        possible[:, places] |= able[:, None]
    return possible


def _infants(households: Sequence[FoodHousehold], lots: Sequence[Lot]) -> Bools:
    infants = _flags(bool(home.infants) for home in households)[:, None]
    food = _flags(
        lot.infant_months is not None or lot.group == FoodGroup.INFANT or lot.formula
        for lot in lots
    )
    formula = _flags(lot.formula for lot in lots)
    item = np.array([lot.item_id for lot in lots], np.int64)
    in_use = np.array([home.formula_item is not None for home in households], bool)[:, None]
    other = item[None, :] != np.array([home.formula_item or 0 for home in households])[:, None]
    special = _flags(lot.special_formula for lot in lots)
    honey = _flags(HONEY in lot.ingredients | lot.doubtful for lot in lots)
    unknown = food & _flags(not (lot.formula or lot.ingredients_known) for lot in lots)
    return np.asarray(
        (food & ~_eaten_by_infants(households, lots))
        | (special & (~in_use | other))
        | (formula & in_use & other)
        | (infants & (honey | unknown))
    )


def _eaten_by_infants(households: Sequence[FoodHousehold], lots: Sequence[Lot]) -> Bools:
    """Whether any infant of a household is of the age a lot is made for."""
    found = np.zeros((len(households), len(lots)), bool)
    there = [home.infants for home in households]
    for months in {infant.age_months for infants in there for infant in infants}:
        some = _flags(any(one.age_months == months for one in infants) for infants in there)
        found[some] |= of_month(months or 0, lots)
    return found


def of_month(months: int, lots: Sequence[Lot]) -> Bools:
    """Whether each lot is infant food for a child of so many months; `food_safety.eats`."""
    return _flags(
        lot.infant_months is not None
        and (lot.infant_months[0] if lot.formula else max(lot.infant_months[0], _FIRST))
        <= months
        <= lot.infant_months[1]
        for lot in lots
    )


_FIRST = MILK_ONLY_BEFORE_MONTH


def _chewing(households: Sequence[FoodHousehold], lots: Sequence[Lot]) -> Bools:
    level = np.array([home.chewing for home in households], np.int64)[:, None]
    soft = np.array([-1 if lot.chewing is None else lot.chewing for lot in lots], np.int64)
    never = _flags(bool(NEVER_WITH_CHEWING & (lot.ingredients | lot.doubtful)) for lot in lots)
    hard = (level > 0) & ((soft < level) | never)
    return np.asarray(hard & ~_eaten_by_infants(households, lots))


def _ingredients(households: Sequence[FoodHousehold], lots: Sequence[Lot]) -> Bools:
    forbidden = [home.forbidden for home in households]
    unknown = _flags(map(bool, forbidden))[:, None] & _flags(
        not lot.ingredients_known for lot in lots
    )
    return np.asarray(_meets(forbidden, [lot.ingredients | lot.doubtful for lot in lots]) | unknown)


def _kept(households: Sequence[FoodHousehold], lots: Sequence[Lot]) -> Ints:
    """For how many days a lot keeps where a household lives: what needs cold, on the first only."""
    kept = np.full((len(households), len(lots)), MOST_DAYS, np.int64)
    at_once = np.array(
        [home.eat_from == (home.pick_up or home.eat_from) for home in households], np.int64
    )
    for storage, thing in (
        (Storage.CHILLED, Equipment.FRIDGE),
        (Storage.FROZEN, Equipment.FREEZER),
    ):
        without = _flags(thing not in home.cooks_with for home in households)
        cold = _flags(lot.storage == storage for lot in lots)
        kept[np.ix_(without, cold)] = at_once[without][:, None]
    return kept
