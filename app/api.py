"""The JSON API under /api/v1: the same schemas, services and policy as the pages.

Paging is in the body; errors have the same codes and sentences as the pages; the description is at
/api/v1/openapi.json, open to all because it speaks of no person.
"""

from typing import Any

from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import fields, validate

from app.forms import BaseSchema, Whole
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


class PageSchema(BaseSchema):
    """Which page of a list."""

    page = Whole(least=1, most=100_000, load_default=1)
    per_page = fields.Integer(
        strict=False,
        load_default=50,
        validate=validate.Range(1, 200, error="1〜200で指定してください。"),
    )


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
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    for endpoint, view in list(app.view_functions.items()):
        if endpoint.startswith("api-docs."):
            app.view_functions[endpoint] = requires(Action.PUBLIC)(_plain_function(view))


def _plain_function(view: Any) -> Any:
    """A function a declaration can be attached to; bound methods take no attributes."""

    def openapi(**kwargs: Any) -> Any:
        return view(**kwargs)

    return openapi
