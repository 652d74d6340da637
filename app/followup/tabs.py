"""The pages about keeping watch side by side, as far as the viewer may open them."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.policy import Action, allows
from app.security import the_viewer

PAGES = (
    ("followup.visit_list", "きょう", Action.FOLLOWUP_READ),
    ("followup.day_page", "回り方", Action.VISIT_RECORD),
    ("followup.moving_page", "代わる・移す", Action.WATCH_PLAN),
    ("followup.plan_list", "世帯", Action.FOLLOWUP_READ),
    ("followup.ledger_page", "帳簿", Action.FOLLOWUP_READ),
    ("followup.template_list", "型", Action.WATCH_TEMPLATE_READ),
    ("followup.sender_list", "機器の送り手", Action.WATCH_TEMPLATE_EDIT),
)


def tabs(current: str) -> list[dict[str, Any]]:
    """The tabs of these pages, `current` the endpoint shown."""
    return [
        {"label": _(label), "url": url_for(endpoint), "current": endpoint == current}
        for endpoint, label, action in PAGES
        if allows(the_viewer(), action)
    ]
