"""All open needs against all open homes: the best there is, proved."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from matching import assignment
from matching.assignment import Assignment, Policy, assign, check_certificate, chosen
from matching.augmenting import lists
from matching.errors import AssignmentError, CertificateError
from matching.market import Locks, Market, market, parts
from matching.priority import PriorityRules, priority_order
from tests.matching.markets import as_dict, every_assignment, locks, markets, orders, worth

STEADY = settings(max_examples=150, deadline=None)
policies = st.sampled_from(Policy)


@STEADY
@given(data=st.data(), some=markets(most_households=4, most_homes=4), policy=policies)
def test_nothing_is_better_when_everything_is_tried(data, some, policy):
    order, decided = data.draw(orders(some)), data.draw(locks(some))
    found = as_dict(assign(some, policy, order=order, locks=decided))
    tried = every_assignment(some, decided.fixed, decided.never)
    best = max(worth(some, policy, order, other) for other in tried)
    assert worth(some, policy, order, found) == best
    assert set(decided.fixed) <= set(found.items())
    assert not set(decided.never) & set(found.items())


@STEADY
@given(data=st.data(), some=markets(), policy=policies, seed=st.integers(0, 99))
def test_the_order_of_the_input_never_changes_the_answer(data, some, policy, seed):
    order = data.draw(orders(some))
    rng = np.random.default_rng(seed)
    rows, columns, pairs = (
        rng.permutation(len(values))
        for values in (some.household_ids, some.home_ids, some.household)
    )
    mixed = Market(
        household_ids=some.household_ids[rows],
        home_ids=some.home_ids[columns],
        household=np.argsort(rows)[some.household][pairs],
        home=np.argsort(columns)[some.home][pairs],
        benefit=some.benefit[pairs],
    )
    again = assign(mixed, policy, order=np.argsort(rows)[order])
    assert again.pairs() == assign(some, policy, order=order).pairs()


@STEADY
@given(data=st.data(), some=markets(), policy=st.sampled_from((Policy.PRIORITY, Policy.MOST)))
def test_one_home_more_never_lowers_the_number_housed(data, some, policy):
    order = data.draw(orders(some))
    whole = assign(some, policy, order=order)
    keep = np.ones(len(some.home_ids), bool)
    keep[-1:] = False
    fewer = assign(some.part(np.ones(len(some.household_ids), bool), keep), policy, order=order)
    assert fewer.housed.sum() <= whole.housed.sum()
    if policy == Policy.PRIORITY:
        assert set(whole.unhoused()) <= set(fewer.unhoused())


@STEADY
@given(data=st.data(), some=markets())
def test_whoever_can_be_housed_beside_those_before_is(data, some):
    order = data.draw(orders(some))
    ids = some.household_ids[order].tolist()
    without = set(assign(some, order=order).unhoused())
    for place, household in enumerate(ids):
        first = np.isin(some.household_ids, ids[: place + 1])
        part = some.part(first, np.ones(len(some.home_ids), bool))
        before = [one for one in ids[:place] if one not in without]
        most = assign(part.where(np.isin(part.household_ids[part.household], [*before, household])),
                      Policy.MOST).housed.sum()  # fmt: skip
        assert (household in without) == (most == len(before))


@STEADY
@given(some=markets(), policy=policies)
def test_only_the_best_passes_the_proof(some, policy):
    found = assign(some, policy)
    for household, home in zip(some.household, some.home, strict=True):
        other = found.home_of.copy()
        other[other == home] = -1
        other[household] = home
        order = found.order
        changed = replace(found, home_of=other)
        ids = some.household_ids
        as_ids = {int(ids[row]): int(some.home_ids[other[row]]) for row in order if other[row] >= 0}
        value = worth(some, policy, order, as_ids)
        if value != worth(some, policy, order, as_dict(found)):
            with pytest.raises(CertificateError):
                check_certificate(changed)


@STEADY
@given(data=st.data(), some=markets(), policy=policies, step=st.sampled_from((-7, -1, 1, 7)))
def test_no_price_can_be_another_one(data, some, policy, step):
    found = assign(some, policy, order=data.draw(orders(some)), locks=data.draw(locks(some)))
    for name in ("household_price", "home_price"):
        for at in range(len(getattr(found, name))):
            prices = getattr(found, name).copy()
            prices[at] += step
            with pytest.raises(CertificateError):
                check_certificate(replace(found, **{name: prices}))


@STEADY
@given(data=st.data(), some=markets(most_households=7, most_homes=4))
def test_no_part_of_a_closed_set_can_be_left_out(data, some):
    found = assign(some, order=data.draw(orders(some)))
    for at in np.flatnonzero(found.home_set >= 0):
        fewer = found.home_set.copy()
        fewer[at] = -1
        with pytest.raises(CertificateError):
            check_certificate(replace(found, home_set=fewer))
    for at in np.flatnonzero(found.household_set >= 0):
        fewer = found.household_set.copy()
        fewer[at] = -1
        with pytest.raises(CertificateError):
            check_certificate(replace(found, household_set=fewer))


def tight(seed, households=60, homes=55, each=5):
    """Draw a market in which homes are short."""
    rng = np.random.default_rng(seed)
    keys = np.unique(
        np.repeat(np.arange(households), each) * homes
        + rng.integers(0, homes, households * each)
    )  # fmt: skip
    return Market(
        household_ids=np.arange(households),
        home_ids=np.arange(homes),
        household=keys // homes,
        home=keys % homes,
        benefit=rng.integers(1, 1000, len(keys)),
    )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("turned", [False, True])
def test_totals_equal_those_of_a_dense_solver(seed, turned):
    some = tight(seed, *((55, 60) if turned else (60, 55)))
    bonus = 10**6
    dense = np.zeros((len(some.household_ids), len(some.home_ids)), np.int64)
    dense[some.household, some.home] = some.benefit
    rows, columns = linear_sum_assignment(dense, maximize=True)
    assert assign(some, Policy.FIT).total == dense[rows, columns].sum()
    dense[some.household, some.home] += bonus
    rows, columns = linear_sum_assignment(dense, maximize=True)
    most = assign(some, Policy.MOST)
    assert most.total + int(most.housed.sum()) * bonus == dense[rows, columns].sum()
    first = assign(some)
    part = dense[first.housed]
    rows, columns = linear_sum_assignment(part, maximize=True)
    assert first.total + len(rows) * bonus == part[rows, columns].sum()


@STEADY
@given(data=st.data(), some=markets(most_households=8, most_homes=7), each=st.booleans())
def test_short_homes_and_plenty_are_assigned_alike(data, some, each):
    order = data.draw(orders(some))
    row, column = (
        np.argsort(order)[some.household],
        np.argsort(np.argsort(some.home_ids))[some.home],
    )
    given = row, column, some.benefit, (len(order), len(some.home_ids))
    one, two = assignment._exchanged(*given), assignment._filled(*given)
    assert ((one[0] >= 0) == (two[0] >= 0)).all()
    assert sum(map(sum, one[1:3])) == sum(map(sum, two[1:3]))
    assert (two[2] <= one[2]).all()  # the least prices there are
    large = replace(some, benefit=some.benefit + (1 << 50) * each)
    assert assign(large, order=order).unhoused() == assign(some, order=order).unhoused()


def test_large_numbers_are_sorted_as_well_as_small_ones():
    rng = random.Random(5)
    values = np.array([rng.randrange(1 << 59) for _ in range(40)])
    row, column = np.arange(40) % 4, np.arange(40) // 4
    large = lists(row, column, values, (4, 10))
    small = lists(row, column, np.argsort(np.argsort(values)), (4, 10))
    assert (large.starts, large.columns.tolist()) == (small.starts, small.columns.tolist())
    assert sorted(large.benefits.tolist()) == sorted(values.tolist())


def test_parts_share_nothing():
    of_household, of_home = parts(market([1, 2, 3], [7, 8], [(1, 7, 1), (2, 7, 1)]))
    assert of_household[0] == of_household[1] == of_home[0]
    assert len({of_household[0], of_household[2], of_home[1]}) == 3
    assert [len(side) for side in parts(market([], [], []))] == [0, 0]


SMALL = market([1, 2, 3], [7, 8], [(1, 7, 9), (1, 8, 8), (2, 7, 5), (3, 7, 4)])


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ({"home_of": np.array([1, 0, 0])}, "a home is given twice"),
        ({"home_of": np.array([-1, 1, 0])}, "a pair is not possible"),
        ({"household_price": np.array([0, 0, 0])}, "a pair is worth more"),
        (
            {"household_price": np.array([20, 20, 20]), "home_price": np.array([9, -3])},
            "a home's price is negative",
        ),
        ({"household_price": np.array([9, 9, 9])}, "primal and dual differ"),
        ({"home_of": np.array([1, -1, 0])}, "a pair is worth more"),
        ({"household_set": np.array([-1, -1, -1])}, "was not considered"),
        ({"home_set": np.array([-1, -1])}, "a closed set is open"),
        ({"home_set": np.array([0, 1])}, "a closed set is not full"),
        ({"order": np.array([2, 0, 1])}, "before was left without"),
        ({"locks": Locks(fixed=((1, 7),))}, "a fixed pair does not stand"),
    ],
)
def test_a_fault_in_the_answer_is_found(broken, fault):
    found = assign(SMALL)
    with pytest.raises(CertificateError, match=fault):
        check_certificate(replace(found, **broken))


def test_faults_of_prices_and_sets_are_found():
    fit = assign(SMALL, Policy.FIT)
    with pytest.raises(CertificateError, match="household's price"):
        check_certificate(replace(fit, household_price=np.array([30, 30, -1])))
    found = assign(market([1, 2], [7, 8], [(1, 7, 9), (2, 7, 5)]))
    with pytest.raises(CertificateError, match="not full"):
        check_certificate(replace(found, home_set=np.array([0, 0])))
    with pytest.raises(CertificateError, match="from outside"):
        check_certificate(replace(found, household_set=np.array([1, 1])))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: market([1, 1], [7], []),
        lambda: market([1], [7], [(1, 8, 5)]),
        lambda: market([1], [7], [(1, 7, -5)]),
        lambda: market([1], [7], [(1, 7, 5), (1, 7, 6)]),
        lambda: replace(SMALL, benefit=np.array([1])),
        lambda: assign(SMALL, order=np.array([0, 0, 1])),
        lambda: assign(SMALL, locks=Locks(fixed=((9, 7),))),
        lambda: assign(market([1], [7], [(1, 7, 1 << 61)]), Policy.MOST),
        lambda: Locks(fixed=((1, 7), (1, 8))),
        lambda: Locks(fixed=((1, 7),), never=((1, 7),)),
        lambda: PriorityRules(deadline_days=(30, 7)),
        lambda: PriorityRules(lift_after_days=0),
        lambda: priority_order(*np.zeros((3, 2), np.int64), np.zeros(1, np.int64)),
        lambda: priority_order(*np.full((4, 1), 9)),
    ],
)
def test_contradictions_are_refused_in_words(wrong):
    with pytest.raises(AssignmentError, match=r"。$"):
        wrong()


def test_a_fixed_pair_stands_against_the_rules_and_takes_its_home():
    found = assign(SMALL, locks=Locks(fixed=((3, 8),)))
    fixed = next(pair for pair in found.pairs() if pair.household_id == 3)
    assert (fixed.home_id, fixed.benefit, fixed.fixed) == (8, 0, True)
    assert found.unhoused() == (2,)
    assert isinstance(found, Assignment)
    assert int(chosen(SMALL, found.home_of).sum()) == 1


def household_arrays(*rows):
    """Put (id, days left, urgency, waiting) into arrays."""
    return [np.array(column, np.int64) for column in zip(*rows, strict=True)]


def test_the_deadline_goes_before_urgency_and_urgency_before_waiting():
    order = priority_order(
        *household_arrays(
            (1, 40, 0, 9), (2, 5, 3, 0), (3, 40, 0, 10), (4, 40, 1, 40), (5, -2, 2, 0)
        )
    )
    assert (order + 1).tolist() == [5, 2, 3, 1, 4]


@STEADY
@given(st.lists(st.tuples(st.integers(-5, 99), st.integers(0, 3), st.integers(0, 900)), min_size=1))
def test_nobody_waits_for_ever_behind_newcomers(rows):
    patient = (0, 365, 3, 45 * 20)
    newcomers = [(number + 1, *row[:2], min(row[2], 899)) for number, row in enumerate(rows)]
    assert priority_order(*household_arrays(patient, *newcomers))[0] == 0
