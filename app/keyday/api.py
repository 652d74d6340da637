"""The key date in the API: a plan, what is done of it, and the template it is made from."""

from typing import Any

from flask import jsonify

from app.api import Blueprint
from app.audit.models import Deed
from app.cases.listing import names_of
from app.cases.queries import access_to
from app.db import db, now, today
from app.idempotency import committed, creates
from app.keyday import queries, services, templates
from app.keyday.codes import said_as
from app.keyday.models import KeyDayPlan, KeyDayTask, KeyDayTemplateLine
from app.keyday.schemas import (
    DropSchema,
    EditLineSchema,
    KeyDayAnswerSchema,
    KeyDayTemplateAnswerSchema,
    LineAnswerSchema,
    LineSchema,
    MoveLineSchema,
    ReopenSchema,
    TaskAnswerSchema,
    TickSchema,
)
from app.keyday.shipped import Line
from app.keyday.words import is_closed, people_in, shown_task
from app.placements.queries import get_placement
from app.policy import Action, requires
from app.security import acting_organisation, saw, the_viewer

bp = Blueprint("api-keyday", __name__, url_prefix="/api/v1", description="鍵の日の段取り")


def _told(plan: KeyDayPlan) -> dict[str, Any]:
    """A plan with the tasks this caller may know of."""
    placement = plan.placement
    access = access_to(placement.case, the_viewer(), today=today())
    bases = queries.bases_of(placement)
    names = names_of(db.session, people_in(plan.tasks))
    return {
        "id": plan.id,
        "placement_id": placement.id,
        "keys_on": bases.keys,
        "move_in_on": bases.move_in,
        "closed": is_closed(plan),
        "tasks": [
            shown_task(task, bases, access, names) for task in queries.tasks_for(plan, access)
        ],
    }


@bp.get("/placements/<int:placement_id>/key-day")
@bp.response(200, KeyDayAnswerSchema)
@requires(Action.PLACEMENT_READ)
def plan(placement_id: int) -> Any:
    """Everything around one key date, each task with the day it falls on as things stand."""
    found = queries.get_plan(db.session, placement_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "case", found.placement.case_id, fields=("home",))
    return _told(found)


@bp.post("/placements/<int:placement_id>/key-day")
@bp.response(201, KeyDayAnswerSchema)
@requires(Action.PLACEMENT_STEP)
@creates
def make_plan(placement_id: int) -> Any:
    """Make the plan from the template; 200 with the plan that is there already, 422 too early."""
    viewer = the_viewer()
    placement = get_placement(db.session, placement_id, viewer, today=today())
    found, made = services.make_plan(
        db.session, placement=placement, user_id=viewer.user_id, today=today()
    )
    return committed(jsonify(KeyDayAnswerSchema().dump(_told(found))), 201 if made else 200)


def _task(placement_id: int, task_id: int) -> KeyDayTask:
    return queries.get_task(db.session, placement_id, task_id, the_viewer(), today=today())


def _answer(task: KeyDayTask) -> Any:
    told = _told(task.plan)["tasks"]
    row = next(one for one in told if one["id"] == task.id)
    return committed(jsonify(TaskAnswerSchema().dump(row)))


@bp.post("/placements/<int:placement_id>/key-day/tasks/<int:task_id>/done")
@bp.arguments(TickSchema)
@bp.response(200, TaskAnswerSchema)
@requires(Action.KEY_DAY_TICK)
@creates
def finish_task(typed: dict[str, Any], placement_id: int, task_id: int) -> Any:
    """Tick a task; 409 with code task_closed when somebody was first, stale when it changed."""
    task = _task(placement_id, task_id)
    services.finish_task(
        db.session,
        task=task,
        **typed,
        user_id=the_viewer().user_id,
        today=today(),
        at=now(),
    )
    return _answer(task)


@bp.post("/placements/<int:placement_id>/key-day/tasks/<int:task_id>/not-needed")
@bp.arguments(DropSchema)
@bp.response(200, TaskAnswerSchema)
@requires(Action.KEY_DAY_TICK)
@creates
def drop_task(typed: dict[str, Any], placement_id: int, task_id: int) -> Any:
    """Say that a task is not needed, and why; it stays in the plan."""
    task = _task(placement_id, task_id)
    services.drop_task(db.session, task=task, **typed, user_id=the_viewer().user_id, at=now())
    return _answer(task)


@bp.post("/placements/<int:placement_id>/key-day/tasks/<int:task_id>/reopening")
@bp.arguments(ReopenSchema)
@bp.response(200, TaskAnswerSchema)
@requires(Action.KEY_DAY_TICK)
@creates
def reopen_task(typed: dict[str, Any], placement_id: int, task_id: int) -> Any:
    """Put a task back among those to be done."""
    task = _task(placement_id, task_id)
    services.reopen_task(db.session, task=task, **typed, user_id=the_viewer().user_id)
    return _answer(task)


# ------------------------------------------------------------------------------- template


def _ours() -> int:
    return acting_organisation(the_viewer(), Action.MASTER_EDIT)


def _line(line: Line | KeyDayTemplateLine) -> dict[str, Any]:
    counted, days = said_as(line.counted_from, line.offset_days)
    names = ("code", "title", "explanation", "doer", "partner_name", "applies", "basis", "certain")
    return {name: getattr(line, name) for name in names} | {
        "counted": counted,
        "days": days,
        "active": getattr(line, "active", True),
        "version": getattr(line, "version", templates.FIRST_VERSION),
    }


@bp.get("/key-day-template")
@bp.response(200, KeyDayTemplateAnswerSchema)
@requires(Action.MASTER_EDIT)
def template() -> Any:
    """The lines new plans are made from, retired ones too; nothing of them names a household."""
    lines = templates.all_lines(db.session, _ours())
    own = queries.template_of(db.session, _ours()) is not None
    return {"own": own, "lines": [_line(one) for one in lines]}


@bp.post("/key-day-template/lines")
@bp.arguments(LineSchema)
@bp.response(201, LineAnswerSchema)
@requires(Action.MASTER_EDIT)
@creates
def add_line(typed: dict[str, Any]) -> Any:
    """One more line at the end; plans already made keep theirs."""
    line = templates.add_line(
        db.session, organisation_id=_ours(), values=typed, user_id=the_viewer().user_id
    )
    return committed(jsonify(LineAnswerSchema().dump(_line(line))), 201)


@bp.post("/key-day-template/lines/<code>")
@bp.arguments(EditLineSchema)
@bp.response(200, LineAnswerSchema)
@requires(Action.MASTER_EDIT)
@creates
def change_line(typed: dict[str, Any], code: str) -> Any:
    """Put a line right, retire it or use it again; 409 when somebody was first."""
    version = typed.pop("version")
    line = templates.change_line(
        db.session,
        organisation_id=_ours(),
        code=code,
        version=version,
        values=typed,
        user_id=the_viewer().user_id,
    )
    return committed(jsonify(LineAnswerSchema().dump(_line(line))))


@bp.post("/key-day-template/lines/<code>/place")
@bp.arguments(MoveLineSchema)
@bp.response(200, LineAnswerSchema)
@requires(Action.MASTER_EDIT)
@creates
def move_line(typed: dict[str, Any], code: str) -> Any:
    """One place up or down among the lines of the same day; 422 where there is no neighbour."""
    line = templates.move_line(
        db.session, organisation_id=_ours(), code=code, user_id=the_viewer().user_id, **typed
    )
    return committed(jsonify(LineAnswerSchema().dump(_line(line))))
