"""Keeping a home for one household: taking it, longer, letting it go, and what ends by itself.

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
from app.housing.proposals import is_near_stay_away
from app.placements.codes import HoldEnd
from app.placements.models import Hold, Placement

BEFORE_CANDIDATES = (Stage.INTAKE, Stage.ASSESSMENT, Stage.NEEDS)

# Features above this one that act when a way into a home ends, in the same transaction.
OverListener = Callable[[Session, Placement, int], None]
placement_over: list[OverListener] = []

HOLD_FOR = timedelta(days=7)
LONGEST_HOLD = timedelta(days=31)

TAKEN = (
    "この住戸は、すでにほかの世帯のために取り置かれています。"
    "候補の一覧を開き直して、別の住戸を選んでください。"
)
NEAR_STAY_AWAY = (
    "この住戸は、この世帯の「近づかない場所」の範囲にあります。取り置けません。"
    "候補の一覧から、別の住戸を選んでください。"
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
    passed or is more than a month away, and for a home near a place the household must not be.
    """
    ends_at = at + HOLD_FOR if ends_on is None else _end_of(ends_on, at)
    if case.stage is Stage.CLOSED:
        raise InvalidError("終結した相談のために取り置くことはできません。")
    if match_run_id is not None:
        run = session.get(MatchRun, match_run_id)
        if run is None or run.case_id != case.id:
            raise InvalidError("候補の記録が見つかりません。候補の一覧から取り置いてください。")
    if is_near_stay_away(session, case.id, home):
        raise InvalidError(NEAR_STAY_AWAY, code="near_stay_away")
    if not take_home(session, home.id, before=HomeState.VACANT, after=HomeState.HELD):
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
    note(session, Deed.CREATED, "hold", hold.id, user_id, "home_id", "case_id", "ends_at")
    return hold


def _end_of(ends_on: date, at: datetime) -> datetime:
    ends_at = moment_on(ends_on + timedelta(days=1))
    if not at < ends_at <= at + LONGEST_HOLD:
        raise InvalidError(
            "取り置きの期限は、いまより後で31日以内の日時にしてください。",
            fields={"ends_on": ["明日から31日以内の日付を入れてください。"]},
        )
    return ends_at


def extend_hold(
    session: Session, *, hold: Hold, ends_on: date, reason: str, user_id: int, at: datetime
) -> None:
    """Keep a home longer, to the end of `ends_on`.

    Raises InvalidError for an end that is not later or more than a month away, ConflictError for
    a hold that has ended – by itself perhaps, while the page was open.
    """
    ends_at = _end_of(ends_on, at)
    if ends_at <= hold.ends_at:
        sentence = "いまの期限より後の日付を入れてください。"
        raise InvalidError(sentence, fields={"ends_on": [sentence]})
    extended = session.execute(
        sa.update(Hold)
        .where(Hold.id == hold.id, Hold.ended_at.is_(None), Hold.ends_at == hold.ends_at)
        .values(ends_at=ends_at, extended_why=reason)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(extended) != 1:
        raise ConflictError(
            "この取り置きは、すでに終わったか延ばされています。開き直してください。"
        )
    note(session, Deed.CHANGED, "hold", hold.id, user_id, "ends_at")


def take_home(session: Session, home_id: int, *, before: HomeState, after: HomeState) -> bool:
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
        take_home(session, hold.home_id, before=HomeState.HELD, after=HomeState.VACANT)
    note(session, Deed.CHANGED, "hold", hold.id, user_id, "ended_at", "ended_as")


def expire_holds(session: Session, *, at: datetime) -> int:
    """Release every hold whose time is up; an administrative end blocks nothing later."""
    due = session.scalars(
        sa.select(Hold)
        .where(Hold.ended_at.is_(None), Hold.ends_at <= at)
        .order_by(Hold.id)
        .with_for_update(skip_locked=True)  # one that is just being made longer is left alone
    ).all()
    for hold in due:
        end_hold(session, hold=hold, ended_as=HoldEnd.EXPIRED, at=at, user_id=None)
    return len(due)


def one_at_a_time(session: Session, placement: Placement) -> None:
    """Wait for whoever is changing this placement and read it again as they left it.

    Steps are rows of their own: without this a step could follow one that is just being taken back.
    """
    session.execute(sa.select(Placement.id).where(Placement.id == placement.id).with_for_update())
    session.refresh(placement)
    session.refresh(placement.home)


def note(
    session: Session,
    deed: Deed,
    kind: str,
    record_id: int,
    user_id: int | None,
    *fields: str,
) -> None:
    """Write one entry about a hold, a placement or what belongs to it."""
    record(
        session, deed=deed, record_kind=kind, record_id=record_id, user_id=user_id, fields=fields
    )


def tell_over(session: Session, placement: Placement, user_id: int) -> None:
    """Tell what hangs on a placement that it has ended; the caller has written its new state."""
    for listener in placement_over:
        listener(session, placement, user_id)
