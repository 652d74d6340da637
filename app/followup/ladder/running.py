"""The runner's part: every quarter of an hour it opens what is overdue or silent for too long.

It may be killed at any point and run twice at once: all it does is one transaction, and the
database opens one concern for each cause.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app import jobs
from app.db import now
from app.followup.ladder import services


@jobs.every(timedelta(minutes=15), "watch_ladder")
def open_what_is_due(session: Session, _payload: Mapping[str, Any], _report: jobs.Progress) -> None:
    """Open concerns for check-ins past their limit and for households silent for too long."""
    at = now()
    services.open_overdue(session, at=at)
    services.open_silent(session, at=at)
