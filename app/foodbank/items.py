"""品目: found or made by name, with careful defaults from the shipped reference."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.errors import ConflictError
from app.foodbank.kits.following import refresh_kits
from app.foodbank.models import FoodItem
from app.foodbank.stock import note
from app.reference.food_items import find_food, food_name_key

UNKNOWN_GROUP = "other"
FACTS = (
    "food_group", "kcal", "weight_kg", "equipment", "chewing_class", "infant_from_month",
    "infant_to_month", "formula", "special_formula", "ingredients", "note", "low_at",
)  # fmt: skip


def item_for(
    session: Session, *, organisation_id: int, name: str, category: str, user_id: int
) -> FoodItem:
    """The food bank's item of this name; a new one starts from the reference, unconfirmed."""
    key = food_name_key(name)
    find = sa.select(FoodItem).where(
        FoodItem.organisation_id == organisation_id, FoodItem.name_key == key
    )
    item = session.scalar(find)
    if item is not None:
        return item
    try:
        with session.begin_nested():
            item = FoodItem(
                organisation_id=organisation_id,
                name=name.strip(),
                name_key=key,
                category=category.strip(),
                **_defaults(name),
            )
            session.add(item)
    except IntegrityError:  # another clerk made it a moment ago
        return session.scalars(find).one()
    note(session, Deed.CREATED, "food_item", item.id, user_id, "name")
    return item


def _defaults(name: str) -> dict[str, Any]:
    """What the reference says of a name; unknown stays unknown, so that it is asked."""
    found = find_food(name)
    if found is None:
        return {"food_group": UNKNOWN_GROUP}
    return {
        "food_group": found.food_group,
        "kcal": found.kcal,
        "weight_kg": found.weight_kg,
        "equipment": [list(one) for one in found.equipment],
        "chewing_class": found.chewing_class,
        "infant_from_month": found.infant_months[0] if found.infant_months else None,
        "infant_to_month": found.infant_months[1] if found.infant_months else None,
        "formula": found.formula,
        "ingredients": None if found.ingredients is None else list(found.ingredients),
        "source": f"{found.certainty}：{found.source}"[:200],
        "note": found.note or None,
    }


def edit_item(
    session: Session, *, item: FoodItem, version: int, user_id: int, facts: dict[str, Any]
) -> FoodItem:
    """Put an item's facts right after looking at the pack; from then on they count as confirmed.

    Raises ConflictError when somebody else changed the item since the form was opened.
    """
    if item.version != version:
        raise ConflictError(
            "この品目は、ほかの人が先に書きかえました。いまの内容を見て、もう一度入れてください。",
            code="stale",
        )
    changed = [name for name in FACTS if name in facts and getattr(item, name) != facts[name]]
    for name in changed:
        setattr(item, name, facts[name])
    item.confirmed = True
    refresh_kits(session, item)
    note(session, Deed.CHANGED, "food_item", item.id, user_id, "confirmed", *changed)
    return item


def missing_facts(item: FoodItem) -> list[str]:
    """What has to be known before an item can be part of a proposal, in words."""
    weight: Decimal | None = item.weight_kg
    words = {
        "エネルギー": item.kcal is None,
        "重さ": weight is None,
        "食べるのに要る設備": item.equipment is None,
    }
    return [word for word, missing in words.items() if missing]
