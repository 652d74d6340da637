"""Putting right who gave a lot, for programs."""

from typing import Any

from flask import jsonify

from app.db import db
from app.foodbank import queries
from app.foodbank.answer_schemas import LotAnswerSchema
from app.foodbank.api import bp, lot_row
from app.foodbank.origins.queries import corrections_of
from app.foodbank.origins.schemas import OriginCorrectionAnswerSchema, OriginSchema
from app.foodbank.origins.views import put_right
from app.foodbank.origins.words import told_rows
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer


@bp.post("/lots/<int:lot_id>/origin")
@bp.arguments(OriginSchema)
@bp.response(201, LotAnswerSchema)
@requires(Action.FOOD_RECEIVE)
@creates
def put_origin_right(typed: dict[str, Any], lot_id: int) -> Any:
    """Write the right donor and drive; 409 stale when somebody changed the lot since `version`."""
    lot = queries.own_lot(db.session, lot_id, the_viewer())
    put_right(lot, typed)
    db.session.refresh(lot)
    return committed(jsonify(lot_row(lot)), 201)


@bp.get("/lots/<int:lot_id>/origin-corrections")
@bp.response(200, OriginCorrectionAnswerSchema(many=True))
@requires(Action.FOOD_RECEIVE)
def origin_corrections(lot_id: int) -> Any:
    """What a lot said of donor and drive before, the newest correction first."""
    lot = queries.own_lot(db.session, lot_id, the_viewer())
    return told_rows(corrections_of(db.session, lot), lot.unit)
