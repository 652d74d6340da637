"""A job runner that dies at any statement, flush or commit, and is started again, changes nothing.

The same town lives through the same fourteen months twice: once with a runner that is never
killed, once with one that dies again and again. Afterwards both databases hold the same rows.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from random import Random
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
import time_machine
from alembic import command as alembic

from app import create_app, jobs
from app.accounts.models import User
from app.commands import alembic_config
from app.config import settings
from app.db import JAPAN, db, separate_session
from app.demo import people
from app.models import Base
from app.policy import Role
from tests.followup import test_fourteen_months
from tests.followup.test_fourteen_months import BEGIN, END, Town

pytestmark = [pytest.mark.once, pytest.mark.slow]
HOUSEHOLDS, STEP = 10, timedelta(days=20)
RESTARTED = timedelta(minutes=11)  # after the lease of whoever died
TOLD = (
    "concerns", "concern_steps", "check_ins", "attempts", "safety_days", "watch_plans",
    "watch_changes", "watch_pauses", "watch_add_ons", "watch_decisions", "audit_entries",
)  # fmt: skip


class KilledError(BaseException):
    """Nobody catches it, as nobody catches a power cut."""


class Faults:
    """Raises at the n-th thing a runner does: a statement, a flush or a commit."""

    def __init__(self, engine: sa.Engine, chance: Random):
        self.engine, self.chance, self.left, self.died = engine, chance, None, 0
        self.inside, self.ladder = None, jobs._handlers["watch_ladder"]

    def strike(self, *_args: object, **_kwargs: object) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            self.died += 1
            raise KilledError if self.chance.random() < 0.8 else RuntimeError("a fault")

    @contextmanager
    def armed(self) -> Iterator["Faults"]:
        places = [
            (self.engine, "before_cursor_execute"),
            (db.sessionmaker.class_, "after_flush"),
            (db.sessionmaker.class_, "before_commit"),
        ]
        for target, name in places:
            sa.event.listen(target, name, self.strike)
        jobs._handlers["watch_ladder"] = self.open_what_is_due
        try:
            yield self
        finally:
            jobs._handlers["watch_ladder"] = self.ladder
            for target, name in places:
                sa.event.remove(target, name, self.strike)

    def open_what_is_due(self, *given: object) -> None:
        """The handler itself, in whose midst every second fault is to strike."""
        if self.inside is not None:
            self.left, self.inside = self.inside, None
        self.ladder(*given)

    def run(self, at: datetime) -> None:
        """Run what is due; whoever dies is started again when the lease is over."""
        for restart in range(4):
            anywhere = self.chance.random() < 0.5
            self.left = self.chance.randrange(40) if anywhere and restart < 3 else None
            self.inside = self.chance.randrange(12) if not anywhere and restart < 3 else None
            try:
                jobs.run_due(at=at + restart * RESTARTED)
            except (KilledError, RuntimeError):
                continue
            finally:
                self.left = self.inside = None


def _live(app, *, seed: int | None) -> tuple[dict, int]:
    """Fourteen months of the town; `seed` for the faults, None without any."""
    with app.app_context():
        with separate_session(write=False) as session:
            user = session.scalars(sa.select(User).where(User.login == "soudan")).one()
            office = next(m.organisation_id for m in user.memberships if m.role is Role.CONSULTANT)
            worker = SimpleNamespace(id=user.id, organisation_id=office)
        town, faults = Town(app, worker), Faults(db.engine, Random(seed))
        morning = datetime.combine(BEGIN, time(8), tzinfo=JAPAN)
        with time_machine.travel(morning, tick=False), separate_session(write=True) as session:
            town.move_in(session)
        day = BEGIN
        while day < END:
            day += STEP
            at = datetime.combine(day, time(18), tzinfo=JAPAN)
            with time_machine.travel(at, tick=False):
                with separate_session(write=True) as session:
                    town.look_in(session, day, at)
                    town.change_a_plan(session, day)
                    town.close_some(session, at)
                if seed is None:
                    jobs.run_due(at=at)
                else:
                    with faults.armed():
                        faults.run(at)
        with separate_session(write=False) as session:
            rows = {
                name: session.execute(
                    sa.select(Base.metadata.tables[name]).order_by(
                        *Base.metadata.tables[name].primary_key
                    )
                ).all()
                for name in TOLD
            }
        db.engine.dispose()
    return rows, faults.died


def test_a_runner_killed_again_and_again_leaves_the_same_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(test_fourteen_months, "HOUSEHOLDS", HOUSEHOLDS)

    def town(name):
        file = tmp_path / f"{name}.sqlite3"
        return file, create_app(
            settings(database_url=f"sqlite:///{file}", data_dir=tmp_path, secret_key="only here")
        )

    first, calm = town("calm")
    with time_machine.travel(datetime.combine(BEGIN, time(7), tzinfo=JAPAN), tick=False):
        alembic.upgrade(alembic_config(calm.config), "head")
        with calm.app_context():
            with separate_session(write=True) as session:
                people.add_people(session)
            db.engine.dispose()
    second, killed = town("killed")
    shutil.copy(first, second)
    wanted, _none = _live(calm, seed=None)
    found, died = _live(killed, seed=20)
    assert died > 30
    assert len(wanted["concerns"]) > 10
    for name in TOLD:
        assert found[name] == wanted[name], name
