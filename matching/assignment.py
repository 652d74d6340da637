"""All open needs against all open homes: the best assignment there is, and its proof.

Three policies. Priority first decides in order of priority who can be housed at all, then finds
the best total benefit among exactly those households. Most households counts heads first, best fit
the total first and heads where totals are equal. Every answer carries integer prices that prove it
the best, and is not handed out before they have been checked against all pairs.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matching.augmenting import Lists, closed_sets, exchange, lists, price_closed_sets
from matching.best_total import best_total, can_be_exact
from matching.errors import AssignmentError, CertificateError
from matching.filling import fill
from matching.home_columns import Bools, Int64s
from matching.market import HIGHEST_BENEFIT, NO_LOCKS, NOBODY, Locks, Market, unlocked

_LARGEST = 1 << 62


class Policy(StrEnum):
    """What counts first."""

    PRIORITY = "priority"
    MOST = "most"
    FIT = "fit"


@dataclass(frozen=True, slots=True)
class Pair:
    """One household and the home proposed for it."""

    household_id: int
    home_id: int
    benefit: int
    fixed: bool


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """Who is proposed which home, and the proof that nothing is better.

    Attributes
    ----------
    market : Market
    policy : Policy
    order : int64
        Positions of the households in order of priority.
    locks : Locks
    home_of : int64
        For each household the position of its home, ``NOBODY`` for none; fixed pairs included.
    household_price, home_price : int64
        Prices on the scale of benefit × ``scale`` + ``bonus``: no open pair is worth more than its
        two prices, and all prices add up to the whole. A home's price is at most what would be
        lost without it.
    household_set, home_set : int64
        Under priority first: the closed sets that prove who cannot be housed, ``NOBODY`` for none.
        All homes the households of the sets up to a number could take are those of these sets, and
        every one of them is taken by a household that comes before the one left without.
    scale, bonus : int
        What a pair counts beside its benefit: a bonus above all benefits under most households, a
        scale above all heads under best fit, else 1 and 0.
    """

    market: Market
    policy: Policy
    order: Int64s
    locks: Locks
    home_of: Int64s
    household_price: Int64s
    home_price: Int64s
    household_set: Int64s
    home_set: Int64s
    scale: int
    bonus: int

    @property
    def housed(self) -> Bools:
        """Tell which households have a home."""
        given: Bools = self.home_of != NOBODY
        return given

    @property
    def total(self) -> int:
        """Add up the benefits of all pairs."""
        return int(self.market.benefit[chosen(self.market, self.home_of)].sum())

    def pairs(self) -> tuple[Pair, ...]:
        """List who is proposed which home, in order of priority."""
        fixed, market = frozenset(self.locks.fixed), self.market
        where = chosen(market, self.home_of)
        benefit = dict(
            zip(market.household[where].tolist(), market.benefit[where].tolist(), strict=True)
        )
        found = []
        for row in self.order.tolist():
            if self.home_of[row] != NOBODY:
                ids = int(market.household_ids[row]), int(market.home_ids[self.home_of[row]])
                found.append(Pair(*ids, benefit.get(row, 0), ids in fixed))
        return tuple(found)

    def unhoused(self) -> tuple[int, ...]:
        """List the ids of the households left without, in order of priority."""
        without = self.order[~self.housed[self.order]]
        return tuple(self.market.household_ids[without].tolist())


def chosen(market: Market, home_of: Int64s) -> Bools:
    """Tell which pairs of a market are those of an assignment."""
    taken: Bools = home_of[market.household] == market.home
    return taken


def assign(
    market: Market,
    policy: Policy = Policy.PRIORITY,
    *,
    order: Int64s | None = None,
    locks: Locks = NO_LOCKS,
    heads: bool = True,
) -> Assignment:
    """Find the best assignment and prove it.

    Parameters
    ----------
    market : Market
    policy : Policy
    order : int64, optional
        Positions of the households, highest priority first, each once; by id where not given.
    locks : Locks
    heads : bool
        False where heads are counted in the benefits already: then most households and best fit
        both find the best total and no more.

    Returns
    -------
    Assignment
        The same for the same households, homes and pairs in whatever order they are given.

    Raises
    ------
    AssignmentError
        For an order that is none, locks on ids that are not there, numbers too large to prove.
    CertificateError
        If the answer could not be proved the best. It is then not handed out.

    Examples
    --------
    >>> from matching.market import market
    >>> some = market([1, 2], [7, 8], [(1, 7, 90), (1, 8, 80), (2, 7, 50)])
    >>> [(pair.household_id, pair.home_id) for pair in assign(some).pairs()]
    [(1, 8), (2, 7)]
    >>> assign(some, Policy.FIT).total, assign(some, Policy.MOST).total
    (130, 130)
    >>> assign(some, locks=Locks(fixed=((1, 7),))).unhoused()
    (2,)
    """
    if order is None:
        order = np.argsort(market.household_ids).astype(np.int64)
    if not np.array_equal(np.sort(order), np.arange(len(market.household_ids))):
        raise AssignmentError("優先順位には、どの世帯も1回ずつ入れてください。")
    open_pairs = unlocked(market, locks)
    counted = heads and policy != Policy.PRIORITY
    scale, bonus = _scale(open_pairs, policy) if counted else (1, 0)
    if policy == Policy.PRIORITY:
        solved = _by_priority(open_pairs, order)
    else:
        solved = _by_total(open_pairs, scale, bonus)
    home_of = solved[0]
    for household_id, home_id in locks.fixed:
        home_of[market.household_at(household_id)] = market.home_at(home_id)
    found = Assignment(market, policy, order, locks, *solved, scale, bonus)
    check_certificate(found)
    return found


def _scale(market: Market, policy: Policy) -> tuple[int, int]:
    """Weigh benefits and heads so that no amount of the one makes up for the other."""
    most = min(len(market.household_ids), len(market.home_ids)) + 1
    highest = int(market.benefit.max(initial=0)) + 1
    if most * highest * most > _LARGEST:
        raise AssignmentError(f"組み合わせの点数は{HIGHEST_BENEFIT:,}までにしてください。")
    return (1, most * highest) if policy == Policy.MOST else (most, 1)


_Solved = tuple[Int64s, Int64s, Int64s, Int64s, Int64s]


def _by_priority(market: Market, order: Int64s) -> _Solved:
    """Take households in order of priority, homes in order of id."""
    by_id = np.argsort(market.home_ids)
    row, column = _places(order)[market.household], _places(by_id)[market.home]
    shape = len(order), len(by_id)
    looking, wanted = (np.count_nonzero(np.bincount(side)) for side in (row, column))
    if looking >= wanted and can_be_exact(market.benefit, len(order)):
        found = _filled(row, column, market.benefit, shape)
    else:
        found = _exchanged(row, column, market.benefit, shape)
    column_of, row_price, column_price, closed_row, closed_column = found
    return (
        _back(order, _named(by_id, column_of)),
        _back(order, row_price),
        _back(by_id, column_price),
        _back(order, closed_row),
        _back(by_id, closed_column),
    )


def _exchanged(row: Int64s, column: Int64s, benefit: Int64s, shape: tuple[int, int]) -> _Solved:
    """Where there are homes enough, chains are short and few candidates are looked at."""
    state = exchange(lists(row, column, benefit, shape), optional=False)
    row_price, column_price = price_closed_sets(state, row, column, benefit)
    column_of = state.arrays()[2]
    row_price[column_of == NOBODY] = 0
    return (
        column_of,
        row_price,
        column_price,
        *closed_sets(state.closed_row, state.closed_column, shape),
    )


def _filled(row: Int64s, column: Int64s, benefit: Int64s, shape: tuple[int, int]) -> _Solved:
    """Where homes are short, first who can be housed and then the best total among those."""
    made = lists(row, column, benefit, shape)
    state = fill(made)
    column_of = np.array(state.column_of, np.int64)
    row_price, housed = np.zeros(shape[0], np.int64), column_of != NOBODY
    counts = np.diff(made.starts)
    pairs = np.repeat(housed, counts)
    starts = np.concatenate(([0], np.cumsum(counts[housed])))
    part = Lists(starts.tolist(), made.columns[pairs], made.benefits[pairs], shape[1])
    row_price[housed], column_price, column_of[housed] = best_total(part, column_of[housed])
    return (
        column_of,
        row_price,
        column_price,
        *closed_sets(state.closed_row, state.closed_column, shape),
    )


def _by_total(market: Market, scale: int, bonus: int) -> _Solved:
    """Take in the side with fewer members, as most of the other side then stays free."""
    households, homes = np.argsort(market.household_ids), np.argsort(market.home_ids)
    row, column = _places(households)[market.household], _places(homes)[market.home]
    shape = len(households), len(homes)
    turned = shape[0] > shape[1]
    if turned:
        row, column, shape = column, row, shape[::-1]
    state = exchange(lists(row, column, market.benefit, shape, weigh=(scale, bonus)), optional=True)
    *prices, home_of = state.arrays()
    if turned:
        prices.reverse()
        taken = np.flatnonzero(home_of != NOBODY)
        by_home, home_of = home_of, np.full(len(households), NOBODY, np.int64)
        home_of[by_home[taken]] = taken
    household_price, home_price = prices
    return (
        _back(households, _named(homes, home_of)),
        _back(households, household_price),
        _back(homes, home_price),
        np.full(len(households), NOBODY, np.int64),
        np.full(len(homes), NOBODY, np.int64),
    )


def _places(order: Int64s) -> Int64s:
    """Return for each position its place in the order."""
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order))
    return places


def _back(order: Int64s, values: Int64s) -> Int64s:
    """Put values that are in the order given back to their positions."""
    found = np.empty(len(order), np.int64)
    found[order] = values
    return found


def _named(order: Int64s, places: Int64s) -> Int64s:
    """Turn places in an order into positions; ``NOBODY`` stays."""
    found = np.full(len(places), NOBODY, np.int64)
    given = places != NOBODY
    found[given] = order[places[given]]
    return found


def check_certificate(found: Assignment) -> None:
    """Prove an assignment the best by its prices and closed sets, looking at every pair.

    The proof is weak duality: prices that cover every pair bound any total from above, and these
    add up to the total reached (Egerváry 1931; Kuhn 1955). Who is housed under priority first is
    proved by closed sets: all homes a household could reach are full of households before it
    (Hall 1935; Edmonds and Fulkerson 1965).

    Raises
    ------
    CertificateError
        If any of it does not hold.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from matching.market import market
    >>> found = assign(market([1], [7, 8], [(1, 7, 90), (1, 8, 80)]))
    >>> check_certificate(found)
    >>> check_certificate(replace(found, home_of=np.array([1])))
    Traceback (most recent call last):
    matching.errors.CertificateError: primal and dual differ
    """
    market, locks = found.market, found.locks
    rows = {market.household_at(household) for household, _ in locks.fixed}
    free_row = np.ones(len(market.household_ids), bool)
    free_row[list(rows)] = False
    open_pairs = unlocked(market, locks)
    in_force = found.housed & free_row
    _require(_fixed_stand(found), "a fixed pair does not stand")
    _require(_each_home_once(found), "a home is given twice")
    _require(_possible(open_pairs, found, in_force), "a pair is not possible")
    _require_prices(open_pairs, found, in_force)
    if found.policy == Policy.PRIORITY:
        _require_closed_sets(open_pairs, found, free_row)


def _require(holds: bool, fault: str) -> None:
    if not holds:
        raise CertificateError(fault)


def _fixed_stand(found: Assignment) -> bool:
    market = found.market
    return all(
        found.home_of[market.household_at(household)] == market.home_at(home)
        for household, home in found.locks.fixed
    )


def _each_home_once(found: Assignment) -> bool:
    given = found.home_of[found.housed]
    return len(np.unique(given)) == len(given)


def _possible(open_pairs: Market, found: Assignment, in_force: Bools) -> bool:
    where = chosen(open_pairs, found.home_of)
    return int(np.count_nonzero(where)) == int(np.count_nonzero(in_force))


def _require_prices(open_pairs: Market, found: Assignment, in_force: Bools) -> None:
    household, home = open_pairs.household, open_pairs.home
    worth = open_pairs.benefit * found.scale + found.bonus
    row_price, column_price = found.household_price, found.home_price
    covered = row_price[household] + column_price[home] >= worth
    if found.policy == Policy.PRIORITY:  # the total is the best among those housed
        covered |= ~in_force[household]
    else:
        _require(bool((row_price >= 0).all()), "a household's price is negative")
    _require(bool(covered.all()), "a pair is worth more than its prices")
    _require(bool((column_price >= 0).all()), "a home's price is negative")
    total = sum(worth[chosen(open_pairs, found.home_of)].tolist())
    prices = sum(row_price.tolist()) + sum(column_price.tolist())
    _require(total == prices, "primal and dual differ")


def _require_closed_sets(open_pairs: Market, found: Assignment, free_row: Bools) -> None:
    """Check that whoever is left without could not be housed beside those before it."""
    household_set, home_set, housed = found.household_set, found.home_set, found.housed
    place = _places(found.order)
    without = free_row & ~housed
    _require(bool((household_set[without] != NOBODY).all()), "a household was not considered")
    inside = household_set[open_pairs.household] != NOBODY
    to_set = home_set[open_pairs.home][inside]
    from_set = household_set[open_pairs.household][inside]
    _require(bool(((to_set != NOBODY) & (to_set <= from_set)).all()), "a closed set is open")
    fillers = np.flatnonzero(free_row & housed & (household_set != NOBODY))
    filled = home_set[found.home_of[fillers]]
    _require(bool((filled == household_set[fillers]).all()), "a set is filled from outside")
    many = int(np.count_nonzero(home_set != NOBODY))
    _require(many == len(fillers), "a closed set is not full")
    last = np.full(int(household_set.max(initial=NOBODY)) + 1, NOBODY, np.int64)
    np.maximum.at(last, household_set[fillers], place[fillers])
    before = np.maximum.accumulate(last)
    ahead = before[household_set[without]] < place[without]
    _require(bool(ahead.all()), "a household before was left without")
