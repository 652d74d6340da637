"""Meetings in one's own calendar: when and which kind, never about whom."""

from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from app.feeds.sources import Dated, calendar_sources, window
from app.meetings.codes import MEETING_KIND_LABELS, MeetingState
from app.meetings.models import Meeting
from app.meetings.queries import visible_meetings
from app.policy import Action, Viewer


def meetings(session: Session, viewer: Viewer, today: date) -> list[Dated]:
    """Meetings of one's agency, and those one is put down for."""
    found = session.scalars(
        visible_meetings(viewer).where(
            Meeting.held_on.between(*window(today)), Meeting.state != MeetingState.CANCELLED
        )
    )
    return [
        Dated(
            key=f"meeting-{meeting.id}",
            on=meeting.held_on,
            at=meeting.starts_at,
            minutes=meeting.minutes,
            title=MEETING_KIND_LABELS[meeting.kind],
            url=url_for("meetings.meeting_page", meeting_id=meeting.id),
        )
        for meeting in found
    ]


calendar_sources.append((Action.MEETING_READ, meetings))
