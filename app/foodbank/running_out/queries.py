"""Which items are running low, which lots run out of time, and who could still eat them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.foodbank import proposals
from app.foodbank.models import Balance, FoodItem, FoodRequest, Lot, LotState
from app.foodbank.queries import SOON, left_of, standing_is
from app.policy import Role, Viewer


@dataclass(frozen=True)
class WatchedItem:
    """An item somebody wants to be told of, and how many of it may go out today."""

    item: FoodItem
    low_at: int
    offerable: int

    @property
    def missing(self) -> int:
        """How many would have to come in to reach the number wanted; 0 when there are enough."""
        return max(self.low_at - self.offerable, 0)


def watched_items(session: Session, viewer: Viewer, *, today: date) -> list[WatchedItem]:
    """Every item with a number below which to tell, those that miss most of it first.

    Only what may be handed out today counts: held, doubtful and past lots fill nobody's plate.
    """
    offerable = (
        sa.select(sa.func.coalesce(sa.func.sum(Balance.quantity), 0))
        .join(Lot, Lot.id == Balance.lot_id)
        .where(Lot.item_id == FoodItem.id, standing_is(LotState.OFFERABLE, today))
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(FoodItem, FoodItem.low_at, offerable)
        .where(
            FoodItem.low_at.is_not(None),
            FoodItem.organisation_id.in_(viewer.organisations(Role.FOODBANK)),
        )
        .order_by(FoodItem.name)
    )
    found = [WatchedItem(item, low_at, int(there)) for item, low_at, there in rows]
    return sorted(found, key=lambda one: -one.missing / one.low_at)


def low_items(session: Session, viewer: Viewer, *, today: date) -> list[WatchedItem]:
    """The items of which too few may go out today."""
    return [one for one in watched_items(session, viewer, today=today) if one.missing]


def expiring_lots(session: Session, viewer: Viewer, *, today: date) -> list[Lot]:
    """Lots of the viewer's own food bank that expire within two weeks and may still go out."""
    rows = session.scalars(
        sa.select(Lot)
        .where(
            Lot.organisation_id.in_(viewer.organisations(Role.FOODBANK)),
            standing_is(LotState.OFFERABLE, today),
            Lot.last_day <= today + SOON,
            left_of(Lot.id) > 0,
        )
        .order_by(Lot.last_day, Lot.id)
        .limit(200)
    )
    return list(rows.unique())


def who_could_eat(
    lots: Sequence[Lot], requests: Sequence[FoodRequest], *, today: date
) -> dict[int, list[FoodRequest]]:
    """For each lot the open requests whose household could safely eat it on the day it is needed.

    The hard rules are those a parcel is packed by; `requests` are those the viewer may know of.
    """
    found: dict[int, list[FoodRequest]] = {lot.id: [] for lot in lots}
    for request in requests:
        own = [lot for lot in lots if lot.organisation_id == request.organisation_id]
        refused = proposals.refusals(request, own, today=today)
        for lot in own:
            if lot.id not in refused:
                found[lot.id].append(request)
    return found


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
