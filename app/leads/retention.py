"""A list ends on its day: a named person approves, the runner deletes, linked cases stay.

What is deleted are the people, every call to them and the rows of every file. What stays are the
list's name, who approved its end and a few figures that name nobody. A file nobody took in is
deleted after a week, without asking: nothing was ever done with it.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import jobs
from app.audit.models import Deed
from app.audit.services import record
from app.cases.services import note
from app.cases.versions import check_version, flushed
from app.db import JAPAN, now
from app.errors import ConflictError, InvalidError
from app.leads.codes import ImportState
from app.leads.figures import totals_of
from app.leads.importing import day_problem
from app.leads.models import Lead, LeadAttempt, LeadClaim, LeadImport, LeadImportRow, LeadList

LEFT_LYING = timedelta(days=7)
GONE = "この名簿は、もう消されています。"


def change_day(
    session: Session,
    *,
    lead_list: LeadList,
    version: int,
    delete_on: date,
    user_id: int,
    today: date,
) -> None:
    """Another day. An approval spoke of the old one and is void."""
    check_version(lead_list, version)
    if lead_list.deleted_at is not None:
        raise ConflictError(GONE)
    if (problem := day_problem(delete_on, today=today)) is not None:
        raise InvalidError(problem, fields={"delete_on": [problem]})

    def act() -> None:
        lead_list.delete_on = delete_on
        lead_list.approved_by = lead_list.approved_at = None

    flushed(session, act)
    note(session, Deed.CHANGED, "lead_list", lead_list.id, user_id=user_id,
         fields=("delete_on", "approved_by"))  # fmt: skip


def approve(
    session: Session, *, lead_list: LeadList, version: int, user_id: int, at: datetime
) -> None:
    """Let the list be deleted on its day, or at once when the day has come."""
    check_version(lead_list, version)
    if lead_list.deleted_at is not None:
        raise ConflictError(GONE)

    def act() -> None:
        lead_list.approved_by, lead_list.approved_at = user_id, at

    flushed(session, act)
    note(session, Deed.CHANGED, "lead_list", lead_list.id, user_id=user_id, fields=("approved_by",))


def withdraw_approval(session: Session, *, lead_list: LeadList, version: int, user_id: int) -> None:
    """Keep the list after all, as long as it is there."""
    check_version(lead_list, version)
    if lead_list.deleted_at is not None:
        raise ConflictError(GONE)

    def act() -> None:
        lead_list.approved_by = lead_list.approved_at = None

    flushed(session, act)
    note(session, Deed.CHANGED, "lead_list", lead_list.id, user_id=user_id, fields=("approved_by",))


def delete_due(session: Session, *, today: date, at: datetime) -> int:
    """Delete every approved list whose day has come; returns how many."""
    due = session.scalars(
        sa.select(LeadList)
        .where(
            LeadList.deleted_at.is_(None),
            LeadList.approved_by.is_not(None),
            LeadList.delete_on <= today,
        )
        .order_by(LeadList.id)
        .with_for_update()
    ).all()
    for lead_list in due:
        _delete(session, lead_list, at=at)
    return len(due)


def _delete(session: Session, lead_list: LeadList, *, at: datetime) -> None:
    lead_list.figures = totals_of(session, lead_list.id).plain()
    people = sa.select(Lead.id).where(Lead.list_id == lead_list.id)
    files = sa.select(LeadImport.id).where(LeadImport.list_id == lead_list.id)
    own_attempts = LeadAttempt.lead_id.in_(people)
    for gone in (
        sa.delete(LeadImportRow).where(LeadImportRow.import_id.in_(files)),
        sa.delete(LeadClaim).where(LeadClaim.lead_id.in_(people)),
        sa.delete(LeadAttempt).where(own_attempts, LeadAttempt.takes_back_id.is_not(None)),
        sa.delete(LeadAttempt).where(own_attempts),
        sa.delete(Lead).where(Lead.list_id == lead_list.id),
    ):
        session.execute(gone)
    # A newer file that waits to be taken in would bring the people back.
    session.execute(
        sa.update(LeadImport)
        .where(LeadImport.list_id == lead_list.id, LeadImport.state == ImportState.PREVIEW)
        .values(state=ImportState.REFUSED)
    )
    lead_list.deleted_at = at
    record(
        session,
        deed=Deed.DELETED,
        record_kind="lead_list",
        record_id=lead_list.id,
        user_id=lead_list.approved_by,
        organisation_id=lead_list.organisation_id,
        fields=("lines",),
    )


def forget_files_left_lying(session: Session, *, at: datetime) -> None:
    """Put away files that were handed in a week ago and never taken in."""
    old = sa.and_(LeadImport.state == ImportState.PREVIEW, LeadImport.created_at < at - LEFT_LYING)
    left = session.scalars(sa.select(LeadImport.id).where(old).with_for_update()).all()
    session.execute(sa.delete(LeadImportRow).where(LeadImportRow.import_id.in_(left)))
    session.execute(
        sa.update(LeadImport).where(LeadImport.id.in_(left)).values(state=ImportState.REFUSED)
    )


@jobs.every(timedelta(hours=1), "lead_lists")
def end_lists(session: Session, _payload: Mapping[str, Any], _progress: Any) -> None:
    """The runner's part, once an hour."""
    at = now()
    delete_due(session, today=at.astimezone(JAPAN).date(), at=at)
    forget_files_left_lying(session, at=at)
