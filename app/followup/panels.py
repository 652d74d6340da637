"""What check-ins add to the page of a case: what is due next, and each attempt in its story."""

from datetime import date

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.closing.open_things import open_things
from app.cases.models import Case
from app.cases.panels import (
    Panel,
    PanelLine,
    TimelineEvent,
    case_panels,
)
from app.followup import queries
from app.followup.models import (
    ATTEMPT_LABELS,
    CONTACTS,
    Attempt,
    AttemptResult,
    CheckIn,
    CheckInState,
)
from app.followup.schemas import SEEN_LABELS, Seen
from app.followup.services import due_label
from app.policy import Access, Action, Tier, Viewer, allows

NEXT = 4


def open_visits(session: Session, case: Case, access: Access, _today: date) -> list[str]:
    """Check-ins still to come, for whoever ends the consultation and may know of them."""
    if not access.sees(Tier.PLACE):
        return []
    plan = queries.plan_of_case(session, case.id)
    due = [c for c in plan.check_ins if c.state is CheckInState.DUE] if plan else []
    return [str(_("これからの見守りが %(n)s回 残っています", n=len(due)))] if due else []


def watch_of_case(
    session: Session, case: Case, access: Access, viewer: Viewer, today: date
) -> Panel | None:
    """The next check-ins of a household; a plan tells that somebody lives somewhere, so: place."""
    if not access.sees(Tier.PLACE) or not allows(viewer, Action.FOLLOWUP_READ):
        return None
    plan = queries.plan_of_case(session, case.id)
    if plan is None:
        return None
    due = [c for c in plan.check_ins if c.state is CheckInState.DUE]
    attempts = session.scalars(
        sa.select(Attempt).join(CheckIn).where(CheckIn.plan_id == plan.id).order_by(Attempt.at)
    )
    return Panel(
        title=_("見守り"),
        lines=[_line(c, viewer, today) for c in due[:NEXT]],
        empty=_("予定はすべて済みました"),
        action=(_("一覧"), url_for("followup.visit_list")),
        events=[_event(attempt) for attempt in attempts],
    )


def _line(check_in: CheckIn, viewer: Viewer, today: date) -> PanelLine:
    may_record = allows(viewer, Action.VISIT_RECORD)
    return PanelLine(
        check_in.label,
        url=url_for("followup.visit_page", check_in_id=check_in.id) if may_record else None,
        note=due_label(check_in.due_on, today),
        tag=(_("過ぎている"), "bad") if check_in.due_on < today else None,
    )


def _kind(result: AttemptResult) -> str:
    if result is AttemptResult.WORRYING:
        return "bad"
    return "good" if result in CONTACTS else "warn"


def _event(attempt: Attempt) -> TimelineEvent:
    seen = "、".join(SEEN_LABELS[Seen(item)] for item in attempt.items)
    return TimelineEvent(
        at=attempt.at,
        title=_("見守り: %(result)s", result=ATTEMPT_LABELS[attempt.result]),
        text="\n".join(part for part in (seen, attempt.note) if part) or None,
        kind=_kind(attempt.result),
    )


case_panels.append(watch_of_case)
open_things.append(open_visits)
