"""One household's watch in the API: all of it, add-ons, and the end of a rest."""

from typing import Any

import sqlalchemy as sa
from flask import jsonify

from app.audit.models import Deed
from app.db import db, today
from app.followup.api import bp, plan_row
from app.followup.blueprint import opened_plan
from app.followup.plans import services
from app.followup.plans.models import WatchAddOn
from app.followup.plans.queries import get_pause
from app.followup.plans.schemas import (
    AddOnAnswerSchema,
    AddOnSchema,
    BackSchema,
    ChangeAnswerSchema,
    WholeWatchAnswerSchema,
)
from app.followup.plans.views import add_on_opened
from app.followup.queries import SeenPlan
from app.followup.records import shown_add_on, shown_pause
from app.followup.settling import queries as settling
from app.followup.settling.records import shown_decision, shown_device, shown_link_in
from app.followup.signals.queries import devices_of
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import saw, the_viewer


@bp.get("/watch-plans/<int:plan_id>")
@bp.response(200, WholeWatchAnswerSchema)
@requires(Action.FOLLOWUP_READ)
def watch_plan(plan_id: int) -> Any:
    """A plan with its add-ons, rests, devices, link-ins and decisions, running or ended."""
    seen = opened_plan(plan_id)
    saw(Deed.VIEWED, "case", seen.case.id, fields=("home", "visits"))
    return plan_row(seen.plan) | _beside(seen)


def _beside(seen: SeenPlan) -> dict[str, Any]:
    plan_id, access = seen.plan.id, seen.access
    add_ons = db.session.scalars(
        sa.select(WatchAddOn).where(WatchAddOn.plan_id == plan_id).order_by(WatchAddOn.id)
    )
    shown = [shown_add_on(one, access) for one in add_ons]
    rests = services.pauses_of(db.session, plan_id)
    links = [shown_link_in(one, access) for one in settling.link_ins_of(db.session, plan_id)]
    decided = settling.decisions_of(db.session, plan_id)
    return {
        "add_ons": [dict(one.values) for one in shown if one.shows("code")],
        "pauses": [dict(shown_pause(one, access).values) for one in rests],
        "devices": [
            dict(shown_device(one, access).values)
            for one, _signal in devices_of(db.session, plan_id)
        ],
        "link_ins": [dict(one.values) for one in links if one.shows("what")],
        "decisions": [dict(shown_decision(one, access).values) for one in decided],
    }


@bp.post("/watch-plans/<int:plan_id>/add-ons")
@bp.arguments(AddOnSchema)
@bp.response(201, AddOnAnswerSchema)
@requires(Action.WATCH_PLAN)
@creates
def answer_add_on(typed: dict[str, Any], plan_id: int) -> Any:
    """Take an add-on or leave it; an earlier answer is kept as ended."""
    seen = add_on_opened(plan_id, typed["code"])
    add_on = services.answer_add_on(
        db.session,
        plan=seen.plan,
        code=typed["code"],
        confirmed=typed["confirmed"],
        why=typed["why"] or None,
        user_id=the_viewer().user_id,
        today=today(),
    )
    shown = dict(shown_add_on(add_on, seen.access).values)
    return committed(jsonify(AddOnAnswerSchema().dump(shown)), 201)


@bp.post("/watch-plans/<int:plan_id>/pauses/<int:pause_id>/return")
@bp.arguments(BackSchema)
@bp.response(200, ChangeAnswerSchema)
@requires(Action.WATCH_PLAN)
@creates
def come_back(typed: dict[str, Any], plan_id: int, pause_id: int) -> Any:
    """The household is back, today or on a day since the rest began; somebody looks in today."""
    seen = opened_plan(plan_id)
    change = services.come_back(
        db.session,
        plan=seen.plan,
        rest=get_pause(db.session, pause_id, plan_id),
        back_on=typed["back_on"] or today(),
        user_id=the_viewer().user_id,
        today=today(),
    )
    return committed(jsonify(ChangeAnswerSchema().dump(change)))


@bp.post("/watch-plans/<int:plan_id>/pauses/<int:pause_id>/calling-off")
@bp.response(200, ChangeAnswerSchema)
@requires(Action.WATCH_PLAN)
@creates
def call_off(plan_id: int, pause_id: int) -> Any:
    """A rest that has not begun does not take place; its check-ins come back."""
    seen = opened_plan(plan_id)
    change = services.call_off(
        db.session,
        plan=seen.plan,
        rest=get_pause(db.session, pause_id, plan_id),
        user_id=the_viewer().user_id,
        today=today(),
    )
    return committed(jsonify(ChangeAnswerSchema().dump(change)))
