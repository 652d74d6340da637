"""A day's check-ins with the times agreed for them, in a fixed number of statements."""

from collections.abc import Collection
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import InvalidError
from app.followup import queries
from app.followup.dayplan.models import VisitTime
from app.followup.models import CheckIn
from app.followup.visits.listing import households
from app.policy import Viewer

AHEAD = timedelta(days=14)


def checked_day(on: date | None, today: date) -> date:
    """The day to go through; today where none is named.

    Raises InvalidError for a day past or more than two weeks ahead.
    """
    day = on or today
    if not today <= day <= today + AHEAD:
        message = "きょうから2週間先までの日を選んでください。"
        raise InvalidError(message, fields={"on": [message]})
    return day


def visits_of(
    session: Session, viewer: Viewer, *, on: date, today: date, mine: bool
) -> list[tuple[CheckIn, VisitTime | None]]:
    """One visit a household, the most urgent first: what is due by the day, or agreed for it.

    Today takes in what is overdue; a day to come only what falls on it, or was agreed for it.
    """
    due = queries.due_check_ins(session, viewer, today=today, until=today + AHEAD)
    if mine:
        due = [one for one in due if one.visitor == viewer.user_id]
    times = times_of(session, [one.id for one in due])
    agreed = {check_in_id for check_in_id, kept in times.items() if kept.on == on}
    wanted = [
        one
        for one in due
        if one.id in agreed or (one.goes_on <= on if on == today else one.goes_on == on)
    ]
    firsts = (
        min(one.check_ins, key=lambda check_in: (check_in.id not in agreed, check_in.due_on))
        for one in households((), wanted)
    )
    # What was agreed for a day that is over is no promise for another.
    kept = {number: time for number, time in times.items() if time.on >= today}
    return [(first, kept.get(first.id)) for first in firsts]


def times_of(session: Session, check_in_ids: Collection[int]) -> dict[int, VisitTime]:
    """The times agreed, by check-in."""
    rows = session.scalars(sa.select(VisitTime).where(VisitTime.check_in_id.in_(check_in_ids)))
    return {row.check_in_id: row for row in rows}


def time_of(session: Session, check_in_id: int) -> VisitTime | None:
    """The time agreed for one check-in."""
    return session.scalar(sa.select(VisitTime).where(VisitTime.check_in_id == check_in_id))
