"""Keeping watch in the API: what is due, recording attempts, concerns, plans and templates."""

from typing import Any

from flask import jsonify

from app.api import Blueprint
from app.audit.models import Deed
from app.db import db, now, today
from app.followup import queries
from app.followup.blueprint import opened_plan
from app.followup.codes import CheckInState
from app.followup.ladder import services as ladder
from app.followup.ladder.codes import ConcernState
from app.followup.ladder.models import Concern
from app.followup.ladder.schemas import (
    CloseConcernSchema,
    ConcernAnswerSchema,
    StepResultSchema,
)
from app.followup.models import Attempt, CheckIn, WatchPlan
from app.followup.plans import services as plans
from app.followup.plans.schemas import (
    ChangeAnswerSchema,
    FollowSchema,
    PauseSchema,
    WatchPlanAnswerSchema,
)
from app.followup.records import shown_attempt, shown_check_in, shown_concern, shown_step
from app.followup.settling import services as settling
from app.followup.settling.records import shown_link_in
from app.followup.settling.schemas import LinkInAnswerSchema, LinkInSchema
from app.followup.settling.views import partners_offered
from app.followup.templates import queries as templates
from app.followup.templates.codes import TemplateKind
from app.followup.templates.models import WatchTemplate
from app.followup.templates.schemas import TemplateAnswerSchema
from app.followup.templates.views import named_for
from app.followup.views import AHEAD
from app.followup.visits import services as visits
from app.followup.visits.schemas import AttemptAnswerSchema, AttemptSchema, CheckInAnswerSchema
from app.followup.visits.views import attempt_values
from app.idempotency import committed, creates
from app.policy import Access, Action, requires
from app.security import saw, the_viewer

bp = Blueprint("api-followup", __name__, url_prefix="/api/v1", description="入居後の見守り")


def _access(plan: WatchPlan) -> Access:
    return queries.access_of(plan, the_viewer(), today())


def check_in_row(check_in: CheckIn) -> dict[str, Any]:
    """A check-in as the API tells it."""
    case = check_in.plan.placement.case
    shown = shown_check_in(check_in, _access(check_in.plan))
    return dict(shown.values) | {
        "plan_id": check_in.plan_id,
        "case_id": case.id,
        "case_number": case.number,
        "attempts": len(check_in.standing),
    }


@bp.get("/check-ins")
@bp.response(200, CheckInAnswerSchema(many=True))
@requires(Action.FOLLOWUP_READ)
def check_ins() -> Any:
    """Check-ins due up to a week from now, longest overdue first."""
    rows = queries.due_check_ins(db.session, the_viewer(), today=today(), until=today() + AHEAD)
    for row in rows:
        saw(Deed.LISTED, "case", row.plan.placement.case_id, fields=("home",))
    return [check_in_row(row) for row in rows]


@bp.post("/check-ins/<int:check_in_id>/attempts")
@bp.arguments(AttemptSchema)
@bp.response(201, AttemptAnswerSchema)
@requires(Action.VISIT_RECORD)
@creates
def record_attempt(typed: dict[str, Any], check_in_id: int) -> Any:
    """Record an attempt; met, spoke and worrying close the check-in, an absence does not."""
    viewer = the_viewer()
    check_in = queries.get_check_in(db.session, check_in_id, viewer, today=today())
    attempt = visits.record_attempt(
        db.session,
        check_in=check_in,
        user_id=viewer.user_id,
        now=now(),
        **attempt_values(typed),
    )
    return committed(jsonify(AttemptAnswerSchema().dump(attempt_row(attempt, check_in))), 201)


def attempt_row(attempt: Attempt, check_in: CheckIn) -> dict[str, Any]:
    """An attempt with what became of its check-in."""
    shown = shown_attempt(attempt, _access(check_in.plan))
    return dict(shown.values) | {"check_in_state": check_in.state}


@bp.get("/concerns")
@bp.response(200, ConcernAnswerSchema(many=True))
@requires(Action.FOLLOWUP_READ)
def concerns() -> Any:
    """Open concerns, the one whose next step is due first at the top."""
    found = queries.open_concerns(db.session, the_viewer(), today=today())
    for one in found:
        saw(Deed.LISTED, "case", one.plan.placement.case_id, fields=("home",))
    return [concern_row(one) for one in found]


def concern_row(concern: Concern) -> dict[str, Any]:
    """A concern with its steps."""
    access, case = _access(concern.plan), concern.plan.placement.case
    return dict(shown_concern(concern, access).values) | {
        "case_id": case.id,
        "case_number": case.number,
        "steps": [dict(shown_step(step, access).values) for step in concern.steps],
    }


def _opened(concern_id: int) -> Concern:
    return queries.get_concern(db.session, concern_id, the_viewer(), today=today())


@bp.post("/concerns/<int:concern_id>/steps/<int:step_id>")
@bp.arguments(StepResultSchema)
@bp.response(200, ConcernAnswerSchema)
@requires(Action.VISIT_RECORD)
@creates
def take_step(typed: dict[str, Any], concern_id: int, step_id: int) -> Any:
    """Record what came of a step of the ladder."""
    concern = _opened(concern_id)
    ladder.take_step(
        db.session,
        concern=concern,
        step_id=step_id,
        result=typed["result"],
        note=typed["note"] or None,
        user_id=the_viewer().user_id,
        at=now(),
    )
    return committed(jsonify(ConcernAnswerSchema().dump(concern_row(concern))))


@bp.post("/concerns/<int:concern_id>/closing")
@bp.arguments(CloseConcernSchema)
@bp.response(200, ConcernAnswerSchema)
@requires(Action.VISIT_RECORD)
@creates
def close_concern(typed: dict[str, Any], concern_id: int) -> Any:
    """Close a concern with what was found."""
    concern = _opened(concern_id)
    ladder.close(db.session, concern=concern, user_id=the_viewer().user_id, at=now(), **typed)
    return committed(jsonify(ConcernAnswerSchema().dump(concern_row(concern))))


@bp.get("/watch-plans")
@bp.response(200, WatchPlanAnswerSchema(many=True))
@requires(Action.FOLLOWUP_READ)
def watch_plans() -> Any:
    """Plans going on, of households whose place the viewer may know."""
    found = queries.running_plans(db.session, the_viewer(), today=today())
    for one in found:
        saw(Deed.LISTED, "case", one.placement.case_id, fields=("home",))
    return [plan_row(one) for one in found]


def plan_row(plan: WatchPlan) -> dict[str, Any]:
    """A plan with how much is open."""
    case = plan.placement.case
    return {
        "id": plan.id,
        "case_id": case.id,
        "case_number": case.number,
        "placement_id": plan.placement_id,
        "template": plan.template,
        "version": plan.version,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "ended_on": plan.ended_on,
        "ended_as": plan.ended_as,
        "due": sum(c.state is CheckInState.DUE for c in plan.check_ins),
        "open_concerns": sum(
            c.state is ConcernState.OPEN for c in queries.concerns_of(db.session, plan.id)
        ),
    }


@bp.post("/watch-plans/<int:plan_id>/template")
@bp.arguments(FollowSchema)
@bp.response(200, ChangeAnswerSchema)
@requires(Action.WATCH_PLAN)
@creates
def follow_template(typed: dict[str, Any], plan_id: int) -> Any:
    """Follow a template's version in force today; the past stays as it was planned."""
    plan = opened_plan(plan_id).plan
    change = plans.follow(
        db.session, plan=plan, user_id=the_viewer().user_id, today=today(), **typed
    )
    return committed(jsonify(ChangeAnswerSchema().dump(change)))


@bp.post("/watch-plans/<int:plan_id>/pauses")
@bp.arguments(PauseSchema)
@bp.response(201, WatchPlanAnswerSchema)
@requires(Action.WATCH_PLAN)
@creates
def add_pause(typed: dict[str, Any], plan_id: int) -> Any:
    """Let a plan rest while it is known where the household is."""
    plan = opened_plan(plan_id).plan
    plans.pause(db.session, plan=plan, user_id=the_viewer().user_id, today=today(), **typed)
    return committed(jsonify(WatchPlanAnswerSchema().dump(plan_row(plan))), 201)


@bp.post("/watch-plans/<int:plan_id>/link-ins")
@bp.arguments(LinkInSchema)
@bp.response(201, LinkInAnswerSchema)
@requires(Action.VISIT_RECORD)
@creates
def add_link_in(typed: dict[str, Any], plan_id: int) -> Any:
    """Record a link-in to a partner of the directory or to anybody named."""
    seen = opened_plan(plan_id)
    partners_offered(typed["partner_id"])
    one = settling.link_in(
        db.session, plan=seen.plan, values=typed, user_id=the_viewer().user_id, today=today()
    )
    shown = dict(shown_link_in(one, seen.access).values)
    return committed(jsonify(LinkInAnswerSchema().dump(shown)), 201)


@bp.get("/watch-templates")
@bp.response(200, TemplateAnswerSchema(many=True))
@requires(Action.WATCH_TEMPLATE_READ)
def watch_templates() -> Any:
    """Every version, shipped or of the viewer's offices."""
    return [
        template_row(one)
        for one in templates.versions_for(db.session, the_viewer().organisations())
    ]


def template_row(template: WatchTemplate) -> dict[str, Any]:
    """A version; nothing of it speaks of a household."""
    names = TemplateAnswerSchema().fields.keys() - {"shipped"}
    row = {name: getattr(template, name) for name in names} | {
        "shipped": template.organisation_id is None
    }
    name = named_for(template, the_viewer())
    if name != template.name:  # which add-on it is tells why somebody is looked in on
        row |= {"name": name, "code": TemplateKind.ADD_ON.value, "source": ""}
    return row
