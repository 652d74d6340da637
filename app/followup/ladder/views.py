"""Pages of a concern: whom to call, by when, what came of it, and the end."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import attempt, conflict_of
from app.cases.listing import called, names_of
from app.db import db, now, today
from app.errors import InvalidError
from app.followup import queries
from app.followup.blueprint import bp
from app.followup.codes import ATTEMPT_LABELS
from app.followup.ladder import services
from app.followup.ladder.codes import (
    CONCERN_LABELS,
    OPENED_BY_ITSELF,
    OUTCOME_LABELS,
    STEP_LABELS,
    STEP_RESULT_LABELS,
    ConcernState,
    Outcome,
    StepResult,
)
from app.followup.ladder.contacts import contacts_for
from app.followup.ladder.models import Concern
from app.followup.ladder.schemas import CloseConcernSchema, StepResultSchema
from app.followup.models import Attempt
from app.followup.records import shown_concern, shown_step, taken
from app.followup.visits.covering import answer_to
from app.followup.words import home_line
from app.forms import Form
from app.idempotency import committed, creates, standings
from app.policy import Access, Action, requires
from app.security import saw, the_viewer
from app.wording import moment


def _opened(concern_id: int) -> Concern:
    return queries.get_concern(db.session, concern_id, the_viewer(), today=today())


@bp.get("/concerns/<int:concern_id>")
@requires(Action.FOLLOWUP_READ)
def concern_page(concern_id: int) -> Answer:
    concern = _opened(concern_id)
    return _page(concern, close=_close_form(concern), step=Form(StepResultSchema()))


def _close_form(concern: Concern) -> Form:
    """Where a later contact answers, the end is proposed; a person reads it and presses."""
    initial: dict[str, Any] = {"version": concern.version}
    answer = answer_to(db.session, concern) if concern.state is ConcernState.OPEN else None
    if answer is not None:
        initial |= {"outcome": Outcome.LATER, "found": answered_words(answer)}
    return Form(CloseConcernSchema(), initial=initial)


def answered_words(answer: Attempt) -> str:
    """What a later contact showed, as the end of a concern says it."""
    said = ATTEMPT_LABELS[answer.result]
    return str(_("%(at)s %(said)s。", at=moment(answer.at), said=said))


def _page(
    concern: Concern,
    *,
    close: Form,
    step: Form,
    wrong_step: int | None = None,
    stale: bool = False,
) -> str:
    viewer, day = the_viewer(), today()
    plan = concern.plan
    case = plan.placement.case
    access = queries.access_of(plan, viewer, day)
    is_open = concern.state is ConcernState.OPEN
    saw(Deed.VIEWED, "case", case.id, fields=("home", "name", "visits", "phone"))
    contacts = contacts_for(db.session, plan, viewer, access, today=day) if is_open else {}
    people = {s.done_by for s in concern.steps} | {concern.closed_by, concern.opened_by}
    shown = shown_concern(concern, access)
    return render_template(
        "followup/concern.html",
        concern=shown,
        answer=answer_to(db.session, concern) if is_open else None,
        is_open=is_open,
        title=CONCERN_LABELS[concern.kind],
        by_itself=OPENED_BY_ITSELF.get(concern.kind),
        called=called(case, viewer, today=day),
        home=home_line(plan.placement),
        steps=[_step(s, access) | {"contacts": contacts.get(s.kind)} for s in concern.steps],
        next_id=concern.next_step.id if concern.next_step and is_open else None,
        outcome=OUTCOME_LABELS[shown.outcome] if shown.outcome else None,
        check_in=concern.check_in,
        names=names_of(db.session, {one for one in people if one is not None}),
        close=close,
        step=step,
        wrong_step=wrong_step,
        version=concern.version,
        conflict=conflict_of(
            close,
            taken(concern, ("version", "outcome", "found")),
            record_kind="concern",
            record_id=concern.id,
        )
        if stale
        else None,
        now=now(),
    )


def _step(step: Any, access: Access) -> dict[str, Any]:
    shown = shown_step(step, access)
    return {
        "shown": shown,
        "label": STEP_LABELS[step.kind],
        "result": STEP_RESULT_LABELS[shown.result] if shown.result else None,
    }


@bp.post("/concerns/<int:concern_id>/steps/<int:step_id>")
@requires(Action.VISIT_RECORD)
@creates
def take_step(concern_id: int, step_id: int) -> Answer:
    concern = _opened(concern_id)
    form = Form(StepResultSchema(), typed=request.form)
    ok = form.load()
    if ok:
        try:
            services.take_step(
                db.session,
                concern=concern,
                step_id=step_id,
                result=form.data["result"],
                note=form.data["note"] or None,
                user_id=the_viewer().user_id,
                at=now(),
            )
        except InvalidError as error:
            form.refuse(error.fields)
            ok = not error.fields
    if not ok:
        return _page(concern, close=_close_form(concern), step=form, wrong_step=step_id), 422
    if form.data["result"] is StepResult.SAFE:
        flash(_("記録しました。無事と分かったら、下の「終える」に書くまで順番は続きます。"))
    else:
        flash(_("記録しました。"))
    return committed(redirect(url_for("followup.concern_page", concern_id=concern.id), 303))


@bp.post("/concerns/<int:concern_id>/closing")
@requires(Action.VISIT_RECORD)
@creates
def close_concern(concern_id: int) -> Answer:
    concern = _opened(concern_id)
    form = Form(CloseConcernSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: services.close(
            db.session, concern=concern, user_id=the_viewer().user_id, at=now(), **data
        ),
    )
    if status != 200:
        again = _opened(concern_id)
        stale = status == 409
        return _page(again, close=form, step=Form(StepResultSchema()), stale=stale), status
    flash(_("終えました。分かったことは、相談の記録にも残っています。"))
    return committed(redirect(url_for("followup.plan_page", plan_id=concern.plan_id), 303))


def _standing(concern_id: int) -> str:
    return str(_opened(concern_id).id)


standings["concern_id"] = _standing
