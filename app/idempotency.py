"""A creating POST done twice is done once: the answer is stored with what it created.

The key comes from the `Idempotency-Key` header or the form's hidden field. The row is written in
the same transaction as the change, so either both stand or neither; of two requests with one key
the second waits for the first and then gets the first one's answer – as long as whoever asks may
still see as much as when it was given.
"""

import contextlib
import functools
import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Response, current_app, flash, g, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.exceptions import HTTPException

from app.db import Base, Id, Text, Timestamps, db
from app.errors import DomainError, ForbiddenError, InvalidError

KEPT_FOR = timedelta(days=7)
FIELD = "idempotency_key"


class IdempotentRequest(Timestamps, Base):
    """One creating request and what was answered."""

    __tablename__ = "idempotent_requests"
    __table_args__ = (sa.UniqueConstraint("user_id", "key"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(200))
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    status: Mapped[int | None]
    location: Mapped[Text | None]
    body: Mapped[Text | None]
    content_type: Mapped[str | None] = mapped_column(sa.String(100))


View = TypeVar("View", bound=Callable[..., Any])

# How much the asker may see of the record behind a variable of an address; features add theirs.
standings: dict[str, Callable[[int], str]] = {}


def creates(view: View) -> View:
    """Mark a view as creating something: it runs once per key, and repeats get the same answer."""

    @functools.wraps(view)
    def once(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key") or request.form.get(FIELD, "")
        if not 8 <= len(key) <= 200 or not key.isprintable():
            raise InvalidError(
                "二重登録を防ぐ番号がありません。画面を読み込み直してから、もう一度送ってください"
                "（APIでは Idempotency-Key ヘッダーに8〜200文字の値を付けてください）。",
                code="idempotency_key_missing",
            )
        fingerprint = _fingerprint()
        row = _find(db.session, key) or _claim(db.session, key, fingerprint)
        if row.status is not None:
            return _replay(row, fingerprint)
        g.idempotent_request = row
        return view(*args, **kwargs)

    once.creates = True  # type: ignore[attr-defined]
    return once  # type: ignore[return-value]


def committed(response: Any, status: int | None = None) -> Response:
    """Commit the request's one transaction together with its answer, and return the answer."""
    made = current_app.make_response(response)
    if status is not None:
        made.status_code = status
    row: IdempotentRequest | None = g.pop("idempotent_request", None)
    if row is not None:
        row.status = made.status_code
        row.location = made.headers.get("Location")
        row.content_type = made.content_type
        row.body = made.get_data(as_text=True) if made.is_json else None
        row.fingerprint += _standing(row.location)
    db.session.commit()
    return made


def new_key() -> str:
    """A fresh key for a form's hidden field."""
    return secrets.token_urlsafe(18)


def purge(session: Session, *, at: datetime) -> None:
    """Forget answers nobody will ask for again."""
    session.execute(
        sa.delete(IdempotentRequest).where(IdempotentRequest.created_at < at - KEPT_FOR)
    )


def _find(session: Session, key: str) -> IdempotentRequest | None:
    return session.scalar(
        sa.select(IdempotentRequest).where(
            IdempotentRequest.user_id == current_user.id, IdempotentRequest.key == key
        )
    )


def _claim(session: Session, key: str, fingerprint: str) -> IdempotentRequest:
    user_id = current_user.id
    row = IdempotentRequest(user_id=user_id, key=key, fingerprint=fingerprint)
    session.add(row)
    try:
        session.flush()  # on PostgreSQL this waits for another request with the same key
    except IntegrityError:
        session.rollback()
        found = _find(session, key)
        if found is None:
            raise
        return found
    return row


def _replay(row: IdempotentRequest, fingerprint: str) -> Response:
    if not row.fingerprint.startswith(fingerprint):
        raise InvalidError(
            "同じ番号で違う内容が送られました。画面を読み込み直してから、もう一度送ってください。",
            code="idempotency_key_reused",
        )
    if row.body is not None and row.fingerprint != fingerprint + _standing(row.location):
        raise ForbiddenError(
            "この登録は済んでいますが、見られる範囲が変わったため、内容はもう返せません。",
            code="replay_hidden",
        )
    response = Response(
        row.body or "", status=row.status, content_type=row.content_type or "text/html"
    )
    if row.location:
        response.headers["Location"] = row.location
        if row.status == HTTPStatus.SEE_OTHER:  # a person, who would otherwise see nothing happen
            flash(_("この操作はもう済んでいます。二度は記録していません。"), "info")
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _standing(location: str | None) -> str:
    """16 signs for what the asker may see now: their roles, and each record the request names."""
    seen: list[Any] = sorted((m.organisation_id, m.role) for m in current_user.memberships)
    for name, number in sorted(_named(location).items()):
        if name in standings:
            try:
                seen.append([name, number, standings[name](number)])
            except DomainError as error:
                seen.append([name, number, error.code])
    return hashlib.blake2b(json.dumps(seen).encode(), digest_size=8).hexdigest()


def _named(location: str | None) -> dict[str, Any]:
    """The variables of the request's own address and of the one its answer points to."""
    named = dict(request.view_args or {})
    if location is not None:
        adapter = current_app.create_url_adapter(request)
        with contextlib.suppress(HTTPException):
            if adapter is not None:
                named |= adapter.match(urlsplit(location).path, method="GET")[1]
    return named


def _fingerprint() -> str:
    """What was asked, without the parts that differ between two presses of one button."""
    hasher = hashlib.blake2b(f"{request.method} {request.path}\n".encode(), digest_size=24)
    if request.is_json:
        hasher.update(request.get_data(cache=True))
        return hasher.hexdigest()
    typed = sorted(
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in {FIELD, "csrf_token"}
    )
    hasher.update(json.dumps(typed, ensure_ascii=True).encode())
    uploads = sorted(
        request.files.items(multi=True), key=lambda one: (one[0], one[1].filename or "")
    )
    for name, upload in uploads:
        hasher.update(f"{name}={upload.filename}:".encode())
        hasher.update(hashlib.sha256(upload.stream.read()).digest())
        upload.stream.seek(0)
    return hasher.hexdigest()
