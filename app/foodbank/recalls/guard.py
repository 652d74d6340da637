"""What a running recall forbids elsewhere."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.foodbank.recalls.models import Recall, RecallLot, RecallState


def running_recall(session: Session, lot_id: int) -> str | None:
    """The number of the open recall a lot is in; practices hold nothing back."""
    return session.scalar(
        sa.select(Recall.number)
        .join(RecallLot, RecallLot.recall_id == Recall.id)
        .where(
            RecallLot.lot_id == lot_id,
            Recall.state == RecallState.OPEN,
            Recall.practice.is_(False),
        )
        .limit(1)
    )
