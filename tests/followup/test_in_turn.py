"""Two people at one watch at the same moment: the second sees what the first did."""

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from app.db import now, today
from app.followup.codes import AttemptResult, CheckInState
from app.followup.ladder import services as ladder
from app.followup.ladder.codes import Outcome
from app.followup.ladder.models import Concern
from app.followup.models import Attempt, CheckIn, WatchPlan
from app.followup.settling import services as settling
from app.followup.settling.codes import LeaveReason
from app.followup.signals import services as signals
from app.followup.signals.codes import DeviceKind
from app.followup.signals.models import SafetyDevice
from app.followup.visits import services as visits
from tests import in_turn as at_once


@pytest.fixture
def in_turn(app):
    """The second one's page was read before the first one wrote."""
    return partial(at_once.in_turn, app, reading=(WatchPlan, CheckIn, Concern))


def _due(watch):
    return watch.rows(state="due")[0].id


def _visit(watch, number, result=AttemptResult.MET):
    return lambda session: visits.record_attempt(
        session, check_in=session.get_one(CheckIn, number), on=None, result=result,
        user_id=watch.staff.id, now=now(),
    )  # fmt: skip


def _leave(watch):
    return lambda session: settling.leave(
        session, plan=session.scalars(sa.select(WatchPlan)).one(), day=today(),
        leave_reason=LeaveReason.OTHER, reason="x", user_id=watch.staff.id, today=today(),
    )  # fmt: skip


@pytest.mark.parametrize("result", [AttemptResult.MET, AttemptResult.WORRYING])
def test_a_visit_made_while_somebody_ends_the_watch_stays_made(watch, in_turn, result):
    number = _due(watch)
    assert in_turn(_visit(watch, number, result), _leave(watch)) == "done"
    (row,) = watch.rows(id=number)
    assert (row.state, row.cancelled_in) == (CheckInState.MET, None)


@pytest.mark.parametrize("result", [AttemptResult.MET, AttemptResult.ABSENT])
def test_a_watch_that_ended_meanwhile_takes_no_visit(watch, in_turn, result):
    number = _due(watch)
    assert in_turn(_leave(watch), _visit(watch, number, result)) == "ConflictError"
    assert watch.ask(lambda s: s.scalar(sa.select(sa.func.count(Attempt.id)))) == 0


def test_a_concern_closed_while_a_later_visit_answers_keeps_both(watch, in_turn):
    watch.ask(lambda s: ladder.open_overdue(s, at=now()))
    concern = watch.concerns()[0]
    later = watch.rows(due_on=max(r.due_on for r in watch.rows() if r.due_on <= today()))[0]

    def close(session):
        ladder.close(
            session, concern=session.get_one(Concern, concern.id), version=concern.version,
            outcome=Outcome.MET, found="x", user_id=watch.staff.id, at=now(),
        )  # fmt: skip

    assert in_turn(_visit(watch, later.id), close) == "done"
    (row,) = watch.rows(id=concern.check_in_id)
    assert (row.state, row.answered_by) == (CheckInState.COVERED, later.id)


def test_no_device_is_fitted_where_somebody_has_just_left(watch, in_turn):
    def fit(session):
        signals.fit_device(
            session, plan=session.scalars(sa.select(WatchPlan)).one(), serial="S-1",
            kind=next(iter(DeviceKind)), fitted_on=today() - timedelta(days=1),
            user_id=watch.staff.id, today=today(),
        )  # fmt: skip

    assert in_turn(_leave(watch), fit) == "ConflictError"
    assert watch.ask(lambda s: s.scalar(sa.select(sa.func.count(SafetyDevice.id)))) == 0
