"""One household and a shelf: the parcel that leaves no food group behind, and why it holds what.

Goals in this order, each kept while the next is sought: the worst food group's days (then the next
worst's), nothing twice a day that need not be, food that expires soon used, variety, fewest units.
Hard safety is `food_safety`'s, and how much of one thing is eaten at all `same_food`'s.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matching.errors import FoodError
from matching.food_safety import unsafe_reasons, usable_days
from matching.lots import FoodGroup, FoodHousehold, Lot
from matching.parcel_model import Bucket, Demand, ParcelModel, buckets, demands, expiry
from matching.parcel_words import held_sentence, line_sentence, note_sentence
from matching.same_food import ANY_NUMBER, units_of_one

NOT_ASKED = "アレルギーの有無をまだ聞いていません。聞くと、渡せる物がふえることがあります。"


@dataclass(frozen=True, slots=True)
class Line:
    """So many units of one lot; ``infant`` is the position of the infant they are for."""

    lot_id: int
    item_id: int
    name: str
    group: FoodGroup
    infant: int | None
    quantity: int
    shelf: str
    weight_g: int
    supplies: int
    last_day: date | None
    sentence: str


@dataclass(frozen=True, slots=True)
class GroupDays:
    """For how many of the days wanted one food group lasts."""

    group: FoodGroup
    infant: int | None
    days: float


@dataclass(frozen=True, slots=True)
class Refused:
    """A lot that is not safe for this household, and every reason."""

    lot_id: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """An item the household has as much of as is eaten, while days are missing and more is left."""

    item_id: int
    name: str
    group: FoodGroup
    left: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """A proposal of what to hand over.

    Attributes
    ----------
    lines : tuple of Line
        In the order of the shelf given.
    days : tuple of GroupDays
    worst : float
        The days of the food group that lasts shortest.
    weight_g : int
    notes : tuple of str
        What is not covered, and what to ask, as sentences.
    refused : tuple of Refused
    held : tuple of Held
        What would make more days if more of one thing were eaten: a person may decide so.
    proven : bool
        Whether the worst group's days are proven to be the most possible.
    """

    lines: tuple[Line, ...]
    days: tuple[GroupDays, ...]
    worst: float
    weight_g: int
    notes: tuple[str, ...]
    refused: tuple[Refused, ...]
    held: tuple[Held, ...]
    proven: bool


@dataclass(frozen=True, slots=True)
class Swap:
    """A safe equivalent of a line: so many units of another lot."""

    lot_id: int
    name: str
    quantity: int
    shelf: str
    weight_g: int
    sentence: str


def plan_parcel(household: FoodHousehold, lots: Sequence[Lot]) -> Parcel:
    """Fill a parcel for one household.

    Parameters
    ----------
    household : FoodHousehold
    lots : sequence of Lot
        What may be handed out; the order breaks ties.

    Returns
    -------
    Parcel
        The same for the same input.

    Raises
    ------
    FoodError
        For a lot that appears twice.

    Notes
    -----
    Max-min fairness over food groups with further goals in strict order is solved as a sequence of
    integer programmes, each goal's result being a constraint of the next. The first is exact; the
    later ones stop within one per cent, which spares the exact subset sums nobody would notice.

    References
    ----------
    W. Ogryczak, "On the lexicographic minimax approach to location problems", *European Journal of
    Operational Research* 100 (1997), 566-585. Q. Huangfu and J. Hall, "Parallelizing the dual
    revised simplex method", *Mathematical Programming Computation* 10 (2018), 119-142 (HiGHS).

    Examples
    --------
    >>> from matching.eaters import Eater
    >>> from matching.lots import DateKind
    >>> day = date(2026, 11, 21)
    >>> home = FoodHousehold(eaters=(Eater(67 * 12),), eat_from=day, days=3)
    >>> rice = Lot(lot_id=1, item_id=1, name="おかゆ", group=FoodGroup.STAPLE, kcal=350,
    ...            weight_g=250, quantity=20, date_kind=DateKind.BEST_BEFORE,
    ...            last_day=date(2027, 9, 20))
    >>> parcel = plan_parcel(home, [rice])
    >>> [(line.quantity, line.sentence) for line in parcel.lines], parcel.days[0].days
    ([(9, 'そのまま食べられる。2027年9月20日まで')], 3.0)
    """
    if len({lot.lot_id for lot in lots}) != len(lots):
        raise FoodError("同じロットが2回入っています。")
    needs = demands(household)
    pool = buckets(household, lots, needs)
    model = ParcelModel(household, needs, pool)
    units = _earliest_first(household, needs, pool, model.solve())
    lines = _lines(household, needs, pool, units, lots)
    days = tuple(_days(household, number, need, pool, units) for number, need in enumerate(needs))
    held = tuple(
        one
        for number, need in enumerate(needs)
        if days[number].days < household.days
        for one in _held(household, number, need.most, pool, units)
    )
    return Parcel(
        lines=lines,
        days=days,
        worst=min(group.days for group in days),
        weight_g=sum(line.weight_g for line in lines),
        notes=(*days_notes(household, days), *held_notes(held)),
        refused=tuple(_refused(household, lots)),
        held=held,
        proven=model.proven,
    )


def _earliest_first(
    household: FoodHousehold, needs: Sequence[Demand], pool: Sequence[Bucket], units: list[int]
) -> list[int]:
    """Move units of one item to buckets that expire earlier, where they are still eaten in time."""
    moved = list(units)
    order = sorted(range(len(pool)), key=lambda number: expiry(pool[number].lots[0]))
    for place, early in enumerate(order):
        for late in order[place + 1 :]:
            if _same_food(pool[early], pool[late]) and moved[late]:
                count = min(
                    _room(pool, moved, early),
                    _in_time(household, needs, pool, moved, (early, late)),
                )
                moved[early] += count
                moved[late] -= count
    return moved


def _room(pool: Sequence[Bucket], units: Sequence[int], place: int) -> int:
    shared = (n for n, bucket in enumerate(pool) if bucket.lot_ids == pool[place].lot_ids)
    return pool[place].quantity - sum(units[number] for number in shared)


def _same_food(one: Bucket, other: Bucket) -> bool:
    a, b = one.lots[0], other.lots[0]
    return one.demand == other.demand and (a.item_id, a.kcal, a.weight_g) == (
        b.item_id,
        b.kcal,
        b.weight_g,
    )


def _in_time(
    household: FoodHousehold,
    needs: Sequence[Demand],
    pool: Sequence[Bucket],
    units: Sequence[int],
    pair: tuple[int, int],
) -> int:
    """Count the units that may move between two buckets with everything still eaten in time."""
    early, late = pool[pair[0]], pool[pair[1]]
    if early.demand is None:
        return 1
    slack = math.inf
    for day in range(early.usable, min(late.usable, household.days)):
        eaten = sum(
            bucket.measure * count
            for bucket, count in zip(pool, units, strict=True)
            if bucket.demand == early.demand and bucket.usable <= day
        )
        slack = min(slack, (needs[early.demand].a_day * day - eaten) // early.measure)
    return int(max(min(slack, units[pair[1]]), 0))


def _lines(
    household: FoodHousehold,
    needs: Sequence[Demand],
    pool: Sequence[Bucket],
    units: Sequence[int],
    lots: Sequence[Lot],
) -> tuple[Line, ...]:
    """Share every bucket's units out among its lots, first to expire first."""
    left = {lot.lot_id: lot.quantity for lot in lots}
    lines = []
    for bucket, count in zip(pool, units, strict=True):
        infant = None if bucket.demand is None else needs[bucket.demand].infant
        for lot in bucket.lots:
            taken = min(count, left[lot.lot_id])
            if taken:
                left[lot.lot_id] -= taken
                count -= taken  # noqa: PLW2901 - what is still to be shared out
                lines.append(_line(household, lot, taken, infant, bucket.measure))
    place = {lot.lot_id: number for number, lot in enumerate(lots)}
    return tuple(sorted(lines, key=lambda line: place[line.lot_id]))


def _line(household: FoodHousehold, lot: Lot, count: int, infant: int | None, measure: int) -> Line:
    return Line(
        lot.lot_id,
        lot.item_id,
        lot.name,
        lot.group,
        infant,
        count,
        lot.shelf,
        count * lot.weight_g,
        count * measure,
        lot.last_day,
        line_sentence(household, lot),
    )


def _days(
    household: FoodHousehold,
    number: int,
    need: Demand,
    pool: Sequence[Bucket],
    units: Sequence[int],
) -> GroupDays:
    supplied = sum(
        bucket.measure * count
        for bucket, count in zip(pool, units, strict=True)
        if bucket.demand == number
    )
    return GroupDays(need.group, need.infant, min(supplied / need.a_day, float(household.days)))


def days_notes(household: FoodHousehold, days: Sequence[GroupDays]) -> tuple[str, ...]:
    """Say what is not covered for all days wanted, and what to ask."""
    notes = [
        note_sentence(group.group, household.days - group.days)
        for group in days
        if group.days < household.days
    ]
    if household.allergies is None:
        notes.append(NOT_ASKED)
    return tuple(notes)


def _held(
    household: FoodHousehold, number: int, most: int, pool: Sequence[Bucket], units: Sequence[int]
) -> list[Held]:
    """Return the items of a food group that are left here only because nobody eats so many."""
    weight = sum(bucket.lots[0].weight_g * count for bucket, count in zip(pool, units, strict=True))
    had: defaultdict[int, float] = defaultdict(float)
    left: dict[int, Held] = {}
    for bucket, count in zip(pool, units, strict=True):
        lot, spare = bucket.lots[0], bucket.quantity - count
        if bucket.demand != number:
            continue
        had[lot.item_id] += count / units_of_one(lot.group, lot.kcal)
        light = household.carry_g is None or weight + lot.weight_g <= household.carry_g
        if spare and light and bucket.usable >= household.days:
            there = left[lot.item_id].left if lot.item_id in left else 0
            left[lot.item_id] = Held(lot.item_id, lot.name, lot.group, there + spare)
    return [held for item_id, held in left.items() if had[item_id] >= most]


def held_notes(held: Sequence[Held]) -> list[str]:
    """Say of each food group what there is more of than is planned to be eaten."""
    return [
        held_sentence(group, [(one.name, one.left) for one in held if one.group == group])
        for group in dict.fromkeys(one.group for one in held)
    ]


def _refused(household: FoodHousehold, lots: Sequence[Lot]) -> list[Refused]:
    found = [
        Refused(lot.lot_id, unsafe_reasons(household, lot, household.eat_from)) for lot in lots
    ]
    return [refused for refused in found if refused.reasons]


def swaps(
    parcel: Parcel, line: Line, household: FoodHousehold, lots: Sequence[Lot]
) -> tuple[Swap, ...]:
    """Offer what could be handed over instead of one line: safe equivalents only.

    An equivalent feeds the same group (the same infant), supplies at least as much, may be eaten on
    at least as many days, is there in sufficient quantity beside the rest of the parcel, is no more
    than is eaten of one thing, and can still be carried.

    Parameters
    ----------
    parcel : Parcel
    line : Line
        One of the parcel's.
    household : FoodHousehold
    lots : sequence of Lot

    Returns
    -------
    tuple of Swap
        First to expire first.

    Examples
    --------
    >>> from matching.eaters import Eater
    >>> from matching.lots import DateKind
    >>> day = date(2026, 11, 21)
    >>> home = FoodHousehold(eaters=(Eater(67 * 12),), eat_from=day, days=1)
    >>> rice = [Lot(lot_id=number, item_id=number, name="おかゆ", group=FoodGroup.STAPLE, kcal=kcal,
    ...             weight_g=250, quantity=4, date_kind=DateKind.BEST_BEFORE,
    ...             last_day=date(2027, 9, 20)) for number, kcal in ((1, 1100), (2, 400))]
    >>> parcel = plan_parcel(home, rice[:1])
    >>> [(swap.lot_id, swap.quantity) for swap in swaps(parcel, parcel.lines[0], home, rice)]
    [(2, 3)]
    """
    if line not in parcel.lines:
        raise FoodError("この食料セットにない行です。")
    demand = next((need for need in demands(household) if _feeds(need, line)), None)
    shelf = {lot.lot_id: lot for lot in lots}
    most = demand.most if demand else ANY_NUMBER
    eaten = items_beside(parcel, line)
    usable = usable_days(household, shelf[line.lot_id])
    used = dict.fromkeys(shelf, 0)
    for other in parcel.lines:
        used[other.lot_id] += other.quantity
    found = []
    for lot in sorted(lots, key=expiry):
        if lot.lot_id == line.lot_id or usable_days(household, lot) < usable:
            continue
        count = _instead(demand, line, household, lot)
        weight = parcel.weight_g - line.weight_g + count * lot.weight_g
        fits = household.carry_g is None or weight <= household.carry_g
        eats = count + eaten[lot.item_id] <= most * units_of_one(lot.group, lot.kcal)
        if count and fits and eats and count <= lot.quantity - used[lot.lot_id]:
            found.append(_swap(household, lot, count))
    return tuple(found)


def items_beside(parcel: Parcel, line: Line) -> Counter[int]:
    """Count the units of each item that are in a parcel for the same group beside one line."""
    eaten: Counter[int] = Counter()
    for other in parcel.lines:
        if (other.group, other.infant) == (line.group, line.infant) and other != line:
            eaten[other.item_id] += other.quantity
    return eaten


def more_of(
    parcel: Parcel, line: Line, household: FoodHousehold, lot: Lot, spare: int
) -> Swap | None:
    """Offer more of what a line holds, where only what is taken to be eaten ended it.

    Parameters
    ----------
    parcel : Parcel
    line : Line
        One of the parcel's.
    household : FoodHousehold
    lot : Lot
        The line's.
    spare : int
        Units of the lot nobody is proposed.

    Returns
    -------
    Swap or None
        As many as fill the days wanted, can be carried and are there.

    Examples
    --------
    >>> from matching.eaters import Eater
    >>> from matching.lots import DateKind
    >>> day = date(2026, 11, 21)
    >>> home = FoodHousehold(eaters=(Eater(67 * 12),), eat_from=day, days=2)
    >>> rice = Lot(lot_id=1, item_id=1, name="おかゆ", group=FoodGroup.STAPLE, kcal=200,
    ...            weight_g=250, quantity=24, date_kind=DateKind.BEST_BEFORE,
    ...            last_day=date(2027, 9, 20))
    >>> parcel = plan_parcel(home, [rice])
    >>> line = parcel.lines[0]
    >>> line.quantity, more_of(parcel, line, home, rice, 18).quantity
    (6, 11)
    """
    held = any((one.item_id, one.group) == (line.item_id, line.group) for one in parcel.held)
    if not held or usable_days(household, lot) < household.days:
        return None
    need = next(need for need in demands(household) if _feeds(need, line))
    supplied = sum(other.supplies for other in parcel.lines if _feeds(need, other))
    count = min(spare, math.ceil((need.a_day * household.days - supplied) / need.measure(lot)))
    if household.carry_g is not None and lot.weight_g:
        count = min(count, (household.carry_g - parcel.weight_g) // lot.weight_g)
    return _swap(household, lot, line.quantity + count) if count > 0 else None


def _feeds(need: Demand, line: Line) -> bool:
    return need.infant == line.infant and (line.infant is not None or need.group == line.group)


def _instead(demand: Demand | None, line: Line, household: FoodHousehold, lot: Lot) -> int:
    """Return the units that supply what a line does; 0 where a lot cannot."""
    if demand is None:
        return line.quantity if lot.group == line.group else 0
    if not demand.serves(household, lot) or not demand.measure(lot):
        return 0
    return math.ceil(line.supplies / demand.measure(lot))


def _swap(household: FoodHousehold, lot: Lot, count: int) -> Swap:
    return Swap(
        lot.lot_id,
        lot.name,
        count,
        lot.shelf,
        count * lot.weight_g,
        line_sentence(household, lot),
    )
