"""Reading where food came from and where it went."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.foodbank.models import Movement, MovementKind


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
