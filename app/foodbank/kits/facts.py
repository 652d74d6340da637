"""What eating a kit takes and gives, worked out from its parts; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from app.foodbank.kits.models import KitPart
from app.foodbank.models import DateKind, FoodItem, Lot


@dataclass(frozen=True)
class Part:
    """So many of a lot in each kit, before the kit is there."""

    lot: Lot
    per_kit: int


Parts = Sequence[Part] | Sequence[KitPart]


def item_facts(parts: Parts) -> dict[str, Any]:
    """Energy and weight are added up, everything asked of the household is asked together.

    One part of which a fact is not known leaves it unknown for the kit. Whoever eats all of it must
    be able to chew the hardest part and must not refuse any ingredient.
    """
    items = [part.lot.item for part in parts]
    chewing = [item.chewing_class for item in items]
    return {
        "kcal": _sum([(part.lot.item.kcal, part.per_kit) for part in parts]),
        "weight_kg": _sum([(part.lot.item.weight_kg, part.per_kit) for part in parts]),
        "equipment": _equipment(items),
        "chewing_class": None if None in chewing else min(c for c in chewing if c is not None),
        "ingredients": _ingredients(items),
    }


def _sum(amounts: Sequence[tuple[Any, int]]) -> Any:
    if any(amount is None for amount, _ in amounts):
        return None
    return sum(amount * count for amount, count in amounts)


def _equipment(items: Sequence[FoodItem]) -> list[list[str]] | None:
    """Every way to eat all of it: one way for each part, taken together; the smallest sets only."""
    ways: set[frozenset[str]] = {frozenset()}
    for item in items:
        if item.equipment is None:
            return None
        mine = [frozenset(one) for one in item.equipment] or [frozenset()]
        ways = {a | b for a, b in product(ways, mine)}
        ways = {one for one in ways if not any(other < one for other in ways)}
    return sorted(sorted(one) for one in ways)


def _ingredients(items: Sequence[FoodItem]) -> list[str] | None:
    """The union, where somebody has looked at every part; a list not yet confirmed is no look."""
    if any(i.ingredients is None or (i.ingredients and not i.confirmed) for i in items):
        return None
    return sorted({code for item in items for code in item.ingredients or []})


def last_day_of(parts: Parts) -> tuple[date, DateKind]:
    """The earliest last day; one part with a use-by date makes the kit's date one of safety."""
    days = [part.lot.last_day for part in parts if part.lot.last_day is not None]
    use_by = any(part.lot.date_kind is DateKind.USE_BY for part in parts)
    return min(days), DateKind.USE_BY if use_by else DateKind.BEST_BEFORE


def recipe_of(parts: Parts) -> dict[int, int]:
    """How many of which item, whatever lots they come from."""
    recipe: dict[int, int] = {}
    for part in parts:
        recipe[part.lot.item_id] = recipe.get(part.lot.item_id, 0) + part.per_kit
    return recipe
