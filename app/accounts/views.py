"""Pages for signing in, with a second factor where the user has one, and for signing out."""

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import services, signing_in
from app.accounts.models import User
from app.accounts.schemas import SecondFactorSchema, SignInSchema
from app.answers import Answer
from app.audit.models import Deed
from app.audit.services import record
from app.db import db, now, separate_session
from app.forms import Form
from app.idempotency import committed
from app.policy import Action, requires

bp = Blueprint("accounts", __name__)

WRONG = "利用者名かパスワードが違います。もう一度入力してください。"


@bp.get("/sign-in")
@requires(Action.PUBLIC)
def sign_in_page() -> Answer:
    if current_user.is_authenticated:
        return committed(redirect(signing_in.next_page(), 303))
    return _sign_in(Form(SignInSchema()))


def _sign_in(form: Form) -> str:
    return render_template(
        "accounts/sign_in.html",
        form_fields=[form["login"], form["password"]],
        errors=form.summary,
        next_url=signing_in.next_page(),
        notice=_("サインインすると、続きから始められます。") if request.args.get("next") else None,
        demo_users=current_app.config.get("DEMO_USERS") if current_app.config["DEMO"] else None,
    )


@bp.post("/sign-in")
@requires(Action.PUBLIC)
def sign_in() -> Answer:
    form = Form(SignInSchema(), typed=request.form)
    if not form.load():
        return _sign_in(form), 422
    keys = _failure_keys(form.data["login"])
    services.check_throttle(db.session, keys, at=now())
    user = services.user_by_password(
        db.session, login=form.data["login"], password=form.data["password"]
    )
    if user is None:
        _note_failure(keys)
        form.refuse({"login": [_(WRONG)]})
        return _sign_in(form), 422
    if user.totp_secret is not None:
        signing_in.wait_for_second_factor(user)
        url = url_for("accounts.second_factor_page", next=signing_in.next_page())
        return committed(redirect(url, 303))
    return _welcome(user)


def _failure_keys(login: str) -> tuple[str, str]:
    return services.failure_keys(login, request.remote_addr or "", current_app.config["SECRET_KEY"])


def _note_failure(keys: tuple[str, str]) -> None:
    """Count the failure in a transaction of its own: the request's is about to be given up."""
    db.session.rollback()
    with separate_session(write=True) as session:
        services.note_failure(session, keys)
        record(session, deed=Deed.SIGN_IN_FAILED, record_kind="user")


def _welcome(user: User) -> Response:
    signing_in.begin(user)
    record(db.session, deed=Deed.SIGNED_IN, record_kind="user", record_id=user.id, user_id=user.id)
    return committed(redirect(signing_in.next_page(), 303))


@bp.get("/sign-in/code")
@requires(Action.PUBLIC)
def second_factor_page() -> Answer:
    if signing_in.waiting_user_id() is None:
        return committed(redirect(url_for("accounts.sign_in_page"), 303))
    return _second_factor(Form(SecondFactorSchema()))


def _second_factor(form: Form) -> str:
    """The page for either way: the authenticator's digits, or `?recovery=1` for a kept code."""
    recovery = request.args.get("recovery") == "1"
    return render_template(
        "accounts/second_factor.html",
        code_field=form["code"],
        errors=form.summary,
        next_url=signing_in.next_page(),
        recovery=recovery,
        other_way_url=url_for(
            "accounts.second_factor_page",
            next=signing_in.next_page(),
            recovery=None if recovery else 1,
        ),
    )


@bp.post("/sign-in/code")
@requires(Action.PUBLIC)
def second_factor() -> Answer:
    user_id = signing_in.waiting_user_id()
    user = db.session.get(User, user_id) if user_id is not None else None
    if user is None or not user.active:
        return committed(redirect(url_for("accounts.sign_in_page"), 303))
    form = Form(SecondFactorSchema(), typed=request.form)
    if not form.load():
        return _second_factor(form), 422
    keys = _failure_keys(f"code:{user.login}")
    services.check_throttle(db.session, keys, at=now())
    if not services.use_second_factor(db.session, user=user, code=form.data["code"], at=now()):
        _note_failure(keys)
        form.refuse({"code": [_("確認コードが合いません。新しい数字を入れてください。")]})
        return _second_factor(form), 422
    return _welcome(user)


@bp.post("/sign-out")
@requires(Action.SIGNED_IN)
def sign_out() -> Answer:
    user_id = current_user.id
    record(db.session, deed=Deed.SIGNED_OUT, record_kind="user", record_id=user_id, user_id=user_id)
    answer = committed(redirect(url_for("accounts.sign_in_page"), 303))
    signing_in.end()
    return answer
