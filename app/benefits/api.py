"""Guides for the benefits in the JSON API."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify

from app.api import Blueprint
from app.benefits import queries, services, words
from app.benefits.models import BenefitEstimate
from app.benefits.schemas import EstimateAnswerSchema, MovingEstimateSchema, RentEstimateSchema
from app.cases.frame import changing, opened
from app.db import db, today
from app.idempotency import committed, creates
from app.policy import Action, Tier, requires

bp = Blueprint(
    "benefits_api", __name__, url_prefix="/api/v1/cases", description="住居確保給付金の目安"
)


def told(estimate: BenefitEstimate) -> dict[str, Any]:
    """A guide as programs are told of it."""
    return {
        "id": estimate.id,
        "kind": estimate.kind.value,
        "rule_version": estimate.rule_version,
        "made_on": estimate.made_on,
        "verdict": estimate.result["verdict"],
        "notice": words.NOTICE,
        "amount": estimate.result["amount"],
        "conditions": estimate.result["conditions"],
    }


def _created(estimate: BenefitEstimate) -> Response:
    answer = jsonify(EstimateAnswerSchema().dump(told(estimate)))
    answer.status_code = 201
    return committed(answer)


@bp.route("/<int:case_id>/benefit-estimates")
@requires(Action.CASE_READ)
@bp.response(200, EstimateAnswerSchema(many=True))
def list_estimates(case_id: int) -> list[dict[str, Any]]:
    """The guides worked out for a household, newest first."""
    opened(case_id, needs=Tier.CARE)
    return [told(one) for one in queries.estimates_of(db.session, case_id)]


@bp.route("/<int:case_id>/benefit-estimates/rent", methods=["POST"])
@requires(Action.CASE_EDIT)
@creates
@bp.arguments(RentEstimateSchema)
@bp.alt_response(201, schema=EstimateAnswerSchema, success=True)
def estimate_rent(asked: Mapping[str, Any], case_id: int) -> Response:
    """Work out the rent benefit as a guide, and keep it."""
    one = changing(case_id)
    return _created(
        services.estimate_rent(
            db.session, case=one.case, asked=asked, user_id=one.viewer.user_id, today=today()
        )
    )


@bp.route("/<int:case_id>/benefit-estimates/moving", methods=["POST"])
@requires(Action.CASE_EDIT)
@creates
@bp.arguments(MovingEstimateSchema)
@bp.alt_response(201, schema=EstimateAnswerSchema, success=True)
def estimate_moving(asked: Mapping[str, Any], case_id: int) -> Response:
    """Work out the moving-cost benefit as a guide, and keep it."""
    one = changing(case_id)
    return _created(
        services.estimate_moving(
            db.session, case=one.case, asked=asked, user_id=one.viewer.user_id, today=today()
        )
    )
