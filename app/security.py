"""The gate every request passes: who is asking, may they, and what the browser is told to forbid.

Deny by default: a route that declares no action is refused to everybody. Looks at T2 and deeper
are written to the audit log before the first byte of the answer leaves.
"""

import secrets
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.datastructures import MultiDict

from app.accounts.services import viewer_of
from app.audit.models import Deed
from app.audit.services import Look, record_looks
from app.db import SAFE_METHODS, db, separate_session
from app.errors import ForbiddenError, SignInRequiredError
from app.idempotency import new_key
from app.policy import ROLE_ACTIONS, Action, Viewer, allows, declared

csrf = CSRFProtect()
log = structlog.get_logger()


def register(app: Flask) -> None:
    """Attach the gate, the headers and what templates need of them."""
    csrf.init_app(app)
    app.before_request(_name_request)
    app.before_request(_without_nul)
    app.before_request(guard)
    # Flask runs these from the last to the first: the lock is given back before looks are written.
    app.after_request(_headers)
    app.after_request(_write_looks)
    app.after_request(_let_go)
    app.jinja_env.globals.update(
        csrf_token=generate_csrf, csp_nonce=csp_nonce, idempotency_key=new_key, may=may
    )


def _name_request() -> None:
    g.request_id = secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id, endpoint=request.endpoint)


def _without_nul() -> None:
    """Nobody types NUL into an address, and PostgreSQL refuses to compare with it."""
    typed = list(request.args.items(multi=True))
    if any("\x00" in value for _name, value in typed):
        request.args = MultiDict((name, value.replace("\x00", "")) for name, value in typed)


def guard() -> None:
    """Refuse whatever the viewer's roles do not include, before any view runs."""
    if request.endpoint is None or request.endpoint == "static":
        return
    action = declared(current_app.view_functions.get(request.endpoint))
    if action is None:
        raise ForbiddenError(
            "この機能は、使える人が決められていないため開けません。", code="undeclared"
        )
    unsafe = request.method not in SAFE_METHODS
    by_cookie = not request.headers.get("Authorization", "").startswith("Bearer ")
    if unsafe and by_cookie and action is not Action.BY_LINK:  # there the cookie permits nothing
        csrf.protect()
    if action in {Action.PUBLIC, Action.BY_LINK}:
        return
    viewer = current_viewer()
    if viewer is None:
        raise SignInRequiredError("サインインしてください。")
    if allows(viewer, action):
        return
    if viewer.second_factor_missing:
        raise ForbiddenError(
            "この組織では二段階の確認が必要です。「アカウント」から設定してください。",
            code="second_factor_required",
        )
    saw(Deed.REFUSED, "route", None, fields=(action.value,))
    raise ForbiddenError(
        "この操作をする権限がありません。必要な場合は組織の管理者に相談してください。"
    )


def current_viewer() -> Viewer | None:
    """Who is asking, as policy sees them; worked out once a request."""
    if "viewer" not in g:
        user = current_user._get_current_object()  # noqa: SLF001 - the documented way to unwrap
        g.viewer = viewer_of(user) if user.is_authenticated else None
    viewer: Viewer | None = g.viewer
    return viewer


def the_viewer() -> Viewer:
    """The signed-in viewer; only for views behind the guard."""
    viewer = current_viewer()
    if viewer is None:
        raise SignInRequiredError("サインインしてください。")
    return viewer


def may(action: str) -> bool:
    """For templates: whether to draw a link or button at all."""
    return allows(current_viewer(), Action(action))


def acting_organisation(viewer: Viewer, action: Action) -> int:
    """The organisation the viewer acts for: the first in which a role of theirs allows `action`.

    Raises ForbiddenError when none does.
    """
    for membership in viewer.memberships:
        if action in ROLE_ACTIONS[membership.role]:
            return membership.organisation_id
    raise ForbiddenError("この操作をする組織が決められていません。組織の管理者に相談してください。")


# ----------------------------------------------------------------------------------- looks


def saw(deed: Deed, record_kind: str, record_id: int | None, *, fields: Any = ()) -> None:
    """Note that this answer will show, print or export a record; written before it leaves."""
    g.setdefault("looks", []).append(Look(deed, record_kind, record_id, tuple(fields)))


def _let_go(response: Response) -> Response:
    """Give back the request's locks: whatever was not committed by the view is not meant to be."""
    if "_sqlalchemy_sessions" in g:
        db.session.rollback()
    return response


def _write_looks(response: Response) -> Response:
    looks = g.pop("looks", None)
    if not looks:
        return response
    viewer = current_viewer()
    organisations = [m.organisation_id for m in viewer.memberships] if viewer else []
    with separate_session(write=True) as database:
        record_looks(
            database,
            looks,
            user_id=viewer.user_id if viewer else None,
            organisation_id=organisations[0] if organisations else None,
            request_id=g.request_id,
        )
    return response


# --------------------------------------------------------------------------------- headers


def csp_nonce() -> str:
    """This answer's nonce for the few inline data blocks and scripts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def _headers(response: Response) -> Response:
    nonce = csp_nonce()
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; "
        f"script-src 'self' 'nonce-{nonce}'; style-src 'self'; font-src 'self'; "
        "img-src 'self' data: https://cyberjapandata.gsi.go.jp; connect-src 'self'; "
        "manifest-src 'self'; worker-src 'self'; object-src 'none'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=()"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if not request.path.startswith("/static/"):
        # Pages name people; neither a shared cache nor the disk of a counter PC keeps them.
        response.headers["Cache-Control"] = "no-store"
    return response
