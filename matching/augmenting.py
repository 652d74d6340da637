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

Weigh = tuple[int, int]

NONE = -1
AS_IS: Weigh = (1, 0)
_FAR = 1 << 100


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """Each row's candidates, best first: those of row i are at ``starts[i]`` to ``starts[i + 1]``.

    Rows are in order of priority, columns in the order that breaks ties.
    """

    starts: list[int]
    columns: Int64s
    benefits: Int64s
    many_columns: int

    def of(self, row: int) -> tuple[list[int], list[int]]:
        """Return one row's candidates: columns and benefits."""
        part = slice(self.starts[row], self.starts[row + 1])
        return self.columns[part].tolist(), self.benefits[part].tolist()

    def first(self) -> tuple[list[int], list[int]]:
        """Return every row's best candidate and its benefit, ``NONE`` and 0 where it has none."""
        starts = np.array(self.starts, np.int64)
        some = np.flatnonzero(starts[:-1] < starts[1:])
        column, benefit = np.full(len(starts) - 1, NONE, np.int64), np.zeros(len(starts) - 1, int)
        column[some], benefit[some] = self.columns[starts[some]], self.benefits[starts[some]]
        return column.tolist(), benefit.tolist()


def lists(
    row: Int64s, column: Int64s, benefit: Int64s, shape: tuple[int, int], *, weigh: Weigh = AS_IS
) -> Lists:
    """Sort pairs into lists of candidates: by row, then best benefit, then column.

    Benefits count times the first number of ``weigh``, plus the second.

    Examples
    --------
    >>> made = lists(np.array([1, 0, 1]), np.array([0, 2, 1]), np.array([5, 6, 9]), (2, 3))
    >>> made.starts, made.columns.tolist(), made.benefits.tolist()
    ([0, 1, 3], [2, 1, 0], [6, 9, 5])
    """
    rows, many = shape
    top = int(benefit.max(initial=0))
    low, high = many.bit_length(), many.bit_length() + top.bit_length()
    if high + rows.bit_length() < 63:  # one number a pair sorts ten times as fast as three
        packed = np.sort(row << high | top - benefit << low | column)
        row, column = packed >> high, packed & (1 << low) - 1
        benefit = top - (packed >> low & (1 << high - low) - 1)
    else:
        order = np.lexsort((column, -benefit, row))
        row, column, benefit = row[order], column[order], benefit[order]
    starts = np.searchsorted(row, np.arange(rows + 1))
    return Lists(starts.tolist(), column, benefit * weigh[0] + weigh[1], many)


@dataclass(slots=True, eq=False)
class Exchange:
    """Who has what, and the prices, while rows are being taken in.

    Attributes
    ----------
    row_price, column_price : list of int
    column_of, row_of : list of int
        ``NONE`` for without.
    closed_row, closed_column : dict of int
        The number of the closed set it belongs to, if any. The rows of the sets up to one number
        have no candidates but the columns of these sets, and fill them.
    """

    lists: Lists
    row_price: list[int] = field(init=False)
    column_price: list[int] = field(init=False)
    column_of: list[int] = field(init=False)
    row_of: list[int] = field(init=False)
    closed_row: dict[int, int] = field(default_factory=dict)
    closed_column: dict[int, int] = field(default_factory=dict)
    sets: int = 0
    candidates: list[tuple[list[int], list[int]] | None] = field(init=False)

    def __post_init__(self) -> None:
        """Start with nobody housed and nothing priced."""
        rows, columns = len(self.lists.starts) - 1, self.lists.many_columns
        self.row_price, self.column_price = [0] * rows, [0] * columns
        self.column_of, self.row_of = [NONE] * rows, [NONE] * columns
        self.candidates = [None] * rows

    def arrays(self) -> tuple[Int64s, Int64s, Int64s]:
        """Return the prices of rows and columns, and the column of each row."""
        column_of = np.array(self.column_of, np.int64)
        taken = column_of[column_of != NONE]
        column_price = np.zeros(len(self.column_price), np.int64)  # only columns taken have one
        column_price[taken] = [self.column_price[column] for column in taken.tolist()]
        return np.array(self.row_price, np.int64), column_price, column_of


def closed_sets(
    closed_row: dict[int, int], closed_column: dict[int, int], shape: tuple[int, int]
) -> tuple[Int64s, Int64s]:
    """Return the closed set of each row and each column, ``NONE`` for none.

    Examples
    --------
    >>> [found.tolist() for found in closed_sets({1: 0}, {}, (2, 1))]
    [[-1, 0], [-1]]
    """
    found = np.full(shape[0], NONE, np.int64), np.full(shape[1], NONE, np.int64)
    for number, sets in zip(found, (closed_row, closed_column), strict=True):
        number[list(sets)] = list(sets.values())
    return found


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
    row_of, column_of = state.row_of, state.column_of
    first_columns, state.row_price = given.first()
    for row, first in enumerate(first_columns):
        if first != NONE and row_of[first] == NONE:
            row_of[first], column_of[row] = row, first
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
    candidates = state.candidates[row]
    if candidates is None:
        candidates = state.candidates[row] = state.lists.of(row)
    row_of, closed, prices = state.row_of, state.closed_column, state.column_price
    far, before, heap, best = search.far, search.before, search.heap, search.best
    for column, benefit in zip(*candidates, strict=True):
        distance = base - benefit
        if distance >= best:
            return
        if row_of[column] == NONE:
            search.best, search.end_row, search.end_column = distance, row, column
            return
        distance += prices[column]
        if distance < far.get(column, best) and column not in closed:
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
    row_price, column_price, column_of = state.arrays()
    shape = len(row_price), len(column_price)
    closed_row, closed_column = closed_sets(state.closed_row, state.closed_column, shape)
    housed = column_of != NONE
    into = closed_column[column]
    entering = np.flatnonzero((into != NONE) & housed[row] & (into != closed_row[row]))
    entering = entering[np.argsort(-into[entering], kind="stable")]
    edges = np.flatnonzero(np.diff(into[entering])) + 1
    for pairs in np.split(entering, edges) if len(entering) else ():
        short = benefit[pairs] - row_price[row[pairs]] - column_price[column[pairs]]
        lift, number = max(0, int(short.max())), into[pairs[0]]
        column_price[closed_column == number] += lift
        row_price[(closed_row == number) & housed] -= lift
    return row_price, column_price
