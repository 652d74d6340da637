"""Two people keeping a report at the same moment."""

from datetime import date
from functools import partial

import pytest
import sqlalchemy as sa
import time_machine

from app.cases.models import Case
from app.policy import Role
from app.reports import services
from app.reports.codes import SnapshotKind
from app.reports.figures.counting import Office
from app.reports.models import ReportSnapshot
from app.reports.periods import Period
from app.reports.tables import HIDDEN
from tests.in_turn import in_turn

APRIL = Period(2026, date(2026, 4, 30))


@pytest.fixture(autouse=True)
def june():
    with time_machine.travel("2026-06-15T10:00:00+09:00", tick=False):
        yield


@pytest.fixture
def worker(make):
    worker = make.user(Role.CONSULTANT)
    for _n in range(8):
        make.case(worker, received_on=date(2026, 4, 2))
    return worker


@pytest.fixture
def at_once(app):
    """The second one's page was read before the first one kept theirs."""
    return partial(in_turn, app, reading=[ReportSnapshot])


def keep(session, worker, kind):
    office = Office(worker.organisation_id, "窓口", "座間市")
    return services.keep(
        session, office=office, period=APRIL, kind=kind, reason=None, user_id=worker.id
    )


def test_a_day_has_one_final_report(at_once, worker, in_database):
    final = partial(keep, worker=worker, kind=SnapshotKind.FINAL)
    assert at_once(final, final) == "ConflictError"
    kinds = sa.select(ReportSnapshot.kind)
    assert in_database(lambda s: s.scalars(kinds).all()) == [SnapshotKind.FINAL]


def test_the_second_of_two_knows_what_the_first_told(at_once, worker, make, in_database):
    """A day was put right between them: the two years side by side would point at one person."""
    ninth = make.case(worker, received_on=date(2026, 5, 1)).id

    def one_later(session):
        session.get_one(Case, ninth).received_on = date(2026, 4, 30)
        keep(session, worker, SnapshotKind.PRELIMINARY)

    first = partial(keep, worker=worker, kind=SnapshotKind.PRELIMINARY)
    assert at_once(first, one_later) == "done"
    by_age = sa.select(ReportSnapshot).order_by(ReportSnapshot.id)
    told = in_database(
        lambda s: [
            table.value("year", "count")
            for one in s.scalars(by_age)
            for part in services.kept(one.public)
            for table in part.tables
            if table.key == "intakes"
        ]
    )
    assert told == [8, HIDDEN]
