"""Writing down what somebody measured in a home."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.cases.versions import check_version, flushed
from app.goods.models import HomeMeasures


def measures_of(session: Session, home_id: int) -> HomeMeasures | None:
    """What is known of a home; None before anybody measured."""
    return session.scalar(sa.select(HomeMeasures).where(HomeMeasures.home_id == home_id))


def measure(
    session: Session,
    *,
    home_id: int,
    version: int,
    values: Mapping[str, Any],
    user_id: int,
    today: date,
) -> HomeMeasures:
    """Write a home's measures; version 0 is the first time.

    Raises StaleError when somebody wrote them since the form was opened.
    """
    found = measures_of(session, home_id)
    check_version(found, version)
    measures = found or HomeMeasures(home_id=home_id)

    def act() -> None:
        for name, value in values.items():
            setattr(measures, name, value)
        measures.measured_on, measures.measured_by = today, user_id
        if found is None:
            session.add(measures)

    flushed(session, act)
    deed = Deed.CREATED if found is None else Deed.CHANGED
    record(session, deed=deed, record_kind="home_measures", record_id=measures.id,
           user_id=user_id, fields=values)  # fmt: skip
    return measures
