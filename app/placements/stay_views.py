"""Pages: making a temporary stay longer, and leaving it."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.listing import called
from app.db import db, today
from app.errors import InvalidError
from app.forms import Form
from app.idempotency import committed
from app.placements import queries, stays
from app.placements.blueprint import bp
from app.placements.models import Placement
from app.placements.schemas import StayEndSchema, StayExtensionSchema
from app.policy import Action, requires
from app.security import saw, the_viewer
from app.wording import day


@bp.get("/placements/<int:placement_id>/stay")
@requires(Action.PLACEMENT_STEP)
def stay_page(placement_id: int) -> Answer:
    placement = queries.get_placement(db.session, placement_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "case", placement.case_id, fields=("home", "name"))
    return _page(placement)


def _page(placement: Placement, *, longer: Form | None = None, end: Form | None = None) -> str:
    return render_template(
        "placements/stay.html",
        placement=placement,
        latest=stays.latest_end(placement),
        extensions=queries.extensions(db.session, placement.id),
        longer=longer or Form(StayExtensionSchema()),
        end=end or Form(StayEndSchema(), initial={"left_on": today()}),
        called=called(placement.case, the_viewer(), today=today()),
    )


@bp.post("/placements/<int:placement_id>/stay/extension")
@requires(Action.PLACEMENT_STEP)
def extend_stay(placement_id: int) -> Answer:
    viewer = the_viewer()
    placement = queries.get_placement(db.session, placement_id, viewer, today=today())
    form = Form(StayExtensionSchema(), typed=request.form)
    if not form.load():
        return _page(placement, longer=form), 422
    try:
        stays.extend_stay(
            db.session,
            placement=placement,
            until=form.data["until"],
            reason=form.data["stay_reason"],
            user_id=viewer.user_id,
        )
    except InvalidError as error:
        form.refuse(error.fields or {"until": [error.message]})
        return _page(placement, longer=form), 422
    flash(_("滞在を%(day)sまで延ばしました。", day=day(form.data["until"])))
    return _back(placement)


@bp.post("/placements/<int:placement_id>/stay/end")
@requires(Action.PLACEMENT_STEP)
def end_stay(placement_id: int) -> Answer:
    viewer = the_viewer()
    placement = queries.get_placement(db.session, placement_id, viewer, today=today())
    form = Form(StayEndSchema(), typed=request.form)
    if not form.load():
        return _page(placement, end=form), 422
    try:
        stays.end_stay(
            db.session,
            placement=placement,
            left_on=form.data["left_on"],
            reason=form.data["end_reason"],
            user_id=viewer.user_id,
            today=today(),
        )
    except InvalidError as error:
        form.refuse(error.fields or {"left_on": [error.message]})
        return _page(placement, end=form), 422
    flash(_("退去を記録しました。住戸は募集中に戻りました。"))
    return _back(placement)


def _back(placement: Placement) -> Answer:
    url = url_for("placements.placement_page", placement_id=placement.id)
    return committed(redirect(url, 303))
