"""Landlords in the API: for the housing organisation's staff alone, as their pages are."""

from typing import Any

from flask import jsonify

from app.api import PageSchema
from app.audit.models import Deed
from app.db import db
from app.housing.api import bp
from app.housing.landlords import queries
from app.housing.landlords.schemas import (
    LandlordAnswerSchema,
    LandlordFilterSchema,
    LandlordPageAnswerSchema,
)
from app.housing.models import Landlord
from app.policy import Action, requires
from app.security import saw


class LandlordListSchema(LandlordFilterSchema, PageSchema):
    """Narrowing and paging the list of landlords."""


@bp.get("/landlords")
@bp.arguments(LandlordListSchema, location="query")
@bp.alt_response(200, schema=LandlordPageAnswerSchema, success=True)
@requires(Action.HOME_EDIT)
def landlords(asked: dict[str, Any]) -> Any:
    """Landlords found by name, kana or phone; the total is in the body."""
    found = queries.search_landlords(
        db.session,
        asked["words"],
        sort=asked["sort"],
        page=asked["page"],
        per_page=asked["per_page"],
    )
    rows = [_plain(one, found.homes.get(one.id, 0)) for one in found.landlords]
    items = LandlordAnswerSchema(many=True).dump(rows)
    return jsonify({"items": items, "total": found.total, "page": found.page})


@bp.get("/landlords/<int:landlord_id>")
@bp.response(200, LandlordAnswerSchema)
@requires(Action.HOME_EDIT)
def landlord(landlord_id: int) -> Any:
    """One landlord: how to reach them, what worries them and what reassured them."""
    found = queries.get_landlord(db.session, landlord_id)
    saw(Deed.VIEWED, "landlord", found.id, fields=("name", "phone"))
    return _plain(found, queries.home_counts(db.session, [found.id]).get(found.id, 0))


def _plain(one: Landlord, homes: int) -> dict[str, Any]:
    names = (name for name in LandlordAnswerSchema().fields if name != "homes")
    return {name: getattr(one, name) for name in names} | {"homes": homes}
