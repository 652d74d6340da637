"""つなぐシート in the JSON API: making, sending, receiving, answering, and one's own sheets."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, jsonify, url_for
from marshmallow import fields, validate

from app.api import Blueprint, PageSchema
from app.audit.models import Deed
from app.cases.frame import Opened
from app.db import db, how_many, now, today
from app.errors import ForbiddenError
from app.idempotency import committed, creates
from app.policy import Action, Tier, requires
from app.referrals import queries, services
from app.referrals.access import consent_holds
from app.referrals.acts import answering
from app.referrals.models import ReferralSheet
from app.referrals.page import recipient_values
from app.referrals.queries import SeenSheet
from app.referrals.schemas import (
    AnswerSchema,
    ReceiptSchema,
    SheetAnswerSchema,
    SheetListAnswerSchema,
    SheetSchema,
)
from app.referrals.views import case_to_refer, safe
from app.security import acting_organisation, saw, the_viewer

bp = Blueprint("referrals_api", __name__, url_prefix="/api/v1", description="つなぐシート")


class SheetQuerySchema(PageSchema):
    """Which sheets: those received, those sent, or both."""

    side = fields.String(
        load_default="both",
        validate=validate.OneOf(("in", "out", "both"), error="in、out、both のどれかです。"),
    )


def _told(seen: SeenSheet, names: queries.Names) -> dict[str, Any]:
    """A sheet as its reader may read it, with the recipients they may know of."""
    sheet = seen.sheet
    shown = queries.shown_sheet(sheet, seen.access, names)
    values = {name: value for name, value in shown.values.items() if name != "recipients"}
    if seen.access.access.sees(Tier.CONTACT):
        saw(Deed.VIEWED, "referral_sheet", sheet.id, fields=tuple(values))
    return values | {
        "sent": sheet.sent_at is not None,
        "consent_in_force": consent_holds(sheet, today=today()),
        "recipients": [
            recipient_values(one) for one in queries.shown_recipients(sheet, seen.access)
        ],
    }


def _all(sheets: Sequence[ReferralSheet]) -> list[dict[str, Any]]:
    viewer, day = the_viewer(), today()
    names = queries.names_for(db.session, sheets)
    return [_told(queries.seen_sheet(sheet, viewer, today=day), names) for sheet in sheets]


def _answer(sheet_id: int, status: int = 200) -> Response:
    seen = queries.get_sheet(db.session, sheet_id, the_viewer(), today=today())
    values = _told(seen, queries.names_for(db.session, [seen.sheet]))
    response = jsonify(SheetAnswerSchema().dump(values))
    response.status_code = status
    if status == 201:
        response.headers["Location"] = url_for("referrals_api.read_sheet", sheet_id=sheet_id)
    return committed(response)


@bp.route("/referrals", methods=["GET"])
@requires(Action.REFERRAL_READ)
@bp.arguments(SheetQuerySchema, location="query")
@bp.response(200, SheetListAnswerSchema)
def list_sheets(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The sheets your side made and those that came to you, the newest first."""
    page, size = asked["page"], asked["per_page"]
    statement = queries.visible_sheets(the_viewer(), asked["side"], today=today())
    found = queries.page_of(db.session, statement, offset=size * (page - 1), limit=size)
    total = how_many(db.session, statement)
    return {"items": _all(found), "page": page, "per_page": size, "total": total}


@bp.route("/referrals/<int:sheet_id>", methods=["GET"])
@requires(Action.REFERRAL_READ)
@bp.response(200, SheetAnswerSchema)
def read_sheet(sheet_id: int) -> dict[str, Any]:
    """One sheet, as deep as you may read it."""
    seen = queries.get_sheet(db.session, sheet_id, the_viewer(), today=today())
    return _told(seen, queries.names_for(db.session, [seen.sheet]))


@bp.route("/referrals", methods=["POST"])
@requires(Action.REFERRAL_MAKE)
@creates
@bp.arguments(SheetSchema)
@bp.alt_response(201, schema=SheetAnswerSchema, success=True)
def make_sheet(data: Mapping[str, Any]) -> Response:
    """A draft for somebody without a case; with `send` it goes to its recipients at once.

    Sending needs the person's consent (`consent_method`, and its words when it was given orally).
    """
    return _make(data)


@bp.route("/cases/<int:case_id>/referrals", methods=["POST"])
@requires(Action.REFERRAL_MAKE)
@creates
@bp.arguments(SheetSchema)
@bp.alt_response(201, schema=SheetAnswerSchema, success=True)
def make_sheet_of_case(data: Mapping[str, Any], case_id: int) -> Response:
    """A draft for somebody with a case; the consent to it is kept among the case's."""
    return _make(data, case_to_refer(case_id))


def _make(data: Mapping[str, Any], one: Opened | None = None) -> Response:
    viewer = the_viewer()
    sheet = services.make_sheet(
        db.session, values=safe(data, one), user_id=viewer.user_id, today=today(), now=now(),
        case=one.case if one else None,
        organisation_id=acting_organisation(viewer, Action.REFERRAL_MAKE),
    )  # fmt: skip
    return _answer(sheet.id, 201)


@bp.route("/referrals/<int:sheet_id>/send", methods=["POST"])
@requires(Action.REFERRAL_MAKE)
@creates
@bp.alt_response(200, schema=SheetAnswerSchema, success=True)
def send_sheet(sheet_id: int) -> Response:
    """Hand a draft to its recipients; 409 when it was sent already."""
    viewer = the_viewer()
    seen = queries.get_sheet(db.session, sheet_id, viewer, today=today())
    if not seen.access.makers_side or not seen.access.access.sees(Tier.CARE):
        raise ForbiddenError("シートを送れるのは、作った窓口の人だけです。")
    services.send_sheet(
        db.session, sheet=seen.sheet, user_id=viewer.user_id, today=today(), now=now()
    )
    return _answer(sheet_id)


@bp.route("/referrals/<int:sheet_id>/recipients/<int:recipient_id>/receipt", methods=["POST"])
@requires(Action.REFERRAL_READ)
@creates
@bp.arguments(ReceiptSchema)
@bp.alt_response(200, schema=SheetAnswerSchema, success=True)
def receive_sheet(data: Mapping[str, Any], sheet_id: int, recipient_id: int) -> Response:
    """Note that a counter has the sheet; 409 when somebody was first."""
    seen, one = answering(sheet_id, recipient_id)
    viewer = the_viewer()
    by = viewer.name if one.id in seen.access.reached else data["received_by"]
    services.receive(db.session, recipient=one, received_by=by, user_id=viewer.user_id, at=now())
    return _answer(sheet_id)


@bp.route("/referrals/<int:sheet_id>/recipients/<int:recipient_id>/answer", methods=["POST"])
@requires(Action.REFERRAL_READ)
@creates
@bp.arguments(AnswerSchema)
@bp.alt_response(200, schema=SheetAnswerSchema, success=True)
def answer_sheet(data: Mapping[str, Any], sheet_id: int, recipient_id: int) -> Response:
    """Tell the first counter what was done; 409 when somebody was first."""
    seen, one = answering(sheet_id, recipient_id)
    viewer = the_viewer()
    by = viewer.name if one.id in seen.access.reached else data["answered_by"]
    services.answer(
        db.session, recipient=one, user_id=viewer.user_id, at=now(), **(dict(data) | {
            "answered_by": by})
    )  # fmt: skip
    return _answer(sheet_id)
