"""The best total where it is settled already which rows have a column, and the least prices.

Few candidates of a row are ever part of the best answer. So scipy solves the market of each row's
best ones alone, and prices are worked out from that, as longest chains of gains. Where some other
pair is worth more than its two prices it is taken in and all is solved again; else the answer is
the best of all pairs, as prices that cover every pair prove.

References
----------
Crouse (2016), On implementing 2D rectangular assignment algorithms, IEEE Transactions on Aerospace
and Electronic Systems 52, and Jonker and Volgenant (1987) for what scipy does; Volgenant (1996),
Linear and semi-assignment problems: a core oriented approach, Computers and Operations Research 23,
for solving with a few candidates first; Demange, Gale and Sotomayor (1986), Multi-item auctions,
J. Political Economy 94, for the least prices.
"""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matching.augmenting import Lists
from matching.home_columns import Int64s

_EXACT = 1 << 52
_FEW = 24


def can_be_exact(benefit: Int64s, rows: int) -> bool:
    """Tell whether sums along chains are exact in the floating point scipy calculates with."""
    return (int(benefit.max(initial=0)) + 1) * (2 * rows + 2) < _EXACT


def best_total(given: Lists, some: Int64s, few: int = _FEW) -> tuple[Int64s, Int64s, Int64s]:
    """Give every row a column at the best total, with the least prices that prove it.

    Parameters
    ----------
    given : Lists
        Candidates of each row.
    some : int64
        A column for each row, each column once: any answer at all.
    few : int
        How many candidates of each row are looked at first.

    Returns
    -------
    row_price, column_price, column_of : int64

    Examples
    --------
    >>> from matching.augmenting import lists
    >>> made = lists(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([9, 5, 8]), (2, 2))
    >>> [found.tolist() for found in best_total(made, np.array([1, 0]))]
    [[5, 4], [4, 0], [1, 0]]
    """
    starts = np.array(given.starts)
    counts = np.diff(starts)
    row = np.repeat(np.arange(len(counts)), counts)
    own = np.flatnonzero(some[row] == given.columns)
    wanted = np.zeros(len(row), bool)
    wanted[own] = True
    while True:
        wanted[_ragged(starts[:-1], np.minimum(counts, few))] = True
        pairs = np.flatnonzero(wanted)
        part = Lists(
            np.searchsorted(pairs, starts).tolist(),
            given.columns[pairs],
            given.benefits[pairs],
            given.many_columns,
        )
        found = _solved(part, np.searchsorted(pairs, own), row[pairs])
        row_price, column_price, _ = found
        short = given.benefits > row_price[row] + column_price[given.columns]
        if not short.any():
            return found
        wanted |= short
        few *= 4  # so that after a few times all are wanted


def _ragged(starts: Int64s, counts: Int64s) -> Int64s:
    """List so many places in a row from each start."""
    ends = np.cumsum(counts)
    many = int(ends[-1]) if len(ends) else 0
    places: Int64s = np.arange(many) + np.repeat(starts - (ends - counts), counts)
    return places


def _solved(given: Lists, own: Int64s, row: Int64s) -> tuple[Int64s, Int64s, Int64s]:
    """Solve with all pairs given; ``own`` are the places of those of an answer known already.

    scipy first looks for any answer, in a way that can take exponential time, and begins with
    each row's first candidate that is free: with the known answer's in front it is there at once.
    """
    rows, many = len(own), len(row)
    places = np.arange(many)
    places += places < own[row]
    places[own] = given.starts[:-1]
    columns, cost = np.empty(many, np.int32), np.empty(many)
    columns[places] = given.columns
    cost[places] = given.benefits.max(initial=0) + 1 - given.benefits
    starts = np.array(given.starts, np.int32)
    table = csr_array((cost, columns, starts), shape=(rows, given.many_columns))
    column_of = np.asarray(min_weight_full_bipartite_matching(table)[1], np.int64)
    taken = column_of[row] == given.columns
    worth = given.benefits[taken]
    column_price = _least_prices(given, column_of, given.benefits - worth[row], row)
    return worth - column_price[column_of], column_price, column_of


def _least_prices(given: Lists, column_of: Int64s, gain: Int64s, row: Int64s) -> Int64s:
    """Raise prices until no row would rather have another column; rows look again if dearer.

    A column costs at least what the row that would gain most by it loses with its own: the longest
    chain of gains ending there. No chain leads round in a gain, as the total is the best. A row
    looks no further down than what it gains by, which one search in all gains finds for all rows.
    """
    prices, row_of = np.zeros(given.many_columns, np.int64), np.empty(given.many_columns, np.int64)
    row_of[column_of] = np.arange(len(column_of))
    most = int(given.benefits.max(initial=0)) + 1
    falling = 2 * most * row - gain
    starts, rows = np.array(given.starts), np.arange(len(column_of))
    while len(rows):
        own = prices[column_of[rows]]
        ends = np.searchsorted(falling, 2 * most * rows + np.minimum(own, most))
        counts = ends - starts[rows]
        pairs = _ragged(starts[rows], counts)
        asked, to = np.repeat(own, counts) + gain[pairs], given.columns[pairs]
        dearer = np.flatnonzero(asked > prices[to])
        np.maximum.at(prices, to[dearer], asked[dearer])
        changed = np.zeros(len(prices), bool)
        changed[to[dearer]] = True
        rows = row_of[np.flatnonzero(changed)]
    return prices
