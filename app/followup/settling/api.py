"""The decisions at the end and the results of link-ins, for programs."""

from typing import Any

from flask import jsonify

from app.db import db, today
from app.followup.api import bp
from app.followup.blueprint import opened_plan
from app.followup.queries import SeenPlan
from app.followup.settling import queries, services
from app.followup.settling.models import WatchDecision
from app.followup.settling.records import shown_decision, shown_link_in
from app.followup.settling.schemas import (
    DecisionAnswerSchema,
    ExtendSchema,
    LinkInAnswerSchema,
    LinkResultSchema,
    MoveOutSchema,
    SettleSchema,
)
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer


def _who() -> dict[str, Any]:
    return {"user_id": the_viewer().user_id, "today": today()}


def _told(seen: SeenPlan, decision: WatchDecision) -> Any:
    shown = dict(shown_decision(decision, seen.access).values)
    return committed(jsonify(DecisionAnswerSchema().dump(shown)), 201)


@bp.post("/watch-plans/<int:plan_id>/settlement")
@bp.arguments(SettleSchema)
@bp.response(201, DecisionAnswerSchema)
@requires(Action.WATCH_PLAN)
@creates
def settle(typed: dict[str, Any], plan_id: int) -> Any:
    """The household has settled: the watch ends; 409 while something is open."""
    seen = opened_plan(plan_id)
    return _told(seen, services.settle(db.session, plan=seen.plan, **_who(), **typed))


@bp.post("/watch-plans/<int:plan_id>/extension")
@bp.arguments(ExtendSchema)
@bp.response(201, DecisionAnswerSchema)
@requires(Action.WATCH_PLAN)
@creates
def extend(typed: dict[str, Any], plan_id: int) -> Any:
    """The watch goes on to a later end in its last rhythm."""
    seen = opened_plan(plan_id)
    return _told(seen, services.extend(db.session, plan=seen.plan, **_who(), **typed))


@bp.post("/watch-plans/<int:plan_id>/leaving")
@bp.arguments(MoveOutSchema)
@bp.response(201, DecisionAnswerSchema)
@requires(Action.WATCH_PLAN)
@creates
def leave(typed: dict[str, Any], plan_id: int) -> Any:
    """The household has left, also after it had settled: the home is vacant again."""
    seen = opened_plan(plan_id)
    return _told(seen, services.leave(db.session, plan=seen.plan, **_who(), **typed))


@bp.post("/watch-plans/<int:plan_id>/link-ins/<int:link_id>/result")
@bp.arguments(LinkResultSchema)
@bp.response(200, LinkInAnswerSchema)
@requires(Action.VISIT_RECORD)
@creates
def change_link_result(typed: dict[str, Any], plan_id: int, link_id: int) -> Any:
    """What came of a link-in; 409 when somebody was first."""
    seen = opened_plan(plan_id)
    one = queries.get_link_in(db.session, link_id, plan_id)
    services.change_result(db.session, one=one, user_id=the_viewer().user_id, **typed)
    shown = dict(shown_link_in(one, seen.access).values)
    return committed(jsonify(LinkInAnswerSchema().dump(shown)))
