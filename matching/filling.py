"""The same answer as `augmenting` gives by priority, found in another way where homes are short.

With about as many rows as columns, chains of exchanges grow long, and taking rows in with prices
from the start is slow in Python. Here it is settled first, without prices, who can have a column;
`best_total` then finds the best total for these.

Most rows find a free column among their own candidates, and most others after a short search.
Only a search that stays without one for long, as each does once there is none, is handed to
scipy's breadth-first search, which looks at everything within reach at once.

References
----------
Edmonds and Fulkerson (1965), Transversals and matroid partition, J. Res. NBS 69B, for the order;
Duff (1981), On algorithms for obtaining a maximum transversal, ACM Trans. Math. Software 7, for
looking ahead for a free column.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from matching.augmenting import NONE, Lists
from matching.home_columns import Bools

_PATIENCE = 60  # rows a search looks at one by one before it looks at all within reach at once


@dataclass(slots=True, eq=False)
class Filling:
    """Who has a column, and the closed sets that prove the others cannot; see `Exchange`."""

    lists: Lists
    column_of: list[int] = field(init=False)
    row_of: list[int] = field(init=False)
    candidates: dict[int, tuple[list[int], Iterator[int]]] = field(default_factory=dict)
    closed_row: dict[int, int] = field(default_factory=dict)
    closed_column: dict[int, int] = field(default_factory=dict)
    sets: int = 0
    hopeless: Bools = field(init=False)

    def __post_init__(self) -> None:
        """Start with nobody housed."""
        rows = len(self.lists.starts) - 1
        self.column_of = [NONE] * rows
        self.row_of = [NONE] * self.lists.many_columns
        self.hopeless = np.zeros(rows, bool)

    def of(self, row: int) -> tuple[list[int], Iterator[int]]:
        """Return one row's candidates, and those of them never looked at yet for a free one."""
        if row not in self.candidates:
            columns = self.lists.columns[self.lists.starts[row] : self.lists.starts[row + 1]]
            candidates = columns.tolist()
            self.candidates[row] = candidates, iter(candidates)
        return self.candidates[row]


def fill(given: Lists, patience: int = _PATIENCE) -> Filling:
    """Give a column to each row that can have one beside the rows before it.

    The answer is the same whatever the patience.

    Examples
    --------
    >>> from matching.augmenting import lists
    >>> pairs = np.array([0, 1, 2, 2]), np.array([0, 0, 0, 1]), np.array([1, 9, 9, 2])
    >>> found = fill(lists(*pairs, (3, 2)))
    >>> found.column_of, found.closed_row
    ([0, -1, 1], {1: 0, 0: 0})
    """
    state = Filling(given)
    row_of, column_of = state.row_of, state.column_of
    for row, first in enumerate(given.first()[0]):
        if first != NONE and row_of[first] == NONE:
            row_of[first], column_of[row] = row, first
        elif state.hopeless[row]:
            _close(state, [row], [])
        else:
            _take_in(state, row, patience)
    return state


def _take_in(state: Filling, first: int, patience: int) -> None:
    """Look for a free column within reach of a row, nearest first, and pass columns along to it.

    A column once taken stays taken, so that each row looks at each candidate for a free one once.
    """
    row_of, closed, queue = state.row_of, state.closed_column, deque([first])
    before: dict[int, int] = {}
    looked = 0
    while queue:
        row = queue.popleft()
        candidates, unseen = state.of(row)
        for column in unseen:
            if row_of[column] == NONE:
                _pass_along(state, first, (row, column), before)
                return
        for column in candidates:
            if column not in before and column not in closed:
                before[column] = row
                queue.append(row_of[column])
        looked += 1
        if looked == patience:
            _take_in_at_once(state, first)
            return
    _close(state, [first, *(row_of[column] for column in before)], list(before))


def _take_in_at_once(state: Filling, first: int) -> None:
    """Do the same by looking at everything within reach at once.

    Rows all of whose candidates are closed by then are marked: they need no search any more.
    """
    given, end = state.lists, len(state.column_of)
    holder = np.array(state.row_of)
    holder[holder == NONE] = end
    graph = csr_array(
        (np.ones(len(given.columns)), holder[given.columns], [*given.starts, given.starts[-1]]),
        shape=(end + 1, end + 1),
    )
    reached, previous = breadth_first_order(graph, first)
    if previous[end] >= 0:
        rows = [int(previous[end])]
        while rows[-1] != first:
            rows.append(int(previous[rows[-1]]))
        before = {state.column_of[row]: then for row, then in pairwise(rows)}
        free = next(c for c in state.of(rows[0])[0] if state.row_of[c] == NONE)
        _pass_along(state, first, (rows[0], free), before)
        return
    fresh = [row for row in reached.tolist() if row not in state.closed_row]
    _close(state, fresh, [state.column_of[row] for row in fresh if row != first])
    open_ = np.ones(given.many_columns, bool)
    open_[list(state.closed_column)] = False
    so_far = np.concatenate(([0], np.cumsum(open_[given.columns])))
    starts = np.array(given.starts)
    state.hopeless = so_far[starts[1:]] == so_far[starts[:-1]]


def _close(state: Filling, rows: list[int], columns: list[int]) -> None:
    """Remember that these rows fill all the columns they could have that are not closed yet."""
    state.closed_row.update(dict.fromkeys(rows, state.sets))
    state.closed_column.update(dict.fromkeys(columns, state.sets))
    state.sets += 1


def _pass_along(state: Filling, first: int, end: tuple[int, int], before: dict[int, int]) -> None:
    row, column = end
    while True:
        old, state.column_of[row] = state.column_of[row], column
        state.row_of[column] = row
        if row == first:
            return
        column, row = old, before[old]
