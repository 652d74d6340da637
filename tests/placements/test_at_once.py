"""Two people working on one placement at the same moment: the second sees what the first did."""

import contextlib
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError

from app.db import now, separate_session, today
from app.errors import DomainError
from app.housing.codes import HomeState
from app.housing.models import Home
from app.placements import refusals, steps
from app.placements.codes import PlacementState, RefusalReason, StepKind
from app.placements.models import Placement, PlacementStep
from app.placements.refusals import Refusal
from tests.placements.test_steps import Walk


@pytest.fixture
def walk(app, make):
    return Walk(app, make)


@pytest.fixture
def at_once(app, walk):
    """Run two changes of the walk's placement, both having read it before either writes."""

    def run(*changes):
        barrier, said = threading.Barrier(2), []

        def change(act):
            try:
                with app.app_context(), separate_session(write=True) as session:
                    placement = session.get_one(Placement, walk.id)
                    _read = placement.every_step, placement.home.state
                    with contextlib.suppress(threading.BrokenBarrierError):
                        barrier.wait(timeout=0.5)  # SQLite lets one in after the other
                    act(session, placement)
                said.append("done")
            except (DomainError, StaleDataError) as error:
                said.append(type(error).__name__)

        threads = [threading.Thread(target=change, args=(act,)) for act in changes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return said

    return run


def record(walk, kind):
    def act(session, placement):
        steps.record_step(
            session, placement=placement, kind=StepKind(kind), done_on=today(),
            user_id=walk.staff.id, today=today(),
        )  # fmt: skip

    return act


def take_back(walk, kind):
    def act(session, placement):
        step = next(one for one in placement.steps if one.kind == kind)
        steps.return_step(
            session, placement=placement, step_id=step.id, why="まちがい",
            user_id=walk.staff.id, at=now(),
        )  # fmt: skip

    return act


def refuse(walk):
    def act(session, placement):
        refusals.refuse_placement(
            session, placement=placement, refusal=Refusal(RefusalReason.LANDLORD_OTHER),
            user_id=walk.staff.id, today=today(),
        )  # fmt: skip

    return act


def standing(in_database, walk):
    def read(session):
        placement = session.get_one(Placement, walk.id)
        return placement.state, placement.home.state, [step.kind.value for step in placement.steps]

    return in_database(read)


def test_keys_taken_back_and_moving_in_at_once_leave_nobody_moved_in_without_keys(
    walk, at_once, in_database
):
    for kind in ("application", "landlord", "contract", "keys"):
        walk.step(kind)
    said = at_once(take_back(walk, "keys"), record(walk, "move_in"))
    assert said.count("done") == 1
    state, home, kinds = standing(in_database, walk)
    assert (state is PlacementState.MOVED_IN) == ("keys" in kinds) == ("move_in" in kinds)
    assert (home is HomeState.OCCUPIED) == ("move_in" in kinds)


def test_a_step_taken_back_and_the_next_one_recorded_at_once_leave_no_gap(
    walk, at_once, in_database
):
    walk.step("application")
    at_once(take_back(walk, "application"), record(walk, "screening"))
    _state, home, kinds = standing(in_database, walk)
    assert kinds in ([], ["screening"], ["application", "screening"])
    assert home is (HomeState.APPLIED if kinds else HomeState.HELD)


def test_a_refusal_and_a_step_at_once_leave_no_step_on_what_has_ended(walk, at_once, in_database):
    walk.step("application")
    said = at_once(refuse(walk), record(walk, "screening"))
    state, home, kinds = standing(in_database, walk)
    assert state is PlacementState.REFUSED
    assert home is HomeState.VACANT
    assert said.count("done") == len(kinds)


def test_one_step_recorded_twice_at_once_is_there_once(walk, at_once, in_database):
    said = at_once(record(walk, "viewing"), record(walk, "viewing"))
    assert said.count("done") == 1
    count = sa.select(sa.func.count()).select_from(PlacementStep)
    assert in_database(lambda s: s.scalar(count)) == 1
    assert in_database(lambda s: s.get_one(Home, walk.home.id).state) is HomeState.VIEWING
