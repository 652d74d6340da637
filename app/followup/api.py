"""Check-ins in the API: what is due, and recording attempts."""

from typing import Any

from flask import jsonify

from app.api import Blueprint
from app.audit.models import Deed
from app.db import db, now, today
from app.followup import queries, services
from app.followup.models import Attempt, CheckIn
from app.followup.schemas import (
    AttemptAnswerSchema,
    AttemptSchema,
    CheckInAnswerSchema,
    Seen,
)
from app.followup.views import AHEAD
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import saw, the_viewer

bp = Blueprint("api-followup", __name__, url_prefix="/api/v1", description="入居後の見守り")


def check_in_row(check_in: CheckIn) -> dict[str, Any]:
    """A check-in as the API tells it."""
    case = check_in.plan.placement.case
    return {
        "id": check_in.id,
        "case_id": case.id,
        "case_number": case.number,
        "due_on": check_in.due_on,
        "label": check_in.label,
        "state": check_in.state,
        "attempts": len(check_in.attempts),
    }


@bp.get("/check-ins")
@bp.response(200, CheckInAnswerSchema(many=True))
@requires(Action.FOLLOWUP_READ)
def check_ins() -> Any:
    """Check-ins due up to a week from now, longest overdue first."""
    rows = queries.due_check_ins(db.session, the_viewer(), today=today(), until=today() + AHEAD)
    for row in rows:
        saw(Deed.LISTED, "case", row.plan.placement.case_id, fields=("home",))
    return [check_in_row(row) for row in rows]


@bp.post("/check-ins/<int:check_in_id>/attempts")
@bp.arguments(AttemptSchema)
@bp.response(201, AttemptAnswerSchema)
@requires(Action.VISIT_RECORD)
@creates
def record_attempt(typed: dict[str, Any], check_in_id: int) -> Any:
    """Record an attempt; met, spoke and worrying close the check-in, an absence does not."""
    viewer = the_viewer()
    check_in = queries.get_check_in(db.session, check_in_id, viewer, today=today())
    attempt = services.record_attempt(
        db.session,
        check_in=check_in,
        on=typed["on"],
        result=typed["result"],
        items=[Seen(item).value for item in typed["items"]],
        note=typed["note"] or None,
        linked_to=typed["linked_to"] or None,
        user_id=viewer.user_id,
        now=now(),
    )
    return committed(jsonify(AttemptAnswerSchema().dump(attempt_row(attempt, check_in))), 201)


def attempt_row(attempt: Attempt, check_in: CheckIn) -> dict[str, Any]:
    """An attempt with what became of its check-in."""
    return {
        "id": attempt.id,
        "check_in_id": check_in.id,
        "at": attempt.at,
        "result": attempt.result,
        "items": attempt.items,
        "check_in_state": check_in.state,
    }
