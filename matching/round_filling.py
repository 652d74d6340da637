"""Whole units for the households of a day, the worst-off first, from lots that are least missed.

A cell is one food group of one household. Whoever is furthest behind takes next, from the lots
that are scarce for nobody else; among about equals from what expires soon, then from something the
household has not yet, then whatever overshoots least.
"""

import heapq
import math
from array import array
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from matching.round_columns import Cells

HELPINGS = 5  # a cell is filled in about so many helpings, the last ones unit by unit
LOOKS = 5  # lots a helping is chosen among
KINDS = 3  # so many different foods of a group are variety; more is work without joy
CLOSE = 1e-6
_NEW, _OVER, _AGAIN = 0.1, 0.5, 0.5


@dataclass(frozen=True, eq=False)
class Limits:
    """What does not change while units are handed out.

    Attributes
    ----------
    usable : array of int, households × lots
        On how many days a household may eat a lot; 0 is not at all.
    weight, item : list of int
        Of a unit of each lot.
    helping : list of int
        Units of each lot that make a helping.
    measure : list of list of int
        What a unit of each lot supplies, by food group.
    """

    usable: npt.NDArray[np.int16]
    weight: list[int]
    item: list[int]
    helping: list[int]
    measure: list[list[int]]


@dataclass(eq=False)
class Filling:
    """What has been given to whom. Every change goes through `give`.

    Attributes
    ----------
    left : list of int
        Units of each lot that are on the shelf.
    carry : list of int
        Grams each household can still carry.
    order : list of array of int
        The lots a cell may have, least missed first. Arrays, because a large day has millions of
        these numbers and Python's collector would look at each again and again in a list.
    score : list of array of float
        How little each of these is missed.
    given : list of dict
        For each cell its units, by lot.
    had : list of dict
        The same by thing: an item, and what makes a helping of it.
    """

    cells: Cells
    limits: Limits
    left: list[int]
    carry: list[int]
    order: list["array[int]"]
    score: list["array[float]"]
    given: list[dict[int, int]] = field(init=False)
    had: list[dict[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        """Start with nothing given."""
        cells = self.cells
        many = len(cells.household)
        self.given = [{} for _ in range(many)]
        self.had = [{} for _ in range(many)]
        helping = self.limits.helping
        self.thing = [2 * item + n for item, n in zip(self.limits.item, helping, strict=True)]
        self.most_of_one: list[int] = cells.most.tolist()
        self.once_a_day: list[int] = cells.once.tolist()
        self.supplied: list[int] = [0] * many
        self.holders: list[set[int]] = [set() for _ in self.left]
        self.household: list[int] = cells.household.tolist()
        self.a_day: list[float] = cells.a_day.tolist()
        self.days: list[int] = cells.days.tolist()
        self.wanted: list[float] = [a * d for a, d in zip(self.a_day, self.days, strict=True)]
        self.group: list[int] = cells.group.tolist()
        self._measure: list[list[int]] = [self.limits.measure[group] for group in self.group]
        table = [array("h", row.tobytes()) for row in self.limits.usable]
        self._usable = [table[home] for home in self.household]
        self._may: dict[int, frozenset[int]] = {}
        self._room: dict[int, list[float]] = {}
        self.bags: list[list[int]] = [[] for _ in self.carry]
        for cell, home in enumerate(self.household):
            self.bags[home].append(cell)
        self.start_over()

    def start_over(self) -> None:
        """Look at every lot again: some have come back."""
        self._first = [0] * len(self.given)

    def level(self, cell: int) -> float:
        """Return the days a cell is supplied for so far."""
        return self.supplied[cell] / self.a_day[cell]

    def has_enough(self, cell: int) -> bool:
        """Tell whether a cell is supplied for all its days."""
        return self.supplied[cell] >= self.wanted[cell] - CLOSE

    def supply_of(self, cell: int, lot: int) -> int:
        """Return what one unit supplies."""
        return self._measure[cell][lot]

    def may_have(self, cell: int, lot: int) -> bool:
        """Tell whether a lot is safe for a cell and feeds it."""
        if cell not in self._may:
            self._may[cell] = frozenset(self.order[cell])
        return lot in self._may[cell]

    def fill(self) -> list[int]:
        """Give helpings to the worst-off until nobody wants or can have more; who is stuck."""
        stuck = []
        cells = range(len(self.given))
        waiting = [(self.level(cell), cell) for cell in cells if not self.has_enough(cell)]
        heapq.heapify(waiting)
        while waiting:
            _, cell = heapq.heappop(waiting)
            lot = self.choose(cell)
            if lot is None:
                stuck.append(cell)
                continue
            self.give(cell, lot, self._helping(cell, lot))
            if not self.has_enough(cell):
                heapq.heappush(waiting, (self.level(cell), cell))
        return stuck

    def choose(self, cell: int, but: int = -1) -> int | None:
        """Return the lot the next unit comes from; None where nothing is left that may be had."""
        order, left = self.order[cell], self.left
        place, end = self._first[cell], len(order)
        while place < end and not left[order[place]]:
            place += 1
        self._first[cell] = place
        best, found, looks = -math.inf, None, 0
        measure, thing, helping = self._measure[cell], self.thing, self.limits.helping
        short = self.wanted[cell] - self.supplied[cell]
        there = self.had[cell]
        few = len(there) < KINDS
        most, once = self.most_of_one[cell], self.once_a_day[cell]
        weight, usable, days = self.limits.weight, self._usable[cell], self.days[cell]
        can_carry = self.carry[self.household[cell]]
        for lot, worth in zip(order[place:], self.score[cell][place:], strict=True):
            if not left[lot] or lot == but or weight[lot] > can_carry:
                continue
            if usable[lot] < days and not self.fresh(cell, lot):
                continue
            units = there.get(thing[lot], 0)
            if units >= most * helping[lot]:
                continue
            over = measure[lot] - short
            gain = worth + _NEW if (not units) == few else worth
            if units >= once * helping[lot]:
                gain -= _AGAIN
            if over > 0:
                gain -= _OVER * over / measure[lot]
            if gain > best:
                best, found = gain, lot
            looks += 1
            if looks == LOOKS:
                break
        return found

    def most(self, cell: int, lot: int) -> int:
        """Return the units a cell may still have of a lot: there, eaten, carried, in time."""
        most, weight = min(self.left[lot], self.room_for(cell, lot)), self.limits.weight[lot]
        if weight:
            most = min(most, self.carry[self.household[cell]] // weight)
        usable = self._usable[cell][lot]
        if usable < self.days[cell]:
            room = min(self._rooms(cell)[usable:]) + CLOSE
            most = min(most, int(room // self.supply_of(cell, lot)))
        return most

    def room_for(self, cell: int, lot: int) -> int:
        """Return the units more that are eaten of what a lot is of."""
        most = self.most_of_one[cell] * self.limits.helping[lot]
        return most - self.had[cell].get(self.thing[lot], 0)

    def drop_surplus(self) -> None:
        """Put back whatever no day needs, what keeps longest first."""
        for cell, mine in enumerate(self.given):
            for lot in sorted(mine, reverse=True):
                surplus = self.supplied[cell] - self.wanted[cell] + CLOSE
                units = min(mine[lot], int(max(surplus, 0) // self.supply_of(cell, lot)))
                if units:
                    self.give(cell, lot, -units)

    def fresh(self, cell: int, lot: int) -> bool:
        """Tell whether one more unit of a lot would be eaten in time."""
        usable = self._usable[cell][lot]
        if usable >= self.days[cell]:
            return True
        return min(self._rooms(cell)[usable:]) + CLOSE >= self.supply_of(cell, lot)

    def give(self, cell: int, lot: int, units: int) -> None:
        """Hand units of a lot to a cell, or (below nought) take them back."""
        self.left[lot] -= units
        self.carry[self.household[cell]] -= units * self.limits.weight[lot]
        supply = units * self.supply_of(cell, lot)
        self.supplied[cell] += supply
        mine = self.given[cell]
        if lot not in mine:
            mine[lot] = units
            self.holders[lot].add(cell)
        else:
            mine[lot] += units
        if not mine[lot]:
            del mine[lot]
            self.holders[lot].discard(cell)
        thing, had = self.thing[lot], self.had[cell]
        had[thing] = had.get(thing, 0) + units
        if not had[thing]:
            del had[thing]
        usable = self._usable[cell][lot]
        if usable < self.days[cell]:
            room = self._rooms(cell)
            for day in range(usable, self.days[cell]):
                room[day] -= supply

    def _rooms(self, cell: int) -> list[float]:
        """What may still be planned to be eaten by the end of each day but the last."""
        if cell not in self._room:
            self._room[cell] = [self.a_day[cell] * day for day in range(self.days[cell])]
        return self._room[cell]

    def _helping(self, cell: int, lot: int) -> int:
        short = self.wanted[cell] - self.supplied[cell]
        step = min(self.wanted[cell] / HELPINGS, short) // self.supply_of(cell, lot)
        once = self.once_a_day[cell] * self.limits.helping[lot]
        rest = once - self.had[cell].get(self.thing[lot], 0)
        units = min(int(step), rest) if rest > 0 else int(step)
        return max(1, min(self.most(cell, lot), units))
