"""The list of meetings: coming or past, by day, with what of each the viewer may count."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import Session

from app.db import how_many
from app.meetings.codes import (
    LEGAL_BASIS_LABELS,
    MEETING_KIND_LABELS,
    MEETING_STATE_LABELS,
    MeetingState,
)
from app.meetings.models import Meeting
from app.meetings.queries import items_of, visible_meetings
from app.policy import Viewer

PER_PAGE = 30


def number_of(text: str) -> int:
    """A page's number from the address; anything unreadable is the first page."""
    plain = text.isascii() and text.isdecimal() and len(text) < 6
    return max(int(text), 1) if plain else 1


def listed(
    session: Session,
    viewer: Viewer,
    *,
    past: bool,
    page: int,
    today: date,
    per_page: int = PER_PAGE,
) -> tuple[Sequence[Meeting], int]:
    """One page of the viewer's meetings, and how many there are."""
    over = sa.or_(Meeting.held_on < today, Meeting.state == MeetingState.CANCELLED)
    statement = visible_meetings(viewer).where(over if past else sa.not_(over))
    total = how_many(session, statement)
    order = (
        (Meeting.held_on.desc(), Meeting.starts_at.desc(), Meeting.id.desc())
        if past
        else (Meeting.held_on, Meeting.starts_at, Meeting.id)
    )
    found = session.scalars(
        statement.order_by(*order).limit(per_page).offset(per_page * (page - 1))
    ).all()
    return found, total


def meeting_rows(
    session: Session, meetings: Sequence[Meeting], viewer: Viewer, *, today: date
) -> list[dict[str, Any]]:
    """The rows of the page; items are counted as far as the viewer may know of them."""
    seen = items_of(session, meetings, viewer, today=today) if meetings else []
    counts = Counter(one.item.meeting_id for one in seen)
    open_ = Counter(one.item.meeting_id for one in seen if one.item.decision is None)
    return [
        {
            "meeting": meeting,
            "kind": MEETING_KIND_LABELS[meeting.kind],
            "bases": [LEGAL_BASIS_LABELS[basis] for basis in meeting.bases],
            "state": MEETING_STATE_LABELS[meeting.state],
            "items": counts[meeting.id],
            "open": open_[meeting.id],
            "late": meeting.state is MeetingState.PLANNED and meeting.held_on < today,
            "url": url_for("meetings.meeting_page", meeting_id=meeting.id),
        }
        for meeting in meetings
    ]
