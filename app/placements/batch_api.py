"""The approved pairs of a batch in the API: the same schema and service as the page."""

from typing import Any

from flask import jsonify

from app.db import db, now
from app.housing.batches.views import ready
from app.idempotency import committed, creates
from app.placements.api import bp
from app.placements.batch_holds import PairHeld, hold_pairs
from app.placements.schemas import BatchHoldAnswerSchema, BatchHoldsSchema
from app.policy import Action, requires
from app.security import acting_organisation, the_viewer


@bp.post("/batches/<int:batch_id>/holds")
@bp.arguments(BatchHoldsSchema)
@bp.response(201, BatchHoldAnswerSchema(many=True))
@requires(Action.HOLD_PLACE)
@creates
def hold_batch_pairs(typed: dict[str, Any], batch_id: int) -> Any:
    """Hold the approved pairs; each tells whether its home could be held."""
    viewer, seen = the_viewer(), ready(batch_id)
    done = hold_pairs(
        db.session,
        batch=seen.batch,
        **typed,
        seen=seen.cases,
        user_id=viewer.user_id,
        organisation_id=acting_organisation(viewer, Action.HOLD_PLACE),
        at=now(),
    )
    return committed(jsonify(BatchHoldAnswerSchema(many=True).dump(map(_plain, done))), 201)


def _plain(one: PairHeld) -> dict[str, Any]:
    return {
        "case_id": one.pair[0],
        "home_id": one.pair[1],
        "outcome": one.outcome.value if one.outcome is not None else "not_proposed",
        "message": one.message,
        "hold_id": one.hold.id if one.hold is not None else None,
    }
