"""A day's parcels: nobody left behind, nothing unsafe, the same whatever order lots come in."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import round_exact
from matching.eaters import Eater
from matching.errors import FoodError
from matching.food_safety import usable_days
from matching.lots import FoodGroup, FoodHousehold, Lot, Storage
from matching.parcel_round import Round, plan_round
from matching.parcels import NOT_ASKED
from matching.round_columns import Shelf, usable_table
from tests.matching.factories import TODAY, a_household, a_lot
from tests.matching.rounds import KITCHENS, a_day
from tests.matching.test_parcels import is_plainly_unsafe, random_household, random_lot

ONE = (Eater(67 * 12),)  # 1,050 kcal of staple food a day
LATER = TODAY + timedelta(days=90)


def taken(found: Round) -> Counter[int]:
    return Counter(
        {
            lot_id: sum(
                line.quantity for p in found.parcels for line in p.lines if line.lot_id == lot_id
            )
            for lot_id in {line.lot_id for parcel in found.parcels for line in parcel.lines}
        }
    )


def test_the_table_says_of_every_pair_what_the_rules_say_one_by_one():
    draw = random.Random(1)
    homes = [
        replace(home, pick_up=home.eat_from - timedelta(days=draw.randint(0, 1)))
        for home in (random_household(draw) for _ in range(60))
    ]
    lots = [
        replace(random_lot(draw, number), silent_on=frozenset(draw.sample(("walnut", "egg"), 1)))
        for number in range(60)
    ]
    shelf = Shelf.of(lots)
    table = usable_table(homes, shelf)
    assert table.any()
    for row, home in zip(table.tolist(), homes, strict=True):
        assert row == [usable_days(home, lot) for lot in shelf.lots]


def test_ten_thousand_households_get_no_unsafe_line():
    draw = random.Random(2)
    homes = [random_household(draw) for _ in range(10_000)]
    lots = [random_lot(draw, number) for number in range(80)]
    lots = [replace(lot, quantity=lot.quantity * 2_000) for lot in lots]
    shelf = {lot.lot_id: lot for lot in lots}
    found = plan_round(homes, lots)
    lines = 0
    for home, parcel in zip(homes, found.parcels, strict=True):
        lines += len(parcel.lines)
        assert home.carry_g is None or parcel.weight_g <= home.carry_g
        for line in parcel.lines:
            assert not is_plainly_unsafe(home, shelf[line.lot_id])
    assert lines > 10_000
    assert all(units <= shelf[lot_id].quantity for lot_id, units in taken(found).items())


def inversions(homes: list[FoodHousehold], lots: list[Lot], found: Round) -> int:
    """Count units of a later lot given while an earlier one of the same food stays here."""
    shelf = Shelf.of(lots)
    table = usable_table(homes, shelf)
    place = {lot.lot_id: number for number, lot in enumerate(shelf.lots)}
    wrong = 0
    for home, parcel in enumerate(found.parcels):
        for line in parcel.lines:
            late = shelf.lots[place[line.lot_id]]
            for early in shelf.lots[: place[line.lot_id]]:
                same = (early.item_id, early.kcal, early.weight_g, early.group)
                there = found.left[early.lot_id] and table[home, place[early.lot_id]]
                if same == (late.item_id, late.kcal, late.weight_g, late.group) and there:
                    wrong += table[home, place[early.lot_id]] >= homes[home].days
    return wrong


@pytest.mark.parametrize("seed", range(4))
def test_a_busy_day_leaves_nobody_behind_and_nothing_early_on_the_shelf(seed):
    homes, lots = a_day(40, 60, seed=seed, enough=0.7)
    found = plan_round(homes, lots)
    assert inversions(homes, lots, found) == 0
    assert all(units >= 0 for units in found.left.values())
    shuffled = random.Random(seed).sample(lots, len(lots))
    again = plan_round(homes, shuffled)
    assert again.parcels == found.parcels
    assert again.left == found.left


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_more_stock_never_lowers_the_worst_households_days(seed):
    draw = random.Random(seed)
    homes, lots = a_day(draw.randint(2, 3), draw.randint(6, 12), seed=seed, enough=0.7)
    homes = [
        replace(home, allergies=frozenset(), chewing=0, equipment=KITCHENS[-1] | home.equipment)
        for home in homes
    ]
    few, more = plan_round(homes, lots[:-2]), plan_round(homes, lots)
    most = plan_round(homes, [replace(lot, quantity=lot.quantity + 2) for lot in lots])
    if few.settled and more.settled and most.settled:
        assert few.worst <= more.worst + 1e-6
        assert more.worst <= most.worst + 1e-6
    for found in (few, more, most):
        assert found.worst <= found.most + 1e-6


def test_who_can_eat_little_else_gets_what_others_can_replace():
    rice, bread = a_lot(1, quantity=9), a_lot(2, quantity=9, contains=frozenset({"wheat"}))
    homes = [a_household(eaters=ONE, allergies=frozenset(code)) for code in ((), ("wheat",), ())]
    found = plan_round(homes, [rice, bread])
    units = [sum(line.quantity for line in parcel.lines) for parcel in found.parcels]
    assert units == [6, 6, 6]
    assert {line.lot_id for line in found.parcels[1].lines} == {1}


def test_the_better_off_give_up_what_they_can_do_without(monkeypatch):
    """The last units go by mending: what the first had by chance is given to who has least."""
    monkeypatch.setattr(round_exact, "MOST_PAIRS", 0)
    homes, lots = a_day(60, 50, seed=11, enough=0.5)
    homes = [replace(home, chewing=0, equipment=KITCHENS[-1] | home.equipment) for home in homes]
    found = plan_round(homes, lots)
    assert not found.settled
    worst = [p.worst for p in found.parcels if p.worst]
    assert min(worst) > 0.4 * np.mean(worst)


def test_earlier_lots_go_to_those_who_come_first():
    lots = [a_lot(1, item_id=1, quantity=9, last_day=TODAY + timedelta(days=40)),
            a_lot(2, item_id=1, quantity=9, last_day=LATER)]  # fmt: skip
    late = a_household(eaters=ONE, eat_from=TODAY + timedelta(days=2))
    found = plan_round([late, a_household(eaters=ONE)], lots)
    assert [[(line.lot_id, line.quantity) for line in p.lines] for p in found.parcels] == [
        [(2, 9)], [(1, 9)],
    ]  # fmt: skip


def test_the_early_lot_stays_with_who_may_have_no_other():
    """Who comes first could have all of it; then the other would have none."""
    lots = [
        a_lot(1, item_id=1, quantity=10, last_day=TODAY + timedelta(days=40)),
        a_lot(2, item_id=1, quantity=9, last_day=LATER, contains=frozenset({"egg"})),
    ]
    homes = [
        a_household(eaters=ONE, eat_from=TODAY + timedelta(days=days), allergies=avoids)
        for days, avoids in ((0, frozenset()), (1, frozenset({"egg"})))
    ]
    found = plan_round(homes, lots)
    assert [[(line.lot_id, line.quantity) for line in p.lines] for p in found.parcels] == [
        [(1, 1), (2, 8)], [(1, 9)],
    ]  # fmt: skip


def test_what_perishes_is_planned_for_the_days_it_keeps():
    tofu = a_lot(1, group=FoodGroup.PROTEIN, kcal=175, quantity=50, storage=Storage.CHILLED)
    tin = a_lot(2, group=FoodGroup.PROTEIN, kcal=175, quantity=50)
    found = plan_round([a_household(eaters=ONE)], [tofu, tin])
    assert {line.lot_id: line.quantity for line in found.parcels[0].lines} == {1: 3, 2: 6}


def test_infants_are_fed_one_by_one_and_water_comes_where_none_can_be_drunk():
    milk = a_lot(
        1, group=FoodGroup.INFANT, kcal=525, quantity=9, infant_months=(0, 11), formula=True
    )
    water = a_lot(2, group=FoodGroup.DRINK, kcal=0, weight_g=2000, quantity=9)
    homes = [
        a_household(eaters=(Eater(3), Eater(10)), days=2),
        a_household(eaters=(*ONE, Eater(7)), equipment=frozenset(), allergies=None),
    ]
    first, second = plan_round(homes, [milk, water]).parcels
    assert {line.infant: line.quantity for line in first.lines if line.lot_id == 1} == {0: 2, 1: 3}
    assert {line.group: line.quantity for line in second.lines} == {
        FoodGroup.DRINK: 2, FoodGroup.INFANT: 4,
    }  # fmt: skip
    assert second.notes[-1] == NOT_ASKED


def test_extras_are_one_each_in_turn_as_far_as_they_can_be_carried():
    sweets = [a_lot(n, group=FoodGroup.SWEET, quantity=2, item_id=n // 2) for n in range(2, 6)]
    salt = a_lot(9, group=FoodGroup.SEASONING, weight_g=9_000, quantity=9, last_day=TODAY)
    homes = [a_household(eaters=ONE, days=1, carry_g=5_000) for _ in range(3)]
    found = plan_round(homes, [*sweets, salt])
    assert [len(parcel.lines) for parcel in found.parcels] == [2, 2, 2]
    assert len({line.item_id for line in found.parcels[0].lines}) == 2


def test_swaps_are_safe_equivalents_that_nobody_else_is_proposed():
    lots = [a_lot(1, kcal=1050, weight_g=500, quantity=3),
            a_lot(2, kcal=350, weight_g=100, quantity=9),
            a_lot(3, kcal=350, quantity=9, contains=frozenset({"egg"})),
            a_lot(4, kcal=1050, weight_g=9_000, quantity=9),
            a_lot(5, group=FoodGroup.PROTEIN, quantity=0),
            a_lot(6, group=FoodGroup.SWEET), a_lot(7, group=FoodGroup.OTHER),
            a_lot(8, group=FoodGroup.SWEET, quantity=4)]  # fmt: skip
    home = a_household(eaters=ONE, carry_g=4_000, allergies=frozenset({"egg"}), days=1)
    found = plan_round([home], lots)
    rice = next(line for line in found.parcels[0].lines if line.group == FoodGroup.STAPLE)
    other = {1: (2, 3), 2: (1, 1)}[rice.lot_id]
    assert [(swap.lot_id, swap.quantity) for swap in found.swaps(0, rice)] == [other]
    sweet = next(line for line in found.parcels[0].lines if line.group == FoodGroup.SWEET)
    assert {swap.lot_id for swap in found.swaps(0, sweet)} == {6, 8} - {sweet.lot_id}


def test_sizes_beyond_the_table_scale_and_nobody_or_nothing_is_no_trouble():
    many = a_household(eaters=(Eater(40 * 12),) * 20, days=10)
    found = plan_round([many], [a_lot(kcal=2400, quantity=1000, weight_g=0)])
    assert found.parcels[0].lines[0].quantity == 100
    assert plan_round([], [a_lot()]).worst == 0
    assert plan_round([many], []).parcels[0].lines == ()
    with pytest.raises(FoodError):
        plan_round([many], [a_lot(), a_lot()])


def test_a_light_parcel_is_made_of_light_food():
    heavy = a_lot(1, kcal=350, weight_g=500, quantity=99, last_day=TODAY + timedelta(days=20))
    light = a_lot(2, kcal=350, weight_g=100, quantity=99)
    tins = [a_lot(number, group=group, kcal=350, weight_g=400, quantity=99)
            for number, group in enumerate((FoodGroup.PROTEIN, FoodGroup.FRUIT), 3)]  # fmt: skip
    found = plan_round([a_household(eaters=ONE, days=7, carry_g=7_000)], [heavy, light, *tins])
    parcel = found.parcels[0]
    assert {group.group.value: group.days > 4 for group in parcel.days} == {
        "staple": True, "protein": True, "vegetable": False, "fruit": True,
    }  # fmt: skip
