"""The way of a thing: fetched, put on a shelf, delivered, back again, withdrawn, disposed of.

Each deed is a guarded change: state and version stand in one row, so of two at once the second is
told. Every deed leaves a line; the last one can be taken back for ten minutes.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NoReturn

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.cases.versions import check_version, flushed
from app.errors import ConflictError, InvalidError
from app.goods.codes import (
    AT_HAND,
    DEED_WORDS,
    OURS,
    STATE_LABELS,
    Carrier,
    Check,
    GoodsDeed,
    ItemState,
    MetBy,
    NeedState,
    ReservationEnd,
)
from app.goods.days import has_keys, keys_on
from app.goods.deeds.history import write
from app.goods.deeds.reserving import (
    end,
    placement_of,
    running_for_item,
    running_for_need,
)
from app.goods.models import GoodsItem, GoodsMove, GoodsNeed, GoodsReservation
from app.placements.codes import PlacementState
from app.wording import day

UNDO_FOR = timedelta(minutes=10)
UNDONE = frozenset({
    GoodsDeed.FETCHED, GoodsDeed.STORED, GoodsDeed.DELIVERED,
    GoodsDeed.WITHDRAWN, GoodsDeed.DISPOSED,
})  # fmt: skip

# From which states a deed is done, and how it leaves the thing.
WAY: Mapping[GoodsDeed, tuple[tuple[ItemState, ...], ItemState]] = {
    GoodsDeed.FETCHED: ((ItemState.PLEDGED,), ItemState.FETCHED),
    GoodsDeed.STORED: ((ItemState.PLEDGED, *OURS), ItemState.STORED),
    GoodsDeed.DELIVERED: (AT_HAND, ItemState.DELIVERED),
    GoodsDeed.RETURNED: ((ItemState.DELIVERED,), ItemState.RETURNED),
    GoodsDeed.WITHDRAWN: ((ItemState.PLEDGED,), ItemState.WITHDRAWN),
    GoodsDeed.DISPOSED: (OURS, ItemState.DISPOSED),
}

NOT_KEPT = "どの世帯に届けるか、先に取り置いてください。"
NOT_FETCHED = "まだ引き取っていません。先に「引き取った」を記録してください。"
HAS_ANOTHER = (
    "この世帯には、もう別の品物が取り置かれています。"
    "取り消すときは、先にその取り置きを外してください。"
)
TOO_LATE = "ひとつ前に戻せるのは、記録してから10分のあいだです。"


def fetch(
    session: Session,
    *,
    item: GoodsItem,
    version: int,
    on: date | None,
    shelf: str,
    user_id: int,
    today: date,
) -> None:
    """Taken over from its donor; with a shelf it lies there now.

    Raises ConflictError when it is not at its donor's any more, InvalidError for a day to come or
    before the offer, StaleError when it was changed meanwhile.
    """
    _go(session, item, version, GoodsDeed.FETCHED,
        on=on, user_id=user_id, today=today)  # fmt: skip
    if shelf:
        _go(session, item, item.version, GoodsDeed.STORED,
            on=on, shelf=shelf, user_id=user_id, today=today)  # fmt: skip


def store(
    session: Session,
    *,
    item: GoodsItem,
    version: int,
    shelf: str,
    user_id: int,
    today: date,
    on: date | None = None,
) -> None:
    """Put on a shelf, or on another one; a thing its donor brought comes straight onto one."""
    if not shelf:
        _refuse("shelf", "置いた棚を入力してください。")
    _go(session, item, version, GoodsDeed.STORED,
        on=on, shelf=shelf, user_id=user_id, today=today)  # fmt: skip


def deliver(
    session: Session,
    *,
    item: GoodsItem,
    version: int,
    user_id: int,
    today: date,
    at: datetime,
    on: date | None = None,
    why: str = "",
) -> None:
    """At the household's: the need it was kept for is met.

    Raises InvalidError for a thing kept for nobody, one we were to fetch and have not, one known
    to be unsafe, and, without `why`, for a day before the keys.
    """
    reservation = running_for_item(session, item.id)
    if reservation is None:
        raise InvalidError(NOT_KEPT, code="not_reserved")
    if item.state is ItemState.PLEDGED and item.carrier in {Carrier.WE, Carrier.UNKNOWN}:
        raise InvalidError(NOT_FETCHED, code="not_fetched")
    if Check.BAD in {item.safety, item.recall}:
        raise InvalidError("問題あり・リコールの対象の品物は届けられません。", code="item_unsafe")
    _check_keys(session, reservation.need, on or today, why)
    _go(session, item, version, GoodsDeed.DELIVERED, on=on, why=why, reservation=reservation,
        user_id=user_id, today=today)  # fmt: skip
    end(session, reservation, ReservationEnd.DELIVERED, user_id=user_id, at=at)
    need = reservation.need
    need.state, need.met_by, need.closed_on = NeedState.MET, MetBy.DELIVERED, on or today


def _check_keys(session: Session, need: GoodsNeed, on: date, why: str) -> None:
    """Before the keys nobody can take a thing in, unless somebody says how."""
    placement = placement_of(session, need)
    if placement is None or placement.state is not PlacementState.OPEN or why:
        return
    got, planned = has_keys(placement), keys_on(placement)
    if got is not None and on >= got:
        return
    told = f"鍵の日（{day(planned)}）" if planned else "鍵の受け取り"
    _refuse("why", f"{told}より前に届けることになります。どこへ届けるのか、わけを書いてください。")


def give_back(
    session: Session,
    *,
    item: GoodsItem,
    version: int,
    shelf: str,
    why: str,
    still_needed: bool,
    user_id: int,
    today: date,
    on: date | None = None,
) -> None:
    """Back from the household: onto a shelf, and the need is open again where it still is one."""
    if not why:
        _refuse("why", "戻ってきたわけを入力してください（例 冷蔵庫置き場に入らなかった）。")
    if not shelf:
        _refuse("shelf", "置いた棚を入力してください。")
    last = _last_delivery(session, item)
    _go(session, item, version, GoodsDeed.RETURNED,
        on=on, shelf=shelf, why=why, reservation=last, user_id=user_id, today=today)  # fmt: skip
    if last is not None and still_needed:
        _open(last.need)


def withdraw(
    session: Session,
    *,
    item: GoodsItem,
    version: int,
    why: str,
    user_id: int,
    today: date,
    at: datetime,
) -> None:
    """The donor gives it no more; whoever it was kept for needs another one."""
    _leave(session, item, version, GoodsDeed.WITHDRAWN,
           why=why, user_id=user_id, today=today, at=at)  # fmt: skip


def dispose(
    session: Session,
    *,
    item: GoodsItem,
    version: int,
    why: str,
    user_id: int,
    today: date,
    at: datetime,
) -> None:
    """Thrown away or recycled, with the reason."""
    _leave(session, item, version, GoodsDeed.DISPOSED,
           why=why, user_id=user_id, today=today, at=at)  # fmt: skip


def _leave(
    session: Session,
    item: GoodsItem,
    version: int,
    deed: GoodsDeed,
    *,
    why: str,
    user_id: int,
    today: date,
    at: datetime,
) -> None:
    if not why:
        _refuse("why", "わけを入力してください。")
    reservation = running_for_item(session, item.id)
    _go(session, item, version, deed, why=why, reservation=reservation,
        user_id=user_id, today=today)  # fmt: skip
    if reservation is not None:
        end(session, reservation, ReservationEnd.ITEM_GONE, user_id=user_id, at=at)


def _go(
    session: Session,
    item: GoodsItem,
    version: int,
    deed: GoodsDeed,
    *,
    user_id: int,
    today: date,
    on: date | None = None,
    shelf: str | None = None,
    why: str | None = None,
    reservation: GoodsReservation | None = None,
) -> None:
    """One step on the way, and its line."""
    from_, to = WAY[deed]
    if item.state not in from_:
        raise ConflictError(_somebody(session, item), code="item_moved")
    check_version(item, version)
    day_ = on or today
    _check_day(session, item, day_, today)
    before = item.state

    def act() -> None:
        item.state = to
        item.shelf = shelf

    flushed(session, act)
    write(session, item, deed, user_id=user_id, on=day_, before=before, why=why,
          reservation=reservation)  # fmt: skip
    session.flush()  # a line of its own day is what the next deed is held against


def _check_day(session: Session, item: GoodsItem, on: date, today: date) -> None:
    if on > today:
        _refuse("on", "まだ来ていない日です。きょうまでの日付を入れてください。")
    last = session.scalar(
        sa.select(sa.func.max(GoodsMove.on_day)).where(
            GoodsMove.item_id == item.id, GoodsMove.before.is_not(None)
        )
    )
    if last is not None and on < last:
        _refuse(
            "on", f"前の記録（{day(last)}）より前の日です。その日からあとの日を入れてください。"
        )


def _somebody(session: Session, item: GoodsItem) -> str:
    """Who was first, and how the thing stands now."""
    last = _last(session, item)
    who = session.get(User, last.user_id) if last else None
    return (
        f"この品物は、{who.name if who else 'ほかの人'}さんの記録で"
        f"「{STATE_LABELS[item.state]}」になっています。画面を開き直してください。"
    )


def _last(session: Session, item: GoodsItem) -> GoodsMove | None:
    return session.scalar(
        sa.select(GoodsMove)
        .where(GoodsMove.item_id == item.id)
        .order_by(GoodsMove.id.desc())
        .limit(1)
    )


def _last_delivery(session: Session, item: GoodsItem) -> GoodsReservation | None:
    return session.scalar(
        sa.select(GoodsReservation)
        .where(
            GoodsReservation.item_id == item.id,
            GoodsReservation.ended_as == ReservationEnd.DELIVERED,
        )
        .order_by(GoodsReservation.ended_at.desc(), GoodsReservation.id.desc())
        .limit(1)
    )


def _open(need: GoodsNeed) -> None:
    need.state, need.met_by, need.closed_on = NeedState.OPEN, None, None


def to_undo(session: Session, item: GoodsItem, *, at: datetime) -> GoodsMove | None:
    """The deed that can still be taken back: the newest line, ten minutes old at most."""
    last = _last(session, item)
    if last is None or last.deed not in UNDONE or at - last.created_at > UNDO_FOR:
        return None
    return last


def undo(
    session: Session, *, item: GoodsItem, version: int, user_id: int, today: date, at: datetime
) -> str:
    """Take the last deed back, with what it did to need and reservation; says which it was.

    Raises ConflictError when it is too late or the thing or the need has gone on.
    """
    check_version(item, version)
    last = to_undo(session, item, at=at)
    if last is None or last.before is None:
        raise ConflictError(TOO_LATE, code="too_late_to_undo")
    reservation = (
        session.get(GoodsReservation, last.reservation_id) if last.reservation_id else None
    )
    before = item.state
    shelf = session.scalar(
        sa.select(GoodsMove.shelf)
        .where(GoodsMove.item_id == item.id, GoodsMove.id < last.id)
        .order_by(GoodsMove.id.desc())
        .limit(1)
    )

    if reservation is not None and running_for_need(session, reservation.need_id) is not None:
        raise ConflictError(HAS_ANOTHER, code="need_has_one")

    def act() -> None:
        item.state, item.shelf = ItemState(last.before or item.state), shelf
        if reservation is not None:
            _back(reservation, last.deed)

    flushed(session, act)  # another reservation meanwhile: the unique indexes refuse
    write(session, item, GoodsDeed.UNDONE, user_id=user_id, on=today, before=before,
          why=f"「{DEED_WORDS[last.deed]}」を取り消しました。",
          reservation=reservation)  # fmt: skip
    return DEED_WORDS[last.deed]


def _back(reservation: GoodsReservation, deed: GoodsDeed) -> None:
    """A delivery or a loss taken back keeps the thing for its household again."""
    need = reservation.need
    if deed is GoodsDeed.DELIVERED:
        _open(need)
    elif need.state is not NeedState.OPEN:
        raise ConflictError("この必要は、もうそろっています。取り消せません。", code="need_closed")
    reservation.ended_at = reservation.ended_as = reservation.ended_by = None


def _refuse(name: str, sentence: str) -> NoReturn:
    raise InvalidError(sentence, fields={name: [sentence]})
