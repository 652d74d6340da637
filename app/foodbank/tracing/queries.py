"""Reading where food came from and where it went."""

from collections.abc import Callable, Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.foodbank.models import Movement, MovementKind

# What makes one lot out of others (kits) registers here: given lots, those made from any of them.
makings: list[Callable[[Session, Collection[int]], Collection[int]]] = []


def made_from(session: Session, lot_ids: Collection[int]) -> set[int]:
    """These lots and all that was made from them, and from that in turn."""
    known, fresh = set(lot_ids), set(lot_ids)
    while fresh:
        made = {lot_id for making in makings for lot_id in making(session, fresh)}
        fresh = made - known
        known |= fresh
    return known


def came_in(session: Session, lot_ids: Collection[int]) -> dict[int, int]:
    """How many units of each lot came in, corrections of the receipt counted."""
    undone = sa.select(Movement.reverses_id).where(Movement.reverses_id.is_not(None))
    rows = session.execute(
        sa.select(Movement.lot_id, sa.func.sum(Movement.quantity))
        .where(
            Movement.lot_id.in_(lot_ids),
            Movement.kind == MovementKind.RECEIPT,
            Movement.id.not_in(undone),
        )
        .group_by(Movement.lot_id)
    )
    return {lot_id: int(total) for lot_id, total in rows}
