"""The queue of a phone that had no network, sent one by one."""

from typing import Any

from flask import jsonify

from app.db import db, now, today
from app.followup import queries
from app.followup.api import bp
from app.followup.late import services
from app.followup.late.schemas import LateAttemptAnswerSchema, LateAttemptSchema
from app.followup.visits.views import attempt_values
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer


@bp.post("/check-ins/<int:check_in_id>/late-attempts")
@bp.arguments(LateAttemptSchema)
@bp.response(201, LateAttemptAnswerSchema)
@requires(Action.VISIT_RECORD)
@creates
def tell_late_attempt(typed: dict[str, Any], check_in_id: int) -> Any:
    """Tell of a visit that has happened: recorded, or kept for a person to decide; never refused
    because somebody was quicker or the plan has changed.
    """
    viewer = the_viewer()
    check_in = queries.get_check_in(db.session, check_in_id, viewer, today=today())
    taken = services.tell(
        db.session, check_in=check_in, user_id=viewer.user_id, now=now(), **attempt_values(typed)
    )
    return committed(jsonify(outcome=taken.outcome, sentence=taken.sentence), 201)
