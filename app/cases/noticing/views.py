"""The noticing chart on pages: before there is a case, and as part of one."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.assessments import services as assessing
from app.cases.assessments.queries import latest
from app.cases.frame import FormPage, Opened, Section, attempt, bp, changing, render
from app.cases.noticing import services
from app.cases.noticing.models import NoticingChart
from app.cases.noticing.questions import ANSWER_LABELS, QUESTION_LABELS, Question
from app.cases.noticing.questions import Answer as Said
from app.cases.noticing.schemas import AcceptSchema, ChartSchema
from app.db import db, today
from app.errors import InvalidError, NotFoundError
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, Tier, present, requires
from app.security import saw, the_viewer
from app.wording import moment

SECTIONS = (Section("", tuple(question.value for question in Question)),)
NOT_FOUND = "このチャートは見つかりません。記入した人が、相談のページから開いてください。"


@bp.get("/noticing")
@requires(Action.CASE_CREATE)
def noticing_page() -> Answer:
    return _questions(Form(ChartSchema()), url_for("cases.fill_in_chart"), [])


@bp.post("/noticing")
@requires(Action.CASE_CREATE)
@creates
def fill_in_chart() -> Answer:
    form = Form(ChartSchema(), typed=request.form)
    made: list[NoticingChart] = []
    status = attempt(
        form,
        lambda data: made.append(
            services.keep_chart(db.session, answers=_answers(data), user_id=the_viewer().user_id)
        ),
    )
    if status != 200:
        return _questions(form, url_for("cases.fill_in_chart"), []), status
    return committed(redirect(url_for("cases.chart_page", chart_id=made[0].id), 303))


@bp.get("/noticing/<int:chart_id>")
@requires(Action.CASE_CREATE)
def chart_page(chart_id: int) -> Answer:
    """A chart that belongs to nobody yet, for whoever filled it in."""
    chart = services.chart_of(db.session, chart_id, user_id=the_viewer().user_id)
    if chart is None:
        raise NotFoundError(NOT_FOUND)
    return render_template(
        "cases/noticing_result.html",
        breadcrumbs=[(_("気づきのチャート"), url_for("cases.noticing_page"))],
        head=None,
        said=_said(chart.answers),
        suggested=_words(services.suggestions(db.session, chart.answers)),
        receive_url=url_for("cases.new_case_page", chart=chart.id),
        again_url=url_for("cases.noticing_page"),
    )


def _questions(form: Form, action: str, breadcrumbs: list[tuple[str, str]]) -> str:
    page = FormPage(
        title=_("気づきのチャート"),
        form=form,
        sections=SECTIONS,
        action=action,
        submit=_("考えられることを見る"),
        cancel_url=url_for("cases.case_list"),
        lead=_("読み上げて、本人が話したいところだけ印をつけます。名前は書きません。"),
    )
    return render_template("cases/noticing.html", page=page, breadcrumbs=breadcrumbs)


def _answers(data: Mapping[str, Any]) -> dict[Question, Said]:
    return {question: data[question.value] for question in Question}


def _said(answers: Mapping[str, str]) -> list[tuple[str, str]]:
    return [
        (QUESTION_LABELS[q], ANSWER_LABELS[Said(answers[q.value])])
        for q in Question
        if q.value in answers
    ]


def _words(found: list[services.Suggestion]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.issue.id,
            "name": one.issue.name,
            "because": [QUESTION_LABELS[q] for q in one.questions],
            "services": one.services,
            "sure": one.sure,
        }
        for one in found
    ]


# ------------------------------------------------------------------------------- of a case


@bp.get("/cases/<int:case_id>/noticing")
@requires(Action.CASE_EDIT)
def case_noticing_page(case_id: int) -> Answer:
    one = changing(case_id)
    return _of_case(one, Form(ChartSchema()))


@bp.post("/cases/<int:case_id>/noticing")
@requires(Action.CASE_EDIT)
@creates
def fill_in_case_chart(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(ChartSchema(), typed=request.form)
    user_id = one.viewer.user_id
    made: list[NoticingChart] = []
    status = attempt(
        form,
        lambda data: made.append(
            services.keep_chart(db.session, answers=_answers(data), user_id=user_id, case=one.case)
        ),
    )
    if status != 200:
        return _of_case(changing(case_id), form), status
    return committed(redirect(_chart_url(one, made[0].id), 303))


def _of_case(one: Opened, form: Form) -> str:
    page = FormPage(
        title=_("気づきのチャート"),
        form=form,
        sections=SECTIONS,
        action=url_for("cases.fill_in_case_chart", case_id=one.case.id),
        submit=_("考えられることを見る"),
        cancel_url=one.url,
        lead=_("読み上げて、本人が話したいところだけ印をつけます。"),
    )
    charts = services.charts_of_case(db.session, one.case.id)
    before = [
        {"at": moment(chart.created_at), "url": _chart_url(one, chart.id)} for chart in charts
    ]
    return render(one, "cases/noticing.html", page=page, before=before)


def _chart_url(one: Opened, chart_id: int) -> str:
    return url_for("cases.case_chart_page", case_id=one.case.id, chart_id=chart_id)


@bp.get("/cases/<int:case_id>/noticing/<int:chart_id>")
@requires(Action.CASE_EDIT)
def case_chart_page(case_id: int, chart_id: int) -> Answer:
    one = changing(case_id)
    return _result(one, _chart(one, chart_id), Form(AcceptSchema()))


@bp.post("/cases/<int:case_id>/noticing/<int:chart_id>/issues")
@requires(Action.CASE_EDIT)
@creates
def accept_issues(case_id: int, chart_id: int) -> Answer:
    one = changing(case_id)
    chart = _chart(one, chart_id)
    form = Form(AcceptSchema(), typed=request.form)
    status = attempt(form, lambda data: _accept(one, chart, data["issues"]))
    if status != 200:
        one = changing(case_id)
        return _result(one, _chart(one, chart_id), form), status
    newest = latest(db.session, case_id)
    number = newest.round if newest else 1
    flash(_("本人が受け入れた課題を、アセスメントに書きとめました。"))
    where = url_for("cases.assessment_page", case_id=case_id, number=number)
    return committed(redirect(where, 303))


def _accept(one: Opened, chart: NoticingChart, issue_ids: list[int]) -> None:
    """Only what this chart suggests to this viewer can be accepted from it."""
    if not set(issue_ids) <= {found.issue.id for found in _suggested(one, chart)}:
        sentence = "このチャートが示した課題から選んでください。"
        raise InvalidError(sentence, fields={"issues": [sentence]})
    assessing.tick_issues(
        db.session,
        case=one.case,
        issue_ids=issue_ids,
        user_id=one.viewer.user_id,
        today=today(),
    )


def _chart(one: Opened, chart_id: int) -> NoticingChart:
    chart = db.session.get(NoticingChart, chart_id)
    if chart is None or chart.case_id != one.case.id:
        raise NotFoundError(NOT_FOUND)
    return chart


def _suggested(one: Opened, chart: NoticingChart) -> list[services.Suggestion]:
    found = services.suggestions(db.session, chart.answers)
    return [s for s in found if one.access.sees(Tier.TEAM) or not s.issue.team_only]


def _result(one: Opened, chart: NoticingChart, form: Form) -> str:
    values = {"answers": chart.answers, "created_at": chart.created_at}
    shown = present("noticing_chart", values, one.access)
    saw(Deed.VIEWED, "noticing_chart", chart.id, fields=shown.values)
    newest = latest(db.session, one.case.id)
    there = {tick.issue_id for tick in newest.issues} if newest else set()
    suggested = _words(_suggested(one, chart))
    return render(
        one,
        "cases/noticing_result.html",
        breadcrumbs=[],
        said=_said(shown.answers),
        suggested=[row | {"there": row["id"] in there} for row in suggested],
        form=form,
        ticked=[int(v) for v in form["issues"].values if v.isdecimal()],
        accept_url=url_for("cases.accept_issues", case_id=one.case.id, chart_id=chart.id),
        again_url=url_for("cases.case_noticing_page", case_id=one.case.id),
    )
