"""Keeping a thing for a household: taking it, longer, letting it go, and what frees it.

Two who press at once are told apart by the database: a guarded UPDATE of the thing, and behind it
the unique indexes on running reservations. What runs past its day stays kept until a person says.
"""

from datetime import date, datetime, timedelta
from typing import NoReturn

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from app.audit.models import Deed
from app.audit.services import record
from app.cases.models import Case, Stage
from app.cases.versions import check_version, flushed
from app.db import rows_changed
from app.errors import ConflictError, InvalidError
from app.foodbank.requests.services import tells_where
from app.goods.codes import (
    APPLIANCES,
    AT_HAND,
    KIND_LABELS,
    STATE_LABELS,
    Check,
    GoodsDeed,
    NeedState,
    ReservationEnd,
)
from app.goods.days import RUNNING, current, due_on
from app.goods.deeds.history import write
from app.goods.models import GoodsItem, GoodsNeed, GoodsReservation
from app.placements.models import Placement
from app.policy import Protection
from app.wording import day

LONGEST = timedelta(days=90)
USUAL = timedelta(days=14)
AFTER_KEYS = timedelta(days=7)

TAKEN = (
    "この品物は、すでにほかの世帯のために取り置かれています。"
    "一覧を開き直して、別の品物を選んでください。"
)
GONE = "この品物は「{state}」になっていて、取り置けません。別の品物を選んでください。"
HAS_ONE = "この必要には、すでに別の品物が取り置かれています。先にその取り置きを外してください。"
UNSAFE = "問題あり・リコールの対象と分かっている品物は、取り置けません。別の品物を選んでください。"
OVER = "この世帯の入居の手続きは終わっています。新しい手続きが始まってから取り置いてください。"


def placement_of(session: Session, need: GoodsNeed) -> Placement | None:
    """The way into a home a need is for: the one it was written for, else the case's present one.

    A way that has ended is followed by the next one; without a next one the ended way is given.
    """
    own = need.placement
    if own is not None and own.state in RUNNING:
        return own
    rows = session.scalars(sa.select(Placement).where(Placement.case_id == need.case_id))
    return current(rows) or own


def usual_until(session: Session, need: GoodsNeed, *, today: date) -> date:
    """Until when a thing is kept where nobody says: a week past the day it is needed."""
    due = due_on(need, placement_of(session, need))
    until = due + AFTER_KEYS if due is not None else today + USUAL
    return min(max(until, today + AFTER_KEYS), today + LONGEST)


def reserve(
    session: Session,
    *,
    item: GoodsItem,
    need: GoodsNeed,
    until: date | None,
    hand_over_at: str = "",
    user_id: int,
    today: date,
) -> GoodsReservation:
    """Keep a thing for a need to the end of `until` (a week past its day when None).

    Raises ConflictError when the thing is kept or gone or the need has one or is closed,
    InvalidError for another kind, an unsafe thing, a day that has passed or lies too far, a
    household whose way into a home has ended, and a hand-over point that tells a hidden home.
    """
    lock_need(session, need)
    _check_need(session, need)
    if item.kind is not need.kind:
        _refuse(
            "need_id",
            f"必要なのは「{KIND_LABELS[need.kind]}」です。同じ種類の品物を選んでください。",
        )
    if Check.BAD in {item.safety, item.recall}:
        raise InvalidError(UNSAFE, fields={"need_id": [UNSAFE]}, code="item_unsafe")
    last = until or usual_until(session, need, today=today)
    _check_until(last, today)
    _check_place(session, need.case, hand_over_at)
    _take(session, item)
    reservation = GoodsReservation(
        item_id=item.id,
        need_id=need.id,
        user_id=user_id,
        until=last,
        hand_over_at=hand_over_at or None,
    )
    try:
        with session.begin_nested():  # the unique indexes have the last word
            session.add(reservation)
    except IntegrityError as error:
        both = error.orig is not None and "need" in str(error.orig)
        raise ConflictError(HAS_ONE if both else TAKEN, code="item_taken") from error
    write(session, item, GoodsDeed.RESERVED, user_id=user_id, on=today, before=item.state,
          reservation=reservation)  # fmt: skip
    _note(session, Deed.CREATED, reservation, user_id, "item_id", "need_id", "until")
    return reservation


def lock_need(session: Session, need: GoodsNeed) -> None:
    """Whoever changes or closes the need at this moment and whoever keeps something for it go one
    by one.
    """
    session.execute(sa.select(GoodsNeed.id).where(GoodsNeed.id == need.id).with_for_update())
    session.refresh(need, ["state", "kind", "version"])


def _check_need(session: Session, need: GoodsNeed) -> None:
    if need.state is not NeedState.OPEN:
        raise ConflictError(
            "この必要は、もう「まだない」ではありません。必要の一覧を開き直してください。",
            code="need_closed",
        )
    if need.case.stage is Stage.CLOSED:
        raise InvalidError("終結した相談のために取り置くことはできません。")
    placement = placement_of(session, need)
    if placement is not None and placement.state not in RUNNING:
        raise InvalidError(OVER, fields={"need_id": [OVER]}, code="placement_over")


def _check_until(until: date, today: date) -> None:
    if until < today:
        _refuse("until", "もう過ぎた日です。きょうからあとの日を入れてください。")
    if until > today + LONGEST:
        _refuse("until", f"取り置きは{LONGEST.days}日先（{day(today + LONGEST)}）までです。")


def _check_place(session: Session, case: Case, words: str) -> None:
    if words and case.protection is not Protection.NO and tells_where(session, case, words):
        _refuse(
            "hand_over_at",
            "居場所を隠す世帯の住所は書けません。待ち合わせて渡す場所を入れてください。",
        )


def _take(session: Session, item: GoodsItem) -> None:
    """Claim a thing that is at hand: of two at once the second finds another version."""
    changed = session.execute(
        sa.update(GoodsItem)
        .where(
            GoodsItem.id == item.id,
            GoodsItem.version == item.version,
            GoodsItem.state.in_(AT_HAND),
            ~sa.exists().where(
                GoodsReservation.item_id == item.id, GoodsReservation.ended_at.is_(None)
            ),
        )
        .values(version=GoodsItem.version + 1)
        .execution_options(synchronize_session=False)
    )
    refused = rows_changed(changed) != 1
    session.refresh(item)
    if refused and item.state not in AT_HAND:
        raise ConflictError(GONE.format(state=STATE_LABELS[item.state]), code="item_gone")
    if refused:
        raise ConflictError(TAKEN, code="item_taken")


def extend(
    session: Session,
    *,
    reservation: GoodsReservation,
    version: int,
    until: date,
    user_id: int,
    today: date,
) -> None:
    """Keep it longer, or shorter. Raises as `reserve`, StaleError when it was changed meanwhile."""
    _check_running(reservation)
    check_version(reservation, version)
    _check_until(until, today)
    before = reservation.until

    def act() -> None:
        reservation.until = until

    flushed(session, act)
    write(session, reservation.item, GoodsDeed.EXTENDED, user_id=user_id, on=today,
          before=reservation.item.state, reservation=reservation,
          why=f"{day(before)}まで → {day(until)}まで")  # fmt: skip
    _note(session, Deed.CHANGED, reservation, user_id, "until")


def free(
    session: Session,
    *,
    reservation: GoodsReservation,
    ended_as: ReservationEnd,
    why: str,
    user_id: int,
    today: date,
    at: datetime,
) -> None:
    """Let a thing go; its history tells why. Raises ConflictError when it has ended already."""
    _check_running(reservation)
    end(session, reservation, ended_as, user_id=user_id, at=at)
    deed = GoodsDeed.FOUND_UNSAFE if ended_as is ReservationEnd.UNSAFE else GoodsDeed.FREED
    write(session, reservation.item, deed, user_id=user_id, on=today,
          before=reservation.item.state, reservation=reservation, why=why)  # fmt: skip


def end(
    session: Session,
    reservation: GoodsReservation,
    ended_as: ReservationEnd,
    *,
    user_id: int,
    at: datetime,
) -> None:
    """Close a reservation's row, without a line in the thing's history."""

    def act() -> None:
        reservation.ended_at, reservation.ended_as, reservation.ended_by = at, ended_as, user_id

    flushed(session, act)
    _note(session, Deed.CHANGED, reservation, user_id, "ended_as")


def _check_running(reservation: GoodsReservation) -> None:
    if reservation.ended_at is not None:
        raise ConflictError(
            "この取り置きは、すでに終わっています。画面を開き直してください。",
            code="reservation_ended",
        )


def check(reservation: GoodsReservation, version: int) -> None:
    """Raise StaleError when a reservation was changed since the page was opened."""
    check_version(reservation, version)


def running_for_item(session: Session, item_id: int) -> GoodsReservation | None:
    """The reservation that runs on a thing."""
    return session.scalar(_running().where(GoodsReservation.item_id == item_id))


def running_for_need(session: Session, need_id: int) -> GoodsReservation | None:
    """The reservation that runs for a need."""
    return session.scalar(_running().where(GoodsReservation.need_id == need_id))


def _running() -> sa.Select[GoodsReservation]:
    return (
        sa.select(GoodsReservation)
        .where(GoodsReservation.ended_at.is_(None))
        .options(joinedload(GoodsReservation.item), joinedload(GoodsReservation.need))
    )


def free_over(
    session: Session, placement: Placement, *, user_id: int, today: date, at: datetime
) -> None:
    """A way into a home has ended: what was kept for it is free again, and says so."""
    others = session.scalars(
        sa.select(Placement).where(
            Placement.case_id == placement.case_id, Placement.id != placement.id
        )
    )
    mine = GoodsNeed.placement_id == placement.id
    if current(others) is None:  # what was written for no way in particular was for this one
        mine = sa.or_(mine, GoodsNeed.placement_id.is_(None))
    rows = session.scalars(
        _running()
        .join(GoodsNeed, GoodsNeed.id == GoodsReservation.need_id)
        .where(GoodsNeed.case_id == placement.case_id, mine)
        .order_by(GoodsReservation.id)
    ).all()
    for one in rows:
        free(session, reservation=one, ended_as=ReservationEnd.PLACEMENT_OVER,
             why="入居の手続きが終わったため、取り置きを外しました。",
             user_id=user_id, today=today, at=at)  # fmt: skip


def free_unsafe(
    session: Session, item: GoodsItem, *, why: str, user_id: int, today: date, at: datetime
) -> GoodsReservation | None:
    """A thing turned out unsafe: whoever it was kept for needs another one."""
    running = running_for_item(session, item.id)
    if running is None:
        return None
    free(session, reservation=running, ended_as=ReservationEnd.UNSAFE, why=why, user_id=user_id,
         today=today, at=at)  # fmt: skip
    return running


def is_unchecked(item: GoodsItem) -> bool:
    """Whether a thing that runs on power or gas still has to be looked at."""
    return item.kind in APPLIANCES and Check.UNCHECKED in {item.safety, item.recall}


def _note(
    session: Session, deed: Deed, reservation: GoodsReservation, user_id: int, *fields: str
) -> None:
    record(session, deed=deed, record_kind="goods_reservation", record_id=reservation.id,
           user_id=user_id, fields=fields)  # fmt: skip


def _refuse(name: str, sentence: str) -> NoReturn:
    raise InvalidError(sentence, fields={name: [sentence]})
