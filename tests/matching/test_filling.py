"""Where homes are short: who can be housed, and the best total, by the quick ways and the slow."""

import time
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings

from matching.augmenting import Lists, exchange, lists
from matching.best_total import best_total
from matching.filling import fill
from tests.matching.markets import markets
from tests.matching.test_assignment import tight

STEADY = settings(max_examples=150, deadline=None)


def as_lists(some):
    """Sort a market's pairs; households and homes by position."""
    shape = len(some.household_ids), len(some.home_ids)
    return lists(some.household, some.home, some.benefit, shape)


def chained(length):
    """Give each row its own column and the next one; the last row wants the first column only."""
    rows = np.repeat(np.arange(length), 2)
    columns = rows + np.tile([0, 1], length)
    pairs = np.append(rows, length), np.append(columns, 0), np.ones(2 * length + 1, np.int64)
    return lists(*pairs, (length + 1, length + 1))


def check_filled(made, patience):
    """Compare one patience with none at all, and with taking rows in with prices."""
    quick, slow = fill(made, patience), fill(made, 10**9)
    assert quick.closed_row == slow.closed_row
    assert quick.closed_column == slow.closed_column
    housed = [column >= 0 for column in quick.column_of]
    assert housed == [column >= 0 for column in exchange(made, optional=False).column_of]
    given = [column for column in quick.column_of if column >= 0]
    assert len(set(given)) == len(given) == sum(row >= 0 for row in quick.row_of)
    for row, column in enumerate(quick.column_of):
        assert column < 0 or column in made.of(row)[0]


@STEADY
@given(some=markets(most_households=9, most_homes=7))
def test_looking_at_everything_at_once_houses_the_same(some):
    for patience in (1, 2):
        check_filled(as_lists(some), patience)


@pytest.mark.parametrize("patience", [1, 3, 60])
@pytest.mark.parametrize("seed", range(3))
def test_who_cannot_be_housed_does_not_depend_on_patience(seed, patience):
    check_filled(as_lists(tight(seed, households=260, homes=200, each=6)), patience)


def test_a_chain_through_everybody_is_found():
    made = chained(150)
    assert sorted(fill(made).column_of) == list(range(151))
    check_filled(made, 60)


def check_best(made, few):
    """Compare the best total by a few candidates first with all at once."""
    state = fill(made)
    some = np.array(state.column_of)
    housed = np.flatnonzero(some >= 0)
    starts = np.cumsum([0] + [len(made.of(row)[0]) for row in housed])
    parts = [made.of(row) for row in housed]
    part = Lists(
        starts.tolist(),
        np.array(list(chain.from_iterable(one for one, _ in parts)), np.int64),
        np.array(list(chain.from_iterable(one for _, one in parts)), np.int64),
        made.many_columns,
    )
    quick, whole = best_total(part, some[housed], few), best_total(part, some[housed], 10**6)
    assert (quick[1] == whole[1]).all()
    assert quick[0].sum() == whole[0].sum()
    return part


@STEADY
@given(some=markets(most_households=8, most_homes=7))
def test_a_few_candidates_first_find_the_same_total(some):
    check_best(as_lists(some), 1)


@pytest.mark.parametrize("few", [1, 2, 24])
def test_a_few_candidates_first_find_the_same_total_in_larger_markets(few):
    part = check_best(as_lists(tight(4, households=260, homes=200, each=30)), few)
    assert len(part.columns) > 200 * few


def layered(layers):
    """Build a market in which finding any answer by blind search takes 2 to the power of layers.

    A ladder of columns, each pair joined with both of the next, leads nowhere; a path as long
    leads to the one free column, and the last row, which could start on either, needs that.
    """
    ladder = [
        [2 * layer + side] + ([2 * layer + 2, 2 * layer + 3] if layer + 1 < layers else [])
        for layer in range(layers)
        for side in (0, 1)
    ]
    path = [[2 * layers + step, 2 * layers + step + 1] for step in range(layers + 1)]
    rows = [*ladder, *path, [2 * layers, 0, 1]]
    starts = np.cumsum([0] + [len(row) for row in rows]).tolist()
    benefits = [9 - rank for row in rows for rank in range(len(row))]
    columns = np.fromiter(chain.from_iterable(rows), int)
    made = Lists(starts, columns, np.array(benefits), 3 * layers + 7)
    known = [row[0] for row in ladder] + [row[1] for row in path] + [2 * layers]
    return made, np.array(known)


def test_no_market_takes_exponential_time():
    began = time.process_time()
    _, _, column_of = best_total(*layered(33))
    assert len(set(column_of.tolist())) == len(column_of)
    assert time.process_time() - began < 10  # 2 to the power of 33 takes minutes
