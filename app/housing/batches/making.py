"""Making a batch for the person who asks: at once for a town's usual number, else as a job."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app import jobs
from app.accounts.models import User
from app.accounts.services import viewer_of
from app.db import now
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
        _fill(session, batch, viewer, at=at)
    return batch


def _fill(
    session: Session,
    batch: MatchBatch,
    viewer: Viewer,
    *,
    at: datetime,
    progress: Progress = no_progress,
) -> None:
    """Only those the batch was made for: a place hidden since then stays hidden."""
    there = {part.case_id for part in batch.cases}
    looks = queries.who_looks(session, viewer, today=batch.run_on)
    recent, expected = queries.who_came(session, viewer, today=batch.run_on)
    services.fill(
        session,
        batch=batch,
        looking=[one for one in looks.seen if one.case.id in there],
        recent=recent,
        expected=expected,
        at=at,
        progress=progress,
    )


@jobs.handles(JOB)
def _batch_job(session: Session, payload: Mapping[str, Any], progress: Progress) -> None:
    batch = session.get(MatchBatch, payload["batch_id"])
    user = session.get(User, batch.user_id) if batch is not None else None
    if batch is None or user is None or batch.state is not BatchState.WORKING:
        return
    _fill(session, batch, viewer_of(user), at=now(), progress=progress)
