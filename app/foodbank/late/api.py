"""The queue of a phone that had no network, sent one by one."""

from typing import Any

from flask import jsonify

from app.db import db, now
from app.foodbank.api import bp
from app.foodbank.late import services
from app.foodbank.late.schemas import LateAnswerSchema, LateHandOutSchema
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer


@bp.post("/parcels/<int:parcel_id>/late-hand-outs")
@bp.arguments(LateHandOutSchema)
@bp.response(201, LateAnswerSchema)
@requires(Action.HANDOUT_RECORD)
@creates
def tell_late_hand_out(typed: dict[str, Any], parcel_id: int) -> Any:
    """Tell of a hand-out that has happened: booked, or kept for a person to decide; never refused
    because it should not have happened.
    """
    taken = services.tell(db.session, parcel_id, typed, viewer=the_viewer(), now=now())
    return committed(jsonify(outcome=taken.outcome, sentence=taken.sentence), 201)
