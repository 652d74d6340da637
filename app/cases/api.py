"""Cases in the JSON API: the same schemas, services and policy as the pages."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, jsonify, url_for

from app.api import Blueprint, PageSchema
from app.audit.models import Deed
from app.cases.consents import services as consent_services
from app.cases.consents.models import Consent
from app.cases.consents.schemas import ConsentAnswerSchema, ConsentSchema
from app.cases.consents.views import NO_CONSENT
from app.cases.frame import (
    Opened,
    changing,
    opened,
)
from app.cases.intake import services as receiving
from app.cases.intake.schemas import (
    PLACE_FIELDS,
    IntakeEditSchema,
    IntakeSchema,
)
from app.cases.listing import (
    CaseFilterSchema,
    listed,
)
from app.cases.needs import services as need_services
from app.cases.needs.schemas import (
    FoodProfileAnswerSchema,
    FoodProfileSchema,
    HousingNeedAnswerSchema,
    HousingNeedSchema,
)
from app.cases.needs.views import prefecture_of
from app.cases.queries import access_to
from app.cases.records import (
    shown_case,
    shown_consent,
    shown_food,
    shown_log,
    shown_member,
    shown_need,
)
from app.cases.schemas import CaseAnswerSchema, CaseListAnswerSchema
from app.cases.work import log
from app.cases.work import services as team_services
from app.cases.work.log_views import log_values
from app.cases.work.schemas import (
    LogAnswerSchema,
    LogFilterSchema,
    LogPageAnswerSchema,
    LogSchema,
)
from app.db import db, how_many, now, today
from app.errors import ForbiddenError, NotFoundError
from app.idempotency import committed, creates
from app.policy import Access, Action, Presented, Tier, requires
from app.security import acting_organisation, saw, the_viewer

bp = Blueprint("cases_api", __name__, url_prefix="/api/v1/cases", description="相談ケース")

INTAKE_PATCH = tuple(name for name in IntakeEditSchema().fields if name != "version")


class CaseQuerySchema(PageSchema, CaseFilterSchema):
    """Filters, order and page of the list; `sort` is leave_by, -leave_by, stage, number …"""


def _answer(schema: Any, shown: Any, status: int = 200, location: str | None = None) -> Response:
    """Only what policy let through, in the schema's shapes."""
    response = jsonify(schema.dump(shown))
    response.status_code = status
    if location:
        response.headers["Location"] = location
    return response


def _case(shown: Presented, members: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    values = dict(shown.values) | {"hidden": list(shown.hidden)}
    return values if members is None else values | {"members": members}


def _whole(one: Opened) -> dict[str, Any]:
    members = [dict(shown_member(m, one.access, today=today()).values) for m in one.case.members]
    if one.access.sees(Tier.CONTACT):
        saw(Deed.VIEWED, "case", one.case.id, fields=one.shown.values)
    return _case(shown_case(one.case, one.access), members)


@bp.route("", methods=["GET"])
@requires(Action.CASE_LIST)
@bp.arguments(CaseQuerySchema, location="query")
@bp.response(200, CaseListAnswerSchema)
def list_cases(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """The cases you may know of."""
    viewer, day = the_viewer(), today()
    statement = listed(viewer, chosen, today=day)
    page, size = chosen["page"], chosen["per_page"]
    cases = db.session.scalars(statement.limit(size).offset(size * (page - 1))).all()
    shown = [(access_to(c, viewer, today=day), c) for c in cases]
    for access, case in shown:
        if access.sees(Tier.CONTACT):
            saw(Deed.LISTED, "case", case.id, fields=shown_case(case, access).values)
    return {
        "items": [_case(shown_case(case, access)) for access, case in shown],
        "page": page,
        "per_page": size,
        "total": how_many(db.session, statement),
    }


@bp.route("", methods=["POST"])
@requires(Action.CASE_CREATE)
@creates
@bp.arguments(IntakeSchema)
@bp.alt_response(201, schema=CaseAnswerSchema, success=True)
def create(intake: Mapping[str, Any]) -> Response:
    """Receive somebody: a name, an alias or an age band is enough."""
    viewer = the_viewer()
    case = receiving.register_case(
        db.session,
        intake=intake,
        organisation_id=acting_organisation(viewer, Action.CASE_CREATE),
        user_id=viewer.user_id,
        today=today(),
    )
    where = url_for("cases_api.read", case_id=case.id)
    return committed(_answer(CaseAnswerSchema(), _whole(opened(case.id)), 201, where))


@bp.route("/<int:case_id>", methods=["GET"])
@requires(Action.CASE_READ)
@bp.response(200, CaseAnswerSchema)
def read(case_id: int) -> dict[str, Any]:
    """One case, as far as you may see it."""
    return _whole(opened(case_id))


@bp.route("/<int:case_id>", methods=["PATCH"])
@requires(Action.CASE_EDIT)
@bp.arguments(IntakeEditSchema(partial=INTAKE_PATCH))
@bp.alt_response(200, schema=CaseAnswerSchema, success=True)
def patch(intake: Mapping[str, Any], case_id: int) -> Response:
    """Change fields of the intake; `version` must be the one you read (else 409)."""
    one = changing(case_id)
    if not one.access.sees(Tier.PLACE) and set(PLACE_FIELDS) & set(intake):
        raise ForbiddenError("この世帯の居場所は、担当者だけが見て書きかえられます。")
    receiving.edit_intake(
        db.session,
        case=one.case,
        version=intake["version"],
        intake=intake,
        user_id=one.viewer.user_id,
        today=today(),
    )
    return committed(_answer(CaseAnswerSchema(), _whole(opened(case_id))))


# ------------------------------------------------------------------------------- consents


def _consent(consent: Consent, access: Access, day: date) -> Mapping[str, Any]:
    return shown_consent(consent, access, today=day).values


@bp.route("/<int:case_id>/consents", methods=["GET"])
@requires(Action.CASE_READ)
@bp.response(200, ConsentAnswerSchema(many=True))
def list_consents(case_id: int) -> list[Mapping[str, Any]]:
    """All consents of a case, withdrawn ones too."""
    one = opened(case_id, needs=Tier.CARE)
    saw(Deed.VIEWED, "case", case_id, fields=["consents"])
    return [_consent(c, one.access, today()) for c in one.case.consents]


@bp.route("/<int:case_id>/consents", methods=["POST"])
@requires(Action.CONSENT_RECORD)
@creates
@bp.arguments(ConsentSchema)
@bp.alt_response(201, schema=ConsentAnswerSchema, success=True)
def record_consent(consent: Mapping[str, Any], case_id: int) -> Response:
    """Record a consent to the text in use today."""
    one = changing(case_id)
    made = consent_services.record_consent(
        db.session, case=one.case, user_id=one.viewer.user_id, today=today(), **consent
    )
    return committed(_answer(ConsentAnswerSchema(), _consent(made, one.access, today()), 201))


@bp.route("/<int:case_id>/consents/<int:consent_id>/withdraw", methods=["POST"])
@requires(Action.CONSENT_RECORD)
@creates
@bp.alt_response(200, schema=ConsentAnswerSchema, success=True)
def withdraw_consent(case_id: int, consent_id: int) -> Response:
    """Take a consent back; it opens nothing from the next request on."""
    one = changing(case_id)
    consent = next((c for c in one.case.consents if c.id == consent_id), None)
    if consent is None:
        raise NotFoundError(NO_CONSENT)
    consent_services.withdraw_consent(
        db.session, consent=consent, user_id=one.viewer.user_id, at=now()
    )
    return committed(_answer(ConsentAnswerSchema(), _consent(consent, one.access, today())))


# ---------------------------------------------------------------------------------- needs


@bp.route("/<int:case_id>/housing-need", methods=["GET"])
@requires(Action.CASE_READ)
@bp.response(200, HousingNeedAnswerSchema)
def read_housing_need(case_id: int) -> Mapping[str, Any]:
    """The housing need, as far as you may see it."""
    one = opened(case_id)
    if one.case.housing_need is None:
        raise NotFoundError("住まいの希望は、まだ聞いていません。")
    return shown_need(one.case.housing_need, one.access).values


@bp.route("/<int:case_id>/housing-need", methods=["PUT"])
@requires(Action.CASE_EDIT)
@bp.arguments(HousingNeedSchema)
@bp.alt_response(200, schema=HousingNeedAnswerSchema, success=True)
def put_housing_need(need: dict[str, Any], case_id: int) -> Response:
    """Write the housing need; `version` is 0 for the first, else the one you read."""
    one = changing(case_id)
    if not one.access.sees(Tier.PLACE):
        if need["anchors"]:
            raise ForbiddenError("この世帯の行き先は、担当者だけが書きかえられます。")
        del need["anchors"]
    saved = need_services.save_housing_need(
        db.session,
        case=one.case,
        version=need["version"],
        need=need,
        user_id=one.viewer.user_id,
        prefecture=prefecture_of(one),
    )
    return committed(_answer(HousingNeedAnswerSchema(), shown_need(saved, one.access).values))


@bp.route("/<int:case_id>/food-profile", methods=["GET"])
@requires(Action.CASE_READ)
@bp.response(200, FoodProfileAnswerSchema)
def read_food_profile(case_id: int) -> Mapping[str, Any]:
    """The food profile."""
    one = opened(case_id)
    if one.case.food_profile is None:
        raise NotFoundError("食料の必要は、まだ聞いていません。")
    return shown_food(one.case.food_profile, one.access).values


@bp.route("/<int:case_id>/food-profile", methods=["PUT"])
@requires(Action.CASE_EDIT)
@bp.arguments(FoodProfileSchema)
@bp.alt_response(200, schema=FoodProfileAnswerSchema, success=True)
def put_food_profile(profile: Mapping[str, Any], case_id: int) -> Response:
    """Write the food profile; `version` is 0 for the first, else the one you read."""
    one = changing(case_id)
    saved = need_services.save_food_profile(
        db.session,
        case=one.case,
        version=profile["version"],
        profile=profile,
        user_id=one.viewer.user_id,
    )
    return committed(_answer(FoodProfileAnswerSchema(), shown_food(saved, one.access).values))


class LogQuerySchema(LogFilterSchema, PageSchema):
    """Narrowing and paging the log."""


@bp.route("/<int:case_id>/log", methods=["GET"])
@requires(Action.CASE_READ)
@bp.arguments(LogQuerySchema, location="query")
@bp.response(200, LogPageAnswerSchema)
def list_log(chosen: Mapping[str, Any], case_id: int) -> dict[str, Any]:
    """The log of a case, newest first."""
    one = opened(case_id, needs=Tier.CARE)
    saw(Deed.VIEWED, "case", case_id, fields=["text", "next_step"])
    found, page, size = log.entries_of(case_id, chosen), chosen["page"], chosen["per_page"]
    entries = db.session.scalars(found.limit(size).offset(size * (page - 1))).all()
    return {
        "items": [shown_log(entry, one.access).values for entry in entries],
        "page": page,
        "per_page": size,
        "total": how_many(db.session, found),
    }


@bp.route("/<int:case_id>/log", methods=["POST"])
@requires(Action.CASE_EDIT)
@creates
@bp.arguments(LogSchema)
@bp.alt_response(201, schema=LogAnswerSchema, success=True)
def write_log(data: dict[str, Any], case_id: int) -> Response:
    """Write one entry of the log."""
    one = changing(case_id)
    entry = team_services.write_log(
        db.session, case=one.case, user_id=one.viewer.user_id, now=now(), **log_values(one, data)
    )
    return committed(_answer(LogAnswerSchema(), shown_log(entry, one.access).values, 201))
