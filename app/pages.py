"""What every page shares – navigation, filters – and the few pages that belong to no feature."""

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    jsonify,
    render_template,
    request,
    url_for,
)
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.db import db, today
from app.policy import Action, Viewer, allows, requires
from app.security import current_viewer, the_viewer
from app.wording import day, days_left, moment, weekday, yen

bp = Blueprint("pages", __name__)

# What waits for somebody today; features add theirs, `today` shows what the viewer may do.
TodaySource = Callable[[Any, Viewer, date], list[dict[str, Any]]]
today_sources: list[tuple[Action, TodaySource]] = []

NAVIGATION: list[tuple[str, str, str, Action]] = [
    ("きょう", "pages.today_page", "today", Action.SIGNED_IN),
    ("相談", "cases.case_list", "cases", Action.CASE_LIST),
    ("住まい", "housing.home_list", "homes", Action.HOME_READ),
    ("食料", "foodbank.food_home", "food", Action.FOOD_READ),
    ("見守り", "followup.visit_list", "followup", Action.FOLLOWUP_READ),
    ("利用者", "accounts.user_list", "person", Action.USER_MANAGE),
    ("記録", "audit.entry_list", "reports", Action.AUDIT_READ),
]


def register(app: Flask) -> None:
    """Attach filters and what the layout needs."""
    app.jinja_env.filters.update(
        yen=yen, day=day, moment=moment, weekday=weekday, days_left=days_left
    )
    app.context_processor(layout)


def layout() -> dict[str, Any]:
    """The variables base.html needs on every page."""
    viewer = current_viewer()
    return {
        "viewer": None if viewer is None else signed_in_as(viewer),
        "navigation": navigation(viewer),
        "demo": current_app.config["DEMO"],
        "today": today(),
        "home_url": url_for("pages.today_page"),
        "search_url": search_url(viewer),
        "sign_out_url": url_for("accounts.sign_out"),
    }


def signed_in_as(viewer: Viewer) -> dict[str, str]:
    """Who is signed in, for the header. The key keeps one person's unsent typing from another's."""
    names = list(dict.fromkeys(m.organisation_name for m in viewer.memberships))
    return {
        "key": f"u{viewer.user_id}",
        "name": viewer.name,
        "organisation": "・".join(names),
        "account_url": url_for("accounts.account_page"),
    }


def search_url(viewer: Viewer | None) -> str | None:
    """Where the search box leads, for those who may list cases."""
    if "cases.search" in current_app.view_functions and allows(viewer, Action.CASE_LIST):
        return url_for("cases.search")
    return None


def navigation(viewer: Viewer | None) -> list[dict[str, Any]]:
    """The main entries this viewer may use, in their fixed order."""
    if viewer is None:
        return []
    return [
        {
            "label": label,
            "url": url_for(endpoint),
            "icon": icon,
            "current": _is_here(url_for(endpoint)),
        }
        for label, endpoint, icon, action in NAVIGATION
        if endpoint in current_app.view_functions and allows(viewer, action)
    ]


def _is_here(url: str) -> bool:
    """Whether the page shown lies under a main entry; the first page only under itself."""
    return request.path == url or (url != "/" and request.path.startswith(f"{url}/"))


@bp.get("/")
@requires(Action.SIGNED_IN)
def today_page() -> str:
    """What is due, what waits for an answer, what ran out – for this person."""
    viewer = the_viewer()
    sections = [
        section
        for action, source in today_sources
        if allows(viewer, action)
        for section in source(db.session, viewer, today())
    ]
    return render_template("pages/today.html", sections=sections, greeting=weekday(today()))


@bp.get("/healthz")
@requires(Action.PUBLIC)
def healthz() -> Response:
    """Whether the service and its database answer."""
    db.session.execute(sa.text("SELECT 1"))
    return jsonify({"status": "ok"})


@bp.get("/metrics")
@requires(Action.SYSTEM_OPERATE)
def metrics() -> Response:
    """Counters for operators; no figure of it speaks of a person."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
