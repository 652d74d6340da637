"""Reading holds and placements. Which household is behind a home is part of the hidden place."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import RoleMembership, User
from app.cases.models import Case
from app.cases.queries import (
    access_to,
    get_case,
    visible_cases,
)
from app.directory.models import Partner, PartnerKind
from app.errors import NotFoundError
from app.placements.codes import PlacementState, StepKind
from app.placements.models import Hold, Placement, PlacementStep, StayExtension
from app.policy import Tier, Viewer

NOT_FOUND = "この手続きは見つからないか、あなたの役割では開けません。"


def get_hold(session: Session, hold_id: int, viewer: Viewer, *, today: date) -> Hold:
    """A hold whose household's place the viewer may know; otherwise as if it were not there."""
    hold = session.get(Hold, hold_id)
    if hold is None or not access_to(hold.case, viewer, today=today).sees(Tier.PLACE):
        raise NotFoundError(NOT_FOUND)
    return hold


def get_placement(session: Session, placement_id: int, viewer: Viewer, *, today: date) -> Placement:
    """A placement whose household's place the viewer may know."""
    placement = session.get(Placement, placement_id)
    if placement is None or not access_to(placement.case, viewer, today=today).sees(Tier.PLACE):
        raise NotFoundError(NOT_FOUND)
    return placement


def of_case(
    session: Session, case_id: int, viewer: Viewer, *, today: date
) -> tuple[list[Hold], list[Placement]]:
    """A case's active holds and all its placements; empty when the place is hidden."""
    seen = get_case(session, case_id, viewer, today=today)
    if not seen.access.sees(Tier.PLACE):
        return [], []
    holds = session.scalars(
        sa.select(Hold)
        .where(Hold.case_id == case_id, Hold.ended_at.is_(None))
        .options(joinedload(Hold.home))
        .order_by(Hold.id)
    ).all()
    placements = session.scalars(
        sa.select(Placement)
        .where(Placement.case_id == case_id)
        .options(joinedload(Placement.home), selectinload(Placement.every_step))
        .order_by(Placement.id.desc())
    ).all()
    return list(holds), list(placements)


def open_placements(session: Session, viewer: Viewer, *, today: date) -> list[Placement]:
    """Placements on their way, of households whose place the viewer may know."""
    visible = visible_cases(viewer, today=today).with_only_columns(Case.id)
    rows = session.scalars(
        sa.select(Placement)
        .where(Placement.state == PlacementState.OPEN, Placement.case_id.in_(visible))
        .options(joinedload(Placement.home), joinedload(Placement.case))
        .order_by(Placement.id)
    ).unique()
    return [p for p in rows if access_to(p.case, viewer, today=today).sees(Tier.PLACE)]


def active_holds(session: Session, viewer: Viewer, *, today: date) -> list[Hold]:
    """Holds in force, soonest end first, of households whose place the viewer may know."""
    visible = visible_cases(viewer, today=today).with_only_columns(Case.id)
    rows = session.scalars(
        sa.select(Hold)
        .where(Hold.ended_at.is_(None), Hold.case_id.in_(visible))
        .options(joinedload(Hold.home), joinedload(Hold.case))
        .order_by(Hold.ends_at)
    ).unique()
    return [h for h in rows if access_to(h.case, viewer, today=today).sees(Tier.PLACE)]


def stays(session: Session, viewer: Viewer, *, today: date) -> list[Placement]:
    """Temporary stays going on, soonest end first, of households whose place may be known."""
    visible = visible_cases(viewer, today=today).with_only_columns(Case.id)
    rows = session.scalars(
        sa.select(Placement)
        .where(
            Placement.temporary,
            Placement.state == PlacementState.MOVED_IN,
            Placement.case_id.in_(visible),
        )
        .options(joinedload(Placement.home), joinedload(Placement.case))
        .order_by(Placement.stay_until, Placement.id)
    ).unique()
    return [p for p in rows if access_to(p.case, viewer, today=today).sees(Tier.PLACE)]


def extensions(session: Session, placement_id: int) -> list[StayExtension]:
    """How often and why a stay was made longer, oldest first."""
    return list(
        session.scalars(
            sa.select(StayExtension)
            .where(StayExtension.placement_id == placement_id)
            .order_by(StayExtension.id)
        )
    )


def staff_to_go_along(session: Session, placement: Placement) -> list[tuple[int, str]]:
    """Colleagues who can go along: of the organisation that steers, and of the case's team."""
    team = [member.user_id for member in placement.case.team]
    ours = sa.select(RoleMembership.user_id).where(
        RoleMembership.organisation_id == placement.organisation_id
    )
    rows = session.execute(
        sa.select(User.id, User.name)
        .where(User.active, sa.or_(User.id.in_(ours), User.id.in_(team)))
        .order_by(User.name, User.id)
    )
    return [(row[0], row[1]) for row in rows]


GOING_ALONG = (
    PartnerKind.REALTOR,
    PartnerKind.PROVIDER,
    PartnerKind.CITY_SECTION,
    PartnerKind.OTHER,
)


def partners_to_go_along(session: Session) -> list[tuple[int, str]]:
    """Partners whose people go along to viewings and contracts."""
    rows = session.execute(
        sa.select(Partner.id, Partner.name)
        .where(Partner.kind.in_(GOING_ALONG))
        .order_by(Partner.name, Partner.id)
    )
    return [(row[0], row[1]) for row in rows]


def guarantor_companies(session: Session) -> list[str]:
    """The names of the guarantor companies we know, to choose from while typing."""
    return list(
        session.scalars(
            sa.select(Partner.name)
            .where(Partner.kind == PartnerKind.GUARANTOR_COMPANY)
            .order_by(Partner.name)
        )
    )


@dataclass(frozen=True)
class StepDuration:
    """How long a household took to one step, from its first consultation on."""

    case_id: int
    placement_id: int
    kind: StepKind
    done_on: date
    days: int


def step_durations(
    session: Session, *, first: date, last: date, organisation_id: int | None = None
) -> list[StepDuration]:
    """Days from intake to each step done between two days; steps taken back do not count.

    For reports: figures only, so it asks no viewer. `organisation_id` narrows to the cases of one
    agency.
    """
    asked = (
        sa.select(
            Case.id, Placement.id, PlacementStep.kind, PlacementStep.done_on, Case.received_on
        )
        .join(Placement, Placement.id == PlacementStep.placement_id)
        .join(Case, Case.id == Placement.case_id)
        .where(
            PlacementStep.returned_at.is_(None),
            PlacementStep.done_on.between(first, last),
        )
        .order_by(PlacementStep.done_on, PlacementStep.id)
    )
    if organisation_id is not None:
        asked = asked.where(Case.organisation_id == organisation_id)
    return [
        StepDuration(case_id, placement_id, kind, done_on, (done_on - received_on).days)
        for case_id, placement_id, kind, done_on, received_on in session.execute(asked)
        if done_on is not None
    ]
