"""Pages: where two sources disagree about a home – on its page, as a list, and deciding it."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.answers import Answer, csv_answer
from app.audit.models import Deed
from app.db import db, now, today
from app.forms import Form
from app.housing.blueprint import bp
from app.housing.homes import words as home_words
from app.housing.lists import questions
from app.housing.lists.questions import Question, Voice
from app.housing.lists.schemas import DecisionSchema
from app.housing.panels import home_panels
from app.idempotency import committed
from app.policy import Action, Viewer, allows, requires
from app.security import saw, the_viewer

PER_PAGE = 50


@bp.get("/homes/questions")
@requires(Action.HOME_EDIT)
def question_page() -> Answer:
    """Every disagreement that waits for a decision."""
    page = max(1, min(request.args.get("page", 1, type=int), 10_000))
    asked = questions.open_questions(db.session, page=page, per_page=PER_PAGE)
    return render_template(
        "housing/questions.html",
        questions=[(one, home_words.full_name(one.home)) for one in asked],
        total=questions.count_open(db.session),
        first=(page - 1) * PER_PAGE + 1,
        page=page,
    )


CSV_HEAD = ("番号", "物件", "項目", "いまの記録", "出どころ", "日付", "別の値", "出どころ", "日付")


@bp.get("/homes/questions.csv")
@requires(Action.HOME_EDIT)
def question_csv() -> Answer:
    """Every disagreement as a file, to ask about on the phone."""
    asked = questions.open_questions(db.session, per_page=20_000)
    saw(Deed.EXPORTED, "home", None)
    rows = (
        [one.home.id, home_words.full_name(one.home), one.label, *_cells(one.ours),
         *_cells(one.theirs)]
        for one in asked
    )  # fmt: skip
    return csv_answer("questions", CSV_HEAD, rows, today=today())


def _cells(voice: Voice) -> tuple[Any, ...]:
    return voice.words, voice.sender or _("窓口の記録"), voice.said_on


@bp.post("/homes/<int:home_id>/questions/<int:statement_id>")
@requires(Action.HOME_EDIT)
def decide_question(home_id: int, statement_id: int) -> Answer:
    form = Form(DecisionSchema(), typed=request.form)
    if not form.load():
        page = render_template(
            "housing/question_again.html",
            form=form,
            errors=form.summary,
            asked=_one(home_id, statement_id),
        )
        return page, 422
    questions.decide(
        db.session,
        statement_id=statement_id,
        user_id=the_viewer().user_id,
        at=now(),
        **form.data,
    )
    flash(_("決めた値と理由を記録しました。もう一方の値も、出どころと一緒に残っています。"))
    return committed(redirect(url_for("housing.home_page", home_id=home_id), 303))


def _one(home_id: int, statement_id: int) -> Question:
    asked = questions.open_questions(db.session, home_id=home_id)
    found = next((one for one in asked if one.statement_id == statement_id), None)
    if found is None:
        abort(404)
    return found


def question_words(one: Question) -> dict[str, Any]:
    """A question for programs."""
    return {
        "id": one.statement_id,
        "home_id": one.home.id,
        "version": one.home.version,
        "field": one.field,
        "label": one.label,
        "ours": _voice_words(one.ours),
        "theirs": _voice_words(one.theirs),
    }


def _voice_words(voice: Voice) -> dict[str, Any]:
    return {
        "value": voice.words,
        "sender": voice.sender,
        "said_on": voice.said_on.isoformat() if voice.said_on else None,
        "as_typed": voice.as_typed,
    }


def question_panel(session: Session, home_id: int, viewer: Viewer) -> Markup | None:
    """「食い違い」 on a home's page: both values, and for those who may, the decision."""
    asked = questions.open_questions(session, home_id=home_id)
    if not asked:
        return None
    may_decide = allows(viewer, Action.HOME_EDIT)
    return Markup(  # noqa: S704 - rendered by Jinja with escaping
        render_template("housing/_questions.html", questions=asked, may_decide=may_decide)
    )


home_panels.append(question_panel)
