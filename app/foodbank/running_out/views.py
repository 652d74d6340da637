"""Pages of what runs low and of what runs out of time."""

from datetime import date
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from app.answers import Answer, csv_answer
from app.audit.models import Deed
from app.db import db, today
from app.foodbank.models import Lot
from app.foodbank.requests import queries as request_queries
from app.foodbank.running_out import queries
from app.foodbank.stock_views import lot_words
from app.foodbank.views import bp
from app.pages import today_sources
from app.policy import Action, Role, Viewer, requires
from app.security import saw, the_viewer
from app.wording import days_left

SHOWN_TODAY = 8


@bp.get("/food/low")
@requires(Action.FOOD_RECEIVE)
def low_list() -> Answer:
    """Items to look after: too few first, with how many would have to come in."""
    rows = queries.watched_items(db.session, the_viewer(), today=today())
    return render_template(
        "foodbank/running_out/low.html",
        low=[row for row in rows if row.missing],
        enough=[row for row in rows if not row.missing],
    )


@bp.get("/food/low.csv")
@requires(Action.FOOD_RECEIVE)
def low_csv() -> Answer:
    """What to ask for or to buy, as a file."""
    rows = queries.low_items(db.session, the_viewer(), today=today())
    saw(Deed.EXPORTED, "food_item", None, fields=("stock",))
    head = ("品名", "出せる数", "知らせる数", "足りない数")
    cells = ([one.item.name, one.offerable, one.low_at, one.missing] for one in rows)
    return csv_answer("wanted", head, cells, today=today())


@bp.get("/food/expiring")
@requires(Action.PARCEL_PACK)
def expiring_list() -> Answer:
    """What runs out within two weeks, and which waiting household could safely eat it."""
    viewer = the_viewer()
    lots = queries.expiring_lots(db.session, viewer, today=today())
    waiting = request_queries.open_requests(db.session, viewer, today=today())
    eaters = queries.who_could_eat(lots, waiting, today=today())
    if lots and waiting:
        saw(Deed.LISTED, "food_request", None, fields=("household",))
    return render_template(
        "foodbank/running_out/expiring.html",
        rows=[_row(lot) | {"eaters": eaters[lot.id]} for lot in lots],
        waiting=len(waiting),
    )


def _row(lot: Lot) -> dict[str, Any]:
    return lot_words(lot) | {"left": days_left(lot.last_day), "urgent": lot.last_day == today()}


def low_today(session: Any, viewer: Viewer, day: date) -> list[dict[str, Any]]:
    """Items of which too few are left, for the first page."""
    if not viewer.organisations(Role.FOODBANK):
        return []
    rows = queries.low_items(session, viewer, today=day)
    return [
        {
            "title": _("足りないもの"),
            "items": [
                {
                    "when": _("あと%(n)s", n=one.offerable),
                    "late": one.offerable == 0,
                    "title": one.item.name,
                    "url": url_for("foodbank.item_page", item_id=one.item.id),
                    "note": _("%(n)s足りません", n=one.missing),
                }
                for one in rows[:SHOWN_TODAY]
            ],
            "empty": _("ありません"),
            "action": (_("一覧"), url_for("foodbank.low_list")),
        }
    ]


today_sources.append((Action.FOOD_RECEIVE, low_today))
