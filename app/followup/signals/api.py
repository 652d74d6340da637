"""Signals of safety devices. A token that may send them may do nothing else."""

from typing import Any

from flask import jsonify

from app.api import Blueprint
from app.db import db, now
from app.followup.signals import queries, services
from app.followup.signals.schemas import SignalAnswerSchema, SignalSchema
from app.idempotency import committed, creates
from app.policy import Action, Role, requires
from app.security import the_viewer

bp = Blueprint("api-signals", __name__, url_prefix="/api/v1", description="安否の機器の知らせ")


@bp.post("/safety-signals")
@bp.arguments(SignalSchema)
@bp.response(201, SignalAnswerSchema)
@requires(Action.SIGNAL_SEND)
@creates
def take_in(typed: dict[str, Any]) -> Any:
    """Take in one signal; the same device and moment again changes nothing."""
    organisations = the_viewer().organisations(Role.DEVICE)
    device = queries.device_to_hear(db.session, typed["device"], organisations)
    fresh = services.take_in(
        db.session, device=device, at=typed["at"], kind=typed["kind"], now=now()
    )
    return committed(jsonify(SignalAnswerSchema().dump({"taken_in": fresh})), 201)
