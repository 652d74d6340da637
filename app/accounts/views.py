"""Pages for signing in and out, the second factor and one's own account."""

import segno
from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import services, signing_in
from app.accounts.models import User
from app.accounts.schemas import SecondFactorSchema, SignInSchema
from app.accounts.sessions import end_sessions_of
from app.audit.models import Deed
from app.audit.services import record
from app.db import db, now, separate_session
from app.errors import InvalidError
from app.forms import Form
from app.idempotency import committed
from app.policy import ROLE_LABELS, Action, requires

bp = Blueprint("accounts", __name__)

PENDING_SECRET = "second_factor_secret"  # noqa: S105 - the name of a session entry
WRONG = "利用者名かパスワードが違います。もう一度入力してください。"


@bp.get("/sign-in")
@requires(Action.PUBLIC)
def sign_in_page() -> Response | str:
    if current_user.is_authenticated:
        return redirect(signing_in.next_page(), 303)  # type: ignore[return-value]
    return _sign_in(Form(SignInSchema()))


def _sign_in(form: Form) -> str:
    return render_template("accounts/sign_in.html", form=form, next=signing_in.next_page())


@bp.post("/sign-in")
@requires(Action.PUBLIC)
def sign_in() -> Response | tuple[str, int]:
    form = Form(SignInSchema(), typed=request.form)
    if not form.load():
        return _sign_in(form), 422
    keys = services.failure_keys(
        form.data["login"], request.remote_addr or "", current_app.config["SECRET_KEY"]
    )
    services.check_throttle(db.session, keys, at=now())
    user = services.user_by_password(
        db.session, login=form.data["login"], password=form.data["password"]
    )
    if user is None:
        db.session.rollback()
        with separate_session(write=True) as session:
            services.note_failure(session, keys)
            record(session, deed=Deed.SIGN_IN_FAILED, record_kind="user")
        form.refuse({"login": [WRONG]})
        return _sign_in(form), 422
    if user.totp_secret is not None:
        signing_in.wait_for_second_factor(user)
        url = url_for("accounts.second_factor_page", next=signing_in.next_page())
        return committed(redirect(url, 303))
    return _welcome(user)


def _welcome(user: User) -> Response:
    signing_in.begin(user)
    record(db.session, deed=Deed.SIGNED_IN, record_kind="user", record_id=user.id, user_id=user.id)
    return committed(redirect(signing_in.next_page(), 303))


@bp.get("/sign-in/code")
@requires(Action.PUBLIC)
def second_factor_page() -> Response | str:
    if signing_in.waiting_user_id() is None:
        return redirect(url_for("accounts.sign_in_page"), 303)  # type: ignore[return-value]
    return _second_factor(Form(SecondFactorSchema()))


def _second_factor(form: Form) -> str:
    return render_template("accounts/second_factor.html", form=form, next=signing_in.next_page())


@bp.post("/sign-in/code")
@requires(Action.PUBLIC)
def second_factor() -> Response | tuple[str, int]:
    user_id = signing_in.waiting_user_id()
    user = db.session.get(User, user_id) if user_id is not None else None
    if user is None or not user.active:
        return redirect(url_for("accounts.sign_in_page"), 303)  # type: ignore[return-value]
    form = Form(SecondFactorSchema(), typed=request.form)
    if not form.load():
        return _second_factor(form), 422
    keys = services.failure_keys(
        f"code:{user.login}", request.remote_addr or "", current_app.config["SECRET_KEY"]
    )
    services.check_throttle(db.session, keys, at=now())
    if not services.use_second_factor(db.session, user=user, code=form.data["code"], at=now()):
        db.session.rollback()
        with separate_session(write=True) as session:
            services.note_failure(session, keys)
        form.refuse({"code": [_("確認コードが合いません。新しい数字を入れてください。")]})
        return _second_factor(form), 422
    return _welcome(user)


@bp.post("/sign-out")
@requires(Action.SIGNED_IN)
def sign_out() -> Response:
    record(
        db.session,
        deed=Deed.SIGNED_OUT,
        record_kind="user",
        record_id=current_user.id,
        user_id=current_user.id,
    )
    signing_in.end()
    return committed(redirect(url_for("accounts.sign_in_page"), 303))


@bp.get("/account")
@requires(Action.SIGNED_IN)
def account_page() -> str:
    return _account(Form(SecondFactorSchema()))


def _account(form: Form, recovery_codes: list[str] | None = None) -> str:
    user: User = current_user
    return render_template(
        "accounts/account.html",
        form=form,
        user=user,
        roles=[(m.organisation.name, ROLE_LABELS[m.role]) for m in user.memberships],
        enrolled=user.totp_secret is not None,
        recovery_codes=recovery_codes,
    )


@bp.get("/account/second-factor.svg")
@requires(Action.SIGNED_IN)
def second_factor_picture() -> Response:
    """The QR code of a fresh secret, kept in the session until a code from it is confirmed."""
    secret, url = services.start_second_factor(current_user, issuer="Tsunagi")
    signing_in.keep(PENDING_SECRET, secret)
    svg = segno.make(url, error="m").svg_inline(scale=5, border=4)
    return Response(
        svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
        if "xmlns" not in svg
        else svg,
        content_type="image/svg+xml",
    )


@bp.post("/account/second-factor")
@requires(Action.SIGNED_IN)
def set_up_second_factor() -> Response | tuple[str, int]:
    form = Form(SecondFactorSchema(), typed=request.form)
    secret = signing_in.kept(PENDING_SECRET)
    if not form.load() or secret is None:
        form.refuse({} if form.errors else {"code": [_("もう一度QRコードを読み取ってください。")]})
        return _account(form), 422
    try:
        codes = services.confirm_second_factor(
            db.session, user=current_user, secret=secret, code=form.data["code"], at=now()
        )
    except InvalidError as error:
        form.refuse(error.fields)
        return _account(form), 422
    signing_in.forget(PENDING_SECRET)
    record(
        db.session,
        deed=Deed.CHANGED,
        record_kind="user",
        record_id=current_user.id,
        user_id=current_user.id,
        fields=["totp_secret"],
    )
    # Shown once, so this one POST answers with a page instead of sending the codes through a URL.
    return committed(_account(Form(SecondFactorSchema()), recovery_codes=codes))


@bp.post("/account/sign-out-elsewhere")
@requires(Action.SIGNED_IN)
def sign_out_elsewhere() -> Response:
    end_sessions_of(db.session, current_user.id, but=signing_in.current_session_id())
    flash(_("ほかの端末のサインインを終わらせました。"), "done")
    return committed(redirect(url_for("accounts.account_page"), 303))
