"""Measuring an empty home, on a phone with a tape in the other hand."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import FormPage, Section, attempt, conflict_of
from app.cases.listing import called, names_of
from app.db import db, today
from app.forms import Form
from app.goods.blueprint import bp
from app.goods.measures import services
from app.goods.measures.schemas import MeasuresSchema
from app.goods.models import HomeMeasures
from app.idempotency import committed, creates
from app.placements.models import Placement
from app.placements.queries import get_placement
from app.policy import Action, requires
from app.security import saw, the_viewer
from app.wording import day

SECTIONS = (
    Section("玄関・廊下", (("door_width_cm", "door_height_cm"), "corridor_width_cm")),
    Section(
        "階段・エレベーター",
        (
            "lift",
            ("lift_door_width_cm", "lift_width_cm"),
            ("lift_depth_cm", "lift_height_cm"),
            "stairs_width_cm",
        ),
    ),
    Section(
        "台所",
        (("fridge_width_cm", "fridge_depth_cm", "fridge_height_cm"), "stove_width_cm"),
    ),
    Section("洗濯機", (("washer_width_cm", "washer_depth_cm"),)),
    Section("窓・電気", (("window_width_cm", "window_height_cm"), "socket_200v")),
)


def _values(measures: HomeMeasures | None, placement: Placement) -> dict[str, Any]:
    if measures is None:
        return {"version": 0, "lift": placement.home.property.lift}
    return {name: getattr(measures, name) for name in MeasuresSchema().fields}


def _page(placement: Placement, form: Form, conflict: Mapping[str, Any] | None = None) -> str:
    measures = services.measures_of(db.session, placement.home_id)
    saw(Deed.VIEWED, "case", placement.case_id, fields=("home", "name"))
    home = placement.home
    who = names_of(db.session, {measures.measured_by}) if measures else {}
    return render_template(
        "goods/measures.html",
        placement=placement,
        home=f"{home.property.name} {home.room}",
        floor=home.floor,
        called=called(placement.case, the_viewer(), today=today()),
        measured=_("%(day)s %(who)s が測りました。", day=day(measures.measured_on),
                   who=who.get(measures.measured_by, "")) if measures else None,
        page=FormPage(
            title=_("部屋を測る"),
            form=form,
            sections=SECTIONS,
            action=url_for("goods.measure_home", placement_id=placement.id),
            submit=_("記録する"),
            cancel_url=url_for("goods.need_list", case_id=placement.case_id),
            version=measures.version if measures else 0,
            conflict=conflict,
        ),
    )  # fmt: skip


@bp.get("/placements/<int:placement_id>/measures")
@requires(Action.GOODS_NEED)
def measures_page(placement_id: int) -> Answer:
    """What is known of the way into a home and its spaces, and what to measure still."""
    placement = get_placement(db.session, placement_id, the_viewer(), today=today())
    measures = services.measures_of(db.session, placement.home_id)
    return _page(placement, Form(MeasuresSchema(), initial=_values(measures, placement)))


@bp.post("/placements/<int:placement_id>/measures")
@requires(Action.GOODS_NEED)
@creates
def measure_home(placement_id: int) -> Answer:
    viewer = the_viewer()
    placement = get_placement(db.session, placement_id, viewer, today=today())
    form = Form(MeasuresSchema(), typed=request.form)

    def act(data: dict[str, Any]) -> None:
        values = dict(data)
        services.measure(
            db.session, home_id=placement.home_id, version=values.pop("version"), values=values,
            user_id=viewer.user_id, today=today(),
        )  # fmt: skip

    status = attempt(form, act)
    if status != 200:
        placement = get_placement(db.session, placement_id, viewer, today=today())
        conflict = None
        measures = services.measures_of(db.session, placement.home_id)
        if status == 409 and measures is not None:
            theirs = _values(measures, placement)
            conflict = conflict_of(form, theirs, record_kind="home_measures", record_id=measures.id)
        return _page(placement, form, conflict), status
    flash(_("寸法を記録しました。"))
    return committed(redirect(url_for("goods.need_list", case_id=placement.case_id), 303))
