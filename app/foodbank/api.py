"""The food bank in the API: stock, ledgers, requests, proposals, parcels and hand-outs."""

from typing import Any

from flask import jsonify
from marshmallow import fields, validate

from app.api import Blueprint, PageSchema
from app.audit.models import Deed
from app.cases.queries import get_case
from app.db import db, now, today
from app.foodbank import proposals, queries
from app.foodbank.answer_schemas import (
    HandOutAnswerSchema,
    ImportAnswerSchema,
    LotAnswerSchema,
    LotPageSchema,
    ParcelAnswerSchema,
    ProposalAnswerSchema,
    RequestAnswerSchema,
)
from app.foodbank.ledgers import services as ledger_import
from app.foodbank.models import Lot, LotState
from app.foodbank.parcels import handing_out, packing
from app.foodbank.parcels import queries as parcel_queries
from app.foodbank.parcels.packing import Pick
from app.foodbank.queries import StockFilter, standing
from app.foodbank.receiving import services as receiving
from app.foodbank.requests import queries as request_queries
from app.foodbank.requests import services as requests
from app.foodbank.requests.schemas import CaseRequestSchema, TableRequestSchema
from app.foodbank.requests.views import proposal_for
from app.foodbank.schemas import HandOutSchema, PackSchema, ReceiveSchema
from app.idempotency import committed, creates
from app.policy import Action, Tier, requires
from app.security import acting_organisation, saw, the_viewer
from app.uploads import uploaded_file

bp = Blueprint("api-foodbank", __name__, url_prefix="/api/v1", description="フードバンク")


class LotQuerySchema(PageSchema):
    """Which lots to list."""

    state = fields.Enum(LotState, by_value=fields.String(), load_default=None)
    shelf = fields.String(load_default="", validate=validate.Length(max=40))
    group = fields.String(load_default="", validate=validate.Length(max=40))
    q = fields.String(load_default="", validate=validate.Length(max=100))
    expiring = fields.Boolean(load_default=False)
    empty = fields.Boolean(load_default=False)


def lot_row(lot: Lot) -> dict[str, Any]:
    """A lot as the API tells it."""
    state = standing(lot, today())
    return LotAnswerSchema().dump(  # type: ignore[no-any-return]
        {name: getattr(lot, name) for name in LotAnswerSchema().fields if hasattr(lot, name)}
        | {
            "item_name": lot.item.name,
            "food_group": lot.item.food_group,
            "state": state.value,
            "offerable": state is LotState.OFFERABLE,
            "quantity": sum(balance.quantity for balance in lot.balances),
        }
    )


@bp.get("/lots")
@bp.arguments(LotQuerySchema, location="query")
@bp.response(200, LotPageSchema)
@requires(Action.FOOD_READ)
def lots(typed: dict[str, Any]) -> Any:
    """The stock, first to expire first."""
    page, size = typed.pop("page"), typed.pop("per_page")
    typed["words"] = typed.pop("q")
    listed = queries.stock(the_viewer(), StockFilter(**typed), today=today())
    found = queries.page_of_lots(db.session, listed, page=page, size=size)
    total = queries.count(db.session, listed)
    return jsonify({"total": total, "page": page, "items": [lot_row(lot) for lot in found]})


@bp.get("/lots/<int:lot_id>")
@bp.response(200, LotAnswerSchema)
@requires(Action.FOOD_READ)
def lot(lot_id: int) -> Any:
    """One lot with where it lies and what is asked about it."""
    return jsonify(lot_row(queries.get_lot(db.session, lot_id, the_viewer())))


@bp.post("/lots")
@bp.arguments(ReceiveSchema)
@bp.response(201, LotAnswerSchema)
@requires(Action.FOOD_RECEIVE)
@creates
def receive_lot(typed: dict[str, Any]) -> Any:
    """Receive something by its name, with the date as printed and the allergens as declared."""
    viewer = the_viewer()
    made = receiving.new_lot(
        db.session,
        organisation_id=acting_organisation(viewer, Action.FOOD_RECEIVE),
        item_name=typed["item_name"],
        category=typed["category"],
        arrival=receiving.read_arrival(typed, today=today()),
        user_id=viewer.user_id,
        today=today(),
    )
    db.session.refresh(made)  # with its balance
    return committed(jsonify(lot_row(made)), 201)


@bp.post("/imports/food-ledgers")
@bp.response(201, ImportAnswerSchema)
@bp.alt_response(200, schema=ImportAnswerSchema, success=True)
@requires(Action.FOOD_RECEIVE)
@creates
def import_food_ledger() -> Any:
    """Take in a ledger (multipart field `file`); 200 when its content was taken in before."""
    viewer = the_viewer()
    content, name = uploaded_file()
    result = ledger_import.import_ledger(
        db.session,
        content=content,
        file_name=name,
        organisation_id=acting_organisation(viewer, Action.FOOD_RECEIVE),
        user_id=viewer.user_id,
        today=today(),
    )
    ledger = result.ledger
    said = {
        "id": ledger.id,
        "again": result.again,
        "lots": ledger.lot_count,
        "questions": ledger.question_count,
        "past": ledger.past_count,
        "skipped": ledger.skipped_count,
        "problems": ledger.problems,
    }
    return committed(jsonify(ImportAnswerSchema().dump(said)), 200 if result.again else 201)


@bp.post("/cases/<int:case_id>/food-requests")
@bp.arguments(CaseRequestSchema)
@bp.response(201, RequestAnswerSchema)
@requires(Action.FOOD_REQUEST)
@creates
def request_for_case(typed: dict[str, Any], case_id: int) -> Any:
    """Ask a food bank for a parcel; 403 with code consent_missing without a consent."""
    viewer = the_viewer()
    seen = get_case(db.session, case_id, viewer, today=today())
    made = requests.request_for_case(
        db.session,
        case=seen.case,
        remark=typed.pop("note"),
        user_id=viewer.user_id,
        today=today(),
        knows_place=seen.access.sees(Tier.PLACE),
        **typed,
    )
    return committed(jsonify(RequestAnswerSchema().dump(made)), 201)


@bp.post("/food-requests")
@bp.arguments(TableRequestSchema)
@bp.response(201, RequestAnswerSchema)
@requires(Action.PARCEL_PACK)
@creates
def request_at_table(typed: dict[str, Any]) -> Any:
    """A parcel for somebody at the table, under whatever word they want to be called by."""
    viewer = the_viewer()
    remark = typed.pop("note")
    made = requests.request_at_table(
        db.session,
        organisation_id=acting_organisation(viewer, Action.PARCEL_PACK),
        remark=remark,
        user_id=viewer.user_id,
        today=today(),
        **typed,
    )
    return committed(jsonify(RequestAnswerSchema().dump(made)), 201)


@bp.get("/food-requests")
@bp.response(200, RequestAnswerSchema(many=True))
@requires(Action.PARCEL_PACK)
def food_requests() -> Any:
    """Requests waiting to be packed, soonest needed first; none whose consent has ended."""
    saw(Deed.LISTED, "food_request", None, fields=("household",))
    return request_queries.open_requests(db.session, the_viewer(), today=today())


@bp.get("/food-requests/<int:request_id>/proposal")
@bp.response(200, ProposalAnswerSchema)
@requires(Action.PARCEL_PACK)
def proposal(request_id: int) -> Any:
    """What the stock allows now, with reasons and safe swaps."""
    found = request_queries.get_request(db.session, request_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "food_request", found.id, fields=("household",))
    made = proposal_for(found)
    lines = [
        {name: getattr(line.choice, name) for name in _CHOICE}
        | {"group": line.group, "swaps": line.instead}
        for line in made.lines
    ]
    return {
        "lines": lines,
        "cover": made.cover,
        "worst": made.worst,
        "weight_g": made.weight_g,
        "notes": made.notes,
        "refused": [{"reason": reason, "lots": count} for reason, count in made.refused],
        "rule_version": proposals.RULE_VERSION,
    }


_CHOICE = (
    "lot_id", "shelf_id", "quantity", "name", "shelf", "weight_g", "sentence", "last_day",
)  # fmt: skip


@bp.post("/food-requests/<int:request_id>/parcels")
@bp.arguments(PackSchema)
@bp.response(201, ParcelAnswerSchema)
@requires(Action.PARCEL_PACK)
@creates
def pack_parcel(typed: dict[str, Any], request_id: int) -> Any:
    """Pack the lines given, or what is proposed now; 409 stock_gone when stock went meanwhile."""
    viewer = the_viewer()
    found = request_queries.get_request(db.session, request_id, viewer, today=today())
    made = proposal_for(found)
    picks = typed["lines"] or [
        {"lot_id": c.lot_id, "shelf_id": c.shelf_id, "quantity": c.quantity}
        for c in (line.choice for line in made.lines)
    ]
    parcel = packing.pack(
        db.session,
        request=found,
        picks=[Pick(**pick) for pick in picks],
        proposal=made,
        user_id=viewer.user_id,
        today=today(),
    )
    return committed(jsonify(ParcelAnswerSchema().dump(parcel)), 201)


@bp.get("/parcels/<int:parcel_id>")
@bp.response(200, ParcelAnswerSchema)
@requires(Action.HANDOUT_RECORD)
def parcel(parcel_id: int) -> Any:
    """One parcel with its lines."""
    return parcel_queries.get_parcel(db.session, parcel_id, the_viewer(), today=today())


@bp.post("/parcels/<int:parcel_id>/hand-outs")
@bp.arguments(HandOutSchema)
@bp.response(201, HandOutAnswerSchema)
@bp.alt_response(200, schema=HandOutAnswerSchema, success=True)
@requires(Action.HANDOUT_RECORD)
@creates
def record_hand_out(typed: dict[str, Any], parcel_id: int) -> Any:
    """Record that a parcel was handed over; 200 with the first record when it had been."""
    viewer = the_viewer()
    found = parcel_queries.get_parcel(db.session, parcel_id, viewer, today=today())
    result = handing_out.hand_out(
        db.session,
        parcel=found,
        left_out=typed["left_out"],
        allergen_sheet=typed["allergen_sheet"],
        condition_seen=typed["condition_seen"],
        remark=typed["note"],
        user_id=viewer.user_id,
        at=now(),
        today=today(),
    )
    made = result.hand_out
    said = {name: getattr(made, name) for name in ("id", "parcel_id", "at", "left_out")}
    said |= {"allergen_sheet": made.allergen_sheet, "again": result.again}
    return committed(jsonify(HandOutAnswerSchema().dump(said)), 200 if result.again else 201)


@bp.post("/parcels/<int:parcel_id>/cancel")
@bp.response(200, ParcelAnswerSchema)
@requires(Action.PARCEL_PACK)
@creates
def cancel_parcel(parcel_id: int) -> Any:
    """Unpack: everything goes back to its shelf, the request is open again."""
    viewer = the_viewer()
    found = parcel_queries.get_parcel(db.session, parcel_id, viewer, today=today(), consented=False)
    packing.cancel_parcel(db.session, parcel=found, user_id=viewer.user_id)
    return committed(jsonify(ParcelAnswerSchema().dump(found)))
