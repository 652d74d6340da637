"""Browser sessions kept on the server, so that signing out ends them for good.

The cookie holds a random id; the table holds its SHA-256. An id that the table does not know is
never adopted. The id is rotated at sign-in and at the second factor. Saving is an UPDATE only:
a session deleted meanwhile (signed out elsewhere, user switched off) stays deleted.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, Request, Response, request
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy.orm import Session
from werkzeug.datastructures import CallbackDict

from app.accounts.models import WebSession
from app.config import SESSION_ABSOLUTE, SESSION_IDLE
from app.db import now, rows_changed, separate_session

SEEN_EVERY = timedelta(minutes=1)


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """The session a view works with; knows which row it came from."""

    def __init__(self, sid: str | None, data: dict[str, Any] | None = None) -> None:
        def touched(_self: "ServerSession") -> None:
            self.modified = True

        super().__init__(data or {}, touched)
        self.sid = sid
        self.modified = False
        self.accessed = True
        self.replaces: str | None = None
        self.signed_in_at: datetime | None = None

    def rotate(self) -> None:
        """Give the session a new id; the old one is worthless as soon as this is saved."""
        if self.sid is not None and self.replaces is None:
            self.replaces = self.sid
        self.sid = None
        self.modified = True


def digest(value: str) -> str:
    """SHA-256 in hex; session ids and tokens are random, so no salt is needed."""
    return hashlib.sha256(value.encode()).hexdigest()


class DatabaseSessions(SessionInterface):
    """Flask's session interface over the `web_sessions` table."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        sid = request.cookies.get(self.get_cookie_name(app))
        if not sid or request.path.startswith(("/static/", "/healthz", "/api/")):
            return ServerSession(None)
        with separate_session(write=False) as session:
            row = session.get(WebSession, digest(sid))
            if row is None or not _alive(row, now()):
                return ServerSession(None)
            opened = ServerSession(sid, dict(row.data))
            opened.signed_in_at = row.auth_at
            stale = now() - row.seen_at > SEEN_EVERY
        if stale:
            with separate_session(write=True) as session:
                _update(session, sid, seen_at=now())
        return opened

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, ServerSession)  # noqa: S101 - only open_session makes them
        if not session.modified:
            return
        name = self.get_cookie_name(app)
        if not session and session.sid is None:
            _forget(session.replaces)
            response.delete_cookie(name, secure=self.get_cookie_secure(app), httponly=True)
            return
        kept = self._write(session)
        if not kept:
            response.delete_cookie(name, secure=self.get_cookie_secure(app), httponly=True)
            return
        response.set_cookie(
            name,
            session.sid or "",
            max_age=int(SESSION_ABSOLUTE.total_seconds()),
            httponly=True,
            secure=self.get_cookie_secure(app),
            samesite=self.get_cookie_samesite(app),
            path="/",
        )
        response.vary.add("Cookie")

    def _write(self, session: ServerSession) -> bool:
        """Insert a new row or update the one there is; False when it has been deleted meanwhile."""
        user_id = int(session["_user_id"]) if session.get("_user_id") else None
        data = dict(session)
        with separate_session(write=True) as database:
            if session.sid is not None:
                return _update(database, session.sid, data=data, user_id=user_id)
            if session.replaces is not None:
                database.execute(
                    sa.delete(WebSession).where(WebSession.id_hash == digest(session.replaces))
                )
            session.sid = secrets.token_urlsafe(32)
            at = now()
            database.add(
                WebSession(
                    id_hash=digest(session.sid),
                    user_id=user_id,
                    data=data,
                    created_at=at,
                    seen_at=at,
                    auth_at=at if user_id is not None else None,
                    device=device_name(request.user_agent.string),
                )
            )
        return True


_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """A browser and system somebody can recognise as their own, no more than that."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "そのほかのブラウザ")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "不明な端末")
    return f"{browser} / {system}"


def sessions_of(session: Session, user_id: int, *, at: datetime) -> list[WebSession]:
    """A user's sessions that still work, the latest used first."""
    rows = session.scalars(
        sa.select(WebSession)
        .where(WebSession.user_id == user_id)
        .order_by(WebSession.seen_at.desc())
    )
    return [row for row in rows if _alive(row, at)]


def end_session(session: Session, user_id: int, id_hash: str) -> bool:
    """End one of a user's own sessions; False when it has ended already."""
    ended = session.execute(
        sa.delete(WebSession).where(WebSession.user_id == user_id, WebSession.id_hash == id_hash)
    )
    return rows_changed(ended) > 0


def _alive(row: WebSession, at: datetime) -> bool:
    return at - row.seen_at <= SESSION_IDLE and at - row.created_at <= SESSION_ABSOLUTE


def _update(session: Session, sid: str, **values: Any) -> bool:
    result = session.execute(
        sa.update(WebSession).where(WebSession.id_hash == digest(sid)).values(**values)
    )
    return rows_changed(result) > 0


def _forget(sid: str | None) -> None:
    if sid is not None:
        with separate_session(write=True) as session:
            session.execute(sa.delete(WebSession).where(WebSession.id_hash == digest(sid)))


def end_sessions_of(session: Session, user_id: int, *, but: str | None = None) -> None:
    """Sign a user out everywhere, in the transaction that disables them or changes a role."""
    statement = sa.delete(WebSession).where(WebSession.user_id == user_id)
    if but is not None:
        statement = statement.where(WebSession.id_hash != digest(but))
    session.execute(statement)


def purge_sessions(session: Session, *, at: datetime) -> int:
    """Delete what can no longer be used; returns how many."""
    result = session.execute(
        sa.delete(WebSession).where(
            sa.or_(
                WebSession.seen_at < at - SESSION_IDLE,
                WebSession.created_at < at - SESSION_ABSOLUTE,
            )
        )
    )
    return rows_changed(result)
