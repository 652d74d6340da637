"""Plain factories and one common day."""

import math
from datetime import date, timedelta

from matching.eaters import Eater
from matching.home_columns import Acceptance, Company, Contact, Home
from matching.lots import DateKind, Equipment, FoodGroup, FoodHousehold, Lot
from matching.need import Answer, Band, HouseholdNeed, Place, RentCeiling, Support

TODAY = date(2026, 11, 21)
ZAMA = RentCeiling((Band(6, 29000), Band(10, 33000), Band(15, 37000), Band(math.inf, 41000)))
HERE = Place(35.4886, 139.4076)


def a_home(home_id: int = 1, **facts: object) -> Home:
    """Make a home about which everything is known and nothing is hard."""
    usual: dict[str, object] = {
        "ask_id": 8,
        "rent": 39000,
        "fee": 2000,
        "initial_cost": 90000,
        "area_m2": 22.4,
        "rooms": 1,
        "max_people": 2,
        "floor": 1,
        "lift": Answer.NO,
        "steps": 0,
        "wheelchair": Answer.YES,
        "guarantor": Answer.NO,
        "company": Company.NOT_USED,
        "contact": Contact.NOT_NEEDED,
        "available_from": TODAY,
        "confirmed_on": TODAY - timedelta(days=2),
        "walk_min": 9,
        "kind": "アパート",
        "municipality": "座間市",
        "place": HERE,
        "accepts": (("elderly", Acceptance.YES, Support.NONE),),
    }
    return Home(home_id=home_id, **(usual | facts))  # type: ignore[arg-type]


def a_need(**facts: object) -> HouseholdNeed:
    """Make a single person's need that `a_home` fits."""
    usual: dict[str, object] = {
        "people": 1,
        "rent_limit": ZAMA,
        "guarantor": Answer.NO,
        "private_contact": Answer.NO,
        "funds": 100000,
    }
    return HouseholdNeed(**(usual | facts))  # type: ignore[arg-type]


def a_household(**facts: object) -> FoodHousehold:
    """Make two people of 67 and 64 who eat for three days and have drinking water."""
    usual: dict[str, object] = {
        "eaters": (Eater(67 * 12), Eater(64 * 12)),
        "eat_from": TODAY,
        "days": 3,
        "equipment": frozenset({Equipment.POTABLE_WATER}),
    }
    return FoodHousehold(**(usual | facts))  # type: ignore[arg-type]


def a_lot(lot_id: int = 1, **facts: object) -> Lot:
    """Make a lot anybody may eat."""
    usual: dict[str, object] = {
        "item_id": lot_id,
        "name": "おかゆ",
        "group": FoodGroup.STAPLE,
        "kcal": 350,
        "weight_g": 250,
        "quantity": 10,
        "allergens_known": True,
        "ingredients_known": True,
        "chewing": 0,
        "date_kind": DateKind.BEST_BEFORE,
        "last_day": TODAY + timedelta(days=300),
    }
    return Lot(lot_id=lot_id, **(usual | facts))  # type: ignore[arg-type]
