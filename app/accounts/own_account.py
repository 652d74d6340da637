"""One's own account: roles, password, second factor, and where one is signed in."""

import io

import segno
from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import services, signing_in
from app.accounts.models import User
from app.accounts.schemas import PasswordSchema, SecondFactorSchema
from app.accounts.sessions import digest, end_session, end_sessions_of, sessions_of
from app.accounts.views import bp
from app.answers import Answer
from app.audit.models import Deed
from app.audit.services import record
from app.db import db, now
from app.errors import InvalidError
from app.forms import Form
from app.idempotency import committed
from app.policy import ROLE_LABELS, Action, requires
from app.wording import moment

PENDING_SECRET = "second_factor_secret"  # noqa: S105 - the name of a session entry


@bp.get("/account")
@requires(Action.SIGNED_IN)
def account_page() -> Answer:
    return _page()


def _page(
    *,
    code: Form | None = None,
    password: Form | None = None,
    recovery_codes: list[str] | None = None,
) -> str:
    user: User = current_user
    code = code or Form(SecondFactorSchema())
    password = password or Form(PasswordSchema())
    return render_template(
        "accounts/account.html",
        account=_account(user),
        sessions=_sessions(user),
        second_factor=_second_factor(user, code),
        recovery_codes=recovery_codes,
        password_fields=[password["current"], password["password"]],
        errors=[*code.summary, *password.summary],
        start_url=url_for("accounts.start_second_factor"),
        set_up_url=url_for("accounts.set_up_second_factor"),
        turn_off_url=url_for("accounts.turn_off_second_factor"),
        new_codes_url=url_for("accounts.renew_recovery_codes"),
        password_url=url_for("accounts.change_password"),
        end_session_url=url_for("accounts.end_one_session"),
        end_others_url=url_for("accounts.end_other_sessions"),
        calendar_url=url_for("feeds.feed_page"),
        mail_url=url_for("mail.reminder_page"),
    )


def _account(user: User) -> dict[str, object]:
    names = dict.fromkeys(m.organisation.name for m in user.memberships)
    return {
        "name": user.name,
        "user_name": user.login,
        "organisation": "・".join(names),
        "roles": [
            {"label": ROLE_LABELS[m.role], "organisation": m.organisation.name}
            for m in user.memberships
        ],
    }


def _sessions(user: User) -> list[dict[str, object]]:
    here = signing_in.current_session_id()
    mine = digest(here) if here else ""
    return [
        {
            "id": row.id_hash,
            "device": row.device or _("不明な端末"),
            "seen_at": moment(row.seen_at),
            "current": row.id_hash == mine,
        }
        for row in sessions_of(db.session, user.id, at=now())
    ]


def _second_factor(user: User, code: Form) -> dict[str, object]:
    secret = signing_in.kept(PENDING_SECRET)
    if user.totp_secret is not None:
        left = services.recovery_codes_left(db.session, user)
        return {"active": True, "since": moment(user.totp_since), "codes_left": left}
    if secret is None:
        return {"active": False}
    return {
        "active": False,
        "qr_url": url_for("accounts.second_factor_picture"),
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "code_field": code["code"],
    }


@bp.post("/account/second-factor/start")
@requires(Action.SIGNED_IN)
def start_second_factor() -> Answer:
    """A fresh secret, kept in the browser's session until a code from it is confirmed."""
    signing_in.keep(PENDING_SECRET, services.fresh_secret())
    return committed(redirect(url_for("accounts.account_page", _anchor="second-factor"), 303))


@bp.get("/account/second-factor.svg")
@requires(Action.SIGNED_IN)
def second_factor_picture() -> Answer:
    secret = signing_in.kept(PENDING_SECRET)
    if secret is None:
        raise InvalidError(_("先に「使いはじめる」を押してください。"))
    url = services.authenticator_url(current_user, secret, issuer="Tsunagi")
    picture = segno.make(url, error="m", micro=False)
    svg = io.BytesIO()
    picture.save(svg, kind="svg", scale=4, xmldecl=False)
    return Response(svg.getvalue(), mimetype="image/svg+xml")


@bp.post("/account/second-factor")
@requires(Action.SIGNED_IN)
def set_up_second_factor() -> Answer:
    form = Form(SecondFactorSchema(), typed=request.form)
    secret = signing_in.kept(PENDING_SECRET)
    if not form.load() or secret is None:
        return _page(code=form), 422
    try:
        codes = services.confirm_second_factor(
            db.session, user=current_user, secret=secret, code=form.data["code"], at=now()
        )
    except InvalidError as error:
        form.refuse(error.fields)
        return _page(code=form), 422
    signing_in.forget(PENDING_SECRET)
    _record("totp_secret")
    # The codes are shown once, so this POST answers with a page: a URL would keep them.
    return committed(_page(recovery_codes=codes))


@bp.post("/account/second-factor/codes")
@requires(Action.SIGNED_IN)
def renew_recovery_codes() -> Answer:
    codes = services.new_recovery_codes(db.session, user=current_user)
    _record("recovery_codes")
    return committed(_page(recovery_codes=codes))


@bp.post("/account/second-factor/off")
@requires(Action.SIGNED_IN)
def turn_off_second_factor() -> Answer:
    services.drop_second_factor(db.session, user=current_user)
    _record("totp_secret")
    flash(_("二段階の確認をやめました。"))
    return committed(redirect(url_for("accounts.account_page"), 303))


@bp.post("/account/password")
@requires(Action.SIGNED_IN)
def change_password() -> Answer:
    form = Form(PasswordSchema(), typed=request.form)
    if not form.load():
        return _page(password=form), 422
    try:
        services.change_password(
            db.session,
            user=current_user,
            current=form.data["current"],
            new=form.data["password"],
            keep_session=signing_in.current_session_id(),
        )
    except InvalidError as error:
        form.refuse(error.fields)
        return _page(password=form), 422
    _record("password_hash")
    flash(_("パスワードを変えました。ほかの端末のサインインは終わりました。"))
    return committed(redirect(url_for("accounts.account_page"), 303))


@bp.post("/account/sessions/end")
@requires(Action.SIGNED_IN)
def end_one_session() -> Answer:
    end_session(db.session, current_user.id, request.form.get("session", ""))
    flash(_("その端末のサインインを終わらせました。"))
    return committed(redirect(url_for("accounts.account_page"), 303))


@bp.post("/account/sessions/end-others")
@requires(Action.SIGNED_IN)
def end_other_sessions() -> Answer:
    end_sessions_of(db.session, current_user.id, but=signing_in.current_session_id())
    flash(_("ほかの端末のサインインを終わらせました。"))
    return committed(redirect(url_for("accounts.account_page"), 303))


def _record(field: str) -> None:
    record(
        db.session,
        deed=Deed.CHANGED,
        record_kind="user",
        record_id=current_user.id,
        user_id=current_user.id,
        fields=[field],
    )
