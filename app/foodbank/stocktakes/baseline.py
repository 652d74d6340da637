"""What a stocktake found is a baseline: correcting an older record must not move it."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.foodbank.stocktakes.models import Stocktake, StocktakeCount, StocktakeState


def was_counted(session: Session, lot_id: int) -> bool:
    """Whether a stocktake that was closed has counted a lot since it came in."""
    counted = sa.select(StocktakeCount.id).join(
        Stocktake, Stocktake.id == StocktakeCount.stocktake_id
    )
    found = counted.where(StocktakeCount.lot_id == lot_id, Stocktake.state == StocktakeState.CLOSED)
    return session.scalar(sa.select(found.exists())) or False
