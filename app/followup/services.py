"""Planning check-ins on the day of the move, and recording attempts and contacts.

A check-in stays due until somebody was met or spoken to. Nothing unanswered closes itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.db import JAPAN, moment_on, rows_changed
from app.errors import ConflictError, InvalidError
from app.followup.models import (
    CONTACTS,
    Attempt,
    AttemptResult,
    CheckIn,
    CheckInState,
    WatchPlan,
)
from app.placements.models import Placement
from app.placements.steps import move_in_listeners, move_in_undone


@dataclass(frozen=True)
class Template:
    """When to look in after the move: days counted from the move-in, with what each is for."""

    code: str
    name: str
    days: tuple[tuple[int, str], ...]


def _standard_days() -> tuple[tuple[int, str], ...]:
    """Days 1, 3, 7, then weekly to 4 weeks, fortnightly to 3 months, monthly to a year.

    Good practice, not law; reviews after 1, 3, 6 and 12 months.
    """
    days = {1: "入居の翌日", 3: "3日目", 7: "1週間"}
    days |= {7 * week: f"{week}週目" for week in (2, 3)}
    days |= {30: "1か月の振り返り"}
    days |= {14 * n: f"{2 * n}週目" for n in (3, 4, 5, 6)}
    days |= {91: "3か月の振り返り", 182: "6か月の振り返り", 365: "1年の振り返り"}
    days |= {round(30.4 * n): f"{n}か月目" for n in (4, 5, 7, 8, 9, 10, 11)}
    return tuple(sorted(days.items()))


STANDARD = Template("standard", "標準（1年）", _standard_days())
TEMPLATES = {STANDARD.code: STANDARD}


def plan_watch(session: Session, placement: Placement, user_id: int) -> WatchPlan:
    """The check-ins of a placement, made in the transaction that records the move-in."""
    moved_in = placement.moved_in_on
    if moved_in is None:
        raise InvalidError("入居の日が記録されていません。")
    plan = WatchPlan(
        placement_id=placement.id,
        template=STANDARD.code,
        starts_on=moved_in,
        organisation_id=placement.organisation_id,
        assigned_to=user_id,
        check_ins=[
            CheckIn(due_on=moved_in + timedelta(days=days), label=label)
            for days, label in STANDARD.days
        ],
    )
    session.add(plan)
    session.flush()  # the audit entry names it
    record(
        session,
        deed=Deed.CREATED,
        record_kind="watch_plan",
        record_id=plan.id,
        user_id=user_id,
        fields=("placement_id", "template"),
    )
    return plan


def _plan_on_move_in(session: Session, placement: Placement, user_id: int) -> None:
    plan_watch(session, placement, user_id)


def _drop_on_undo(session: Session, placement: Placement, user_id: int) -> None:
    """A move-in recorded by mistake takes its plan with it, unless somebody looked in already."""
    plan = session.scalar(
        sa.select(WatchPlan).where(WatchPlan.placement_id == placement.id).with_for_update()
    )
    if plan is None:
        return
    if any(check_in.attempts for check_in in plan.check_ins):
        raise ConflictError("もう見守りの記録があるため、入居は取り消せません。")
    record(
        session,
        deed=Deed.DELETED,
        record_kind="watch_plan",
        record_id=plan.id,
        user_id=user_id,
        fields=("placement_id",),
    )
    session.delete(plan)


move_in_undone.append(_drop_on_undo)
move_in_listeners.append(_plan_on_move_in)


def record_attempt(
    session: Session,
    *,
    check_in: CheckIn,
    on: date | None,
    result: AttemptResult,
    items: Iterable[str],
    note: str | None,
    linked_to: str | None,
    user_id: int,
    now: datetime,
) -> Attempt:
    """Record an attempt; a contact closes the check-in, an absence leaves it due.

    `on` None or today stands for this moment, an earlier day for its noon: nobody asks the hour.
    Raises InvalidError for a day to come or before the move-in, ConflictError when the check-in
    was closed meanwhile.
    """
    is_now = on is None or on == now.astimezone(JAPAN).date()
    at = now if on is None or is_now else moment_on(on, time(12))
    if at > now:
        raise InvalidError(
            "まだ来ていない日時は記録できません。",
            fields={"on": ["きょうまでの日付を入れてください。"]},
        )
    if at.astimezone(JAPAN).date() < check_in.plan.starts_on:
        raise InvalidError(
            "入居より前の日付です。",
            fields={"on": ["入居の日以降の日付を入れてください。"]},
        )
    if result in CONTACTS:
        closed = session.execute(
            sa.update(CheckIn)
            .where(CheckIn.id == check_in.id, CheckIn.state == CheckInState.DUE)
            .values(state=CheckInState.MET)
            .execution_options(synchronize_session="fetch")
        )
        if rows_changed(closed) != 1:
            raise ConflictError("この見守りは、すでに記録されています。画面を開き直してください。")
    attempt = Attempt(
        check_in_id=check_in.id,
        at=at,
        result=result,
        items=list(items),
        note=note,
        linked_to=linked_to,
        user_id=user_id,
    )
    session.add(attempt)
    session.flush()  # the audit entry names it
    record(
        session,
        deed=Deed.CREATED,
        record_kind="attempt",
        record_id=attempt.id,
        user_id=user_id,
        fields=("result", "items", "note"),
    )
    return attempt


def due_label(due_on: date, today: date) -> str:
    """How a due day reads on the list."""
    days = (today - due_on).days
    if days == 0:
        return "きょう"
    return f"{days}日過ぎ" if days > 0 else f"{due_on.month}月{due_on.day}日"
