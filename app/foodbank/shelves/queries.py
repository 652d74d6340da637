"""Reading shelves: the list with how much lies on each, one shelf, and what lies there."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.foodbank.models import Balance, Lot, Shelf
from app.foodbank.queries import NOT_FOUND
from app.foodbank.stocktakes.models import Stocktake, StocktakeState
from app.policy import Role, Viewer


@dataclass(frozen=True)
class ShelfRow:
    """A shelf with how many lots and units lie there."""

    shelf: Shelf
    lots: int
    units: int


def _own(viewer: Viewer) -> sa.Select[Shelf]:
    return sa.select(Shelf).where(Shelf.organisation_id.in_(viewer.organisations(Role.FOODBANK)))


def shelves(session: Session, viewer: Viewer) -> list[ShelfRow]:
    """The viewer's food banks' shelves by code, those in use first; two statements."""
    found = session.scalars(_own(viewer).order_by(Shelf.active.desc(), Shelf.code)).all()
    rows = session.execute(
        sa.select(Balance.shelf_id, sa.func.count(), sa.func.sum(Balance.quantity))
        .where(Balance.quantity > 0, Balance.shelf_id.in_([one.id for one in found]))
        .group_by(Balance.shelf_id)
    )
    lying = {shelf_id: (lots, int(units)) for shelf_id, lots, units in rows}
    return [ShelfRow(one, *lying.get(one.id, (0, 0))) for one in found]


def get_shelf(session: Session, shelf_id: int, viewer: Viewer) -> Shelf:
    """A shelf of the viewer's own food bank."""
    found = session.scalar(_own(viewer).where(Shelf.id == shelf_id))
    if found is None:
        raise NotFoundError(NOT_FOUND)
    return found


def shelves_to_label(session: Session, viewer: Viewer, chosen: Sequence[int]) -> list[Shelf]:
    """Those chosen, or every shelf in use, by code."""
    wanted = _own(viewer).order_by(Shelf.code)
    wanted = wanted.where(Shelf.id.in_(chosen)) if chosen else wanted.where(Shelf.active)
    return list(session.scalars(wanted))


def lying_on(session: Session, shelf: Shelf) -> list[tuple[Lot, int]]:
    """What lies on a shelf, first to expire first."""
    rows = session.execute(
        sa.select(Lot, Balance.quantity)
        .join(Balance, Balance.lot_id == Lot.id)
        .where(Balance.shelf_id == shelf.id, Balance.quantity > 0)
        .order_by(Lot.last_day.asc().nulls_last(), Lot.id)
    ).unique()
    return [(lot, quantity) for lot, quantity in rows]


def open_stocktake_of(session: Session, shelf: Shelf) -> Stocktake | None:
    """The stocktake that is open now, if it counts this shelf."""
    found = session.scalar(
        sa.select(Stocktake).where(
            Stocktake.organisation_id == shelf.organisation_id,
            Stocktake.state == StocktakeState.OPEN,
        )
    )
    if found is None or (found.shelves and shelf.code not in found.shelves):
        return None
    return found
