"""Meetings in the JSON API: which there are, what is on them, and decisions."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify

from app.api import Blueprint, PageSchema
from app.audit.models import Deed
from app.db import db, now, today
from app.errors import NotFoundError
from app.idempotency import committed, creates
from app.meetings import queries, services
from app.meetings.item_views import seen_item, working_on
from app.meetings.listing import listed
from app.meetings.models import Meeting
from app.meetings.schemas import (
    ItemAnswerSchema,
    MeetingAnswerSchema,
    MeetingDecisionSchema,
    MeetingListAnswerSchema,
)
from app.policy import Action, Tier, requires
from app.security import saw, the_viewer

bp = Blueprint("meetings_api", __name__, url_prefix="/api/v1/meetings", description="会議")


class MeetingQuerySchema(PageSchema):
    """Which page of the coming meetings."""


def _meeting(meeting: Meeting) -> dict[str, Any]:
    names = ("id", "kind", "held_on", "starts_at", "minutes", "place", "state", "version")
    values = {name: getattr(meeting, name) for name in names}
    return values | {"legal_bases": [basis.value for basis in meeting.bases]}


@bp.route("", methods=["GET"])
@requires(Action.MEETING_READ)
@bp.arguments(MeetingQuerySchema, location="query")
@bp.response(200, MeetingListAnswerSchema)
def list_meetings(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The coming meetings you may know of; the total is in the body."""
    page, size = asked["page"], asked["per_page"]
    found, total = listed(
        db.session, the_viewer(), past=False, page=page, today=today(), per_page=size
    )
    return {
        "items": [_meeting(meeting) for meeting in found],
        "page": page,
        "per_page": size,
        "total": total,
    }


@bp.route("/<int:meeting_id>", methods=["GET"])
@requires(Action.MEETING_READ)
@bp.response(200, MeetingAnswerSchema)
def read_meeting(meeting_id: int) -> dict[str, Any]:
    """One meeting with the items you may know of. Items without consent are never told here."""
    viewer = the_viewer()
    meeting = queries.get_meeting(db.session, meeting_id, viewer)
    seen = [
        one
        for one in queries.items_of(db.session, [meeting], viewer, today=today())
        if not one.item.without_consent
    ]
    for one in seen:
        if one.access.sees(Tier.CARE):
            saw(Deed.VIEWED, "meeting_item", one.item.id, fields=("subject", "decision"))
    items = [dict(one.shown.values) | {"position": n} for n, one in enumerate(seen, start=1)]
    return _meeting(meeting) | {"items": items}


@bp.route("/<int:meeting_id>/items/<int:item_id>/decision", methods=["POST"])
@requires(Action.MEETING_EDIT)
@creates
@bp.arguments(MeetingDecisionSchema)
@bp.alt_response(200, schema=ItemAnswerSchema, success=True)
def decide(data: Mapping[str, Any], meeting_id: int, item_id: int) -> Response:
    """Record what was decided about an item with consent; plan and log follow at once."""
    seen = working_on(meeting_id, item_id)
    if seen.item.without_consent:
        raise NotFoundError(queries.NO_ITEM)
    services.decide(
        db.session, item=seen.item, case=seen.case, user_id=the_viewer().user_id, now=now(), **data
    )
    shown = seen_item(meeting_id, item_id).shown
    return committed(jsonify(ItemAnswerSchema().dump(shown.values)))
