"""What happens to a lot happens to the kits it is in: a kit is never safer than its parts."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.foodbank.kits.facts import item_facts, last_day_of
from app.foodbank.kits.models import KitBuild, KitPart
from app.foodbank.models import AllergenSource, FoodItem, Lot, LotState

STOPPED = (LotState.HELD, LotState.RECALLED)


def kits_with(session: Session, lot_id: int) -> list[Lot]:
    """The lots of kits that hold something of a lot, as they are now and kept from changing."""
    rows = session.scalars(
        sa.select(Lot)
        .join(KitBuild, KitBuild.lot_id == Lot.id)
        .join(KitPart, KitPart.build_id == KitBuild.id)
        .where(KitPart.lot_id == lot_id)
        .order_by(Lot.id)
        .with_for_update(of=Lot)
        .execution_options(populate_existing=True)
    )
    return list(rows.unique())


def parts_of(session: Session, kit_lot_id: int) -> list[KitPart]:
    """What each kit of a lot holds; empty for a lot that is no kit."""
    rows = session.scalars(
        sa.select(KitPart)
        .join(KitBuild, KitBuild.id == KitPart.build_id)
        .where(KitBuild.lot_id == kit_lot_id)
        .order_by(KitPart.id)
    )
    return list(rows)


def stop_kits(session: Session, lot: Lot) -> None:
    """A lot was held or recalled: so are the kits it is in, unless they were stopped before."""
    for kit in kits_with(session, lot.id):
        if kit.state in {LotState.OFFERABLE, LotState.HELD} and kit.state is not lot.state:
            kit.state = lot.state
            kit.state_reason = f"中身の {lot.item.name}（{lot.number}）が止まっています"[:200]


def stopped_part(session: Session, lot: Lot) -> Lot | None:
    """The part for whose sake a kit must stay stopped, if there is one."""
    parts = (part.lot for part in parts_of(session, lot.id))
    return next((part for part in parts if part.state in STOPPED), None)


def refresh_kits(session: Session, part: Lot | FoodItem) -> None:
    """A lot or an item was put right: so are the kits that hold it, and what they are said to need.

    A kit with a part whose date nobody knows any more is stopped until somebody has looked.
    """
    session.flush()  # the parts are read as they are now
    is_part = Lot.id == part.id if isinstance(part, Lot) else Lot.item_id == part.id
    builds = session.scalars(
        sa.select(KitBuild)
        .where(KitBuild.parts.any(KitPart.lot.has(is_part)))
        .order_by(KitBuild.id)
    ).all()
    for made in builds:
        kit = made.lot
        for column, value in allergens_of(made.parts).items():
            setattr(kit, column, value)
        for column, value in item_facts(made.parts).items():
            setattr(kit.item, column, value)
        if any(one.lot.last_day is None for one in made.parts):
            kit.state, kit.state_reason = LotState.HELD, "中身の期限が分かりません"
        else:
            kit.last_day, kit.date_kind = last_day_of(made.parts)


def allergens_of(parts: list[KitPart]) -> dict[str, object]:
    """The union over the parts; one part nobody knows the allergens of leaves the kit unknown."""
    lots = [part.lot for part in parts]
    contains = sorted({name for lot in lots for name in lot.allergens})
    traces = sorted({name for lot in lots for name in lot.may_contain} - set(contains))
    known = all(lot.allergens_known for lot in lots)
    sources = {lot.allergen_source for lot in lots}
    source = AllergenSource.LABEL if sources == {AllergenSource.LABEL} else AllergenSource.DONOR
    text = f"中身から: {'・'.join(contains) or 'なし'}"
    return {
        "allergens": contains,
        "may_contain": traces,
        "allergens_known": known,
        "allergen_source": source if known else AllergenSource.UNKNOWN,
        "allergen_text": text if known else "中身に不明な物があります",
    }
