"""The history of a thing: one line for each deed, in the deed's own transaction."""

from datetime import date

from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.goods.codes import GoodsDeed, ItemState
from app.goods.models import GoodsItem, GoodsMove, GoodsReservation


def write(
    session: Session,
    item: GoodsItem,
    deed: GoodsDeed,
    *,
    user_id: int,
    on: date,
    before: ItemState | None,
    why: str | None = None,
    reservation: GoodsReservation | None = None,
) -> GoodsMove:
    """Append a line; `item` already stands as the deed leaves it."""
    move = GoodsMove(
        item_id=item.id,
        reservation_id=reservation.id if reservation is not None else None,
        user_id=user_id,
        deed=deed,
        before=before,
        after=item.state,
        on_day=on,
        shelf=item.shelf,
        why=why or None,
    )
    session.add(move)
    record(
        session,
        deed=Deed.CREATED if deed is GoodsDeed.PLEDGED else Deed.CHANGED,
        record_kind="goods_item",
        record_id=item.id,
        user_id=user_id,
        organisation_id=item.organisation_id,
        fields=("state",),
    )
    return move
