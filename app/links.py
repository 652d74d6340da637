"""Addresses given out: as the installation is called outside, and signed ones that open one thing.

A signed address carries a row's number and a nonce that the row keeps: to change or drop the nonce
ends the address, and neither the table nor the key alone is enough to make one.
"""

import secrets

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer


def outside() -> str:
    """「https://tsunagi.example.jp」: without a PUBLIC_URL, the name whoever asks has reached."""
    return str(current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/"))


def new_nonce() -> str:
    """Sixteen random bytes that the database keeps and the address carries."""
    return secrets.token_urlsafe(16)


def sign(purpose: str, row_id: int, nonce: str) -> str:
    """The part of an address that opens one row; a signature for another purpose opens nothing."""
    return str(_serializer(purpose).dumps([row_id, nonce]))


def read(purpose: str, token: str) -> tuple[int, str] | None:
    """Number and nonce of a row; None for anything this installation did not sign."""
    try:
        row_id, nonce = _serializer(purpose).loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(row_id), str(nonce)


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=purpose)
