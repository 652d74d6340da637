"""Background work is done once, retried when it fails, and taken over when a runner dies."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import jobs
from app.db import now
from app.errors import InvalidError


@pytest.fixture
def handler():
    """Registers a handler for the length of one test; what it did is in `.done`."""
    done = []

    def register(action=None):
        def handle(session, payload, progress):
            progress(1, 1)
            if action is not None:
                action()
            done.append(payload["n"])

        jobs._handlers["test"] = handle
        return done

    yield register
    jobs._handlers.pop("test", None)


@pytest.fixture
def run(app):
    def run_due(at=None):
        with app.app_context():
            return jobs.run_due(at=at)

    return run_due


def _job(in_database):
    return in_database(lambda s: s.scalar(sa.select(jobs.Job).where(jobs.Job.kind == "test")))


def test_a_due_job_is_done_once(handler, run, in_database):
    done = handler()
    in_database(lambda s: jobs.enqueue(s, "test", {"n": 1}) and None)
    run()
    run()
    assert done == [1]
    assert _job(in_database).state is jobs.JobState.DONE


def test_a_failing_job_is_tried_again_later_and_then_given_up(handler, run, in_database):
    attempts = []

    def fail():
        attempts.append(1)
        raise RuntimeError

    handler(fail)
    in_database(lambda s: jobs.enqueue(s, "test", {"n": 1}) and None)
    at = now()
    for _ in range(8):
        run(at)
        at += timedelta(hours=1)
    job = _job(in_database)
    assert len(attempts) == jobs.MOST_ATTEMPTS
    assert job.state is jobs.JobState.FAILED
    assert "管理者" in job.problem


def test_a_refusal_by_the_rules_is_not_retried_and_keeps_its_sentence(handler, run, in_database):
    def refuse():
        raise InvalidError("この一覧は読めません。")

    handler(refuse)
    in_database(lambda s: jobs.enqueue(s, "test", {"n": 1}) and None)
    run()
    assert _job(in_database).problem == "この一覧は読めません。"


def test_a_job_whose_runner_died_is_taken_over_after_its_lease(handler, run, in_database):
    done = handler()

    def died(session):
        job = jobs.enqueue(session, "test", {"n": 1})
        job.state = jobs.JobState.RUNNING
        job.leased_until = now() + jobs.LEASE

    in_database(died)
    run()
    assert done == []
    run(now() + jobs.LEASE * 2)
    assert done == [1]


def test_a_job_for_later_waits(handler, run, in_database):
    done = handler()
    in_database(
        lambda s: jobs.enqueue(s, "test", {"n": 1}, run_after=now() + timedelta(days=1)) and None
    )
    run()
    assert done == []


def test_periodic_work_comes_due_once_per_interval(run, in_database):
    at = now()
    run(at)
    run(at)

    def count(session):
        tidy = sa.select(sa.func.count()).where(jobs.Job.kind == "tidy_up")
        return session.scalar(tidy)

    assert in_database(count) == 1
