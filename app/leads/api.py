"""Lists to call in the JSON API: hand one in, read it, hold a number, record a result."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import jsonify, request
from marshmallow import EXCLUDE

from app.api import Blueprint, PageSchema
from app.audit.models import Deed
from app.db import db, how_many, now, today
from app.forms import Form, Line
from app.idempotency import committed, creates
from app.leads import figures, importing, queries
from app.leads.call_views import hold, record
from app.leads.import_views import keep
from app.leads.models import LeadImport, LeadImportRow
from app.leads.page import LISTED_FIELDS
from app.leads.queries import SeenLead, shown_lead
from app.leads.rows import access_to_rows, sentences
from app.leads.schemas import (
    LeadAnswerSchema,
    LeadAttemptAnswerSchema,
    LeadClaimAnswerSchema,
    LeadImportAnswerSchema,
    LeadListAnswerSchema,
    LeadPageAnswerSchema,
    ResultSchema,
    UploadSchema,
)
from app.leads.views import seen_lead
from app.policy import Action, requires
from app.security import saw, the_viewer

bp = Blueprint("api-leads", __name__, url_prefix="/api/v1", description="電話の名簿")

ROWS_TOLD = 500


class LeadQuerySchema(PageSchema):
    """Filters and page of a list's people; `tab` is due, coming, letter, done or all."""

    tab = Line(longest=10, load_default="all")
    words = Line(longest=100, load_default="")
    status = Line(longest=200, load_default="")


@bp.get("/lead-lists")
@bp.response(200, LeadListAnswerSchema(many=True))
@requires(Action.LEAD_READ)
def lead_lists() -> Any:
    """Your organisation's lists with how far they are; a deleted one has its figures left."""
    lists = queries.lists_of(db.session, the_viewer(), deleted=True)
    totals = figures.totals_by_list(db.session, [one.id for one in lists])
    empty = figures.total([])
    return [
        {
            "id": one.id,
            "name": one.name,
            "source": one.source,
            "delete_on": one.delete_on,
            "deleted": one.deleted_at is not None,
            **(one.figures or totals.get(one.id, empty).plain()),
        }
        for one in lists
    ]


@bp.get("/lead-lists/<int:lead_list_id>/leads")
@bp.arguments(LeadQuerySchema, location="query")
@bp.response(200, LeadPageAnswerSchema)
@requires(Action.LEAD_READ)
def leads(chosen: Mapping[str, Any], lead_list_id: int) -> Any:
    """The people of a list in the order to call them."""
    viewer = the_viewer()
    queries.get_list(db.session, lead_list_id, viewer)
    asked = {**chosen, "list_id": lead_list_id, "result": None}
    found = queries.narrowed(queries.visible_leads(viewer), viewer, asked, today=today())
    found = found.where(queries.in_tab(chosen["tab"], today()))
    page, size = chosen["page"], chosen["per_page"]
    people = queries.page_of(
        db.session, found, viewer, today=today(), offset=size * (page - 1), limit=size
    )
    for one in people:
        saw(Deed.LISTED, "lead", one.lead.id, fields=(*LISTED_FIELDS, "phone", "address"))
    return {
        "items": [_answer(one) for one in people],
        "page": page,
        "per_page": size,
        "total": how_many(db.session, found),
    }


def _answer(one: SeenLead) -> dict[str, Any]:
    shown = shown_lead(one, today=today())
    return {**shown.values, "hidden": list(shown.hidden)}


@bp.get("/leads/<int:lead_id>")
@bp.response(200, LeadAnswerSchema)
@requires(Action.LEAD_READ)
def lead(lead_id: int) -> Any:
    """One person of a list."""
    seen = seen_lead(lead_id)
    answer = _answer(seen)
    saw(Deed.VIEWED, "lead", lead_id, fields=answer)
    return answer


@bp.post("/imports/lead-lists")
@bp.alt_response(201, schema=LeadImportAnswerSchema, success=True)
@requires(Action.LEAD_IMPORT)
@creates
def import_list() -> Any:
    """Take a list in (multipart, field `file`): counts, and every row with a question.

    `list_id` names a list to bring up to date; without it `name` and `delete_on` make a new one.
    """
    typed = Form(UploadSchema(), typed=request.form).plain()
    kept = keep(UploadSchema().load(typed, unknown=EXCLUDE))
    importing.take_in(db.session, kept=kept, user_id=the_viewer().user_id, today=today(), at=now())
    return committed(jsonify(LeadImportAnswerSchema().dump(_summary(kept))), 201)


@bp.get("/imports/lead-lists/<int:lead_import_id>")
@bp.response(200, LeadImportAnswerSchema)
@requires(Action.LEAD_IMPORT)
def list_import(lead_import_id: int) -> Any:
    """What a file did, with every row a person has to look at."""
    return _summary(queries.get_import(db.session, lead_import_id, the_viewer()))


def _summary(kept: LeadImport) -> dict[str, Any]:
    asked = db.session.scalars(
        sa.select(LeadImportRow)
        .where(LeadImportRow.import_id == kept.id)
        .order_by(LeadImportRow.row_number)
    ).all()
    rows = [row for row in asked if row.problems][:ROWS_TOLD]
    access = access_to_rows(db.session, rows, the_viewer(), today=today())
    return {
        "id": kept.id,
        "list_id": kept.list_id,
        "state": kept.state,
        "counts": kept.counts,
        "remarks": kept.remarks,
        "rows": [
            {
                "row": row.row_number,
                "outcome": row.outcome,
                "number": row.number,
                "sentences": sentences(row, access[row.id]),
            }
            for row in rows
        ],
    }


@bp.post("/leads/<int:lead_id>/claim")
@bp.alt_response(201, schema=LeadClaimAnswerSchema, success=True)
@requires(Action.LEAD_CALL)
@creates
def claim(lead_id: int) -> Any:
    """Hold somebody's number for 15 minutes; 409 `claimed` while somebody else does."""
    seen = seen_lead(lead_id)
    held = hold(seen)
    shown = shown_lead(seen, today=today())
    saw(Deed.VIEWED, "lead", lead_id, fields=("phone",))
    answer = {"lead_id": lead_id, "phone": shown.call_digits, "until": held.until}
    return committed(jsonify(LeadClaimAnswerSchema().dump(answer)), 201)


@bp.post("/leads/<int:lead_id>/attempts")
@bp.arguments(ResultSchema)
@bp.alt_response(201, schema=LeadAttemptAnswerSchema, success=True)
@requires(Action.LEAD_CALL)
@creates
def record_attempt(typed: dict[str, Any], lead_id: int) -> Any:
    """Record what became of a call; `version` must be the one you read (else 409)."""
    seen = seen_lead(lead_id)
    made = record(seen, typed)
    answer = {
        "id": made.id,
        "lead_id": lead_id,
        "at": made.at,
        "result": made.result,
        "next_on": made.next_on,
        "lead_version": seen.lead.version,
    }
    return committed(jsonify(LeadAttemptAnswerSchema().dump(answer)), 201)
