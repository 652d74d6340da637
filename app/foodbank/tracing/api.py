"""A lot's way in the JSON API."""

from typing import Any

from app.api import Blueprint
from app.audit.models import Deed
from app.db import db, today
from app.foodbank import queries
from app.foodbank.requests import queries as request_queries
from app.foodbank.tracing import queries as tracing
from app.foodbank.tracing.answer_schemas import WentAnswerSchema
from app.policy import Action, requires
from app.security import saw, the_viewer

bp = Blueprint("api-tracing", __name__, url_prefix="/api/v1", description="ロットのゆくえ")


@bp.get("/lots/<int:lot_id>/trace")
@bp.response(200, WentAnswerSchema(many=True))
@requires(Action.FOOD_RECEIVE)
def lot_trace(lot_id: int) -> Any:
    """Every live parcel with some of a lot; of a household whose consent has ended its number."""
    lot = queries.own_lot(db.session, lot_id, the_viewer())
    went = tracing.went_to(db.session, lot.id)
    hidden = request_queries.withheld(
        db.session, [one.parcel.request for one in went], today=today()
    )
    saw(Deed.VIEWED, "lot", lot.id, fields=("parcels",))
    return [
        {
            "parcel_id": one.parcel.id,
            "parcel": one.parcel.number,
            "code_name": None if one.parcel.request_id in hidden else one.parcel.request.code_name,
            "quantity": one.quantity,
            "left_out": one.left,
            "handed_out_at": one.hand_out.at if one.hand_out else None,
            "condition_seen": one.condition,
            "allergen_sheet": one.hand_out.allergen_sheet if one.hand_out else None,
        }
        for one in went
    ]
