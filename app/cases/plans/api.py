"""Plans in the JSON API: reading, making, changing, bringing before the meeting."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, url_for

from app.api import Blueprint
from app.audit.models import Deed
from app.cases.frame import changing, opened
from app.cases.plans import services
from app.cases.plans.history import changes_of, former_of, shown_revision
from app.cases.plans.models import Plan
from app.cases.plans.queries import plan_of_case, plans_of
from app.cases.plans.records import shown_plan
from app.cases.plans.schemas import (
    PlanActSchema,
    PlanChangeSchema,
    PlanFormerAnswerSchema,
    SupportPlanAnswerSchema,
    SupportPlanSchema,
    without_version,
)
from app.db import db, today
from app.idempotency import committed, creates
from app.policy import Access, Action, Tier, requires
from app.security import saw

bp = Blueprint(
    "plans_api", __name__, url_prefix="/api/v1/cases/<int:case_id>/plans", description="プラン"
)


def _answer(plan: Plan, access: Access, status: int = 200) -> Response:
    response = jsonify(SupportPlanAnswerSchema().dump(shown_plan(plan, access).values))
    response.status_code = status
    if status == 201:
        where = url_for("plans_api.read_plan", case_id=plan.case_id, plan_id=plan.id)
        response.headers["Location"] = where
    return response


@bp.route("", methods=["GET"])
@requires(Action.PLAN_READ)
@bp.response(200, SupportPlanAnswerSchema(many=True))
def list_plans(case_id: int) -> list[Mapping[str, Any]]:
    """Every plan of a case, the newest first."""
    one = opened(case_id, needs=Tier.CARE)
    plans = plans_of(db.session, case_id)
    for plan in plans:
        saw(Deed.VIEWED, "plan", plan.id, fields=("long_goal", "services"))
    return [shown_plan(plan, one.access).values for plan in plans]


@bp.route("/<int:plan_id>", methods=["GET"])
@requires(Action.PLAN_READ)
@bp.response(200, SupportPlanAnswerSchema)
def read_plan(case_id: int, plan_id: int) -> Mapping[str, Any]:
    """One plan."""
    one = opened(case_id, needs=Tier.CARE)
    plan = plan_of_case(db.session, case_id, plan_id)
    saw(Deed.VIEWED, "plan", plan.id, fields=("long_goal", "services"))
    return shown_plan(plan, one.access).values


@bp.route("/<int:plan_id>/former", methods=["GET"])
@requires(Action.PLAN_READ)
@bp.response(200, PlanFormerAnswerSchema(many=True))
def list_former(case_id: int, plan_id: int) -> list[Mapping[str, Any]]:
    """What a plan said before each change, the newest first; `changed` names what changed."""
    one = opened(case_id, needs=Tier.CARE)
    plan = plan_of_case(db.session, case_id, plan_id)
    saw(Deed.VIEWED, "plan", plan.id, fields=("former",))
    former = former_of(db.session, plan.id)
    return [
        shown_revision(kept, changed, one.access).values
        for kept, changed in zip(former, changes_of(plan, former), strict=True)
    ]


@bp.route("/<int:plan_id>", methods=["PUT"])
@requires(Action.PLAN_EDIT)
@bp.arguments(PlanChangeSchema)
@bp.alt_response(200, schema=SupportPlanAnswerSchema, success=True)
def change_plan(data: dict[str, Any], case_id: int, plan_id: int) -> Response:
    """Write a plan anew; `version` must be the one you read (else 409).

    What it said before is kept. Once a meeting decided on it, `why` must be given.
    """
    one = changing(case_id)
    plan = plan_of_case(db.session, case_id, plan_id)
    services.edit_plan(
        db.session, plan=plan, version=data.pop("version"), why=data.pop("why"), values=data,
        user_id=one.viewer.user_id, today=today(),
    )  # fmt: skip
    return committed(_answer(plan, one.access))


@bp.route("", methods=["POST"])
@requires(Action.PLAN_EDIT)
@creates
@bp.arguments(SupportPlanSchema)
@bp.alt_response(201, schema=SupportPlanAnswerSchema, success=True)
def create_plan(data: Mapping[str, Any], case_id: int) -> Response:
    """A new plan; 409 while another one of the case is not evaluated."""
    one = changing(case_id)
    plan = services.make_plan(
        db.session, case=one.case, values=without_version(data), user_id=one.viewer.user_id,
        today=today(),
    )  # fmt: skip
    db.session.expire(plan, ["decisions", "monitorings"])
    return committed(_answer(plan, one.access, 201))


@bp.route("/<int:plan_id>/submit", methods=["POST"])
@requires(Action.PLAN_EDIT)
@creates
@bp.arguments(PlanActSchema)
@bp.alt_response(200, schema=SupportPlanAnswerSchema, success=True)
def submit_plan(data: Mapping[str, Any], case_id: int, plan_id: int) -> Response:
    """Bring a draft before the meeting; `version` must be the one you read."""
    one = changing(case_id)
    plan = plan_of_case(db.session, case_id, plan_id)
    services.submit_plan(
        db.session, plan=plan, version=data["version"], user_id=one.viewer.user_id, today=today()
    )
    return committed(_answer(plan, one.access))
