"""Holds and placements in the API: the same schemas, services and policy as the pages."""

from typing import Any

from flask import jsonify

from app.api import Blueprint
from app.audit.models import Deed
from app.cases.queries import access_to, get_case
from app.db import db, now, today
from app.errors import NotFoundError
from app.housing.models import Home
from app.idempotency import committed, creates
from app.placements import costs, queries, refusals, services, stays, steps
from app.placements.codes import HoldEnd
from app.placements.ending_views import refusal_of
from app.placements.models import Placement
from app.placements.schemas import (
    AppointmentSchema,
    CostsAnswerSchema,
    CostsSchema,
    ExtendHoldSchema,
    HoldAnswerSchema,
    HoldSchema,
    PlacementAnswerSchema,
    RefusalSchema,
    ReleaseSchema,
    ReturnSchema,
    StayEndSchema,
    StayExtensionSchema,
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


@bp.post("/holds/<int:hold_id>/extension")
@bp.arguments(ExtendHoldSchema)
@bp.response(200, HoldAnswerSchema)
@requires(Action.HOLD_PLACE)
@creates
def extend_hold(typed: dict[str, Any], hold_id: int) -> Any:
    """Keep a home longer; 409 for a hold that has ended."""
    viewer = the_viewer()
    hold = queries.get_hold(db.session, hold_id, viewer, today=today())
    services.extend_hold(
        db.session,
        hold=hold,
        ends_on=typed["ends_on"],
        reason=typed["extended_why"],
        user_id=viewer.user_id,
        at=now(),
    )
    return committed(jsonify(HoldAnswerSchema().dump(hold)))


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
    placement = steps.start_placement(
        db.session,
        hold=hold,
        user_id=viewer.user_id,
        organisation_id=acting_organisation(viewer, Action.PLACEMENT_STEP),
        at=now(),
    )
    return _answer(placement, 201)


def _found(placement_id: int) -> Placement:
    return queries.get_placement(db.session, placement_id, the_viewer(), today=today())


def _answer(placement: Placement, status: int = 200) -> Any:
    return committed(jsonify(PlacementAnswerSchema().dump(placement)), status)


@bp.get("/placements/<int:placement_id>")
@bp.response(200, PlacementAnswerSchema)
@requires(Action.PLACEMENT_READ)
def placement(placement_id: int) -> Any:
    """A placement with its steps: done, ahead, and taken back."""
    found = _found(placement_id)
    saw(Deed.VIEWED, "case", found.case_id, fields=("home",))
    return found


@bp.post("/placements/<int:placement_id>/steps")
@bp.arguments(StepSchema)
@bp.response(201, PlacementAnswerSchema)
@requires(Action.PLACEMENT_STEP)
@creates
def record_step(typed: dict[str, Any], placement_id: int) -> Any:
    """Record one step; the move-in needs application, landlord, contract and keys before it."""
    found = _found(placement_id)
    steps.record_step(
        db.session, placement=found, **typed, user_id=the_viewer().user_id, today=today()
    )
    return _answer(found, 201)


@bp.post("/placements/<int:placement_id>/plans")
@bp.arguments(AppointmentSchema)
@bp.response(201, PlacementAnswerSchema)
@requires(Action.PLACEMENT_STEP)
@creates
def plan_step(typed: dict[str, Any], placement_id: int) -> Any:
    """Make or move the appointment of a step ahead."""
    found = _found(placement_id)
    values = {name: value for name, value in typed.items() if name != "kind"}
    steps.plan_step(
        db.session,
        placement=found,
        kind=typed["kind"],
        values=values,
        user_id=the_viewer().user_id,
        today=today(),
    )
    return _answer(found, 201)


@bp.post("/placements/<int:placement_id>/steps/<int:step_id>/return")
@bp.arguments(ReturnSchema)
@bp.response(200, PlacementAnswerSchema)
@requires(Action.PLACEMENT_STEP)
@creates
def return_step(typed: dict[str, Any], placement_id: int, step_id: int) -> Any:
    """Take a step back, and the later ones with it; all stay written."""
    found = _found(placement_id)
    steps.return_step(
        db.session,
        placement=found,
        step_id=step_id,
        why=typed["why"],
        user_id=the_viewer().user_id,
        at=now(),
    )
    return _answer(found)


@bp.post("/placements/<int:placement_id>/refusal")
@bp.arguments(RefusalSchema)
@bp.response(200, PlacementAnswerSchema)
@requires(Action.PLACEMENT_STEP)
@creates
def refuse_placement(typed: dict[str, Any], placement_id: int) -> Any:
    """End the way to the keys with who said no, why, and what that means for later matches."""
    found = _found(placement_id)
    refusals.refuse_placement(
        db.session,
        placement=found,
        refusal=refusal_of(typed),
        user_id=the_viewer().user_id,
        today=today(),
    )
    return _answer(found)


@bp.get("/placements/<int:placement_id>/costs")
@bp.response(200, CostsAnswerSchema)
@requires(Action.PLACEMENT_READ)
def placement_costs(placement_id: int) -> Any:
    """The initial cost: recorded lines, or the estimate from the listing; a guide, no decision."""
    return _costs(_found(placement_id))


def _costs(found: Placement) -> dict[str, Any]:
    """The costs; the shortfall only for those who may know the household's funds."""
    need = found.case.housing_need
    deep = access_to(found.case, the_viewer(), today=today()).sees(Tier.CARE)
    told = costs.costs_of(
        db.session, found, today=today(), funds=need.funds if need and deep else None
    )
    saw(Deed.VIEWED, "case", found.case_id, fields=("home", *(("funds",) if deep else ())))
    return {
        "version": found.version,
        "recorded": told.recorded,
        "lines": told.lines,
        "total": told.total,
        "by_payer": {payer.value: amount for payer, amount in told.by_payer.items()},
        "not_known": [line.code.value for line in told.lines if line.amount is None],
        "covered": told.covered,
        "cap": told.cap.amount if told.cap else None,
        "shortfall": told.shortfall,
    }


@bp.put("/placements/<int:placement_id>/costs")
@bp.arguments(CostsSchema)
@bp.response(200, CostsAnswerSchema)
@requires(Action.PLACEMENT_STEP)
def save_costs(typed: dict[str, Any], placement_id: int) -> Any:
    """Write all lines anew; 409 with code stale when somebody changed the placement meanwhile."""
    found = _found(placement_id)
    costs.save_costs(
        db.session,
        placement=found,
        version=typed["version"],
        lines=typed["lines"],
        user_id=the_viewer().user_id,
    )
    return committed(jsonify(CostsAnswerSchema().dump(_costs(found))))


@bp.post("/placements/<int:placement_id>/stay/extension")
@bp.arguments(StayExtensionSchema)
@bp.response(200, PlacementAnswerSchema)
@requires(Action.PLACEMENT_STEP)
@creates
def extend_stay(typed: dict[str, Any], placement_id: int) -> Any:
    """Make a temporary stay longer, with the reason."""
    found = _found(placement_id)
    stays.extend_stay(
        db.session,
        placement=found,
        until=typed["until"],
        reason=typed["stay_reason"],
        user_id=the_viewer().user_id,
    )
    return _answer(found)


@bp.post("/placements/<int:placement_id>/stay/end")
@bp.arguments(StayEndSchema)
@bp.response(200, PlacementAnswerSchema)
@requires(Action.PLACEMENT_STEP)
@creates
def end_stay(typed: dict[str, Any], placement_id: int) -> Any:
    """Leave a temporary stay; the home is free again."""
    found = _found(placement_id)
    stays.end_stay(
        db.session,
        placement=found,
        left_on=typed["left_on"],
        reason=typed["end_reason"],
        user_id=the_viewer().user_id,
        today=today(),
    )
    return _answer(found)
