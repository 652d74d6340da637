"""Partners in the API: who there is, what they do and whom to ask for, as the pages show it."""

from collections.abc import Mapping
from typing import Any

from flask import jsonify

from app.api import Blueprint, PageSchema
from app.audit.models import Deed
from app.db import db
from app.directory import queries, services
from app.directory.access import kinds_seen
from app.directory.blueprint import counts_homes, kept, opened, opened_to_change
from app.directory.models import Partner
from app.directory.panels import homes_of
from app.directory.records import shown_partner
from app.directory.schemas import (
    PartnerAnswerSchema,
    PartnerBodySchema,
    PartnerFilterSchema,
    PartnerPageAnswerSchema,
    schema_of,
)
from app.errors import InvalidError
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import saw, the_viewer

bp = Blueprint("api-directory", __name__, url_prefix="/api/v1", description="つなぎ先")


class PartnerListSchema(PartnerFilterSchema, PageSchema):
    """Narrowing and paging the list of partners."""


@bp.get("/partners")
@bp.arguments(PartnerListSchema, location="query")
@bp.alt_response(200, schema=PartnerPageAnswerSchema, success=True)
@requires(Action.DIRECTORY_READ)
def partners(asked: dict[str, Any]) -> Any:
    """Partners by kind, system, what they offer and words; the total is in the body."""
    viewer = the_viewer()
    kinds = [kind for kind in kinds_seen(viewer) if asked["kind"] in {None, kind}]
    wanted = queries.Asked(kinds, asked["words"], asked["system"], asked["offer"], asked["ended"])
    found = queries.find_partners(db.session, wanted, viewer)
    homes = homes_of(db.session, [one.id for one in found]) if counts_homes() else {}
    queries.put_in_order(found, asked["sort"], homes)
    start = (asked["page"] - 1) * asked["per_page"]
    rows = [_plain(one, homes) for one in found[start : start + asked["per_page"]]]
    items = PartnerAnswerSchema(many=True).dump(rows)
    return jsonify({"items": items, "total": len(found), "page": asked["page"]})


@bp.get("/partners/<int:partner_id>")
@bp.response(200, PartnerAnswerSchema)
@requires(Action.DIRECTORY_READ)
def partner(partner_id: int) -> Any:
    """One partner: whom to ask for, what they do, and what the asker may know besides."""
    found = opened(partner_id)
    return _seen(found)


@bp.post("/partners")
@bp.arguments(PartnerBodySchema)
@bp.alt_response(201, schema=PartnerAnswerSchema, success=True)
@requires(Action.DIRECTORY_EDIT)
@creates
def add_partner(body: dict[str, Any]) -> Any:
    """Register a partner of a kind the asker keeps."""
    kind = kept(body.pop("kind"))
    values = {name: body[name] for name in schema_of(kind).fields if name != "version"}
    made = services.add_partner(db.session, kind=kind, values=values, user_id=the_viewer().user_id)
    return committed(jsonify(PartnerAnswerSchema().dump(_seen(made))), 201)


@bp.put("/partners/<int:partner_id>")
@bp.arguments(PartnerBodySchema)
@bp.alt_response(200, schema=PartnerAnswerSchema, success=True)
@requires(Action.DIRECTORY_EDIT)
def change_partner(body: dict[str, Any], partner_id: int) -> Any:
    """Correct a partner: all of it, with the version it was read at (409 when it moved on)."""
    found = opened_to_change(partner_id)
    if body.pop("kind") is not found.kind:
        sentence = "種類は変えられません。別の相手として登録してください。"
        raise InvalidError(sentence, fields={"kind": [sentence]})
    values = {name: body[name] for name in schema_of(found.kind).fields if name != "version"}
    services.change_partner(
        db.session,
        partner=found,
        version=body["version"],
        values=values,
        user_id=the_viewer().user_id,
    )
    return committed(jsonify(PartnerAnswerSchema().dump(_seen(found))))


def _seen(found: Partner) -> dict[str, Any]:
    """A partner somebody asked for by its number; whoever reads names of people is written down."""
    homes = homes_of(db.session, [found.id]) if counts_homes() else {}
    plain = _plain(found, homes)
    if plain.get("contacts"):
        saw(Deed.VIEWED, "partner", found.id, fields=("contacts",))
    return plain


def _plain(one: Partner, homes: Mapping[int, int]) -> dict[str, Any]:
    shown = shown_partner(one, the_viewer())
    values = {name: shown[name] for name in PartnerAnswerSchema().fields if name != "homes"}
    return values | {"homes": homes.get(one.id, 0) if counts_homes() else None}
