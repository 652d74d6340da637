"""Pages of one visit: two taps for a normal one, and putting a record right."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.listing import called, names_of
from app.db import db, now, today
from app.errors import InvalidError
from app.followup import queries
from app.followup.blueprint import bp
from app.followup.codes import (
    ATTEMPT_LABELS,
    HELP_LABELS,
    RENT_LABELS,
    SEEN_LABELS,
    AttemptResult,
    CheckInState,
)
from app.followup.ladder.codes import ConcernState
from app.followup.models import CheckIn
from app.followup.moves.words import move_fact
from app.followup.records import shown_attempt
from app.followup.visits import services
from app.followup.visits.schemas import AttemptSchema, VisitCorrectionSchema
from app.followup.words import home_line, result_kind
from app.forms import Form
from app.idempotency import committed, creates, standings
from app.policy import Access, Action, Presented, requires
from app.security import saw, the_viewer

BIG = {AttemptResult.MET: "good", AttemptResult.SPOKE: "good", AttemptResult.WORRYING: "bad"}


def _opened(check_in_id: int) -> CheckIn:
    return queries.get_check_in(db.session, check_in_id, the_viewer(), today=today())


def _access(check_in: CheckIn) -> Access:
    return queries.access_of(check_in.plan, the_viewer(), today())


@bp.get("/visits/<int:check_in_id>")
@requires(Action.VISIT_RECORD)
def visit_page(check_in_id: int) -> Answer:
    check_in = _opened(check_in_id)
    return _page(check_in, Form(AttemptSchema(), initial={"on": today()}))


def _page(check_in: CheckIn, form: Form) -> str:
    case = check_in.plan.placement.case
    access = _access(check_in)
    saw(Deed.VIEWED, "case", case.id, fields=("home", "name", "visits"))
    return render_template(
        "followup/visit.html",
        check_in=check_in,
        case=case,
        called=called(case, the_viewer(), today=today()),
        home=home_line(check_in.plan.placement),
        goes=move_fact(db.session, check_in),
        form=form,
        results=[(code.value, label, BIG.get(code, "")) for code, label in ATTEMPT_LABELS.items()],
        rows=[attempt_lines(shown_attempt(a, access)) for a in check_in.attempts],
        corrected={a.corrects_id for a in check_in.attempts},
        concerns=[
            c
            for c in queries.concerns_of(db.session, check_in.plan_id)
            if c.state is ConcernState.OPEN
        ],
        names=names_of(db.session, {a.user_id for a in check_in.attempts}),
        open=check_in.state is CheckInState.DUE,
        worry=AttemptResult.WORRYING,
        may_worry=check_in.state in (CheckInState.MET, CheckInState.COVERED),
        answer=_answer(check_in),
    )


def _answer(check_in: CheckIn) -> CheckIn | None:
    """The check-in whose contact answered for this one."""
    return db.session.get(CheckIn, check_in.answered_by) if check_in.answered_by else None


def attempt_lines(shown: Presented) -> dict[str, Any]:
    """An attempt in words, as pages and papers draw it."""
    result = AttemptResult(shown.result) if shown.result else None
    tags = [SEEN_LABELS[code] for code in shown["items"] or []]
    if shown.rent:
        tags.insert(0, f"家賃 {RENT_LABELS[shown.rent]}")
    return {
        "shown": shown,
        "result": ATTEMPT_LABELS[result] if result else "",
        "kind": result_kind(result) if result else "",
        "tags": tags,
        "help": "、".join(HELP_LABELS[code] for code in shown.kinds or []),
    }


@bp.post("/visits/<int:check_in_id>/attempts")
@requires(Action.VISIT_RECORD)
@creates
def record_attempt(check_in_id: int) -> Answer:
    check_in = _opened(check_in_id)
    form = Form(AttemptSchema(), typed=request.form)
    if not form.load():
        return _page(check_in, form), 422
    try:
        services.record_attempt(
            db.session,
            check_in=check_in,
            user_id=the_viewer().user_id,
            now=now(),
            **attempt_values(form.data),
        )
    except InvalidError as error:
        form.refuse(error.fields)
        return _page(check_in, form), 422
    return _recorded(check_in, form.data["result"])


def attempt_values(data: dict[str, Any]) -> dict[str, Any]:
    """What `AttemptSchema` loaded, as the service takes it: nothing typed is nothing."""
    return data | {"note": data["note"] or None, "linked_to": data["linked_to"] or None}


def correction_values(data: dict[str, Any]) -> dict[str, Any]:
    """What `VisitCorrectionSchema` loaded, as the service takes it: the moment stays as it was."""
    return {k: v for k, v in attempt_values(data).items() if k not in ("on", "again")}


def _recorded(check_in: CheckIn, result: AttemptResult) -> Answer:
    """What to say after an attempt; a worry leads to its ladder and names whom to tell."""
    done = _("記録しました: %(result)s", result=ATTEMPT_LABELS[result])
    if result is not AttemptResult.WORRYING:
        flash(done, "success")
        return committed(redirect(url_for("followup.visit_list"), 303))
    team = names_of(db.session, {m.user_id for m in check_in.plan.placement.case.team})
    who = "、".join(sorted(team.values())) or _("相談窓口")
    tell = _("きょうのうちに、相談の担当（%(who)s）へ伝えてください。", who=who)
    flash(f"{done}。{tell}", "warning")
    concern = queries.concerns_of(db.session, check_in.plan_id)[0]
    return committed(redirect(url_for("followup.concern_page", concern_id=concern.id), 303))


@bp.get("/visits/<int:check_in_id>/attempts/<int:attempt_id>/correction")
@requires(Action.VISIT_RECORD)
def correction_page(check_in_id: int, attempt_id: int) -> Answer:
    check_in = _opened(check_in_id)
    wrong = next((a for a in check_in.standing if a.id == attempt_id), None)
    initial = {} if wrong is None else vars(wrong)
    return _correction(check_in, attempt_id, Form(VisitCorrectionSchema(), initial=initial))


def _correction(check_in: CheckIn, attempt_id: int, form: Form) -> str:
    case = check_in.plan.placement.case
    saw(Deed.VIEWED, "case", case.id, fields=("home", "name", "visits"))
    return render_template(
        "followup/correction.html",
        check_in=check_in,
        attempt_id=attempt_id,
        called=called(case, the_viewer(), today=today()),
        form=form,
    )


@bp.post("/visits/<int:check_in_id>/attempts/<int:attempt_id>/correction")
@requires(Action.VISIT_RECORD)
@creates
def correct_attempt(check_in_id: int, attempt_id: int) -> Answer:
    check_in = _opened(check_in_id)
    form = Form(VisitCorrectionSchema(), typed=request.form)
    if not form.load():
        return _correction(check_in, attempt_id, form), 422
    services.correct_attempt(
        db.session,
        check_in=check_in,
        attempt_id=attempt_id,
        user_id=the_viewer().user_id,
        now=now(),
        **correction_values(form.data),
    )
    flash(_("直しました。前の記録も残っています。"))
    return committed(redirect(url_for("followup.visit_page", check_in_id=check_in.id), 303))


def _standing(check_in_id: int) -> str:
    return str(_opened(check_in_id).id)


standings["check_in_id"] = _standing
