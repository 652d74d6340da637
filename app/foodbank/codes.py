"""Codes of what food is and what eating it takes; the values are those the engine knows."""

from decimal import Decimal
from enum import StrEnum

MOST_UNITS = 100_000
"""More of one lot at once is a slip of the finger."""

USUAL_CARRY_KG = Decimal(10)
"""What somebody takes home by hand when nobody has asked: about a food bank's usual box."""


class FoodGroup(StrEnum):
    STAPLE = "staple"
    PROTEIN = "protein"
    VEGETABLE = "vegetable"
    FRUIT = "fruit"
    INFANT = "infant"
    DRINK = "drink"
    SEASONING = "seasoning"
    SWEET = "sweet"
    OTHER = "other"


FOOD_GROUP_LABELS = {
    FoodGroup.STAPLE: "主食",
    FoodGroup.PROTEIN: "主菜・たんぱく",
    FoodGroup.VEGETABLE: "野菜",
    FoodGroup.FRUIT: "果物",
    FoodGroup.INFANT: "乳児",
    FoodGroup.DRINK: "飲料",
    FoodGroup.SEASONING: "調味料",
    FoodGroup.SWEET: "菓子",
    FoodGroup.OTHER: "その他・未確認",
}


class Equipment(StrEnum):
    """What somebody has where they eat."""

    HOT_WATER = "hot_water"
    MICROWAVE = "microwave"
    BURNER = "burner"
    RICE_COOKER = "rice_cooker"
    FRIDGE = "fridge"
    FREEZER = "freezer"
    POTABLE_WATER = "potable_water"
    CAN_OPENER = "can_opener"


EQUIPMENT_LABELS = {
    Equipment.HOT_WATER: "お湯をわかせる",
    Equipment.MICROWAVE: "電子レンジ",
    Equipment.BURNER: "コンロ",
    Equipment.RICE_COOKER: "炊飯器",
    Equipment.FRIDGE: "冷蔵庫",
    Equipment.FREEZER: "冷凍庫",
    Equipment.POTABLE_WATER: "飲める水",
    Equipment.CAN_OPENER: "缶切り",
}


class Way(StrEnum):
    """One way to eat an item: the set of equipment it takes, joined by +."""

    AS_IT_IS = "as_it_is"
    HOT_WATER = "hot_water"
    MICROWAVE = "microwave"
    BURNER = "burner"
    RICE_COOKER = "rice_cooker"
    POTABLE_WATER = "potable_water"
    OPENED = "can_opener"
    OPENED_BURNER = "can_opener+burner"
    OPENED_MICROWAVE = "can_opener+microwave"


WAY_LABELS = {
    Way.AS_IT_IS: "そのまま",
    Way.HOT_WATER: "お湯",
    Way.MICROWAVE: "電子レンジ",
    Way.BURNER: "コンロ",
    Way.RICE_COOKER: "炊飯器",
    Way.POTABLE_WATER: "水でもどす",
    Way.OPENED: "缶切り",
    Way.OPENED_BURNER: "缶切りとコンロ",
    Way.OPENED_MICROWAVE: "缶切りと電子レンジ",
}


class Ingredient(StrEnum):
    """Ingredients somebody may not or does not want to eat, beside allergens."""

    PORK = "pork"
    BEEF = "beef"
    MEAT = "meat"
    FISH = "fish"
    ALCOHOL = "alcohol"
    GELATIN = "gelatin"
    EGG_AND_MILK = "egg_and_milk"
    HONEY = "honey"
    MOCHI = "mochi"
    NUTS = "nuts"


INGREDIENT_LABELS = {
    Ingredient.PORK: "豚肉",
    Ingredient.BEEF: "牛肉",
    Ingredient.MEAT: "肉",
    Ingredient.FISH: "魚介",
    Ingredient.ALCOHOL: "アルコール",
    Ingredient.GELATIN: "ゼラチン",
    Ingredient.EGG_AND_MILK: "卵・乳製品",
    Ingredient.HONEY: "はちみつ",
    Ingredient.MOCHI: "もち",
    Ingredient.NUTS: "ナッツ",
}
