"""Reading stock, items and ledgers: whose, and in which order.

Stock is T0: consultants see every food bank's. No name of a person is read here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.errors import NotFoundError
from app.foodbank.models import (
    Balance,
    FoodItem,
    LedgerImport,
    Lot,
    LotState,
    Movement,
    Parcel,
    Shelf,
)
from app.policy import Role, Viewer

NOT_FOUND = "見つからないか、あなたの役割では開けません。番号を確かめてください。"
SOON = timedelta(days=14)
PER_PAGE = 50


def standing(lot: Lot, today: date) -> LotState:
    """A lot's state on a day: one whose date has passed since it came in is past."""
    waiting = {LotState.OFFERABLE, LotState.QUESTION}
    if lot.state in waiting and lot.last_day is not None and lot.last_day < today:
        return LotState.PAST
    return lot.state


@dataclass(frozen=True)
class StockFilter:
    """What part of the stock to list."""

    state: LotState | None = None
    shelf: str = ""
    group: str = ""
    expiring: bool = False
    words: str = ""
    empty: bool = False


def _stock(viewer: Viewer) -> sa.Select[Lot]:
    statement = sa.select(Lot).join(Lot.item)
    if Role.CONSULTANT in viewer.roles():
        return statement
    return statement.where(Lot.organisation_id.in_(viewer.organisations(Role.FOODBANK)))


def left_of(lot_id: Any) -> Any:
    """How much of a lot lies on all shelves, as a part of a statement."""
    return (
        sa.select(sa.func.coalesce(sa.func.sum(Balance.quantity), 0))
        .where(Balance.lot_id == lot_id)
        .scalar_subquery()
    )


def standing_is(state: LotState, today: date) -> sa.ColumnElement[bool]:
    """`standing` as a condition."""
    passed = sa.and_(Lot.last_day.is_not(None), Lot.last_day < today)
    waiting = Lot.state.in_([LotState.OFFERABLE, LotState.QUESTION])
    if state is LotState.PAST:
        return sa.or_(Lot.state == LotState.PAST, sa.and_(waiting, passed))
    if state in {LotState.OFFERABLE, LotState.QUESTION}:
        return sa.and_(Lot.state == state, sa.not_(passed))
    return Lot.state == state


def stock(viewer: Viewer, wanted: StockFilter, *, today: date) -> sa.Select[Lot]:
    """The lots to list, first to expire first; a statement to count and page further."""
    statement = _stock(viewer)
    if not wanted.empty:
        statement = statement.where(left_of(Lot.id) > 0)
    if wanted.state is not None:
        statement = statement.where(standing_is(wanted.state, today))
    if wanted.shelf:
        on_shelf = sa.select(Balance.lot_id).join(Shelf).where(Shelf.code == wanted.shelf.upper())
        statement = statement.where(Lot.id.in_(on_shelf.where(Balance.quantity > 0)))
    if wanted.group:
        statement = statement.where(FoodItem.food_group == wanted.group)
    if wanted.expiring:
        statement = statement.where(
            standing_is(LotState.OFFERABLE, today), Lot.last_day <= today + SOON
        )
    if wanted.words:
        text = wanted.words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        statement = statement.where(
            sa.or_(
                FoodItem.name.ilike(f"%{text}%", escape="\\"),
                Lot.number.ilike(f"%{text}%", escape="\\"),
                Lot.jan == wanted.words,
            )
        )
    return statement.order_by(Lot.last_day.asc().nulls_last(), Lot.id)


def count(session: Session, statement: sa.Select[Any]) -> int:
    """How many rows a statement has."""
    rows = sa.select(sa.func.count()).select_from(statement.order_by(None).subquery())
    return session.scalar(rows) or 0


def page_of_lots(session: Session, statement: sa.Select[Lot], *, page: int, size: int) -> list[Lot]:
    """One page of lots with all that a list shows of them."""
    rows = session.scalars(
        statement.options(joinedload(Lot.donor)).limit(size).offset((page - 1) * size)
    )
    return list(rows.unique())


def get_lot(session: Session, lot_id: int, viewer: Viewer) -> Lot:
    """A lot of stock the viewer may see."""
    lot = session.scalars(_stock(viewer).where(Lot.id == lot_id)).unique().one_or_none()
    if lot is None:
        raise NotFoundError(NOT_FOUND)
    return lot


def own_lot(session: Session, lot_id: int, viewer: Viewer) -> Lot:
    """A lot of the viewer's own food bank, to change."""
    lot = get_lot(session, lot_id, viewer)
    if lot.organisation_id not in viewer.organisations(Role.FOODBANK):
        raise NotFoundError(NOT_FOUND)
    return lot


def movements_of(session: Session, lot: Lot) -> Sequence[Any]:
    """A lot's movements, newest first, with shelf and parcel number."""
    return session.execute(
        sa.select(Movement, Shelf.code, Parcel.number)
        .join(Shelf, Shelf.id == Movement.shelf_id)
        .outerjoin(Parcel, Parcel.id == Movement.parcel_id)
        .where(Movement.lot_id == lot.id)
        .order_by(Movement.id.desc())
    ).all()


def shelves(session: Session, viewer: Viewer) -> list[str]:
    """Codes of the shelves the viewer's lists can be narrowed to."""
    find = sa.select(Shelf.code).distinct().order_by(Shelf.code)
    if Role.CONSULTANT not in viewer.roles():
        find = find.where(Shelf.organisation_id.in_(viewer.organisations(Role.FOODBANK)))
    return list(session.scalars(find))


def counts(session: Session, viewer: Viewer, *, today: date) -> dict[str, int]:
    """Today's figures of the stock: what may go out, what asks, what runs out."""

    def lots(*, state: LotState | None = None, expiring: bool = False) -> Any:
        wanted = StockFilter(state=state, expiring=expiring)
        listed = stock(viewer, wanted, today=today).order_by(None)
        return sa.select(sa.func.count()).select_from(listed.subquery()).scalar_subquery()

    row = session.execute(
        sa.select(
            lots(state=LotState.OFFERABLE).label("offerable"),
            lots(state=LotState.QUESTION).label("questions"),
            lots(state=LotState.PAST).label("past"),
            lots(expiring=True).label("expiring"),
        )
    ).one()
    return dict(row._mapping)  # noqa: SLF001 - the row's public mapping view


def questions(session: Session, viewer: Viewer, *, today: date) -> list[Lot]:
    """Lots with something to answer, those that wait for it first."""
    rows = session.scalars(
        _stock(viewer)
        .where(
            Lot.organisation_id.in_(viewer.organisations(Role.FOODBANK)),
            Lot.state.in_([LotState.QUESTION, LotState.OFFERABLE]),
            sa.cast(Lot.questions, sa.String) != "[]",
        )
        .order_by(Lot.state.desc(), Lot.id)
    ).unique()
    return [lot for lot in rows if standing(lot, today) is not LotState.PAST]


# ----------------------------------------------------------------------- items and ledgers


def items(session: Session, viewer: Viewer, *, words: str = "") -> list[FoodItem]:
    """The viewer's food banks' items by name."""
    find = sa.select(FoodItem).where(
        FoodItem.organisation_id.in_(viewer.organisations(Role.FOODBANK))
    )
    if words:
        find = find.where(FoodItem.name.contains(words, autoescape=True))
    return list(session.scalars(find.order_by(FoodItem.confirmed, FoodItem.name)))


def get_item(session: Session, item_id: int, viewer: Viewer) -> FoodItem:
    """An item of the viewer's own food bank."""
    item = session.get(FoodItem, item_id) if item_id < 2**31 else None
    if item is None or item.organisation_id not in viewer.organisations(Role.FOODBANK):
        raise NotFoundError(NOT_FOUND)
    return item


def last_lot_of(session: Session, item: FoodItem) -> Lot | None:
    """The lot of an item received last: what the next receipt starts from."""
    return session.scalars(
        sa.select(Lot).where(Lot.item_id == item.id).order_by(Lot.id.desc()).limit(1)
    ).one_or_none()


def get_import(session: Session, import_id: int, viewer: Viewer) -> LedgerImport:
    """A ledger taken in by the viewer's own food bank."""
    ledger = session.get(LedgerImport, import_id)
    if ledger is None or ledger.organisation_id not in viewer.organisations(Role.FOODBANK):
        raise NotFoundError(NOT_FOUND)
    return ledger


def lots_of_import(session: Session, ledger: LedgerImport) -> list[Lot]:
    """What a ledger's rows became, in their order."""
    rows = session.scalars(
        sa.select(Lot).where(Lot.import_id == ledger.id).order_by(Lot.row_number)
    )
    return list(rows.unique())


# ----------------------------------------------------------------------- stock to pack from


def stock_for(session: Session, organisation_id: int) -> tuple[list[Balance], dict[int, Lot]]:
    """Everything on a food bank's shelves, first to expire first, and the lots it belongs to."""
    lots = session.scalars(
        sa.select(Lot)
        .where(Lot.organisation_id == organisation_id, left_of(Lot.id) > 0)
        .order_by(Lot.last_day.asc().nulls_last(), Lot.id)
        .execution_options(populate_existing=True)
    ).unique()
    by_id = {lot.id: lot for lot in lots}
    balances = [b for lot in by_id.values() for b in lot.balances if b.quantity > 0]
    return balances, by_id


def there_of(
    session: Session, organisation_id: int, wanted: Mapping[int, int]
) -> list[tuple[Lot, int]]:
    """A food bank's lots with so many units of each (by lot id), never more than are there."""
    lots = session.scalars(
        sa.select(Lot).where(Lot.organisation_id == organisation_id, Lot.id.in_(wanted))
    ).unique()
    return [(lot, min(wanted[lot.id], sum(b.quantity for b in lot.balances))) for lot in lots]
