"""A household with keys ahead, and its plan, for tests through the front door."""

from datetime import timedelta

import sqlalchemy as sa

from app.db import now, today
from app.keyday import services
from app.keyday.models import KeyDayPlan, KeyDayTask
from app.placements import steps
from app.placements.codes import StepKind
from app.placements.models import Placement
from app.placements.services import place_hold
from app.policy import Role
from tests.placements.households import a_case, a_home

KEYS_ON = today() + timedelta(days=5)


class KeyDay:
    """One placement with an appointment for the keys; `plan` is made unless told otherwise."""

    def __init__(self, make, in_database, *, staff=None, plan=True, keys_on=KEYS_ON, **case):
        self.make, self.in_database = make, in_database
        self.staff = staff or make.user(Role.CONSULTANT, Role.HOUSING)
        self.case = a_case(make, self.staff, **case)
        self.home = a_home(make, self.staff)
        self.id = in_database(lambda s: self._begin(s, keys_on, plan))
        self.url = f"/placements/{self.id}/key-day"

    def _begin(self, session, keys_on, plan):
        case, home = (
            session.get_one(type(self.case), self.case.id),
            session.get_one(type(self.home), self.home.id),
        )
        who = {"user_id": self.staff.id, "organisation_id": self.staff.organisation_id}
        hold = place_hold(session, home=home, case=case, at=now(), **who)
        placement = steps.start_placement(session, hold=hold, at=now(), **who)
        if keys_on:
            self._plan_step(session, placement, StepKind.KEYS, keys_on)
        if plan:
            services.make_plan(session, placement=placement, user_id=self.staff.id, today=today())
        return placement.id

    def _plan_step(self, session, placement, kind, on):
        values = dict.fromkeys(steps.APPOINTMENT) | {"planned_on": on}
        steps.plan_step(session, placement=placement, kind=kind, values=values,
                        user_id=self.staff.id, today=today())  # fmt: skip

    def appoint(self, kind, on):
        """Make or move an appointment."""
        self.in_database(
            lambda s: self._plan_step(s, s.get_one(Placement, self.id), StepKind(kind), on)
        )

    def tasks(self):
        """The plan's tasks by code; added ones by title."""
        found = self.in_database(
            lambda s: s.scalars(
                sa.select(KeyDayTask).join(KeyDayPlan).where(KeyDayPlan.placement_id == self.id)
            ).all()
        )
        return {task.code or task.title: task for task in found}

    def task(self, code):
        return self.tasks()[code]

    def at(self, code, deed=""):
        """The address of a task's page or of a deed."""
        return f"{self.url}/tasks/{self.task(code).id}{deed}"
