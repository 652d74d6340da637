"""Random days of a food bank: households with what they may eat and cook, and a shelf of lots."""

import random
from dataclasses import replace
from datetime import timedelta

from matching.eaters import Eater
from matching.lots import DateKind, Equipment, FoodGroup, FoodHousehold, Lot, Storage
from matching.round_columns import Cells
from tests.matching.factories import TODAY, a_household, a_lot

ALLERGENS = ("wheat", "egg", "milk", "buckwheat", "shrimp", "peanut", "walnut", "cashew", "soy")
HOT, STOVE = frozenset({Equipment.HOT_WATER}), frozenset({Equipment.BURNER})
COOKER, MICROWAVE = frozenset({Equipment.RICE_COOKER}), frozenset({Equipment.MICROWAVE})
OPENER = frozenset({Equipment.CAN_OPENER})
WAYS = ((), (), (HOT, STOVE), (HOT, MICROWAVE), (STOVE,), (COOKER,), (OPENER,))
KITCHENS = (
    frozenset(),
    HOT,
    HOT | MICROWAVE,
    STOVE | MICROWAVE,
    STOVE | COOKER | MICROWAVE | OPENER | {Equipment.FRIDGE},
    STOVE | COOKER | MICROWAVE | OPENER | {Equipment.FRIDGE, Equipment.FREEZER},
)
GROUPS = (
    *(FoodGroup.STAPLE,) * 8,
    *(FoodGroup.PROTEIN,) * 6,
    *(FoodGroup.VEGETABLE,) * 3,
    *(FoodGroup.FRUIT,) * 2,
    FoodGroup.SWEET,
    FoodGroup.SEASONING,
)
# kcal of a unit and the grams it weighs, for each group.
UNITS = {
    FoodGroup.STAPLE: ((200, 80), (350, 100), (360, 250), (700, 200), (1750, 500)),
    FoodGroup.PROTEIN: ((90, 70), (150, 120), (210, 180), (300, 200)),
    FoodGroup.VEGETABLE: ((40, 150), (70, 100), (90, 300)),
    FoodGroup.FRUIT: ((60, 100), (110, 190), (160, 290)),
    FoodGroup.SWEET: ((400, 100),),
    FoodGroup.SEASONING: ((300, 400),),
    FoodGroup.DRINK: ((0, 500), (0, 2000)),
}


def a_round_lot(draw: random.Random, number: int, group: FoodGroup) -> Lot:
    """A lot as a food bank has it; of one item there may be several."""
    kcal, weight = draw.choice(UNITS[group])
    return a_lot(
        number,
        item_id=number if draw.random() < 0.7 else max(number - 1, 0),
        name=f"{group.value}{number}",
        group=group,
        kcal=kcal,
        weight_g=weight,
        quantity=10**5,
        shelf=f"A{number % 12}",
        requires=draw.choice(WAYS),
        contains=frozenset(draw.sample(ALLERGENS, draw.choice((0, 1, 1, 2, 3)))),
        may_contain=frozenset(draw.sample(ALLERGENS, draw.choice((0, 0, 0, 1)))),
        allergens_known=draw.random() < 0.95,
        ingredients=frozenset({"pork"}) if draw.random() < 0.08 else frozenset(),
        chewing=draw.choice((None, 0, 0, 0, 1, 3)),
        date_kind=DateKind.BEST_BEFORE,
        last_day=TODAY + timedelta(days=draw.choice((2, 5, 12, 25, 60, 120, 300, 500))),
        storage=draw.choice((*(Storage.ROOM,) * 9, Storage.CHILLED)),
    )


def a_round_household(draw: random.Random) -> FoodHousehold:
    """One to five people; one in four with an allergy, one in ten with little to cook on."""
    ages = (4 * 12, 9 * 12, 15 * 12, 30 * 12, 45 * 12, 68 * 12, 80 * 12)
    eaters = tuple(Eater(draw.choice(ages)) for _ in range(draw.choice((1, 1, 1, 2, 2, 3, 4, 5))))
    hands = max(1, sum((eater.age_months or 0) >= 15 * 12 for eater in eaters))
    pick_up = TODAY + timedelta(days=draw.choice((0, 0, 1, 2)))
    return a_household(
        eaters=eaters,
        eat_from=pick_up,
        pick_up=pick_up,
        days=draw.choice((3, 3, 5, 7, 7)),
        allergies=frozenset(draw.sample(ALLERGENS, draw.choice((0, 0, 0, 1, 1, 2)))),
        equipment=draw.choice(KITCHENS) | {Equipment.POTABLE_WATER},
        chewing=draw.choice((0,) * 12 + (1, 3)),
        forbidden=frozenset({"pork"}) if draw.random() < 0.05 else frozenset(),
        carry_g=draw.choice((None, *(hands * grams for grams in (5_000, 8_000, 8_000, 10_000)))),
    )


def a_day(
    households: int, lots: int, *, seed: int = 1, enough: float = 1.0
) -> tuple[list[FoodHousehold], list[Lot]]:
    """A day's requests and a shelf with about `enough` of every group, spread over its lots."""
    draw = random.Random(seed)
    homes = [a_round_household(draw) for _ in range(households)]
    cells, _ = Cells.of(homes)
    groups = list(FoodGroup)
    kinds = [draw.choice(GROUPS) for _ in range(lots)]
    stock = []
    for number, group in enumerate(kinds):
        mine = cells.group == groups.index(group)
        wanted = float((cells.a_day * cells.days)[mine].sum()) if mine.any() else 4000.0
        lot = a_round_lot(draw, number, group)
        share = enough * wanted / kinds.count(group) / max(lot.kcal, 1)
        stock.append(replace(lot, quantity=max(1, round(share * draw.uniform(0.4, 1.6)))))
    return homes, stock
