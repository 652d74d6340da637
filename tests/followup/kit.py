"""Households that moved in and are watched over, for tests about what comes after."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.db import now, today
from app.followup.ladder.models import Concern
from app.followup.models import CheckIn, WatchPlan
from app.placements import services, steps
from app.placements.codes import StepKind
from app.placements.models import Placement
from app.policy import Role
from tests.placements.households import a_case, a_home

WAY = ("application", "landlord", "contract", "keys", "move_in")
_keys = count(1)


class Watch:
    """One household that moved in some days ago, its worker, and the way to ask the service."""

    def __init__(self, app, make, in_database, *, days=10, roles=None, case=None, home=None):
        self.app, self.make, self.ask = app, make, in_database
        self.staff = make.user(*(roles or (Role.CONSULTANT, Role.FOLLOWUP)))
        self.case = a_case(make, self.staff, **(case or {}))
        self.home = a_home(make, self.staff, **(home or {}))
        in_database(lambda session: self._move(session, today() - timedelta(days=days)))

    def _move(self, session, day: date) -> None:
        home = session.get_one(type(self.home), self.home.id)
        case = session.get_one(type(self.case), self.case.id)
        who = {"user_id": self.staff.id, "organisation_id": self.staff.organisation_id}
        hold = services.place_hold(session, home=home, case=case, at=now(), **who)
        placement = steps.start_placement(session, hold=hold, at=now(), **who)
        for kind in WAY:
            steps.record_step(
                session,
                placement=placement,
                kind=StepKind(kind),
                done_on=day,
                user_id=self.staff.id,
                today=today(),
            )

    def send(self, method, path, *, key=None, user=None, **json):
        headers = {
            "Authorization": f"Bearer {(user or self.staff).token}",
            "Idempotency-Key": key or f"watch-{next(_keys):06}",
        }
        return self.app.test_client().open(
            f"/api/v1{path}", method=method, json=json or None, headers=headers
        )

    @property
    def plan(self) -> WatchPlan:
        return self.ask(lambda s: s.scalar(sa.select(WatchPlan)))

    def rows(self, **where) -> list[CheckIn]:
        asked = sa.select(CheckIn).filter_by(**where).order_by(CheckIn.due_on, CheckIn.id)
        return self.ask(lambda s: s.scalars(asked).all())

    def days(self, state="due") -> list[int]:
        """The days of check-ins, counted from the move."""
        start = self.plan.starts_on
        return [(row.due_on - start).days for row in self.rows(state=state)]

    def concerns(self) -> list[Concern]:
        return self.ask(lambda s: s.scalars(sa.select(Concern).order_by(Concern.id)).all())

    def change(self, service, **values):
        """Run a service on the plan in a transaction of its own."""

        def act(session):
            plan = session.scalar(sa.select(WatchPlan))
            done = service(session, plan=plan, user_id=self.staff.id, **values)
            return SimpleNamespace(
                id=done.id, added=getattr(done, "added", 0), cancelled=getattr(done, "cancelled", 0)
            )

        return self.ask(act)


def placement_of(session) -> Placement:
    return session.scalar(sa.select(Placement))


@pytest.fixture
def watch(app, make, in_database) -> Watch:
    return Watch(app, make, in_database)
