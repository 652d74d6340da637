"""Making a batch for the person who asks: at once for a town's usual number, else as a job."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app import jobs
from app.accounts.models import User
from app.accounts.services import viewer_of
from app.db import now, separate_session
from app.errors import InvalidError
from app.housing.batches import queries, services
from app.housing.batches.models import BatchState, MatchBatch
from app.housing.batches.services import AT_ONCE, Progress, no_progress
from app.policy import Viewer

JOB = "match_batch"


def make_batch(
    session: Session,
    *,
    viewer: Viewer,
    organisation_id: int,
    today: date,
    at: datetime,
    at_once: int = AT_ONCE,
) -> MatchBatch:
    """Match everybody who looks for a home and whose place the viewer may know.

    Raises InvalidError when there is nobody.
    """
    looks = queries.who_looks(session, viewer, today=today)
    if not looks.seen:
        raise InvalidError(
            "組み合わせる世帯がありません。住まいの希望を入れた、終結していない世帯で、"
            "あなたが居場所を見られるものが対象です。",
            code="nobody",
        )
    batch = services.open_batch(
        session,
        case_ids=[one.case.id for one in looks.seen],
        left_out=looks.left_out(viewer, organisation_id),
        organisation_id=organisation_id,
        user_id=viewer.user_id,
        today=today,
    )
    if len(looks.seen) > at_once:
        payload = {"batch_id": batch.id}
        batch.job_id = jobs.enqueue(session, JOB, payload, user_id=viewer.user_id).id
    else:
        services.fill(session, batch=batch, inputs=_judged(session, batch, viewer), at=at)
    return batch


def _judged(
    session: Session, batch: MatchBatch, viewer: Viewer, progress: Progress = no_progress
) -> dict[str, Any]:
    """Only those the batch was made for: a place hidden since then stays hidden."""
    there = {part.case_id for part in batch.cases}
    looks = queries.who_looks(session, viewer, today=batch.run_on)
    recent, expected = queries.who_came(session, viewer, today=batch.run_on)
    return services.judge(
        session,
        looking=[one for one in looks.seen if one.case.id in there],
        recent=recent,
        expected=expected,
        today=batch.run_on,
        progress=progress,
    )


@jobs.handles(JOB)
def _batch_job(session: Session, payload: Mapping[str, Any], progress: Progress) -> None:
    """Judging many takes a while, so nobody who writes waits for it: only solving locks."""
    with separate_session(write=False) as reading:
        batch = reading.get(MatchBatch, payload["batch_id"])
        user = reading.get(User, batch.user_id) if batch is not None else None
        if batch is None or user is None or batch.state is not BatchState.WORKING:
            return
        inputs = _judged(reading, batch, viewer_of(user), progress)
    batch = session.get(MatchBatch, payload["batch_id"], with_for_update=True)
    if batch is not None and batch.state is BatchState.WORKING:
        services.fill(session, batch=batch, inputs=inputs, at=now())
