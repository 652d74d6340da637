"""Stocktakes in the API: begin, what to count on a shelf, write counts down, close.

As blind as the pages: what the books say is told once everything asked for has been counted.
"""

from typing import Any

from flask import jsonify
from marshmallow import fields

from app.db import db, now
from app.foodbank import queries as food
from app.foodbank.api import bp
from app.foodbank.stocktakes import queries, services
from app.foodbank.stocktakes.models import Stocktake, StocktakeState
from app.foodbank.stocktakes.schemas import (
    CloseStocktakeSchema,
    CountsSchema,
    StartStocktakeSchema,
)
from app.forms import BaseSchema
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import acting_organisation, the_viewer


class ShelfProgressSchema(BaseSchema):
    """How far a shelf has been counted."""

    shelf_id = fields.Integer()
    shelf = fields.String()
    lots = fields.Integer()
    counted = fields.Integer()


class DifferenceSchema(BaseSchema):
    """What was counted beside what the books said in that instant."""

    shelf = fields.String()
    lot_id = fields.Integer()
    counted = fields.Integer()
    expected = fields.Integer()


class StocktakeAnswerSchema(BaseSchema):
    """A stocktake; `differences` is null while something asked for is uncounted."""

    id = fields.Integer()
    number = fields.String()
    state = fields.Enum(StocktakeState, by_value=True)
    shelves = fields.List(fields.Nested(ShelfProgressSchema))
    uncounted = fields.Integer()
    differences = fields.List(fields.Nested(DifferenceSchema), allow_none=True)
    why_uncounted = fields.String(allow_none=True)


class ToCountSchema(BaseSchema):
    """A lot to count on a shelf; `version` goes back as `seen_version` to change a count."""

    lot_id = fields.Integer()
    lot = fields.String()
    item = fields.String()
    unit = fields.String()
    last_day = fields.Date(allow_none=True)
    counted = fields.Integer(allow_none=True)
    version = fields.Integer(allow_none=True)


class ShelfToCountSchema(BaseSchema):
    """One shelf with its lots, also those the books think are gone."""

    shelf_id = fields.Integer()
    shelf = fields.String()
    lots = fields.List(fields.Nested(ToCountSchema))


def _said(stocktake: Stocktake) -> dict[str, Any]:
    is_open = stocktake.state is StocktakeState.OPEN
    uncounted = queries.uncounted(db.session, stocktake) if is_open else []
    differences = [
        {"shelf": one.shelf.code, "lot_id": one.lot_id}
        | {"counted": one.counted, "expected": one.expected}
        for one in queries.counts_of(db.session, stocktake)
        if one.difference
    ]
    return {
        "id": stocktake.id,
        "number": stocktake.number,
        "state": stocktake.state,
        "shelves": [
            {"shelf_id": one.shelf.id, "shelf": one.shelf.code}
            | {"lots": one.lots, "counted": one.counted}
            for one in queries.progress(db.session, stocktake)
        ],
        "uncounted": len(uncounted),
        "differences": None if uncounted else differences,
        "why_uncounted": stocktake.why_uncounted,
    }


def _opened(stocktake_id: int) -> Stocktake:
    return queries.get_stocktake(db.session, stocktake_id, the_viewer())


def _answer(stocktake: Stocktake) -> Any:
    return committed(jsonify(StocktakeAnswerSchema().dump(_said(stocktake))), 201)


@bp.post("/stocktakes")
@bp.arguments(StartStocktakeSchema)
@bp.response(201, StocktakeAnswerSchema)
@requires(Action.FOOD_RECEIVE)
@creates
def open_stocktake(typed: dict[str, Any]) -> Any:
    """Begin to count all shelves or some; 409 stocktake_open while another one is open."""
    viewer = the_viewer()
    bank = acting_organisation(viewer, Action.FOOD_RECEIVE)
    return _answer(
        services.start(db.session, organisation_id=bank, user_id=viewer.user_id, **typed)
    )


@bp.get("/stocktakes/<int:stocktake_id>")
@bp.response(200, StocktakeAnswerSchema)
@requires(Action.FOOD_RECEIVE)
def stocktake(stocktake_id: int) -> Any:
    """How far a stocktake is, and what differs once everything has been counted."""
    return _said(_opened(stocktake_id))


@bp.get("/stocktakes/<int:stocktake_id>/shelves/<int:shelf_id>")
@bp.response(200, ShelfToCountSchema)
@requires(Action.FOOD_RECEIVE)
def shelf_to_count(stocktake_id: int, shelf_id: int) -> Any:
    """The lots to count on a shelf, without what the books say."""
    found = _opened(stocktake_id)
    shelf = queries.get_shelf(db.session, found, shelf_id)
    lots = [
        {
            "lot_id": one.lot.id,
            "lot": one.lot.number,
            "item": one.lot.item.name,
            "unit": one.lot.unit,
            "last_day": one.lot.last_day,
            "counted": one.count.counted if one.count else None,
            "version": one.count.version if one.count else None,
        }
        for one in queries.to_count(db.session, found, shelf)
    ]
    return {"shelf_id": shelf.id, "shelf": shelf.code, "lots": lots}


@bp.post("/stocktakes/<int:stocktake_id>/shelves/<int:shelf_id>/counts")
@bp.arguments(CountsSchema)
@bp.response(201, StocktakeAnswerSchema)
@requires(Action.FOOD_RECEIVE)
@creates
def write_stocktake_counts(typed: dict[str, Any], stocktake_id: int, shelf_id: int) -> Any:
    """Write numbers down, all or none; 409 counted_already where somebody wrote another one."""
    viewer, found = the_viewer(), _opened(stocktake_id)
    shelf = queries.get_shelf(db.session, found, shelf_id)
    for line in typed["counts"]:
        if line["counted"] is None:
            continue
        services.write_count(
            db.session,
            stocktake=found,
            shelf=shelf,
            lot=food.own_lot(db.session, line["lot_id"], viewer),
            counted=line["counted"],
            seen_version=line["seen_version"],
            user_id=viewer.user_id,
            at=now(),
        )
    return _answer(found)


@bp.post("/stocktakes/<int:stocktake_id>/close")
@bp.arguments(CloseStocktakeSchema)
@bp.response(201, StocktakeAnswerSchema)
@requires(Action.FOOD_RECEIVE)
@creates
def close_stocktake(typed: dict[str, Any], stocktake_id: int) -> Any:
    """Book every difference; 422 while something is uncounted and nobody said why."""
    found = _opened(stocktake_id)
    services.close(db.session, stocktake=found, user_id=the_viewer().user_id, at=now(), **typed)
    return _answer(found)
