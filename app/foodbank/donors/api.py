"""Donors, agreements, food drives, wishes and figures in the API."""

from typing import Any

from flask import jsonify
from marshmallow import fields

from app.db import db, today
from app.foodbank.api import bp
from app.foodbank.donors import queries, services
from app.foodbank.donors.figures import Figures, figures
from app.foodbank.donors.schemas import AgreementSchema, DriveSchema, WindowSchema
from app.foodbank.donors.views import bank
from app.foodbank.donors.wishes import wishes_of
from app.foodbank.donors.words import shown_donor
from app.foodbank.evidence.queries import Period
from app.foodbank.sorting.schemas import PeriodSchema
from app.forms import BaseSchema
from app.idempotency import committed, creates
from app.japanese import fiscal_year, fiscal_year_days
from app.policy import Action, requires
from app.security import the_viewer


class GivingSchema(BaseSchema):
    """What came from a donor or in a drive; `unweighed` lots are not in `kg`."""

    lots = fields.Integer()
    kg = fields.Float()
    unweighed = fields.Integer()
    last = fields.Date(allow_none=True)


class DonorAnswerSchema(GivingSchema):
    """A donor who gave something."""

    id = fields.Integer()
    name = fields.String()
    kg_this_year = fields.Float()


class AgreementAnswerSchema(BaseSchema):
    """An agreement; `pass_on` null means the donor has to be asked."""

    id = fields.Integer()
    donor_id = fields.Integer()
    starts_on = fields.Date()
    ends_on = fields.Date(allow_none=True)
    least_days = fields.Integer(allow_none=True)
    pass_on = fields.Boolean(allow_none=True)
    recall_contact = fields.String(allow_none=True)
    conditions = fields.String(allow_none=True)
    document = fields.String(allow_none=True)
    version = fields.Integer()


class DriveAnswerSchema(GivingSchema):
    """A food drive with what came together there."""

    id = fields.Integer()
    name = fields.String()
    place = fields.String()
    starts_on = fields.Date()
    ends_on = fields.Date()
    version = fields.Integer()


class ExampleSchema(BaseSchema):
    """An item, and about how many of it alone would have closed the gap."""

    name = fields.String()
    units = fields.Integer()
    unit = fields.String()


class WishSchema(BaseSchema):
    """A food group that fell short for at least five households."""

    code = fields.String()
    group = fields.String()
    person_days = fields.Integer()
    kg = fields.Float(allow_none=True)
    examples = fields.List(fields.Nested(ExampleSchema))
    terms = fields.List(fields.String())


class FiguresSchema(BaseSchema):
    """A month, or with none the whole period, whose `homes` are no sum of its months'."""

    month = fields.Date(allow_none=True)
    received_kg = fields.Float()
    unweighed = fields.Integer()
    handed_kg = fields.Float()
    disposed_kg = fields.Float()
    parcels = fields.Integer(attribute="reach.parcels")
    visits = fields.Integer(attribute="reach.visits")
    homes = fields.Integer(attribute="reach.homes")
    table = fields.Integer(attribute="reach.table")
    requests = fields.Integer()
    asked_days = fields.Integer()
    covered_days = fields.Float()


def _given(giving: queries.Giving) -> dict[str, Any]:
    return {
        "lots": giving.lots,
        "kg": giving.kg,
        "kg_this_year": giving.kg_since,
        "unweighed": giving.unweighed,
        "last": giving.last,
    }


@bp.get("/donors")
@bp.response(200, DonorAnswerSchema(many=True))
@requires(Action.FOOD_RECEIVE)
def donors() -> Any:
    """Who gave something to the food bank, by name."""
    since, _last = fiscal_year_days(fiscal_year(today()))
    given = queries.given(db.session, bank(), since=since)
    return [
        {"id": one.id, "name": shown_donor(one, the_viewer()).name} | _given(given[one.id])
        for one in queries.all_donors(db.session)
        if one.id in given
    ]


@bp.get("/donors/<int:partner_id>/agreements")
@bp.response(200, AgreementAnswerSchema(many=True))
@requires(Action.FOOD_RECEIVE)
def agreements(partner_id: int) -> Any:
    """A donor's agreements, the newest first."""
    donor = queries.get_donor(db.session, partner_id)
    return queries.agreements_of(db.session, bank(), donor.id)


@bp.post("/donors/<int:partner_id>/agreements")
@bp.arguments(AgreementSchema)
@bp.response(201, AgreementAnswerSchema)
@requires(Action.FOOD_RECEIVE)
@creates
def agree(typed: dict[str, Any], partner_id: int) -> Any:
    """A new agreement; 422 when one begins on the same day."""
    made = services.agree(
        db.session,
        organisation_id=bank(),
        donor=queries.get_donor(db.session, partner_id),
        user_id=the_viewer().user_id,
        **typed,
    )
    return committed(jsonify(AgreementAnswerSchema().dump(made)), 201)


@bp.get("/food-drives")
@bp.response(200, DriveAnswerSchema(many=True))
@requires(Action.FOOD_RECEIVE)
def food_drives() -> Any:
    """The food bank's drives, the newest first."""
    given = queries.given(db.session, bank(), since=today(), by_drive=True)
    own = ("id", "name", "place", "starts_on", "ends_on", "version")
    return [
        {name: getattr(one, name) for name in own} | _given(given.get(one.id, queries.Giving()))
        for one in queries.drives(db.session, bank())
    ]


@bp.post("/food-drives")
@bp.arguments(DriveSchema)
@bp.response(201, DriveAnswerSchema)
@requires(Action.FOOD_RECEIVE)
@creates
def open_drive(typed: dict[str, Any]) -> Any:
    """A new drive; 422 when one of the name begins on the same day."""
    made = services.open_drive(
        db.session, organisation_id=bank(), user_id=the_viewer().user_id, **typed
    )
    return committed(jsonify(DriveAnswerSchema().dump(made)), 201)


@bp.get("/food-wishes")
@bp.arguments(WindowSchema, location="query")
@bp.response(200, WishSchema(many=True))
@requires(Action.FOOD_RECEIVE)
def food_wishes(typed: dict[str, Any]) -> Any:
    """What fell short in the last 30 or 90 days, the largest gap first."""
    found = wishes_of(db.session, the_viewer(), bank(), days=typed["days"], today=today())
    return list(found.wishes)


@bp.get("/food-figures")
@bp.arguments(PeriodSchema, location="query")
@bp.response(200, FiguresSchema(many=True))
@requires(Action.FOOD_RECEIVE)
def food_figures(typed: dict[str, Any]) -> list[Figures]:
    """Every month of a period, and last the whole of it."""
    months, whole = figures(
        db.session, Period(bank(), typed["first"], typed["last"]), today=today()
    )
    return [*months, whole]
