"""The day goods are needed: what a person said, else the day of the keys."""

from collections.abc import Iterable
from datetime import date

from app.goods.models import GoodsNeed
from app.placements.codes import PlacementState, StepKind
from app.placements.models import Placement

RUNNING = (PlacementState.OPEN, PlacementState.MOVED_IN)


def keys_on(placement: Placement | None) -> date | None:
    """The day of the keys: handed over, or else agreed upon; a step taken back does not count."""
    if placement is None:
        return None
    days = [
        step.done_on or step.planned_on
        for step in placement.every_step
        if step.kind is StepKind.KEYS and step.returned_at is None
    ]
    return days[0] if days else None


def has_keys(placement: Placement | None) -> date | None:
    """The day the keys were handed over; None while nobody has them."""
    if placement is None:
        return None
    days = [
        step.done_on
        for step in placement.every_step
        if step.kind is StepKind.KEYS and step.returned_at is None
    ]
    return days[0] if days else None


def current(placements: Iterable[Placement]) -> Placement | None:
    """Which of a case's ways goods are for: a lasting home before a temporary one, newest first."""
    running = [one for one in placements if one.state in RUNNING]
    return max(running, key=lambda one: (not one.temporary, one.id), default=None)


def due_on(need: GoodsNeed, placement: Placement | None) -> date | None:
    """By when a need has to be met; None while nobody knows."""
    return need.needed_on or keys_on(placement)
