"""Reading holds and placements. Which household is behind a home is part of the hidden place."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from app.cases.models import Case
from app.cases.queries import access_to, get_case, visible_cases
from app.errors import NotFoundError
from app.placements.models import Hold, Placement, PlacementState
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
        .options(joinedload(Placement.home), selectinload(Placement.steps))
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
