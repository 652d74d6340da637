"""Reading stocktakes: the list, what to count on a shelf, what differs, what nobody counted."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.errors import NotFoundError
from app.foodbank.models import Balance, FoodItem, Lot, LotState, Shelf
from app.foodbank.queries import NOT_FOUND
from app.foodbank.scanning.jan import digits_of, lot_on_label
from app.foodbank.stocktakes.models import Stocktake, StocktakeCount
from app.japanese import narrow
from app.policy import Role, Viewer


@dataclass(frozen=True)
class ToCount:
    """A lot on a shelf as a counter meets it; `on_books` is kept from them until they counted."""

    lot: Lot
    on_books: int
    count: StocktakeCount | None


@dataclass(frozen=True)
class ShelfProgress:
    """How far a shelf has been counted."""

    shelf: Shelf
    lots: int
    counted: int


def shelf_codes(session: Session, organisation_id: int) -> Sequence[str]:
    """The codes of a food bank's shelves in use."""
    return session.scalars(
        sa.select(Shelf.code)
        .where(Shelf.organisation_id == organisation_id, Shelf.active)
        .order_by(Shelf.code)
    ).all()


def stocktakes(session: Session, viewer: Viewer) -> Sequence[Stocktake]:
    """The viewer's food banks' stocktakes, newest first."""
    return session.scalars(
        sa.select(Stocktake)
        .where(Stocktake.organisation_id.in_(viewer.organisations(Role.FOODBANK)))
        .order_by(Stocktake.id.desc())
        .limit(50)
    ).all()


def get_stocktake(session: Session, stocktake_id: int, viewer: Viewer) -> Stocktake:
    """A stocktake of the viewer's own food bank."""
    found = session.get(Stocktake, stocktake_id)
    if found is None or found.organisation_id not in viewer.organisations(Role.FOODBANK):
        raise NotFoundError(NOT_FOUND)
    return found


def get_shelf(session: Session, stocktake: Stocktake, shelf_id: int) -> Shelf:
    """A shelf that this stocktake counts."""
    found = session.scalar(_shelves(stocktake).where(Shelf.id == shelf_id))
    if found is None:
        raise NotFoundError(NOT_FOUND)
    return found


def _shelves(stocktake: Stocktake) -> sa.Select[Shelf]:
    wanted = sa.select(Shelf).where(
        Shelf.organisation_id == stocktake.organisation_id, Shelf.active
    )
    if stocktake.shelves:
        wanted = wanted.where(Shelf.code.in_(stocktake.shelves))
    return wanted.order_by(Shelf.code)


def progress(session: Session, stocktake: Stocktake) -> list[ShelfProgress]:
    """Every shelf of a stocktake with how much of it has been counted, in two statements."""
    shelves = session.scalars(_shelves(stocktake)).all()
    rows = session.execute(
        sa.select(
            Balance.shelf_id,
            sa.func.count(),
            sa.func.count(StocktakeCount.id),
        )
        .join(Lot, Lot.id == Balance.lot_id)
        .outerjoin(StocktakeCount, _is_count(stocktake.id))
        .where(
            Lot.organisation_id == stocktake.organisation_id,
            sa.or_(Balance.quantity > 0, StocktakeCount.id.is_not(None)),
        )
        .group_by(Balance.shelf_id)
    ).all()
    found = {shelf_id: (lots, counted) for shelf_id, lots, counted in rows}
    return [ShelfProgress(shelf, *found.get(shelf.id, (0, 0))) for shelf in shelves]


def _is_count(stocktake_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        StocktakeCount.stocktake_id == stocktake_id,
        StocktakeCount.shelf_id == Balance.shelf_id,
        StocktakeCount.lot_id == Balance.lot_id,
    )


def to_count(session: Session, stocktake: Stocktake, shelf: Shelf) -> list[ToCount]:
    """What is or was on a shelf, by name: lots the books think are gone can be counted as well.

    What has been disposed of with nothing left is not asked for.
    """
    gone = sa.and_(Balance.quantity == 0, Lot.state == LotState.DISPOSED)
    rows = session.execute(
        sa.select(Lot, Balance.quantity, StocktakeCount)
        .join(Balance, Balance.lot_id == Lot.id)
        .join(FoodItem, FoodItem.id == Lot.item_id)
        .outerjoin(StocktakeCount, _is_count(stocktake.id))
        .where(Balance.shelf_id == shelf.id, sa.or_(sa.not_(gone), StocktakeCount.id.is_not(None)))
        .order_by(sa.case((Balance.quantity > 0, 0), else_=1), FoodItem.name, Lot.last_day, Lot.id)
    ).unique()
    found = [ToCount(lot, quantity, count) for lot, quantity, count in rows]
    known = {one.lot.id for one in found}
    strangers = session.scalars(  # counted here although the books never had them on this shelf
        sa.select(StocktakeCount)
        .where(
            StocktakeCount.stocktake_id == stocktake.id,
            StocktakeCount.shelf_id == shelf.id,
            StocktakeCount.lot_id.not_in(known),
        )
        .options(joinedload(StocktakeCount.lot))
    ).unique()
    return found + [ToCount(count.lot, 0, count) for count in strangers]


def count_of(
    session: Session, stocktake_id: int, shelf_id: int, lot_id: int
) -> StocktakeCount | None:
    """What has been counted of a lot on a shelf, as it is now."""
    return session.scalar(
        sa.select(StocktakeCount)
        .where(
            StocktakeCount.stocktake_id == stocktake_id,
            StocktakeCount.shelf_id == shelf_id,
            StocktakeCount.lot_id == lot_id,
        )
        .execution_options(populate_existing=True)
    )


def counts_of(session: Session, stocktake: Stocktake) -> list[StocktakeCount]:
    """Everything counted, by shelf and name."""
    rows = session.scalars(
        sa.select(StocktakeCount)
        .join(Shelf, Shelf.id == StocktakeCount.shelf_id)
        .join(Lot, Lot.id == StocktakeCount.lot_id)
        .join(FoodItem, FoodItem.id == Lot.item_id)
        .where(StocktakeCount.stocktake_id == stocktake.id)
        .options(joinedload(StocktakeCount.lot), joinedload(StocktakeCount.shelf))
        .order_by(Shelf.code, FoodItem.name, StocktakeCount.lot_id)
    )
    return list(rows.unique())


def uncounted(session: Session, stocktake: Stocktake) -> list[tuple[Lot, Shelf, int]]:
    """Lots with something on a shelf of this stocktake that nobody has counted."""
    rows = session.execute(
        sa.select(Lot, Shelf, Balance.quantity)
        .join(Balance, Balance.lot_id == Lot.id)
        .join(Shelf, Shelf.id == Balance.shelf_id)
        .outerjoin(StocktakeCount, _is_count(stocktake.id))
        .where(
            Balance.quantity > 0,
            StocktakeCount.id.is_(None),
            Shelf.id.in_(_shelves(stocktake).with_only_columns(Shelf.id).order_by(None)),
        )
        .order_by(Shelf.code, Lot.last_day, Lot.id)
    ).unique()
    return [(lot, shelf, quantity) for lot, shelf, quantity in rows]


def lot_to_add(session: Session, stocktake: Stocktake, words: str) -> Lot | None:
    """A lot found where the books do not have it: by its sticker, its number, or the newest of a
    JAN.
    """
    lot_id = lot_on_label(words)
    return (
        session.scalars(
            sa.select(Lot)
            .where(
                Lot.organisation_id == stocktake.organisation_id,
                sa.or_(
                    Lot.number == narrow(words).upper(),
                    Lot.jan == digits_of(words),
                    Lot.id == lot_id if lot_id is not None else sa.false(),
                ),
            )
            .order_by(Lot.id.desc())
            .limit(1)
        )
        .unique()
        .one_or_none()
    )
