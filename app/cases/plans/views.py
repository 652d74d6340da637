"""The plan: making it, bringing it before the meeting, looking at it again, evaluating it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.cases.frame import (
    FormPage,
    Opened,
    Section,
    attempt,
    bp,
    changing,
    conflict_of,
    opened,
    render,
)
from app.cases.listing import names_of
from app.cases.plans import services
from app.cases.plans.codes import (
    AFTER_LABELS,
    APPLICATION_LABELS,
    CHANGE_LABELS,
    DECISION_LABELS,
    PLAN_STATE_KINDS,
    PLAN_STATE_LABELS,
    PROGRESS_LABELS,
    REACHED_LABELS,
    Change,
    PlanState,
)
from app.cases.plans.former_views import former_rows
from app.cases.plans.history import former_of
from app.cases.plans.models import DECIDED, Plan
from app.cases.plans.paper import PLAN_PAPER, plan_sheet
from app.cases.plans.queries import plan_of_case, plans_of, services_on
from app.cases.plans.records import ordinal, shown_evaluation, shown_plan
from app.cases.plans.schemas import (
    MOST_SERVICES,
    EvaluationSchema,
    MonitoringSchema,
    PlanActSchema,
    PlanChangeSchema,
    SupportPlanSchema,
    without_version,
)
from app.cases.work.services import use_print_approval
from app.db import db, now, today
from app.errors import InvalidError
from app.forms import Form
from app.idempotency import committed, creates
from app.japanese import months_later, workday_from
from app.policy import Action, Tier, requires
from app.printing import render_pdf
from app.security import saw

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
    return committed(redirect(_at(made[0]), 303))


@bp.get("/cases/<int:case_id>/plans/<int:plan_id>/edit")
@requires(Action.PLAN_EDIT)
def edit_plan_page(case_id: int, plan_id: int) -> Answer:
    one, plan = _changing(case_id, plan_id)
    return _form(
        one, plan, _plan_form(PlanChangeSchema, initial=shown_plan(plan, one.access).values)
    )


@bp.post("/cases/<int:case_id>/plans/<int:plan_id>/edit")
@requires(Action.PLAN_EDIT)
def edit_plan(case_id: int, plan_id: int) -> Answer:
    one, plan = _changing(case_id, plan_id)
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
        one, plan = _changing(case_id, plan_id)
        return _form(one, plan, form, stale=status == 409), status
    words = _("プランを書きかえました。前の内容も残っています。")
    flash(words if changed else _("変わったところがないので、そのままにしました。"))
    return committed(redirect(_at(plan), 303))


def _plan_form(schema: type[SupportPlanSchema] = SupportPlanSchema, **given: Any) -> Form:
    """The form with the services of today to choose from, in every row."""
    initial = given.get("initial") or {}
    kept = {row["service"] for row in initial.get("services", [])}
    known = services_on(db.session, today(), kept=kept)
    choices = [(s.code, f"{s.name}（要確認）" if s.unconfirmed else s.name) for s in known]
    rows = {f"services-{i}-service": choices for i in range(100)}
    return Form(schema(), choices=rows, **given)


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
                    hint=_("本人がすることと、支援する側がすることを、対にして書きます。")),
            Section(_("本人の申込み"), ("application", "applied_on")),
            *([Section(_("なぜ変えるか"), ("why",))] if plan else []),
        ),
        action=url_for("cases.edit_plan", case_id=one.case.id, plan_id=plan.id)
        if plan
        else url_for("cases.create_plan", case_id=one.case.id),
        submit=_("記録する"),
        cancel_url=_at(plan) if plan else one.url,
        lead=_decided_lead() if decided else "",
        changes={"why": {"label": _("変える理由"), "required": True}} if decided else {},
        version=plan.version if plan and stale else None,
        conflict=conflict_of(
            form, shown_plan(plan, one.access).values, record_kind="plan", record_id=plan.id
        )
        if plan and stale
        else None,
    )  # fmt: skip
    return render(one, "cases/plans/form.html", page=page, most=MOST_SERVICES)


def _decided_lead() -> str:
    words = _(
        "会議で決まったプランです。日程や実施機関など小さな変更だけを、理由を添えて記録します。"
        "目標や事業が大きく変わるときは、評価して次のプランを会議に出してください。"
    )
    return str(words)


# ------------------------------------------------------------------------------ the plan


@bp.get("/cases/<int:case_id>/plans/<int:plan_id>")
@requires(Action.PLAN_READ)
def plan_page(case_id: int, plan_id: int) -> Answer:
    one = opened(case_id, needs=Tier.CARE)
    plan = plan_of_case(db.session, case_id, plan_id)
    saw(Deed.VIEWED, "plan", plan.id, fields=("long_goal", "services"))
    over = plan.evaluation
    former = former_of(db.session, plan.id)
    return render(
        one,
        "cases/plans/plan.html",
        plan=shown_plan(plan, one.access),
        title=_("プラン（%(n)s）", n=ordinal(plan.number)),
        state=(PLAN_STATE_LABELS[plan.state], PLAN_STATE_KINDS[plan.state]),
        states=[state.value for state in PlanState],
        steps=[{"label": PLAN_STATE_LABELS[state]} for state in PlanState],
        step=list(PlanState).index(plan.state),
        labels={"application": APPLICATION_LABELS, "decision": DECISION_LABELS,
                "progress": PROGRESS_LABELS, "reached": REACHED_LABELS, "after": AFTER_LABELS},
        evaluation=shown_evaluation(over, one.access) if over else None,
        changes=[CHANGE_LABELS[Change(code)] for code in over.changes] if over else [],
        names=names_of(
            db.session,
            {m.author_id for m in plan.monitorings} | {kept.changed_by for kept in former},
        ),
        former=former_rows(one, plan, former),
        others=[p for p in plans_of(db.session, case_id) if p.id != plan.id],
        ordinal=ordinal,
        may_change=one.may_change,
    )  # fmt: skip


def _changing(case_id: int, plan_id: int) -> tuple[Opened, Plan]:
    return changing(case_id), plan_of_case(db.session, case_id, plan_id)


def _at(plan: Plan) -> str:
    return url_for("cases.plan_page", case_id=plan.case_id, plan_id=plan.id)


def _step(case_id: int, plan_id: int, act: Callable[..., object], words: str) -> Answer:
    """One press that moves the plan on, from the page as it was opened."""
    one, plan = _changing(case_id, plan_id)
    form = Form(PlanActSchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("画面が古くなっています。プランを開き直してください。"))
    act(db.session, plan=plan, version=form.data["version"], user_id=one.viewer.user_id)
    flash(words)
    return committed(redirect(_at(plan), 303))


@bp.post("/cases/<int:case_id>/plans/<int:plan_id>/submit")
@requires(Action.PLAN_EDIT)
def submit_plan(case_id: int, plan_id: int) -> Answer:
    act = partial(services.submit_plan, today=today())
    return _step(case_id, plan_id, act, _("会議に出しました。次の会議の議題の候補に出ます。"))


@bp.post("/cases/<int:case_id>/plans/<int:plan_id>/take-back")
@requires(Action.PLAN_EDIT)
def take_back_plan(case_id: int, plan_id: int) -> Answer:
    return _step(case_id, plan_id, services.take_back_plan, _("作成中に戻しました。"))


@bp.post("/cases/<int:case_id>/plans/<int:plan_id>/start")
@requires(Action.PLAN_EDIT)
def start_plan(case_id: int, plan_id: int) -> Answer:
    return _step(case_id, plan_id, services.start_plan, _("支援を始めました。"))


# ------------------------------------------------------------- monitoring and evaluation


@bp.get("/cases/<int:case_id>/plans/<int:plan_id>/monitoring")
@requires(Action.PLAN_EDIT)
def monitoring_page(case_id: int, plan_id: int) -> Answer:
    one, plan = _changing(case_id, plan_id)
    following = workday_from(months_later(today(), services.MONITORING_MONTHS))
    initial = {"version": plan.version, "monitored_on": today(), "next_monitoring": following}
    return _monitoring(one, plan, Form(MonitoringSchema(), initial=initial))


@bp.post("/cases/<int:case_id>/plans/<int:plan_id>/monitoring")
@requires(Action.PLAN_EDIT)
@creates
def monitor_plan(case_id: int, plan_id: int) -> Answer:
    one, plan = _changing(case_id, plan_id)
    form = Form(MonitoringSchema(), typed=request.form)
    who, day = one.viewer.user_id, today()
    status = attempt(
        form,
        lambda data: services.monitor_plan(db.session, plan=plan, user_id=who, today=day, **data),
    )
    if status != 200:
        one, plan = _changing(case_id, plan_id)
        return _monitoring(one, plan, form, stale=status == 409), status
    flash(_("モニタリングを記録しました。"))
    return committed(redirect(_at(plan), 303))


def _monitoring(one: Opened, plan: Plan, form: Form, *, stale: bool = False) -> str:
    page = FormPage(
        title=_("モニタリング"),
        form=form,
        sections=(Section("", ("monitored_on", "progress", "text", "next_monitoring")),),
        action=url_for("cases.monitor_plan", case_id=one.case.id, plan_id=plan.id),
        submit=_("記録する"),
        cancel_url=_at(plan),
        lead=_("まず目指すこと：%(goal)s", goal=plan.short_goal),
        version=plan.version if stale else None,
        conflict=_plan_conflict(form, one, plan) if stale else None,
    )
    return render(one, "cases/form.html", page=page)


@bp.get("/cases/<int:case_id>/plans/<int:plan_id>/evaluation")
@requires(Action.PLAN_EDIT)
def evaluation_page(case_id: int, plan_id: int) -> Answer:
    one, plan = _changing(case_id, plan_id)
    initial = {"version": plan.version, "evaluated_on": today(), "left_over": plan.issues}
    return _evaluation(one, plan, Form(EvaluationSchema(), initial=initial))


@bp.post("/cases/<int:case_id>/plans/<int:plan_id>/evaluation")
@requires(Action.PLAN_EDIT)
@creates
def evaluate_plan(case_id: int, plan_id: int) -> Answer:
    one, plan = _changing(case_id, plan_id)
    form = Form(EvaluationSchema(), typed=request.form)
    who, day = one.viewer.user_id, today()
    status = attempt(
        form,
        lambda data: services.evaluate_plan(db.session, plan=plan, user_id=who, today=day, **data),
    )
    if status != 200:
        one, plan = _changing(case_id, plan_id)
        return _evaluation(one, plan, form, stale=status == 409), status
    flash(_("評価を記録しました。"))
    return committed(redirect(_at(plan), 303))


def _evaluation(one: Opened, plan: Plan, form: Form, *, stale: bool = False) -> str:
    page = FormPage(
        title=_("評価シート"),
        form=form,
        sections=(
            Section(_("目標"), ("evaluated_on", "reached", "text")),
            Section(_("変わったこと"), ("changes", ("work_change", "income_change"))),
            Section(_("これから"), ("left_over", "after")),
        ),
        action=url_for("cases.evaluate_plan", case_id=one.case.id, plan_id=plan.id),
        submit=_("評価して、このプランを終える"),
        cancel_url=_at(plan),
        lead=_("まず目指すこと：%(goal)s", goal=plan.short_goal),
        version=plan.version if stale else None,
        conflict=_plan_conflict(form, one, plan) if stale else None,
    )
    return render(one, "cases/form.html", page=page)


def _plan_conflict(form: Form, one: Opened, plan: Plan) -> dict[str, Any]:
    now_ = shown_plan(plan, one.access).values
    return conflict_of(form, now_, record_kind="plan", record_id=plan.id)


@bp.post("/cases/<int:case_id>/plans/<int:plan_id>/plan.pdf")
@requires(Action.CASE_PRINT)
def print_plan(case_id: int, plan_id: int) -> Answer:
    """The plan on A4: a POST, because of a protected household one approval is used up by it."""
    one = opened(case_id, needs=Tier.CARE)
    plan = plan_of_case(db.session, case_id, plan_id)
    use_print_approval(
        db.session, case=one.case, paper=PLAN_PAPER, user_id=one.viewer.user_id, at=now()
    )
    organisation = db.session.get_one(Organisation, one.case.organisation_id)
    former = former_of(db.session, plan.id)
    sheet = plan_sheet(one, plan, organisation, former=former, today=today())
    pdf = render_pdf(PLAN_PAPER, sheet)
    saw(Deed.PRINTED, "plan", plan.id, fields=("long_goal", "services"))
    return committed(pdf_answer(f"{one.case.number}-plan-{plan.number}", pdf))
