"""Recording attempts and contacts. A correction is a further attempt; nothing is written over."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.db import JAPAN, moment_on, rows_changed
from app.errors import ConflictError, InvalidError
from app.followup.codes import (
    CONTACTS,
    USUAL_HELP,
    AttemptResult,
    CheckInState,
    HelpKind,
    Rent,
    Seen,
)
from app.followup.ladder import services as ladder
from app.followup.ladder.codes import ConcernKind
from app.followup.models import Attempt, CheckIn
from app.followup.plans.services import take_turn
from app.followup.signals.safety import know_anew, know_safe
from app.followup.visits.covering import cover_anew, cover_older, due_again, is_met

ALREADY = "この見守りは、すでに記録されています。画面を開き直してください。"
CANCELLED = "この見守りは、計画が変わって取りやめになりました。"


def record_attempt(
    session: Session,
    *,
    check_in: CheckIn,
    on: date | None,
    result: AttemptResult,
    kinds: Iterable[HelpKind] = (),
    rent: Rent | None = None,
    items: Iterable[Seen] = (),
    note: str | None = None,
    linked_to: str | None = None,
    user_id: int,
    now: datetime,
    again: bool = False,
    happened_at: datetime | None = None,
) -> Attempt:
    """Record an attempt; a contact closes the check-in, an absence leaves it due.

    `on` None or today stands for this moment, an earlier day for its noon: nobody asks the hour;
    a phone that had no network knows it and tells it in `happened_at`. A worry opens a concern;
    `again` says that it is a further one at a check-in already met. What a contact shows of older
    silence is settled with it. Raises InvalidError for a day to come or before the move-in,
    ConflictError when the check-in was closed meanwhile.
    """
    at = happened_at or _moment(check_in, on, now)
    as_it_is(session, check_in)
    if check_in.state is CheckInState.CANCELLED:
        raise ConflictError(CANCELLED, code="visit_cancelled")
    further = again and result is AttemptResult.WORRYING
    if result in CONTACTS and not (_close(session, check_in) or further):
        raise ConflictError(ALREADY, code="visit_recorded")
    return _append(
        session,
        check_in=check_in,
        at=at,
        result=result,
        kinds=kinds,
        rent=rent,
        items=items,
        note=note,
        linked_to=linked_to,
        user_id=user_id,
        now=now,
    )


def book(session: Session, *, check_in: CheckIn, result: AttemptResult, **said: Any) -> Attempt:
    """Append a visit that has happened, whatever became of its check-in; one still due is met.

    `said` as `record_attempt` takes it, with `at` for the moment.
    """
    as_it_is(session, check_in)
    if result in CONTACTS and check_in.state is not CheckInState.CANCELLED:
        _close(session, check_in)
    return _append(session, check_in=check_in, result=result, **said)


def as_it_is(session: Session, check_in: CheckIn) -> None:
    """Wait for whoever is changing the plan, then see what became of one of its check-ins."""
    take_turn(session, check_in.plan_id)
    session.refresh(check_in, ["state", "answered_by", "escalate_on", "attempts"])


def _append(
    session: Session,
    *,
    check_in: CheckIn,
    at: datetime,
    result: AttemptResult,
    kinds: Iterable[HelpKind | str] = (),
    rent: Rent | None = None,
    items: Iterable[Seen | str] = (),
    note: str | None = None,
    linked_to: str | None = None,
    user_id: int,
    now: datetime,
) -> Attempt:
    attempt = Attempt(
        check_in_id=check_in.id,
        at=at,
        result=result,
        kinds=_codes(kinds or USUAL_HELP.get(result, ())),
        rent=rent,
        items=_codes(items),
        note=note,
        linked_to=linked_to,
        user_id=user_id,
    )
    _keep(session, attempt)
    _follow_up(session, check_in, attempt, user_id, now)
    return attempt


def _close(session: Session, check_in: CheckIn) -> bool:
    """Mark a check-in met; False when it was already. One that a later contact answered for was
    met in its own time after all.
    """
    closed = session.execute(
        sa.update(CheckIn)
        .where(
            CheckIn.id == check_in.id,
            CheckIn.state.in_([CheckInState.DUE, CheckInState.COVERED]),
        )
        .values(state=CheckInState.MET, answered_by=None)
        .execution_options(synchronize_session="fetch")
    )
    return rows_changed(closed) == 1


def correct_attempt(
    session: Session,
    *,
    check_in: CheckIn,
    attempt_id: int,
    result: AttemptResult,
    kinds: Iterable[HelpKind],
    rent: Rent | None,
    items: Iterable[Seen],
    note: str,
    linked_to: str | None = None,
    user_id: int,
    now: datetime,
) -> Attempt:
    """Append what an attempt should have said; the wrong one stays readable behind it.

    The check-in follows: without any contact left it is due again. Raises InvalidError for an
    attempt of another check-in, ConflictError for one that is corrected already.
    """
    as_it_is(session, check_in)
    wrong = next((a for a in check_in.standing if a.id == attempt_id), None)
    if wrong is None:
        raise ConflictError("この記録は、もう直されています。画面を開き直してください。")
    attempt = Attempt(
        check_in_id=check_in.id,
        at=wrong.at,
        result=result,
        kinds=_codes(kinds or USUAL_HELP.get(result, ())),
        rent=rent,
        items=_codes(items),
        note=note,
        linked_to=linked_to,
        corrects_id=wrong.id,
        user_id=user_id,
    )
    try:
        _keep(session, attempt)
    except IntegrityError as error:
        raise ConflictError("この記録は、ほかの人が先に直しました。") from error
    session.refresh(check_in, ["attempts", "state"])
    if check_in.state is not CheckInState.CANCELLED:
        if is_met(check_in):
            check_in.state, check_in.answered_by = CheckInState.MET, None
        elif check_in.state is CheckInState.MET:
            due_again(check_in, now)
        session.flush()  # contacts elsewhere are asked below whether they answer for it
        cover_anew(session, check_in=check_in, user_id=user_id, at=now)
    if wrong.result in CONTACTS and result not in CONTACTS:
        know_anew(session, plan_id=check_in.plan_id, day=wrong.at.astimezone(JAPAN).date())
    # A worry put in better words is the one whose ladder stands already.
    worried = wrong.result is AttemptResult.WORRYING
    _follow_up(session, check_in, attempt, user_id, now, worried=worried)
    return attempt


def _moment(check_in: CheckIn, on: date | None, now: datetime) -> datetime:
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
    return at


def _codes(chosen: Iterable[HelpKind | Seen | str]) -> list[str]:
    return [str(code) for code in chosen]


def _keep(session: Session, attempt: Attempt) -> None:
    session.add(attempt)
    session.flush()  # the audit entry and a concern name it
    record(
        session,
        deed=Deed.CREATED,
        record_kind="attempt",
        record_id=attempt.id,
        user_id=attempt.user_id,
        fields=("result", "items", "note"),
    )


def _follow_up(
    session: Session,
    check_in: CheckIn,
    attempt: Attempt,
    user_id: int,
    now: datetime,
    *,
    worried: bool = False,
) -> None:
    if attempt.result in CONTACTS:
        know_safe(session, plan_id=check_in.plan_id, at=attempt.at, by_device=False)
        cover_older(session, plan_id=check_in.plan_id, contact=attempt)
    if attempt.result is AttemptResult.WORRYING and not worried:
        ladder.open_concern(
            session,
            plan=check_in.plan,
            kind=ConcernKind.WORRY,
            cause=f"attempt:{attempt.id}",
            check_in_id=check_in.id,
            opened_by=user_id,
            at=now,
        )
