"""A whole day's parcels at once: nobody left behind, whoever is served first.

The worst-off household's worst food group comes first, then the next worst; among about equals
food that expires soon, something new, nothing twice a day, fewest units too much. Hard safety is
looked up in one table, so that nothing unsafe is ever a candidate; no more of one thing is given
than is eaten (`same_food`). `round_market` says how scarce each lot is, which keeps
the little some can eat for them; `round_filling` hands out whole units; `round_mending` raises the
worst-off at the expense of others; units of one food are then shared out first to expire first, the
first to be picked up first.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from matching.lots import FoodGroup, FoodHousehold, Lot
from matching.parcel_model import EXTRAS, SOON_DAYS, Demand
from matching.parcel_words import LineSentences, line_sentence
from matching.parcels import (
    GroupDays,
    Held,
    Line,
    Parcel,
    Swap,
    days_notes,
    held_notes,
    items_beside,
    more_of,
)
from matching.round_columns import (
    EXTRA_GROUPS,
    Bools,
    Cells,
    Floats,
    Ints,
    Shelf,
    of_month,
    usable_table,
)
from matching.round_exact import raise_worst
from matching.round_filling import CLOSE, Filling, Limits
from matching.round_market import Stall, most_days, settle
from matching.round_mending import mend
from matching.round_splitting import split_by_expiry
from matching.same_food import ANY_NUMBER, units_of_one

TRIES = 1200  # units more for the worst-off, one at a time
ANY_WEIGHT_G = 10**12
_SOON, _CHEAPEST = 0.3, 1e-3


@dataclass(frozen=True, eq=False)
class Round:
    """What everybody is proposed, and what stays on the shelf.

    Attributes
    ----------
    parcels : tuple of Parcel
        In the order of the households; ``refused`` is empty, ``proven`` means that no plan leaves
        anybody with more in the worst group.
    most : float
        Days no plan could exceed for the household worst off: a certificate from the prices.
    settled : bool
        Whether the worst household's days are proved to be the most whole units allow: then more
        stock never lowers them.
    """

    parcels: tuple[Parcel, ...]
    most: float
    settled: bool
    _filling: Filling
    _shelf: Shelf
    _households: tuple[FoodHousehold, ...]

    @property
    def worst(self) -> float:
        """Return the days of the household worst off, in its worst group."""
        return min((parcel.worst for parcel in self.parcels), default=0.0)

    @property
    def left(self) -> dict[int, int]:
        """Return the units that stay, by lot."""
        pairs = zip(self._shelf.lots, self._filling.left, strict=True)
        return {lot.lot_id: units for lot, units in pairs}

    def swaps(self, household: int, line: Line) -> tuple[Swap, ...]:
        """Offer what could be in a line's place: safe equivalents nobody else is proposed.

        The same rules as `parcels.swaps`, over what the whole round leaves.
        """
        home, parcel = self._households[household], self.parcels[household]
        places = {lot.lot_id: place for place, lot in enumerate(self._shelf.lots)}
        own, found = places[line.lot_id], []
        usable = self._filling.limits.usable[household]
        most, eaten = self._most(household, line, own), items_beside(parcel, line)
        for place in np.flatnonzero((usable >= usable[own]) & (usable > 0)):
            lot = self._shelf.lots[place]
            count = self._instead(household, line, own, int(place))
            weight = parcel.weight_g - line.weight_g + count * lot.weight_g
            fits = home.carry_g is None or weight <= home.carry_g
            fits &= count + eaten[lot.item_id] <= most * self._filling.limits.helping[place]
            if place != own and fits and 0 < count <= self._filling.left[place]:
                sentence = line_sentence(home, lot)
                found.append(
                    Swap(lot.lot_id, lot.name, count, lot.shelf, count * lot.weight_g, sentence)
                )
        return tuple(found)

    def more(self, household: int, line: Line) -> Swap | None:
        """Offer more of what a line holds, as `parcels.more_of` does, of what the round leaves."""
        home, parcel = self._households[household], self.parcels[household]
        if not parcel.held:  # as nearly always
            return None
        lot = next(lot for lot in self._shelf.lots if lot.lot_id == line.lot_id)
        return more_of(parcel, line, home, lot, self.left[line.lot_id])

    def _cell(self, household: int, line: Line, own: int) -> int | None:
        """Return which cell a line feeds; None for an extra."""
        filling, infant = self._filling, -1 if line.infant is None else line.infant
        for cell in filling.bags[household]:
            if own in filling.given[cell] and filling.cells.infant[cell] == infant:
                return cell
        return None

    def _most(self, household: int, line: Line, own: int) -> int:
        cell = self._cell(household, line, own)
        return ANY_NUMBER if cell is None else self._filling.most_of_one[cell]

    def _instead(self, household: int, line: Line, own: int, place: int) -> int:
        """Count the units that supply what a line does; 0 where a lot cannot."""
        filling, lots = self._filling, self._shelf.lots
        cell = self._cell(household, line, own)
        if cell is None:
            return line.quantity if lots[place].group == lots[own].group else 0
        if place not in filling.order[cell]:
            return 0
        return -(-line.supplies // filling.supply_of(cell, place))


@dataclass(frozen=True, eq=False)
class _Day:
    """Everything a round starts from, as columns."""

    households: Sequence[FoodHousehold]
    shelf: Shelf
    cells: Cells
    limits: Limits
    carry: Ints


def plan_round(households: Sequence[FoodHousehold], lots: Sequence[Lot]) -> Round:
    """Fill the parcels of many households from one shelf.

    Parameters
    ----------
    households : sequence of FoodHousehold
        The order breaks ties.
    lots : sequence of Lot
        In any order: the same parcels come of it.

    Returns
    -------
    Round

    Raises
    ------
    FoodError
        For a lot that appears twice.

    Examples
    --------
    >>> from datetime import date
    >>> from matching.eaters import Eater
    >>> from matching.lots import DateKind
    >>> day = date(2026, 11, 21)
    >>> rice, bread = (Lot(lot_id=number, item_id=number, name=name, group=FoodGroup.STAPLE,
    ...                    kcal=350, weight_g=250, quantity=6, allergens_known=True,
    ...                    contains=contains, date_kind=DateKind.BEST_BEFORE,
    ...                    last_day=date(2027, 9, 20))
    ...                for number, name, contains in ((1, "おかゆ", frozenset()),
    ...                                               (2, "パン", frozenset({"wheat"}))))
    >>> homes = [FoodHousehold(eaters=(Eater(67 * 12),), eat_from=day, days=2, allergies=avoided)
    ...          for avoided in (frozenset(), frozenset({"wheat"}))]
    >>> [[(line.name, line.quantity) for line in parcel.lines]
    ...  for parcel in plan_round(homes, [rice, bread]).parcels]
    [[('パン', 6)], [('おかゆ', 6)]]
    """
    shelf = Shelf.of(lots)
    cells, needs = Cells.of(households)
    limits = Limits(
        usable=usable_table(households, shelf),
        weight=shelf.weight_g.tolist(),
        item=[lot.item_id for lot in shelf.lots],
        helping=[units_of_one(lot.group, lot.kcal) for lot in shelf.lots],
        measure=_measures(shelf),
    )
    carry = np.array([ANY_WEIGHT_G if h.carry_g is None else h.carry_g for h in households])
    day = _Day(households, shelf, cells, limits, carry)
    stalls = _stalls(day)
    order, score = _orders(day, stalls, settle(cells, stalls, carry))
    filling = Filling(cells, limits, shelf.quantity.tolist(), carry.tolist(), order, score)
    mend(filling, filling.fill(), TRIES)
    settled = raise_worst(filling)
    filling.drop_surplus()
    split_by_expiry(filling, shelf, [home.pick_up or home.eat_from for home in households])
    extras = _extras(day, filling)
    most = min((most_days(cells, stall) for stall in stalls), default=0.0)
    lines = _all_lines(day, filling, needs, extras)
    parcels = tuple(
        _parcel(
            home,
            found,
            _days(home, filling, needs[place], filling.bags[place]),
            _held(day, filling, place),
            most,
        )
        for place, (home, found) in enumerate(zip(households, lines, strict=True))
    )
    return Round(parcels, most, settled, filling, shelf, tuple(households))


def _measures(shelf: Shelf) -> list[list[int]]:
    """What a unit of each lot supplies, by group: grams of a drink, kcal of everything else."""
    kcal, grams = [lot.kcal for lot in shelf.lots], shelf.weight_g.tolist()
    return [grams if group == FoodGroup.DRINK else kcal for group in FoodGroup]


def _stalls(day: _Day) -> list[Stall]:
    """Each food group with those who want of it and the lots that may serve them."""
    groups, shelf, cells, limits = list(FoodGroup), day.shelf, day.cells, day.limits
    of = np.array([groups.index(lot.group) for lot in shelf.lots], np.int64)
    infant = np.array([lot.infant_months is not None for lot in shelf.lots], bool)
    found = []
    for group in np.unique(cells.group):
        rows = np.flatnonzero(cells.group == group)
        fed_apart = groups[group] == FoodGroup.INFANT
        measure = np.array(limits.measure[group], np.int64)
        here = (measure > 0) & (infant if fed_apart else (of == group) & ~infant)
        columns = np.flatnonzero(here & (shelf.quantity > 0))
        home = cells.household[rows]
        usable = limits.usable[np.ix_(home, columns)]
        unit, grams = measure[columns], shelf.weight_g[columns]
        in_time = unit <= cells.a_day[rows][:, None] * usable + CLOSE
        serves = (usable > 0) & ((usable >= cells.days[rows][:, None]) | in_time)
        serves &= grams <= day.carry[home][:, None]
        if fed_apart:
            serves &= _for_each_infant(day, rows)[:, columns]
        found.append(Stall.of(rows, columns, serves, unit.astype(float), shelf))
    return found


def _for_each_infant(day: _Day, rows: Ints) -> Bools:
    months = [
        day.households[home].infants[infant].age_months or 0
        for home, infant in zip(day.cells.household[rows], day.cells.infant[rows], strict=True)
    ]
    known = {month: of_month(month, day.shelf.lots) for month in set(months)}
    return np.array([known[month] for month in months])


def _orders(
    day: _Day, stalls: Sequence[Stall], burden: Floats
) -> tuple[list["array[int]"], list["array[float]"]]:
    """For each cell the lots it may have, least missed by others first, and how little each is."""
    shelf, cells, limits = day.shelf, day.cells, day.limits
    order = [array("i") for _ in cells.household]
    score = [array("d") for _ in cells.household]
    soon_from = np.array([home.eat_from.toordinal() + SOON_DAYS for home in day.households])
    for stall in stalls:
        home = cells.household[stall.rows]
        soon = shelf.last_day[stall.lots][None, :] < soon_from[home][:, None]
        perishes = limits.usable[np.ix_(home, stall.lots)] < cells.days[stall.rows][:, None]
        key = _SOON * np.where(perishes, 2, soon) - np.log(np.maximum(stall.prices, _CHEAPEST))
        key -= np.outer(burden[home], stall.heaviness)
        key = np.where(stall.serves, key, -np.inf)
        ranks = np.argsort(-key, axis=1, kind="stable")
        ranked, keys = stall.lots[ranks].astype(np.intc), np.take_along_axis(key, ranks, 1)
        many = stall.serves.sum(1).tolist()
        for place, row in enumerate(stall.rows.tolist()):
            order[row].frombytes(ranked[place, : many[place]].tobytes())
            score[row].frombytes(keys[place, : many[place]].tobytes())
    return order, score


def _extras(day: _Day, filling: Filling) -> list[dict[int, int]]:
    """Sweets, seasonings and the like: one each in turn, what expires first first."""
    lots, limits = day.shelf.lots, day.limits
    places = [place for place, lot in enumerate(lots) if lot.group in EXTRA_GROUPS]
    found: list[dict[int, int]] = [{} for _ in day.households]
    for _ in range(EXTRAS):
        for home in range(len(found)):
            drinks = any(filling.cells.group[cell] == _DRINK for cell in filling.bags[home])
            there = {limits.item[place] for place in found[home]}
            for place in places:
                lot = lots[place]
                needed = drinks and lot.group == FoodGroup.DRINK
                free = filling.left[place] and limits.weight[place] <= filling.carry[home]
                if free and limits.usable[home, place] and not needed and lot.item_id not in there:
                    found[home][place] = 1
                    filling.left[place] -= 1
                    filling.carry[home] -= limits.weight[place]
                    break
    return found


_DRINK = list(FoodGroup).index(FoodGroup.DRINK)


def _all_lines(
    day: _Day,
    filling: Filling,
    needs: Sequence[Sequence[Demand]],
    extras: Sequence[dict[int, int]],
) -> list[tuple[Line, ...]]:
    """Every household's lines, in the order of the shelf."""
    lots, found = day.shelf.lots, []
    until: dict[int, str] = {}
    for place, home in enumerate(day.households):
        said = LineSentences(home, until).of
        rows: list[tuple[int, int, int | None, int]] = [
            (lot, units, None, 0) for lot, units in extras[place].items()
        ]
        for need, cell in zip(needs[place], filling.bags[place], strict=True):
            measure = filling.limits.measure[filling.group[cell]]
            rows += [
                (lot, units, need.infant, units * measure[lot])
                for lot, units in filling.given[cell].items()
            ]
        rows.sort(key=_FIRST)
        found.append(
            tuple(
                _line(lots[lot], units, infant, supplies, said(lots[lot]))
                for lot, units, infant, supplies in rows
            )
        )
    return found


_FIRST = itemgetter(0)


def _days(
    home: FoodHousehold, filling: Filling, needs: Sequence[Demand], bag: Sequence[int]
) -> tuple[GroupDays, ...]:
    return tuple(
        GroupDays(need.group, need.infant, min(filling.level(cell), float(home.days)))
        for need, cell in zip(needs, bag, strict=True)
    )


def _held(day: _Day, filling: Filling, home: int) -> tuple[Held, ...]:
    """Return what stays here only because nobody eats so many of one thing."""
    lots, found = day.shelf.lots, []
    for cell in filling.bags[home]:
        if filling.has_enough(cell):
            continue
        left: dict[int, list[int]] = {}
        for place in sorted(filling.order[cell]):
            if filling.room_for(cell, place) <= 0 and filling.left[place]:
                lasts = day.limits.usable[home, place] >= day.households[home].days
                if lasts and day.limits.weight[place] <= filling.carry[home]:
                    left.setdefault(lots[place].item_id, []).append(place)
        for item_id, places in left.items():
            lot, units = lots[places[0]], sum(filling.left[place] for place in places)
            found.append(Held(item_id, lot.name, lot.group, units))
    return tuple(found)


def _parcel(
    home: FoodHousehold,
    lines: tuple[Line, ...],
    days: tuple[GroupDays, ...],
    held: tuple[Held, ...],
    most: float,
) -> Parcel:
    worst = min(group.days for group in days)
    return Parcel(
        lines=lines,
        days=days,
        worst=worst,
        weight_g=sum(line.weight_g for line in lines),
        notes=(*days_notes(home, days), *held_notes(held)),
        refused=(),
        held=held,
        proven=worst >= min(most, home.days) - CLOSE,
    )


def _line(lot: Lot, units: int, infant: int | None, supplies: int, sentence: str) -> Line:
    return Line(
        lot.lot_id,
        lot.item_id,
        lot.name,
        lot.group,
        infant,
        units,
        lot.shelf,
        units * lot.weight_g,
        supplies,
        lot.last_day,
        sentence,
    )
