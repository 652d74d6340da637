"""Settings, read once from the environment; everything has a default that works on a laptop.

`APP_DATA_DIR` holds the embedded database, uploads and the secret key. `DATABASE_URL` switches
to PostgreSQL. Nothing here is read again after start, so tests pass their own mapping instead.
"""

import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.db import engine_settings

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_DATA_DIR = ROOT / "var"

SESSION_IDLE = timedelta(minutes=30)
SESSION_ABSOLUTE = timedelta(hours=10)


def from_environment(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The configuration for a server or a command, from environment variables."""
    data_dir = Path(environ.get("APP_DATA_DIR") or DEFAULT_DATA_DIR).resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    url = environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'tsunagi.sqlite3'}"
    return settings(
        database_url=url,
        data_dir=data_dir,
        secret_key=environ.get("SECRET_KEY") or _kept_secret(data_dir),
        secure_cookies=environ.get("SECURE_COOKIES", "") == "1",
        demo=environ.get("DEMO", "") == "1",
        public_url=environ.get("PUBLIC_URL", ""),
        mail_url=environ.get("MAIL_URL", ""),
        mail_from=environ.get("MAIL_FROM", ""),
    )


def settings(
    *,
    database_url: str,
    data_dir: Path,
    secret_key: str,
    secure_cookies: bool = False,
    demo: bool = False,
    public_url: str = "",
    mail_url: str = "",
    mail_from: str = "",
) -> dict[str, Any]:
    """One flat mapping for `app.config.from_mapping`; tests call this directly."""
    return {
        "SECRET_KEY": secret_key,
        "DATA_DIR": data_dir,
        "DEMO": demo,
        "PUBLIC_URL": public_url.rstrip("/"),
        "TRUSTED_HOSTS": _hosts(public_url),
        "MAIL_URL": mail_url,
        "MAIL_FROM": mail_from or f"tsunagi@{urlsplit(public_url).hostname or 'localhost'}",
        "SQLALCHEMY_ENGINES": {"default": engine_settings(database_url)},
        "SESSION_COOKIE_NAME": "__Host-tsunagi" if secure_cookies else "tsunagi",
        "SESSION_COOKIE_SECURE": secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,  # a form left open over lunch must still be saved
        "WTF_CSRF_CHECK_DEFAULT": False,  # called by hand, so that a bearer token can skip it
        "WTF_CSRF_SSL_STRICT": False,
        "MAX_CONTENT_LENGTH": 25 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 4000,
        "BABEL_DEFAULT_LOCALE": "ja",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Tokyo",
        "JSON_AS_ASCII": False,
        "API_TITLE": "Tsunagi",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "OPENAPI_JSON_PATH": "openapi.json",
    }


def _hosts(public_url: str) -> list[str] | None:
    """The names this installation answers to; any while nobody said how it is called outside."""
    if not public_url:
        return None
    parts = urlsplit(public_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise ValueError("PUBLIC_URL must look like https://tsunagi.example.jp, without a path")
    return [parts.hostname, "localhost", "127.0.0.1"]  # the latter for checks on the machine itself


def _kept_secret(data_dir: Path) -> str:
    """The secret key of this installation, made at the first start and readable by its owner."""
    path = data_dir / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
