"""The pages of meetings."""

from flask import Blueprint

from app.db import db, today
from app.idempotency import standings
from app.meetings.queries import get_meeting, items_of
from app.security import the_viewer

bp = Blueprint("meetings", __name__)


def _standing(meeting_id: int) -> str:
    """What of a meeting the viewer sees, for answers given again later."""
    viewer = the_viewer()
    meeting = get_meeting(db.session, meeting_id, viewer)
    seen = items_of(db.session, [meeting], viewer, today=today())
    return ",".join(f"{one.item.id}:{one.access.tier}" for one in seen)


standings["meeting_id"] = _standing
