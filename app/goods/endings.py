"""What a way into a home that ends does to things kept for it."""

from sqlalchemy.orm import Session

from app.db import now, today
from app.goods.deeds.reserving import free_over
from app.placements.models import Placement
from app.placements.services import placement_over


def _free(session: Session, placement: Placement, user_id: int) -> None:
    """In the same transaction, so that nothing stays kept for nobody."""
    free_over(session, placement, user_id=user_id, today=today(), at=now())


placement_over.append(_free)
