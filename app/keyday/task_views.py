"""Pages of one task: another day or person, not needed, done, back again, and one more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import FormPage, Section, attempt, conflict_of
from app.cases.listing import called, names_of
from app.cases.queries import access_to
from app.db import db, now, today
from app.forms import BaseSchema, Form
from app.idempotency import creates
from app.keyday import queries, services
from app.keyday.blueprint import bp
from app.keyday.codes import said_as
from app.keyday.models import KeyDayPlan, KeyDayTask
from app.keyday.schemas import DropSchema, EditTaskSchema, ReopenSchema, TaskSchema, TickSchema
from app.keyday.views import back_to
from app.keyday.words import is_closed, people_in, rows_of
from app.placements.models import Placement
from app.placements.queries import staff_to_go_along
from app.policy import Action, Tier, requires
from app.security import saw, the_viewer

SECTIONS = (
    Section("すること", ("title", "explanation")),
    Section("いつ", (("counted", "days"), "fixed_on")),
    Section("だれが", ("doer", ("colleague_id", "partner_name"))),
    Section("メモ", ("note",)),
)


def _form(schema: BaseSchema, placement: Placement, **values: Any) -> Form:
    """A task's form with the colleagues to choose from; the note only for who may read it."""
    if not access_to(placement.case, the_viewer(), today=today()).sees(Tier.CARE):
        del schema.fields["note"], schema.load_fields["note"], schema.dump_fields["note"]
    people = staff_to_go_along(db.session, placement)
    return Form(schema, choices={"colleague_id": people}, **values)


def _values(task: KeyDayTask) -> dict[str, Any]:
    """An open task as its form has it."""
    counted, days = said_as(task.counted_from, task.offset_days)
    names = ("title", "explanation", "doer", "partner_name", "colleague_id", "fixed_on", "note")
    return {name: getattr(task, name) for name in names} | {"counted": counted, "days": days}


def _found(placement_id: int, task_id: int) -> KeyDayTask:
    return queries.get_task(db.session, placement_id, task_id, the_viewer(), today=today())


@bp.get("/placements/<int:placement_id>/key-day/tasks/<int:task_id>")
@requires(Action.PLACEMENT_READ)
def task_page(placement_id: int, task_id: int) -> Answer:
    """One task: what it is, and everything that can be done with it."""
    return _task_page(_found(placement_id, task_id))


def _task_page(
    task: KeyDayTask,
    *,
    forms: Mapping[str, Form] | None = None,
    conflict: Mapping[str, Any] | None = None,
) -> str:
    viewer, placement = the_viewer(), task.plan.placement
    access = access_to(placement.case, viewer, today=today())
    names = names_of(db.session, people_in([task]))
    row = next(
        one for one in rows_of(task.plan, access, names, today=today()) if one["id"] == task.id
    )
    saw(Deed.VIEWED, "case", placement.case_id, fields=("home", "name"))
    given = forms or {}
    edit = given.get("edit") or _form(EditTaskSchema(), placement, initial=_values(task))
    return render_template(
        "keyday/task.html",
        row=row,
        placement=placement,
        called=called(placement.case, viewer, today=today()),
        closed=is_closed(task.plan),
        refused=next(iter(given.values()), None),
        tick=given.get("tick") or Form(TickSchema(), initial={"done_on": today()}),
        drop=given.get("drop") or Form(DropSchema()),
        conflict=conflict,
        editing="edit" in given,
        page=FormPage(
            title=task.title,
            form=edit,
            sections=SECTIONS,
            action=url_for("keyday.change_task", placement_id=placement.id, task_id=task.id),
            submit=_("記録する"),
            cancel_url=url_for("keyday.plan_page", placement_id=placement.id),
            version=task.version,
        ),
    )


@dataclass(frozen=True)
class TaskDeed:
    """One thing that can be done with a task: the name of its form, the doing, what is said."""

    name: str
    act: Callable[[KeyDayTask, dict[str, Any]], object]
    said: str


def _done(placement_id: int, task_id: int, form: Form, deed: TaskDeed) -> Answer:
    """Do it and go back to the plan; else the page of the task with what was wrong."""
    task = _found(placement_id, task_id)
    status = attempt(form, lambda data: deed.act(task, data))
    if status == 200:
        flash(deed.said)
        return back_to(placement_id, f"task-{task_id}")
    task = _found(placement_id, task_id)
    conflict = None
    if status == 409:
        theirs = _values(task) | {"done_on": task.done_on, "reason": task.reason}
        conflict = conflict_of(form, theirs, record_kind="key_day_task", record_id=task.id)
    return _task_page(task, forms={deed.name: form}, conflict=conflict), status


@bp.post("/placements/<int:placement_id>/key-day/tasks/<int:task_id>/change")
@requires(Action.PLACEMENT_STEP)
@creates
def change_task(placement_id: int, task_id: int) -> Answer:
    task = _found(placement_id, task_id)
    form = _form(EditTaskSchema(), task.plan.placement, typed=request.form)

    def act(task: KeyDayTask, data: dict[str, Any]) -> None:
        values = dict(data)
        services.change_task(
            db.session,
            task=task,
            version=values.pop("version"),
            values=values,
            user_id=the_viewer().user_id,
        )

    return _done(placement_id, task_id, form, TaskDeed("edit", act, _("書きかえました。")))


@bp.post("/placements/<int:placement_id>/key-day/tasks/<int:task_id>/done-on")
@requires(Action.KEY_DAY_TICK)
@creates
def finish_task(placement_id: int, task_id: int) -> Answer:
    """Done, on another day than today perhaps."""
    viewer = the_viewer()

    def act(task: KeyDayTask, data: dict[str, Any]) -> None:
        services.finish_task(
            db.session, task=task, **data, user_id=viewer.user_id, today=today(), at=now()
        )

    form = Form(TickSchema(), typed=request.form)
    return _done(placement_id, task_id, form, TaskDeed("tick", act, _("済みにしました。")))


@bp.post("/placements/<int:placement_id>/key-day/tasks/<int:task_id>/not-needed")
@requires(Action.KEY_DAY_TICK)
@creates
def drop_task(placement_id: int, task_id: int) -> Answer:
    viewer = the_viewer()

    def act(task: KeyDayTask, data: dict[str, Any]) -> None:
        services.drop_task(db.session, task=task, **data, user_id=viewer.user_id, at=now())

    form = Form(DropSchema(), typed=request.form)
    return _done(placement_id, task_id, form, TaskDeed("drop", act, _("「要らない」にしました。")))


@bp.post("/placements/<int:placement_id>/key-day/tasks/<int:task_id>/reopening")
@requires(Action.KEY_DAY_TICK)
@creates
def reopen_task(placement_id: int, task_id: int) -> Answer:
    viewer = the_viewer()

    def act(task: KeyDayTask, data: dict[str, Any]) -> None:
        services.reopen_task(db.session, task=task, **data, user_id=viewer.user_id)

    form = Form(ReopenSchema(), typed=request.form)
    return _done(
        placement_id, task_id, form, TaskDeed("reopen", act, _("「これから」に戻しました。"))
    )


@bp.get("/placements/<int:placement_id>/key-day/tasks/new")
@requires(Action.PLACEMENT_STEP)
def new_task_page(placement_id: int) -> Answer:
    plan = queries.get_plan(db.session, placement_id, the_viewer(), today=today())
    initial = {"days": 0, "doer": "household"}
    return _new_page(plan, _form(TaskSchema(), plan.placement, initial=initial))


def _new_page(plan: KeyDayPlan, form: Form) -> str:
    back = url_for("keyday.plan_page", placement_id=plan.placement_id)
    case = plan.placement.case
    saw(Deed.VIEWED, "case", case.id, fields=("name",))
    return render_template(
        "cases/form.html",
        head=None,
        breadcrumbs=[(_("鍵の日"), url_for("keyday.plan_list")), (_("鍵の日の段取り"), back)],
        page=FormPage(
            title=_("することを加える"),
            lead=called(case, the_viewer(), today=today()),
            form=form,
            sections=SECTIONS,
            action=url_for("keyday.add_task", placement_id=plan.placement_id),
            submit=_("加える"),
            cancel_url=back,
        ),
    )


@bp.post("/placements/<int:placement_id>/key-day/tasks")
@requires(Action.PLACEMENT_STEP)
@creates
def add_task(placement_id: int) -> Answer:
    viewer = the_viewer()
    plan = queries.get_plan(db.session, placement_id, viewer, today=today())
    form = _form(TaskSchema(), plan.placement, typed=request.form)
    status = attempt(
        form,
        lambda data: services.add_task(db.session, plan=plan, values=data, user_id=viewer.user_id),
    )
    if status != 200:
        plan = queries.get_plan(db.session, placement_id, viewer, today=today())
        return _new_page(plan, form), status
    flash(_("加えました。"))
    return back_to(placement_id)
