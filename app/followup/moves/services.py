"""Moving visits to somebody else or to another day. The plan's own days and limits stay.

A visitor falls ill at half past eight: the day's visits go to a colleague, or to another day, in
one act. Silence is still counted from the planned day, so nothing can be put off without a ladder
beginning. What is done, withdrawn, promised, moved by somebody else or not for the one chosen
stays as it is, and the act says so of each.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.models import Deed
from app.errors import ConflictError, InvalidError
from app.followup.codes import CheckInState
from app.followup.dayplan.queries import checked_day
from app.followup.models import CheckIn, WatchPlan
from app.followup.moves import queries
from app.followup.moves.codes import MOVED, Outcome
from app.followup.moves.models import VisitMove, VisitMoveLine
from app.followup.plans.services import note
from app.policy import Viewer

UNDO_FOR = timedelta(minutes=10)
TOO_LATE = (
    "元に戻せるのは、動かした人が10分以内です。もう一度「代わる・移す」から動かしてください。"
)
NOBODY = "いまは選べない担当です。選び直してください。"
NEITHER = "代わる人か、移す日のどちらかを選んでください。"


@dataclass(frozen=True)
class Target:
    """Where visits go: to somebody, to a day, or both; None leaves that as it is."""

    visitor: User | None
    on: date | None


def move_visits(
    session: Session,
    *,
    visits: Mapping[int, int | None],
    visitor_id: int | None,
    on: date | None,
    why: str,
    viewer: Viewer,
    today: date,
) -> VisitMove:
    """Move these check-ins, each with the moving its mover saw (0: none, None: not said).

    One visit answers for all that is due of a household, so that goes along. Raises InvalidError
    when neither person nor day is said, for a day that is not offered, and for somebody who goes to
    no visits here; whatever else stands against single visits is told on their lines.
    """
    if visitor_id is None and on is None:
        raise InvalidError(NEITHER, fields={"visitor_id": [NEITHER]})
    if on is not None:
        checked_day(on, today)
    asked = queries.asked_for(session, visits.keys(), viewer, today=today)
    target = Target(_visitor(session, visitor_id, asked, viewer), on)
    rows = _locked(session, {one.plan_id for one in asked})
    chosen = _with_their_household(rows, {one.id for one in asked}, today)
    move = VisitMove(
        user_id=viewer.user_id,
        visitor_id=visitor_id,
        on=on,
        why=why or None,
        unseen=len(visits.keys() - {one.id for one in asked}),
    )
    session.add(move)
    session.flush()  # check-ins and the audit entries name it
    promised = _promised(session, chosen, today)
    for row in chosen:
        outcome = _why_not(row, visits.get(row.id)) or _may_be(
            row, target, promised.get(row.plan_id), today
        )
        _write(session, move, row, outcome, _goal(row, target, outcome))
    session.flush()  # the lines are read by the answer
    return move


def _visitor(
    session: Session, visitor_id: int | None, asked: Iterable[CheckIn], viewer: Viewer
) -> User | None:
    """Whoever is to go; a number must not bring anybody else's name along."""
    if visitor_id is None:
        return None
    offered = queries.people_for(session, [one.plan for one in asked], viewer)
    found = next((one for one in offered if one.id == visitor_id), None)
    if found is None:
        raise InvalidError(NOBODY, fields={"visitor_id": [NOBODY]})
    return found


def _locked(session: Session, plan_ids: Iterable[int]) -> list[CheckIn]:
    """All check-ins of these plans as they are now. Whoever visits or plans there waits.

    Plans are taken in one order, so that two people moving the same visits do not wait in a ring.
    """
    ids = sorted(plan_ids)
    session.scalars(
        sa.select(WatchPlan)
        .where(WatchPlan.id.in_(ids))
        .order_by(WatchPlan.id)
        .with_for_update(of=WatchPlan)
        .execution_options(populate_existing=True)
    ).all()
    return list(
        session.scalars(
            sa.select(CheckIn)
            .where(CheckIn.plan_id.in_(ids))
            .order_by(CheckIn.due_on, CheckIn.id)
            .execution_options(populate_existing=True)
        )
    )


def _with_their_household(rows: list[CheckIn], asked: set[int], today: date) -> list[CheckIn]:
    """Those asked for, and what else is due of their households up to today."""
    now_ = {
        one.plan_id
        for one in rows
        if one.id in asked and one.state is CheckInState.DUE and one.goes_on <= today
    }
    return [
        one
        for one in rows
        if one.id in asked
        or (one.plan_id in now_ and one.state is CheckInState.DUE and one.goes_on <= today)
    ]


def _promised(session: Session, rows: list[CheckIn], today: date) -> dict[int, date]:
    """The coming day agreed with a household, by plan: all that is due there waits for it."""
    days = queries.promised_days(session, [one.id for one in rows])
    return {
        one.plan_id: days[one.id]
        for one in rows
        if one.state is CheckInState.DUE and one.id in days and days[one.id] >= today
    }


def _why_not(row: CheckIn, seen: int | None) -> Outcome | None:
    """Why a visit cannot be moved at all."""
    if row.state is CheckInState.CANCELLED or row.plan.ended_on is not None:
        return Outcome.WITHDRAWN
    if row.state is not CheckInState.DUE:
        return Outcome.DONE
    if seen is not None and seen != (row.moved_in or 0):
        return Outcome.MOVED_FIRST
    return None


def _may_be(row: CheckIn, target: Target, promised: date | None, today: date) -> Outcome:
    """What becomes of a visit that is still to be made."""
    if target.visitor is not None and not queries.may_go(target.visitor, row.plan, today=today):
        return Outcome.NOT_THEIRS
    other_person = target.visitor is not None and target.visitor.id != row.visitor
    other_day = target.on is not None and target.on != row.goes_on
    if other_day and promised is not None and promised != target.on:
        return Outcome.ONLY_PERSON if other_person else Outcome.PROMISED
    return Outcome.MOVED if other_person or other_day else Outcome.SAME


def _goal(row: CheckIn, target: Target, outcome: Outcome) -> tuple[int | None, date]:
    """Who goes on which day afterwards."""
    if outcome not in MOVED:
        return row.visitor, row.goes_on
    person = row.visitor if target.visitor is None else target.visitor.id
    stays = target.on is None or outcome is Outcome.ONLY_PERSON
    return person, row.goes_on if stays or target.on is None else target.on


def _write(
    session: Session,
    move: VisitMove,
    row: CheckIn,
    outcome: Outcome,
    goal: tuple[int | None, date],
) -> None:
    visitor, day = goal
    session.add(
        VisitMoveLine(
            move_id=move.id,
            check_in_id=row.id,
            outcome=outcome,
            from_visitor_id=row.visitor,
            to_visitor_id=visitor,
            from_on=row.goes_on,
            to_on=day,
        )
    )
    if outcome not in MOVED:
        return
    changed = [
        name
        for name, before, after in (
            ("visitor", row.visitor, visitor),
            ("goes_on", row.goes_on, day),
        )
        if before != after
    ]
    # The plan's own person and day need no word of their own: they follow the plan.
    row.visitor_id = None if visitor == row.plan.assigned_to else visitor
    row.visit_on = None if day == row.due_on else day
    row.moved_in = move.id
    note(session, Deed.CHANGED, "check_in", row.id, move.user_id, *changed)


def may_undo(session: Session, move: VisitMove, *, viewer: Viewer, at: datetime) -> bool:
    """Whether the viewer can still take a moving back: their own, ten minutes old at most."""
    return (
        move.user_id == viewer.user_id
        and move.undoes_id is None
        and at - move.created_at <= UNDO_FOR
        and not queries.taken_back(session, move)
    )


def undo_move(
    session: Session, *, move: VisitMove, viewer: Viewer, today: date, at: datetime
) -> VisitMove:
    """Give visits back to who had them, on the day they were; what went on meanwhile stays.

    Raises ConflictError when it is too late, somebody else's, or taken back already.
    """
    lines = [one for one in queries.lines_of(session, move) if one.outcome in MOVED]
    _locked(session, {one.check_in.plan_id for one in lines})
    if not may_undo(session, move, viewer=viewer, at=at):
        raise ConflictError(TOO_LATE, code="too_late_to_undo")
    back = VisitMove(user_id=viewer.user_id, undoes_id=move.id)
    session.add(back)
    session.flush()  # check-ins and the audit entries name it
    for line in lines:
        row = line.check_in
        outcome = _why_not(row, move.id)
        if outcome is None:
            goal, outcome = (line.from_visitor_id, line.from_on), Outcome.MOVED
        else:
            goal = (row.visitor, row.goes_on)
        _write(session, back, row, outcome, goal)
    session.flush()  # the lines are read by the answer
    return back
