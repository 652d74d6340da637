"""Sentences about many households: what may be named is, and nothing else."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.assignment import assign
from matching.changes import Change, ChangeKind, Grantor
from matching.explain_batch import (
    Say,
    move_sentence,
    offer_sentence,
    recruit_sentence,
    scarcity_sentences,
    taken_sentence,
)
from matching.home_columns import columns
from matching.landlord_side import Offer, OfferEffect, landlord_offers
from matching.market import Locks
from matching.need import NATIONAL_MINIMUM, Floor, StayAway
from matching.open_needs import OpenNeed, open_market
from matching.phrases import GROUP_NAMES, OFFERS
from matching.reassignment import Firmness, Move, MoveReason, reassign
from matching.recruiting import Recruit, recruits, wish_of
from matching.scarcity import Dependence, Loss, Scarcity, if_taken, scarcity, shelf
from tests.matching.factories import TODAY, a_need
from tests.matching.strategies import homes, needs, places

NO_LOSS = Loss((), (), (), 0)
SAY = Say(
    cases={1: "A-1", 2: "A-2"},
    homes={7: "見本荘101"},
    features=frozenset({"ground"}),
    groups=GROUP_NAMES,
)


def everything_said(open_needs, shelf_of_homes):
    """Say all there is to say about a market."""
    say = replace(SAY, cases={one.household_id: f"T-{one.household_id}" for one in open_needs})
    market = open_market(open_needs, shelf_of_homes, today=TODAY)
    found = assign(market)
    at, said = shelf(found), []
    ground = {"ground": shelf_of_homes.floor == 1}
    for home in market.home_ids.tolist():
        said.append(scarcity_sentences(scarcity(at, home, ground), say))
        said += [
            taken_sentence(one.household_id, if_taken(at, one.household_id, home), say)
            for one in open_needs
        ]
        alone = shelf_of_homes.take(shelf_of_homes.ids == home)
        said += [
            offer_sentence(one, say) for one in landlord_offers(open_needs, alone, today=TODAY)
        ]
    said += [recruit_sentence(one, say) for one in recruits(open_needs, found, today=TODAY)]
    before = {pair.household_id: pair.home_id for pair in found.pairs()}
    for pair in list(before.items())[:2]:
        after = reassign(market, before, locks=Locks(never=(pair,)), firmness=Firmness.PAIRS_FIRST)
        said += [move_sentence(move, say) for move in after.moves]
    return said


@settings(max_examples=15, deadline=None)
@given(
    listed=st.lists(needs(), min_size=1, max_size=4),
    shelf_of=homes(least=1, most=5),
    where=places,
    radius=st.floats(1, 20000),
)
def test_no_sentence_tells_of_a_place_to_stay_away_from(listed, shelf_of, where, radius):
    radius += 0.123456789
    table = columns(shelf_of)
    hidden = [
        OpenNeed(number + 1, replace(need, stay_away=(StayAway(where, radius),)))
        for number, need in enumerate(listed)
    ]
    said = everything_said(hidden, table)
    assert all("{" not in words and "_" not in words for words in said)
    assert not re.search("近づ|範囲|" + re.escape(str(radius)), "".join(said))
    zone = (StayAway(where, radius * 0.999999),)  # another zone around the same homes
    same = [replace(one, need=replace(one.need, stay_away=zone)) for one in hidden]
    if open_market(same, table, today=TODAY).home.tolist() == (
        open_market(hidden, table, today=TODAY).home.tolist()
    ):
        assert everything_said(same, table) == said


def test_households_are_named_by_case_number_or_not_at_all():
    loss = Loss((2, 5, 6), (), (), 0)
    assert "A-2、ほかの世帯2件の行き先" in taken_sentence(1, loss, SAY)
    assert taken_sentence(9, Loss((), (), (2,), 0), SAY) == (
        "ほかの世帯がこれをとると、A-2は別の住戸になります。"
    )
    assert taken_sentence(1, Loss((1,), (), (1,), 0), SAY) == (
        "A-1がこれをとっても、ほかの世帯の行き先は変わりません。"
    )


@pytest.mark.parametrize(
    ("loses", "features", "said"),
    [
        ((), ("ground",), "この部屋は1階でなければ入れない方が2名います。"),
        ((), ("accepts",), "この部屋がなくても、行き先のなくなる世帯はありません。"),
        ((2,), ("dv",), "この部屋がないと、A-2の行き先がなくなります。取り置きをお勧めします。"),
    ],
)
def test_only_features_that_may_be_named_are(loses, features, said):
    depends = tuple(Dependence(feature, (2, 3), 1) for feature in features)
    seen = Scarcity(7, 0, False, 2, Loss(loses, (), (), 0), depends, bool(loses))
    assert scarcity_sentences(seen, SAY) == said
    assert scarcity_sentences(replace(seen, without=NO_LOSS, depends=()), SAY).endswith(
        "ありません。"
    )


@pytest.mark.parametrize("reason", MoveReason)
@pytest.mark.parametrize(
    ("before", "after", "end"),
    [
        (8, 7, "見本荘101に変わります。"),
        (None, 9, "住戸9に決まります。"),
        (8, None, "行き先がなくなります。"),
    ],
)
def test_every_move_is_said_with_its_reason(reason, before, after, end):
    said = move_sentence(Move(2, before, after, reason, 1, 1), SAY)
    assert said.startswith("A-2は、")
    assert said.endswith(end)
    without_cause = move_sentence(Move(2, before, after, MoveReason.BETTER, None, 2), SAY)
    assert "より合う" in without_cause


def test_a_wish_says_all_that_is_asked_but_no_group_that_must_not_be_spoken_of():
    need = a_need(
        people=3, floor=Floor.GROUND_OR_LIFT, min_rooms=2, space=NATIONAL_MINIMUM, wheelchair=True,
        max_steps=1, pet=True, municipalities=("座間市",), kinds=("アパート",),
        groups=("dv", "elderly"),
    )  # fmt: skip
    said = recruit_sentence(Recruit(wish_of(need), 1, (1,), 1, 0), SAY)
    assert said == (
        "座間市、アパート、1階（上の階ならエレベーター付き）、家賃41,000円以下、3人以上で入居可、"
        "2部屋以上、40㎡以上、車いすで使える、入口の段差1段以内、ペット可、高齢の方可の部屋が1件あれば、"
        "あと1世帯の行き先ができます。"
    )
    plain = wish_of(a_need(rent_limit=None))
    assert recruit_sentence(Recruit(plain, 1, (1,), 1, 0), SAY).startswith("どなたでも")


@pytest.mark.parametrize("kind", OFFERS)
def test_every_offer_can_be_said(kind):
    effect = OfferEffect(Offer(Change(kind, Grantor.LANDLORD, 2000, "elderly")), (1, 2))
    assert offer_sentence(effect, SAY).endswith("と、2世帯が合います。")
    accept = Change(ChangeKind.ACCEPT_GROUP, Grantor.LANDLORD, 1, "elderly")
    assert "この方々" in offer_sentence(OfferEffect(Offer(accept), (1,)), Say())
    assert not np.isin("dv", offer_sentence(effect, SAY))
