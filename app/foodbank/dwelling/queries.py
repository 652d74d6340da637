"""What a case's way into a home says of the day a parcel is eaten on.

Placements lie above this feature: they tell their days through `moves`. Gas is opened with
somebody there, at the earliest on the day of the keys, so nothing is taken to run on the first
night; what was written down of the former kitchen says nothing of the new one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry, Deed
from app.cases.models import Case
from app.db import JAPAN
from app.foodbank.codes import Equipment
from app.foodbank.dwelling.codes import Dwelling, SaidBy

# Every current way of a case into a home: its first night, None while that is not settled.
FirstNights = Callable[[Session, int], Sequence[date | None]]
moves: list[FirstNights] = []

SETTLING = timedelta(days=14)  # after so long a household has a kitchen somebody wrote down
BROUGHT_ALONG = (Equipment.CAN_OPENER,)


@dataclass(frozen=True)
class Said:
    """A stage, and whether the dates or a person say so."""

    stage: Dwelling
    by: SaidBy


def said_of(session: Session, case: Case, day: date) -> Said | None:
    """What the placements' dates say of a day; None where they say nothing."""
    nights = [night for told in moves for night in told(session, case.id)]
    stage = stage_on(nights, day, written=written_on(session, case)) if nights else None
    return None if stage is None else Said(stage, SaidBy.PLACEMENT)


def written_on(session: Session, case: Case) -> date | None:
    """The day what can be cooked with was last looked at, by the log of deeds; None for never."""
    profile = case.food_profile
    if profile is None:
        return None
    last = session.scalar(
        sa.select(sa.func.max(AuditEntry.id)).where(
            AuditEntry.record_kind == "food_profile",
            AuditEntry.record_id == profile.id,
            AuditEntry.deed.in_((Deed.CREATED, Deed.CHANGED)),
        )
    )
    at = profile.created_at if last is None else session.get_one(AuditEntry, last).created_at
    return at.astimezone(JAPAN).date()


def stage_on(nights: Sequence[date | None], day: date, *, written: date | None) -> Dwelling | None:
    """The stage on a day; `written` is when what can be cooked with was last written down.

    Examples
    --------
    >>> keys = date(2026, 11, 21)
    >>> [stage_on([keys], date(2026, 11, day), written=None) for day in (20, 21)]
    [<Dwelling.BEFORE_MOVE_IN: 'before_move_in'>, <Dwelling.FIRST_NIGHT: 'first_night'>]
    """
    if not nights:
        return None
    begun = [night for night in nights if night is not None and night <= day]
    if not begun:
        return Dwelling.BEFORE_MOVE_IN
    night = max(begun)
    if written is not None and written > night:
        return Dwelling.GAS_OPENED
    return Dwelling.FIRST_NIGHT if day - night < SETTLING else None


def runs_on(said: Said | None, equipment: Iterable[str]) -> list[str]:
    """What can be used on the day, of what is written down: on the first night nothing installed.

    A stage never adds to what somebody wrote down.
    """
    if said is None or said.stage is not Dwelling.FIRST_NIGHT:
        return list(equipment)
    return [thing for thing in equipment if thing in BROUGHT_ALONG]


def said_in(household: dict[str, object]) -> Said | None:
    """What a request's snapshot keeps of it."""
    kept = household.get("dwelling")
    if not isinstance(kept, dict):
        return None
    return Said(Dwelling(kept["stage"]), SaidBy(kept["by"]))
