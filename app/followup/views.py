"""The list of whoever goes round, and what it adds to the first page."""

from datetime import date, timedelta
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.db import db, today
from app.followup.blueprint import bp
from app.followup.tabs import tabs
from app.followup.visits import listing
from app.pages import today_sources
from app.policy import Action, Viewer, requires
from app.security import saw, the_viewer

AHEAD = timedelta(days=7)
ON_TODAY = 8


@bp.get("/visits")
@requires(Action.FOLLOWUP_READ)
def visit_list() -> Answer:
    """What is due today and what is still open from before; next week below."""
    viewer, day = the_viewer(), today()
    mine, everything = listing.chosen()
    due, coming = listing.due_today(db.session, viewer, day, until=day + AHEAD, mine=mine)
    shown = due if everything else due[: listing.MOST]
    for case_id in {h.plan.placement.case_id for h in shown} | {
        c.plan.placement.case_id for c in coming
    }:
        saw(Deed.LISTED, "case", case_id, fields=("home", "name"))
    return render_template(
        "followup/list.html",
        tabs=tabs("followup.visit_list"),
        mine=mine,
        due=[listing.line_of(h, viewer, day) for h in shown],
        count=len(due),
        more=len(due) - len(shown),
        coming=[listing.coming_line(c, viewer, day) for c in coming[: listing.MOST]],
        coming_count=len(coming),
    )


def today_for_visits(session: Any, viewer: Viewer, day: date) -> list[dict[str, Any]]:
    """The most urgent households, for the first page after signing in; the rest counted."""
    due, _coming = listing.due_today(session, viewer, day, until=day, mine=False)
    more = len(due) - ON_TODAY
    every = _("一覧") if more <= 0 else _("一覧（ほか%(n)s件）", n=more)
    return [
        {
            "title": _("見守り"),
            "items": [listing.line_of(h, viewer, day) for h in due[:ON_TODAY]],
            "empty": _("きょうの見守りはありません"),
            "action": (every, url_for("followup.visit_list")),
        }
    ]


today_sources.append((Action.VISIT_RECORD, today_for_visits))
