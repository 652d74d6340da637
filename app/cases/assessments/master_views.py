"""The master of issues, kept by the administrators of the desk."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer, csv_answer
from app.audit.models import Deed
from app.cases.assessments import services
from app.cases.assessments.models import Issue
from app.cases.assessments.queries import get_issue, list_issues
from app.cases.assessments.schemas import IssueEditSchema, IssueSchema
from app.cases.assessments.services import ISSUE_FIELDS
from app.cases.frame import FormPage, Section, attempt, bp, conflict_of
from app.cases.noticing.questions import QUESTION_LABELS, Question
from app.db import db, today
from app.errors import ForbiddenError
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, OrganisationKind, Role, Viewer, requires
from app.security import saw, the_viewer

SECTIONS = (
    Section("", ("name", "aliases", ("national_code", "position"))),
    Section("つなぎ方", ("services", "questions")),
    Section("扱い", ("active", "team_only")),
)
CSV_HEAD = (
    "国の番号", "課題", "別の言い方", "よくつなぐ事業", "示す質問", "使う", "担当者だけ",
)  # fmt: skip
_LISTS = ("aliases", "services")


@bp.get("/issues")
@requires(Action.MASTER_EDIT)
def issue_list() -> Answer:
    _keeper()
    issues = list_issues(db.session, active=False)
    return render_template(
        "cases/issues.html",
        rows=[
            {
                "issue": issue,
                "questions": [QUESTION_LABELS[Question(q)] for q in issue.questions],
                "url": url_for("cases.issue_page", issue_id=issue.id),
            }
            for issue in issues
        ],
        new_url=url_for("cases.new_issue_page"),
        csv_url=url_for("cases.issue_export"),
    )


@bp.get("/issues.csv")
@requires(Action.MASTER_EDIT)
def issue_export() -> Answer:
    """The master as a file, as it is handed around when it is discussed."""
    _keeper()
    saw(Deed.EXPORTED, "issue", None)
    rows = [
        [
            issue.national_code or "",
            issue.name,
            "、".join(issue.aliases),
            "、".join(issue.services),
            "、".join(QUESTION_LABELS[Question(q)] for q in issue.questions),
            _("はい") if issue.active else _("いいえ"),
            _("はい") if issue.team_only else _("いいえ"),
        ]
        for issue in list_issues(db.session, active=False)
    ]
    return csv_answer("issues", CSV_HEAD, rows, today=today())


@bp.get("/issues/new")
@requires(Action.MASTER_EDIT)
def new_issue_page() -> Answer:
    _keeper()
    return _issue(Form(IssueSchema()), None)


@bp.post("/issues")
@requires(Action.MASTER_EDIT)
@creates
def add_issue() -> Answer:
    viewer = _keeper()
    form = Form(IssueSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: services.add_issue(db.session, values=data, user_id=viewer.user_id),
    )
    if status != 200:
        return _issue(form, None), status
    flash(_("課題を加えました。"))
    return committed(redirect(url_for("cases.issue_list"), 303))


@bp.get("/issues/<int:issue_id>")
@requires(Action.MASTER_EDIT)
def issue_page(issue_id: int) -> Answer:
    _keeper()
    issue = get_issue(db.session, issue_id)
    return _issue(Form(IssueEditSchema(), initial=_now(issue)), issue)


@bp.post("/issues/<int:issue_id>")
@requires(Action.MASTER_EDIT)
def save_issue(issue_id: int) -> Answer:
    viewer = _keeper()
    issue = get_issue(db.session, issue_id)
    form = Form(IssueEditSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: services.change_issue(
            db.session,
            issue=issue,
            version=data["version"],
            values=data,
            user_id=viewer.user_id,
        ),
    )
    if status != 200:
        return _issue(form, get_issue(db.session, issue_id), stale=status == 409), status
    flash(_("課題を書きかえました。"))
    return committed(redirect(url_for("cases.issue_list"), 303))


def _keeper() -> Viewer:
    """The master is the desk's: administrators of other organisations do not change its words."""
    viewer = the_viewer()
    desk = {OrganisationKind.CONSULTATION, OrganisationKind.CITY_SECTION}
    if not any(m.role is Role.ORG_ADMIN and m.kinds & desk for m in viewer.memberships):
        raise ForbiddenError(_("課題の一覧を直せるのは、相談機関の管理者です。"))
    return viewer


def _now(issue: Issue) -> dict[str, Any]:
    values = {name: getattr(issue, name) for name in ISSUE_FIELDS}
    return values | {name: "、".join(values[name]) for name in _LISTS} | {"version": issue.version}


def _issue(form: Form, issue: Issue | None, *, stale: bool = False) -> str:
    conflict = None
    if stale and issue is not None:
        conflict = conflict_of(form, _now(issue), record_kind="issue", record_id=issue.id)
    page = FormPage(
        title=_("課題を加える") if issue is None else _("課題を直す"),
        form=form,
        sections=SECTIONS,
        action=(
            url_for("cases.add_issue")
            if issue is None
            else url_for("cases.save_issue", issue_id=issue.id)
        ),
        submit=_("記録する"),
        cancel_url=url_for("cases.issue_list"),
        lead=_(
            "使わなくなった課題は消さずに「使う」を外します。これまでの記録はそのまま読めます。"
        ),
        version=issue.version if issue and stale else None,
        conflict=conflict,
    )
    crumbs = [(_("課題の一覧"), url_for("cases.issue_list"))]
    return render_template("cases/form.html", page=page, breadcrumbs=crumbs)
