"""The whole-number model behind a parcel, solved goal after goal.

Lots of one item that a household could use on the same days are one variable: they are
interchangeable, so sharing a variable's units out among them afterwards, first to expire first,
loses nothing.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from matching.eaters import kcal_a_day
from matching.food_safety import eats, usable_days
from matching.lots import Equipment, FoodGroup, FoodHousehold, Lot
from matching.same_food import ANY_NUMBER, most_of_one, once_a_day, units_of_one

Floats = npt.NDArray[np.float64]

SOON_DAYS = 30  # stock that expires within this many days is used up first
EXTRAS = 2  # sweets, seasonings and the like: one unit each, at most so many
WATER_G = 1_000  # 飲料水, a person and day (農林水産省「災害時に備えた食品ストックガイド」)
FIRST_NODES, LATER_NODES = 20_000, 20
LATER_GAP = 0.01  # goals after the worst group's days are solved to within one per cent
_CLOSE = 1e-6

# Shares of the day's energy. 日本人の食事摂取基準 2025: carbohydrate 50-65 %, protein and fat the
# rest; 健康日本21: 350 g of vegetables and 200 g of fruit are about 5 % of the energy each. What is
# left over is oil, seasoning and sweets, which no parcel has to cover.
SHARES: dict[FoodGroup, float] = {
    FoodGroup.STAPLE: 0.50,
    FoodGroup.PROTEIN: 0.25,
    FoodGroup.VEGETABLE: 0.05,
    FoodGroup.FRUIT: 0.05,
}


@dataclass(frozen=True, slots=True)
class Demand:
    """What one food group has to supply a day, in kcal (drinks: grams).

    ``infant`` is the position among the household's infants: each infant is fed on its own.
    ``most`` is how many helpings of one item are eaten in the days wanted, ``once`` how many are
    where nobody has it twice a day.
    """

    group: FoodGroup
    infant: int | None
    a_day: float
    most: int = ANY_NUMBER
    once: int = ANY_NUMBER

    def serves(self, household: FoodHousehold, lot: Lot) -> bool:
        """Tell whether a lot counts here; infant food never counts for anybody else."""
        if self.infant is not None:
            return self.infant in eats(household, lot)
        return lot.group == self.group and lot.infant_months is None

    def measure(self, lot: Lot) -> int:
        """Return what one unit supplies."""
        return lot.weight_g if self.group == FoodGroup.DRINK else lot.kcal


@dataclass(frozen=True, slots=True)
class Bucket:
    """Interchangeable lots for one demand (``None``: an extra), first to expire first.

    ``usable`` is the number of the parcel's days on which they may be eaten.
    """

    demand: int | None
    usable: int
    urgency: int
    measure: int
    lots: tuple[Lot, ...]

    @property
    def lot_ids(self) -> tuple[int, ...]:
        """Return the lots' ids; buckets of several infants may hold the same lots."""
        return tuple(lot.lot_id for lot in self.lots)

    @property
    def thing(self) -> tuple[int, int]:
        """Return the item's id and how many units make a helping."""
        lot = self.lots[0]
        return lot.item_id, units_of_one(lot.group, lot.kcal)

    @property
    def quantity(self) -> int:
        """Return the units there are."""
        return sum(lot.quantity for lot in self.lots)


def demands(household: FoodHousehold) -> tuple[Demand, ...]:
    """Return what a household needs of each food group a day.

    Examples
    --------
    >>> from matching.eaters import Eater
    >>> home = FoodHousehold(eaters=(Eater(67 * 12), Eater(3)), eat_from=date(2026, 11, 21), days=3,
    ...                      equipment=frozenset({Equipment.POTABLE_WATER}))
    >>> [(demand.group.value, demand.a_day) for demand in demands(home)][::4]
    [('staple', 1050.0), ('infant', 525.0)]
    >>> [demand.most for demand in demands(home)][:4]
    [9, 6, 6, 3]
    """
    grown = [eater for eater in household.eaters if not eater.infant]
    kcal = sum(kcal_a_day(eater) for eater in grown)
    eat = (len(grown), household.days)
    found = [
        Demand(group, None, kcal * share, most_of_one(group, *eat), once_a_day(group, *eat))
        for group, share in SHARES.items()
        if grown
    ]
    if grown and Equipment.POTABLE_WATER not in household.equipment:
        found.append(Demand(FoodGroup.DRINK, None, float(WATER_G * len(grown))))
    found += [
        Demand(FoodGroup.INFANT, place, kcal_a_day(infant))
        for place, infant in enumerate(household.infants)
    ]
    return tuple(found)


def buckets(
    household: FoodHousehold, lots: Sequence[Lot], needs: Sequence[Demand]
) -> tuple[Bucket, ...]:
    """Gather the safe lots of a shelf into variables, in input order."""
    soon = household.eat_from + timedelta(days=SOON_DAYS)
    gathered: dict[tuple[Bucket, tuple[int, ...]], list[Lot]] = {}
    for lot in lots:
        usable = usable_days(household, lot)
        if not usable:
            continue
        expires_soon = lot.last_day is not None and lot.last_day < soon
        urgency = 2 if usable < household.days else int(expires_soon)
        serving = [number for number, need in enumerate(needs) if need.serves(household, lot)]
        for demand in serving or _extra(lot):
            measure = 0 if demand is None else needs[demand].measure(lot)
            if measure or demand is None:
                same = (lot.item_id, lot.kcal, lot.weight_g, *serving)
                key = (Bucket(demand, usable, urgency, measure, ()), same)
                gathered.setdefault(key, []).append(lot)
    return tuple(
        replace(bucket, lots=tuple(sorted(found, key=expiry)))
        for (bucket, _), found in gathered.items()
    )


def expiry(lot: Lot) -> date:
    """Return the day to sort by: lots that need no date last."""
    return lot.last_day or date.max


def _extra(lot: Lot) -> list[int | None]:
    return [] if lot.group == FoodGroup.INFANT or lot.group in SHARES else [None]


@dataclass(eq=False)
class ParcelModel:
    """Constraints of one parcel; `solve` finds the best units of every bucket, goal by goal.

    The worst group's days are solved exactly (``proven`` tells), later goals to within LATER_GAP or
    LATER_NODES nodes: both are counts, not clocks, so the same input gives the same parcel.
    """

    household: FoodHousehold
    needs: tuple[Demand, ...]
    buckets: tuple[Bucket, ...]
    proven: bool = True
    _rows: list[tuple[Floats, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Lay down what every parcel must keep to."""
        self._items = list(dict.fromkeys(bucket.lots[0].item_id for bucket in self.buckets))
        self._often = self._what_may_come_twice_a_day()
        # units, items seen, units that come twice a day, days
        self._size = len(self.buckets) + len(self._items) + len(self._often) + 1
        self._supply = [
            self._row([bucket.measure * (bucket.demand == number) for bucket in self.buckets])
            for number in range(len(self.needs))
        ]
        self._best = np.zeros(self._size)
        self._limit_load()
        self._limit_stock()
        for number in range(len(self.needs)):
            self._limit_days(number)
        self._see_items()
        self._limit_same()

    def solve(self) -> list[int]:
        """Return the units of every bucket."""
        self._level_days()
        # Nothing twice a day, and no sack for a short stay, that the days do not need.
        meals = -self._row([self._days_beyond(bucket) for bucket in self.buckets])
        meals[self._after_items : -1] = -1
        self._reach(meals)
        urgent = self._row([bucket.urgency * self._tenths(bucket) for bucket in self.buckets])
        self._reach(urgent)
        seen = np.zeros(self._size)
        seen[len(self.buckets) : self._after_items] = 1
        self._reach(seen)
        units = self._maximise(-self._row([1] * len(self.buckets)))
        return self._without_surplus([round(value) for value in units[: len(self.buckets)]])

    def _without_surplus(self, units: list[int]) -> list[int]:
        """Leave here what no day needs: never so much that a group lacks a day it wants."""
        kept = list(units)
        for number, need in enumerate(self.needs):
            mine = [place for place, b in enumerate(self.buckets) if b.demand == number]
            supplied = sum(self.buckets[place].measure * kept[place] for place in mine)
            surplus = supplied - math.ceil(need.a_day * self.household.days - _CLOSE)
            for place in sorted(mine, key=lambda place: self._leaves_first(place, kept[place])):
                spare = min(kept[place], max(surplus, 0) // self.buckets[place].measure)
                kept[place] -= spare
                surplus -= spare * self.buckets[place].measure
        return kept

    def _leaves_first(self, place: int, units: int) -> tuple[int, bool, int]:
        """Sort what keeps longest first; then what is there more than once; then the largest."""
        bucket = self.buckets[place]
        return bucket.urgency, units == 1, -bucket.measure

    def _days_beyond(self, bucket: Bucket) -> int:
        """Return for how many days more than wanted one unit lasts: a sack for a short stay.

        For a baby one large tin is as good as many small ones, and so it is for water.
        """
        if bucket.demand is None or self.needs[bucket.demand].most >= ANY_NUMBER:
            return 0
        lasts = bucket.measure / self.needs[bucket.demand].a_day
        return max(0, int(lasts - self.household.days))

    def _tenths(self, bucket: Bucket) -> int:
        """Return what a unit supplies in tenths of a day: kcal would ask for exact subset sums."""
        if bucket.demand is None:
            return 1
        return max(1, round(10 * bucket.measure / self.needs[bucket.demand].a_day))

    def _row(self, values: Sequence[float]) -> Floats:
        """Return a row with one value a bucket."""
        row = np.zeros(self._size)
        row[: len(self.buckets)] = values
        return row

    def _limit_load(self) -> None:
        extras = self._row([bucket.demand is None for bucket in self.buckets])
        self._rows.append((extras, 0, EXTRAS))
        if self.household.carry_g is not None:
            load = self._row([bucket.lots[0].weight_g for bucket in self.buckets])
            self._rows.append((load, 0, self.household.carry_g))

    def _limit_stock(self) -> None:
        """Share one lot between infants: it may stand in a bucket of each."""
        for lot_ids in dict.fromkeys(bucket.lot_ids for bucket in self.buckets):
            shared = self._row([bucket.lot_ids == lot_ids for bucket in self.buckets])
            quantity = max(b.quantity for b in self.buckets if b.lot_ids == lot_ids)
            self._rows.append((shared, 0, quantity))

    def _limit_days(self, number: int) -> None:
        """Plan nothing to be eaten after its last day, and at most one unit more than is needed.

        Of units up to any size together it is one of that size: beside a sack of rice, cups of
        noodles might fill the sack's surplus otherwise.
        """
        need, days = self.needs[number], self.household.days
        mine = [bucket for bucket in self.buckets if bucket.demand == number]
        for day in sorted({bucket.usable for bucket in mine if bucket.usable < days}):
            by_then = self._row(
                [b.measure * (b.demand == number and b.usable <= day) for b in self.buckets]
            )
            self._rows.append((by_then, 0, math.floor(need.a_day * day + _CLOSE)))
        for size in sorted({bucket.measure for bucket in mine}):
            small = self._row(
                [b.measure * (b.demand == number and b.measure <= size) for b in self.buckets]
            )
            self._rows.append((small, 0, math.ceil(need.a_day * days - _CLOSE) + size - 1))

    @property
    def _after_items(self) -> int:
        return len(self.buckets) + len(self._items)

    def _what_may_come_twice_a_day(self) -> list[tuple[int, tuple[int, int]]]:
        """Return every demand and thing of which there is more than a helping for each day."""
        there: Counter[tuple[int, tuple[int, int]]] = Counter()
        for bucket in self.buckets:
            if bucket.demand is not None:
                there[bucket.demand, bucket.thing] += bucket.quantity
        return [
            (number, thing)
            for (number, thing), units in there.items()
            if units > self.needs[number].once * thing[1]
        ]

    def _limit_same(self) -> None:
        """Plan no more of one thing than is eaten, and tell how much of it comes twice a day."""
        for place, (number, thing) in enumerate(self._often, self._after_items):
            row = self._row([(b.demand, b.thing) == (number, thing) for b in self.buckets])
            row[place] = -1
            self._rows.append((row, -np.inf, self.needs[number].once * thing[1]))

    def _see_items(self) -> None:
        for place, item_id in enumerate(self._items):
            row = self._row([bucket.lots[0].item_id == item_id for bucket in self.buckets])
            row[len(self.buckets) + place] = -1
            self._rows.append((row, 0, np.inf))

    def _level_days(self) -> None:
        """Raise the worst food group's days, then the next worst's, until none can be raised."""
        rising = list(range(len(self.needs)))
        while rising:
            days = self._most_days(rising, {})
            if days >= self.household.days - _CLOSE:
                stuck = rising
            else:
                stuck = [
                    number
                    for number in rising
                    if self._most_days([number], dict.fromkeys(rising, days)) <= days + _CLOSE
                ] or rising
            for number in stuck:
                self._rows.append(self._at_least(number, days))
            rising = [number for number in rising if number not in stuck]

    def _at_least(self, number: int, days: float) -> tuple[Floats, float, float]:
        least = math.ceil(self.needs[number].a_day * days - _CLOSE)
        return self._supply[number], least, np.inf

    def _most_days(self, rising: Sequence[int], floors: dict[int, float]) -> float:
        rows = [self._at_least(number, days) for number, days in floors.items()]
        for number in rising:
            row = self._supply[number].copy()
            row[-1] = -self.needs[number].a_day
            rows.append((row, 0, np.inf))
        goal = np.zeros(self._size)
        goal[-1] = 1
        return float(self._maximise(goal, rows, exact=len(rising) == len(self.needs))[-1])

    def _reach(self, goal: Floats) -> None:
        best = self._maximise(goal)
        self._rows.append((goal, round(float(goal @ best)), np.inf))

    def _maximise(
        self, goal: Floats, more: Sequence[tuple[Floats, float, float]] = (), *, exact: bool = False
    ) -> Floats:
        rows = [*self._rows, *more]
        whole = np.ones(self._size)
        whole[-1] = 0
        upper = np.ones(self._size)
        upper[: len(self.buckets)] = [
            1 if bucket.demand is None else bucket.quantity for bucket in self.buckets
        ]
        upper[self._after_items : -1] = [
            (self.needs[number].most - self.needs[number].once) * thing[1]
            for number, thing in self._often
        ]
        upper[-1] = self.household.days
        found = milp(
            -goal,
            integrality=whole,
            bounds=Bounds(np.zeros(self._size), upper),
            constraints=LinearConstraint(
                csr_array(np.array([row for row, _, _ in rows])),
                [low for _, low, _ in rows],
                [high for _, _, high in rows],
            ),
            options={
                "mip_rel_gap": 0.0 if exact else LATER_GAP,
                "node_limit": FIRST_NODES if exact else LATER_NODES,
            },
        )
        self.proven = self.proven and (found.status == 0 or not exact)
        if found.x is not None:  # else the search ended empty-handed: stay with the last parcel
            self._best = np.asarray(found.x, float)
        return self._best
