"""Kits in the API."""

from typing import Any

from flask import jsonify
from marshmallow import fields

from app.db import db, today
from app.foodbank.api import bp
from app.foodbank.kits import services
from app.foodbank.kits.schemas import BuildKitSchema
from app.forms import BaseSchema
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import acting_organisation, the_viewer


class KitAnswerSchema(BaseSchema):
    """Kits made at once; `lot_id` is the lot they are."""

    id = fields.Integer()
    lot_id = fields.Integer()
    kits = fields.Integer()


@bp.post("/kits")
@bp.arguments(BuildKitSchema)
@bp.response(201, KitAnswerSchema)
@requires(Action.FOOD_RECEIVE)
@creates
def build_kits(typed: dict[str, Any]) -> Any:
    """Make kits of lots on the shelves; 409 stock_gone when less is there than is needed."""
    viewer = the_viewer()
    parts = [
        (part["lot_id"], part["shelf_id"], part["per_kit"])
        for part in typed.pop("parts")
        if part["per_kit"]
    ]
    made = services.build(
        db.session,
        organisation_id=acting_organisation(viewer, Action.FOOD_RECEIVE),
        parts=parts,
        user_id=viewer.user_id,
        today=today(),
        **typed,
    )
    return committed(jsonify(KitAnswerSchema().dump(made)), 201)
