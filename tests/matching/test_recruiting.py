"""Which homes to look for, and what a landlord could change."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matching.assignment import Policy, assign
from matching.changes import ChangeKind
from matching.errors import AssignmentError
from matching.home_columns import Acceptance, columns
from matching.landlord_side import Offer, OfferEffect, landlord_offers
from matching.near_misses import nothing_fails
from matching.need import NATIONAL_MINIMUM, Band, Floor, IncomeShare, RentCeiling, StayAway, Support
from matching.open_needs import OpenNeed, open_market
from matching.recruiting import home_like, recruits, wish_of
from tests.matching.factories import HERE, TODAY, a_home, a_need
from tests.matching.strategies import homes, needs

STEADY = settings(max_examples=40, deadline=None)


@st.composite
def open_needs(draw, most=5):
    """Draw some households' needs."""
    many = draw(st.integers(0, most))
    return [OpenNeed(11 + number, draw(needs())) for number in range(many)]


@STEADY
@given(need=needs())
def test_a_home_like_the_wish_fits_whoever_wished_it(need):
    need = replace(need, groups=(*need.groups, *need.groups_not_asked), groups_not_asked=())
    assert nothing_fails(need, columns([home_like(wish_of(need), 1)]), TODAY)


@STEADY
@given(needs=open_needs(), shelf=homes(), policy=st.sampled_from(Policy))
def test_each_home_recruited_houses_one_household_more(needs, shelf, policy):
    found = assign(open_market(needs, columns(shelf), today=TODAY), policy)
    listed = recruits(needs, found, today=TODAY)
    if policy != Policy.FIT:
        assert bool(listed) == bool(found.unhoused())
    for one in listed:
        more = [home_like(one.wish, 900 + number) for number in range(one.more)]
        again = assign(open_market(needs, columns([*shelf, *more]), today=TODAY), policy)
        assert again.housed.sum() == found.housed.sum() + one.more
        assert len(set(one.household_ids) & set(found.unhoused())) == len(one.household_ids)
        if policy == Policy.PRIORITY:
            assert set(found.unhoused()) - set(again.unhoused()) == set(one.household_ids)
    assert [one.more for one in listed] == sorted((one.more for one in listed), reverse=True)


def test_three_homes_on_the_ground_floor_would_house_three():
    ground = [OpenNeed(number, a_need(floor=Floor.GROUND)) for number in (1, 2, 3, 4)]
    dear = OpenNeed(5, a_need(people=4, rent_limit=IncomeShare(31500)))
    found = assign(
        open_market([*ground, dear], columns([a_home(1), a_home(2, floor=3)]), today=TODAY)
    )
    first, second = recruits([*ground, dear], found, today=TODAY)
    assert (first.wish.floor, first.more, first.suits) == (Floor.GROUND, 3, 4)
    assert first.household_ids == (2, 3, 4)
    assert (second.wish.rent, second.wish.people, second.more) == (31000, 4, 1)
    assert recruits(ground, found, today=TODAY, copies=0) == ()


def test_what_nobody_asks_for_is_not_in_a_wish():
    plain = wish_of(a_need(people=None, rent_limit=None, municipalities=("座間市", "大和市")))
    assert (plain.rent, plain.people, plain.area_m2, plain.kind) == (None, 1, 0.0, None)
    assert plain.municipality == "大和市"
    limit = RentCeiling((Band(15, 37000), Band(math.inf, 41500)))
    large = wish_of(a_need(people=2, rent_limit=limit, space=NATIONAL_MINIMUM, pet=True))
    assert (large.rent, large.area_m2, large.pet) == (41000, 30.0, True)


@STEADY
@given(needs=open_needs(), shelf=homes(least=1), data=st.data())
def test_lowering_a_rent_never_removes_a_possible_pair(needs, shelf, data):
    table = columns(shelf)
    row = data.draw(st.integers(0, len(shelf) - 1))
    assume(table.rent[row] > 0)
    rent = table.rent.copy()
    rent[row] -= data.draw(st.integers(1, int(rent[row])))
    before = open_market(needs, table, today=TODAY)
    after = open_market(needs, replace(table, rent=rent), today=TODAY)

    def pairs(market):
        return set(zip(market.household.tolist(), market.home.tolist(), strict=True))

    assert pairs(before) <= pairs(after)
    assert assign(before).housed.sum() <= assign(after).housed.sum()


def test_a_question_still_open_can_count_as_possible_or_not():
    some = [OpenNeed(1, a_need(floor=Floor.GROUND))]
    shelf = columns([a_home(5), a_home(4, floor=None)])
    assert open_market(some, shelf, today=TODAY).home.tolist() == [0, 1]
    sure = open_market(some, shelf, today=TODAY, with_questions=False)
    assert sure.home_ids[sure.home].tolist() == [5]
    with pytest.raises(AssignmentError, match="同じ世帯"):
        open_market(some * 2, shelf, today=TODAY)


@STEADY
@given(needs=open_needs(), shelf=homes(least=1, most=1))
def test_an_offer_suits_exactly_the_households_named(needs, shelf):
    home = columns(shelf)
    effects = landlord_offers(needs, home, today=TODAY)
    counts = [len(effect.household_ids) for effect in effects]
    assert counts == sorted(counts, reverse=True)
    for effect in effects:
        change = effect.offer.change
        if change.kind == ChangeKind.LOWER_RENT:
            lower = replace(home, rent=home.rent - change.amount)
            missed = [one for one in needs if not nothing_fails(one.need, home, TODAY)]
            suited = [one.household_id for one in missed if nothing_fails(one.need, lower, TODAY)]
            assert tuple(suited) == effect.household_ids


def test_accepting_with_rent_paid_by_proxy_suits_three():
    welfare = {"groups": ("public_assistance",)}
    able = [a_need(supports=Support.PROXY_PAYMENT, **welfare) for _ in range(3)]
    all_needs = [OpenNeed(number, need) for number, need in enumerate([*able, a_need(**welfare)])]
    home = columns([a_home(accepts=(("public_assistance", Acceptance.NO, Support.NONE),))])
    effects = landlord_offers(all_needs, home, today=TODAY)
    assert [(one.offer.terms, one.household_ids) for one in effects] == [
        (Support.NONE, (0, 1, 2, 3)),
        (Support.PROXY_PAYMENT, (0, 1, 2)),
    ]
    assert isinstance(effects[0], OfferEffect)
    assert isinstance(effects[0].offer, Offer)


def test_no_offer_names_a_group_that_must_not_be_spoken_of():
    hidden = [
        OpenNeed(number, a_need(groups=(group,), supports=Support.WATCHING))
        for number, group in enumerate(("dv", "ex_offender"))
    ]
    no = [(group, Acceptance.NO, Support.NONE) for group in ("dv", "ex_offender")]
    assert landlord_offers(hidden, columns([a_home(accepts=tuple(no))]), today=TODAY) == ()


def test_a_household_that_must_stay_away_counts_for_no_offer():
    near = a_need(stay_away=(StayAway(HERE, 500.0),), rent_limit=IncomeShare(38000))
    home = columns([a_home(fee=0)])
    others = [OpenNeed(1, replace(near, stay_away=())), OpenNeed(2, near)]
    assert [one.household_ids for one in landlord_offers(others, home, today=TODAY)] == [(1,)]
    with pytest.raises(AssignmentError, match="1つずつ"):
        landlord_offers(others, home.take(np.array([0, 0])), today=TODAY)
