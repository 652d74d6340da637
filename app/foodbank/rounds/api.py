"""A day's parcels in the API: all proposals at once, and packing them."""

from datetime import date
from typing import Any

from flask import jsonify
from marshmallow import fields

from app.api import Blueprint
from app.audit.models import Deed
from app.db import db, today
from app.foodbank import queries as food
from app.foodbank.answer_schemas import (
    CoverSchema,
    ParcelAnswerSchema,
    ProposalLineAnswerSchema,
    ProposedLineSchema,
    RequestAnswerSchema,
)
from app.foodbank.parcels.packing import Pick
from app.foodbank.proposals import RULE_VERSION, Proposal
from app.foodbank.rounds import queries, services
from app.foodbank.rounds.proposals import RoundProposal, kind_of, propose_round
from app.foodbank.rounds.schemas import (
    MOST_PARCELS,
    PackRoundSchema,
    ProblemSchema,
    RoundQuerySchema,
)
from app.forms import BaseSchema
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import acting_organisation, saw, the_viewer

NOT_IN_ROUND = (
    "この依頼は、いま詰める回にありません。詰めたか取り消したか、もっと先の依頼です。"
    "依頼の一覧を確かめてください。"
)

bp = Blueprint("api-rounds", __name__, url_prefix="/api/v1", description="まとめて詰める")


class BoxAnswerSchema(BaseSchema):
    """One request with what it could be packed."""

    request = fields.Nested(RequestAnswerSchema)
    kind = fields.String()
    lines = fields.List(fields.Nested(ProposalLineAnswerSchema))
    cover = fields.List(fields.Nested(CoverSchema))
    worst = fields.Nested(CoverSchema)
    weight_g = fields.Integer()
    notes = fields.List(fields.String())


class PickLineAnswerSchema(BaseSchema):
    """So many units to take from a shelf for all boxes."""

    shelf = fields.String()
    name = fields.String()
    quantity = fields.Integer()
    last_day = fields.Date(allow_none=True)
    boxes = fields.Integer()


class RoundAnswerSchema(BaseSchema):
    """What the stock allows everybody now, and the day's totals by shelf."""

    boxes = fields.List(fields.Nested(BoxAnswerSchema))
    picks = fields.List(fields.Nested(PickLineAnswerSchema))
    waiting = fields.Integer()
    rule_version = fields.String()


class PackedRoundAnswerSchema(BaseSchema):
    """What was packed, and what was not with the reason."""

    packed = fields.List(fields.Nested(ParcelAnswerSchema))
    problems = fields.List(fields.Nested(ProblemSchema))


def _made(until: date, aside: list[int], *, swaps: bool) -> tuple[RoundProposal, int]:
    viewer = the_viewer()
    bank = acting_organisation(viewer, Action.PARCEL_PACK)
    found, _ = queries.requests_of_round(
        db.session, viewer, bank, until=until, aside=aside, today=today()
    )
    balances, lots = food.stock_for(db.session, bank)
    made = propose_round(found[:MOST_PARCELS], balances, lots, today=today(), swaps=swaps)
    return made, max(len(found) - MOST_PARCELS, 0)


@bp.get("/food-rounds")
@bp.arguments(RoundQuerySchema, location="query")
@bp.response(200, RoundAnswerSchema)
@requires(Action.PARCEL_PACK)
def food_round(asked: dict[str, Any]) -> Any:
    """All open requests needed until a day (today), proposed together, nobody left behind."""
    saw(Deed.LISTED, "food_request", None, fields=("household",))
    made, waiting = _made(asked["until"] or today(), asked["aside"], swaps=True)
    picks = [
        {"shelf": shelf, "name": line.name, "quantity": line.quantity}
        | {"last_day": line.last_day, "boxes": line.parcels}
        for shelf, lines in made.shelves
        for line in lines
    ]
    boxes = [
        {"request": request, "kind": kind_of(request)} | _said(proposal)
        for request, proposal in made.parcels
    ]
    return {"boxes": boxes, "picks": picks, "waiting": waiting, "rule_version": RULE_VERSION}


def _said(proposal: Proposal) -> dict[str, Any]:
    names = ("cover", "worst", "weight_g", "notes")
    lines = [
        {name: getattr(line.choice, name) for name in _CHOICE}
        | {"group": line.group, "swaps": line.instead}
        for line in proposal.lines
    ]
    return {"lines": lines} | {name: getattr(proposal, name) for name in names}


_CHOICE = tuple(field.attribute or name for name, field in ProposedLineSchema().fields.items())


@bp.post("/food-rounds/parcels")
@bp.arguments(PackRoundSchema)
@bp.response(201, PackedRoundAnswerSchema)
@requires(Action.PARCEL_PACK)
@creates
def pack_food_round(typed: dict[str, Any]) -> Any:
    """Pack the round's proposals, each for itself: a problem with one leaves the others packed.

    A request that was named and is not in the round is a problem too (`not_in_round`).
    """
    made, _ = _made(typed["until"] or today(), [], swaps=False)
    named = set(typed["request_ids"])
    wanted = [pair for pair in made.parcels if not named or pair[0].id in named]
    picks = {
        request.id: [
            Pick(line.choice.lot_id, line.choice.shelf_id, line.choice.quantity)
            for line in proposal.lines
        ]
        for request, proposal in wanted
    }
    packed, problems = services.pack_round(
        db.session, wanted=wanted, picks=picks, user_id=the_viewer().user_id, today=today()
    )
    missing = sorted(named - {request.id for request, _proposal in made.parcels})
    problems += [services.Problem(one, "", "not_in_round", NOT_IN_ROUND) for one in missing]
    said = PackedRoundAnswerSchema().dump({"packed": packed, "problems": problems})
    return committed(jsonify(said), 201)
