"""Putting a record of a visit right, for programs."""

from typing import Any

from flask import jsonify

from app.db import db, now, today
from app.followup import queries
from app.followup.api import attempt_row, bp
from app.followup.visits import services
from app.followup.visits.schemas import AttemptAnswerSchema, VisitCorrectionSchema
from app.followup.visits.views import correction_values
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer


@bp.post("/check-ins/<int:check_in_id>/attempts/<int:attempt_id>/correction")
@bp.arguments(VisitCorrectionSchema)
@bp.response(201, AttemptAnswerSchema)
@requires(Action.VISIT_RECORD)
@creates
def correct_attempt(typed: dict[str, Any], check_in_id: int, attempt_id: int) -> Any:
    """Append what an attempt should have said; the wrong one stays readable behind it."""
    viewer = the_viewer()
    check_in = queries.get_check_in(db.session, check_in_id, viewer, today=today())
    attempt = services.correct_attempt(
        db.session,
        check_in=check_in,
        attempt_id=attempt_id,
        user_id=viewer.user_id,
        now=now(),
        **correction_values(typed),
    )
    return committed(jsonify(AttemptAnswerSchema().dump(attempt_row(attempt, check_in))), 201)
