"""Reading what belongs to one plan."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.followup.plans.models import WatchPause


def get_pause(session: Session, pause_id: int, plan_id: int) -> WatchPause:
    """A rest of a plan the caller has opened. Raises NotFoundError."""
    rest = session.scalar(
        sa.select(WatchPause).where(WatchPause.id == pause_id, WatchPause.plan_id == plan_id)
    )
    if rest is None:
        raise NotFoundError("この休みは見つかりません。")
    return rest
