"""Reading things: the list with its filters and counts, one thing, its pictures and history."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.db import how_many
from app.directory.models import Partner
from app.errors import NotFoundError
from app.goods.codes import APPLIANCES, AT_HAND, GONE, Check, ItemState, kinds_of
from app.goods.models import GoodsItem, GoodsMove, GoodsNeed, GoodsPhoto, GoodsReservation
from app.japanese import narrow

PER_PAGE = 50
EXPORT_AT_MOST = 5000
SOON = timedelta(days=7)
MOST_ID = 2**31
NOT_FOUND = "この品物は見つかりません。一覧から選び直してください。"


def get_item(session: Session, item_id: int) -> GoodsItem:
    """One thing; whoever works with goods may know of every one. Raises NotFoundError."""
    find = sa.select(GoodsItem).where(GoodsItem.id == item_id)
    item = session.scalar(find.options(joinedload(GoodsItem.donor))) if item_id < MOST_ID else None
    if item is None:
        raise NotFoundError(NOT_FOUND)
    return item


def is_reserved() -> sa.ColumnElement[bool]:
    """Whether a thing is kept for somebody."""
    return sa.exists().where(
        GoodsReservation.item_id == GoodsItem.id, GoodsReservation.ended_at.is_(None)
    )


def ending(today: date) -> sa.ColumnElement[bool]:
    """Still at its donor's, and the last day to fetch it is near or past."""
    return sa.and_(GoodsItem.state == ItemState.PLEDGED, GoodsItem.window_until <= today + SOON)


def unchecked() -> sa.ColumnElement[bool]:
    """An appliance at hand that nobody has looked at."""
    return sa.and_(
        GoodsItem.kind.in_(APPLIANCES),
        GoodsItem.state.in_(AT_HAND),
        sa.or_(GoodsItem.safety == Check.UNCHECKED, GoodsItem.recall == Check.UNCHECKED),
    )


def listed(chosen: Mapping[str, Any], *, today: date) -> sa.Select[GoodsItem]:
    """Things as chosen: those to be fetched soonest first, then the newest."""
    shows = {
        "free": sa.and_(GoodsItem.state.in_(AT_HAND), ~is_reserved()),
        "reserved": is_reserved(),
        "ending": ending(today),
        "unchecked": unchecked(),
        "gone": GoodsItem.state.in_(GONE),
    }
    statement = sa.select(GoodsItem)
    if chosen.get("show") in shows:
        statement = statement.where(shows[chosen["show"]])
    elif chosen.get("state") is None:
        statement = statement.where(GoodsItem.state.in_(AT_HAND))
    if chosen.get("state") is not None:
        statement = statement.where(GoodsItem.state == chosen["state"])
    if chosen.get("group"):
        statement = statement.where(GoodsItem.kind.in_(kinds_of(chosen["group"])))
    if chosen.get("kind") is not None:
        statement = statement.where(GoodsItem.kind == chosen["kind"])
    statement = _words(statement, chosen.get("q") or "")
    # What is at its donor's has the nearest last day; nothing of whom it is for orders the list.
    waits = sa.case((GoodsItem.state == ItemState.PLEDGED, GoodsItem.window_until))
    return statement.order_by(waits.is_(None), waits, GoodsItem.id.desc())


def _words(statement: sa.Select[GoodsItem], words: str) -> sa.Select[GoodsItem]:
    """By what is written of the thing or its number; never by its donor, who is not for all."""
    if not words:
        return statement
    digits = narrow(words).removeprefix("モノ-")
    if digits.isdecimal() and len(digits) <= 9:
        return statement.where(
            sa.or_(GoodsItem.id == int(digits), GoodsItem.model.contains(words, autoescape=True))
        )
    columns = (GoodsItem.label, GoodsItem.maker, GoodsItem.model)
    return statement.where(sa.or_(*(c.icontains(words, autoescape=True) for c in columns)))


def page_of(
    session: Session, statement: sa.Select[GoodsItem], *, limit: int, offset: int = 0
) -> Sequence[GoodsItem]:
    """The rows of one page with their donors."""
    return session.scalars(
        statement.options(joinedload(GoodsItem.donor)).limit(limit).offset(offset)
    ).all()


def running(session: Session, item_ids: Collection[int]) -> dict[int, GoodsReservation]:
    """What runs on these things, with need and case, in a fixed number of statements."""
    rows = session.scalars(
        sa.select(GoodsReservation)
        .where(GoodsReservation.item_id.in_(item_ids), GoodsReservation.ended_at.is_(None))
        .options(joinedload(GoodsReservation.need).joinedload(GoodsNeed.case))
    ).unique()
    return {one.item_id: one for one in rows}


def counts(session: Session, *, today: date) -> dict[str, int]:
    """The figures at the head of the list."""

    def held(*where: sa.ColumnElement[bool]) -> int:
        return how_many(session, sa.select(GoodsItem.id).where(*where))

    return {
        "at_hand": held(GoodsItem.state.in_(AT_HAND)),
        "free": held(GoodsItem.state.in_(AT_HAND), ~is_reserved()),
        "ending": held(ending(today)),
        "unchecked": held(unchecked()),
    }


def moves_of(session: Session, item_id: int) -> Sequence[GoodsMove]:
    """A thing's history, the newest first."""
    return session.scalars(
        sa.select(GoodsMove).where(GoodsMove.item_id == item_id).order_by(GoodsMove.id.desc())
    ).all()


def photos_of(session: Session, item_ids: Collection[int]) -> dict[int, list[GoodsPhoto]]:
    """The pictures of these things, without the bytes."""
    found: dict[int, list[GoodsPhoto]] = {}
    for photo in session.scalars(
        sa.select(GoodsPhoto)
        .where(GoodsPhoto.item_id.in_(item_ids), GoodsPhoto.removed_at.is_(None))
        .order_by(GoodsPhoto.id)
    ):
        found.setdefault(photo.item_id, []).append(photo)
    return found


def donor_names(session: Session) -> list[str]:
    """Who has given something before, to choose from while typing."""
    rows = session.scalars(
        sa.select(Partner.name)
        .where(sa.exists().where(GoodsItem.donor_id == Partner.id))
        .order_by(Partner.name)
        .limit(200)
    )
    return list(rows)
