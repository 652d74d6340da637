"""Partners in the API: who there is, in the pages' words."""

from typing import Any

from flask import jsonify

from app.api import Blueprint, PageSchema
from app.db import db
from app.directory import queries
from app.directory.panels import homes_of
from app.directory.schemas import PartnerFilterSchema, PartnerPageAnswerSchema
from app.directory.views import sees_phone
from app.policy import Action, requires, sees_contacts
from app.security import the_viewer

bp = Blueprint("api-directory", __name__, url_prefix="/api/v1", description="業者と保証会社")


class PartnerListSchema(PartnerFilterSchema, PageSchema):
    """Narrowing and paging the list of partners."""


@bp.get("/partners")
@bp.arguments(PartnerListSchema, location="query")
@bp.alt_response(200, schema=PartnerPageAnswerSchema, success=True)
@requires(Action.DIRECTORY_READ)
def partners(asked: dict[str, Any]) -> Any:
    """Realtors or guarantor companies; the total is in the body."""
    inside = sees_contacts(the_viewer())
    found = queries.list_partners(db.session, asked["kind"], asked["words"], contacts=inside)
    start = (asked["page"] - 1) * asked["per_page"]
    rows = found[start : start + asked["per_page"]]
    homes = homes_of(db.session, [one.id for one in rows])
    phones = sees_phone(the_viewer(), asked["kind"])
    items = [
        {
            "id": one.id,
            "kind": one.kind.value,
            "name": one.name,
            "kana": one.kana,
            "phone": one.phone if phones else None,
            "homes": homes.get(one.id, 0),
            "version": one.version,
        }
        for one in rows
    ]
    return jsonify({"items": items, "total": len(found), "page": asked["page"]})
