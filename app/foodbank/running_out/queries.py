"""Which lots expire first, which items are running low."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.foodbank.models import Lot, LotState
from app.foodbank.queries import left_of, standing_is


def older_lots(session: Session, lot: Lot, *, today: date) -> list[Lot]:
    """Lots of the same item that lie on a shelf, may go out and expire before this one."""
    if lot.last_day is None:
        return []
    rows = session.scalars(
        sa.select(Lot)
        .where(
            Lot.item_id == lot.item_id,
            Lot.id != lot.id,
            standing_is(LotState.OFFERABLE, today),
            Lot.last_day < lot.last_day,
            left_of(Lot.id) > 0,
        )
        .order_by(Lot.last_day, Lot.id)
        .limit(3)
    )
    return list(rows.unique())
