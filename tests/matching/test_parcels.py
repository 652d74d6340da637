"""Parcels: nothing unsafe, nobody's food group left behind, everything explained."""

import itertools
import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from matching import parcel_model
from matching.eaters import Eater, Sex, kcal_a_day
from matching.errors import FoodError
from matching.food_safety import unsafe_reasons, usable_days
from matching.lots import DateKind, Equipment, FoodGroup, FoodHousehold, Lot, Storage
from matching.parcel_days import days_of
from matching.parcel_words import REFUSED_WORDS, refused_sentence
from matching.parcels import plan_parcel, swaps
from tests.matching.factories import TODAY, a_household, a_lot

ALLERGENS = ("wheat", "egg", "milk", "cashew", "pistachio", "walnut", "pecan")
HOT, STOVE = frozenset({Equipment.HOT_WATER}), frozenset({Equipment.BURNER})


def some(draw: random.Random, codes: tuple[str, ...], most: int = 2) -> frozenset[str]:
    return frozenset(draw.sample(codes, draw.randint(0, most)))


def random_lot(draw: random.Random, number: int) -> Lot:
    group = draw.choice(list(FoodGroup))
    item = number // 2
    return a_lot(
        number,
        item_id=item,
        group=group,
        kcal=draw.choice((0, 80, 250, 400)),
        weight_g=draw.choice((100, 300, 500)),
        quantity=draw.randint(0, 6),
        requires=draw.choice(((), (HOT,), (HOT, STOVE), (STOVE,))),
        contains=some(draw, ALLERGENS) if draw.random() < 0.3 else frozenset(),
        may_contain=some(draw, ALLERGENS, 1),
        allergens_known=draw.random() < 0.8,
        ingredients=some(draw, ("honey", "pork", "mochi"), 1)
        if draw.random() < 0.2
        else frozenset(),
        doubtful=some(draw, ("pork",), 1),
        ingredients_known=draw.random() < 0.8,
        infant_months=draw.choice(((0, 11), (5, 8), (9, 11)))
        if group == FoodGroup.INFANT
        else None,
        formula=group == FoodGroup.INFANT and draw.random() < 0.5,
        special_formula=draw.random() < 0.05,
        chewing=draw.choice((None, 0, 1, 3, 4)),
        date_kind=draw.choice((DateKind.BEST_BEFORE, DateKind.NOT_REQUIRED, DateKind.UNKNOWN)),
        last_day=draw.choice((None, *(TODAY + timedelta(days=n) for n in (-1, 0, 1, 2, 20, 300)))),
        storage=draw.choice(list(Storage)),
        held=draw.random() < 0.05,
        recalled=draw.random() < 0.05,
    )


def random_household(draw: random.Random) -> FoodHousehold:
    ages = (3, 7, 10, 30, 40 * 12, 70 * 12, None)
    return a_household(
        eaters=tuple(Eater(draw.choice(ages)) for _ in range(draw.randint(1, 4))),
        days=draw.randint(1, 4),
        allergies=draw.choice((frozenset(), some(draw, ALLERGENS), None)),
        equipment=frozenset(draw.sample(list(Equipment), draw.randint(0, 5))),
        chewing=draw.choice((0, 0, 1, 3)),
        forbidden=draw.choice((frozenset(), frozenset({"pork"}))),
        carry_g=draw.choice((None, 5000, 1500)),
        formula_item=draw.choice((None, None, 1)),
    )


def is_plainly_unsafe(home: FoodHousehold, lot: Lot) -> bool:
    """Judge again by other means, on the first day."""
    avoid = set(home.allergies or ())
    for pair in (("cashew", "pistachio"), ("walnut", "pecan")):
        avoid |= set(pair) if avoid & set(pair) else set()
    babies = [eater.age_months for eater in home.eaters if eater.age_months in (3, 7, 10)]
    return bool(
        lot.held
        or lot.recalled
        or (avoid and (not lot.allergens_known or avoid & (lot.contains | lot.may_contain)))
        or (lot.last_day is not None and lot.last_day < home.eat_from)
        or (lot.last_day is None and lot.date_kind != DateKind.NOT_REQUIRED)
        or (babies and "honey" in lot.ingredients)
        or (home.forbidden & (lot.ingredients | lot.doubtful))
        or (lot.infant_months and not any(lot.infant_months[0] <= m <= 11 for m in babies))
    )


def test_no_random_parcel_holds_anything_unsafe_or_more_than_there_is():
    draw = random.Random(5)
    for number_of_home in range(150):
        home = random_household(draw)
        lots = [random_lot(draw, number) for number in range(draw.randint(1, 12))]
        shelf = {lot.lot_id: lot for lot in lots}
        parcel = plan_parcel(home, lots)
        taken: Counter[int] = Counter()
        for line in parcel.lines:
            lot = shelf[line.lot_id]
            taken[line.lot_id] += line.quantity
            assert unsafe_reasons(home, lot, home.eat_from) == ()
            assert not is_plainly_unsafe(home, lot)
            for swap in swaps(parcel, line, home, lots):
                assert unsafe_reasons(home, shelf[swap.lot_id], home.eat_from) == ()
                assert swap.lot_id != line.lot_id
        assert all(count <= shelf[lot_id].quantity for lot_id, count in taken.items())
        assert home.carry_g is None or parcel.weight_g <= home.carry_g
        if number_of_home % 5 == 0:
            assert parcel == plan_parcel(home, lots)
        for early, late in itertools.permutations(lots, 2):
            same = (early.item_id, early.kcal, early.weight_g, early.group, early.infant_months)
            like = (late.item_id, late.kcal, late.weight_g, late.group, late.infant_months)
            lasts = usable_days(home, early) == usable_days(home, late) == home.days
            sooner = (early.last_day or date.max) < (late.last_day or date.max)
            if same == like and early.formula == late.formula and lasts and sooner:
                left = shelf[early.lot_id].quantity - taken[early.lot_id]
                assert not left or not taken[late.lot_id], "an expiry inversion"
        refused = {refused.lot_id for refused in parcel.refused}
        assert not refused & set(taken)
        assert all(refused_sentence(refused.reasons) for refused in parcel.refused)


def test_no_random_pair_that_is_plainly_unsafe_is_ever_called_safe():
    draw = random.Random(6)
    for number in range(10_000):
        home, lot = random_household(draw), random_lot(draw, number)
        reasons = unsafe_reasons(home, lot, home.eat_from)
        assert reasons or not is_plainly_unsafe(home, lot)
        assert set(reasons) <= set(REFUSED_WORDS)


def test_adding_stock_never_lowers_the_worst_groups_days():
    draw = random.Random(7)
    for _ in range(80):
        home = replace(random_household(draw), allergies=frozenset(), chewing=0)
        lots = [random_lot(draw, number) for number in range(10)]
        few, many = plan_parcel(home, lots[:-2]), plan_parcel(home, lots)
        assert few.proven
        assert many.worst >= few.worst - 1e-6


def test_the_worst_groups_days_are_those_of_trying_everything():
    draw = random.Random(8)
    groups = (FoodGroup.STAPLE, FoodGroup.PROTEIN, FoodGroup.VEGETABLE, FoodGroup.FRUIT)
    for _ in range(25):
        home = a_household(eaters=(Eater(67 * 12),), days=2, carry_g=draw.choice((1500, 2500)))
        lots = [
            a_lot(
                number,
                group=group,
                kcal=draw.choice((40, 90, 300)),
                weight_g=draw.choice((200, 350)),
                quantity=draw.randint(1, 3),
            )
            for number, group in enumerate(groups + groups[:2])
        ]
        best = 0.0
        for units in itertools.product(*(range(lot.quantity + 1) for lot in lots)):
            pairs = list(zip(units, lots, strict=True))
            if sum(count * lot.weight_g for count, lot in pairs) <= (home.carry_g or 0):
                days = [
                    sum(count * lot.kcal for count, lot in pairs if lot.group == group) / a_day
                    for group, a_day in zip(groups, (1050, 525, 105, 105), strict=True)
                ]
                best = max(best, min(2.0, *days))
        assert plan_parcel(home, lots).worst == pytest.approx(best)


def test_the_days_of_what_was_chosen_are_those_of_the_plan_and_fall_with_each_line_left_out():
    draw = random.Random(9)
    for _ in range(25):
        home = random_household(draw)
        shelf = {lot.lot_id: lot for lot in (random_lot(draw, number) for number in range(12))}
        parcel = plan_parcel(home, list(shelf.values()))
        given = [(shelf[line.lot_id], line.quantity) for line in parcel.lines]
        days = days_of(home, given)
        for planned, found in zip(parcel.days, days, strict=True):
            if planned.infant is None:  # infants' units may be shared out otherwise
                assert found.days == pytest.approx(planned.days)
        for place in range(len(given)):
            fewer = days_of(home, given[:place] + given[place + 1 :])
            assert all(a.days <= b.days for a, b in zip(fewer, days, strict=True))


def test_days_chosen_count_what_keeps_and_is_safe_and_feed_the_hungrier_infant():
    home = a_household(days=4, allergies=frozenset({"egg"}), eaters=(Eater(30 * 12), Eater(8)))
    keeps = a_lot(1, kcal=50_000, allergens_known=True, last_day=TODAY + timedelta(days=1))
    other = a_lot(2, kcal=50_000, allergens_known=True, contains=frozenset({"egg"}))
    assert [days_of(home, [(lot, 1)])[0].days for lot in (keeps, other)] == [2.0, 0.0]
    twins = a_household(days=2, eaters=(Eater(8), Eater(8)))
    jar = a_lot(3, group=FoodGroup.INFANT, kcal=325, infant_months=(7, 11), ingredients_known=True)
    assert [group.days for group in days_of(twins, [(jar, 2)])] == pytest.approx(
        [0.5, 0.5], abs=0.1
    )


def test_food_is_eaten_before_it_expires_and_the_earliest_lot_goes_first():
    lots = [
        a_lot(1, item_id=1, kcal=525, last_day=TODAY + timedelta(days=90), quantity=20),
        a_lot(2, item_id=1, kcal=525, last_day=TODAY, quantity=20),
        a_lot(3, item_id=1, kcal=525, last_day=TODAY + timedelta(days=40), quantity=3),
        a_lot(4, item_id=1, kcal=525, last_day=TODAY - timedelta(days=1), quantity=20),
    ]
    home = a_household(eaters=(Eater(67 * 12),), days=3)
    parcel = plan_parcel(home, lots)
    assert {line.lot_id: line.quantity for line in parcel.lines} == {1: 1, 2: 2, 3: 3}
    assert parcel.days[0].days == 3.0
    assert parcel.refused[0].reasons == ("past",)


def test_the_worst_group_comes_before_plenty_of_another():
    lots = [
        a_lot(1, kcal=100, weight_g=500, quantity=50),
        a_lot(2, group=FoodGroup.PROTEIN, kcal=100, weight_g=500, quantity=50),
    ]
    home = a_household(eaters=(Eater(67 * 12),), days=7, carry_g=6000)
    parcel = plan_parcel(home, lots)
    assert {line.lot_id: line.quantity for line in parcel.lines} == {1: 8, 2: 4}
    assert parcel.worst == 0
    assert "果物が7日分足りません" in parcel.notes


def test_sizes_beyond_the_table_scale():
    home = a_household(eaters=(Eater(40 * 12),) * 20, days=10)
    parcel = plan_parcel(home, [a_lot(kcal=2400, quantity=1000)])
    assert parcel.lines[0].quantity == 100


def test_two_infants_share_one_lot_and_adults_get_none_of_it():
    milk = a_lot(
        1, group=FoodGroup.INFANT, kcal=525, quantity=5, infant_months=(0, 11), formula=True
    )
    later = a_lot(2, group=FoodGroup.INFANT, kcal=200, quantity=9, infant_months=(9, 11))
    home = a_household(eaters=(Eater(3), Eater(10), Eater()), days=4)
    parcel = plan_parcel(home, [milk, later])
    assert sum(line.quantity for line in parcel.lines if line.lot_id == 1) == 5
    assert {line.infant for line in parcel.lines if line.lot_id == 2} == {1}
    assert parcel.days[0].days == 0
    assert [group.days for group in parcel.days[-2:]] == [4.0, pytest.approx(2325 / 675)]
    baby_only = plan_parcel(a_household(eaters=(Eater(3),)), [milk])
    assert [group.group for group in baby_only.days] == [FoodGroup.INFANT]


def test_extras_are_few_and_water_comes_where_none_can_be_drunk():
    sweets = [a_lot(n, group=FoodGroup.SWEET, quantity=9) for n in range(1, 6)]
    water = a_lot(9, name="水", group=FoodGroup.DRINK, kcal=0, weight_g=2000, quantity=9)
    home = a_household(eaters=(Eater(),), days=4, equipment=frozenset())
    parcel = plan_parcel(home, [*sweets, water])
    assert sorted(line.quantity for line in parcel.lines) == [1, 1, 2]
    assert parcel.lines[-1].sentence.startswith("そのまま飲める")
    sweet = parcel.lines[0]
    assert len(swaps(parcel, sweet, home, [*sweets, water])) == 4


def test_an_extra_that_expires_first_is_taken_first():
    soon = a_lot(
        1, item_id=1, group=FoodGroup.SWEET, quantity=2, last_day=TODAY + timedelta(days=1)
    )
    later = a_lot(
        2, item_id=1, group=FoodGroup.SWEET, quantity=1, last_day=TODAY + timedelta(days=9)
    )
    parcel = plan_parcel(a_household(), [later, soon])
    assert [(line.lot_id, line.quantity) for line in parcel.lines] == [(1, 2)]


def test_swaps_are_equivalents_that_can_be_carried_and_kept():
    line_of = a_lot(1, kcal=1050, weight_g=500, quantity=3)
    heavy = a_lot(2, kcal=1050, weight_g=5000, quantity=3)
    brief = a_lot(3, kcal=1050, last_day=TODAY, quantity=3)
    empty = a_lot(4, kcal=0, quantity=3)
    fish = a_lot(5, group=FoodGroup.PROTEIN, quantity=0)
    good = a_lot(6, kcal=350, weight_g=100, quantity=9)
    home = a_household(eaters=(Eater(67 * 12),), carry_g=2000)
    parcel = plan_parcel(home, [line_of])
    found = swaps(parcel, parcel.lines[0], home, [line_of, heavy, brief, empty, fish, good])
    assert [(swap.lot_id, swap.quantity) for swap in found] == [(6, 9)]
    with pytest.raises(FoodError):
        swaps(parcel, replace(parcel.lines[0], quantity=1), home, [line_of])


def test_a_search_that_ends_without_an_answer_says_so(monkeypatch):
    nothing = SimpleNamespace(status=1, x=None)
    monkeypatch.setattr(parcel_model, "milp", lambda *_args, **_kwargs: nothing)
    parcel = plan_parcel(a_household(), [a_lot()])
    assert not parcel.proven
    assert parcel.lines == ()


def test_nobody_asked_about_allergies_means_only_declared_food_and_a_note():
    home = a_household(allergies=None)
    assert unsafe_reasons(home, a_lot(contains=frozenset({"milk"})), TODAY) == ("allergen",)
    assert unsafe_reasons(home, a_lot(allergens_known=False), TODAY) == ("allergens_unknown",)
    assert "アレルギーの有無" in plan_parcel(home, [a_lot()]).notes[-1]


@pytest.mark.parametrize(
    ("household", "lot", "reason"),
    [
        ({"allergies": frozenset({"cashew"})}, {"contains": frozenset({"pistachio"})}, "allergen"),
        ({"allergies": frozenset({"pistachio"})}, {"contains": frozenset({"cashew"})}, "allergen"),
        ({"allergies": frozenset({"pecan"})}, {"contains": frozenset({"walnut"})}, "allergen"),
        ({"allergies": frozenset({"egg"})}, {"may_contain": frozenset({"egg"})}, "may_contain"),
        ({}, {"requires": (STOVE,)}, "needs_equipment"),
        ({"eaters": (Eater(8),)}, {"ingredients": frozenset({"honey"})}, "honey"),
        ({}, {"infant_months": (5, 8)}, "no_infant"),
        ({"eaters": (Eater(3),)}, {"infant_months": (0, 8)}, "not_for_infant_month"),
        (
            {"eaters": (Eater(8),)},
            {"infant_months": (5, 8), "ingredients_known": False},
            "ingredients_unknown",
        ),
        ({"eaters": (Eater(3),), "formula_item": 5}, {"formula": True, "infant_months": (0, 11)},
         "other_formula"),
        ({"eaters": (Eater(3),)},
         {"formula": True, "special_formula": True, "infant_months": (0, 11)}, "special_formula"),
        ({"chewing": 2}, {"chewing": None}, "chewing_unknown"),
        ({"chewing": 2}, {"chewing": 1}, "too_hard"),
        ({"chewing": 2}, {"chewing": 4, "ingredients": frozenset({"mochi"})}, "too_hard"),
        ({"forbidden": frozenset({"pork"})}, {"ingredients": frozenset({"pork"})}, "forbidden"),
        ({"forbidden": frozenset({"pork"})}, {"doubtful": frozenset({"pork"})}, "may_be_forbidden"),
        ({"forbidden": frozenset({"pork"})}, {"ingredients_known": False}, "ingredients_unknown"),
        ({}, {"held": True}, "held"),
        ({}, {"recalled": True}, "recalled"),
        ({}, {"quantity": 0}, "none_left"),
        ({}, {"last_day": None}, "date_unknown"),
    ],
)  # fmt: skip
def test_one_thing_is_enough_to_refuse_a_lot(household, lot, reason):
    assert unsafe_reasons(a_household(**household), a_lot(**lot), TODAY) == (reason,)


def test_what_cannot_be_kept_cold_is_eaten_on_the_day_it_is_picked_up():
    chilled, frozen = a_lot(storage=Storage.CHILLED), a_lot(storage=Storage.FROZEN)
    assert [usable_days(a_household(), lot) for lot in (chilled, frozen)] == [1, 1]
    later = a_household(pick_up=TODAY - timedelta(days=1))
    assert [usable_days(later, lot) for lot in (chilled, frozen)] == [0, 0]
    kitchen = a_household(equipment=frozenset({Equipment.FULL_KITCHEN, Equipment.FREEZER}))
    assert [usable_days(kitchen, lot) for lot in (chilled, frozen)] == [3, 3]
    assert unsafe_reasons(later, chilled, TODAY) == ("needs_fridge",)
    assert unsafe_reasons(later, frozen, TODAY) == ("needs_freezer",)
    assert not unsafe_reasons(later, a_lot(last_day=None, date_kind=DateKind.NOT_REQUIRED), TODAY)


def test_soft_food_suits_and_infants_do_not_chew_at_all():
    assert not unsafe_reasons(a_household(chewing=2), a_lot(chewing=3), TODAY)
    family = a_household(eaters=(Eater(8), Eater()), chewing=2)
    assert not unsafe_reasons(family, a_lot(infant_months=(5, 8), chewing=None), TODAY)


@pytest.mark.parametrize(
    ("eater", "kcal"),
    [
        (Eater(0, Sex.MALE), 550),
        (Eater(11, Sex.FEMALE), 650),
        (Eater(13 * 12), 2500),
        (Eater(75 * 12, Sex.FEMALE), 1750),
        (Eater(30 * 12, Sex.FEMALE, nursing=True), 2400),
        (Eater(30 * 12, Sex.FEMALE, trimester=3), 2500),
        (Eater(), 2215),
    ],
)
def test_energy_follows_the_table(eater, kcal):
    assert kcal_a_day(eater) == kcal


@pytest.mark.parametrize(
    "make",
    [
        lambda: Eater(-1),
        lambda: Eater(5, trimester=4),
        lambda: a_household(eaters=()),
        lambda: a_household(days=0),
        lambda: a_household(chewing=5),
        lambda: a_household(carry_g=-1),
        lambda: a_household(pick_up=date(2026, 11, 30)),
        lambda: a_lot(quantity=-1),
        lambda: a_lot(chewing=7),
        lambda: plan_parcel(a_household(), [a_lot(), a_lot()]),
    ],
)
def test_absurd_input_is_refused_in_words(make):
    with pytest.raises(FoodError) as caught:
        make()
    assert caught.value.message.endswith("。")


def test_the_input_is_left_as_it_was():
    lots = [a_lot(1), a_lot(2)]
    before = repr(lots)
    plan_parcel(a_household(), lots)
    assert repr(lots) == before
    assert np.isfinite(plan_parcel(a_household(), lots).worst)
