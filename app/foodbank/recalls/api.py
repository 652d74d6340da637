"""Recalls in the JSON API: start, look, confirm the lots, who got them, results, the end."""

from typing import Any

from flask import jsonify

from app.api import Blueprint
from app.audit.models import Deed
from app.db import db, now, today
from app.foodbank.recalls import calling, queries, services, words
from app.foodbank.recalls.answer_schemas import (
    FoundLotAnswerSchema,
    RecallAnswerSchema,
    RecallPersonAnswerSchema,
)
from app.foodbank.recalls.models import Recall
from app.foodbank.recalls.reading import Criteria
from app.foodbank.recalls.schemas import (
    CloseRecallSchema,
    ConfirmRecallSchema,
    RecallResultSchema,
    StartRecallSchema,
)
from app.idempotency import committed, creates
from app.policy import Action, Role, Tier, requires
from app.security import acting_organisation, saw, the_viewer

bp = Blueprint("api-recalls", __name__, url_prefix="/api/v1", description="食料の回収")


def _told(recall: Recall) -> Any:
    """A recall as the asker may read it: what was looked for and the figures are its own bank's."""
    own = recall.organisation_id in the_viewer().organisations(Role.FOODBANK)
    only = None if own else set(RecallAnswerSchema().fields) - {"criteria", "figures"}
    return RecallAnswerSchema(only=only).dump(recall)


@bp.get("/recalls")
@bp.response(200, RecallAnswerSchema(many=True))
@requires(Action.RECALL_READ)
def recalls() -> Any:
    """The newest first."""
    found = queries.recalls(db.session, the_viewer(), today=today())
    return jsonify([_told(recall) for recall in found])


@bp.post("/recalls")
@bp.arguments(StartRecallSchema)
@bp.response(201, RecallAnswerSchema)
@requires(Action.RECALL_MANAGE)
@creates
def start_recall(typed: dict[str, Any]) -> Any:
    """A draft from a notice or from lots; nothing is taken off offer yet."""
    viewer = the_viewer()
    recall = services.start(
        db.session,
        organisation_id=acting_organisation(viewer, Action.RECALL_MANAGE),
        user_id=viewer.user_id,
        today=today(),
        **typed,
    )
    return committed(jsonify(_told(recall)), 201)


@bp.get("/recalls/<int:recall_id>")
@bp.response(200, RecallAnswerSchema)
@requires(Action.RECALL_READ)
def recall(recall_id: int) -> Any:
    """One recall."""
    return jsonify(_told(queries.get_recall(db.session, recall_id, the_viewer(), today=today())))


@bp.get("/recalls/<int:recall_id>/lots")
@bp.response(200, FoundLotAnswerSchema(many=True))
@requires(Action.RECALL_MANAGE)
def recall_lots(recall_id: int) -> Any:
    """The lots its criteria find now, surest first, with where their units are."""
    found = queries.own_recall(db.session, recall_id, the_viewer())
    bank, criteria = found.organisation_id, Criteria.from_stored(found.criteria)
    judged = queries.judged(db.session, bank, criteria)
    return queries.found_lots(db.session, bank, judged, found.criteria.get("picked", []))


@bp.post("/recalls/<int:recall_id>/lots")
@bp.arguments(ConfirmRecallSchema)
@bp.response(200, RecallAnswerSchema)
@requires(Action.RECALL_MANAGE)
@creates
def confirm_lots(typed: dict[str, Any], recall_id: int) -> Any:
    """Take these lots off offer, pull what was packed, list who got some."""
    viewer = the_viewer()
    found = queries.own_recall(db.session, recall_id, viewer)
    services.confirm(db.session, recall=found, user_id=viewer.user_id, at=now(), **typed)
    return committed(jsonify(_told(found)))


@bp.get("/recalls/<int:recall_id>/people")
@bp.response(200, RecallPersonAnswerSchema(many=True))
@requires(Action.RECALL_CALL)
def recall_people(recall_id: int) -> Any:
    """Whom the asker may know of, as deep as they may look."""
    viewer = the_viewer()
    found = queries.get_recall(db.session, recall_id, viewer, today=today())
    said = []
    for one in queries.people(db.session, found, viewer, today=today()):
        shown = words.shown_person(one)
        if one.access.sees(Tier.CONTACT):
            saw(Deed.VIEWED, "recall_person", one.person.id, fields=shown.values)
        said.append(dict(shown.values))
    return said


@bp.post("/recalls/<int:recall_id>/people/<int:person_id>/attempts")
@bp.arguments(RecallResultSchema)
@bp.response(201, RecallPersonAnswerSchema)
@requires(Action.RECALL_CALL)
@creates
def record_result(typed: dict[str, Any], recall_id: int, person_id: int) -> Any:
    """Record a call; 409 when somebody recorded something since `version`."""
    viewer = the_viewer()
    found = queries.get_recall(db.session, recall_id, viewer, today=today())
    seen = queries.get_person(db.session, found, person_id, viewer, today=today())
    calling.record_result(
        db.session, person=seen.person, values=typed, user_id=viewer.user_id, at=now()
    )
    said = RecallPersonAnswerSchema().dump(dict(words.shown_person(seen).values))
    return committed(jsonify(said), 201)


@bp.post("/recalls/<int:recall_id>/closing")
@bp.arguments(CloseRecallSchema)
@bp.response(200, RecallAnswerSchema)
@requires(Action.RECALL_MANAGE)
@creates
def close_recall(typed: dict[str, Any], recall_id: int) -> Any:
    """End it with a report; 422 at `why_untold` while somebody was not told."""
    viewer = the_viewer()
    found = queries.own_recall(db.session, recall_id, viewer)
    services.close(db.session, recall=found, user_id=viewer.user_id, at=now(), **typed)
    return committed(jsonify(_told(found)))
