"""The plan: its page, bringing it before the meeting, looking at it again, evaluating it."""

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
    Application,
    Change,
    PlanState,
)
from app.cases.plans.former_views import former_rows
from app.cases.plans.history import former_of
from app.cases.plans.models import Plan
from app.cases.plans.paper import PLAN_PAPER, plan_sheet
from app.cases.plans.queries import plan_of_case, plans_of
from app.cases.plans.records import ordinal, shown_evaluation, shown_plan
from app.cases.plans.schemas import (
    EvaluationSchema,
    MonitoringSchema,
    PlanActSchema,
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
        missing=_missing(plan),
    )  # fmt: skip


def _missing(plan: Plan) -> list[str]:
    """What a draft still needs before it can go before the meeting."""
    if plan.state is not PlanState.DRAFT:
        return []
    applied = plan.application is not Application.NONE
    return ([] if applied else [_("本人の申込み")]) + (
        [] if plan.services else [_("使う事業・サービス")]
    )


def changing_plan(case_id: int, plan_id: int) -> tuple[Opened, Plan]:
    """A plan for writing, with its case."""
    return changing(case_id), plan_of_case(db.session, case_id, plan_id)


def plan_url(plan: Plan) -> str:
    """The address of a plan's page."""
    return url_for("cases.plan_page", case_id=plan.case_id, plan_id=plan.id)


def _step(case_id: int, plan_id: int, act: Callable[..., object], words: str) -> Answer:
    """One press that moves the plan on, from the page as it was opened."""
    one, plan = changing_plan(case_id, plan_id)
    form = Form(PlanActSchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("画面が古くなっています。プランを開き直してください。"))
    act(db.session, plan=plan, version=form.data["version"], user_id=one.viewer.user_id)
    flash(words)
    return committed(redirect(plan_url(plan), 303))


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
    one, plan = changing_plan(case_id, plan_id)
    following = workday_from(months_later(today(), services.MONITORING_MONTHS))
    initial = {"version": plan.version, "monitored_on": today(), "next_monitoring": following}
    return _monitoring(one, plan, Form(MonitoringSchema(), initial=initial))


@bp.post("/cases/<int:case_id>/plans/<int:plan_id>/monitoring")
@requires(Action.PLAN_EDIT)
@creates
def monitor_plan(case_id: int, plan_id: int) -> Answer:
    one, plan = changing_plan(case_id, plan_id)
    form = Form(MonitoringSchema(), typed=request.form)
    who, day = one.viewer.user_id, today()
    status = attempt(
        form,
        lambda data: services.monitor_plan(db.session, plan=plan, user_id=who, today=day, **data),
    )
    if status != 200:
        one, plan = changing_plan(case_id, plan_id)
        return _monitoring(one, plan, form, stale=status == 409), status
    flash(_("モニタリングを記録しました。"))
    return committed(redirect(plan_url(plan), 303))


def _monitoring(one: Opened, plan: Plan, form: Form, *, stale: bool = False) -> str:
    page = FormPage(
        title=_("モニタリング"),
        form=form,
        sections=(Section("", ("monitored_on", "progress", "text", "next_monitoring")),),
        action=url_for("cases.monitor_plan", case_id=one.case.id, plan_id=plan.id),
        submit=_("記録する"),
        cancel_url=plan_url(plan),
        lead=_("まず目指すこと：%(goal)s", goal=plan.short_goal),
        version=plan.version if stale else None,
        conflict=_monitored_by_two(form, one, plan) if stale else None,
    )
    return render(one, "cases/form.html", page=page)


def _monitored_by_two(form: Form, one: Opened, plan: Plan) -> dict[str, Any]:
    """What somebody else found when looking at the plan meanwhile, beside what was typed."""
    rows = shown_plan(plan, one.access).monitorings
    if not rows:
        return _plan_conflict(form, one, plan)
    last = plan.monitorings[-1].id
    return conflict_of(form, rows[-1], record_kind="plan_monitoring", record_id=last)


@bp.get("/cases/<int:case_id>/plans/<int:plan_id>/evaluation")
@requires(Action.PLAN_EDIT)
def evaluation_page(case_id: int, plan_id: int) -> Answer:
    one, plan = changing_plan(case_id, plan_id)
    initial = {"version": plan.version, "evaluated_on": today(), "left_over": plan.issues}
    return _evaluation(one, plan, Form(EvaluationSchema(), initial=initial))


@bp.post("/cases/<int:case_id>/plans/<int:plan_id>/evaluation")
@requires(Action.PLAN_EDIT)
@creates
def evaluate_plan(case_id: int, plan_id: int) -> Answer:
    one, plan = changing_plan(case_id, plan_id)
    form = Form(EvaluationSchema(), typed=request.form)
    who, day = one.viewer.user_id, today()
    status = attempt(
        form,
        lambda data: services.evaluate_plan(db.session, plan=plan, user_id=who, today=day, **data),
    )
    if status != 200:
        one, plan = changing_plan(case_id, plan_id)
        return _evaluation(one, plan, form, stale=status == 409), status
    flash(_("評価を記録しました。"))
    return committed(redirect(plan_url(plan), 303))


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
        cancel_url=plan_url(plan),
        lead=_("まず目指すこと：%(goal)s", goal=plan.short_goal),
        version=plan.version if stale else None,
        conflict=_evaluated_by_two(form, one, plan) if stale else None,
    )
    return render(one, "cases/form.html", page=page)


def _evaluated_by_two(form: Form, one: Opened, plan: Plan) -> dict[str, Any]:
    """Somebody else's evaluation, beside what was typed."""
    over = plan.evaluation
    if over is None:
        return _plan_conflict(form, one, plan)
    theirs = shown_evaluation(over, one.access).values
    return conflict_of(form, theirs, record_kind="plan_evaluation", record_id=over.id)


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
