"""Pages of a day: its visits in order, the paper to carry, and agreeing on a time."""

from datetime import date, time
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.cases.frame import attempt, conflict_of
from app.cases.listing import called
from app.db import JAPAN, db, now, today
from app.errors import InvalidError
from app.followup import queries
from app.followup.blueprint import bp
from app.followup.dayplan import papers, services
from app.followup.dayplan.codes import Start, Whose
from app.followup.dayplan.proposals import LEAVES, UNTIL, DayPlan, hour, middle_of, propose_day
from app.followup.dayplan.queries import checked_day, time_of, visits_of
from app.followup.dayplan.schemas import NOT_READ, DayPlanSchema, HereSchema, VisitTimeSchema
from app.followup.dayplan.words import apart_row, stop_row, way_words
from app.followup.ladder.codes import CONCERN_LABELS
from app.followup.models import CheckIn
from app.followup.tabs import tabs
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.printing import render_pdf
from app.security import acting_organisation, saw, the_viewer

USUAL: dict[str, Any] = {
    name: definition.load_default
    for name, definition in DayPlanSchema().fields.items()
}  # fmt: skip


def office() -> Organisation:
    """The office the viewer goes out from."""
    found = acting_organisation(the_viewer(), Action.VISIT_RECORD)
    return db.session.get_one(Organisation, found)


def planned(data: dict[str, Any], here: tuple[float, float] | None = None) -> DayPlan:
    """The day as asked for, each household noted as looked at by whoever shows it.

    Raises InvalidError for a day that is not offered.
    """
    day, viewer = checked_day(data["on"], today()), the_viewer()
    mine = data["whose"] is Whose.MINE
    visits = visits_of(db.session, viewer, on=day, today=today(), mine=mine)
    start = here
    if here is None and data["start"] is not Start.FIRST:
        at = office()
        start = middle_of(at.prefecture, at.municipality)
    leaves = data["leaves"] or _from_now(day)
    return propose_day(
        visits, on=day, start=start, going=data["going"], leaves=leaves, until=data["until"]
    )


def _from_now(day: date) -> time:
    """Today goes on from this quarter of an hour; a day to come begins in the morning."""
    at = now().astimezone(JAPAN).time()
    if day > today() or not LEAVES < at < UNTIL:
        return LEAVES
    return time(at.hour, at.minute // 15 * 15)


def looked(plan: DayPlan, deed: Deed, *fields: str) -> None:
    """Write down whose visits the answer shows."""
    shown = [*(one.check_in for one in plan.stops), *(one.check_in for one in plan.apart)]
    for check_in in shown:
        saw(deed, "case", check_in.plan.placement.case_id, fields=("home", *fields))


@bp.get("/visits/day")
@requires(Action.VISIT_RECORD)
def day_page() -> Answer:
    """Today's visits, or those of a day to come, in a sensible order."""
    form = Form(DayPlanSchema(), typed=request.args)
    good = form.load()
    data = form.data if good else USUAL
    try:
        plan = planned(data)
    except InvalidError as error:
        form.refuse(error.fields)
        plan = planned(USUAL)
    return _page(form, plan), 422 if form.errors else 200


@bp.post("/visits/day/from-here")
@requires(Action.VISIT_RECORD)
def day_from_here() -> Answer:
    """The same from the present position, which lies in no address, log or table.

    Nothing is written; a POST only so that the position does not stand in the address bar.
    """
    form = Form(HereSchema(), typed=request.form)
    if not form.load():
        # The position has no field to be put right in: it is said at the top.
        unread = [form.errors.pop(name, None) for name in ("latitude", "longitude")]
        if any(unread):
            form.refuse({"_": [NOT_READ]})
        return _page(form, planned(USUAL)), 422
    here = form.data["latitude"], form.data["longitude"]
    try:
        return _page(form, planned(form.data, here), here=True)
    except InvalidError as error:
        form.refuse(error.fields)
        return _page(form, planned(USUAL)), 422


def _page(form: Form, plan: DayPlan, *, here: bool = False) -> str:
    viewer, day = the_viewer(), today()
    looked(plan, Deed.LISTED, "name")
    shown = _initial(form, plan)
    open_ones = queries.open_concerns(db.session, viewer, today=day)
    worries = {one.plan_id: CONCERN_LABELS[one.kind] for one in reversed(open_ones)}
    return render_template(
        "followup/day.html",
        tabs=tabs("followup.day_page"),
        form=form if form.errors else Form(DayPlanSchema(), initial=shown),
        kept={name: str(value) for name, value in _kept(shown).items()},
        plan=plan,
        way=way_words(plan.metres),
        is_today=plan.on == day,
        here=here,
        mine=shown["whose"] is Whose.MINE,
        stops=[
            stop_row(stop, viewer, day) | {"worry": worries.get(stop.check_in.plan_id, "")}
            for stop in plan.stops
        ],
        apart=[
            apart_row(one, viewer, day) | {"worry": worries.get(one.check_in.plan_id, "")}
            for one in plan.apart
        ],
    )


def _initial(form: Form, plan: DayPlan) -> dict[str, Any]:
    """What the form shows: what was asked for, and the day it came to."""
    data = USUAL | (form.data if not form.errors else {})
    return {name: data[name] for name in USUAL} | {"on": plan.on}


def _kept(shown: dict[str, Any]) -> dict[str, Any]:
    """What an address needs to ask for the same again."""
    return {
        name: f"{value:%H:%M}" if isinstance(value, time) else value
        for name, value in shown.items()
        if value is not None
    }


@bp.get("/visits/day.pdf")
@requires(Action.VISIT_RECORD)
def day_paper() -> Answer:
    """The sheet to carry; names only on being asked for."""
    form = Form(DayPlanSchema(), typed=request.args)
    if not form.load():
        raise InvalidError(_("日と時刻を確かめてください。"), fields=form.errors)
    plan, names = planned(form.data), request.args.get("names") == "1"
    data = papers.sheet(plan, the_viewer(), office(), names=names, today=today())
    looked(plan, Deed.PRINTED, *(("name",) if names else ("number",)))
    return pdf_answer(f"visits-{plan.on}", render_pdf("day_plan", data))


@bp.get("/visits/<int:check_in_id>/time")
@requires(Action.VISIT_RECORD)
def visit_time_page(check_in_id: int) -> Answer:
    """Agreeing on a time for one visit."""
    check_in = _opened(check_in_id)
    return _time_page(check_in, Form(VisitTimeSchema(), initial=_values(check_in)))


def _opened(check_in_id: int) -> CheckIn:
    return queries.get_check_in(db.session, check_in_id, the_viewer(), today=today())


def _values(check_in: CheckIn) -> dict[str, Any]:
    agreed = time_of(db.session, check_in.id)
    if agreed is None:
        return {"version": 0, "on": max(check_in.due_on, today())}
    return {
        "version": agreed.version,
        "on": agreed.on,
        "opens": hour(agreed.opens),
        "closes": hour(agreed.closes),
        "minutes": agreed.minutes,
    }


def _time_page(check_in: CheckIn, form: Form, conflict: dict[str, Any] | None = None) -> str:
    case = check_in.plan.placement.case
    saw(Deed.VIEWED, "case", case.id, fields=("home", "name"))
    return render_template(
        "followup/visit_time.html",
        check_in=check_in,
        called=called(case, the_viewer(), today=today()),
        form=form,
        conflict=conflict,
        version=_values(check_in)["version"],
    )


@bp.post("/visits/<int:check_in_id>/time")
@requires(Action.VISIT_RECORD)
@creates
def agree_on_time(check_in_id: int) -> Answer:
    check_in = _opened(check_in_id)
    form = Form(VisitTimeSchema(), typed=request.form)
    status = attempt(form, lambda data: _agree(check_in, data))
    if status == 200:
        flash(_("約束の時間を記録しました。"), "success")
        on = form.data["on"]
        return committed(redirect(url_for("followup.day_page", on=on, whose="all"), 303))
    check_in = _opened(check_in_id)
    conflict = None
    if status == 409:
        agreed = time_of(db.session, check_in.id)
        record_id = agreed.id if agreed else 0
        theirs = _values(check_in)
        conflict = conflict_of(form, theirs, record_kind="visit_time", record_id=record_id)
    return _time_page(check_in, form, conflict), status


def _agree(check_in: CheckIn, data: dict[str, Any]) -> object:
    user_id = the_viewer().user_id
    return services.agree_on(db.session, check_in=check_in, user_id=user_id, today=today(), **data)
