"""A day's visits and the times agreed for them, in the API."""

from typing import Any

from flask import jsonify

from app.api import Blueprint
from app.audit.models import Deed
from app.db import db, today
from app.followup import queries
from app.followup.dayplan import services
from app.followup.dayplan.schemas import (
    DayPlanAnswerSchema,
    DayPlanSchema,
    VisitTimeAnswerSchema,
    VisitTimeSchema,
)
from app.followup.dayplan.views import looked, planned
from app.followup.dayplan.words import shown_time, told
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer

bp = Blueprint("api-dayplan", __name__, url_prefix="/api/v1", description="見守りの回り方")


@bp.get("/visits/day")
@bp.arguments(DayPlanSchema, location="query")
@bp.response(200, DayPlanAnswerSchema)
@requires(Action.VISIT_RECORD)
def day(asked: dict[str, Any]) -> Any:
    """The visits of a day in order; households in hiding stand apart, without any way."""
    plan = planned(asked)
    looked(plan, Deed.LISTED)
    return told(plan)


@bp.post("/check-ins/<int:check_in_id>/time")
@bp.arguments(VisitTimeSchema)
@bp.response(200, VisitTimeAnswerSchema)
@requires(Action.VISIT_RECORD)
@creates
def agree_on_time(typed: dict[str, Any], check_in_id: int) -> Any:
    """Keep the time agreed for a visit; `version` 0 while there is none."""
    viewer = the_viewer()
    check_in = queries.get_check_in(db.session, check_in_id, viewer, today=today())
    kept = services.agree_on(
        db.session, check_in=check_in, user_id=viewer.user_id, today=today(), **typed
    )
    shown = shown_time(kept, queries.access_of(check_in.plan, viewer, today()))
    return committed(jsonify(VisitTimeAnswerSchema().dump(dict(shown.values))))
