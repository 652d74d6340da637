"""Which piece of furniture for whom: every pair judged, then the best assignment, proved.

Needs stand in for households and items for homes on the same core: musts before wishes, within
each in order of priority, then the nearest items, each once. Only pairs without an open question
are proposed; the others say what to measure or how little is missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np

from matching.assignment import Assignment, assign
from matching.geo import Floats, arc_m
from matching.goods_columns import (
    ANY_TURN,
    ASK,
    GASES,
    HEIGHT,
    NO,
    STANDING,
    WIDTH,
    YES,
    ItemColumns,
    NeedColumns,
    Turns,
    Verdicts,
    at_most,
    flat,
    goes_into,
    item_columns,
    need_columns,
    pairs_of_kinds,
)
from matching.goods_items import (
    DEFAULT_GOODS_RULES,
    URGENCY_TIERS,
    Gas,
    GoodsItem,
    GoodsNeed,
    GoodsRules,
)
from matching.home_columns import Bools, Int64s
from matching.market import NO_LOCKS, Locks, Market
from matching.priority import PriorityRules, priority_order

NO_HURRY_DAYS = 9_999
STEP_M = 100
FARTHEST = 1_000  # steps: what lies beyond counts as equally far
MANY = 999
_PRIORITY = PriorityRules(urgency_tiers=URGENCY_TIERS)


class Check(IntEnum):
    """The conditions of a pair, in the order they are told."""

    TIME = 0
    RECALL = 1
    SAFETY = 2
    AGE = 3
    CONDITION = 4
    GAS = 5
    POWER = 6
    SPACE = 7
    DOOR = 8
    WAY_IN = 9
    WAY_OUT = 10


MEASURED = frozenset({Check.TIME, Check.AGE, Check.SPACE, Check.DOOR, Check.WAY_IN, Check.WAY_OUT})
"""Conditions that can fail by little: days, years, centimetres, storeys."""


@dataclass(frozen=True, slots=True, eq=False)
class GoodsTable:
    """All needs against all items of their kinds.

    Attributes
    ----------
    needs, items : tuple
        By id, so that the order they came in means nothing.
    need, item : int64
        Positions in the two, one entry a pair.
    verdicts : int8
        Shape ``(checks, pairs)``: ``NO``, ``ASK`` or ``YES``.
    short : ndarray
        The same shape: by how much a condition fails, in its own unit; 0 where that has no meaning.
    distance_m : ndarray
        From the item to the home along the ground, ``nan`` where not known.
    today : date
    rules : GoodsRules
    """

    needs: tuple[GoodsNeed, ...]
    items: tuple[GoodsItem, ...]
    need: Int64s
    item: Int64s
    verdicts: Verdicts
    short: Floats
    distance_m: Floats
    today: date
    rules: GoodsRules

    @property
    def fits(self) -> Bools:
        """Tell which pairs meet every condition."""
        met: Bools = self.verdicts.min(axis=0, initial=YES) == YES
        return met

    @property
    def asks(self) -> Bools:
        """Tell which pairs only wait for an answer."""
        waiting: Bools = self.verdicts.min(axis=0, initial=YES) == ASK
        return waiting

    @property
    def misses(self) -> Bools:
        """Tell which pairs fail one condition, by something that can be measured."""
        failed = self.verdicts == NO
        measured = np.isin(np.arange(len(Check)), [int(check) for check in MEASURED])
        by_little = (failed & measured[:, None] & (self.short > 0)).any(axis=0)
        near: Bools = (np.count_nonzero(failed, axis=0) == 1) & by_little
        return near


@dataclass(frozen=True, slots=True)
class Candidate:
    """One item for one need: where it stands in the table, and who is meant."""

    place: int
    need_id: int
    item_id: int
    distance_m: float | None


@dataclass(frozen=True, slots=True, eq=False)
class GoodsAnswer:
    """What is proposed, and how it was found.

    Attributes
    ----------
    table : GoodsTable
    assignment : Assignment
        With its proof that no better one exists.
    proposed : tuple of Candidate
        In order of priority.
    unmet : tuple of int
        Ids of the needs left without, in order of priority.
    """

    table: GoodsTable
    assignment: Assignment
    proposed: tuple[Candidate, ...]
    unmet: tuple[int, ...]

    def waiting(self, need_id: int, most: int = 3) -> tuple[Candidate, ...]:
        """List items that an answer or a tape measure would settle, fewest questions first."""
        table = self.table
        questions = np.count_nonzero(table.verdicts == ASK, axis=0)
        return self._best(table.asks, need_id, most, questions)

    def near_misses(self, need_id: int, most: int = 3) -> tuple[Candidate, ...]:
        """List items that fail one condition by little, those by least first."""
        return self._best(self.table.misses, need_id, most, self.table.short.max(axis=0, initial=0))

    def others(self, need_id: int, most: int = 3) -> tuple[Candidate, ...]:
        """List further items that fit and are proposed to nobody, nearest first."""
        return self._best(self.table.fits, need_id, most, np.zeros(len(self.table.need)))

    def _best(
        self, among: Bools, need_id: int, most: int, key: Floats | Int64s
    ) -> tuple[Candidate, ...]:
        table = self.table
        taken = {one.item_id for one in self.proposed}
        ids = np.array([need.need_id for need in table.needs], np.int64)
        where = np.flatnonzero(among & (ids[table.need] == need_id))
        far = np.nan_to_num(table.distance_m[where], nan=np.inf)
        order = where[np.lexsort((table.item[where], far, key[where]))]
        listed = (_candidate(table, int(place)) for place in order)
        return tuple([one for one in listed if one.item_id not in taken][:most])


def judge(
    needs: Iterable[GoodsNeed],
    items: Iterable[GoodsItem],
    *,
    today: date,
    rules: GoodsRules = DEFAULT_GOODS_RULES,
) -> GoodsTable:
    """Judge every item of a kind for every need of that kind.

    Raises
    ------
    GoodsError
        For a need or an item that appears twice.
    """
    by_need = tuple(sorted(needs, key=lambda need: need.need_id))
    by_item = tuple(sorted(items, key=lambda item: item.item_id))
    wants, offers = need_columns(by_need), item_columns(by_item)
    need, item = pairs_of_kinds(by_need, by_item)
    verdicts = np.full((len(Check), len(need)), YES, np.int8)
    short = np.zeros((len(Check), len(need)))
    pairs = _Pairs(wants, offers, need, item, verdicts, short)
    _in_time(pairs, today, rules)
    _in_order(pairs, today, rules)
    _supplied(pairs)
    _carried(pairs)
    short[verdicts != NO] = 0
    far = arc_m(wants.xyz[:, need], offers.xyz[:, item])
    return GoodsTable(by_need, by_item, need, item, verdicts, short, far, today, rules)


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """The columns, which pairs there are, and the answers while they are written."""

    wants: NeedColumns
    offers: ItemColumns
    need: Int64s
    item: Int64s
    verdicts: Verdicts
    short: Floats


def _in_time(pairs: _Pairs, today: date, rules: GoodsRules) -> None:
    """A day that has passed counts as today: whoever still waits wants it all the same."""
    now = float(today.toordinal())
    opens = np.fmax(pairs.offers.opens[pairs.item], now)
    closes = np.nan_to_num(pairs.offers.closes[pairs.item], nan=np.inf)
    due = np.nan_to_num(np.fmax(pairs.wants.needed_by[pairs.need], now), nan=np.inf)
    due[np.isnan(pairs.wants.needed_by[pairs.need])] = np.inf
    late = np.maximum(opens - due, 0)
    gone = np.where(closes < now, np.inf, 0)
    found = np.where((late > 0) | (gone > 0), NO, YES)
    if not rules.can_store:
        keys = pairs.wants.keys_on[pairs.need]
        early = np.nan_to_num(keys - closes, nan=0, neginf=0)
        found = np.where(np.isnan(keys) & np.isfinite(closes), np.minimum(found, ASK), found)
        found = np.where(early > 0, NO, found)
        late = np.maximum(late, early)
    pairs.verdicts[Check.TIME] = found
    # What can no longer be fetched is not near, by however little it was missed.
    pairs.short[Check.TIME] = np.where(gone > 0, 0, late)


def _in_order(pairs: _Pairs, today: date, rules: GoodsRules) -> None:
    """Recall, safety, age and condition. Furniture without a check is no question."""
    offers, item = pairs.offers, pairs.item
    appliance = offers.appliance[item]
    for check, column in ((Check.RECALL, offers.recall), (Check.SAFETY, offers.safety)):
        said = column[item]
        pairs.verdicts[check] = np.where((said == ASK) & ~appliance, YES, said)
    if rules.appliance_years is not None:
        years = today.year - offers.made_in[item]
        limit = np.full(len(item), float(rules.appliance_years))
        pairs.verdicts[Check.AGE] = np.where(appliance, at_most(years, limit), YES)
        pairs.short[Check.AGE] = np.where(appliance, np.nan_to_num(years - limit), 0)
    least = pairs.wants.least[pairs.need].astype(float)
    pairs.verdicts[Check.CONDITION] = at_most(least, offers.condition[item])


def _supplied(pairs: _Pairs) -> None:
    """Gas of its own kind, and a socket of its voltage."""
    burns, has = pairs.offers.gas[pairs.item], pairs.wants.gas[pairs.need]
    unknown = (burns == GASES[None]) | (has == GASES[None])
    gas = np.where(unknown, ASK, np.where(burns == has, YES, NO))
    pairs.verdicts[Check.GAS] = np.where(burns == GASES[Gas.NONE], YES, gas)
    volts = pairs.offers.volts[pairs.item]
    socket = np.where(volts > 100, pairs.wants.volts_200[pairs.need], YES)
    # While its voltage is not known, a home with both kinds of socket takes it all the same.
    doubtful = np.maximum(pairs.wants.volts_200[pairs.need], ASK)
    pairs.verdicts[Check.POWER] = np.where(np.isnan(volts), doubtful, socket)


def _carried(pairs: _Pairs) -> None:
    """Into its place, and there: whole, or taken apart where only that gets it through."""
    wants, offers, need, item = pairs.wants, pairs.offers, pairs.need, pairs.item
    size, part = offers.size[:, item], offers.part[:, item]
    stands, short = goes_into(size, wants.space[:, need], STANDING)
    limited = wants.limited[need]
    pairs.verdicts[Check.SPACE] = np.where(limited, stands, YES)
    pairs.short[Check.SPACE] = np.where(limited, short, 0)
    up = offers.upright[item]
    tilted, kept = _through(pairs, size, ANY_TURN), _through(pairs, size, STANDING)
    whole = [np.where(up, kept[n], tilted[n]) for n in range(4)]
    apart = _through(pairs, part, ANY_TURN)
    allowed = offers.comes_apart[item]
    in_parts = np.minimum(allowed, np.minimum(apart[0], apart[2]))
    take_apart = in_parts > np.minimum(whole[0], whole[2])
    for check, place in ((Check.DOOR, 0), (Check.WAY_IN, 2)):
        parted = np.minimum(allowed, apart[place])
        pairs.verdicts[check] = np.where(take_apart, parted, whole[place])
        pairs.short[check] = whole[place + 1]
    pairs.verdicts[Check.WAY_OUT], pairs.short[Check.WAY_OUT] = _way_out(pairs)


def _through(
    pairs: _Pairs, size: Floats, turns: Turns
) -> tuple[Verdicts, Floats, Verdicts, Floats]:
    """Through the door, then up to the floor: by the lift, or by stairs as carriers can."""
    wants, need = pairs.wants, pairs.need
    door, door_short = goes_into(size, wants.door[:, need], flat(turns, (WIDTH, HEIGHT)))
    lift, lift_short = goes_into(size, wants.lift_inside[:, need], turns)
    lift = np.minimum(lift, wants.lift[need])
    stairs, narrow = goes_into(size, wants.stairs[:, need], flat(turns, (WIDTH,)))
    carry, too_high = _on_stairs(pairs, wants.floor[need])
    by_stairs = np.minimum(stairs, carry)
    floor = wants.floor[need]
    way = np.maximum(lift, by_stairs)
    way = np.where(np.isnan(floor), np.maximum(lift, ASK), np.where(floor == 1, YES, way))
    # The nearer of the two ways counts: centimetres of the lift, or else of the stairs or storeys.
    no_stairs = np.where(stairs == NO, np.where(carry == NO, 0, narrow), too_high)
    short = np.where(wants.lift[need] == YES, lift_short, no_stairs)
    return door, door_short, way.astype(np.int8), short


def _storeys(floor: Floats) -> Floats:
    """How many storeys lie between a floor and the ground; there is no floor 0."""
    return np.where(floor >= 1, floor - 1, -floor)


def _on_stairs(pairs: _Pairs, floor: Floats) -> tuple[Verdicts, Floats]:
    offers, item = pairs.offers, pairs.item
    high = _storeys(floor)
    can = at_most(high, offers.storeys[item])
    limit = offers.carry_kg[item]
    heavy = np.where(np.isnan(limit), YES, at_most(offers.weight[item], limit))
    over = np.where(heavy == NO, 0, np.maximum(np.nan_to_num(high - offers.storeys[item]), 0))
    return np.minimum(can, heavy).astype(np.int8), over


def _way_out(pairs: _Pairs) -> tuple[Verdicts, Floats]:
    """Down from where it stands: by the lift it came up by, or by stairs."""
    floor, lift = pairs.offers.floor[pairs.item], pairs.offers.lift[pairs.item]
    carry, over = _on_stairs(pairs, floor)
    way = np.where(floor == 1, YES, np.maximum(lift, carry)).astype(np.int8)
    return np.where(np.isnan(floor), np.maximum(lift, ASK), way).astype(np.int8), over


def match_goods(table: GoodsTable, locks: Locks = NO_LOCKS) -> GoodsAnswer:
    """Propose at most one item for each need and each item once, and prove it the best.

    Who gets something at all is settled in order: musts, then wishes, each by the days left,
    urgency and waiting as households are for homes. Among all ways to serve exactly those, the
    shortest distances win in steps of 100 m, then items that fewer others could use.

    Parameters
    ----------
    table : GoodsTable
    locks : Locks
        Pairs of (need id, item id) a person fixed or ruled out.

    Returns
    -------
    GoodsAnswer
        The same for the same needs and items in whatever order they came.

    Examples
    --------
    >>> from matching.goods_items import Condition
    >>> needs = [GoodsNeed(need_id=n, kinds=frozenset({"desk"}), must=n == 2) for n in (1, 2)]
    >>> desk = GoodsItem(item_id=7, kind="desk", condition=Condition.GOOD, floor=1)
    >>> table = judge(needs, [desk], today=date(2026, 11, 28))
    >>> match_goods(table).proposed  # the home's floor and door are not known yet
    ()
    >>> [one.item_id for one in match_goods(table).waiting(2)]
    [7]
    """
    market = _market(table)
    found = assign(market, order=_order(table, need_columns(table.needs)), locks=locks)
    place = {
        (table.needs[row].need_id, table.items[column].item_id): number
        for number, (row, column) in enumerate(
            zip(table.need.tolist(), table.item.tolist(), strict=True)
        )
    }
    proposed = tuple(
        _candidate(table, place[pair.household_id, pair.home_id])
        for pair in found.pairs()
        if (pair.household_id, pair.home_id) in place
    )
    return GoodsAnswer(table, found, proposed, found.unhoused())


def _market(table: GoodsTable) -> Market:
    fits = table.fits
    need, item = table.need[fits], table.item[fits]
    steps = np.minimum(np.nan_to_num(table.distance_m[fits], nan=np.inf) / STEP_M, FARTHEST)
    wanted = np.minimum(np.bincount(item, minlength=len(table.items))[item], MANY)
    near = (FARTHEST - steps.astype(np.int64)) * (MANY + 1)
    return Market(
        household_ids=np.array([one.need_id for one in table.needs], np.int64),
        home_ids=np.array([one.item_id for one in table.items], np.int64),
        household=need,
        home=item,
        benefit=(near + MANY - wanted).astype(np.int64),
    )


def _order(table: GoodsTable, wants: NeedColumns) -> Int64s:
    """Musts before wishes; within each the order of priority."""
    left = np.nan_to_num(wants.needed_by - table.today.toordinal(), nan=NO_HURRY_DAYS)
    order = priority_order(wants.ids, left.astype(np.int64), wants.urgency, wants.waited, _PRIORITY)
    first: Int64s = order[np.argsort(~wants.must[order], kind="stable")]
    return first


def _candidate(table: GoodsTable, place: int) -> Candidate:
    need, item = table.needs[table.need[place]], table.items[table.item[place]]
    far = float(table.distance_m[place])
    return Candidate(place, need.need_id, item.item_id, None if np.isnan(far) else far)
