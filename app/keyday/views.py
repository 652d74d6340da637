"""Pages of the key date: one plan with its ticks, making it, and all plans that are running."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.listing import called, names_of
from app.cases.queries import access_to
from app.cases.work.services import approved_papers
from app.db import db, now, today
from app.errors import InvalidError
from app.forms import Form
from app.idempotency import committed, creates
from app.keyday import queries, services
from app.keyday.blueprint import bp
from app.keyday.codes import TaskState
from app.keyday.models import KeyDayPlan
from app.keyday.papers import PAPER_LABELS
from app.keyday.schemas import TickSchema
from app.keyday.ties import seen_beside
from app.keyday.words import is_closed, parts_of, people_in, rows_of, when_words
from app.placements.queries import get_placement
from app.policy import Action, Protection, requires
from app.security import saw, the_viewer
from app.wording import weekday


def back_to(placement_id: int, anchor: str = "") -> Answer:
    """To the plan, at the task just worked on."""
    url = url_for("keyday.plan_page", placement_id=placement_id, _anchor=anchor or None)
    return committed(redirect(url, 303))


@bp.get("/placements/<int:placement_id>/key-day")
@requires(Action.PLACEMENT_READ)
def plan_page(placement_id: int) -> Answer:
    """The plan of one placement; before it is made, a page that makes it."""
    viewer = the_viewer()
    placement = get_placement(db.session, placement_id, viewer, today=today())
    plan = queries.plan_of(db.session, placement_id)
    saw(Deed.VIEWED, "case", placement.case_id, fields=("home", "name"))
    if plan is None:
        return render_template(
            "keyday/none.html",
            placement=placement,
            called=called(placement.case, viewer, today=today()),
            ready=queries.is_ready(placement),
        )
    return draw_plan(plan)


def draw_plan(plan: KeyDayPlan) -> str:
    """The page of a plan."""
    viewer, placement = the_viewer(), plan.placement
    access = access_to(placement.case, viewer, today=today())
    names = names_of(db.session, people_in(plan.tasks))
    rows = rows_of(plan, access, names, today=today())
    bases = queries.bases_of(placement)
    return render_template(
        "keyday/plan.html",
        plan=plan,
        placement=placement,
        called=called(placement.case, viewer, today=today()),
        parts=parts_of(rows),
        left=sum(row["open"] for row in rows),
        late=sum(row["late"] for row in rows),
        total=len(rows),
        keys_on=weekday(bases.keys),
        move_in_on=weekday(bases.move_in),
        seen=seen_beside(db.session, plan, access, viewer, today=today()),
        closed=is_closed(plan),
        papers=list(PAPER_LABELS.items()),
        free=placement.case.protection is Protection.NO,
        approved=approved_papers(db.session, placement.case_id, user_id=viewer.user_id),
    )


@bp.post("/placements/<int:placement_id>/key-day")
@requires(Action.PLACEMENT_STEP)
@creates
def make_plan(placement_id: int) -> Answer:
    viewer = the_viewer()
    placement = get_placement(db.session, placement_id, viewer, today=today())
    _plan, made = services.make_plan(
        db.session, placement=placement, user_id=viewer.user_id, today=today()
    )
    if made:
        flash(_("鍵の日の段取りを作りました。「？」の付いたものは、当てはまるか確かめてください。"))
    return back_to(placement_id)


@bp.post("/placements/<int:placement_id>/key-day/tasks/<int:task_id>/done")
@requires(Action.KEY_DAY_TICK)
@creates
def tick_task(placement_id: int, task_id: int) -> Answer:
    """One tap: done today."""
    viewer = the_viewer()
    task = queries.get_task(db.session, placement_id, task_id, viewer, today=today())
    form = Form(TickSchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("画面を読み込み直してから、もう一度押してください。"))
    services.finish_task(
        db.session, task=task, **form.data, user_id=viewer.user_id, today=today(), at=now()
    )
    flash(_("「%(title)s」を済みにしました。", title=task.title))
    return back_to(placement_id, f"task-{task_id}")


@bp.get("/key-days")
@requires(Action.PLACEMENT_READ)
def plan_list() -> Answer:
    """Every plan with something left to do, by key date."""
    viewer = the_viewer()
    running = queries.running_plans(db.session, viewer, today=today())
    for one in running:
        saw(Deed.LISTED, "case", one.plan.placement.case_id, fields=("home", "name"))
    return render_template("keyday/list.html", rows=[_row(one) for one in running])


def _row(one: queries.Running) -> dict[str, Any]:
    placement = one.plan.placement
    on, task = one.open_tasks[0]
    late = [due for due, _task in one.open_tasks if due is not None and due < today()]
    return {
        "called": called(placement.case, the_viewer(), today=today()),
        "home": f"{placement.home.property.name} {placement.home.room}",
        "url": url_for("keyday.plan_page", placement_id=placement.id),
        "keys_on": weekday(one.bases.keys),
        "move_in_on": weekday(one.bases.move_in),
        "done": one.done,
        "total": len(one.tasks),
        "late": len(late),
        "next": task.title,
        "next_on": when_words(task, on),
        "asked": sum(t.to_ask and t.state is TaskState.OPEN for t in one.tasks),
    }
