"""The same answer as `augmenting` gives by priority, found in another way where homes are short.

With about as many rows as columns, chains of exchanges grow long, and taking rows in with prices
from the start is slow in Python. Here it is settled first, without prices, who can have a column;
scipy then finds the best total for these, and the least prices that prove it are worked out from
that, as longest chains of gains.

References
----------
Crouse (2016), On implementing 2D rectangular assignment algorithms, IEEE Transactions on Aerospace
and Electronic Systems 52, and Jonker and Volgenant (1987) for what scipy does; Demange, Gale and
Sotomayor (1986), Multi-item auctions, J. Political Economy 94, for the least prices.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matching.augmenting import NONE, Lists
from matching.home_columns import Int64s

_EXACT = 1 << 52
_LIKELY = 0.85


@dataclass(slots=True, eq=False)
class Filling:
    """Who has a column, and the closed sets that prove the others cannot; see `Exchange`."""

    lists: Lists
    column_of: list[int] = field(init=False)
    row_of: list[int] = field(init=False)
    candidates: list[list[int]] = field(default_factory=list)
    unseen: list[Iterator[int]] = field(default_factory=list)
    closed_row: dict[int, int] = field(default_factory=dict)
    closed_column: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start with nobody housed."""
        self.column_of = [NONE] * (len(self.lists.starts) - 1)
        self.row_of = [NONE] * self.lists.many_columns


def fill(given: Lists) -> Filling:
    """Give a column to each row that can have one beside the rows before it.

    Examples
    --------
    >>> from matching.augmenting import lists
    >>> pairs = np.array([0, 1, 2, 2]), np.array([0, 0, 0, 1]), np.array([1, 9, 9, 2])
    >>> found = fill(lists(*pairs, (3, 2)))
    >>> found.column_of, found.closed_row
    ([0, -1, 1], {1: 0, 0: 0})
    """
    state, sets = Filling(given), 0
    for row in range(len(state.column_of)):
        state.candidates.append(given.of(row)[0])
        state.unseen.append(iter(state.candidates[row]))
        before: dict[int, int] = {}
        end = _free_column(state, row, before)
        if end is None:
            rows = (row, *(state.row_of[column] for column in before))
            state.closed_row.update(dict.fromkeys(rows, sets))
            state.closed_column.update(dict.fromkeys(before, sets))
            sets += 1
        else:
            _pass_along(state, row, end, before)
    return state


def _free_column(state: Filling, first: int, before: dict[int, int]) -> tuple[int, int] | None:
    """Look for a free column within reach, nearest first; return it with the row next to it.

    A column once taken stays taken, so that each row looks at each candidate for a free one once.
    """
    row_of, closed, queue = state.row_of, state.closed_column, deque([first])
    while queue:
        row = queue.popleft()
        for column in state.unseen[row]:
            if row_of[column] == NONE:
                return row, column
        for column in state.candidates[row]:
            if column not in before and column not in closed:
                before[column] = row
                queue.append(row_of[column])
    return None


def _pass_along(state: Filling, first: int, end: tuple[int, int], before: dict[int, int]) -> None:
    row, column = end
    while True:
        old, state.column_of[row] = state.column_of[row], column
        state.row_of[column] = row
        if row == first:
            return
        column, row = old, before[old]


def can_be_exact(benefit: Int64s, rows: int) -> bool:
    """Tell whether sums along chains are exact in the floating point scipy calculates with."""
    return (int(benefit.max(initial=0)) + 1) * (2 * rows + 2) < _EXACT


def best_total(
    row: Int64s, column: Int64s, benefit: Int64s, shape: tuple[int, int]
) -> tuple[Int64s, Int64s, Int64s]:
    """Give every row a column at the best total, with the least prices that prove it.

    Parameters
    ----------
    row, column, benefit : int64
        Pairs sorted by row; all rows can have a column together.
    shape : tuple of int

    Returns
    -------
    row_price, column_price, column_of : int64

    Examples
    --------
    >>> pairs = np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([9, 5, 8])
    >>> [found.tolist() for found in best_total(*pairs, (2, 2))]
    [[5, 4], [4, 0], [1, 0]]
    """
    cost = (int(benefit.max(initial=0)) + 1 - benefit).astype(float)
    table = csr_array((cost, (row, column)), shape=shape)
    rows, columns = min_weight_full_bipartite_matching(table)
    column_of = np.empty(shape[0], np.int64)
    column_of[rows] = columns
    own = np.empty(shape[0], np.int64)
    taken = column_of[row] == column
    own[row[taken]] = benefit[taken]
    gain = benefit - own[row]
    likely = gain > np.quantile(gain, _LIKELY) if len(gain) else gain > 0
    column_price = np.zeros(shape[1], np.int64)
    for pairs in (likely, np.ones(len(gain), bool)):  # most chains are made of few of the pairs
        given = row[pairs], column[pairs], gain[pairs]
        column_price = _least_prices(*given, column_of, column_price)
    return own - column_price[column_of], column_price, column_of


def _least_prices(
    row: Int64s, column: Int64s, gain: Int64s, column_of: Int64s, prices: Int64s
) -> Int64s:
    """Raise prices until no row would rather have another column; rows looked at again if dearer.

    A column costs at least what the row that would gain most by it loses with its own: the longest
    chain of gains ending there. No chain leads round in a gain, as the total is the best.
    """
    prices, row_of = prices.copy(), np.full(len(prices), NONE, np.int64)
    row_of[column_of] = np.arange(len(column_of))
    starts = np.searchsorted(row, np.arange(len(column_of) + 1))
    rows = np.arange(len(column_of))
    while len(rows):
        counts = starts[rows + 1] - starts[rows]
        within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        pairs = np.repeat(starts[rows], counts) + within
        asked = prices[column_of[row[pairs]]] + gain[pairs]
        dearer = asked > prices[column[pairs]]
        np.maximum.at(prices, column[pairs][dearer], asked[dearer])
        rows = row_of[np.unique(column[pairs][dearer])]
    return prices
