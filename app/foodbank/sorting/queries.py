"""Lots to sort and sticker, and the ledger of a period. Nothing here speaks of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.errors import NotFoundError
from app.foodbank.models import Balance, FoodItem, Lot, MovementKind
from app.foodbank.queries import NOT_FOUND
from app.foodbank.tracing.queries import came_in, sums_by_kind
from app.policy import Role, Viewer

SORTING = (Role.FOODBANK, Role.SORTER)
MOST = 200


def banks_of(viewer: Viewer) -> frozenset[int]:
    """The food banks a viewer sorts for."""
    return viewer.organisations(*SORTING)


def lots_to_sort(session: Session, viewer: Viewer, *, since: date, words: str) -> Sequence[Lot]:
    """Lots on the shelves that came in since a day, or whatever a number or name finds."""
    on_shelf = sa.select(Balance.lot_id).where(Balance.quantity > 0)
    find = sa.select(Lot).join(Lot.item).where(Lot.organisation_id.in_(banks_of(viewer)))
    if words:
        text = words.upper()
        named = FoodItem.name.contains(words, autoescape=True)
        find = find.where(sa.or_(Lot.number == text, Lot.jan == text, named))
    else:
        find = find.where(Lot.id.in_(on_shelf), Lot.received_on >= since)
    return session.scalars(find.order_by(Lot.id.desc()).limit(MOST)).unique().all()


def lot_to_sort(session: Session, lot_id: int, viewer: Viewer) -> Lot:
    """One of them."""
    lot = session.get(Lot, lot_id) if lot_id < 2**31 else None
    if lot is None or lot.organisation_id not in banks_of(viewer):
        raise NotFoundError(NOT_FOUND)
    return lot


@dataclass(frozen=True)
class LedgerRow:
    """One lot in the 管理簿: what came, what went, what is left."""

    lot: Lot
    came: int
    gone: int  # packed or handed out, and not put back
    thrown: int
    changed: int  # counted or corrected since
    left: int


def ledger(
    session: Session, organisation_id: int, *, first: date, last: date, most: int = 20_000
) -> list[LedgerRow]:
    """Lots that came in within the period, by day and number, with all that happened to them."""
    lots = list(
        session.scalars(
            sa.select(Lot)
            .where(
                Lot.organisation_id == organisation_id,
                sa.func.coalesce(Lot.received_on, sa.func.date(Lot.created_at)).between(
                    first, last
                ),
            )
            .options(joinedload(Lot.donor))
            .order_by(Lot.received_on, Lot.id)
            .limit(most)
        ).unique()
    )
    ids = [lot.id for lot in lots]
    sums, came = sums_by_kind(session, ids), came_in(session, ids)
    return [_row(lot, sums.get(lot.id, {}), came.get(lot.id, 0)) for lot in lots]


def _row(lot: Lot, sums: dict[MovementKind, int], came: int) -> LedgerRow:
    gone = -sum(
        sums.get(kind, 0)
        for kind in (MovementKind.PACKED, MovementKind.UNPACKED, MovementKind.HANDED_OUT)
    )
    thrown = -sums.get(MovementKind.DISPOSAL, 0)
    left = sum(balance.quantity for balance in lot.balances)
    return LedgerRow(lot, came, gone, thrown, left - (came - gone - thrown), left)
