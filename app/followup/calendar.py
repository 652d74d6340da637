"""Check-ins in one's own calendar: by day, for nobody agreed on an hour."""

from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from app.cases.listing import named_outside
from app.feeds.sources import Dated, calendar_sources, window
from app.followup import queries
from app.policy import Action, Viewer


def check_ins(session: Session, viewer: Viewer, today: date) -> list[Dated]:
    """What the viewer goes to, their own plans' and what was handed to them, while it is due."""
    first, last = window(today)
    due = queries.due_check_ins(session, viewer, today=today, until=last)
    return [
        Dated(
            key=f"check-in-{one.id}",
            on=one.goes_on,
            title=f"見守り（{one.label}）　{one.plan.placement.case.number}",
            household=named_outside(one.plan.placement.case, viewer, today=today),
            url=url_for("followup.visit_page", check_in_id=one.id),
            case_id=one.plan.placement.case_id,
        )
        for one in due
        if one.visitor == viewer.user_id and one.goes_on >= first
    ]


calendar_sources.append((Action.VISIT_RECORD, check_ins))
