"""Pages: everything on its way, and holding a home: taking it, longer, letting it go."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.answers import Answer, csv_answer
from app.audit.models import Deed
from app.cases.listing import called
from app.cases.queries import get_case
from app.db import JAPAN, db, now, today
from app.errors import InvalidError, NotFoundError
from app.forms import Form
from app.housing.models import Home
from app.idempotency import committed, creates, standings
from app.placements import listing, queries, services, steps
from app.placements.blueprint import bp
from app.placements.codes import STEP_LABELS, HoldEnd, StepKind
from app.placements.models import Hold
from app.placements.schemas import (
    ExtendHoldSchema,
    HoldSchema,
    PlacementFilterSchema,
    ReleaseSchema,
)
from app.policy import Action, Tier, requires, sees_contacts
from app.security import acting_organisation, saw, the_viewer
from app.wording import day


@bp.get("/placements")
@requires(Action.PLACEMENT_READ)
def placement_list() -> Answer:
    """Everything on its way: holds by their end, placements by their next step, stays."""
    viewer = the_viewer()
    form = Form(PlacementFilterSchema(), typed=MultiDict({"sort": "due", **request.args}))
    asked = form.data if form.load() else PlacementFilterSchema().load({})
    found = listing.on_the_way(db.session, viewer, asked, today=today())
    for case in found.cases:
        saw(Deed.LISTED, "case", case.id, fields=("home", "name"))
    page = render_template(
        "placements/list.html",
        form=form,
        narrowed=bool(asked["words"]),
        csv_url=url_for(
            "placements.placement_csv", words=asked["words"] or None, sort=asked["sort"]
        ),
        holds=found.holds,
        placements=found.placements,
        stays=found.stays,
        next_steps={p.id: steps.next_steps(p) for p in found.placements},
        called={case.id: called(case, viewer, today=today()) for case in found.cases},
        STEP_LABELS=STEP_LABELS,
    )
    return page, 422 if form.errors else 200


@bp.get("/placements.csv")
@requires(Action.PLACEMENT_READ)
def placement_csv() -> Answer:
    """The same as a file: households by their number alone."""
    form = Form(PlacementFilterSchema(), typed=request.args)
    asked = form.data if form.load() else PlacementFilterSchema().load({})
    found = listing.on_the_way(db.session, the_viewer(), asked, today=today())
    for case in found.cases:
        saw(Deed.EXPORTED, "case", case.id, fields=("home",))
    return csv_answer("placements", listing.CSV_HEAD, listing.csv_rows(found), today=today())


@bp.post("/cases/<int:case_id>/holds")
@requires(Action.HOLD_PLACE)
@creates
def place_hold(case_id: int) -> Answer:
    """Hold a home for a household; a clear 409 page when somebody else was first."""
    viewer = the_viewer()
    seen = get_case(db.session, case_id, viewer, today=today(), needs=Tier.PLACE)
    form = Form(HoldSchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("取り置く住戸を選び直してください。"), fields=form.errors)
    hold = services.place_hold(
        db.session,
        home=_home(form.data["home_id"]),
        case=seen.case,
        user_id=viewer.user_id,
        organisation_id=acting_organisation(viewer, Action.HOLD_PLACE),
        at=now(),
        ends_on=form.data["ends_on"],
        match_run_id=form.data["match_run_id"],
    )
    flash(_("取り置きました。%(day)sまでです。", day=day(hold.ends_at.astimezone(JAPAN).date())))
    return committed(redirect(url_for("placements.hold_page", hold_id=hold.id), 303))


def _home(home_id: int) -> Home:
    home = db.session.get(Home, home_id)
    if home is None:
        raise NotFoundError(_("この住戸は見つかりません。一覧から選び直してください。"))
    return home


@bp.get("/holds/<int:hold_id>")
@requires(Action.PLACEMENT_READ)
def hold_page(hold_id: int) -> Answer:
    hold = queries.get_hold(db.session, hold_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "case", hold.case_id, fields=("home", "name"))
    return _page(hold)


def _page(hold: Hold, *, release: Form | None = None, longer: Form | None = None) -> str:
    return render_template(
        "placements/hold.html",
        hold=hold,
        form=release or Form(ReleaseSchema()),
        contacts=sees_contacts(the_viewer()),
        longer=longer or Form(ExtendHoldSchema()),
        called=called(hold.case, the_viewer(), today=today()),
        steps=[{"label": STEP_LABELS[kind]} for kind in StepKind],
    )


@bp.post("/holds/<int:hold_id>/extension")
@requires(Action.HOLD_PLACE)
def extend_hold(hold_id: int) -> Answer:
    viewer = the_viewer()
    hold = queries.get_hold(db.session, hold_id, viewer, today=today())
    form = Form(ExtendHoldSchema(), typed=request.form)
    if not form.load():
        return _page(hold, longer=form), 422
    try:
        services.extend_hold(
            db.session,
            hold=hold,
            ends_on=form.data["ends_on"],
            reason=form.data["extended_why"],
            user_id=viewer.user_id,
            at=now(),
        )
    except InvalidError as error:
        form.refuse(error.fields)
        return _page(hold, longer=form), 422
    flash(_("取り置きを%(day)sまで延ばしました。", day=day(form.data["ends_on"])))
    return committed(redirect(url_for("placements.hold_page", hold_id=hold.id), 303))


@bp.post("/holds/<int:hold_id>/release")
@requires(Action.HOLD_PLACE)
def release_hold(hold_id: int) -> Answer:
    viewer = the_viewer()
    hold = queries.get_hold(db.session, hold_id, viewer, today=today())
    form = Form(ReleaseSchema(), typed=request.form)
    if not form.load():
        return _page(hold, release=form), 422
    services.end_hold(
        db.session,
        hold=hold,
        ended_as=HoldEnd.RELEASED,
        at=now(),
        user_id=viewer.user_id,
        reason=form.data["reason"] or None,
    )
    flash(_("取り置きを外しました。住戸は募集中に戻りました。"))
    return committed(redirect(url_for("placements.placement_list"), 303))


@bp.post("/holds/<int:hold_id>/placement")
@requires(Action.PLACEMENT_STEP)
@creates
def start_placement(hold_id: int) -> Answer:
    viewer = the_viewer()
    hold = queries.get_hold(db.session, hold_id, viewer, today=today())
    placement = steps.start_placement(
        db.session,
        hold=hold,
        user_id=viewer.user_id,
        organisation_id=acting_organisation(viewer, Action.PLACEMENT_STEP),
        at=now(),
    )
    flash(_("入居までの手続きを始めました。済んだ手順から順に記録してください。"))
    url = url_for("placements.placement_page", placement_id=placement.id)
    return committed(redirect(url, 303))


def _standing_of_hold(hold_id: int) -> str:
    return str(queries.get_hold(db.session, hold_id, the_viewer(), today=today()).case_id)


def _standing_of_placement(placement_id: int) -> str:
    return str(queries.get_placement(db.session, placement_id, the_viewer(), today=today()).case_id)


standings["hold_id"] = _standing_of_hold
standings["placement_id"] = _standing_of_placement
