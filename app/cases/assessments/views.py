"""Assessments on pages: the list, one of them, writing, former versions, needs taken over."""

from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.assessments import services, words
from app.cases.assessments.codes import ASSESSMENT_STATE_LABELS, AssessmentState
from app.cases.assessments.derived import Suggestion, suggestions
from app.cases.assessments.models import Assessment
from app.cases.assessments.queries import (
    assessments_of,
    content_of,
    contents_of,
    get_assessment,
    get_version,
    latest,
    list_issues,
    shown_assessment,
    versions_of,
)
from app.cases.assessments.schemas import (
    AssessmentSchema,
    DerivedNeedsSchema,
    NewAssessmentSchema,
)
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
from app.db import db, today
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, Presented, Tier, requires
from app.wording import day, moment

SECTIONS = (
    Section("いつ", ("assessed_on",)),
    Section("課題", ("factors",), picker=("issues", "main_issues")),
    Section(
        "担当者だけが見ること",
        ("team_factors",),
        hint="ほかの相談員、居住支援法人、フードバンクには、どの画面・紙にも出ません。",
    ),
    Section("本人の希望と見立て", ("wish", "summary", "screening")),
    Section(
        "家族・地域・住まい",
        (("living_with", "marital"), "family", "community", ("rent", "loan"),
         ("guarantor", "emergency_contact")),
        folded=True,
    ),
    Section(
        "健康・障害",
        (("health", "diagnosis"), ("visits_doctor", "takes_medicine"),
         ("stairs_hard", "wheelchair"), "health_note"),
        folded=True,
    ),
    Section("公的な支え", (("public_assistance", "debt_settlement"), "money_note"), folded=True),
    Section(
        "収入・資産・債務・滞納",
        hint="一行に一つ。金額が分からなければ空けておきます。",
        rows="amounts",
        columns=("kind", "label", "yen", "months"),
        blank=2,
        folded=True,
    ),
    Section(
        "仕事",
        (("last_worked_on", "job_stage"), ("driving", "licences", "education"), "wish_for_work"),
        folded=True,
    ),
    Section(
        "職歴",
        rows="jobs",
        columns=("employer", "work", "since", "left_on", "reason"),
        blank=1,
        folded=True,
    ),
)  # fmt: skip


@bp.get("/cases/<int:case_id>/assessments")
@requires(Action.CASE_READ)
def assessment_list(case_id: int) -> Answer:
    one = opened(case_id, needs=Tier.CARE)
    found = assessments_of(db.session, case_id)
    names = names_of(db.session, {a.author_id for a in found})
    return render(
        one,
        "cases/assessments.html",
        rows=[
            _row(one, assessment, content, names)
            for assessment, content in zip(found, contents_of(db.session, found), strict=True)
        ],
        may_change=one.may_change,
        new_url=url_for("cases.new_assessment_page", case_id=case_id),
        noticing_url=url_for("cases.case_noticing_page", case_id=case_id),
    )


def _row(
    one: Opened, assessment: Assessment, content: dict[str, Any], names: dict[int, str]
) -> dict[str, Any]:
    shown = shown_assessment(db.session, assessment, one.access, content)
    return {
        "title": round_words(assessment.round),
        "on": day(assessment.assessed_on),
        "state": ASSESSMENT_STATE_LABELS[assessment.state],
        "draft": assessment.state is AssessmentState.DRAFT,
        "issues": words.issue_tags(shown),
        "by": names.get(assessment.author_id, ""),
        "url": _at("assessment_page", one, assessment),
    }


def round_words(number: int) -> str:
    """「初回」「2回目」"""
    return str(_("初回")) if number == 1 else str(_("%(n)s回目", n=number))


def _at(endpoint: str, one: Opened, assessment: Assessment, **values: Any) -> str:
    return url_for(f"cases.{endpoint}", case_id=one.case.id, number=assessment.round, **values)


@bp.get("/cases/<int:case_id>/assessments/<int:number>")
@requires(Action.CASE_READ)
def assessment_page(case_id: int, number: int) -> Answer:
    one = opened(case_id, needs=Tier.CARE)
    return _assessment(one, get_assessment(db.session, case_id, number), _needs_form(one))


def _assessment(one: Opened, assessment: Assessment, form: Form) -> str:
    shown = shown_assessment(db.session, assessment, one.access)
    kept = versions_of(db.session, assessment)
    names = names_of(db.session, {v.saved_by for v in kept} | {assessment.author_id})
    may_change = one.may_change
    derived = _derived(one, assessment) if may_change else []
    return render(
        one,
        "cases/assessment.html",
        **_told(shown, assessment),
        by=names.get(assessment.author_id, ""),
        may_change=may_change,
        edit_url=_at("edit_assessment_page", one, assessment),
        print_url=_at("print_assessment", one, assessment),
        food_url=url_for("cases.food_profile_page", case_id=one.case.id),
        derived=derived,
        needs=_needs_page(one, assessment, form, derived),
        versions=[
            {
                "at": moment(v.created_at),
                "by": names.get(v.saved_by, ""),
                "current": v.version == assessment.version,
                "url": _at("assessment_version", one, assessment, version=v.version),
            }
            for v in kept
        ],
    )


def _told(shown: Presented, assessment: Assessment) -> dict[str, Any]:
    return {
        "title": _("アセスメント（%(round)s）", round=round_words(assessment.round)),
        "on": day(date.fromisoformat(shown.assessed_on)),
        "state": ASSESSMENT_STATE_LABELS[AssessmentState(shown.state)],
        "draft": shown.state == AssessmentState.DRAFT,
        "issues": words.issue_tags(shown),
        "factors": words.factor_tags(shown),
        "parts": words.parts(shown, today=today()),
        "totals": words.totals(shown.amounts or []),
    }


@bp.get("/cases/<int:case_id>/assessments/<int:number>/versions/<int:version>")
@requires(Action.CASE_READ)
def assessment_version(case_id: int, number: int, version: int) -> Answer:
    one = opened(case_id, needs=Tier.CARE)
    assessment = get_assessment(db.session, case_id, number)
    kept = get_version(db.session, assessment, version)
    shown = shown_assessment(db.session, assessment, one.access, kept.content)
    told = _told(shown, assessment)
    names = names_of(db.session, {kept.saved_by})
    told["title"] = _("以前の版　%(title)s", title=told["title"])
    return render(
        one,
        "cases/assessment_version.html",
        **told,
        saved=_("%(at)s　%(by)s", at=moment(kept.created_at), by=names.get(kept.saved_by, "")),
        now_url=_at("assessment_page", one, assessment),
    )


# ----------------------------------------------------------------------------------- writing


@bp.get("/cases/<int:case_id>/assessments/new")
@requires(Action.CASE_EDIT)
def new_assessment_page(case_id: int) -> Answer:
    one = changing(case_id)
    before = latest(db.session, case_id)
    initial = _now(one, before) if before else {}
    initial |= {"assessed_on": today(), "state": AssessmentState.DRAFT}
    return _form_page(one, _form(one, None, initial=initial), None)


@bp.post("/cases/<int:case_id>/assessments")
@requires(Action.CASE_EDIT)
@creates
def create_assessment(case_id: int) -> Answer:
    return _save(changing(case_id), None)


@bp.get("/cases/<int:case_id>/assessments/<int:number>/edit")
@requires(Action.CASE_EDIT)
def edit_assessment_page(case_id: int, number: int) -> Answer:
    one = changing(case_id)
    assessment = get_assessment(db.session, case_id, number)
    form = _form(one, assessment, initial=_now(one, assessment))
    return _form_page(one, form, assessment)


@bp.post("/cases/<int:case_id>/assessments/<int:number>")
@requires(Action.CASE_EDIT)
def save_assessment(case_id: int, number: int) -> Answer:
    return _save(changing(case_id), get_assessment(db.session, case_id, number))


def _save(one: Opened, assessment: Assessment | None) -> Answer:
    form = _form(one, assessment, typed=request.form)
    saved: list[Assessment] = []

    def act(values: dict[str, Any]) -> None:
        saved.append(
            services.save_assessment(
                db.session,
                case=one.case,
                assessment=assessment,
                version=values.pop("version", 0),
                values=values,
                team=one.access.sees(Tier.TEAM),
                user_id=one.viewer.user_id,
                today=today(),
            )
        )

    status = attempt(form, act)
    if status != 200:
        one = changing(one.case.id)
        return _form_page(one, form, assessment, stale=status == 409), status
    draft = saved[0].state is AssessmentState.DRAFT
    flash(_("書きかけとして記録しました。") if draft else _("アセスメントを記録しました。"))
    return committed(redirect(_at("assessment_page", one, saved[0]), 303))


def _form(one: Opened, assessment: Assessment | None, **kwargs: Any) -> Form:
    """The sheet's form; what is for the team alone is not even asked of others."""
    team = one.access.sees(Tier.TEAM)
    ticked = tuple(t.issue_id for t in assessment.issues) if assessment else ()
    issues = [(i.id, i.name) for i in list_issues(db.session, team=team, kept=ticked)]
    schema = NewAssessmentSchema if assessment is None else AssessmentSchema
    return Form(
        schema(exclude=() if team else ("team_factors",)),
        choices={"issues": issues, "main_issues": issues},
        **kwargs,
    )


def _now(one: Opened, assessment: Assessment) -> dict[str, Any]:
    shown = shown_assessment(db.session, assessment, one.access)
    ticked = [*(shown.issues or []), *(shown.team_issues or [])]
    return dict(shown.values) | {
        "issues": [issue["id"] for issue in ticked],
        "main_issues": [issue["id"] for issue in ticked if issue["main"]],
    }


def _form_page(
    one: Opened, form: Form, assessment: Assessment | None, *, stale: bool = False
) -> str:
    case_id = one.case.id
    conflict = None
    if stale and assessment is not None:
        assessment = get_assessment(db.session, case_id, assessment.round)
        conflict = conflict_of(
            form, _now(one, assessment), record_kind="assessment", record_id=assessment.id
        )
    new = assessment is None
    page = FormPage(
        title=_("アセスメントを書く") if new else _("アセスメントを書きかえる"),
        form=form,
        sections=[s for s in SECTIONS if s.items != ("team_factors",) or one.access.team],
        action=(
            url_for("cases.create_assessment", case_id=case_id)
            if assessment is None
            else _at("save_assessment", one, assessment)
        ),
        submit=_("記録する"),
        cancel_url=(one.url if assessment is None else _at("assessment_page", one, assessment)),
        lead=_("聞けたところだけで記録できます。前の版はいつでも読めます。"),
        version=assessment.version if assessment and stale else None,
        conflict=conflict,
    )
    return render(one, "cases/assessment_form.html", page=page)


# ------------------------------------------------------------------------------------- needs


@bp.post("/cases/<int:case_id>/assessments/<int:number>/needs")
@requires(Action.CASE_EDIT)
@creates
def take_needs_over(case_id: int, number: int) -> Answer:
    one = changing(case_id)
    assessment = get_assessment(db.session, case_id, number)
    form = Form(DerivedNeedsSchema(), typed=request.form)
    user_id = one.viewer.user_id
    status = attempt(
        form,
        lambda data: services.take_needs_over(db.session, case=one.case, user_id=user_id, **data),
    )
    if status != 200:
        one = changing(case_id)
        assessment = get_assessment(db.session, case_id, number)
        return _assessment(one, assessment, form), status
    flash(_("住まいの希望に入れました。理由は、この相談の中だけに残ります。"))
    return committed(redirect(_at("assessment_page", one, assessment), 303))


def _derived(one: Opened, assessment: Assessment) -> list[Suggestion]:
    content = content_of(db.session, assessment)
    return suggestions(content, one.case, one.case.housing_need)


def _needs_form(one: Opened) -> Form:
    need = one.case.housing_need
    return Form(DerivedNeedsSchema(), initial={"version": need.version if need else 0})


def _needs_page(
    one: Opened, assessment: Assessment, form: Form, derived: list[Suggestion]
) -> FormPage:
    first = one.case.housing_need is None
    need = one.case.housing_need
    items: tuple[Any, ...] = ("accepted",)
    if first:
        items += ("rent_basis", "agreed_rent")
    return FormPage(
        title="",
        form=form,
        sections=(Section("", items),),
        action=_at("take_needs_over", one, assessment),
        submit=_("確かめたので、住まいの希望に入れる"),
        cancel_url=one.url,
        version=need.version if need else 0,
        changes={
            "accepted": {"choices": [(d.code, d.label, _("%(why)s から", why=d.because))
                                     for d in derived]},
        },
    )  # fmt: skip
