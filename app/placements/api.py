"""Holds and placements in the API: the same schemas, services and policy as the pages."""

from typing import Any

from flask import jsonify

from app.api import Blueprint
from app.audit.models import Deed
from app.cases.queries import get_case
from app.db import db, now, today
from app.errors import NotFoundError
from app.housing.models import Home
from app.idempotency import committed, creates
from app.placements import queries, services
from app.placements.models import HoldEnd
from app.placements.schemas import (
    HoldAnswerSchema,
    HoldSchema,
    PlacementAnswerSchema,
    RefusalSchema,
    ReleaseSchema,
    StepSchema,
)
from app.policy import Action, Tier, requires
from app.security import acting_organisation, saw, the_viewer

bp = Blueprint(
    "api-placements", __name__, url_prefix="/api/v1", description="取り置きと入居までの手続き"
)


@bp.post("/cases/<int:case_id>/holds")
@bp.arguments(HoldSchema)
@bp.response(201, HoldAnswerSchema)
@requires(Action.HOLD_PLACE)
@creates
def place_hold(typed: dict[str, Any], case_id: int) -> Any:
    """Hold a vacant home for a household; 409 with code home_taken when somebody was first."""
    viewer = the_viewer()
    seen = get_case(db.session, case_id, viewer, today=today(), needs=Tier.PLACE)
    home = db.session.get(Home, typed["home_id"])
    if home is None:
        raise NotFoundError("この住戸は見つかりません。")
    hold = services.place_hold(
        db.session,
        home=home,
        case=seen.case,
        user_id=viewer.user_id,
        organisation_id=acting_organisation(viewer, Action.HOLD_PLACE),
        at=now(),
        ends_on=typed["ends_on"],
        match_run_id=typed["match_run_id"],
    )
    return committed(jsonify(HoldAnswerSchema().dump(hold)), 201)


@bp.get("/cases/<int:case_id>/holds")
@bp.response(200, HoldAnswerSchema(many=True))
@requires(Action.PLACEMENT_READ)
def case_holds(case_id: int) -> Any:
    """A case's active holds; empty when its place is hidden from the viewer."""
    holds, _placements = queries.of_case(db.session, case_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "case", case_id, fields=("home",))
    return holds


@bp.post("/holds/<int:hold_id>/release")
@bp.arguments(ReleaseSchema)
@bp.response(200, HoldAnswerSchema)
@requires(Action.HOLD_PLACE)
@creates
def release_hold(typed: dict[str, Any], hold_id: int) -> Any:
    """Let a held home go; it is vacant again."""
    viewer = the_viewer()
    hold = queries.get_hold(db.session, hold_id, viewer, today=today())
    services.end_hold(
        db.session,
        hold=hold,
        ended_as=HoldEnd.RELEASED,
        at=now(),
        user_id=viewer.user_id,
        reason=typed["reason"] or None,
    )
    return committed(jsonify(HoldAnswerSchema().dump(hold)))


@bp.post("/holds/<int:hold_id>/placement")
@bp.response(201, PlacementAnswerSchema)
@requires(Action.PLACEMENT_STEP)
@creates
def start_placement(hold_id: int) -> Any:
    """Begin the way to the keys from an active hold."""
    viewer = the_viewer()
    hold = queries.get_hold(db.session, hold_id, viewer, today=today())
    placement = services.start_placement(
        db.session,
        hold=hold,
        user_id=viewer.user_id,
        organisation_id=acting_organisation(viewer, Action.PLACEMENT_STEP),
        at=now(),
    )
    return committed(jsonify(PlacementAnswerSchema().dump(placement)), 201)


@bp.get("/placements/<int:placement_id>")
@bp.response(200, PlacementAnswerSchema)
@requires(Action.PLACEMENT_READ)
def placement(placement_id: int) -> Any:
    """A placement with its recorded steps."""
    found = queries.get_placement(db.session, placement_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "case", found.case_id, fields=("home",))
    return found


@bp.post("/placements/<int:placement_id>/steps")
@bp.arguments(StepSchema)
@bp.response(201, PlacementAnswerSchema)
@requires(Action.PLACEMENT_STEP)
@creates
def record_step(typed: dict[str, Any], placement_id: int) -> Any:
    """Record one step; the move-in needs application, landlord, contract and keys before it."""
    viewer = the_viewer()
    found = queries.get_placement(db.session, placement_id, viewer, today=today())
    services.record_step(
        db.session,
        placement=found,
        kind=typed["kind"],
        done_on=typed["done_on"],
        companion=typed["companion"] or None,
        note=typed["note"] or None,
        user_id=viewer.user_id,
        today=today(),
    )
    return committed(jsonify(PlacementAnswerSchema().dump(found)), 201)


@bp.post("/placements/<int:placement_id>/refusal")
@bp.arguments(RefusalSchema)
@bp.response(200, PlacementAnswerSchema)
@requires(Action.PLACEMENT_STEP)
@creates
def refuse_placement(typed: dict[str, Any], placement_id: int) -> Any:
    """End the way to the keys with who said no and why."""
    viewer = the_viewer()
    found = queries.get_placement(db.session, placement_id, viewer, today=today())
    services.refuse_placement(
        db.session,
        placement=found,
        reason=typed["reason"],
        note=typed["refusal_note"] or None,
        user_id=viewer.user_id,
        today=today(),
    )
    return committed(jsonify(PlacementAnswerSchema().dump(found)))
