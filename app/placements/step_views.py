"""Pages: the way to the keys step by step, appointments ahead, and steps taken back."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.listing import called
from app.db import db, now, today
from app.errors import InvalidError, NotFoundError
from app.forms import Form
from app.idempotency import committed, creates
from app.placements import page, queries, steps
from app.placements.blueprint import bp
from app.placements.codes import StepKind
from app.placements.models import Placement, PlacementStep
from app.placements.schemas import AppointmentSchema, ReturnSchema, StepSchema
from app.policy import Action, requires
from app.security import saw, the_viewer
from app.wording import weekday


@bp.get("/placements/<int:placement_id>")
@requires(Action.PLACEMENT_READ)
def placement_page(placement_id: int) -> Answer:
    placement = queries.get_placement(db.session, placement_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "case", placement.case_id, fields=("home", "name"))
    return page.placement_page(placement)


def _again(placement: Placement, form: Form, *, planning: bool) -> tuple[str, int]:
    """The page with what was typed and what was wrong with it."""
    kind = next((k for k in StepKind if k.value == form["kind"].value), None)
    if kind is None:
        kind = next(iter(steps.next_steps(placement)), None)
    return page.placement_page(placement, page.Open(kind, planning, form)), 422


@bp.post("/placements/<int:placement_id>/steps")
@requires(Action.PLACEMENT_STEP)
@creates
def record_step(placement_id: int) -> Answer:
    viewer = the_viewer()
    placement = queries.get_placement(db.session, placement_id, viewer, today=today())
    form = Form(StepSchema(), typed=request.form)
    if not form.load():
        return _again(placement, form, planning=False)
    try:
        step = steps.record_step(
            db.session,
            placement=placement,
            **form.data,
            user_id=viewer.user_id,
            today=today(),
        )
    except InvalidError as error:
        form.refuse(error.fields)
        return _again(placement, form, planning=False)
    flash(_("%(step)sを記録しました。", step=steps.labels_of(placement)[step.kind]))
    return _back(placement)


@bp.post("/placements/<int:placement_id>/plans")
@requires(Action.PLACEMENT_STEP)
@creates
def plan_step(placement_id: int) -> Answer:
    viewer = the_viewer()
    placement = queries.get_placement(db.session, placement_id, viewer, today=today())
    form = Form(AppointmentSchema(), typed=request.form)
    if not form.load():
        return _again(placement, form, planning=True)
    values = dict(form.data)
    try:
        step = steps.plan_step(
            db.session,
            placement=placement,
            kind=values.pop("kind"),
            values=values,
            user_id=viewer.user_id,
            today=today(),
        )
    except InvalidError as error:
        form.refuse(error.fields)
        return _again(placement, form, planning=True)
    label = steps.labels_of(placement)[step.kind]
    flash(_("%(step)sの予定を%(day)sに入れました。", step=label, day=weekday(step.planned_on)))
    return _back(placement)


def _back(placement: Placement) -> Answer:
    url = url_for("placements.placement_page", placement_id=placement.id)
    return committed(redirect(url, 303))


@bp.get("/placements/<int:placement_id>/steps/<int:step_id>/return")
@requires(Action.PLACEMENT_STEP)
def return_page(placement_id: int, step_id: int) -> Answer:
    placement = queries.get_placement(db.session, placement_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "case", placement.case_id, fields=("home", "name"))
    return _return_page(placement, _step(placement, step_id), Form(ReturnSchema()))


def _step(placement: Placement, step_id: int) -> PlacementStep:
    step = next((s for s in placement.every_step if s.id == step_id), None)
    if step is None or step.returned_at is not None:
        raise NotFoundError(_("この手順は見つからないか、すでに戻されています。"))
    return step


def _return_page(placement: Placement, step: PlacementStep, form: Form) -> str:
    labels = steps.labels_of(placement)
    later = [] if step.done_on is None else steps.from_here(placement, step)[1:]
    return render_template(
        "placements/return.html",
        placement=placement,
        step=step,
        label=labels[step.kind],
        later=[labels[one.kind] for one in later],
        form=form,
        called=called(placement.case, the_viewer(), today=today()),
    )


@bp.post("/placements/<int:placement_id>/steps/<int:step_id>/return")
@requires(Action.PLACEMENT_STEP)
def return_step(placement_id: int, step_id: int) -> Answer:
    viewer = the_viewer()
    placement = queries.get_placement(db.session, placement_id, viewer, today=today())
    form = Form(ReturnSchema(), typed=request.form)
    if not form.load():
        return _return_page(placement, _step(placement, step_id), form), 422
    steps.return_step(
        db.session,
        placement=placement,
        step_id=step_id,
        why=form.data["why"],
        user_id=viewer.user_id,
        at=now(),
    )
    flash(_("手順を戻しました。記録は「これまで」に残っています。"))
    return _back(placement)
