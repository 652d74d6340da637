"""The requests of a round, and the boxes it left to label."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.foodbank.models import FoodRequest, Parcel, ParcelState
from app.foodbank.parcels import queries as parcel_queries
from app.foodbank.requests import queries as request_queries
from app.policy import Viewer


def requests_of_round(
    session: Session,
    viewer: Viewer,
    organisation_id: int,
    *,
    until: date,
    aside: Collection[int],
    today: date,
) -> tuple[list[FoodRequest], list[FoodRequest]]:
    """Open requests needed until a day, and those of them set aside; soonest first.

    None whose consent has ended: they are in no list and no count.
    """
    due = [
        request
        for request in request_queries.open_requests(session, viewer, today=today)
        if request.organisation_id == organisation_id and request.needed_on <= until
    ]
    return (
        [request for request in due if request.id not in aside],
        [request for request in due if request.id in aside],
    )


def days_asked_for(
    session: Session, viewer: Viewer, organisation_id: int, *, today: date
) -> list[tuple[date, int]]:
    """Each day something is needed on, with how many are due by then; the late are today's."""
    counts = Counter(
        max(request.needed_on, today)
        for request in request_queries.open_requests(session, viewer, today=today)
        if request.organisation_id == organisation_id
    )
    found, total = [], 0
    for day in sorted({*counts, today}):
        total += counts[day]
        found.append((day, total))
    return found


def boxes_until(session: Session, viewer: Viewer, *, until: date, today: date) -> Sequence[Parcel]:
    """Packed boxes that wait to be handed out until a day; none whose consent has ended."""
    parcels = parcel_queries.parcels_for(session, viewer, since=today)
    hidden = request_queries.withheld(session, [parcel.request for parcel in parcels], today=today)
    return [
        parcel
        for parcel in parcels
        if parcel.state is ParcelState.PACKED
        and parcel.request.needed_on <= until
        and parcel.request_id not in hidden
    ]
