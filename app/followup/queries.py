"""Reading check-ins and plans, for those who may know where somebody lives."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from app.cases.models import Case
from app.cases.queries import access_to, visible_cases
from app.errors import ForbiddenError, NotFoundError
from app.followup.codes import CheckInState
from app.followup.ladder.codes import ConcernState
from app.followup.ladder.models import Concern
from app.followup.models import CheckIn, WatchPlan
from app.followup.plans.codes import PlanEnd
from app.housing.models import Home
from app.placements.codes import PlacementState
from app.placements.models import Placement
from app.policy import Access, Tier, Viewer

NOT_FOUND = "この見守りは見つからないか、あなたの役割では開けません。"


@dataclass(frozen=True)
class SeenPlan:
    """A plan with how much of its household the viewer may see."""

    plan: WatchPlan
    access: Access

    @property
    def case(self) -> Case:
        return self.plan.placement.case


def _with_household() -> _AbstractLoad:
    """What a line of a list needs beside the row itself, in the same statement."""
    return joinedload(WatchPlan.placement).options(
        joinedload(Placement.case),
        joinedload(Placement.home).joinedload(Home.property),
    )


def due_check_ins(session: Session, viewer: Viewer, *, today: date, until: date) -> list[CheckIn]:
    """What is to be done up to a day, longest overdue first, where the viewer may know the place.

    A visit that was moved counts from the day it was moved to.
    """
    visible = visible_cases(viewer, today=today).with_only_columns(Case.id)
    rows = session.scalars(
        sa.select(CheckIn)
        .join(CheckIn.plan)
        .join(WatchPlan.placement)
        .where(
            CheckIn.state == CheckInState.DUE,
            goes_by(until),
            WatchPlan.ended_on.is_(None),
            Placement.case_id.in_(visible),
        )
        .options(joinedload(CheckIn.plan).options(_with_household()))
        .order_by(CheckIn.due_on, CheckIn.id)
    ).unique()
    return [c for c in rows if sees(c.plan, viewer, today)]


def goes_by(day: date) -> sa.ColumnElement[bool]:
    """Check-ins somebody means to go to by a day; each half has an index of its own."""
    return sa.or_(
        sa.and_(CheckIn.visit_on.is_(None), CheckIn.due_on <= day), CheckIn.visit_on <= day
    )


def open_concerns(session: Session, viewer: Viewer, *, today: date) -> list[Concern]:
    """Concerns nobody has closed, the one whose next step is due first at the top."""
    visible = visible_cases(viewer, today=today).with_only_columns(Case.id)
    rows = session.scalars(
        sa.select(Concern)
        .join(Concern.plan)
        .join(WatchPlan.placement)
        .where(Concern.state == ConcernState.OPEN, Placement.case_id.in_(visible))
        .options(joinedload(Concern.plan).options(_with_household()), joinedload(Concern.check_in))
        .order_by(Concern.id)
    ).unique()
    return sorted((c for c in rows if sees(c.plan, viewer, today)), key=_urgency)


def _urgency(concern: Concern) -> tuple[bool, object, int]:
    step = concern.next_step
    # One whose steps are all taken waits for somebody to say what was found.
    return (step is None, step.due_at if step else concern.opened_at, concern.id)


def running_plans(session: Session, viewer: Viewer, *, today: date) -> list[WatchPlan]:
    """Plans going on, of households whose place the viewer may know, the latest move first."""
    visible = visible_cases(viewer, today=today).with_only_columns(Case.id)
    rows = session.scalars(
        sa.select(WatchPlan)
        .join(WatchPlan.placement)
        .where(WatchPlan.ended_on.is_(None), Placement.case_id.in_(visible))
        .options(_with_household(), joinedload(WatchPlan.version_of))
        .order_by(WatchPlan.starts_on.desc(), WatchPlan.id.desc())
    ).unique()
    return [p for p in rows if sees(p, viewer, today)]


def settled_plans(session: Session, viewer: Viewer, *, today: date) -> list[WatchPlan]:
    """Plans that ended because the household settled, and which still lives there."""
    visible = visible_cases(viewer, today=today).with_only_columns(Case.id)
    rows = session.scalars(
        sa.select(WatchPlan)
        .join(WatchPlan.placement)
        .where(
            WatchPlan.ended_as == PlanEnd.SETTLED,
            Placement.state == PlacementState.MOVED_IN,
            Placement.case_id.in_(visible),
        )
        .options(_with_household(), joinedload(WatchPlan.version_of))
        .order_by(WatchPlan.ended_on.desc(), WatchPlan.id.desc())
    ).unique()
    return [p for p in rows if sees(p, viewer, today)]


def access_of(plan: WatchPlan, viewer: Viewer, today: date) -> Access:
    """How much of a plan's household the viewer may see."""
    return access_to(plan.placement.case, viewer, today=today)


def sees(plan: WatchPlan, viewer: Viewer, today: date) -> bool:
    """Whether the viewer may know of a plan at all: it tells where somebody lives."""
    return access_of(plan, viewer, today).sees(Tier.PLACE)


def get_plan(
    session: Session, plan_id: int, viewer: Viewer, *, today: date, needs: Tier = Tier.PLACE
) -> SeenPlan:
    """One plan whose household's place the viewer may know.

    Raises NotFoundError, or ForbiddenError where more than the place is needed.
    """
    plan = session.get(WatchPlan, plan_id)
    access = access_of(plan, viewer, today) if plan is not None else None
    if plan is None or access is None or not access.sees(Tier.PLACE):
        raise NotFoundError(NOT_FOUND)
    if not access.sees(needs):
        raise ForbiddenError("この内容は、相談の担当だけが書けます。担当の相談員に伝えてください。")
    return SeenPlan(plan, access)


def get_check_in(session: Session, check_in_id: int, viewer: Viewer, *, today: date) -> CheckIn:
    """One check-in whose household's place the viewer may know."""
    check_in = session.get(CheckIn, check_in_id)
    if check_in is None or not sees(check_in.plan, viewer, today):
        raise NotFoundError(NOT_FOUND)
    return check_in


def get_concern(session: Session, concern_id: int, viewer: Viewer, *, today: date) -> Concern:
    """One concern of a household whose place the viewer may know."""
    concern = session.get(Concern, concern_id)
    if concern is None or not sees(concern.plan, viewer, today):
        raise NotFoundError("この記録は見つからないか、あなたの役割では開けません。")
    return concern


def last_plan_of_case(session: Session, case_id: int) -> WatchPlan | None:
    """A case's newest plan, ended or not; the caller has checked that the viewer may see it."""
    return session.scalar(
        sa.select(WatchPlan)
        .join(WatchPlan.placement)
        .where(Placement.case_id == case_id)
        .order_by(WatchPlan.id.desc())
    )


def plan_of_case(session: Session, case_id: int) -> WatchPlan | None:
    """The running plan of a case's placement; the caller has checked that the viewer may see it."""
    return session.scalar(
        sa.select(WatchPlan)
        .join(WatchPlan.placement)
        .where(Placement.case_id == case_id, WatchPlan.ended_on.is_(None))
        .order_by(WatchPlan.id.desc())
    )


def concerns_of(session: Session, plan_id: int) -> list[Concern]:
    """All concerns of a plan, open ones first, the newest first."""
    return list(
        session.scalars(
            sa.select(Concern)
            .where(Concern.plan_id == plan_id)
            .order_by(Concern.state.desc(), Concern.opened_at.desc(), Concern.id.desc())
        )
    )
