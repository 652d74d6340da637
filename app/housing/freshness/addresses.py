"""The address of an answer link: a row's number and nonce, signed with the installation's key."""

import secrets

from flask import current_app, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from app.housing.freshness.models import AnswerLink

_PURPOSE = "vacancy-answer"  # a signature made for anything else opens nothing here


def new_nonce() -> str:
    """Sixteen random bytes that the database keeps and the address carries."""
    return secrets.token_urlsafe(16)


def address_of(link: AnswerLink) -> str:
    """The whole address, to copy, mail or print: as this installation is called outside.

    Without a PUBLIC_URL it is the name under which whoever asks has reached it.
    """
    token = _serializer().dumps([link.id, link.nonce])
    outside = current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")
    return outside + url_for("housing.answer_page", token=token)


def read_token(token: str) -> tuple[int, str] | None:
    """Number and nonce of a link; None for anything this installation did not sign."""
    try:
        link_id, nonce = _serializer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(link_id), str(nonce)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=_PURPOSE)
