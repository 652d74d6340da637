"""Keeping a home for one household, and taking it step by step to the keys.

Two people pressing at once are told apart by the database: a guarded UPDATE of the home's state,
and behind it the unique index on active holds.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.cases.models import Case, Stage
from app.cases.services import advance
from app.db import moment_on, rows_changed
from app.errors import ConflictError, InvalidError
from app.housing.codes import HomeState
from app.housing.models import Home, MatchRun
from app.placements.models import (
    STEP_LABELS,
    Hold,
    HoldEnd,
    Placement,
    PlacementState,
    PlacementStep,
    RefusalReason,
    StepKind,
)

BEFORE_CANDIDATES = (Stage.INTAKE, Stage.ASSESSMENT, Stage.NEEDS)
BEFORE_APPLICATION = (*BEFORE_CANDIDATES, Stage.CANDIDATES)

HOLD_FOR = timedelta(days=7)
LONGEST_HOLD = timedelta(days=31)

ORDER = tuple(StepKind)
# Without these nobody moves in; a viewing or a screening may not have been needed.
NEEDED = (StepKind.APPLICATION, StepKind.LANDLORD, StepKind.CONTRACT, StepKind.KEYS)

HOME_STATES = {
    StepKind.VIEWING: HomeState.VIEWING,
    StepKind.APPLICATION: HomeState.APPLIED,
    StepKind.SCREENING: HomeState.APPLIED,
    StepKind.LANDLORD: HomeState.APPLIED,
    StepKind.CONTRACT: HomeState.CONTRACT,
    StepKind.KEYS: HomeState.CONTRACT,
    StepKind.MOVE_IN: HomeState.OCCUPIED,
}

# Features above this one that act in the move-in's own transaction (followup plans check-ins).
MoveInListener = Callable[[Session, Placement, int], None]
move_in_listeners: list[MoveInListener] = []

TAKEN = (
    "この住戸は、すでにほかの世帯のために取り置かれています。"
    "候補の一覧を開き直して、別の住戸を選んでください。"
)


def place_hold(
    session: Session,
    *,
    home: Home,
    case: Case,
    user_id: int,
    organisation_id: int,
    at: datetime,
    ends_on: date | None = None,
    match_run_id: int | None = None,
) -> Hold:
    """Keep a vacant home for one household to the end of `ends_on` (a week when it is None).

    Raises ConflictError when the home is not vacant any more, InvalidError for an end that has
    passed or is more than a month away.
    """
    ends_at = at + HOLD_FOR if ends_on is None else moment_on(ends_on + timedelta(days=1))
    if not at < ends_at <= at + LONGEST_HOLD:
        raise InvalidError(
            "取り置きの期限は、いまより後で31日以内の日時にしてください。",
            fields={"ends_on": ["明日から31日以内の日付を入れてください。"]},
        )
    if case.stage is Stage.CLOSED:
        raise InvalidError("終結した相談のために取り置くことはできません。")
    if match_run_id is not None:
        run = session.get(MatchRun, match_run_id)
        if run is None or run.case_id != case.id:
            raise InvalidError("候補の記録が見つかりません。候補の一覧から取り置いてください。")
    if not _take_home(session, home.id, before=HomeState.VACANT, after=HomeState.HELD):
        raise ConflictError(TAKEN, code="home_taken")
    hold = Hold(
        home_id=home.id,
        case_id=case.id,
        user_id=user_id,
        organisation_id=organisation_id,
        match_run_id=match_run_id,
        ends_at=ends_at,
    )
    session.add(hold)
    try:
        session.flush()  # the unique index has the last word
    except IntegrityError as error:
        raise ConflictError(TAKEN, code="home_taken") from error
    advance(session, case, to=Stage.CANDIDATES, from_=BEFORE_CANDIDATES)
    _note(session, Deed.CREATED, "hold", hold.id, user_id, "home_id", "case_id", "ends_at")
    return hold


def _take_home(session: Session, home_id: int, *, before: HomeState, after: HomeState) -> bool:
    """Change a home's state only from the state it was seen in; False when somebody was first."""
    changed = session.execute(
        sa.update(Home)
        .where(Home.id == home_id, Home.state == before)
        .values(state=after, version=Home.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    return rows_changed(changed) == 1


def end_hold(
    session: Session,
    *,
    hold: Hold,
    ended_as: HoldEnd,
    at: datetime,
    user_id: int | None,
    reason: str | None = None,
) -> None:
    """End an active hold once; unless it led to a placement the home is vacant again."""
    ended = session.execute(
        sa.update(Hold)
        .where(Hold.id == hold.id, Hold.ended_at.is_(None))
        .values(ended_at=at, ended_as=ended_as, ended_by=user_id, reason=reason)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(ended) != 1:
        raise ConflictError("この取り置きは、すでに終わっています。")
    if ended_as is not HoldEnd.PLACED:
        _take_home(session, hold.home_id, before=HomeState.HELD, after=HomeState.VACANT)
    _note(session, Deed.CHANGED, "hold", hold.id, user_id, "ended_at", "ended_as")


def expire_holds(session: Session, *, at: datetime) -> int:
    """Release every hold whose time is up; an administrative end blocks nothing later."""
    due = session.scalars(
        sa.select(Hold).where(Hold.ended_at.is_(None), Hold.ends_at <= at).order_by(Hold.id)
    ).all()
    for hold in due:
        end_hold(session, hold=hold, ended_as=HoldEnd.EXPIRED, at=at, user_id=None)
    return len(due)


# ---------------------------------------------------------------------------- placement


def start_placement(
    session: Session, *, hold: Hold, user_id: int, organisation_id: int, at: datetime
) -> Placement:
    """Begin the way to the keys from a hold; the home stays taken without an end time."""
    placement = Placement(
        home_id=hold.home_id,
        case_id=hold.case_id,
        hold_id=hold.id,
        organisation_id=organisation_id,
        steps=[],
    )
    end_hold(session, hold=hold, ended_as=HoldEnd.PLACED, at=at, user_id=user_id)
    session.add(placement)
    try:
        session.flush()
    except IntegrityError as error:
        raise ConflictError(
            "この世帯は、すでに別の住戸の手続きが進んでいます。そちらを終わらせてから始めてください。",
            code="placement_open",
        ) from error
    advance(session, placement.case, to=Stage.APPLICATION, from_=BEFORE_APPLICATION)
    _note(session, Deed.CREATED, "placement", placement.id, user_id, "home_id", "case_id")
    return placement


def next_steps(placement: Placement) -> list[StepKind]:
    """The steps that may be recorded now: later than the last one, the move-in only at the end."""
    if placement.state is not PlacementState.OPEN:
        return []
    done = {step.kind for step in placement.steps}
    last = max((ORDER.index(kind) for kind in done), default=-1)
    open_steps: list[StepKind] = [
        kind for kind in ORDER[last + 1 :] if kind is not StepKind.MOVE_IN
    ]
    if all(kind in done for kind in NEEDED):
        open_steps.append(StepKind.MOVE_IN)
    return open_steps


def record_step(
    session: Session,
    *,
    placement: Placement,
    kind: StepKind,
    done_on: date,
    user_id: int,
    today: date,
    companion: str | None = None,
    note: str | None = None,
) -> PlacementStep:
    """Record one step. Raises InvalidError for a step out of order or an impossible date."""
    _check_step(placement, kind, done_on, today)
    step = PlacementStep(
        kind=kind, done_on=done_on, user_id=user_id, companion=companion, note=note
    )
    placement.steps.append(step)
    try:
        session.flush()
    except IntegrityError as error:
        raise ConflictError(
            f"「{STEP_LABELS[kind]}」は、すでに記録されています。画面を開き直してください。"
        ) from error
    placement.home.state = HOME_STATES[kind]
    if kind is StepKind.MOVE_IN:
        _move_in(session, placement, done_on, user_id)
    _note(session, Deed.CREATED, "placement_step", step.id, user_id, "kind", "done_on")
    return step


def _check_step(placement: Placement, kind: StepKind, done_on: date, today: date) -> None:
    if kind not in next_steps(placement):
        missing = [k for k in NEEDED if k not in {s.kind for s in placement.steps}]
        words = "、".join(STEP_LABELS[k] for k in missing)
        sentence = (
            f"入居の前に、{words}を記録してください。"
            if kind is StepKind.MOVE_IN and missing
            else f"「{STEP_LABELS[kind]}」は、いま記録できる手順ではありません。"
        )
        raise InvalidError(sentence, fields={"kind": [sentence]})
    if done_on > today:
        raise InvalidError(
            "まだ来ていない日は記録できません。",
            fields={"done_on": ["きょうまでの日付を入れてください。"]},
        )
    last = max((step.done_on for step in placement.steps), default=None)
    if last is not None and done_on < last:
        raise InvalidError(
            "前の手順より前の日付です。",
            fields={"done_on": [f"{last.month}月{last.day}日以降の日付を入れてください。"]},
        )


def _move_in(session: Session, placement: Placement, day: date, user_id: int) -> None:
    placement.state = PlacementState.MOVED_IN
    placement.moved_in_on = day
    advance(session, placement.case, to=Stage.MOVED_IN, from_=(Stage.APPLICATION,))
    session.flush()  # listeners read the placement back
    for listener in move_in_listeners:
        listener(session, placement, user_id)


def refuse_placement(
    session: Session,
    *,
    placement: Placement,
    reason: RefusalReason,
    note: str | None,
    user_id: int,
    today: date,
) -> None:
    """End the way to the keys with who said no and why; the home is vacant again."""
    if placement.state is not PlacementState.OPEN:
        raise ConflictError("この手続きは、すでに終わっています。")
    placement.state = PlacementState.REFUSED
    placement.refusal = reason
    placement.refusal_note = note
    placement.ended_on = today
    placement.home.state = HomeState.STOPPED if reason is RefusalReason.TAKEN else HomeState.VACANT
    advance(session, placement.case, to=Stage.CANDIDATES, from_=(Stage.APPLICATION,))
    _note(session, Deed.CHANGED, "placement", placement.id, user_id, "state", "refusal")


def _note(
    session: Session,
    deed: Deed,
    kind: str,
    record_id: int,
    user_id: int | None,
    *fields: str,
) -> None:
    record(
        session, deed=deed, record_kind=kind, record_id=record_id, user_id=user_id, fields=fields
    )
