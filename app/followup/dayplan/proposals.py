"""A day's visits put to the engine: what may stand in an order, and what must not.

A household in hiding is in no order, distance or total, whoever reads: a list of stops is carried
about, and a way between two of them tells where the third one lies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from app.followup.dayplan.codes import Going, Why
from app.followup.dayplan.models import MIDNIGHT, VisitTime
from app.followup.dayplan.schemas import USUAL_MINUTES
from app.followup.models import CheckIn
from app.geocoding import locate
from app.housing.codes import Precision
from app.policy import Protection
from matching.day_route import (
    MOST_STOPS,
    USUAL,
    Day,
    Mode,
    Stop,
    Visit,
    because,
    clock,
    day_route,
)
from matching.goods_items import Place

KNOWN = frozenset({Precision.TOWN, Precision.POSTAL})
LEAVES, UNTIL = time(9), time(17)


@dataclass(frozen=True)
class Planned:
    """A visit in its place of the day."""

    check_in: CheckIn
    visit: Visit
    because: str

    @property
    def arrives(self) -> str:
        """When to begin: at the agreed time, where one has to be waited for."""
        return clock(self.visit.arrives + self.visit.waits)

    @property
    def leaves(self) -> str:
        return clock(self.visit.leaves)


@dataclass(frozen=True)
class Apart:
    """A visit in no order, and why."""

    check_in: CheckIn
    agreed: VisitTime | None
    why: Why


@dataclass(frozen=True)
class DayPlan:
    """A day's visits in order, those apart, and the sum of the way."""

    on: date
    stops: tuple[Planned, ...]
    apart: tuple[Apart, ...]
    metres: int
    late: int
    ends: str
    proved: bool


def propose_day(
    visits: Sequence[tuple[CheckIn, VisitTime | None]],
    *,
    on: date,
    start: tuple[float, float] | None,
    going: Going,
    leaves: time | None = None,
    until: time | None = None,
) -> DayPlan:
    """Put a day's visits, the most urgent first, in an order.

    `start` is latitude and longitude; None begins at the first visit itself.
    """
    by_id = {check_in.id: check_in for check_in, _ in visits}
    stops: list[Stop] = []
    apart: list[Apart] = []
    for check_in, agreed in visits:
        why = _why_apart(check_in, agreed, on, len(stops))
        if why is None:
            stops.append(_stop(check_in, agreed))
        else:
            apart.append(Apart(check_in, agreed, why))
    first = minute(leaves or LEAVES)
    day = Day(
        start=Place(*start) if start else None,
        leaves=first,
        until=max(minute(until or UNTIL), first + 1),
        travel=USUAL[Mode(going.value)],
    )
    found = day_route(stops, day)
    agreed_on = {stop.stop_id: stop for stop in stops}
    return DayPlan(
        on=on,
        stops=tuple(
            Planned(by_id[one.stop_id], one, because(agreed_on[one.stop_id], one))
            for one in found.visits
        ),
        apart=tuple(apart),
        metres=found.metres,
        late=found.late,
        ends=clock(found.ends),
        proved=found.proved,
    )


def _why_apart(check_in: CheckIn, agreed: VisitTime | None, on: date, many: int) -> Why | None:
    placement = check_in.plan.placement
    if placement.case.protection is not Protection.NO:
        return Why.HIDDEN
    if agreed is not None and agreed.on != on:
        return Why.OTHER_DAY
    if _place(check_in) is None:
        return Why.NO_POINT
    return Why.TOO_MANY if many >= MOST_STOPS else None


def _place(check_in: CheckIn) -> Place | None:
    """The middle of the home's town; wider than that is no help for an order."""
    lies = check_in.plan.placement.home.property
    if lies.precision not in KNOWN or lies.latitude is None or lies.longitude is None:
        return None
    return Place(lies.latitude, lies.longitude, precise=False)


def _stop(check_in: CheckIn, agreed: VisitTime | None) -> Stop:
    if agreed is None:
        return Stop(stop_id=check_in.id, place=_place(check_in), minutes=USUAL_MINUTES)
    return Stop(
        stop_id=check_in.id,
        place=_place(check_in),
        minutes=agreed.minutes,
        opens=agreed.opens,
        closes=agreed.closes,
    )


def minute(at: time) -> int:
    """Minutes after midnight."""
    return at.hour * 60 + at.minute


def hour(at: int | None) -> time | None:
    """A time of day from minutes after midnight."""
    return None if at is None or not 0 <= at < MIDNIGHT else time(at // 60, at % 60)


def middle_of(prefecture: str, municipality: str) -> tuple[float, float] | None:
    """The middle of the town an office works in, as nothing nearer is known of it."""
    place = locate(municipality, prefecture=prefecture)
    return None if place is None else (place.latitude, place.longitude)
