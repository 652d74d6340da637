"""一括の組み合わせ in the API: the same services, words and policy as the pages."""

from typing import Any

from flask import jsonify, url_for

from app.audit.models import Deed
from app.db import db, now, today
from app.errors import NotFoundError
from app.housing.api import bp
from app.housing.batches import making, page, queries, services
from app.housing.batches.lock_views import NOT_IN_IT, require_seen_lock
from app.housing.batches.models import BatchState
from app.housing.batches.schemas import BatchAnswerSchema, LockSchema, PolicySchema
from app.housing.batches.views import led, note_looks, ready
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import acting_organisation, the_viewer


@bp.post("/batches")
@bp.response(201, BatchAnswerSchema)
@requires(Action.MATCH_RUN)
@creates
def make_batch() -> Any:
    """Match everybody with a housing need at once; 422 with code nobody when there is none."""
    viewer = the_viewer()
    batch = making.make_batch(
        db.session,
        viewer=viewer,
        organisation_id=acting_organisation(viewer, Action.MATCH_RUN),
        today=today(),
        at=now(),
    )
    answer = jsonify(_plain(batch.id))
    answer.headers["Location"] = url_for("api-housing.batch", batch_id=batch.id)
    return committed(answer, 201)


@bp.get("/batches/<int:batch_id>")
@bp.response(200, BatchAnswerSchema)
@requires(Action.MATCH_RUN)
def batch(batch_id: int) -> Any:
    """A batch, with those of its households whose place the reader may know."""
    return jsonify(_plain(batch_id))


@bp.post("/batches/<int:batch_id>/policy")
@bp.arguments(PolicySchema)
@bp.response(200, BatchAnswerSchema)
@requires(Action.MATCH_RUN)
@creates
def choose_policy(typed: dict[str, Any], batch_id: int) -> Any:
    """Let something else count first, and solve again."""
    services.choose_policy(
        db.session,
        batch=led(batch_id).batch,
        policy=typed["policy"],
        user_id=the_viewer().user_id,
        today=today(),
        at=now(),
    )
    return committed(jsonify(_plain(batch_id)))


@bp.post("/batches/<int:batch_id>/locks")
@bp.arguments(LockSchema)
@bp.response(201, BatchAnswerSchema)
@requires(Action.MATCH_RUN)
@creates
def lock_pair(typed: dict[str, Any], batch_id: int) -> Any:
    """Fix a pair or rule it out, and solve again; 409 where another decision stands against it."""
    seen = ready(batch_id)
    if not seen.sees(typed["case_id"]):
        raise NotFoundError(NOT_IN_IT)
    services.lock_pair(
        db.session,
        batch=seen.batch,
        **typed,
        user_id=the_viewer().user_id,
        today=today(),
        at=now(),
    )
    return committed(jsonify(_plain(batch_id)), 201)


@bp.post("/batches/<int:batch_id>/locks/<int:lock_id>/undo")
@bp.response(200, BatchAnswerSchema)
@requires(Action.MATCH_RUN)
@creates
def undo_lock(batch_id: int, lock_id: int) -> Any:
    """Take a lock back, and solve again; 409 when it already is."""
    seen = ready(batch_id)
    require_seen_lock(seen, lock_id)
    services.undo_lock(
        db.session,
        batch=seen.batch,
        lock_id=lock_id,
        user_id=the_viewer().user_id,
        today=today(),
        at=now(),
    )
    return committed(jsonify(_plain(batch_id)))


def _plain(batch_id: int) -> dict[str, Any]:
    seen = queries.get_batch(db.session, batch_id, the_viewer(), today=today())
    note_looks(seen, Deed.VIEWED)
    batch = seen.batch
    plain: dict[str, Any] = {
        name: getattr(batch, name) for name in ("id", "run_on", "rule_version", "state", "policy")
    }
    if batch.state is BatchState.READY:
        plain |= _answer(seen)
    dumped: dict[str, Any] = BatchAnswerSchema().dump(plain)
    return dumped


def _answer(seen: queries.SeenBatch) -> dict[str, Any]:
    words = page.words_of(db.session, seen, today=today())
    return {
        "pairs": [
            {
                **pair,
                "home": pair["home"]["name"],
                "rent": pair["home"]["rent"],
                "reason": pair["home"]["reason"],
                "question": pair["home"]["question"],
                "arrange": list(pair["home"]["arrange"]),
                "fixed": pair["lock"] is not None,
                "outcome": pair["outcome"][0] if pair["outcome"] else None,
            }
            for pair in words.pairs()
        ],
        "without": words.without(),
        "policies": words.policies(),
        "moves": words.moves(),
        "kept": [home["id"] for home in words.kept()],
        "locks": words.locks(),
    }
