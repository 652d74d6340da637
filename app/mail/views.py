"""The page where one asks for the morning's mail, proves the address, and stops it again."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from app.answers import Answer
from app.db import db, how_many, moment_on, separate_session, today
from app.errors import InvalidError
from app.forms import Form
from app.idempotency import committed, creates
from app.mail import services
from app.mail.codes import KIND_LABELS, PROBLEM_LABELS, STATE_LABELS, MailState
from app.mail.models import Mail, MailReminder
from app.mail.schemas import AddressCodeSchema, ReminderSchema
from app.pages import today_sources
from app.policy import Action, Viewer, requires
from app.wording import moment

bp = Blueprint("mail", __name__)
FIRST = {"sends_at": "07:30"}
LOOKED_BACK = 7  # days


@bp.get("/account/mail")
@requires(Action.SIGNED_IN)
def reminder_page() -> Answer:
    """What is asked for, what was sent, and the form to change it."""
    return _page()


def _page(*, form: Form | None = None, code: Form | None = None) -> str:
    reminder = services.reminder_of(db.session, current_user.id)
    initial = FIRST if reminder is None else _as_typed(reminder)
    code = code or Form(AddressCodeSchema())
    form = form or Form(ReminderSchema(), initial=initial)
    return render_template(
        "mail/page.html",
        reminder=reminder,
        form=form,
        code=code,
        errors=[*form.summary, *code.summary],
        mails=[_row(mail) for mail in services.newest_mails(db.session, current_user.id)],
        by_mail=bool(current_app.config["MAIL_URL"]),
    )


def _as_typed(reminder: MailReminder) -> dict[str, Any]:
    return {name: getattr(reminder, name) for name in ReminderSchema().fields}


def _row(mail: Mail) -> dict[str, str]:
    problem = PROBLEM_LABELS[mail.problem] if mail.problem else ""
    again = mail.state is MailState.WAITING and mail.problem
    return {
        "kind": KIND_LABELS[mail.kind],
        "made": moment(mail.sent_at or mail.created_at),
        "state": _("もう一度送ります") if again else STATE_LABELS[mail.state],
        "problem": problem,
        "tone": "bad" if mail.state is MailState.FAILED else "warn" if again else "neutral",
    }


@bp.post("/account/mail")
@requires(Action.SIGNED_IN)
def ask_for_mail() -> Answer:
    form = Form(ReminderSchema(), typed=request.form)
    if not form.load():
        return _page(form=form), 422
    try:
        reminder = services.ask_for(db.session, user_id=current_user.id, today=today(), **form.data)
    except InvalidError as error:
        db.session.rollback()
        form.refuse(error.fields)
        return _page(form=form), 422
    flash(
        _("保存しました。")
        if reminder.confirmed_at
        else _("番号を送ります。届いたら、下に入れてください。")
    )
    return committed(redirect(url_for("mail.reminder_page"), 303))


@bp.post("/account/mail/number")
@requires(Action.SIGNED_IN)
@creates
def send_number_again() -> Answer:
    try:
        services.send_number_again(db.session, user_id=current_user.id, today=today())
    except InvalidError as error:
        db.session.rollback()
        flash(error.message, "warning")
    else:
        flash(_("新しい番号を送ります。前の番号は使えなくなりました。"))
    return committed(redirect(url_for("mail.reminder_page"), 303))


@bp.post("/account/mail/confirm")
@requires(Action.SIGNED_IN)
def confirm_address() -> Answer:
    code = Form(AddressCodeSchema(), typed=request.form)
    if not code.load():
        return _page(code=code), 422
    user_id, secret_key = current_user.id, current_app.config["SECRET_KEY"]
    db.session.rollback()  # the try is counted in a transaction of its own, whatever comes of it
    with separate_session(write=True) as counting:
        may_try = services.count_try(counting, user_id=user_id)
    try:
        services.confirm(
            db.session, user_id=user_id, may_try=may_try, secret_key=secret_key, **code.data
        )
    except InvalidError as error:
        if not error.fields:
            raise
        code.refuse(error.fields)
        return _page(code=code), 422
    flash(_("アドレスを確かめました。予定のある朝に届きます。"))
    return committed(redirect(url_for("mail.reminder_page"), 303))


@bp.post("/account/mail/stop")
@requires(Action.SIGNED_IN)
def stop_mail() -> Answer:
    services.stop(db.session, user_id=current_user.id)
    flash(_("朝のメールを止めました。アドレスも消しました。"))
    return committed(redirect(url_for("mail.reminder_page"), 303))


def failed_today(session: Session, _viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """For whoever keeps the installation: that mail does not get out is noticed by nobody else."""
    since = moment_on(date.fromordinal(today.toordinal() - LOOKED_BACK))
    failed = how_many(
        session, sa.select(Mail.id).where(Mail.state == MailState.FAILED, Mail.created_at >= since)
    )
    if not failed:
        return []
    item = {
        "when": _("%(n)s通", n=failed),
        "title": _("メールのサーバーの設定（MAIL_URL）を確かめてください"),
        "url": url_for("mail.reminder_page"),
        "tag": (_("要確認"), "warn"),
    }
    return [{"title": _("この%(n)s日で送れなかったメール", n=LOOKED_BACK), "items": [item]}]


today_sources.append((Action.USER_MANAGE, failed_today))
