"""The API on vacancies: whom to ask, what came back, and links to answer by."""

from typing import Any

from flask import jsonify

from app.api import PageSchema
from app.db import db, now, today
from app.housing.api import bp
from app.housing.freshness import queries, services
from app.housing.freshness.addresses import address_of
from app.housing.freshness.schemas import (
    CheckAnswerSchema,
    CheckSchema,
    LinkAnswerSchema,
    LinkSchema,
    ToAskAnswerSchema,
)
from app.housing.freshness.views import link_for
from app.housing.homes.queries import get_home
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import acting_organisation, the_viewer


@bp.get("/vacancies/to-ask")
@bp.arguments(PageSchema, location="query")
@bp.response(200, ToAskAnswerSchema)
@requires(Action.HOME_EDIT)
def to_ask(asked: dict[str, Any]) -> Any:
    """Contacts to phone, each with the homes to ask about; twenty contacts a page."""
    found = queries.to_ask(
        db.session, today=today(), at=now(), user_id=the_viewer().user_id, page=asked["page"]
    )
    return {
        "items": [
            {
                "name": contact.name,
                "phones": list(contact.phones),
                "homes": [home.id for home in contact.homes],
            }
            for contact in found.contacts
        ],
        "total": found.total,
        "homes": found.homes,
        "page": found.page,
    }


@bp.post("/homes/<int:home_id>/checks")
@bp.arguments(CheckSchema)
@bp.alt_response(201, schema=CheckAnswerSchema, success=True)
@requires(Action.HOME_EDIT)
@creates
def check_home(typed: dict[str, Any], home_id: int) -> Any:
    """Write down what came back when somebody asked "is it still vacant?"."""
    check = services.write_check(
        db.session,
        home=get_home(db.session, home_id),
        answer=typed["answer"],
        note=typed["note"],
        user_id=the_viewer().user_id,
        today=today(),
    )
    return committed(jsonify(CheckAnswerSchema().dump(check)), 201)


@bp.post("/vacancies/links")
@bp.arguments(LinkSchema)
@bp.alt_response(201, schema=LinkAnswerSchema, success=True)
@requires(Action.HOME_EDIT)
@creates
def make_link(typed: dict[str, Any]) -> Any:
    """A link by which one contact answers for these homes."""
    viewer = the_viewer()
    link = link_for(typed, acting_organisation(viewer, Action.HOME_EDIT), viewer.user_id)
    told = {
        "id": link.id,
        "url": address_of(link),
        "expires_at": link.expires_at,
        "homes": [asked.home_id for asked in link.homes],
    }
    return committed(jsonify(LinkAnswerSchema().dump(told)), 201)
