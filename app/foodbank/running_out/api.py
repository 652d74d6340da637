"""What runs low, in the API."""

from typing import Any

from marshmallow import fields

from app.db import db, today
from app.foodbank.api import bp
from app.foodbank.running_out import queries
from app.forms import BaseSchema
from app.policy import Action, requires
from app.security import the_viewer


class LowItemSchema(BaseSchema):
    """An item of which fewer may go out today than somebody wants to have."""

    item_id = fields.Integer(attribute="item.id")
    item_name = fields.String(attribute="item.name")
    offerable = fields.Integer()
    low_at = fields.Integer()
    missing = fields.Integer()


@bp.get("/food-items/low")
@bp.response(200, LowItemSchema(many=True))
@requires(Action.FOOD_RECEIVE)
def low_items() -> Any:
    """What to ask for or to buy, those that miss most of what is wanted first."""
    return queries.low_items(db.session, the_viewer(), today=today())
