"""Moving visits to somebody else or to another day, for programs."""

from typing import Any

from flask import jsonify

from app.db import db, today
from app.followup.api import bp
from app.followup.moves import queries
from app.followup.moves.models import VisitMove
from app.followup.moves.schemas import MoveAnswerSchema, MoveSchema
from app.followup.moves.views import moved, taken_back
from app.followup.moves.words import told
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer


def _answer(move: VisitMove) -> Any:
    viewer = the_viewer()
    _move, lines = queries.get_move(db.session, move.id, viewer, today=today())
    return committed(jsonify(MoveAnswerSchema().dump(told(move, lines, viewer, today()))), 201)


@bp.post("/visit-moves")
@bp.arguments(MoveSchema)
@bp.response(201, MoveAnswerSchema)
@requires(Action.WATCH_PLAN)
@creates
def move_visits(typed: dict[str, Any]) -> Any:
    """Give visits, each by a check-in's `ref`, to somebody, to a day, or both.

    What is due of the same household goes along. What is done, withdrawn, promised, moved by
    somebody else or not for the one chosen stays, and its line says why.
    """
    return _answer(moved(typed))


@bp.post("/visit-moves/<int:move_id>/undo")
@bp.response(201, MoveAnswerSchema)
@requires(Action.WATCH_PLAN)
@creates
def undo_move(move_id: int) -> Any:
    """Take one's own moving back within ten minutes; 409 too_late_to_undo afterwards."""
    return _answer(taken_back(move_id))
