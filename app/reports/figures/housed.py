"""Who was looking for a home on a day: conditions on cases, for every figure of those without one.

A temporary stay is no home of one's own: whoever is in a shelter is still looking.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa

from app.cases.closing.models import Closing
from app.cases.models import Case, Outcome
from app.placements.codes import StepKind
from app.placements.models import Placement, PlacementStep

FOUND_A_HOME = (Outcome.SETTLED.value, Outcome.HOUSED.value)


def has_keys(on: date) -> Any:
    """The condition that a household had the keys of a lasting home at the end of a day."""
    keys = sa.exists().where(
        PlacementStep.placement_id == Placement.id,
        PlacementStep.kind == StepKind.KEYS,
        PlacementStep.returned_at.is_(None),
        PlacementStep.done_on <= on,
    )
    return sa.exists().where(
        Placement.case_id == Case.id,
        Placement.temporary.is_(False),
        sa.or_(Placement.moved_in_on <= on, keys),
        sa.or_(Placement.ended_on.is_(None), Placement.ended_on > on),
    )


def closed(on: date, *outcomes: str) -> Any:
    """The condition that a consultation had ended by the end of a day, with one of these outcomes
    where any is named, and was not taken up again by then.
    """
    ended = sa.exists().where(
        Closing.case_id == Case.id,
        Closing.closed_on <= on,
        sa.or_(Closing.reopened_on.is_(None), Closing.reopened_on > on),
    )
    return ended.where(Closing.outcome.in_(outcomes)) if outcomes else ended
