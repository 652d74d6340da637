"""A box is meals: how much of one thing, nothing no day needs, and who may decide otherwise."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import parcel_model
from matching.eaters import Eater
from matching.lots import Equipment, FoodGroup, FoodHousehold, Lot
from matching.parcel_model import demands
from matching.parcel_round import plan_round
from matching.parcels import Parcel, more_of, plan_parcel, swaps
from matching.same_food import A_DAY, ANY_NUMBER, most_of_one, units_of_one
from tests.matching.factories import TODAY, a_household, a_lot
from tests.matching.rounds import KITCHENS, a_day
from tests.matching.test_parcels import random_household, random_lot

ONE = (Eater(67 * 12),)  # 1,050 kcal of staple, 525 of protein, 105 each of vegetables and fruit
SOON = TODAY + timedelta(days=20)
GROUPS = tuple(A_DAY)
KITCHEN = KITCHENS[-1] | {Equipment.POTABLE_WATER}


def a_shelf() -> list[Lot]:
    """What is left over in many food banks: rice in sacks, and much that expires soon."""
    return [
        a_lot(1, name="米5kg", kcal=17_100, weight_g=5_000, quantity=12),
        a_lot(2, name="カップ麺", kcal=350, weight_g=100, quantity=36, last_day=SOON),
        a_lot(3, name="乾パン", kcal=386, weight_g=100, quantity=36, last_day=SOON),
        a_lot(4, name="みかん缶", group=FoodGroup.FRUIT, kcal=60, quantity=40, last_day=SOON),
        a_lot(5, name="バナナ", group=FoodGroup.FRUIT, kcal=400, quantity=40),
        a_lot(6, name="カレー", group=FoodGroup.PROTEIN, kcal=180, quantity=40, last_day=SOON),
        a_lot(7, name="さば缶", group=FoodGroup.PROTEIN, kcal=330, quantity=40),
        a_lot(8, name="トマト缶", group=FoodGroup.VEGETABLE, kcal=80, quantity=40),
    ]


def of_one_thing(parcel: Parcel, shelf: dict[int, Lot]) -> Counter[tuple[int, FoodGroup, int]]:
    """Units by item, group and what makes a helping, without extras and infants' food."""
    units: Counter[tuple[int, FoodGroup, int]] = Counter()
    for line in parcel.lines:
        if line.group in A_DAY and line.infant is None:
            size = units_of_one(line.group, shelf[line.lot_id].kcal)
            units[line.item_id, line.group, size] += line.quantity
    return units


def is_a_meal(home: FoodHousehold, parcel: Parcel, shelf: dict[int, Lot]) -> bool:
    """Whether nothing is more than is eaten, and no unit is one no day needs."""
    grown = sum(not eater.infant for eater in home.eaters)
    eaten = all(
        units <= most_of_one(group, grown, home.days) * size
        for (_, group, size), units in of_one_thing(parcel, shelf).items()
    )
    for need in demands(home):
        mine = [
            line
            for line in parcel.lines
            if line.supplies
            and line.infant == need.infant
            and (need.infant is not None or line.group == need.group)
        ]
        surplus = sum(line.supplies for line in mine) - need.a_day * home.days
        eaten &= all(line.supplies // line.quantity > surplus for line in mine)
    return eaten


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_no_box_holds_more_of_one_thing_than_is_eaten_nor_what_no_day_needs(seed):
    draw = random.Random(seed)
    home = random_household(draw)
    lots = [replace(random_lot(draw, number), quantity=draw.randint(0, 60)) for number in range(9)]
    assert is_a_meal(home, plan_parcel(home, lots), {lot.lot_id: lot for lot in lots})


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_nor_does_any_box_of_a_day(seed):
    draw = random.Random(seed)
    homes, lots = a_day(draw.randint(1, 12), draw.randint(4, 25), seed=seed, enough=3.0)
    shelf = {lot.lot_id: lot for lot in lots}
    found = plan_round(homes, lots)
    for home, parcel in zip(homes, found.parcels, strict=True):
        assert is_a_meal(home, parcel, shelf)
        for line in parcel.lines:
            more = found.more(found.parcels.index(parcel), line)
            if more is not None:
                there = found.left[line.lot_id]
                assert line.quantity < more.quantity <= line.quantity + there


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_what_was_held_back_is_told_and_nothing_else_is_missing(seed):
    """Without the limit a group lasts longer exactly where the parcel says so."""
    draw = random.Random(seed)
    home = a_household(eaters=ONE * draw.randint(1, 3), days=draw.randint(1, 12), equipment=KITCHEN)
    lots = [
        a_lot(
            number,
            group=draw.choice(GROUPS),
            kcal=draw.choice((20, 60, 150, 350, 1_500)),
            quantity=draw.randint(1, 40),
        )
        for number in range(draw.randint(1, 8))
    ]
    parcel = plan_parcel(home, lots)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parcel_model, "most_of_one", lambda *_: ANY_NUMBER)
        free = plan_parcel(home, lots)
    held = {one.group for one in parcel.held}
    for limited, unlimited in zip(parcel.days, free.days, strict=True):
        assert (unlimited.days > limited.days + 1e-9) == (limited.group in held)
    assert len(parcel.notes) == sum(group.days < home.days for group in parcel.days) + len(held)


@pytest.mark.parametrize("way", ["alone", "day"])
def test_what_expires_soon_does_not_fill_a_box_beside_a_sack_or_a_bunch(way):
    """Beside rice and bananas there were 36 packs of hardtack and eleven tins for one person."""
    home = a_household(eaters=ONE, equipment=KITCHEN)
    lots = a_shelf()
    parcel = plan_parcel(home, lots) if way == "alone" else plan_round([home], lots).parcels[0]
    units = {line.name: line.quantity for line in parcel.lines}
    assert "米5kg" not in units
    assert units["カップ麺"] + units["乾パン"] == 9
    assert units.get("みかん缶", 0) <= 3
    assert max(units.values()) <= 6
    assert parcel.worst > 2
    assert parcel.weight_g < 6_000


def test_a_sack_is_for_those_whom_it_lasts_about_as_long_as_they_asked_for():
    lots = [lot for lot in a_shelf() if lot.group == FoodGroup.STAPLE]
    family = a_household(eaters=ONE * 3, days=5, equipment=KITCHEN)
    first = plan_parcel(family, lots).lines[0]
    assert (first.name, first.quantity) == ("米5kg", 1)
    alone = a_household(eaters=ONE, equipment=KITCHEN)
    assert [line.quantity for line in plan_parcel(alone, lots[:1]).lines] == [1]


def test_the_same_thing_twice_a_day_is_for_where_there_is_nothing_else():
    soon, *later = (a_lot(n, group=FoodGroup.PROTEIN, kcal=180, quantity=30) for n in (1, 2, 3))
    tins = [replace(soon, last_day=SOON), *later]
    home = a_household(eaters=ONE)
    units = [
        [line.quantity for line in plan_parcel(home, shelf).lines] for shelf in (tins, tins[:1])
    ]
    assert units == [[3, 3, 3], [6]]
    found = plan_round([home], tins).parcels[0]
    assert [line.quantity for line in found.lines] == [3, 3, 3]


def test_small_packs_may_come_two_at_a_time_and_a_week_of_the_same_is_enough():
    porridge = a_lot(1, kcal=90, quantity=200)
    assert plan_parcel(a_household(eaters=ONE), [porridge]).lines[0].quantity == 18
    fruit = a_lot(2, group=FoodGroup.FRUIT, kcal=105, quantity=200)
    fortnight = a_household(eaters=ONE, days=14)
    assert plan_parcel(fortnight, [fruit]).lines[0].quantity == 7
    assert plan_round([fortnight], [fruit]).parcels[0].lines[0].quantity == 7


def test_water_and_milk_are_the_same_every_day():
    milk = a_lot(1, group=FoodGroup.INFANT, kcal=105, quantity=99, infant_months=(0, 11),
                 formula=True)  # fmt: skip
    water = a_lot(2, group=FoodGroup.DRINK, kcal=0, weight_g=500, quantity=99)
    home = a_household(eaters=(*ONE, Eater(3)), days=10, equipment=frozenset())
    for parcel in (plan_parcel(home, [milk, water]), plan_round([home], [milk, water]).parcels[0]):
        assert [line.quantity for line in parcel.lines] == [50, 20]
    baby = plan_round([a_household(eaters=(Eater(3),), days=10)], [milk])
    assert (baby.worst, baby.settled) == (10, True)


def test_a_person_may_put_in_more_as_far_as_it_is_there_needed_and_carried():
    home = a_household(eaters=ONE, days=3)  # nine of one thing, of 16 that three days take
    rice = a_lot(1, kcal=200, weight_g=200, quantity=40)
    parcel = plan_parcel(home, [rice])
    line = parcel.lines[0]
    assert parcel.held[0].left == 31
    assert "「おかゆ」が31点" in parcel.notes[-1]
    assert [more_of(parcel, line, home, rice, spare).quantity for spare in (31, 2)] == [16, 11]
    assert more_of(parcel, line, home, rice, 0) is None
    found = plan_round([home], [rice])
    assert found.parcels[0].notes == parcel.notes
    assert found.more(0, found.parcels[0].lines[0]).quantity == 16
    can_carry = replace(home, carry_g=2_100)
    parcel = plan_parcel(can_carry, [rice])
    assert more_of(parcel, parcel.lines[0], can_carry, rice, 31).quantity == 10
    heavy = replace(home, carry_g=1_900)  # the bag ends it, and not what is eaten
    assert plan_parcel(heavy, [rice]).held == plan_round([heavy], [rice]).parcels[0].held == ()


def test_more_is_offered_only_of_what_keeps_and_was_held_back():
    home = a_household(eaters=ONE, days=3)
    brief = a_lot(1, item_id=1, kcal=200, quantity=5, last_day=TODAY + timedelta(days=1))
    keeps = a_lot(2, item_id=1, kcal=200, quantity=40)
    tins = a_lot(3, group=FoodGroup.PROTEIN, kcal=525, quantity=40)
    lots = [brief, keeps, tins]
    parcel, found = plan_parcel(home, lots), plan_round([home], lots)
    assert found.parcels[0].held == parcel.held
    offered = [more_of(parcel, line, home, lots[line.lot_id - 1], 9) for line in parcel.lines]
    assert [None if one is None else one.lot_id for one in offered] == [None, 2, None]
    assert all(found.more(0, line) is None for line in found.parcels[0].lines if line.lot_id != 2)


def test_a_swap_is_no_more_of_one_thing_than_is_eaten_either():
    bread, small = a_lot(1, kcal=1_050, quantity=3), a_lot(2, kcal=200, quantity=40)
    middling = a_lot(3, kcal=350, quantity=40)
    home = a_household(eaters=ONE)
    parcel = plan_parcel(home, [bread])
    found = swaps(parcel, parcel.lines[0], home, [bread, small, middling])
    assert [(swap.lot_id, swap.quantity) for swap in found] == [(3, 9)]
    made = plan_round([home], [bread, replace(small, quantity=0), replace(middling, quantity=0)])
    assert made.swaps(0, made.parcels[0].lines[0]) == ()
