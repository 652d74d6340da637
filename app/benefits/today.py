"""What waits today: rent benefits that end soon, and activities still missing this month."""

from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.benefits import queries
from app.cases.listing import rows_of
from app.cases.models import Case
from app.cases.queries import open_cases, visible_cases
from app.cases.records import case_title
from app.pages import today_sources
from app.policy import Action, Role, Tier, Viewer
from app.wording import days_left, weekday

SOON = timedelta(days=31)
AT_MOST = 20


def due(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """Grants that end within a month, or ended in the last one without an extension noted."""
    mine = viewer.organisations(Role.CONSULTANT)
    own = open_cases(visible_cases(viewer, today=today)).where(Case.organisation_id.in_(mine))
    ids = own.with_only_columns(Case.id).order_by(None)
    ending = [
        grant
        for grant in queries.ending(session, ids, today + SOON)
        if grant.ends_on >= today - SOON
    ][:AT_MOST]
    if not ending:
        return []
    wanted = {grant.case_id for grant in ending}
    statement = own.where(Case.id.in_(wanted))
    rows = {
        row.shown.id: row
        for row in rows_of(session, statement, viewer, today=today, limit=AT_MOST)
        if row.access.sees(Tier.CARE)
    }
    return [
        {
            "title": _("住居確保給付金の終わり"),
            "items": [
                {
                    "when": weekday(grant.ends_on),
                    "late": grant.ends_on < today,
                    "title": f"{rows[grant.case_id].shown.number}　"
                    f"{case_title(rows[grant.case_id].shown)}",
                    "url": url_for("benefits.benefits_page", case_id=grant.case_id),
                    "tag": (days_left(grant.ends_on), "warn"),
                    "note": _("3回目の支給です。延長はありません。")
                    if grant.number == 3
                    else _("続けるなら、終わる前に延長の申請"),
                }
                for grant in ending
                if grant.case_id in rows
            ],
        }
    ]


today_sources.append((Action.CASE_EDIT, due))
