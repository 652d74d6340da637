"""Reading kits: what they can be made of, and a batch with what lies where."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.errors import NotFoundError
from app.foodbank.kits.models import KitBuild, KitPart
from app.foodbank.models import Balance, FoodItem, Lot, LotState
from app.foodbank.queries import NOT_FOUND
from app.policy import Role, Viewer

MOST_CHOICES = 200


def builds(session: Session, viewer: Viewer) -> Sequence[KitBuild]:
    """The viewer's food banks' kits, newest first."""
    return (
        session.scalars(
            sa.select(KitBuild)
            .join(Lot, Lot.id == KitBuild.lot_id)
            .where(Lot.organisation_id.in_(viewer.organisations(Role.FOODBANK)))
            .options(joinedload(KitBuild.lot))
            .order_by(KitBuild.id.desc())
            .limit(50)
        )
        .unique()
        .all()
    )


def get_build(session: Session, build_id: int, viewer: Viewer) -> KitBuild:
    """Kits of the viewer's own food bank."""
    found = session.get(KitBuild, build_id) if build_id < 2**31 else None
    if found is None or found.lot.organisation_id not in viewer.organisations(Role.FOODBANK):
        raise NotFoundError(NOT_FOUND)
    return found


def build_of_lot(session: Session, lot_id: int) -> KitBuild | None:
    """The kits a lot is, if it is one."""
    return session.scalar(sa.select(KitBuild).where(KitBuild.lot_id == lot_id))


def builds_with(session: Session, lot_id: int) -> Sequence[KitBuild]:
    """The kits a lot went into, newest first; one statement for a lot that went into none."""
    return (
        session.scalars(
            sa.select(KitBuild)
            .where(KitBuild.parts.any(KitPart.lot_id == lot_id))
            .options(joinedload(KitBuild.lot))
            .order_by(KitBuild.id.desc())
        )
        .unique()
        .all()
    )


def can_go_in(
    session: Session, organisation_id: int, *, words: str, today: date
) -> list[tuple[Lot, Balance]]:
    """What lies on the shelves and may go into a kit, by name and date; no kits, nothing for
    infants.
    """
    find = (
        sa.select(Lot, Balance)
        .join(Balance, Balance.lot_id == Lot.id)
        .join(FoodItem, FoodItem.id == Lot.item_id)
        .where(
            Lot.organisation_id == organisation_id,
            Balance.quantity > 0,
            Lot.state == LotState.OFFERABLE,
            Lot.last_day >= today,
            FoodItem.infant_from_month.is_(None),
            FoodItem.food_group != "infant",
            Lot.id.not_in(sa.select(KitBuild.lot_id)),
        )
        .order_by(FoodItem.name, Lot.last_day, Lot.id)
        .limit(MOST_CHOICES)
    )
    if words:
        find = find.where(FoodItem.name.contains(words, autoescape=True))
    return [(lot, balance) for lot, balance in session.execute(find).unique()]
