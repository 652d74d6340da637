"""Long work in the background: a table, and `flask jobs run`, which may be run by anything.

A job is taken by one conditional UPDATE, so any number of runners may run at once; a runner that
dies leaves its job to be taken again after a while, and handlers are written to be repeatable.
"""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import (
    Base,
    Code,
    Id,
    Json,
    Moment,
    Name,
    Sentence,
    Timestamps,
    code_column,
    db,
    in_codes,
    now,
    reading,
    rows_changed,
    separate_session,
    writing,
)
from app.errors import DomainError

log = structlog.get_logger()
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 5


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Timestamps, Base):
    """One piece of work, its progress and how it ended."""

    __tablename__ = "jobs"
    __table_args__ = (
        in_codes("state", JobState),
        sa.UniqueConstraint("dedupe_key"),
        sa.Index("ix_jobs_due", "state", "run_after"),
    )

    id: Mapped[Id]
    kind: Mapped[Code]
    payload: Mapped[Json] = mapped_column(default=dict)
    dedupe_key: Mapped[Name | None]
    state: Mapped[JobState] = code_column(JobState, default=JobState.WAITING)
    run_after: Mapped[Moment] = mapped_column(default=now)
    leased_until: Mapped[Moment | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_steps: Mapped[int] = mapped_column(default=0)
    all_steps: Mapped[int] = mapped_column(default=0)
    problem: Mapped[Sentence | None]
    finished_at: Mapped[Moment | None]
    user_id: Mapped[int | None]


Progress = Callable[[int, int], None]
Handler = Callable[[Session, Mapping[str, Any], Progress], None]
_handlers: dict[str, Handler] = {}
OutsideHandler = Callable[[], None]
_outside: dict[str, OutsideHandler] = {}
_periodic: dict[str, timedelta] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of this kind. It works in one transaction."""

    def keep(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return keep


def every(interval: timedelta, kind: str) -> Callable[[Handler], Handler]:
    """Register a handler that also comes due by itself, once per interval."""

    def keep(handler: Handler) -> Handler:
        _handlers[kind] = handler
        _periodic[kind] = interval
        return handler

    return keep


def every_outside(interval: timedelta, kind: str) -> Callable[[OutsideHandler], OutsideHandler]:
    """Register a handler that speaks to a machine elsewhere, once per interval.

    It opens short transactions of its own: a lock held while a slow server is asked would make
    everybody who saves wait.
    """

    def keep(handler: OutsideHandler) -> OutsideHandler:
        _outside[kind] = handler
        _periodic[kind] = interval
        return handler

    return keep


def enqueue(
    session: Session,
    kind: str,
    payload: Mapping[str, Any],
    *,
    user_id: int | None = None,
    dedupe_key: str | None = None,
    run_after: datetime | None = None,
) -> Job:
    """Add a job to the caller's transaction: it exists exactly if the change does."""
    job = Job(
        kind=kind,
        payload=dict(payload),
        user_id=user_id,
        dedupe_key=dedupe_key,
        run_after=run_after or now(),
    )
    session.add(job)
    session.flush()  # the id is shown on the progress page
    return job


def run_due(*, at: datetime | None = None, most: int = 100) -> int:
    """Do what is due, one job after the other; returns how many were done."""
    at = at or now()
    _plan_periodic(at)
    count = 0
    while count < most and (job_id := _take(at)) is not None:
        _do(job_id)
        count += 1
    return count


def _plan_periodic(at: datetime) -> None:
    """Put each periodic job in the table once per interval; the key makes repeats harmless."""
    with reading(), separate_session(write=False) as session:
        known = set(session.scalars(sa.select(Job.dedupe_key).where(Job.dedupe_key.is_not(None))))
    for kind, interval in _periodic.items():
        slot = int(at.timestamp() // interval.total_seconds())
        key = f"{kind}:{slot}"
        if key in known:
            continue
        try:
            with separate_session(write=True) as session:
                enqueue(session, kind, {}, dedupe_key=key, run_after=at)
        except sa.exc.IntegrityError:
            continue  # another runner planned it first


def _take(at: datetime) -> int | None:
    """Take the oldest due job, or one whose runner died; None when there is nothing to do."""
    with separate_session(write=True) as session:
        due = sa.or_(
            sa.and_(Job.state == JobState.WAITING, Job.run_after <= at),
            sa.and_(Job.state == JobState.RUNNING, Job.leased_until < at),
        )
        job_id = session.scalar(
            sa.select(Job.id).where(due).order_by(Job.run_after, Job.id).limit(1)
        )
        if job_id is None:
            return None
        taken = session.execute(
            sa.update(Job)
            .where(Job.id == job_id, due)
            .values(state=JobState.RUNNING, leased_until=at + LEASE, attempts=Job.attempts + 1)
        )
        return job_id if rows_changed(taken) == 1 else None


def _do(job_id: int) -> None:
    with separate_session(write=False) as session:
        job = session.get_one(Job, job_id)
        kind, payload, attempts = job.kind, dict(job.payload), job.attempts
    if kind in _outside:
        _do_outside(job_id, kind)
        return
    handler = _handlers.get(kind)
    if handler is None:
        _finish(job_id, JobState.FAILED, "この種類の仕事を行う機能がありません。")
        return
    try:
        with writing(), db.sessionmaker() as session, session.begin():
            handler(session, payload, _reporter(job_id))
            session.execute(
                sa.update(Job)
                .where(Job.id == job_id)
                .values(state=JobState.DONE, finished_at=now(), problem=None)
            )
    except DomainError as error:
        _finish(job_id, JobState.FAILED, error.message)
    except Exception as error:  # noqa: BLE001 - one job's fault must not stop the others
        _log_fault(job_id, kind, error)
        if attempts >= MOST_ATTEMPTS:
            _finish(
                job_id,
                JobState.FAILED,
                "処理を続けられませんでした。システム管理者に連絡してください。",
            )
        else:
            _retry(job_id, now() + timedelta(seconds=10 * 2**attempts))


def _do_outside(job_id: int, kind: str) -> None:
    """Such a job comes round by itself, so one that failed is not tried again on its own."""
    try:
        _outside[kind]()
    except Exception as error:  # noqa: BLE001 - one job's fault must not stop the others
        _log_fault(job_id, kind, error)
        _finish(job_id, JobState.FAILED, "処理を続けられませんでした。次の回に続けます。")
    else:
        _finish(job_id, JobState.DONE, None)


def _log_fault(job_id: int, kind: str, error: Exception) -> None:
    log.warning("job_failed", kind=kind, job_id=job_id, error=type(error).__name__)


def _reporter(job_id: int) -> Progress:
    """Progress is shown from memory while the job's own transaction holds the write lock."""

    def report(done: int, total: int) -> None:
        live_progress[job_id] = (done, total)

    return report


# Of jobs running in this process only; other processes show the state from the table.
live_progress: dict[int, tuple[int, int]] = {}


def _finish(job_id: int, state: JobState, problem: str | None) -> None:
    with separate_session(write=True) as session:
        session.execute(
            sa.update(Job)
            .where(Job.id == job_id)
            .values(state=state, problem=problem, finished_at=now())
        )


def _retry(job_id: int, run_after: datetime) -> None:
    with separate_session(write=True) as session:
        session.execute(
            sa.update(Job)
            .where(Job.id == job_id)
            .values(state=JobState.WAITING, run_after=run_after, leased_until=None)
        )


def start_ticker(app: Flask, *, seconds: float = 1.0) -> threading.Thread:
    """Run due jobs in a thread of this process, for installations without cron."""

    def tick() -> None:
        while True:
            try:
                with app.app_context():
                    run_due()
            except Exception as error:  # noqa: BLE001 - the ticker must outlive any single fault
                log.warning("ticker", error=type(error).__name__)
            time.sleep(seconds)

    thread = threading.Thread(target=tick, name="jobs", daemon=True)
    thread.start()
    return thread
