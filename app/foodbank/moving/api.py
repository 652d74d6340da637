"""Moving stock in the API."""

from typing import Any

from flask import jsonify
from marshmallow import fields

from app.db import db, today
from app.foodbank import queries
from app.foodbank.answer_schemas import LotAnswerSchema
from app.foodbank.api import bp, lot_row
from app.foodbank.moving import services
from app.foodbank.moving.schemas import ReturnedFoodSchema, TransferSchema
from app.foodbank.parcels import queries as parcel_queries
from app.forms import BaseSchema
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer


class ReturnedFoodAnswerSchema(BaseSchema):
    """What came back; `kept` when it lies on a shelf again, else it was thrown away."""

    lot_id = fields.Integer()
    quantity = fields.Integer()
    kept = fields.Boolean()


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


@bp.post("/parcels/<int:parcel_id>/returns")
@bp.arguments(ReturnedFoodSchema)
@bp.response(201, ReturnedFoodAnswerSchema)
@requires(Action.HANDOUT_RECORD)
@creates
def take_back(typed: dict[str, Any], parcel_id: int) -> Any:
    """Something of a parcel came back from the household; 422 for more than it took along."""
    viewer = the_viewer()
    parcel = parcel_queries.get_parcel(
        db.session, parcel_id, viewer, today=today(), consented=False
    )
    remark = typed.pop("note")
    kept = services.take_back(
        db.session, parcel=parcel, remark=remark, user_id=viewer.user_id, **typed
    )
    said = {"lot_id": typed["lot_id"], "quantity": typed["quantity"], "kept": kept}
    return committed(jsonify(ReturnedFoodAnswerSchema().dump(said)), 201)
