"""Who else would lose a home."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.assignment import Policy, assign
from matching.errors import AssignmentError
from matching.market import Locks, market
from matching.scarcity import if_taken, scarcity, shelf, shortest, without_home, without_household
from tests.matching.markets import as_dict, locks, markets, orders

STEADY = settings(max_examples=150, deadline=None)


def differences(old, new):
    """Compare two dicts from household to home."""
    moves = {one for one in old if one in new and old[one] != new[one]}
    return set(old) - set(new), set(new) - set(old), moves


@STEADY
@given(data=st.data(), some=markets(), policy=st.sampled_from(Policy))
def test_the_loss_is_that_of_assigning_all_again(data, some, policy):
    order, decided = data.draw(orders(some)), data.draw(locks(some))
    found = assign(some, policy, order=order, locks=decided)
    fixed = {home for _, home in decided.fixed}
    for home in set(some.home_ids.tolist()) - fixed:
        loss = without_home(shelf(found), home)
        keep = some.home_ids != home
        fewer = some.part(np.ones(len(some.household_ids), bool), keep)
        never = tuple(pair for pair in decided.never if pair[1] != home)
        again = assign(fewer, policy, order=order, locks=Locks(decided.fixed, never))
        assert loss.benefit == found.total - again.total
        expected = differences(as_dict(found), as_dict(again))
        assert len(loss.loses) - len(loss.gains) == len(expected[0]) - len(expected[1])
        if policy == Policy.PRIORITY:
            assert (set(loss.loses), set(loss.gains)) == expected[:2]
            full = found.home_set[some.home_at(home)] >= 0
            assert loss.loses or not full
        if policy == Policy.FIT:
            heads = len(loss.loses) - len(loss.gains)
            lost = loss.benefit * found.scale + heads * found.bonus
            assert lost >= found.home_price[some.home_at(home)]


@STEADY
@given(data=st.data(), some=markets(), policy=st.sampled_from(Policy))
def test_taking_a_home_costs_what_fixing_the_pair_costs(data, some, policy):
    order = data.draw(orders(some))
    found = assign(some, policy, order=order)
    at = shelf(found)
    for row in range(len(some.household_ids)):
        for column in range(len(some.home_ids)):
            pair = int(some.household_ids[row]), int(some.home_ids[column])
            loss = if_taken(at, *pair)
            again = assign(some, policy, order=order, locks=Locks(fixed=(pair,)))
            assert loss.benefit == found.total - again.total
            assert len(loss.loses) - len(loss.gains) == found.housed.sum() - again.housed.sum()


@settings(max_examples=100, deadline=None)
@given(st.data(), markets(), st.sampled_from(Policy))
def test_in_whose_stead_a_household_is_housed_is_told_by_assigning_without_it(data, some, policy):
    order = data.draw(orders(some))
    found = assign(some, policy, order=order, locks=data.draw(locks(some)))
    for row, household in enumerate(some.household_ids.tolist()):
        if any(household == one for one, _ in found.locks.fixed):
            continue
        loss = without_household(shelf(found), household)
        never = tuple((household, home) for home in some.home_ids.tolist())
        left = Locks(found.locks.fixed, tuple({*found.locks.never, *never}))
        again = assign(some, policy, order=order, locks=left)
        had = found.total - int(some.benefit[_pair_of(found, row)].sum())
        assert had - again.total == loss.benefit
        if policy == Policy.PRIORITY:
            gained = again.housed & ~found.housed
            assert sorted(loss.gains) == sorted(some.household_ids[gained].tolist())
            assert not loss.loses


def _pair_of(found, row):
    some = found.market
    return (some.household == row) & (some.home == found.home_of[row])


def test_what_is_fixed_cannot_be_taken():
    found = assign(market([1, 2], [7], [(1, 7, 5)]), locks=Locks(fixed=((1, 7),)))
    with pytest.raises(AssignmentError, match="決まり"):
        if_taken(shelf(found), 2, 7)
    assert without_home(shelf(found), 7).loses == ()


GROUND = np.array([True, True, False, False])
TOWN = market(
    [1, 2, 3, 4],
    [7, 8, 9, 10],
    [(1, 7, 90), (1, 9, 50), (2, 7, 40), (2, 8, 30), (3, 7, 70), (3, 8, 20), (4, 10, 5)],
)


def test_a_home_is_kept_for_those_who_can_live_nowhere_else():
    at = shelf(assign(TOWN))
    seen = scarcity(at, 7, {"ground": GROUND, "lift": ~GROUND})
    assert (seen.holder, seen.full, seen.hold) == (3, False, True)
    assert [(one.feature, one.household_ids, one.homes) for one in seen.depends] == [
        ("ground", (2, 3), 2)
    ]
    assert seen.without.loses == (3,)
    assert shortest(at, 9)[0] == 7
    spare = scarcity(at, 9, {"ground": GROUND})
    assert (spare.holder, spare.depends, spare.hold) == (1, (), False)
    assert scarcity(shelf(assign(market([1], [7], []))), 7).holder is None


def test_a_feature_nobody_depends_on_is_not_named():
    some = market([1], [7, 8], [(1, 7, 5), (1, 8, 4)])
    features = {"ground": np.array([True, False])}
    assert scarcity(shelf(assign(some)), 7, features).depends == ()
