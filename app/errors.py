"""What can go wrong, in the users' words, and the one place that turns it into HTML or JSON.

Services raise these; views let them pass. `code` is stable for programs, `message` is what the
person reads and says what to do next, `fields` puts it beside the input it belongs to.
"""

import traceback
from typing import Any

import structlog
from flask import (
    Flask,
    Response,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import BadHost, HTTPException, SecurityError
from werkzeug.routing import IntegerConverter, Map

from app.db import db

log = structlog.get_logger()


class DomainError(Exception):
    """Something the rules of the work forbid, told in a sentence."""

    status = 422
    code = "invalid"

    def __init__(
        self,
        message: str,
        *,
        fields: dict[str, list[str]] | None = None,
        code: str | None = None,
        **details: Any,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields or {}
        self.details = details
        if code is not None:
            self.code = code


class InvalidError(DomainError):
    """What was typed cannot be taken; says where and what would be right."""


class ConflictError(DomainError):
    """Somebody else was first, or the state has moved on."""

    status = 409
    code = "conflict"


class ForbiddenError(DomainError):
    """This person may not do this."""

    status = 403
    code = "forbidden"


class NotFoundError(DomainError):
    """It is not there – or the viewer may not know that it is."""

    status = 404
    code = "not_found"


class TooManyError(DomainError):
    """Slow down."""

    status = 429
    code = "too_many_requests"


class TooLargeError(DomainError):
    """More than is taken at once."""

    status = 413
    code = "too_large"


class SignInRequiredError(DomainError):
    """Nobody is signed in."""

    status = 401
    code = "sign_in_required"


HTTP_WORDS: dict[int, tuple[str, str]] = {
    400: (
        "bad_request",
        "送られた内容を読み取れませんでした。前の画面に戻り、もう一度お試しください。",
    ),
    401: ("sign_in_required", "サインインしてください。"),
    403: (
        "forbidden",
        "この操作をする権限がありません。必要な場合は組織の管理者に相談してください。",
    ),
    404: (
        "not_found",
        "お探しのページは見つかりません。番号を確かめるか、検索から探してください。",
    ),
    405: ("method_not_allowed", "この操作は受け付けられません。前の画面からやり直してください。"),
    406: ("not_acceptable", "求められた形式では返せません。"),
    409: ("conflict", "ほかの人の操作と重なりました。最新の状態を確かめてください。"),
    413: ("too_large", "送られた内容が大きすぎます。ファイルを分けるか、小さくしてください。"),
    415: ("unsupported_media_type", "この形式の内容は受け付けられません。"),
    422: ("invalid", "入力内容を確かめてください。"),
    429: ("too_many_requests", "操作が続きました。しばらく待ってからお試しください。"),
    500: (
        "internal_error",
        "システムに不具合が起きました。入力は保存されていません。少し待ってからお試しください。",
    ),
    503: ("unavailable", "いま混み合っています。少し待ってから、もう一度お試しください。"),
}


class RecordNumber(IntegerConverter):
    """A record's number in an address: what no table can hold is simply not found."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


def wants_json() -> bool:
    """By path, because an unknown URL has no blueprint to ask; a page's own script sends JSON."""
    return request.path.startswith("/api/") or request.mimetype == "application/json"


def answer(
    status: int,
    code: str,
    message: str,
    *,
    fields: dict[str, list[str]] | None = None,
    details: dict[str, Any] | None = None,
) -> Response:
    """The error as a page or as JSON, the same words in both."""
    if wants_json():
        body: dict[str, Any] = {"code": code, "message": message, "status": status}
        if fields:
            body["errors"] = fields
        if details:
            body["details"] = details
        response = jsonify(body)
    else:
        said = [message, *(m for messages in (fields or {}).values() for m in messages)]
        response = make_response(
            render_template(
                "errors/error.html",
                code=status,
                kind=code,
                message="　".join(dict.fromkeys(said)),
                reference=g.get("request_id"),
                back_url=_page_before(),
            )
        )
    response.status_code = status
    return response


def _page_before() -> str | None:
    """The page of this site the person came from, to go back to with the form still filled."""
    referrer = request.referrer or ""
    return referrer if referrer.startswith(request.host_url) else None


def register(app: Flask) -> None:
    """Attach the handlers. Each first gives back the request's transaction and its locks."""
    app.url_map.converters["int"] = RecordNumber
    app.register_error_handler(DomainError, _on_domain_error)
    app.register_error_handler(CSRFError, _on_csrf)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(StaleDataError, _on_stale)
    app.register_error_handler(IntegrityError, _on_integrity)
    app.register_error_handler(DataError, _on_data)
    app.register_error_handler(OperationalError, _on_operational)
    app.register_error_handler(Exception, _on_anything)


def _on_domain_error(error: DomainError) -> Response:
    db.session.rollback()
    if isinstance(error, SignInRequiredError) and not wants_json():
        return _to_sign_in()
    return answer(
        error.status, error.code, error.message, fields=error.fields, details=error.details
    )


def _to_sign_in() -> Response:
    """To the sign-in page and afterwards back; after a lost POST back to the page with the form."""
    target = request.full_path.rstrip("?")
    if request.method not in {"GET", "HEAD"}:
        referrer = request.referrer or ""
        inside = referrer.startswith(request.host_url)
        target = referrer.removeprefix(request.host_url.rstrip("/")) if inside else "/"
    return make_response(redirect(url_for("accounts.sign_in_page", next=target), 303))


def _on_csrf(_error: CSRFError) -> Response:
    """A form older than its session. Whoever is no longer signed in signs in and comes back to it:
    the browser has kept what was typed.
    """
    db.session.rollback()
    signing_in = request.path.startswith("/sign-in")
    if not (wants_json() or signing_in or current_user.is_authenticated):
        return _to_sign_in()
    return answer(
        400,
        "csrf",
        "安全のための確認が切れました。前の画面に戻って読み込み直し、もう一度送ってください。入力は端末に残っています。",
    )


def _on_http(error: HTTPException) -> Response:
    db.session.rollback()
    if error.response is not None:
        return make_response(error.response)
    if isinstance(error, SecurityError | BadHost):  # no address can be made, so no page either
        return Response(f"{HTTP_WORDS[400][1]}\n", status=400, content_type="text/plain")
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    code, message = HTTP_WORDS.get(status, ("error", "操作を完了できませんでした。"))
    data = getattr(error, "data", None) or {}
    fields = data.get("messages") if isinstance(data, dict) else None
    if isinstance(fields, dict):  # webargs nests by the place the value came from
        fields = next((v for v in fields.values() if isinstance(v, dict)), fields)
    response = answer(status, code, message, fields=fields)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _on_stale(_error: StaleDataError) -> Response:
    db.session.rollback()
    return answer(
        409, "stale", "ほかの人が先に書きかえました。最新の内容を開いて、もう一度入れてください。"
    )


def _on_integrity(error: IntegrityError) -> Response:
    """A constraint no service foresaw: refused by the database, nothing half-done."""
    db.session.rollback()
    log.warning("constraint_refused", constraint=constraint_name(error), path=request.url_rule)
    return answer(409, "conflict", HTTP_WORDS[409][1])


def _on_data(_error: DataError) -> Response:
    """A value no column takes and no schema foresaw; which one the database does not say."""
    db.session.rollback()
    log.warning("value_refused", path=str(request.url_rule))
    return answer(
        422,
        "value_refused",
        "長すぎるか大きすぎる値があるため、記録できません。何も変わっていません。値を短くしてください。",
    )


def constraint_name(error: IntegrityError) -> str:
    """Which constraint refused, never which values: those may be personal."""
    diag = getattr(error.orig, "diag", None)
    if diag is not None and diag.constraint_name:
        return str(diag.constraint_name)
    return str(error.orig).split(":", maxsplit=1)[-1].strip()


def _on_operational(error: OperationalError) -> Response:
    db.session.rollback()
    log.error("database_unavailable", kind=type(error.orig).__name__)
    response = answer(503, *HTTP_WORDS[503])
    response.headers["Retry-After"] = "2"
    return response


def _on_anything(error: Exception) -> Response:
    db.session.rollback()
    g.failed = True
    log.error("unexpected", kind=type(error).__name__, place=_place_of(error))
    return answer(500, *HTTP_WORDS[500])


def _place_of(error: BaseException) -> str:
    """The innermost line of ours that the fault passed; its message could quote what was typed."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "/app/" in f.filename and "site-packages" not in f.filename]
    last = (ours or frames)[-1:]
    return "".join(f"{f.filename.rpartition('/app/')[2]}:{f.lineno}" for f in last)
