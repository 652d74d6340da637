"""The search at the heart of assignment: shortest augmenting paths over candidates, best first.

Rows are taken one after another; each is given a column by the cheapest chain of exchanges, and
prices are kept such that no pair is worth more than its two prices. Since every column's price is
0 or more, a row's candidates need to be looked at only down to its first free one: nothing below
can be cheaper. Plain Python is enough for that, as a few candidates of each row are ever touched.

References
----------
Kuhn (1955), The Hungarian method, Naval Research Logistics Quarterly 2.
Jonker and Volgenant (1987), A shortest augmenting path algorithm for dense and sparse linear
assignment problems, Computing 38.
Edmonds and Fulkerson (1965), Transversals and matroid partition, J. Res. NBS 69B: taking rows in
order of priority, each that can still be given a column, houses the best possible set.
"""

import heapq
from dataclasses import dataclass, field

import numpy as np

from matching.home_columns import Int64s

NONE = -1
_FAR = 1 << 100


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """Each row's candidates, best first: those of row i are at ``starts[i]`` to ``starts[i + 1]``.

    Rows are in order of priority, columns in the order that breaks ties.
    """

    starts: list[int]
    columns: list[int]
    benefits: list[int]
    many_columns: int


def lists(row: Int64s, column: Int64s, benefit: Int64s, shape: tuple[int, int]) -> Lists:
    """Sort pairs into lists of candidates: by row, then best benefit, then column.

    Examples
    --------
    >>> made = lists(np.array([1, 0, 1]), np.array([0, 2, 1]), np.array([5, 6, 9]), (2, 3))
    >>> made.starts, made.columns, made.benefits
    ([0, 1, 3], [2, 1, 0], [6, 9, 5])
    """
    rows, many = shape
    top = int(benefit.max(initial=0))
    if rows * (top + 1) * many < 1 << 62:  # one number a pair sorts ten times as fast as three
        packed = np.sort((row * (top + 1) + (top - benefit)) * many + column)
        rest, column = np.divmod(packed, max(many, 1))
        row, worse = np.divmod(rest, top + 1)
        benefit = top - worse
    else:
        order = np.lexsort((column, -benefit, row))
        row, column, benefit = row[order], column[order], benefit[order]
    starts = np.searchsorted(row, np.arange(rows + 1))
    return Lists(starts.tolist(), column.tolist(), benefit.tolist(), many)


@dataclass(slots=True, eq=False)
class Exchange:
    """Who has what, and the prices, while rows are being taken in.

    Attributes
    ----------
    row_price, column_price : list of int
    column_of, row_of : list of int
        ``NONE`` for without.
    closed_row, closed_column : list of int
        The number of the closed set it belongs to, ``NONE`` for none. The rows of the sets up to
        one number have no candidates but the columns of these sets, and fill them.
    """

    lists: Lists
    row_price: list[int] = field(init=False)
    column_price: list[int] = field(init=False)
    column_of: list[int] = field(init=False)
    row_of: list[int] = field(init=False)
    closed_row: list[int] = field(init=False)
    closed_column: list[int] = field(init=False)
    sets: int = 0

    def __post_init__(self) -> None:
        """Start with nobody housed and nothing priced."""
        rows, columns = len(self.lists.starts) - 1, self.lists.many_columns
        self.row_price, self.column_price = [0] * rows, [0] * columns
        self.column_of, self.row_of = [NONE] * rows, [NONE] * columns
        self.closed_row, self.closed_column = [NONE] * rows, [NONE] * columns


@dataclass(slots=True, eq=False)
class _Search:
    """One search for the cheapest chain: distances so far, and the cheapest end found."""

    best: int
    end_row: int
    end_column: int = NONE
    far: dict[int, int] = field(default_factory=dict)
    before: dict[int, int] = field(default_factory=dict)
    heap: list[tuple[int, int]] = field(default_factory=list)
    settled: list[tuple[int, int]] = field(default_factory=list)


def exchange(given: Lists, *, optional: bool) -> Exchange:
    """Give columns to rows, the earlier rows first, at the best total benefit.

    Parameters
    ----------
    given : Lists
    optional : bool
        True: a row stays without where that is better in total (benefits must not be negative).
        False: a row that can be given a column once the earlier ones have theirs is given one.

    Returns
    -------
    Exchange
        With prices that prove the total the best for the rows that have a column, once
        `price_closed_sets` has been applied where rows stay without.

    Examples
    --------
    >>> made = lists(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([9, 5, 8]), (2, 2))
    >>> found = exchange(made, optional=False)
    >>> found.column_of, sum(found.row_price) + sum(found.column_price)
    ([1, 0], 13)
    """
    state = Exchange(given)
    starts, columns, benefits = given.starts, given.columns, given.benefits
    for row in range(len(starts) - 1):
        start = starts[row]
        if start < starts[row + 1]:
            state.row_price[row] = benefits[start]
            if state.row_of[columns[start]] == NONE:
                state.row_of[columns[start]], state.column_of[row] = row, columns[start]
                continue
        search = _Search(state.row_price[row] if optional else _FAR, row)
        _reach(state, search, row, optional)
        if search.best < _FAR:
            _reprice(state, search, row)
            _swap(state, search, row)
        else:
            _close(state, search, row)
    return state


def _reach(state: Exchange, search: _Search, row: int, optional: bool) -> None:
    """Settle columns in order of distance until none is nearer than the cheapest end."""
    heap, far, settled = search.heap, search.far, search.settled
    distance = 0
    while True:
        base = distance + state.row_price[row]
        if optional and base < search.best:
            search.best, search.end_row, search.end_column = base, row, NONE
        _look(state, search, row, base)
        while heap:
            distance, column = heapq.heappop(heap)
            if far[column] == distance:
                break
        else:
            return
        if distance >= search.best:
            return
        far[column] = NONE
        settled.append((distance, column))
        row = state.row_of[column]


def _look(state: Exchange, search: _Search, row: int, base: int) -> None:
    """Look at one row's candidates down to its first free one."""
    given, row_of, closed = state.lists, state.row_of, state.closed_column
    columns, benefits, prices = given.columns, given.benefits, state.column_price
    far, before, heap, best = search.far, search.before, search.heap, search.best
    for place in range(given.starts[row], given.starts[row + 1]):
        distance = base - benefits[place]
        if distance >= best:
            return
        column = columns[place]
        if row_of[column] == NONE:
            search.best, search.end_row, search.end_column = distance, row, column
            return
        distance += prices[column]
        if distance < far.get(column, best) and closed[column] == NONE:
            far[column] = distance
            before[column] = row
            heapq.heappush(heap, (distance, column))


def _reprice(state: Exchange, search: _Search, row: int) -> None:
    """Move prices so that every pair on the cheapest chain is worth exactly its two prices."""
    best, row_price, column_price = search.best, state.row_price, state.column_price
    for distance, column in search.settled:
        column_price[column] += best - distance
        row_price[state.row_of[column]] -= best - distance
    row_price[row] -= best


def _swap(state: Exchange, search: _Search, first: int) -> None:
    """Pass columns along the chain, from its end back to the row that started it."""
    row, column = search.end_row, search.end_column
    while True:
        old, state.column_of[row] = state.column_of[row], column
        if column != NONE:
            state.row_of[column] = row
        if row == first:
            return
        column, row = old, search.before[old]


def _close(state: Exchange, search: _Search, first: int) -> None:
    """Remember that all that could be reached is full: no later search needs to enter it."""
    state.closed_row[first] = state.sets
    for _, column in search.settled:
        state.closed_column[column] = state.sets
        state.closed_row[state.row_of[column]] = state.sets
    state.sets += 1


def price_closed_sets(
    state: Exchange, row: Int64s, column: Int64s, benefit: Int64s
) -> tuple[Int64s, Int64s]:
    """Raise the columns of closed sets until no housed row outside finds them worth more.

    The rows that fill a closed set have no other candidates, so that what its columns gain its
    rows lose and the total stays; the newest set goes first, as only later rows look into it.

    Parameters
    ----------
    state : Exchange
    row, column, benefit : int64
        All pairs.

    Returns
    -------
    row_price, column_price : int64

    Examples
    --------
    >>> pairs = np.array([0, 1, 2, 2]), np.array([0, 0, 0, 1]), np.array([1, 9, 9, 2])
    >>> state = exchange(lists(*pairs, (3, 2)), optional=False)
    >>> [prices.tolist() for prices in price_closed_sets(state, *pairs)]
    [[-6, 9, 2], [7, 0]]
    """
    row_price = np.array(state.row_price, np.int64)
    column_price = np.array(state.column_price, np.int64)
    closed_row = np.array(state.closed_row, np.int64)
    closed_column = np.array(state.closed_column, np.int64)
    housed = np.array(state.column_of, np.int64) != NONE
    into = closed_column[column]
    entering = np.flatnonzero((into != NONE) & housed[row] & (into != closed_row[row]))
    entering = entering[np.argsort(-into[entering], kind="stable")]
    edges = np.flatnonzero(np.diff(into[entering])) + 1
    for pairs in np.split(entering, edges) if len(entering) else ():
        short = benefit[pairs] - row_price[row[pairs]] - column_price[column[pairs]]
        lift, number = max(0, int(short.max())), into[pairs[0]]
        if lift:
            column_price[closed_column == number] += lift
            row_price[(closed_row == number) & housed] -= lift
    return row_price, column_price
