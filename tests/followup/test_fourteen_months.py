"""Two hundred households over fourteen months of chance: met or not, plans made anew, a runner that
dies. No check-in is lost, none is planned twice, every silent one is followed up within its limit.
"""

from datetime import date, datetime, time, timedelta
from random import Random

import pytest
import sqlalchemy as sa

from app.cases.models import Case
from app.db import JAPAN, separate_session
from app.followup.codes import AttemptResult, CheckInState
from app.followup.ladder import services as ladder
from app.followup.ladder.codes import ConcernState, Outcome
from app.followup.ladder.models import Concern
from app.followup.models import Attempt, CheckIn, WatchPlan
from app.followup.plans import services as plans
from app.followup.plans.codes import PauseReason
from app.followup.plans.models import WatchPause
from app.followup.settling import services as settling
from app.followup.templates.codes import AddOn
from app.housing.models import Home, Property
from app.japanese import months_later
from app.placements.codes import PlacementState
from app.placements.models import Placement

pytestmark = [pytest.mark.once, pytest.mark.slow]
HOUSEHOLDS, STEP, LOOK = 200, timedelta(days=6), 30
BEGIN = date(2026, 4, 1)
END = months_later(BEGIN, 14)


class RunnerKilledError(RuntimeError):
    """The job runner died in the middle of its transaction."""


class Town:
    """What happens to the households; `known` is every check-in there ever was."""

    def __init__(self, app, user):
        self.app, self.user, self.chance = app, user, Random(14)
        self.known: dict[int, tuple[int, date]] = {}
        self.kept: set[int] = set()

    def move_in(self, session):
        who = {"organisation_id": self.user.organisation_id}
        for n in range(HOUSEHOLDS):
            home = Home(
                key=f"h-{n}", room=str(n), rent=1,
                property=Property(key=f"p-{n}", name="コーポ架空", address="座間市"), **who,
            )  # fmt: skip
            case = Case(
                number=f"S-{n}",
                alias="x",
                code_name="x",
                received_on=BEGIN,
                received_by=self.user.id,
                **who,
            )
            session.add_all([home, case])
            session.flush()
            moved = BEGIN + timedelta(days=self.chance.randrange(30))
            placement = Placement(
                home=home, case=case, moved_in_on=moved, state=PlacementState.MOVED_IN, **who
            )
            session.add(placement)
            session.flush()
            plans.plan_watch(session, placement, self.user.id)

    def look_in(self, session, day, at):
        """Most are met, some are not, some are not even tried."""
        due = session.scalars(
            sa.select(CheckIn.id)
            .join(WatchPlan, WatchPlan.id == CheckIn.plan_id)
            .where(CheckIn.state == CheckInState.DUE, CheckIn.due_on <= day)
        ).all()
        met = {one for one in due if self.chance.random() < 0.85}
        tried = met | {one for one in due if self.chance.random() < 0.5}
        self.kept.update(due)
        rows = [
            {"check_in_id": one, "at": at, "user_id": self.user.id, "created_at": at,
             "kinds": [], "items": [],
             "result": AttemptResult.MET if one in met else AttemptResult.NO_ANSWER}
            for one in tried
        ]  # fmt: skip
        if rows:
            session.execute(sa.insert(Attempt), rows)
        session.execute(
            sa.update(CheckIn).where(CheckIn.id.in_(met)).values(state=CheckInState.MET)
        )

    def change_a_plan(self, session, day):
        """Life goes on: another template, an add-on, a stay in hospital, longer than a year."""
        running = session.scalars(sa.select(WatchPlan.id).where(WatchPlan.starts_on < day)).all()
        if not running:
            return
        who = {"user_id": self.user.id, "today": day}
        plan = session.get_one(WatchPlan, self.chance.choice(running))
        what = self.chance.randrange(4)
        if what == 0:
            code = self.chance.choice(["standard", "support_home"])
            plans.follow(session, plan=plan, code=code, why="x", **who)
        elif what == 1:
            plans.answer_add_on(
                session, plan=plan, code=self.chance.choice(list(AddOn)),
                confirmed=self.chance.random() < 0.7, why=None, **who,
            )  # fmt: skip
        elif what == 2 and not plans.pauses_of(session, plan.id):
            until = day + timedelta(days=self.chance.randrange(1, 60))
            plans.pause(
                session, plan=plan, from_on=day, until_on=until,
                reason=PauseReason.HOSPITAL, **who,
            )  # fmt: skip
        elif what == 3:
            until = max(plan.ends_on, day) + timedelta(days=30)
            settling.extend(session, plan=plan, until_on=until, reason="x", **who)

    def close_some(self, session, at):
        """A person closes some concerns, as often on word from others as by a contact."""
        found = session.scalars(sa.select(Concern).where(Concern.state == ConcernState.OPEN)).all()
        for one in found:
            if self.chance.random() < 0.4:
                outcome = self.chance.choice([Outcome.MET, Outcome.HEARD, Outcome.MISTAKE])
                ladder.close(
                    session, concern=one, version=one.version, outcome=outcome, found="x",
                    user_id=self.user.id, at=at,
                )  # fmt: skip

    def run(self, at):
        """The runner opens what is overdue; now and then it dies first and is started again."""
        if self.chance.random() < 0.3:
            with pytest.raises(RunnerKilledError):
                self.die(at)
        for _runner in range(2):
            with separate_session(write=True) as session:
                ladder.open_overdue(session, at=at)

    def die(self, at):
        with separate_session(write=True) as session:
            ladder.open_overdue(session, at=at)
            raise RunnerKilledError

    def look_at(self, session, day):
        """What must hold of all there is."""
        rows = session.execute(
            sa.select(CheckIn.id, CheckIn.plan_id, CheckIn.due_on, CheckIn.state,
                      CheckIn.escalate_on)
        ).all()  # fmt: skip
        now = {row.id: (row.plan_id, row.due_on) for row in rows}
        assert self.known.items() <= now.items()  # none lost, none moved
        live = [row for row in rows if row.state is not CheckInState.CANCELLED]
        assert len({(row.plan_id, row.due_on) for row in live}) == len(live)  # none twice
        cancelled = {row.id for row in rows if row.state is CheckInState.CANCELLED}
        assert not cancelled & self.kept  # none that had come is given up, tried or not
        self.known = now
        self.kept |= {row.id for row in live if row.due_on <= day}
        coming = {(row.plan_id, row.due_on) for row in live if row.due_on > day}
        wanted = {
            (plan.id, due.due_on)
            for plan in session.scalars(sa.select(WatchPlan))
            for due in plans.wanted_days(session, plan)
            if due.due_on > day
        }
        assert coming == wanted  # none forgotten, none that nobody asked for

    def ask_after(self, session, day):
        """What must hold after every run: whoever is silent past the limit has a concern open."""
        resting = sa.exists().where(
            WatchPause.plan_id == CheckIn.plan_id,
            WatchPause.from_on <= day,
            WatchPause.until_on >= day,
        )
        going = sa.exists().where(
            Concern.check_in_id == CheckIn.id, Concern.state == ConcernState.OPEN
        )
        silent = sa.select(sa.func.count()).where(
            CheckIn.state == CheckInState.DUE, CheckIn.escalate_on <= day, ~resting, ~going
        )
        assert session.scalar(silent) == 0


def test_nobody_falls_through_in_fourteen_months(app, make):
    town = Town(app, make.user())
    with app.app_context():
        with separate_session(write=True) as session:
            town.move_in(session)
        day = BEGIN
        while day < END:
            day += STEP
            at = datetime.combine(day, time(18), tzinfo=JAPAN)
            with separate_session(write=True) as session:
                town.look_in(session, day, at)
                town.change_a_plan(session, day)
                town.close_some(session, at)
            town.run(at)
            with separate_session(write=False) as session:
                town.ask_after(session, day)
                if (day - BEGIN).days % LOOK == 0:
                    town.look_at(session, day)
        with separate_session(write=False) as session:
            concerns = session.scalars(sa.select(Concern)).all()
            assert len({(c.plan_id, c.kind, c.cause) for c in concerns}) == len(concerns) > 20
            assert all(len(c.steps) == len(c.plan.version_of.ladder) for c in concerns)
    assert len(town.known) > 4000
