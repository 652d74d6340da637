"""What must hold for any household and any homes."""

import random
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matching import explain
from matching.changes import apply_change
from matching.conditions import FITS, UNKNOWN
from matching.evaluation import evaluate, outside_zones
from matching.home_columns import (
    DAY_NOT_KNOWN,
    FLOOR_NOT_KNOWN,
    NOT_KNOWN,
    Acceptance,
    Company,
    Contact,
    columns,
)
from matching.homes import look_at_home, rank_homes
from matching.near_misses import nothing_fails, verify_near_miss
from matching.need import Answer, StayAway
from tests.matching.factories import TODAY
from tests.matching.strategies import homes, needs, places

STEADY = settings(max_examples=40, deadline=None)


def groups(ranking):
    """Tell each home's group."""
    excluded = {one.home_id: "excluded" for one in ranking.excluded}
    return excluded | {
        home_id: name
        for name in ("fit", "near", "unknown")
        for home_id in getattr(ranking, f"{name}_ids")
    }


@STEADY
@given(need=needs(), shelf=homes())
def test_every_home_is_in_exactly_one_group_and_the_masks_agree_with_the_answers(need, shelf):
    table = columns(shelf)
    found = rank_homes(need, table, today=TODAY)
    excluded = [one.home_id for one in found.excluded]
    lists = (found.fit_ids, found.near_ids, found.unknown_ids, excluded)
    assert sorted(home_id for ids in lists for home_id in ids) == list(range(len(shelf)))
    assert found.considered == len(shelf)
    evaluation = evaluate(need, table, TODAY)
    for row in range(len(shelf)):
        states = {int(condition.state[row]) for condition in evaluation.conditions}
        assert (row in found.fit_ids) == (states == {FITS})
        assert (row in found.unknown_ids) == (states <= {FITS, UNKNOWN} and UNKNOWN in states)
        if UNKNOWN in states:
            assert evaluation.open_asks(row)


@settings(max_examples=100, deadline=None)
@given(need=needs(), shelf=homes())
def test_a_granted_change_makes_it_fit_and_nothing_smaller_does(need, shelf):
    table = columns(shelf)
    for candidate in rank_homes(need, table, today=TODAY).near:
        home = table.take(table.ids == candidate.home_id)
        assert verify_near_miss(need, home, candidate.near, TODAY)
        for change in candidate.near.options:
            for amount in range(1, change.amount, max(1, change.amount // 7)):
                less = replace(change, amount=amount)
                assert not nothing_fails(*apply_change(less, need, home, TODAY), TODAY)
            after = evaluate(*apply_change(change, need, home, TODAY), TODAY)
            assert set(after.open_asks(0)) <= set(candidate.asks)


@STEADY
@given(need=needs(), shelf=homes())
def test_what_if_counts_are_those_of_asking_again(need, shelf):
    table = columns(shelf)
    found = rank_homes(need, table, today=TODAY)
    for what in found.what_ifs:
        again = rank_homes(*apply_change(what.change, need, table, TODAY), today=TODAY)
        assert len(again.fit_ids) - len(found.fit_ids) == what.more > 0


@STEADY
@given(need=needs(), shelf=homes(), where=places, radius=st.floats(1, 20000))
def test_a_stay_away_zone_leaves_no_trace(need, shelf, where, radius):
    radius += 0.123456789  # a number that stands nowhere else by chance
    hidden = replace(need, stay_away=(StayAway(where, radius),))
    table = columns(shelf)
    shown = outside_zones(hidden, table)
    kept = rank_homes(need, table.take(shown), today=TODAY)
    found = rank_homes(hidden, table, today=TODAY)
    assert found == kept
    assert not {repr(radius)} & set(re.findall(r"[0-9.]{5,}", repr(found)))
    for home in shelf:
        seen = look_at_home(hidden, table, home.home_id, today=TODAY)
        assert bool(seen) == bool(shown[home.home_id])


@STEADY
@given(need=needs(), shelf=homes(least=1), data=st.data())
def test_homes_left_out_are_as_if_they_were_not_there(need, shelf, data):
    table = columns(shelf)
    left_out = np.array(
        data.draw(st.lists(st.booleans(), min_size=len(shelf), max_size=len(shelf)))
    )
    found = rank_homes(need, table, today=TODAY, left_out=left_out)
    assert found == rank_homes(need, table.take(~left_out), today=TODAY)


@STEADY
@given(need=needs(), shelf=homes(least=1), data=st.data())
def test_lowering_a_rent_never_removes_a_match(need, shelf, data):
    table = columns(shelf)
    before = groups(rank_homes(need, table, today=TODAY))
    row = data.draw(st.integers(0, len(shelf) - 1))
    assume(table.rent[row] > 0)
    rent = table.rent.copy()
    rent[row] -= data.draw(st.integers(1, int(rent[row])))
    after = groups(rank_homes(need, replace(table, rent=rent), today=TODAY))
    order = ["excluded", "near", "unknown", "fit"]
    assert order.index(after[row]) >= order.index(before[row])


@STEADY
@given(need=needs(), shelf=homes(least=1))
def test_adding_a_home_changes_nothing_for_the_others(need, shelf):
    all_homes = groups(rank_homes(need, columns(shelf), today=TODAY))
    without = rank_homes(need, columns(shelf[:-1]), today=TODAY)
    del all_homes[len(shelf) - 1]
    assert groups(without) == all_homes
    scores = {c.home_id: c.score for c in rank_homes(need, columns(shelf), today=TODAY).fits}
    assert all(scores[candidate.home_id] == candidate.score for candidate in without.fits)


@STEADY
@given(need=needs(), shelf=homes(), seed=st.integers(0, 100))
def test_the_order_of_the_homes_changes_ties_only(need, shelf, seed):
    mixed = list(shelf)
    random.Random(seed).shuffle(mixed)
    one = rank_homes(need, columns(shelf), today=TODAY)
    two = rank_homes(need, columns(mixed), today=TODAY)
    assert groups(one) == groups(two)
    assert [c.score for c in one.fits] == [c.score for c in two.fits]
    assert {c.home_id: c for c in one.near} == {c.home_id: c for c in two.near}
    assert {(w.key, w.change, w.more) for w in one.what_ifs} == {
        (w.key, w.change, w.more) for w in two.what_ifs
    }


NOTHING_KNOWN = {
    **dict.fromkeys(("rent", "fee", "initial_cost", "area_dm2", "rooms", "steps"), NOT_KNOWN),
    **dict.fromkeys(("max_people", "kind", "municipality", "walk_min"), NOT_KNOWN),
    **dict.fromkeys(("lift", "wheelchair", "guarantor"), Answer.UNKNOWN),
    "company": Company.UNKNOWN,
    "contact": Contact.UNKNOWN,
    "floor": FLOOR_NOT_KNOWN,
    "available_from": DAY_NOT_KNOWN,
    "accepts": Acceptance.UNKNOWN,
    "xyz": np.nan,
}


@pytest.mark.parametrize("name", NOTHING_KNOWN)
@settings(max_examples=25, deadline=None)
@given(need=needs(), shelf=homes(least=1))
def test_not_knowing_a_fact_of_a_home_never_excludes_it(name, need, shelf):
    table = columns(shelf)
    fits = rank_homes(need, table, today=TODAY)
    column = np.full_like(getattr(table, name), NOTHING_KNOWN[name])
    after = rank_homes(need, replace(table, **{name: column}), today=TODAY)
    assert set(fits.fit_ids + fits.unknown_ids) <= set(after.fit_ids + after.unknown_ids)


@STEADY
@given(need=needs(), shelf=homes(least=1), data=st.data())
def test_not_knowing_a_fact_of_the_household_never_excludes_a_home(need, shelf, data):
    name = data.draw(st.sampled_from(("people", "rent_limit", "funds")))
    before = rank_homes(need, columns(shelf), today=TODAY)
    after = rank_homes(replace(need, **{name: None}), columns(shelf), today=TODAY)
    assert set(before.fit_ids + before.unknown_ids) <= set(after.fit_ids + after.unknown_ids)


@STEADY
@given(need=needs(), shelf=homes())
def test_everything_can_be_said_aloud(need, shelf):
    found = rank_homes(need, columns(shelf), today=TODAY)
    said = [explain.home_sentences(c) for c in (*found.fits, *found.near, *found.unknown)]
    said += [tag for c in (*found.fits, *found.unknown) for tag in explain.home_tags(c)]
    said += [explain.excluded_sentences(home) for home in found.excluded]
    said += [explain.failure_sentence(count) for count in found.failures]
    said += [explain.question_sentence(question) for question in found.questions]
    said += [explain.what_if_sentence(what) for what in found.what_ifs]
    assert all("{" not in words and "_" not in words for words in said)
    unlocks = [question.unlocks for question in found.questions]
    assert unlocks == sorted(unlocks, reverse=True)
