"""Writing a plan: its form, with services the assessment points to, one tap to add."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import (
    FormPage,
    Opened,
    Section,
    attempt,
    bp,
    changing,
    conflict_of,
    render,
)
from app.cases.plans import services
from app.cases.plans.models import DECIDED, Plan
from app.cases.plans.queries import plans_of, provider_names, services_on
from app.cases.plans.records import ordinal, shown_plan
from app.cases.plans.schemas import (
    MOST_SERVICES,
    PlanChangeSchema,
    SupportPlanSchema,
    without_version,
)
from app.cases.plans.suggesting import SuggestedService, suggested_services
from app.cases.plans.views import changing_plan, plan_url
from app.db import db, today
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import saw

PROVIDERS = "providers"  # the id of the one list of names all rows choose from
ROW = ("service", "provider", "frequency", "starts_on", "ends_on", "person_does", "we_do")


@bp.get("/cases/<int:case_id>/plans/new")
@requires(Action.PLAN_EDIT)
def new_plan_page(case_id: int) -> Answer:
    one = changing(case_id)
    begin = services.begin_from(plans_of(db.session, case_id), today=today())
    return _form(one, None, _plan_form(initial=begin))


@bp.post("/cases/<int:case_id>/plans")
@requires(Action.PLAN_EDIT)
@creates
def create_plan(case_id: int) -> Answer:
    one = changing(case_id)
    form = _plan_form(typed=request.form)
    made: list[Plan] = []
    who, day = one.viewer.user_id, today()
    status = attempt(
        form,
        lambda data: made.append(
            services.make_plan(
                db.session, case=one.case, values=without_version(data), user_id=who, today=day
            )
        ),
    )
    if status != 200:
        return _form(changing(case_id), None, form), status
    flash(_("プランを作りました。本人の申込みを確かめたら、会議に出してください。"))
    return committed(redirect(plan_url(made[0]), 303))


@bp.get("/cases/<int:case_id>/plans/<int:plan_id>/edit")
@requires(Action.PLAN_EDIT)
def edit_plan_page(case_id: int, plan_id: int) -> Answer:
    one, plan = changing_plan(case_id, plan_id)
    return _form(
        one, plan, _plan_form(PlanChangeSchema, initial=shown_plan(plan, one.access).values)
    )


@bp.post("/cases/<int:case_id>/plans/<int:plan_id>/edit")
@requires(Action.PLAN_EDIT)
def edit_plan(case_id: int, plan_id: int) -> Answer:
    one, plan = changing_plan(case_id, plan_id)
    form = _plan_form(PlanChangeSchema, typed=request.form)
    who, day = one.viewer.user_id, today()
    changed: list[str] = []
    status = attempt(
        form,
        lambda data: changed.extend(
            services.edit_plan(
                db.session, plan=plan, version=data["version"], why=data["why"],
                values=without_version(data), user_id=who, today=day,
            )
        ),
    )  # fmt: skip
    if status != 200:
        one, plan = changing_plan(case_id, plan_id)
        return _form(one, plan, form, stale=status == 409), status
    words = _("プランを書きかえました。前の内容も残っています。")
    flash(words if changed else _("変わったところがないので、そのままにしました。"))
    return committed(redirect(plan_url(plan), 303))


def _plan_form(schema: type[SupportPlanSchema] = SupportPlanSchema, **given: Any) -> Form:
    """The form with the services of today, and those it already names, to choose from."""
    form = Form(schema(), **given)
    known = services_on(db.session, today(), kept=chosen(form))
    choices = [(s.code, f"{s.name}（要確認）" if s.unconfirmed else s.name) for s in known]
    form.choices = {f"services-{i}-service": choices for i in range(100)}
    return form


def chosen(form: Form) -> set[str]:
    """The codes of the services a form names now."""
    return {form[f"services-{i}-service"].value for i in form.rows("services")} - {""}


def _form(one: Opened, plan: Plan | None, form: Form, *, stale: bool = False) -> str:
    number = plan.number if plan else len(plans_of(db.session, one.case.id)) + 1
    decided = plan is not None and plan.state in DECIDED
    page = FormPage(
        title=_("プラン（%(n)s）", n=ordinal(number)),
        form=form,
        sections=(
            Section(_("目標"), ("long_goal", "short_goal", "issues")),
            Section(_("期間"), (("starts_on", "ends_on", "next_monitoring"),)),
            Section(_("使う事業・サービス"), rows="services", columns=ROW, blank=3,
                    lists={"provider": PROVIDERS},
                    hint=_("本人がすることと、支援する側がすることを、対にして書きます。")),
            Section(_("本人の申込み"), ("application", "applied_on")),
            *([Section(_("なぜ変えるか"), ("why",))] if plan else []),
        ),
        action=url_for("cases.edit_plan", case_id=one.case.id, plan_id=plan.id)
        if plan
        else url_for("cases.create_plan", case_id=one.case.id),
        submit=_("記録する"),
        cancel_url=plan_url(plan) if plan else one.url,
        lead=_decided_lead() if decided else "",
        changes={"why": {"label": _("変える理由"), "required": True}} if decided else {},
        version=plan.version if plan and stale else None,
        conflict=conflict_of(
            form, shown_plan(plan, one.access).values, record_kind="plan", record_id=plan.id
        )
        if plan and stale
        else None,
    )  # fmt: skip
    suggested = suggested_services(db.session, one.case.id, one.access, day=today())
    if suggested.assessment is not None:
        saw(Deed.VIEWED, "assessment", suggested.assessment.id, fields=("issues",))
    return render(
        one,
        "cases/plans/form.html",
        page=page,
        suggested=suggested,
        chosen=chosen(form),
        add_url=_add_url(one, plan),
        providers=provider_names(db.session),
        list_id=PROVIDERS,
    )


def _add_url(one: Opened, plan: Plan | None) -> str:
    if plan is None:
        return url_for("cases.add_service_to_new_plan", case_id=one.case.id)
    return url_for("cases.add_service_to_plan", case_id=one.case.id, plan_id=plan.id)


def _decided_lead() -> str:
    words = _(
        "会議で決まったプランです。日程や実施機関など小さな変更だけを、理由を添えて記録します。"
        "目標や事業が大きく変わるときは、評価して次のプランを会議に出してください。"
    )
    return str(words)


# ------------------------------------------------------------------- one tap, nothing saved


@bp.post("/cases/<int:case_id>/plans/new/service")
@requires(Action.PLAN_EDIT)
def add_service_to_new_plan(case_id: int) -> Answer:
    """The form of a new plan with a suggested service filled in; nothing is saved."""
    one = changing(case_id)
    form = _with_suggestion(one, SupportPlanSchema)
    return _form(one, None, form), 422 if form.errors else 200


@bp.post("/cases/<int:case_id>/plans/<int:plan_id>/edit/service")
@requires(Action.PLAN_EDIT)
def add_service_to_plan(case_id: int, plan_id: int) -> Answer:
    """The form of a plan being changed with a suggested service filled in; nothing is saved."""
    one, plan = changing_plan(case_id, plan_id)
    form = _with_suggestion(one, PlanChangeSchema)
    return _form(one, plan, form), 422 if form.errors else 200


def _with_suggestion(one: Opened, schema: type[SupportPlanSchema]) -> Form:
    typed: MultiDict[str, str] = request.form
    suggested = suggested_services(db.session, one.case.id, one.access, day=today())
    wanted = suggested.find(typed.get("add", ""))
    there = chosen(Form(schema(), typed=typed))
    full = len(there) >= MOST_SERVICES
    if wanted is not None and not full and wanted.service.code not in there:
        typed = with_service(typed, wanted)
    form = _plan_form(schema, typed=typed)
    if wanted is None:
        form.refuse(
            {"_": [_("この事業は、いまの課題からは示されません。一覧から選んでください。")]}
        )
    elif full:
        form.refuse({"_": [_("使う事業・サービスは20までです。")]})
    return form


def with_service(typed: MultiDict[str, str], one: SuggestedService) -> MultiDict[str, str]:
    """What was typed, with the service in the first blank row and its issues among the plan's."""
    more = MultiDict(typed)
    numbers = Form(SupportPlanSchema(), typed=typed).rows("services")
    blank = (n for n in numbers if not any(more.get(f"services-{n}-{c}") for c in ROW))
    row = next(blank, max(numbers, default=-1) + 1)
    more[f"services-{row}-service"] = one.service.code
    more[f"services-{row}-provider"] = one.service.provider or ""
    lines = [line.strip() for line in more.get("issues", "").splitlines() if line.strip()]
    more["issues"] = "\n".join(dict.fromkeys([*lines, *one.sayable]))
    return more
