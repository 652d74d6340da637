"""Who is counted, and counting by month in the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.db import moment_on
from app.reports.periods import Period


@dataclass(frozen=True)
class Office:
    """The organisation a report is made for. Its own cases are counted, nobody else's."""

    id: int
    name: str
    municipality: str


def month_of(column: Any) -> Any:
    """A day's month as a number; the fiscal year is chosen by a condition beside it."""
    return sa.extract("month", column)


def cases_of(office: Office) -> sa.Select[int]:
    """The ids of the office's cases."""
    return sa.select(Case.id).where(Case.organisation_id == office.id)


def by_month(session: Session, statement: sa.Select[Any], day: Any) -> Mapping[int, int]:
    """How many rows of a statement fall in each month of the year."""
    month = month_of(day)
    rows = session.execute(
        statement.with_only_columns(month, sa.func.count()).group_by(month).order_by(None)
    )
    return {int(number): count for number, count in rows}


def within(day: Any, period: Period) -> Any:
    """The condition that a day is counted in the period."""
    return day.between(period.first, period.last)


def first_day(session: Session, office: Office) -> date | None:
    """The day of the office's first intake."""
    return session.scalar(
        sa.select(sa.func.min(Case.received_on)).where(Case.organisation_id == office.id)
    )


def during(at: Any, period: Period) -> Any:
    """The condition that a moment falls on a day of the period, in Japan."""
    return sa.and_(at >= moment_on(period.first), at < end_of(period))


def end_of(period: Period) -> datetime:
    """The first moment after the last day counted."""
    return moment_on(period.last + timedelta(days=1))


def counts_by(session: Session, statement: sa.Select[Any, int]) -> dict[Any, int]:
    """What a statement of (key, how many) found, as a mapping."""
    return {row[0]: row[1] for row in session.execute(statement)}
