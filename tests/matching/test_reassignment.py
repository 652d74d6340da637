"""After a refusal: the best answer again, as few others disturbed as possible."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.assignment import Policy, assign, check_certificate
from matching.market import Locks, market
from matching.reassignment import Firmness, MoveReason, reassign
from tests.matching.markets import as_dict, benefits, every_assignment, markets, orders, worth

STEADY = settings(max_examples=150, deadline=None)


@STEADY
@given(
    data=st.data(),
    some=markets(most_households=4, most_homes=4, most_benefit=2),
    policy=st.sampled_from(Policy),
    firmness=st.sampled_from(Firmness),
)
def test_no_answer_as_good_keeps_more_pairs(data, some, policy, firmness):
    order = data.draw(orders(some))
    before = as_dict(assign(some, policy, order=order))
    refused = data.draw(st.lists(st.sampled_from(sorted(benefits(some))), max_size=2, unique=True)
                        if len(some.benefit) else st.just([]))  # fmt: skip
    found = reassign(
        some, before, policy, order=order, locks=Locks(never=tuple(refused)), firmness=firmness
    )

    def value(given):
        best = worth(some, policy, order, given)
        kept = len(set(given.items()) & set(before.items()))
        if firmness == Firmness.FIT_FIRST:
            return *best, kept
        return (kept, *best) if policy == Policy.FIT else (best[0], kept, best[1])

    now = {pair.household_id: pair.home_id for pair in found.pairs}
    assert value(now) == max(map(value, every_assignment(some, (), refused)))
    assert found.kept == len(set(now.items()) & set(before.items()))
    fresh = assign(some, policy, order=order, locks=Locks(never=tuple(refused)))
    assert found.best_total == fresh.total
    assert found.total == worth(some, Policy.MOST, order, now)[1]
    if policy == Policy.PRIORITY:
        assert found.unhoused == fresh.unhoused()
    check_certificate(found.proof)
    changed = {one for one in (*before, *now) if before.get(one) != now.get(one)}
    assert {move.household_id for move in found.moves} == changed
    for move in found.moves:
        assert (move.before, move.after) == (
            before.get(move.household_id),
            now.get(move.household_id),
        )
        assert (move.reason == MoveReason.NOT_POSSIBLE) == (
            (move.household_id, move.before) in refused
        )
        if move.reason == MoveReason.GAVE_WAY:
            assert now[move.cause] == move.before
        if move.reason == MoveReason.CAME_FREE:
            assert before[move.cause] == move.after


def test_the_chain_of_causes_leads_to_the_refusal():
    some = market([1, 2, 3], [7, 8, 9], [(1, 7, 90), (1, 8, 80), (2, 8, 70), (2, 9, 60), (3, 7, 5)])
    before = as_dict(assign(some))
    assert before == {1: 8, 2: 9, 3: 7}
    found = reassign(some, before, locks=Locks(never=((1, 8),)))
    assert [(move.household_id, move.reason, move.cause, move.root) for move in found.moves] == [
        (1, MoveReason.NOT_POSSIBLE, None, 1),
        (2, MoveReason.CAME_FREE, 1, 1),
        (3, MoveReason.GAVE_WAY, 1, 1),
    ]


@pytest.mark.parametrize(
    ("firmness", "moves", "total"), [(Firmness.FIT_FIRST, 2, 190), (Firmness.PAIRS_FIRST, 0, 130)]
)
def test_what_people_heard_may_count_more_than_fit(firmness, moves, total):
    some = market([1, 2], [7, 8], [(1, 7, 60), (1, 8, 95), (2, 7, 95), (2, 8, 70)])
    found = reassign(some, {1: 7, 2: 8}, firmness=firmness)
    assert (len(found.moves), found.total, found.best_total) == (moves, total, 190)
    assert {move.root for move in found.moves} <= {1, 2}


def test_a_home_nobody_had_is_told_apart():
    some = market([1, 2], [7, 8], [(1, 7, 60), (1, 8, 95), (2, 7, 5)])
    found = reassign(some, {1: 7, 5: 99})
    assert [(move.household_id, move.reason) for move in found.moves] == [
        (1, MoveReason.GAVE_WAY), (2, MoveReason.CAME_FREE)]  # fmt: skip
    found = reassign(some, {1: 8})
    assert [move.reason for move in found.moves] == [MoveReason.NEWLY_HOUSED]
    found = reassign(market([1], [7, 8], [(1, 7, 60), (1, 8, 95)]), {1: 7})
    assert [move.reason for move in found.moves] == [MoveReason.BETTER]
