"""Opening a concern once for each cause, taking its steps, and closing it by a named person."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.cases.versions import check_version, flushed
from app.db import JAPAN, insert_or_update, rows_changed
from app.errors import ConflictError, InvalidError
from app.followup.codes import AttemptResult, CheckInState
from app.followup.ladder.codes import (
    OWN_CONTACT,
    ConcernKind,
    ConcernState,
    Outcome,
    StepKind,
    StepResult,
)
from app.followup.ladder.models import Concern, ConcernStep
from app.followup.models import Attempt, CheckIn, WatchPlan
from app.followup.plans.models import WatchPause
from app.followup.plans.services import take_turn
from app.followup.signals import safety
from app.followup.visits.covering import answer_to, cover_older

NEW_LIMIT = 3
"""Days after which a household nobody has met yet is asked after again, on word from others."""
AGAIN = "/"
"""Before the concern a silence ended by in the cause of the one that goes on with it."""
ALARM_SHARE = 4
"""Somebody who pressed a button is asked after in a quarter of the usual time."""


def open_concern(
    session: Session,
    *,
    plan: WatchPlan,
    kind: ConcernKind,
    cause: str,
    check_in_id: int | None,
    opened_by: int | None,
    at: datetime,
) -> int | None:
    """Open a concern with the steps of the plan's template; None when this cause has one already.

    The database decides, so any number of runners may find the same cause at once.
    """
    wanted = (
        insert_or_update(session, Concern)
        .values(
            plan_id=plan.id,
            check_in_id=check_in_id,
            kind=kind,
            cause=cause,
            opened_at=at,
            opened_by=opened_by,
            state=ConcernState.OPEN,
            version=1,
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=["plan_id", "kind", "cause"])
        .returning(Concern.id)
    )
    concern_id: int | None = session.scalar(wanted)
    if concern_id is None:
        return None
    share = ALARM_SHARE if kind is ConcernKind.ALARM else 1
    order = list(StepKind)
    ladder = sorted(
        plan.version_of.ladder.items(), key=lambda s: (s[1], order.index(StepKind(s[0])))
    )
    session.add_all(
        ConcernStep(
            concern_id=concern_id,
            position=position,
            kind=StepKind(step),
            due_at=at + timedelta(hours=hours) / share,
        )
        for position, (step, hours) in enumerate(ladder)
    )
    session.flush()  # a concern never stands without its steps
    _note(session, Deed.CREATED, "concern", concern_id, opened_by, "kind")
    return concern_id


def open_overdue(session: Session, *, at: datetime) -> int:
    """Open a concern for every check-in nobody was reached for in time; gives how many.

    A household that rests – it is known where it is – is left alone until the day it is back.
    """
    today = at.astimezone(JAPAN).date()
    resting = sa.exists().where(
        WatchPause.plan_id == CheckIn.plan_id,
        WatchPause.from_on <= today,
        WatchPause.until_on >= today,
        sa.or_(WatchPause.back_on.is_(None), WatchPause.back_on > today),
    )
    known = sa.exists().where(
        Concern.check_in_id == CheckIn.id,
        Concern.kind == ConcernKind.NO_CONTACT,
        Concern.state == ConcernState.OPEN,
    )
    rows = session.execute(
        sa.select(CheckIn, WatchPlan)
        .join(WatchPlan, WatchPlan.id == CheckIn.plan_id)
        .where(
            CheckIn.state == CheckInState.DUE,
            CheckIn.escalate_on <= today,
            WatchPlan.ended_on.is_(None),
            ~resting,
            ~known,
        )
        .order_by(CheckIn.id)
    ).all()
    opened = [
        open_concern(
            session,
            plan=plan,
            kind=ConcernKind.NO_CONTACT,
            cause=f"{check_in.id}:{check_in.escalate_on}",
            check_in_id=check_in.id,
            opened_by=None,
            at=at,
        )
        for check_in, plan in rows
    ]
    return sum(concern is not None for concern in opened)


def open_silent(session: Session, *, at: datetime) -> int:
    """Open a concern for every household nothing was heard of for too long; gives how many."""
    going = set(
        session.scalars(
            sa.select(Concern.plan_id).where(
                Concern.kind == ConcernKind.SILENCE, Concern.state == ConcernState.OPEN
            )
        )
    )
    ended = _ended_silences(session)
    opened = [
        open_concern(
            session,
            plan=session.get_one(WatchPlan, silence.plan_id),
            kind=ConcernKind.SILENCE,
            cause=_cause_of(silence, ended),
            check_in_id=None,
            opened_by=None,
            at=at,
        )
        for silence in list(safety.silences(session, at=at))
        if silence.plan_id not in going
    ]
    return sum(concern is not None for concern in opened)


def _ended_silences(session: Session) -> dict[tuple[int, str], int]:
    """The last concern that a later contact ended, by plan and by when its silence began."""
    rows = session.execute(
        sa.select(Concern.plan_id, Concern.cause, Concern.id)
        .where(Concern.kind == ConcernKind.SILENCE, Concern.outcome == Outcome.LATER)
        .order_by(Concern.id)
    )
    return {(plan_id, cause.partition(AGAIN)[0]): number for plan_id, cause, number in rows}


def _cause_of(silence: safety.Silence, ended: Mapping[tuple[int, str], int]) -> str:
    """When the silence began. One that began when another did goes on: its contact never was."""
    since = silence.since.isoformat()
    before = ended.get((silence.plan_id, since))
    return since if before is None else f"{since}{AGAIN}{before}"


def take_step(
    session: Session,
    *,
    concern: Concern,
    step_id: int,
    result: StepResult,
    note: str | None,
    user_id: int,
    at: datetime,
) -> ConcernStep:
    """Record what came of a step. Whoever leaves one out says why.

    Raises InvalidError for a step left out without a word, ConflictError when somebody was first.
    """
    step = next((s for s in concern.steps if s.id == step_id), None)
    if step is None:
        raise InvalidError("この順番は見つかりません。画面を開き直してください。")
    if result is StepResult.SKIPPED and not note:
        sentence = "行わないわけを書いてください。"
        raise InvalidError(sentence, fields={"note": [sentence]})
    if concern.state is ConcernState.CLOSED:
        raise ConflictError("この「気になること」は、もう終わっています。")
    done = session.execute(
        sa.update(ConcernStep)
        .where(ConcernStep.id == step.id, ConcernStep.done_at.is_(None))
        .values(done_at=at, done_by=user_id, result=result, note=note)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(done) != 1:
        raise ConflictError("この順番は、ほかの人がもう記録しています。開き直してください。")
    _note(session, Deed.CHANGED, "concern", concern.id, user_id, "result")
    return step


def close(
    session: Session,
    *,
    concern: Concern,
    version: int,
    outcome: Outcome,
    found: str,
    user_id: int,
    at: datetime,
) -> None:
    """A named person closes a concern with what was found.

    Whoever met or spoke to the household has made contact, so the check-in behind it is met. Word
    from others closes the concern alone: the check-in stays due, with a limit counted anew. A
    mistake makes nobody safe; silence is counted anew from then on.
    Raises StaleError when somebody was first, ConflictError when it is closed already, InvalidError
    for a later contact that never was.
    """
    take_turn(session, concern.plan_id)
    if concern.state is ConcernState.CLOSED:
        raise ConflictError("この「気になること」は、もう終わっています。")
    check_version(concern, version)
    if outcome is Outcome.LATER and answer_to(session, concern) is None:
        sentence = "あとで会えた・話せた記録がありません。先に訪問を記録してください。"
        raise InvalidError(sentence, fields={"outcome": [sentence]})

    def act() -> None:
        concern.state, concern.outcome, concern.found = ConcernState.CLOSED, outcome, found
        concern.closed_at, concern.closed_by = at, user_id

    flushed(session, act)
    if concern.check_in is not None:
        session.refresh(concern.check_in, ["state"])  # somebody may have met them meanwhile
    if concern.check_in is not None and concern.check_in.state is CheckInState.DUE:
        _settle(session, concern.check_in, concern, at)
    if outcome not in safety.TELLS_NOTHING_NEW:
        safety.know_safe(
            session,
            plan_id=concern.plan_id,
            at=at,
            by_device=False,
            only_clock=outcome is Outcome.MISTAKE,
        )
    _note(session, Deed.CHANGED, "concern", concern.id, user_id, "outcome", "found")


def _settle(session: Session, check_in: CheckIn, concern: Concern, at: datetime) -> None:
    outcome = concern.outcome
    if outcome not in OWN_CONTACT or outcome is None:
        check_in.escalate_on = _today(at) + timedelta(days=NEW_LIMIT)
        return
    check_in.state = CheckInState.MET
    attempt = Attempt(
        check_in_id=check_in.id,
        at=at,
        result=AttemptResult(outcome.value),
        kinds=["safety"],
        items=[],
        note=concern.found,
        user_id=concern.closed_by,
    )
    session.add(attempt)
    session.flush()  # the audit entry names it
    _note(session, Deed.CREATED, "attempt", attempt.id, concern.closed_by, "result", "note")
    cover_older(session, plan_id=check_in.plan_id, contact=attempt)


def _today(at: datetime) -> date:
    return at.astimezone(JAPAN).date()


def _note(
    session: Session, deed: Deed, kind: str, record_id: int, user_id: int | None, *fields: str
) -> None:
    record(
        session, deed=deed, record_kind=kind, record_id=record_id, user_id=user_id, fields=fields
    )
