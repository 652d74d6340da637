"""What the way into a home tells those who pack food: the first night, never where it is.

Addresses are told for one thing only: that none of them is written as a hand-over point of a
household whose place is hidden.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from app.foodbank.dwelling.queries import moves
from app.foodbank.requests.services import living_at
from app.foodbank.rounds.renewing import renew_requests
from app.housing.models import Home, Property
from app.placements.codes import PlacementState, StepKind
from app.placements.models import Placement
from app.placements.steps import days_changed

_COUNTS = (StepKind.MOVE_IN, StepKind.KEYS)  # the move itself, else the day of the keys


def first_nights(session: Session, case_id: int) -> Sequence[date | None]:
    """The first night of each way into a home that is open or came to its end."""
    placements = session.scalars(
        sa.select(Placement)
        .where(
            Placement.case_id == case_id,
            Placement.state.in_((PlacementState.OPEN, PlacementState.MOVED_IN)),
        )
        .options(selectinload(Placement.every_step))
        .order_by(Placement.id)
    )
    return [placement.moved_in_on or _planned(placement) for placement in placements]


def homes_of(session: Session, case_id: int) -> Iterator[str]:
    """Address and name of each building a household lives in or is on its way into."""
    rows = session.execute(
        sa.select(Property.address, Property.name)
        .join(Home, Home.property_id == Property.id)
        .join(Placement, Placement.home_id == Home.id)
        .where(
            Placement.case_id == case_id,
            Placement.state.in_((PlacementState.OPEN, PlacementState.MOVED_IN)),
        )
    )
    for row in rows:
        yield from row


def _planned(placement: Placement) -> date | None:
    days = {
        step.kind: step.done_on or step.planned_on
        for step in (*placement.steps, *placement.planned)
    }
    return next((days[kind] for kind in _COUNTS if days.get(kind)), None)


def _renew(session: Session, placement: Placement, user_id: int) -> None:
    """Open requests are asked for anew when the first night is another one, or none after all."""
    renew_requests(session, placement.case, user_id)


moves.append(first_nights)
living_at.append(homes_of)
days_changed.append(_renew)
