"""What is still open when a consultation ends; features above register what they keep open.

A function gets the case and how much of it the viewer may see, and must pass what it says through
that: that a home is kept for a household hidden from the viewer is not told.
"""

from collections.abc import Callable
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.plans.codes import PLAN_STATE_LABELS
from app.cases.plans.queries import current_plan
from app.cases.work.models import LogEntry
from app.policy import Access, Tier

OpenThings = Callable[[Session, Case, Access, date], list[str]]
open_things: list[OpenThings] = []


def still_open(session: Session, case: Case, access: Access, *, today: date) -> list[str]:
    """Everything still open, in words."""
    return [words for told in open_things for words in told(session, case, access, today)]


def _of_the_case(session: Session, case: Case, access: Access, _today: date) -> list[str]:
    if not access.sees(Tier.CARE):
        return []
    found = []
    plan = current_plan(session, case.id)
    if plan is not None:
        found.append(
            str(_("評価していないプランがあります（%(s)s）", s=PLAN_STATE_LABELS[plan.state]))
        )
    steps = session.scalar(
        sa.select(sa.func.count(LogEntry.id)).where(
            LogEntry.case_id == case.id,
            LogEntry.next_on.is_not(None),
            LogEntry.next_done_at.is_(None),
        )
    )
    if steps:
        found.append(str(_("期限のあるすることが %(n)s件 済んでいません", n=steps)))
    return found


open_things.append(_of_the_case)
