"""Two people changing one record: who was first is told, and what both wrote is kept."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.accounts.models import User
from app.audit.models import AuditEntry, Deed
from app.db import Versioned
from app.errors import ConflictError

STALE = "ほかの人が先に書きかえました。違いを確かめて、もう一度記録してください。"


class StaleError(ConflictError):
    """The record has moved on since the form was opened."""

    code = "stale"

    def __init__(self) -> None:
        super().__init__(STALE)


def check_version(record: Versioned | None, version: int) -> None:
    """Raise StaleError unless the form was opened on the record as it is now (0: on none)."""
    present = 0 if record is None else record.version
    if present != version:
        raise StaleError


Result = TypeVar("Result")


def flushed(session: Session, act: Callable[[], Result]) -> Result:
    """Run `act` and write it; a rival who came between reading and writing counts as first."""
    try:
        result = act()
        session.flush()  # the version column has the last word
    except (StaleDataError, IntegrityError) as error:
        raise StaleError from error
    return result


def last_change(session: Session, record_kind: str, record_id: int) -> tuple[str, datetime] | None:
    """Who changed a record last, and when: the audit log knows."""
    row = session.execute(
        sa.select(User.name, AuditEntry.created_at)
        .join(User, User.id == AuditEntry.user_id)
        .where(
            AuditEntry.record_kind == record_kind,
            AuditEntry.record_id == record_id,
            AuditEntry.deed.in_([Deed.CREATED, Deed.CHANGED]),
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row is not None else None
