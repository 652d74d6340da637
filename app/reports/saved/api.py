"""One's own views in the JSON API: the same schema and services as on the pages."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, url_for

from app.api import Blueprint
from app.db import db, now, today
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.reports.models import ReportView
from app.reports.saved import services
from app.reports.saved.addresses import address_of
from app.reports.saved.schemas import (
    ReportViewActSchema,
    ReportViewAnswerSchema,
    ReportViewSchema,
)
from app.security import the_viewer

bp = Blueprint(
    "report_views_api", __name__, url_prefix="/api/v1/report-views", description="いつもの見方"
)


def _told(view: ReportView) -> dict[str, Any]:
    values = {name: getattr(view, name) for name in ("id", "version", *services.FIELDS)}
    return values | {"opens": address_of(view, today())}


def _answer(view: ReportView, status: int = 200) -> Response:
    answer = jsonify(ReportViewAnswerSchema().dump(_told(view)))
    if status == 201:
        answer.headers["Location"] = url_for("report_views_api.report_view", view_id=view.id)
    return committed(answer, status)


@bp.get("")
@bp.response(200, ReportViewAnswerSchema(many=True))
@requires(Action.REPORT_VIEW_SAVE)
def report_views() -> Any:
    """Your views by name; `opens` is the page each means today."""
    return [_told(view) for view in services.views_of(db.session, the_viewer().user_id)]


@bp.get("/<int:view_id>")
@bp.response(200, ReportViewAnswerSchema)
@requires(Action.REPORT_VIEW_SAVE)
def report_view(view_id: int) -> Any:
    """One of your views."""
    return _told(services.get_view(db.session, view_id, user_id=the_viewer().user_id))


@bp.post("")
@bp.arguments(ReportViewSchema)
@bp.alt_response(201, schema=ReportViewAnswerSchema, success=True)
@requires(Action.REPORT_VIEW_SAVE)
@creates
def make_view(data: Mapping[str, Any]) -> Response:
    """Keep a view under a name; no `parts` means all of them."""
    made = services.make_view(db.session, viewer=the_viewer(), values=dict(data), today=today())
    return _answer(made, 201)


@bp.put("/<int:view_id>")
@bp.arguments(ReportViewSchema)
@bp.alt_response(200, schema=ReportViewAnswerSchema, success=True)
@requires(Action.REPORT_VIEW_SAVE)
def change_view(data: Mapping[str, Any], view_id: int) -> Response:
    """Write a view anew; `version` must be the one you read (else 409)."""
    viewer = the_viewer()
    view = services.change_view(
        db.session,
        viewer=viewer,
        view=services.get_view(db.session, view_id, user_id=viewer.user_id),
        version=data["version"],
        values=dict(data),
        today=today(),
    )
    return _answer(view)


@bp.post("/<int:view_id>/deletion")
@bp.arguments(ReportViewActSchema)
@bp.alt_response(200, schema=ReportViewAnswerSchema, success=True)
@requires(Action.REPORT_VIEW_SAVE)
@creates
def delete_view(asked: Mapping[str, Any], view_id: int) -> Response:
    """Put a view away; `version` must be the one you read (else 409)."""
    view = services.get_view(db.session, view_id, user_id=the_viewer().user_id)
    services.delete_view(db.session, view=view, version=asked["version"], at=now())
    return _answer(view)


@bp.post("/<int:view_id>/restoration")
@bp.alt_response(200, schema=ReportViewAnswerSchema, success=True)
@requires(Action.REPORT_VIEW_SAVE)
@creates
def restore_view(view_id: int) -> Response:
    """Bring a view back within ten minutes of putting it away."""
    view = services.get_view(db.session, view_id, user_id=the_viewer().user_id, deleted=True)
    services.restore_view(db.session, view=view, at=now())
    return _answer(view)
