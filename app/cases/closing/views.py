"""The pages of ending a consultation and of taking it up again, and its endings in the story."""

from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.answers import Answer
from app.cases.closing import services
from app.cases.closing.models import Closing
from app.cases.closing.open_things import still_open
from app.cases.closing.schemas import CloseSchema, ReopenSchema
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
from app.cases.models import OUTCOME_LABELS, Case, Outcome
from app.cases.panels import Panel, TimelineEvent, case_panels
from app.cases.plans.codes import CHANGE_LABELS, Change
from app.db import db, moment_on, today
from app.errors import InvalidError
from app.forms import Form
from app.idempotency import committed
from app.policy import Access, Action, Tier, Viewer, requires


@bp.get("/cases/<int:case_id>/close")
@requires(Action.CASE_EDIT)
def close_page(case_id: int) -> Answer:
    one = changing(case_id)
    initial = {"version": one.case.version, "closed_on": today()}
    return _close(one, Form(CloseSchema(), initial=initial))


@bp.post("/cases/<int:case_id>/close")
@requires(Action.CASE_EDIT)
def close_case(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(CloseSchema(), typed=request.form)
    user_id, day = one.viewer.user_id, today()
    left = still_open(db.session, one.case, one.access, today=day)
    status = attempt(
        form,
        lambda data: services.end_case(
            db.session, case=one.case, still_open=left, user_id=user_id, today=day, **data
        ),
    )
    if status != 200:
        return _close(changing(case_id), form, stale=status == 409), status
    flash(_("終結にしました。再開はこのページからできます。"))
    return committed(redirect(one.url, 303))


def _close(one: Opened, form: Form, *, stale: bool = False) -> str:
    left = still_open(db.session, one.case, one.access, today=today())
    page = FormPage(
        title=_("終結にする"),
        form=form,
        sections=(
            Section("", ("outcome", "closed_on")),
            Section("", ("changes", "text", *(("anyway",) if left else ()))),
        ),
        action=url_for("cases.close_case", case_id=one.case.id),
        submit=_("終結にする"),
        cancel_url=one.url,
        lead=_("一覧から外れます。記録は残り、いつでも再開できます。"),
        version=one.case.version if stale else None,
        conflict=_conflict(one, form) if stale else None,
    )
    return render(one, "cases/close.html", page=page, left=left)


def _conflict(one: Opened, form: Form) -> dict[str, Any]:
    return conflict_of(form, one.shown.values, record_kind="case", record_id=one.case.id)


@bp.get("/cases/<int:case_id>/reopen")
@requires(Action.CASE_EDIT)
def reopen_page(case_id: int) -> Answer:
    one = changing(case_id)
    return render(one, "cases/reopen.html", version=one.case.version, form=Form(ReopenSchema()))


@bp.post("/cases/<int:case_id>/reopen")
@requires(Action.CASE_EDIT)
def reopen_case(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(ReopenSchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("画面が古くなっています。相談を開き直してください。"))
    services.begin_again(
        db.session, case=one.case, user_id=one.viewer.user_id, today=today(), **form.data
    )
    flash(_("相談を再開しました。"))
    return committed(redirect(one.url, 303))


def closings_of_case(
    session: Session, case: Case, access: Access, _viewer: Viewer, _today: date
) -> Panel | None:
    """Former endings as events of the story; no card of their own."""
    if not access.sees(Tier.CARE):
        return None
    events = [e for closing in services.closings_of(session, case.id) for e in _events(closing)]
    return Panel(title=_("終結"), events=events) if events else None


def _events(closing: Closing) -> list[TimelineEvent]:
    known = closing.outcome in set(Outcome)
    lines = [OUTCOME_LABELS[Outcome(closing.outcome)] if known else closing.outcome]
    if closing.changes:
        changes = "、".join(CHANGE_LABELS[Change(code)] for code in closing.changes)
        lines.append(_("見られた変化：%(words)s", words=changes))
    if closing.open_things:
        left = "、".join(closing.open_things)
        lines.append(_("分かったうえで残したこと：%(words)s", words=left))
    if closing.text:
        lines.append(closing.text)
    events = [TimelineEvent(closing.created_at, _("終結にしました"), text="\n".join(lines))]
    if closing.reopened_on is not None:
        at = max(moment_on(closing.reopened_on), closing.created_at)
        title = _("再開しました")
        events.append(TimelineEvent(at, title, text=closing.reopen_reason, day_only=True))
    return events


case_panels.append(closings_of_case)
