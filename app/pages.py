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

# Figures at the top of the first page, as `ui.stat_tiles` takes them.
today_figures: list[tuple[Action, TodaySource]] = []

# What people come to do. The first one a viewer may do is the main button of their first page.
STARTS: list[tuple[str, str, str, Action]] = [
    ("新しい相談", "cases.new_case_page", "cases", Action.CASE_CREATE),
    ("協議会の一覧を取り込む", "housing.import_page", "homes", Action.HOME_IMPORT),
    ("募集を登録する", "housing.vacancy_page", "door", Action.HOME_EDIT),
    ("受け入れる", "foodbank.receive_page", "food", Action.FOOD_RECEIVE),
    ("詰める", "foodbank.request_list", "goods", Action.PARCEL_PACK),
    ("渡す", "foodbank.parcel_list", "person", Action.HANDOUT_RECORD),
    ("品物を登録する", "goods.new_item_page", "goods", Action.GOODS_EDIT),
    ("仕分けとシール", "foodbank.sorting_page", "goods", Action.FOOD_SORT),
    ("見守りの一覧", "followup.visit_list", "followup", Action.VISIT_RECORD),
    ("きょうの回り方", "followup.day_page", "followup", Action.VISIT_RECORD),
    ("利用者を加える", "accounts.new_user_page", "person", Action.USER_MANAGE),
    ("記録を見る", "audit.entry_list", "reports", Action.AUDIT_READ),
]

NAVIGATION: list[tuple[str, str, str, Action]] = [
    ("きょう", "pages.today_page", "today", Action.SIGNED_IN),
    ("相談", "cases.case_list", "cases", Action.CASE_LIST),
    ("つなぐ", "referrals.sheet_list", "meetings", Action.REFERRAL_READ),
    ("電話", "leads.call_list", "phone", Action.LEAD_READ),
    ("住まい", "housing.home_list", "homes", Action.HOME_READ),
    ("貸主", "housing.landlord_list", "person", Action.HOME_EDIT),
    ("つなぎ先", "directory.partner_list", "phone", Action.DIRECTORY_READ),
    ("食料", "foodbank.food_home", "food", Action.FOOD_READ),
    ("物資", "goods.item_list", "goods", Action.GOODS_READ),
    ("見守り", "followup.visit_list", "followup", Action.FOLLOWUP_READ),
    ("見守りの型", "followup.template_list", "followup", Action.WATCH_TEMPLATE_EDIT),
    ("給付の表", "benefits.rule_list", "reports", Action.BENEFIT_RULE_EDIT),
    ("会議", "meetings.meeting_list", "meetings", Action.MEETING_READ),
    ("会議の決まり", "meetings.settings_page", "meetings", Action.MEETING_MANAGE),
    ("数字", "reports.this_year", "reports", Action.REPORT_READ),
    ("事業", "cases.service_page", "settings", Action.SERVICE_MANAGE),
    ("利用者", "accounts.user_list", "person", Action.USER_MANAGE),
    ("鍵の日のひな形", "keyday.template_page", "settings", Action.MASTER_EDIT),
    ("そろえるもの", "goods.usual_list", "goods", Action.MASTER_EDIT),
    ("課題", "cases.issue_list", "goods", Action.MASTER_EDIT),
    ("記録", "audit.entry_list", "reports", Action.AUDIT_READ),
]

# Pages that belong to a main entry without lying under its address.
ALSO_UNDER = {
    "housing.home_list": ("/placements", "/holds", "/key-days", "/properties", "/batches"),
}


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
            "current": any(map(_is_here, (url_for(endpoint), *ALSO_UNDER.get(endpoint, ())))),
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
    sections = _told(today_sources, viewer)
    return render_template(
        "pages/today.html",
        starts=starts(viewer),
        figures=_told(today_figures, viewer),
        sections=[section for section in sections if section["items"]],
        quiet=[section for section in sections if not section["items"]],
        greeting=weekday(today()),
    )


def starts(viewer: Viewer) -> list[dict[str, str]]:
    """The buttons of the first page, the main one first."""
    return [
        {"label": label, "url": url_for(endpoint), "icon": icon}
        for label, endpoint, icon, action in STARTS
        if endpoint in current_app.view_functions and allows(viewer, action)
    ]


def _told(sources: list[tuple[Action, TodaySource]], viewer: Viewer) -> list[dict[str, Any]]:
    """What the features say to this viewer, in the order of registration."""
    return [
        told
        for action, source in sources
        if allows(viewer, action)
        for told in source(db.session, viewer, today())
    ]


def waiting_today(viewer: Viewer) -> list[tuple[str, int]]:
    """The sections of this person's first page that hold something, and how many entries."""
    return [
        (section["title"], len(section["items"]))
        for section in _told(today_sources, viewer)
        if section["items"]
    ]


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
