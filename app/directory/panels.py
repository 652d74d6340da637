"""What features above the directory know of its partners; it must not know of them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.policy import Viewer

HomeCounts = Callable[[Session, Collection[int]], Mapping[int, int]]
home_counts: list[HomeCounts] = []


def homes_of(session: Session, partner_ids: Collection[int]) -> dict[int, int]:
    """How many homes each of these partners stands behind."""
    found: dict[int, int] = {}
    for count in home_counts:
        found.update(count(session, partner_ids))
    return found


@dataclass(frozen=True)
class Traffic:
    """How many people were passed on one way, between the viewer's organisations and a partner.

    `count` None says "fewer than may be told", none among them: whoever may not read the sheets
    behind a figure must not learn from 0, 1 or 2 whether somebody was there.
    """

    count: int | None
    first: date | None = None
    last: date | None = None

    @property
    def repeats(self) -> bool:
        """Whether they came again: a repeater (リピーター) has two or more."""
        return self.count is not None and self.count > 1


@dataclass(frozen=True)
class BothWays:
    """What a partner passed on to us, and what we passed on to them."""

    received: Traffic
    sent: Traffic


TrafficCounts = Callable[[Session, Viewer, Collection[int], date], Mapping[int, BothWays]]
traffic_counts: list[TrafficCounts] = []


def traffic_of(
    session: Session, viewer: Viewer, partner_ids: Collection[int], today: date
) -> dict[int, BothWays]:
    """Per partner what went to and fro; empty where no feature counts."""
    found: dict[int, BothWays] = {}
    for count in traffic_counts:
        found.update(count(session, viewer, partner_ids, today))
    return found
