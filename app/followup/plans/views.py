"""Pages of one household's watch: how it goes, and what changes it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import wording
from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import FormPage, Section, attempt, conflict_of
from app.cases.listing import called, names_of
from app.db import db, today
from app.errors import NotFoundError
from app.followup import queries
from app.followup.blueprint import bp, opened_plan
from app.followup.facts.queries import facts_of
from app.followup.plans import details, page, services
from app.followup.plans.queries import get_pause
from app.followup.plans.schemas import (
    AddOnSchema,
    BackSchema,
    FollowSchema,
    PauseSchema,
    PlanFactsSchema,
)
from app.followup.queries import SeenPlan
from app.followup.records import shown_plan, taken
from app.followup.tabs import tabs
from app.followup.templates import queries as templates
from app.followup.templates.codes import OPEN_ADD_ONS, AddOn, TemplateKind
from app.followup.words import home_line
from app.forms import Form
from app.idempotency import committed, creates
from app.placements.queries import staff_to_go_along
from app.policy import Action, Tier, allows, requires
from app.security import saw, the_viewer


@bp.get("/visits/plans")
@requires(Action.FOLLOWUP_READ)
def plan_list() -> Answer:
    """Every household that is watched over, with what is next."""
    viewer, day = the_viewer(), today()
    plans = queries.running_plans(db.session, viewer, today=day)
    settled = queries.settled_plans(db.session, viewer, today=day)
    for plan in (*plans, *settled):
        saw(Deed.LISTED, "case", plan.placement.case_id, fields=("home", "name"))
    following = page.next_days(db.session, [p.id for p in plans])
    names = names_of(db.session, {p.assigned_to for p in plans if p.assigned_to})
    food = allows(viewer, Action.FOOD_REQUEST)
    facts = facts_of(db.session, {p: p.placement.case_id for p in plans}, today=day, food=food)
    rows = [
        {
            "facts": facts[plan.id],
            "plan": plan,
            "called": called(plan.placement.case, viewer, today=day),
            "home": home_line(plan.placement),
            "next": following.get(plan.id),
            "who": names.get(plan.assigned_to or 0),
            "past_end": plan.ends_on < day,
        }
        for plan in plans
    ]
    return render_template(
        "followup/plans.html",
        tabs=tabs("followup.plan_list"),
        rows=rows,
        settled=[
            {
                "when": _("%(day)sに定着", day=wording.day(plan.ended_on)),
                "title": called(plan.placement.case, viewer, today=day),
                "url": url_for("followup.plan_page", plan_id=plan.id),
                "note": home_line(plan.placement),
            }
            for plan in settled
        ],
    )


@bp.get("/visits/plans/<int:plan_id>")
@requires(Action.FOLLOWUP_READ)
def plan_page(plan_id: int) -> Answer:
    return _plan(opened_plan(plan_id))


def _plan(seen: SeenPlan, *, back: Form | None = None) -> str:
    saw(Deed.VIEWED, "case", seen.case.id, fields=("home", "name", "visits"))
    return render_template(
        "followup/plan.html",
        plan=shown_plan(seen.plan, seen.access),
        case=seen.case,
        called=called(seen.case, the_viewer(), today=today()),
        home=home_line(seen.plan.placement),
        back=back or Form(BackSchema(), initial={"back_on": today()}),
        **page.context(db.session, seen, today(), food=allows(the_viewer(), Action.FOOD_REQUEST)),
    )


def _back(plan_id: int) -> Answer:
    return committed(redirect(url_for("followup.plan_page", plan_id=plan_id), 303))


def _form_page(seen: SeenPlan, form_page: FormPage) -> str:
    saw(Deed.VIEWED, "case", seen.case.id, fields=("home", "name"))
    name = called(seen.case, the_viewer(), today=today())
    crumbs = [(_("見守り"), url_for("followup.visit_list")), (name, _url(seen))]
    return render_template("cases/form.html", page=form_page, breadcrumbs=crumbs)


def _url(seen: SeenPlan) -> str:
    return url_for("followup.plan_page", plan_id=seen.plan.id)


# ---------------------------------------------------------------------------------- details


@bp.get("/visits/plans/<int:plan_id>/details")
@requires(Action.WATCH_PLAN)
def details_page(plan_id: int) -> Answer:
    seen = opened_plan(plan_id)
    initial = taken(seen.plan, ("version", *details.FIELDS))
    return _details(seen, _details_form(seen, initial=initial))


def _details_form(seen: SeenPlan, **typed: Any) -> Form:
    staff = staff_to_go_along(db.session, seen.plan.placement)
    return Form(PlanFactsSchema(), choices={"assigned_to": staff}, **typed)


def _details(seen: SeenPlan, form: Form, *, stale: bool = False) -> str:
    now_ = taken(seen.plan, ("version", *details.FIELDS))
    return _form_page(
        seen,
        FormPage(
            title=_("担当・緊急連絡先"),
            form=form,
            sections=(
                Section("", ("assigned_to", "emergency_contact")),
                Section(_("対価と条件"), ("fee", "terms")),
            ),
            action=url_for("followup.save_details", plan_id=seen.plan.id),
            submit=_("記録する"),
            cancel_url=_url(seen),
            version=seen.plan.version if stale else None,
            conflict=conflict_of(form, now_, record_kind="watch_plan", record_id=seen.plan.id)
            if stale
            else None,
        ),
    )


@bp.post("/visits/plans/<int:plan_id>/details")
@requires(Action.WATCH_PLAN)
def save_details(plan_id: int) -> Answer:
    seen = opened_plan(plan_id)
    form = _details_form(seen, typed=request.form)
    status = attempt(
        form,
        lambda data: details.change_details(
            db.session,
            plan=seen.plan,
            version=data["version"],
            values=data,
            user_id=the_viewer().user_id,
        ),
    )
    if status != 200:
        return _details(opened_plan(plan_id), form, stale=status == 409), status
    flash(_("記録しました。"))
    return _back(plan_id)


# --------------------------------------------------------------------------------- template


def _follow_form(seen: SeenPlan, **typed: Any) -> Form:
    versions = templates.versions_for(db.session, [seen.plan.organisation_id])
    bases = {t.code: t.name for t in reversed(versions) if t.kind is TemplateKind.BASE}
    return Form(FollowSchema(), choices={"code": list(bases.items())}, **typed)


@bp.get("/visits/plans/<int:plan_id>/template")
@requires(Action.WATCH_PLAN)
def follow_page(plan_id: int) -> Answer:
    seen = opened_plan(plan_id)
    return _follow(seen, _follow_form(seen, initial={"code": seen.plan.template}))


def _follow(seen: SeenPlan, form: Form) -> str:
    return _form_page(
        seen,
        FormPage(
            title=_("いまの型で組み直す"),
            form=form,
            sections=(Section("", ("code", "why")),),
            action=url_for("followup.follow_template", plan_id=seen.plan.id),
            submit=_("組み直す"),
            cancel_url=_url(seen),
            lead=_("あしたからの、まだ誰も試していない見守りだけが入れ替わります。"),
        ),
    )


@bp.post("/visits/plans/<int:plan_id>/template")
@requires(Action.WATCH_PLAN)
@creates
def follow_template(plan_id: int) -> Answer:
    seen = opened_plan(plan_id)
    form = _follow_form(seen, typed=request.form)
    if not form.load():
        return _follow(seen, form), 422
    if form.data["code"] not in dict(form.choices["code"]):
        form.refuse({"code": [_("一覧から選んでください。")]})
        return _follow(seen, form), 422
    change = services.follow(
        db.session, plan=seen.plan, user_id=the_viewer().user_id, today=today(), **form.data
    )
    flash(
        _(
            "組み直しました。加えた日 %(n)s・取りやめた日 %(m)s。",
            n=change.added,
            m=change.cancelled,
        )
    )
    return _back(plan_id)


# ---------------------------------------------------------------------------------- add-ons


@bp.post("/visits/plans/<int:plan_id>/add-ons")
@requires(Action.WATCH_PLAN)
@creates
def answer_add_on(plan_id: int) -> Answer:
    form = Form(AddOnSchema(), typed=request.form)
    if not form.load():
        raise NotFoundError(_("この追加の見守りはありません。画面を開き直してください。"))
    code: AddOn = form.data["code"]
    seen = add_on_opened(plan_id, code)
    services.answer_add_on(
        db.session,
        plan=seen.plan,
        code=code,
        confirmed=form.data["confirmed"],
        why=form.data["why"] or None,
        user_id=the_viewer().user_id,
        today=today(),
    )
    flash(_("記録しました。これからの予定を組み直しました。"))
    return _back(plan_id)


def add_on_opened(plan_id: int, code: AddOn) -> SeenPlan:
    """A plan for answering an add-on: what tells of illness or debt is for who sees care."""
    return opened_plan(plan_id, needs=Tier.PLACE if code in OPEN_ADD_ONS else Tier.CARE)


# ------------------------------------------------------------------------------------ rests


@bp.get("/visits/plans/<int:plan_id>/pauses/new")
@requires(Action.WATCH_PLAN)
def pause_page(plan_id: int) -> Answer:
    return _pause(opened_plan(plan_id), Form(PauseSchema(), initial={"from_on": today()}))


def _pause(seen: SeenPlan, form: Form) -> str:
    return _form_page(
        seen,
        FormPage(
            title=_("見守りを休みにする"),
            form=form,
            sections=(Section("", (("from_on", "until_on"), "reason")),),
            action=url_for("followup.add_pause", plan_id=seen.plan.id),
            submit=_("休みにする"),
            cancel_url=_url(seen),
            lead=_(
                "居場所が分かっているあいだだけです。終わりの日が過ぎると、自動で見守りが戻ります。"
            ),
        ),
    )


@bp.post("/visits/plans/<int:plan_id>/pauses")
@requires(Action.WATCH_PLAN)
@creates
def add_pause(plan_id: int) -> Answer:
    seen = opened_plan(plan_id)
    form = Form(PauseSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: services.pause(
            db.session, plan=seen.plan, user_id=the_viewer().user_id, today=today(), **data
        ),
    )
    if status != 200:
        return _pause(opened_plan(plan_id), form), status
    flash(_("休みにしました。もどった翌日の見守りを入れました。"))
    return _back(plan_id)


@bp.post("/visits/plans/<int:plan_id>/pauses/<int:pause_id>/calling-off")
@requires(Action.WATCH_PLAN)
@creates
def call_off(plan_id: int, pause_id: int) -> Answer:
    seen = opened_plan(plan_id)
    services.call_off(
        db.session,
        plan=seen.plan,
        rest=get_pause(db.session, pause_id, plan_id),
        user_id=the_viewer().user_id,
        today=today(),
    )
    flash(_("休みを取りやめました。見守りの予定が戻りました。"))
    return _back(plan_id)


@bp.post("/visits/plans/<int:plan_id>/pauses/<int:pause_id>/return")
@requires(Action.WATCH_PLAN)
@creates
def come_back(plan_id: int, pause_id: int) -> Answer:
    """Today, or the day told; a day that is none is refused, not taken for today."""
    seen = opened_plan(plan_id)
    rest = get_pause(db.session, pause_id, plan_id)
    form = Form(BackSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: services.come_back(
            db.session,
            plan=seen.plan,
            rest=rest,
            back_on=data["back_on"] or today(),
            user_id=the_viewer().user_id,
            today=today(),
        ),
    )
    if status != 200:
        return _plan(opened_plan(plan_id), back=form), status
    flash(_("再開しました。"))
    return _back(plan_id)


@bp.post("/visits/plans/<int:plan_id>/visits")
@requires(Action.VISIT_RECORD)
@creates
def look_in_today(plan_id: int) -> Answer:
    """An unplanned visit: today's check-in, made if there is none."""
    seen = opened_plan(plan_id)
    check_in = services.look_in_today(
        db.session, plan=seen.plan, user_id=the_viewer().user_id, today=today()
    )
    return committed(redirect(url_for("followup.visit_page", check_in_id=check_in.id), 303))
