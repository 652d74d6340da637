"""Safety devices and their signals. A token that may send signals may do nothing else."""

from typing import Any

from flask import jsonify

from app.api import Blueprint
from app.db import db, now, today
from app.followup.blueprint import opened_plan
from app.followup.settling.records import shown_device
from app.followup.signals import queries, services
from app.followup.signals.schemas import (
    DeviceAnswerSchema,
    DeviceSchema,
    SignalAnswerSchema,
    SignalSchema,
)
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


@bp.post("/watch-plans/<int:plan_id>/devices")
@bp.arguments(DeviceSchema)
@bp.response(201, DeviceAnswerSchema)
@requires(Action.WATCH_PLAN)
@creates
def fit_device(typed: dict[str, Any], plan_id: int) -> Any:
    """Register a device in a household's home; 422 for a number in use in another home."""
    seen = opened_plan(plan_id)
    device = services.fit_device(
        db.session, plan=seen.plan, user_id=the_viewer().user_id, today=today(), **typed
    )
    shown = dict(shown_device(device, seen.access).values)
    return committed(jsonify(DeviceAnswerSchema().dump(shown)), 201)


@bp.post("/watch-plans/<int:plan_id>/devices/<int:device_id>/removal")
@bp.response(200, DeviceAnswerSchema)
@requires(Action.WATCH_PLAN)
@creates
def remove_device(plan_id: int, device_id: int) -> Any:
    """Take a device out of use; what it sent stays."""
    seen = opened_plan(plan_id)
    device = queries.get_device(db.session, device_id, plan_id)
    services.remove_device(db.session, device=device, user_id=the_viewer().user_id, today=today())
    shown = dict(shown_device(device, seen.access).values)
    return committed(jsonify(DeviceAnswerSchema().dump(shown)))
