"""The Tsunagi web application. `create_app` is its table of contents."""

from collections.abc import Mapping
from inspect import iscoroutinefunction
from typing import Any

import structlog
from flask import Flask
from flask_babel import Babel

from app import api, commands, config, errors, pages, security
from app.accounts import routes as accounts
from app.accounts import signing_in
from app.audit import views as audit
from app.benefits import api as benefits_api
from app.benefits import routes as benefits
from app.cases import api as cases_api
from app.cases import routes as cases
from app.cases.assessments import api as assessments_api
from app.cases.household import api as household_api
from app.cases.plans import api as plans_api
from app.db import db
from app.directory import api as directory_api
from app.directory import routes as directory
from app.feeds import routes as feeds
from app.followup import api as followup_api
from app.followup import routes as followup
from app.followup.dayplan import api as dayplan_api
from app.followup.signals import api as signals_api
from app.foodbank import api as foodbank_api
from app.foodbank import routes as foodbank
from app.foodbank.recalls import api as recalls_api
from app.foodbank.rounds import api as rounds_api
from app.foodbank.tracing import api as tracing_api
from app.goods import api as goods_api
from app.goods import routes as goods
from app.goods.proposals import api as goods_proposals_api
from app.goods.vans import api as vans_api
from app.housing import api as housing_api
from app.housing import routes as housing
from app.keyday import api as keyday_api
from app.keyday import routes as keyday
from app.leads import api as leads_api
from app.leads import routes as leads
from app.mail import routes as mail
from app.mail.transports import transport_of
from app.meetings import api as meetings_api
from app.meetings import routes as meetings
from app.placements import api as placements_api
from app.placements import routes as placements
from app.referrals import api as referrals_api
from app.referrals import routes as referrals
from app.reports import api as reports_api
from app.reports import routes as reports
from app.reports.saved import api as report_views_api

babel = Babel()


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """A configured application; without settings they come from the environment."""
    app = Flask(__name__)
    app.config.from_mapping(settings or config.from_environment())
    configure_logs()
    transport_of(app.config["MAIL_URL"], folder=app.config["DATA_DIR"])  # a wrong one is told now

    db.init_app(app)
    # We open no async session, and closing none would start an event loop in every request.
    app.teardown_appcontext_funcs = [
        function for function in app.teardown_appcontext_funcs if not iscoroutinefunction(function)
    ]
    babel.init_app(app)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # sentences people can read
    signing_in.register(app)
    security.register(app)
    errors.register(app)
    pages.register(app)

    app.register_blueprint(pages.bp)
    app.register_blueprint(accounts.bp)
    app.register_blueprint(feeds.bp)
    app.register_blueprint(mail.bp)
    app.register_blueprint(audit.bp)
    app.register_blueprint(cases.bp)
    app.register_blueprint(benefits.bp)
    app.register_blueprint(directory.bp)
    app.register_blueprint(leads.bp)
    app.register_blueprint(meetings.bp)
    app.register_blueprint(referrals.bp)
    app.register_blueprint(housing.bp)
    app.register_blueprint(foodbank.bp)
    app.register_blueprint(placements.bp)
    app.register_blueprint(followup.bp)
    app.register_blueprint(goods.bp)
    app.register_blueprint(keyday.bp)
    app.register_blueprint(reports.bp)
    api.register(
        app,
        cases_api.bp,
        benefits_api.bp,
        assessments_api.bp,
        household_api.bp,
        plans_api.bp,
        directory_api.bp,
        leads_api.bp,
        meetings_api.bp,
        referrals_api.bp,
        housing_api.bp,
        foodbank_api.bp,
        recalls_api.bp,
        rounds_api.bp,
        tracing_api.bp,
        placements_api.bp,
        followup_api.bp,
        dayplan_api.bp,
        signals_api.bp,
        goods_api.bp,
        goods_proposals_api.bp,
        vans_api.bp,
        keyday_api.bp,
        reports_api.bp,
        report_views_api.bp,
    )
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
