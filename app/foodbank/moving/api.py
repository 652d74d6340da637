"""Moving stock in the API."""

from typing import Any

from flask import jsonify

from app.db import db
from app.foodbank import queries
from app.foodbank.answer_schemas import LotAnswerSchema
from app.foodbank.api import bp, lot_row
from app.foodbank.moving import services
from app.foodbank.moving.schemas import TransferSchema
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer


@bp.post("/lots/<int:lot_id>/transfers")
@bp.arguments(TransferSchema)
@bp.response(201, LotAnswerSchema)
@requires(Action.FOOD_RECEIVE)
@creates
def transfer_lot(typed: dict[str, Any], lot_id: int) -> Any:
    """Carry so many to another shelf, all without a number; 409 stock_gone when none is there."""
    viewer = the_viewer()
    lot = queries.own_lot(db.session, lot_id, viewer)
    services.transfer(db.session, lot=lot, user_id=viewer.user_id, **typed)
    db.session.refresh(lot)  # with its balances as they are now
    return committed(jsonify(lot_row(lot)), 201)
