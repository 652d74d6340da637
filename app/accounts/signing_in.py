"""Flask-Login's part: which user a cookie or a bearer token stands for, and where to go next."""

from datetime import timedelta

from flask import Flask, Request, g, request, session
from flask_login import LoginManager, login_user, logout_user

from app.accounts.models import User
from app.accounts.services import user_by_token
from app.accounts.sessions import DatabaseSessions, ServerSession
from app.db import db, now

PENDING = "second_factor_for"
PENDING_FOR = timedelta(minutes=10)

login_manager = LoginManager()
login_manager.session_protection = None  # it would sign phones out whenever they change network


def register(app: Flask) -> None:
    """Attach sessions and the user loaders."""
    app.session_interface = DatabaseSessions()
    login_manager.init_app(app)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _from_session(user_id: str) -> User | None:
    user = db.session.get(User, int(user_id))
    return user if user is not None and user.active else None


@login_manager.request_loader  # type: ignore[untyped-decorator]
def _from_token(incoming: Request) -> User | None:
    scheme, _, token = incoming.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        return None
    return user_by_token(db.session, token=token.strip(), at=now())


def begin(user: User) -> None:
    """Sign in: a new session id, nothing kept from before but what the browser needs."""
    current = _server_session()
    current.rotate()
    current.pop(PENDING, None)
    current.pop("csrf_token", None)
    login_user(user)
    g.pop("viewer", None)


def wait_for_second_factor(user: User) -> None:
    """The password was right; the code is still to come, within ten minutes."""
    current = _server_session()
    current.rotate()
    current[PENDING] = {"user": user.id, "at": now().timestamp()}


def waiting_user_id() -> int | None:
    """Whose second factor this browser may still give."""
    pending = session.get(PENDING)
    if not pending or now().timestamp() - pending["at"] > PENDING_FOR.total_seconds():
        return None
    return int(pending["user"])


def end() -> None:
    """Sign out: the row is deleted and the cookie with it."""
    logout_user()
    current = _server_session()
    current.clear()
    current.rotate()
    g.pop("viewer", None)


def current_session_id() -> str | None:
    """The raw id of this browser's session, to spare it when ending the others."""
    return _server_session().sid


def _server_session() -> ServerSession:
    current = session._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    if not isinstance(current, ServerSession):
        raise TypeError("the session interface is not ours")
    return current


def next_page() -> str:
    """Where to go after signing in: a path of this site only, without control characters."""
    target = request.args.get("next") or request.form.get("next") or "/"
    if not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    if any(ord(c) < 32 or ord(c) == 127 for c in target) or "\\" in target:
        return "/"
    return target


def keep(name: str, value: str) -> None:
    """Hold a small value for this browser between two requests."""
    session[name] = value


def kept(name: str) -> str | None:
    """What `keep` held, if it is still there."""
    value = session.get(name)
    return str(value) if value is not None else None


def forget(name: str) -> None:
    """Let go of what `keep` held."""
    session.pop(name, None)
