"""Assessments and the master of issues in the JSON API."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, url_for

from app.api import Blueprint
from app.audit.models import Deed
from app.cases.assessments import services
from app.cases.assessments.models import Assessment, Issue
from app.cases.assessments.queries import (
    assessments_of,
    contents_of,
    get_assessment,
    list_issues,
    shown_assessment,
)
from app.cases.assessments.schemas import (
    AssessmentAnswerSchema,
    AssessmentSchema,
    DerivedNeedsSchema,
    IssueAnswerSchema,
    NewAssessmentSchema,
)
from app.cases.frame import Opened, changing, opened
from app.cases.needs.schemas import HousingNeedAnswerSchema
from app.cases.records import shown_need
from app.db import db, today
from app.errors import ForbiddenError
from app.idempotency import committed, creates
from app.policy import Action, Tier, requires
from app.security import saw

bp = Blueprint("assessments_api", __name__, url_prefix="/api/v1", description="アセスメント")

TEAM_ONLY = "この内容は、相談の担当者だけが書けます。"


@bp.route("/issues", methods=["GET"])
@requires(Action.CASE_EDIT)
@bp.response(200, IssueAnswerSchema(many=True))
def issues() -> list[Issue]:
    """The master of issues in use; the numbers are what an assessment ticks."""
    return list_issues(db.session)


@bp.route("/cases/<int:case_id>/assessments", methods=["GET"])
@requires(Action.CASE_READ)
@bp.response(200, AssessmentAnswerSchema(many=True))
def list_assessments(case_id: int) -> list[Mapping[str, Any]]:
    """The assessments of a case, the newest first."""
    one = opened(case_id, needs=Tier.CARE)
    found = assessments_of(db.session, case_id)
    contents = contents_of(db.session, found)
    return [_shown(one, a, content) for a, content in zip(found, contents, strict=True)]


@bp.route("/cases/<int:case_id>/assessments", methods=["POST"])
@requires(Action.CASE_EDIT)
@creates
@bp.arguments(NewAssessmentSchema)
@bp.alt_response(201, schema=AssessmentAnswerSchema, success=True)
def create(values: dict[str, Any], case_id: int) -> Response:
    """Write the next assessment of a case; `state` is draft or done."""
    saved = _save(changing(case_id), None, values | {"version": 0})
    response = _answer(changing(case_id), saved)
    response.status_code = 201
    response.headers["Location"] = url_for(
        "assessments_api.read", case_id=case_id, number=saved.round
    )
    return committed(response)


@bp.route("/cases/<int:case_id>/assessments/<int:number>", methods=["GET"])
@requires(Action.CASE_READ)
@bp.response(200, AssessmentAnswerSchema)
def read(case_id: int, number: int) -> Mapping[str, Any]:
    """The first, second … assessment of a case."""
    one = opened(case_id, needs=Tier.CARE)
    return _shown(one, get_assessment(db.session, case_id, number))


@bp.route("/cases/<int:case_id>/assessments/<int:number>", methods=["PUT"])
@requires(Action.CASE_EDIT)
@bp.arguments(AssessmentSchema)
@bp.alt_response(200, schema=AssessmentAnswerSchema, success=True)
def put(values: dict[str, Any], case_id: int, number: int) -> Response:
    """Write an assessment anew; `version` must be the one you read (else 409)."""
    one = changing(case_id)
    saved = _save(one, get_assessment(db.session, case_id, number), values)
    return committed(_answer(one, saved))


def _save(one: Opened, assessment: Assessment | None, values: dict[str, Any]) -> Assessment:
    team = one.access.sees(Tier.TEAM)
    if values["team_factors"] and not team:
        raise ForbiddenError(TEAM_ONLY)
    version = values.pop("version")
    return services.save_assessment(
        db.session,
        case=one.case,
        assessment=assessment,
        version=version,
        values=values,
        team=team,
        user_id=one.viewer.user_id,
        today=today(),
    )


def _shown(
    one: Opened, assessment: Assessment, content: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    shown = shown_assessment(db.session, assessment, one.access, content)
    saw(Deed.VIEWED, "assessment", assessment.id, fields=shown.values)
    return shown.values


def _answer(one: Opened, assessment: Assessment) -> Response:
    return jsonify(AssessmentAnswerSchema().dump(_shown(one, assessment)))


@bp.route("/cases/<int:case_id>/assessments/<int:number>/needs", methods=["POST"])
@requires(Action.CASE_EDIT)
@creates
@bp.arguments(DerivedNeedsSchema)
@bp.alt_response(200, schema=HousingNeedAnswerSchema, success=True)
def take_needs_over(data: dict[str, Any], case_id: int, number: int) -> Response:
    """Put confirmed needs into the housing need; `version` is the housing need's."""
    one = changing(case_id)
    get_assessment(db.session, case_id, number)
    services.take_needs_over(db.session, case=one.case, user_id=one.viewer.user_id, **data)
    need = one.case.housing_need
    assert need is not None  # noqa: S101 - the service made it
    answer = HousingNeedAnswerSchema().dump(shown_need(need, one.access).values)
    return committed(jsonify(answer))
