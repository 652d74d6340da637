"""Late visits that wait for a decision or had one, where the viewer may know the place."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.cases.models import Case
from app.cases.queries import visible_cases
from app.errors import NotFoundError
from app.followup import queries
from app.followup.late.models import LateVisit
from app.followup.models import CheckIn, WatchPlan
from app.housing.models import Home
from app.placements.models import Placement
from app.policy import Viewer

MOST_SHOWN = 200


def late_visits(
    session: Session, viewer: Viewer, *, today: date, waiting: bool = False
) -> list[LateVisit]:
    """Those that wait first, then the newest; `waiting` for those alone."""
    visible = visible_cases(viewer, today=today).with_only_columns(Case.id)
    asked = (
        sa.select(LateVisit)
        .join(LateVisit.check_in)
        .join(CheckIn.plan)
        .join(WatchPlan.placement)
        .where(Placement.case_id.in_(visible))
        .options(
            joinedload(LateVisit.check_in)
            .joinedload(CheckIn.plan)
            .joinedload(WatchPlan.placement)
            .options(
                joinedload(Placement.case),
                joinedload(Placement.home).joinedload(Home.property),
            )
        )
        .order_by(LateVisit.settled_at.is_not(None), LateVisit.id.desc())
        .limit(MOST_SHOWN)
    )
    if waiting:
        asked = asked.where(LateVisit.settlement.is_(None))
    rows = session.scalars(asked).unique()
    return [one for one in rows if queries.sees(one.check_in.plan, viewer, today)]


def get_late_visit(session: Session, late_id: int, viewer: Viewer, *, today: date) -> LateVisit:
    """One of a household whose place the viewer may know. Raises NotFoundError."""
    found = session.get(LateVisit, late_id)
    if found is None or not queries.sees(found.check_in.plan, viewer, today):
        raise NotFoundError("この訪問の記録は見つかりません。一覧から選び直してください。")
    return found


def told_before(
    session: Session, check_in_id: int, user_id: int, happened_at: datetime
) -> LateVisit | None:
    """The same visit, had it come before."""
    return session.scalar(
        sa.select(LateVisit).where(
            LateVisit.check_in_id == check_in_id,
            LateVisit.user_id == user_id,
            LateVisit.happened_at == happened_at,
        )
    )
