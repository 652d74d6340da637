"""What is to be fetched and what is to be brought, in a fixed number of statements."""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.errors import InvalidError
from app.goods.codes import OURS, Carrier, ItemState
from app.goods.items.queries import is_reserved, running
from app.goods.models import GoodsItem, GoodsReservation
from app.goods.needs.queries import placements_of
from app.placements.models import Placement

AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Load:
    """A thing for the van with whom it is kept for and the way into their home."""

    item: GoodsItem
    kept: GoodsReservation | None
    way: Placement | None

    @property
    def at_donor(self) -> bool:
        return self.item.state is ItemState.PLEDGED


def checked_day(on: date | None, today: date) -> date:
    """The day of the van; today where none is named. Raises InvalidError beyond two weeks."""
    day = on or today
    if not today <= day <= today + AHEAD:
        message = "きょうから2週間先までの日を選んでください。"
        raise InvalidError(message, fields={"on": [message]})
    return day


def loads_of(session: Session, *, on: date) -> list[Load]:
    """Things we fetch that are kept for somebody or run out, and ours that are kept."""
    items = session.scalars(
        sa.select(GoodsItem)
        .where(
            sa.or_(
                sa.and_(
                    GoodsItem.state == ItemState.PLEDGED,
                    GoodsItem.carrier == Carrier.WE,
                    sa.or_(is_reserved(), GoodsItem.window_until <= on + AHEAD),
                ),
                sa.and_(GoodsItem.state.in_(OURS), is_reserved()),
            )
        )
        .options(joinedload(GoodsItem.donor))
        .order_by(GoodsItem.id)
    ).unique().all()  # fmt: skip
    kept = running(session, [item.id for item in items])
    ways = placements_of(session, {one.need.case_id for one in kept.values()})
    return [
        Load(item, own, ways.get(own.need.case_id) if own else None)
        for item in items
        for own in (kept.get(item.id),)
    ]
