"""Households that eat and lots that stand on the shelf, as plain frozen values."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from matching.eaters import Eater
from matching.errors import FoodError

MOST_DAYS = 60


class FoodGroup(StrEnum):
    """主食, 主菜・たんぱく, 野菜, 果物, 乳児, 飲料, 調味料, 菓子, その他."""

    STAPLE = "staple"
    PROTEIN = "protein"
    VEGETABLE = "vegetable"
    FRUIT = "fruit"
    INFANT = "infant"
    DRINK = "drink"
    SEASONING = "seasoning"
    SWEET = "sweet"
    OTHER = "other"


class Equipment(StrEnum):
    """What a home has, and what an item needs to be eaten."""

    HOT_WATER = "hot_water"
    MICROWAVE = "microwave"
    BURNER = "burner"
    RICE_COOKER = "rice_cooker"
    FULL_KITCHEN = "full_kitchen"
    FRIDGE = "fridge"
    FREEZER = "freezer"
    POTABLE_WATER = "potable_water"
    CAN_OPENER = "can_opener"


class DateKind(StrEnum):
    """賞味期限, 消費期限, none required by law (salt, sugar …), or not recorded."""

    BEST_BEFORE = "best_before"
    USE_BY = "use_by"
    NOT_REQUIRED = "not_required"
    UNKNOWN = "unknown"


class Storage(StrEnum):
    """常温, 冷蔵, 冷凍."""

    ROOM = "room"
    CHILLED = "chilled"
    FROZEN = "frozen"


_IMPLIED = {
    Equipment.FULL_KITCHEN: {
        Equipment.BURNER,
        Equipment.HOT_WATER,
        Equipment.RICE_COOKER,
        Equipment.FRIDGE,
    },
    Equipment.BURNER: {Equipment.HOT_WATER},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoodHousehold:
    """Who eats, what they must not eat, what they can cook with, carry and store.

    Attributes
    ----------
    eaters : tuple of Eater
    eat_from : date
        The first day the parcel is eaten on; also the pick-up day unless ``pick_up`` says other.
    days : int
        Days wanted.
    allergies : frozenset of str, or None
        ``None`` while nobody has asked: then only food declared free of every mandatory allergen
        is safe.
    equipment : frozenset of Equipment
    chewing : int
        0, or UDF 区分 1 to 4: food of that class and softer.
    forbidden : frozenset of str
        Ingredient codes the person does not eat, for religion or any other reason.
    carry_g : int or None
        What can be carried; ``None`` for a delivery.
    formula_item : int or None
        The item id of the infant formula in use: no other is given.
    """

    eaters: tuple[Eater, ...]
    eat_from: date
    days: int
    allergies: frozenset[str] | None = frozenset()
    equipment: frozenset[Equipment] = frozenset()
    chewing: int = 0
    forbidden: frozenset[str] = frozenset()
    carry_g: int | None = None
    formula_item: int | None = None
    pick_up: date | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if not self.eaters:
            raise FoodError("食べる人を1人以上入れてください。")
        if not 1 <= self.days <= MOST_DAYS:
            raise FoodError(f"日数は1日から{MOST_DAYS}日までで入れてください。")
        if not 0 <= self.chewing <= 4:
            raise FoodError("かむ力の区分は0から4で入れてください。")
        if self.carry_g is not None and self.carry_g < 0:
            raise FoodError("持てる重さは0g以上で入れてください。")
        if self.pick_up is not None and self.pick_up > self.eat_from:
            raise FoodError("食べ始める日が受け取りの日より前になっています。")

    @property
    def infants(self) -> tuple[Eater, ...]:
        """Return the children under twelve months."""
        return tuple(eater for eater in self.eaters if eater.infant)

    @property
    def cooks_with(self) -> frozenset[Equipment]:
        """Return the equipment with what it implies: a full kitchen boils water."""
        implied = {more for thing in self.equipment for more in _IMPLIED.get(thing, ())}
        return self.equipment | implied


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """One lot on the shelf; a lot's own facts, where an item's label was corrected.

    Attributes
    ----------
    lot_id, item_id : int
    kcal, weight_g : int
        Of one unit.
    requires : tuple of frozenset of Equipment
        Any one of the sets is enough; empty when it is eaten as it is.
    contains, may_contain : frozenset of str
        Allergen codes; not trusted unless ``allergens_known``.
    silent_on : frozenset of str
        Codes the label need not name: that it does not is no sign of absence to who avoids them.
    ingredients, doubtful : frozenset of str
        Codes it has, and codes it may have (an emulsifier may be pork); ``ingredients_known``.
    infant_months : tuple of (int, int), or None
        First and last month of an infant's age it is made for; ``None`` is not infant food.
    formula, special_formula : bool
    chewing : int or None
        UDF 区分, 0 for ordinary food, ``None`` not known.
    last_day : date or None
        Inclusive, Japan time.
    """

    lot_id: int
    item_id: int
    name: str
    group: FoodGroup
    kcal: int
    weight_g: int
    quantity: int
    shelf: str = ""
    requires: tuple[frozenset[Equipment], ...] = ()
    contains: frozenset[str] = frozenset()
    may_contain: frozenset[str] = frozenset()
    allergens_known: bool = False
    silent_on: frozenset[str] = frozenset()
    ingredients: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    ingredients_known: bool = False
    infant_months: tuple[int, int] | None = None
    formula: bool = False
    special_formula: bool = False
    chewing: int | None = None
    date_kind: DateKind = DateKind.UNKNOWN
    last_day: date | None = None
    storage: Storage = Storage.ROOM
    held: bool = False
    recalled: bool = False

    def __post_init__(self) -> None:
        """Refuse amounts no unit has."""
        amounts = (self.kcal, self.weight_g, self.quantity)
        if not all(0 <= amount <= 10_000_000 for amount in amounts):
            raise FoodError(f"ロット {self.lot_id} の数量か重さが正しくありません。")
        if self.chewing is not None and not 0 <= self.chewing <= 4:
            raise FoodError(f"ロット {self.lot_id} のやわらかさの区分が正しくありません。")
