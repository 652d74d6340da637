"""The Tsunagi web application. `create_app` is its table of contents."""

from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask
from flask_babel import Babel

from app import api, commands, config, errors, pages, security
from app.accounts import own_account, signing_in
from app.db import db
from app.followup import api as followup_api
from app.followup import views as followup
from app.foodbank import api as foodbank_api
from app.foodbank import pages as foodbank
from app.placements import api as placements_api
from app.placements import views as placements

babel = Babel()


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """A configured application; without settings they come from the environment."""
    app = Flask(__name__)
    app.config.from_mapping(settings or config.from_environment())
    configure_logs()

    db.init_app(app)
    babel.init_app(app)
    signing_in.register(app)
    security.register(app)
    errors.register(app)
    pages.register(app)

    app.register_blueprint(pages.bp)
    app.register_blueprint(own_account.bp)
    app.register_blueprint(placements.bp)
    app.register_blueprint(followup.bp)
    app.register_blueprint(foodbank.bp)
    api.register(app, placements_api.bp, followup_api.bp, foodbank_api.bp)
    commands.register(app)
    return app


def configure_logs() -> None:
    """One JSON line an event: ids, kinds and places, never a value somebody typed."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
