"""Whoever lays all public reports of an office side by side learns of no fewer than five people."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from app.reports.suppression import FEWEST, Told, suppressed_together
from app.reports.tables import HIDDEN
from tests.reports.test_suppression import a_table

pytestmark = pytest.mark.once

MONTHS = ("m1", "m2")
# The numbers of a table with two rows and two months, from its four leaves: rows, then the total.
CELLS = np.array([
    [1, 0, 0, 0], [0, 1, 0, 0], [1, 1, 0, 0],
    [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 1, 1],
    [1, 0, 1, 0], [0, 1, 0, 1], [1, 1, 1, 1],
])  # fmt: skip


def table_of(leaves):
    return a_table([[leaves[:2], leaves[2:]]], months=MONTHS)


def numbers(table):
    """Cell by cell as in CELLS: two rows and their total, which stands twice."""
    return [value for row in (*table.rows[:2], table.rows[-1]) for value in row.values[:3]]


def kept_one_after_another(counts):
    """The public versions of reports made one after the other."""
    told = []
    for month, leaves in enumerate(counts, start=4):
        table, as_of = table_of(leaves), date(2026, month, 28)
        (public,) = suppressed_together([table], year=2026, as_of=as_of, earlier=told)
        told.append(Told(2026, as_of, [table], [public]))
    return told


class Reader:
    """Somebody with every public version who can solve whole-numbered programmes."""

    def __init__(self, told):
        self.size = 4 * len(told)
        self.rows, self.least, self.most = [], [], []
        shown = [numbers(one.public[0]) for one in told]
        for r, cells in enumerate(shown):
            for c, value in enumerate(cells):
                self.knows(self.count(r, c), *((1, np.inf) if value == HIDDEN else (value, value)))
        true = np.array([numbers(one.exact[0]) for one in told])
        for r, c in zip(*np.nonzero(true[1:] >= true[:-1]), strict=True):
            self.knows(self.count(r + 1, c) - self.count(r, c), 0, np.inf)

    def count(self, report, cell):
        line = np.zeros(self.size)
        line[4 * report : 4 * report + 4] = CELLS[cell]
        return line

    def knows(self, line, least, most):
        self.rows.append(line)
        self.least.append(least)
        self.most.append(most)

    def reckons(self, line):
        """The least and the greatest it may be."""
        ends = []
        for sign in (1, -1):
            found = milp(
                sign * line, integrality=np.ones(self.size), bounds=Bounds(0, 200),
                constraints=LinearConstraint(np.array(self.rows), self.least, self.most),
                options={"presolve": False},  # with it, HiGHS loses solutions
            )  # fmt: skip
            ends.append(sign * found.fun)
        return ends


def assert_five_things(reader, line, floor):
    least, greatest = reader.reckons(line)
    assert greatest >= max(FEWEST, max(least, floor) + FEWEST - 1) - 1e-6


leaf = st.integers(0, 30)
growth = st.lists(st.sampled_from([0, 0, 1, 2, 4, 5, 9]), min_size=4, max_size=4)


@settings(max_examples=20)
@given(st.lists(leaf, min_size=4, max_size=4), st.lists(growth, min_size=1, max_size=3),
       st.booleans())  # fmt: skip
def test_no_small_number_and_no_small_difference_can_be_worked_out(first, grown, corrected):
    counts = [first]
    for more in grown:
        counts.append([a + b for a, b in zip(counts[-1], more, strict=True)])
    if corrected:  # a correction takes back what came in the last
        counts.append(counts[-2])
    told = kept_one_after_another(counts)
    reader = Reader(told)
    true = np.array([numbers(one.exact[0]) for one in told])
    for r, cells in enumerate(true):
        for c, value in enumerate(cells):
            if 0 < value < FEWEST:
                assert_five_things(reader, reader.count(r, c), 1)
            for later in range(r + 1, len(true)):
                gap = true[later, c] - value
                if 0 < abs(gap) < FEWEST:
                    line = reader.count(later, c) - reader.count(r, c)
                    assert_five_things(reader, np.sign(gap) * line, 0)
