"""Reading check-ins: today's list and one visit, for those who may know where somebody lives."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.cases.models import Case
from app.cases.queries import access_to, visible_cases
from app.errors import NotFoundError
from app.followup.models import CheckIn, CheckInState, WatchPlan
from app.placements.models import Placement
from app.policy import Tier, Viewer

NOT_FOUND = "この見守りは見つからないか、あなたの役割では開けません。"


def due_check_ins(session: Session, viewer: Viewer, *, today: date, until: date) -> list[CheckIn]:
    """What is due up to a day, longest overdue first, where the viewer may know the place."""
    visible = visible_cases(viewer, today=today).with_only_columns(Case.id)
    rows = session.scalars(
        sa.select(CheckIn)
        .join(CheckIn.plan)
        .join(WatchPlan.placement)
        .where(
            CheckIn.state == CheckInState.DUE,
            CheckIn.due_on <= until,
            WatchPlan.ended_on.is_(None),
            Placement.case_id.in_(visible),
        )
        .options(
            joinedload(CheckIn.plan)
            .joinedload(WatchPlan.placement)
            .options(joinedload(Placement.case), joinedload(Placement.home))
        )
        .order_by(CheckIn.due_on, CheckIn.id)
    ).unique()
    return [c for c in rows if _sees(c, viewer, today)]


def _sees(check_in: CheckIn, viewer: Viewer, today: date) -> bool:
    case = check_in.plan.placement.case
    return access_to(case, viewer, today=today).sees(Tier.PLACE)


def get_check_in(session: Session, check_in_id: int, viewer: Viewer, *, today: date) -> CheckIn:
    """One check-in whose household's place the viewer may know."""
    check_in = session.get(CheckIn, check_in_id)
    if check_in is None or not _sees(check_in, viewer, today):
        raise NotFoundError(NOT_FOUND)
    return check_in


def plan_of_case(session: Session, case_id: int) -> WatchPlan | None:
    """The running plan of a case's placement; the caller has checked that the viewer may see it."""
    return session.scalar(
        sa.select(WatchPlan)
        .join(WatchPlan.placement)
        .where(Placement.case_id == case_id, WatchPlan.ended_on.is_(None))
        .order_by(WatchPlan.id.desc())
    )
