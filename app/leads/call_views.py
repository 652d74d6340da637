"""Pressing: hold a number, take the next person, record a result, take a slip back."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.frame import attempt
from app.db import db, now, today
from app.errors import ConflictError
from app.forms import Form
from app.idempotency import committed, creates
from app.leads import claims, queries, services
from app.leads.blueprint import bp
from app.leads.codes import RESULT_LABELS, CallResult
from app.leads.queries import SeenLead
from app.leads.schemas import ResultSchema, TakeBackSchema
from app.leads.views import drawn, seen_lead
from app.policy import Action, requires
from app.security import the_viewer
from app.wording import weekday

CALLABLE = "この人にかける番号がありません。手紙を出すか、番号を調べてください。"
NOBODY_DUE = "いまかける人はいません。ほかの人がかけているか、きょうの分は終わりました。"


def _page(lead_id: int) -> str:
    return url_for("leads.lead_page", lead_id=lead_id)


@bp.post("/leads/<int:lead_id>/claim")
@requires(Action.LEAD_CALL)
@creates
def claim_lead(lead_id: int) -> Answer:
    """Hold somebody's number before ringing it."""
    seen = seen_lead(lead_id)
    hold(seen)
    return committed(redirect(_page(lead_id), 303))


def hold(seen: SeenLead) -> Any:
    """Hold the number of somebody who may be rung, for whoever asks."""
    if seen.lead.case_id is not None:
        raise ConflictError(services.IN_THE_CASE)
    if seen.lead.call_digits is None:
        raise ConflictError(CALLABLE, code="no_number")
    return claims.claim(
        db.session,
        lead=seen.lead,
        organisation_id=seen.lead_list.organisation_id,
        user_id=the_viewer().user_id,
        at=now(),
    )


@bp.post("/leads/next")
@requires(Action.LEAD_CALL)
@creates
def claim_next() -> Answer:
    """Hold the first person due whom nobody is calling; two who press get two people."""
    viewer = the_viewer()
    lead_id = claims.claim_next(
        db.session,
        due=queries.visible_leads(viewer).where(queries.in_tab("due", today())),
        order=queries.due_order(),
        user_id=viewer.user_id,
        at=now(),
    )
    if lead_id is None:
        flash(_(NOBODY_DUE), "info")
        return committed(redirect(url_for("leads.call_list"), 303))
    return committed(redirect(_page(lead_id), 303))


@bp.post("/leads/<int:lead_id>/release")
@requires(Action.LEAD_CALL)
def release_lead(lead_id: int) -> Answer:
    """Let go of a number without having called."""
    seen = seen_lead(lead_id)
    claims.release(
        db.session,
        lead=seen.lead,
        organisation_id=seen.lead_list.organisation_id,
        user_id=the_viewer().user_id,
    )
    flash(_("かけるのをやめました。ほかの人がかけられます。"), "info")
    return committed(redirect(url_for("leads.call_list"), 303))


@bp.post("/leads/<int:lead_id>/attempts")
@requires(Action.LEAD_CALL)
@creates
def record_result(lead_id: int) -> Answer:
    seen = seen_lead(lead_id)
    form = Form(ResultSchema(), typed=request.form)
    try:
        status = attempt(form, lambda values: record(seen, values))
    except ConflictError as error:  # somebody is calling: the note is kept
        db.session.rollback()
        form.refuse({"_": [error.message]})
        return drawn(seen_lead(lead_id), form), error.status
    if status != 200:
        return drawn(seen_lead(lead_id), form, stale=status == 409), status
    flash(_said(seen, form.data["result"]))
    return committed(redirect(_after(lead_id, form.data["result"]), 303))


def record(seen: SeenLead, values: dict[str, Any]) -> Any:
    """Record the values of `ResultSchema`, for pages and programs alike."""
    return services.record_result(
        db.session,
        lead=seen.lead,
        organisation_id=seen.lead_list.organisation_id,
        version=values["version"],
        result=values["result"],
        words=values["note"],
        next_on=values["next_on"],
        no_more=values["no_more"],
        user_id=the_viewer().user_id,
        today=today(),
        at=now(),
    )


def _after(lead_id: int, result: CallResult) -> str:
    """Whoever was spoken to may have more to write down; else the next one is called."""
    if result is CallResult.SPOKE:
        return _page(lead_id)
    return url_for("leads.call_list", recorded=lead_id)


def _said(seen: SeenLead, result: CallResult) -> str:
    done = f"{seen.lead.name}さん: {RESULT_LABELS[result]}"
    if seen.lead.next_on is None:
        return done
    return str(_("%(done)s。次は %(day)s です。", done=done, day=weekday(seen.lead.next_on)))


@bp.post("/leads/<int:lead_id>/attempts/undo")
@requires(Action.LEAD_CALL)
@creates
def take_back(lead_id: int) -> Answer:
    """Undo one's own last result within ten minutes."""
    seen = seen_lead(lead_id)
    form = Form(TakeBackSchema(), typed=request.form)
    status = attempt(
        form,
        lambda values: services.take_back(
            db.session,
            lead=seen.lead,
            version=values["version"],
            user_id=the_viewer().user_id,
            at=now(),
        ),
    )
    if status != 200:
        return drawn(seen_lead(lead_id), _fresh(lead_id), stale=True), status
    flash(_("結果を取り消しました。記録には、取り消したことが残ります。"))
    return committed(redirect(_page(lead_id), 303))


def _fresh(lead_id: int) -> Form:
    return Form(ResultSchema(), initial={"version": seen_lead(lead_id).lead.version})
