"""Shelves in the API."""

from typing import Any

from flask import jsonify
from marshmallow import fields

from app.db import db
from app.foodbank.api import bp
from app.foodbank.models import Shelf
from app.foodbank.shelves import queries, services
from app.foodbank.shelves.schemas import ShelfSchema
from app.forms import BaseSchema
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import acting_organisation, the_viewer


class LyingSchema(BaseSchema):
    """So many of a lot."""

    lot_id = fields.Integer()
    quantity = fields.Integer()


class ShelfAnswerSchema(BaseSchema):
    """A shelf; `code` may change, its number does not."""

    id = fields.Integer()
    code = fields.String()
    place = fields.String()
    storage = fields.String(allow_none=True)
    active = fields.Boolean()
    version = fields.Integer()


class FullShelfSchema(ShelfAnswerSchema):
    """A shelf with what lies there, first to expire first."""

    lying = fields.List(fields.Nested(LyingSchema))


@bp.get("/shelves")
@bp.response(200, ShelfAnswerSchema(many=True))
@requires(Action.FOOD_RECEIVE)
def shelves() -> Any:
    """The food bank's shelves, those in use first."""
    return [row.shelf for row in queries.shelves(db.session, the_viewer())]


@bp.get("/shelves/<int:shelf_id>")
@bp.response(200, FullShelfSchema)
@requires(Action.FOOD_RECEIVE)
def shelf(shelf_id: int) -> Any:
    """One shelf with what lies there."""
    found = queries.get_shelf(db.session, shelf_id, the_viewer())
    lying = [
        {"lot_id": lot.id, "quantity": quantity}
        for lot, quantity in queries.lying_on(db.session, found)
    ]
    return shelf_row(found) | {"lying": lying}


def shelf_row(found: Shelf) -> dict[str, Any]:
    """A shelf as the API tells it."""
    return ShelfAnswerSchema().dump(found)  # type: ignore[no-any-return]


@bp.post("/shelves")
@bp.arguments(ShelfSchema)
@bp.response(201, ShelfAnswerSchema)
@requires(Action.FOOD_RECEIVE)
@creates
def make_shelf(typed: dict[str, Any]) -> Any:
    """A new shelf; 422 when one of that name is there."""
    viewer = the_viewer()
    made = services.make_shelf(
        db.session,
        organisation_id=acting_organisation(viewer, Action.FOOD_RECEIVE),
        user_id=viewer.user_id,
        **typed,
    )
    return committed(jsonify(shelf_row(made)), 201)
