"""Watching, concerns and tenancies kept, against households counted by hand."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.followup.codes import AttemptResult, CheckInState
from app.followup.ladder.codes import ConcernKind, ConcernState, Outcome, StepKind, StepResult
from app.followup.ladder.models import Concern, ConcernStep
from app.followup.models import Attempt, CheckIn, WatchPlan
from app.followup.settling.codes import DecisionKind, LeaveReason
from app.followup.settling.models import WatchDecision
from app.followup.settling.queries import Kept
from app.followup.templates.models import WatchTemplate
from app.placements.codes import PlacementState
from app.policy import Role
from app.reports.figures.watching import kept_in
from app.reports.periods import Period
from tests.reports.kit import a_way, at, rows_of

MAY = date(2026, 5, 1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def june():
    with time_machine.travel("2026-06-15T10:00:00+09:00", tick=False):
        yield


class Watched:
    """A household that moved in, with its plan."""

    def __init__(self, make, worker, *, moved=date(2026, 4, 1), ended=None):
        self.make, self.worker = make, worker
        state = PlacementState.ENDED if ended else PlacementState.MOVED_IN
        case = make.case(worker, received_on=moved)
        way = a_way(make, worker, case, state=state, moved_in_on=moved, ended_on=ended)
        template = make.session.scalar(sa.select(WatchTemplate).limit(1))
        self.plan = make.save(WatchPlan(
            placement_id=way.id, template=template.code, template_id=template.id, starts_on=moved,
            ends_on=moved + 360 * DAY, organisation_id=worker.organisation_id,
        ))  # fmt: skip

    def due(self, day=MAY, state=CheckInState.DUE, *results, **values):
        check_in = self.make.save(CheckIn(
            plan_id=self.plan.id, due_on=day, planned_for=day, escalate_on=day + DAY,
            label="見守り", state=state, **values,
        ))  # fmt: skip
        for result in results:
            self.tried(check_in, result, day)
        return check_in

    def tried(self, check_in, result, day=MAY, **values):
        return self.make.save(Attempt(check_in_id=check_in.id, at=at(day), result=result, kinds=[],
                                      items=[], user_id=self.worker.id, **values))  # fmt: skip

    def concern(self, kind, *, done=None, closed=None, opened=MAY):
        """Its first step was due two days after it was opened."""
        end = {"closed_by": self.worker.id, "outcome": Outcome.MET, "found": "会えた"}
        self.make.save(Concern(
            plan_id=self.plan.id, kind=kind, cause=f"c{opened}{done}{closed}", opened_at=at(opened),
            state=ConcernState.CLOSED if closed else ConcernState.OPEN,
            closed_at=at(closed) if closed else None, **(end if closed else {}),
            steps=[ConcernStep(
                position=0, kind=StepKind.AGAIN, due_at=at(opened + 2 * DAY),
                done_at=at(done) if done else None, done_by=self.worker.id if done else None,
                result=StepResult.SAFE if done else None,
            )],
        ))  # fmt: skip


@pytest.fixture
def worker(make):
    return make.user(Role.CONSULTANT)


def page_rows(browser_of, worker, table):
    return rows_of(browser_of(worker).get("/reports/2026/watching"), table)


def test_due_and_met(browser_of, make, worker):
    home = Watched(make, worker)
    met = home.due(MAY, CheckInState.MET, AttemptResult.ABSENT, AttemptResult.MET)
    home.due(MAY - DAY, CheckInState.COVERED, AttemptResult.NO_ANSWER, answered_by=met.id)
    wrong = home.due(MAY + DAY, CheckInState.DUE, AttemptResult.ABSENT)
    mistaken = home.tried(wrong, AttemptResult.WORRYING, MAY + DAY)
    home.tried(wrong, AttemptResult.SPOKE, MAY + DAY, corrects_id=mistaken.id)
    home.due(date(2026, 3, 31), CheckInState.MET, AttemptResult.MET)  # last year
    home.due(date(2026, 6, 16))  # tomorrow
    Watched(make, make.user(Role.CONSULTANT)).due(MAY, CheckInState.MET, AttemptResult.MET)

    rows = page_rows(browser_of, worker, "check_ins")
    assert rows["会えた・話せた"] == ["1", "33.3%"]
    assert rows["あとの連絡で確かめた"] == rows["まだ会えていない"] == ["1", "33.3%"]
    rows = page_rows(browser_of, worker, "attempts")
    assert rows["連絡がついた"] == ["2", "40.0%"]
    assert "気になる" not in rows  # it was corrected
    assert (rows["電話で話せた"], rows["不在"]) == (["1", "20.0%"], ["2", "40.0%"])
    assert rows["訪問と電話の計"] == ["5", "100.0%"]


def test_concerns_within_their_limits(browser_of, make, worker):
    home = Watched(make, worker)
    home.concern(ConcernKind.WORRY, done=MAY + DAY, closed=MAY + DAY)
    home.concern(ConcernKind.WORRY, done=MAY + 3 * DAY, closed=MAY + 3 * DAY)
    home.concern(ConcernKind.WORRY, closed=MAY + DAY)  # over before its step was due
    home.concern(ConcernKind.NO_CONTACT)
    home.concern(ConcernKind.NO_CONTACT, opened=date(2026, 6, 14))
    home.concern(ConcernKind.ALARM, opened=date(2026, 3, 31))
    rows = page_rows(browser_of, worker, "concerns")
    assert rows["気になる"] == ["3", "2", "0", "1", "0"]
    assert rows["連絡がつかない"] == ["2", "0", "1", "0", "1"]
    assert rows["計"] == ["5", "2", "1", "1", "1"]


def test_concerns_of_a_past_year_stand_as_it_ended(browser_of, make, worker):
    """By 31 March one was done and closed late, one open and late, one not due yet."""
    home, april = Watched(make, worker, moved=date(2026, 1, 1)), date(2026, 4, 5)
    for opened, done, closed in (
        (date(2026, 3, 1), date(2026, 3, 9), date(2026, 3, 9)),
        (date(2026, 3, 2), april, april),
        (date(2026, 3, 31), april, april),
    ):
        home.concern(ConcernKind.WORRY, opened=opened, done=done, closed=closed)
    rows = rows_of(browser_of(worker).get("/reports/2025/watching"), "concerns")
    assert rows["気になる"] == ["3", "0", "1", "1", "1"]


def test_tenancies_and_why_they_ended(browser_of, make, worker):
    """By 15 June: three had their three months in this year, one of them had left before."""
    Watched(make, worker, moved=date(2026, 1, 10))
    Watched(make, worker, moved=date(2026, 2, 10))
    gone = Watched(make, worker, moved=date(2026, 3, 10), ended=MAY)
    Watched(make, worker, moved=date(2026, 4, 1))
    make.save(WatchDecision(plan_id=gone.plan.id, kind=DecisionKind.LEFT, day=MAY, reason="払えず",
                            leave_reason=LeaveReason.ARREARS, user_id=worker.id))  # fmt: skip
    rows = page_rows(browser_of, worker, "tenancies")
    assert rows["3か月"] == ["3", "2", "1", "66.7%"]
    assert rows["6か月"] == ["0", "0", "0", "—"]
    rows = page_rows(browser_of, worker, "leaving")
    assert rows["家賃を払えなくなった"] == rows["退去の計"] == ["1", "100.0%"]


def test_a_mark_belongs_to_the_year_it_falls_in():
    stays = [(date(2025, 4, 1), None), (date(2025, 3, 31), date(2026, 3, 1))]
    year = Period(2025, date(2026, 3, 31))
    assert kept_in(stays, year) == [Kept(3, 2, 2), Kept(6, 2, 2), Kept(12, 1, 0)]
