"""The JSON API under /api/v1: the same schemas, services and policy as the pages.

Paging is in the body; errors have the same codes and sentences as the pages; the description is at
/api/v1/openapi.json, open to all because it speaks of no person.
"""

import json
from http import HTTPStatus
from typing import Any, NoReturn

import flask_smorest
from flask import Flask, Request
from flask_smorest import Api
from marshmallow import ValidationError, fields
from webargs.flaskparser import FlaskParser

from app.errors import HTTP_WORDS, InvalidError
from app.forms import BaseSchema, Whole, flatten
from app.policy import Action, requires


class TsunagiApi(Api):  # type: ignore[misc]
    """flask-smorest without its app-wide error handler, which would turn pages' errors to JSON."""

    def _register_error_handlers(self) -> None:
        """Errors are answered in app.errors, for pages and API alike."""


class ErrorSchema(BaseSchema):
    """Every error's shape."""

    code = fields.String(metadata={"description": "stable, for programs"})
    message = fields.String(metadata={"description": "a Japanese sentence that says what to do"})
    status = fields.Integer()
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    details = fields.Dict()


TsunagiApi.ERROR_SCHEMA = ErrorSchema
TsunagiApi.DEFAULT_ERROR_RESPONSE_NAME = None  # the blueprint names each one instead

# Beside its success, what any operation may answer; the shape is always ErrorSchema's.
ERRORS = tuple(map(HTTPStatus, (400, 401, 403, 404, 409, 413, 422, 429, 503)))


class ArgumentsParser(FlaskParser):
    """JSON nested or counted beyond what Python reads is unreadable JSON, not a fault of ours."""

    def _raw_load_json(self, req: Request) -> Any:
        try:
            return super()._raw_load_json(req)
        except json.JSONDecodeError:
            raise
        except (RecursionError, ValueError) as error:
            raise json.JSONDecodeError("too deep or too long a number", "", 0) from error

    def handle_error(self, error: ValidationError, *_request: Any, **_answer: Any) -> NoReturn:
        """The same names of fields as on the pages, `members-0-kana`, each with its sentences."""
        [messages] = error.messages_dict.values()  # by the place the values came from
        raise InvalidError(HTTP_WORDS[422][1], fields=flatten(messages))


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """flask-smorest's, reading hostile JSON calmly and documenting every error once."""

    ARGUMENTS_PARSER = ArgumentsParser()

    @staticmethod
    def _prepare_response_doc(doc: Any, doc_info: Any, **kwargs: Any) -> Any:
        responses = doc_info.setdefault("response", {}).setdefault("responses", {})
        for status in ERRORS:
            responses.setdefault(status, [status.name])
        return flask_smorest.Blueprint._prepare_response_doc(doc, doc_info, **kwargs)  # noqa: SLF001


class PageSchema(BaseSchema):
    """Which page of a list."""

    page = Whole(least=1, most=100_000, load_default=1)
    per_page = Whole(least=1, most=200, load_default=50)


def register(app: Flask, *blueprints: Blueprint) -> None:
    """Attach the features' blueprints with the API's description and the token scheme."""
    api = TsunagiApi(
        app,
        spec_kwargs={
            "info": {
                "title": "Tsunagi API",
                "description": "Bearer tokens; creating POSTs need an Idempotency-Key header.",
            },
            "security": [{"token": []}],
        },
    )
    api.ma_plugin.converter.add_attribute_function(_decimal)
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    for endpoint, view in list(app.view_functions.items()):
        if endpoint.startswith("api-docs."):
            app.view_functions[endpoint] = requires(Action.PUBLIC)(_plain_function(view))


def _decimal(_self: Any, field: fields.Field[Any], ret: Any, **_kwargs: Any) -> dict[str, Any]:
    """Decimals in the description: bounds are numbers; what is answered as text is a string."""
    if not isinstance(field, fields.Decimal):
        return {}
    bounds: dict[str, Any] = {
        name: float(ret[name]) for name in ("minimum", "maximum") if name in ret
    }
    if field.as_string:
        bounds["type"] = ["string", "null"] if field.allow_none else "string"
    return bounds


def _plain_function(view: Any) -> Any:
    """A function a declaration can be attached to; bound methods take no attributes."""

    def openapi(**kwargs: Any) -> Any:
        return view(**kwargs)

    return openapi
