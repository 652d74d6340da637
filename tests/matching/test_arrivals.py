"""Homes for those who come day by day, and for those who are likely to come."""

import pytest

from matching.arrivals import propose_batch
from matching.assignment import Policy, assign
from matching.errors import AssignmentError
from matching.market import Locks, market
from tests.matching.markets import as_dict
from tests.matching.streams import replay, stream


def with_prices(policy):
    """Choose by what homes are worth to those likely to come."""

    def choose(here, recent, left):
        found = propose_batch(here, recent, expected=left, policy=policy)
        return {pair.household_id: pair.home_id for pair in found.pairs}

    return choose


def greedily(here, _recent, _left):
    """Choose what is best for those here."""
    return as_dict(assign(here, Policy.FIT))


@pytest.mark.parametrize("seed", range(3))
def test_the_recent_past_comes_near_to_hindsight(seed):
    given = stream(seed, homes=300, window=200)
    best = assign(given.whole(), Policy.FIT).total
    greedy, _ = replay(given, greedily)
    assert greedy <= 0.88 * best
    for policy in (Policy.FIT, Policy.PRIORITY):
        reached, _ = replay(given, with_prices(policy))
        assert reached >= 0.97 * best


def test_under_priority_nobody_here_is_refused_for_somebody_who_may_come():
    now = market([1, 2], [7], [(1, 7, 10), (2, 7, 90)])
    past = market([1], [7], [(1, 7, 99)])
    first = propose_batch(now, past, expected=3)
    assert [(pair.household_id, pair.home_id) for pair in first.pairs] == [(1, 7)]
    assert (first.unhoused, first.kept) == ((2,), ())
    fit = propose_batch(now, past, expected=3, policy=Policy.FIT)
    assert (fit.pairs, fit.unhoused, fit.kept) == ((), (1, 2), (7,))


def test_locks_and_an_order_hold_for_those_here():
    now = market([5, 1], [7, 8], [(1, 7, 10), (5, 7, 90), (5, 8, 10)])
    past = market([5, 1], [7, 8], [(5, 8, 99), (1, 8, 1)])
    found = propose_batch(
        now, past, expected=2, order=now.household_ids.argsort(), locks=Locks(never=((5, 8),))
    )
    assert [(pair.household_id, pair.home_id) for pair in found.pairs] == [(1, 7)]
    assert len(found.together.market.household_ids) == 4


def test_contradictions_are_refused():
    now = market([1], [7], [])
    with pytest.raises(AssignmentError, match="同じ住戸"):
        propose_batch(now, market([1], [8], []), expected=1)
    with pytest.raises(AssignmentError, match="0以上"):
        propose_batch(now, now, expected=-1)
