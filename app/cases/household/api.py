"""The people of a household and their telephone numbers in the JSON API."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, url_for

from app.api import Blueprint
from app.audit.models import Deed
from app.cases.frame import Opened, changing, opened
from app.cases.household import services
from app.cases.household.schemas import (
    MemberDetailsSchema,
    NewMemberSchema,
    PhoneAnswerSchema,
    PhonesSchema,
)
from app.cases.models import Member
from app.cases.records import shown_member, shown_phone
from app.cases.schemas import MemberAnswerSchema
from app.db import db, today
from app.errors import NotFoundError
from app.idempotency import committed, creates
from app.policy import Action, Tier, requires
from app.security import saw

bp = Blueprint("household_api", __name__, url_prefix="/api/v1/cases", description="世帯の人と電話")


@bp.route("/<int:case_id>/members", methods=["GET"])
@requires(Action.CASE_READ)
@bp.response(200, MemberAnswerSchema(many=True))
def list_members(case_id: int) -> list[Mapping[str, Any]]:
    """The people of a household, as far as you may see them."""
    one = opened(case_id)
    saw(Deed.VIEWED, "case", case_id, fields=["members"])
    return [_shown(one, member) for member in one.case.members]


@bp.route("/<int:case_id>/members", methods=["POST"])
@requires(Action.CASE_EDIT)
@creates
@bp.arguments(NewMemberSchema)
@bp.alt_response(201, schema=MemberAnswerSchema, success=True)
def add_member(values: dict[str, Any], case_id: int) -> Response:
    """Add somebody to the household."""
    one = changing(case_id)
    member = _save(one, None, values | {"version": 0})
    response = _answer(one, member)
    response.status_code = 201
    response.headers["Location"] = url_for("household_api.list_members", case_id=case_id)
    return committed(response)


@bp.route("/<int:case_id>/members/<int:member_id>", methods=["PUT"])
@requires(Action.CASE_EDIT)
@bp.arguments(MemberDetailsSchema)
@bp.alt_response(200, schema=MemberAnswerSchema, success=True)
def put_member(values: dict[str, Any], case_id: int, member_id: int) -> Response:
    """Write one member anew; `version` must be the one you read (else 409)."""
    one = changing(case_id)
    member = next((m for m in one.case.members if m.id == member_id), None)
    if member is None:
        raise NotFoundError("この人は、この世帯の一覧にいません。")
    return committed(_answer(one, _save(one, member, values)))


def _save(one: Opened, member: Member | None, values: Mapping[str, Any]) -> Member:
    return services.save_member(
        db.session,
        case=one.case,
        member=member,
        version=values["version"],
        values=values,
        user_id=one.viewer.user_id,
        today=today(),
    )


def _shown(one: Opened, member: Member) -> Mapping[str, Any]:
    return shown_member(member, one.access, today=today()).values


def _answer(one: Opened, member: Member) -> Response:
    return jsonify(MemberAnswerSchema().dump(_shown(one, member)))


@bp.route("/<int:case_id>/phones", methods=["GET"])
@requires(Action.CASE_READ)
@bp.response(200, PhoneAnswerSchema(many=True))
def list_phones(case_id: int) -> list[Mapping[str, Any]]:
    """The numbers of a household; none for whoever may not know where it is."""
    one = opened(case_id, needs=Tier.PLACE)
    saw(Deed.VIEWED, "case", case_id, fields=["phones"])
    return [shown_phone(phone, one.access).values for phone in one.case.phones]


@bp.route("/<int:case_id>/phones", methods=["PUT"])
@requires(Action.CASE_EDIT)
@bp.arguments(PhonesSchema)
@bp.alt_response(200, schema=PhoneAnswerSchema(many=True), success=True)
def put_phones(data: dict[str, Any], case_id: int) -> Response:
    """Write all numbers anew; `version` is the case's."""
    one = changing(case_id, needs=Tier.PLACE)
    services.save_phones(db.session, case=one.case, user_id=one.viewer.user_id, **data)
    shown = [shown_phone(phone, one.access).values for phone in one.case.phones]
    return committed(jsonify(PhoneAnswerSchema(many=True).dump(shown)))
