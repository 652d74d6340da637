"""Open requests follow the household: gas opened, an allergy told, somebody able to carry more.

A request keeps a snapshot, so that what was packed can be explained; while nothing has been packed
the snapshot is made anew whenever the food profile changes. Of a packed box only what must not be
eaten is brought up to date: the hand-out looks at it and stops what is not safe any more.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.models import Case
from app.cases.needs.services import food_profile_listeners
from app.foodbank.dwelling.codes import SaidBy
from app.foodbank.dwelling.queries import said_in, said_of
from app.foodbank.models import FoodRequest, RequestState
from app.foodbank.requests.services import snapshot
from app.foodbank.stock import note

MUST_NOT = ("allergies", "forbidden", "chewing")


def renew_requests(session: Session, case: Case, user_id: int) -> None:
    """Bring the open requests of a case up to date with its food profile and its move."""
    for request in _requests(session, case, RequestState.OPEN):
        _renew(session, case, request, user_id)


def renew_unpacked(session: Session, request: FoodRequest, user_id: int) -> None:
    """A request whose box was unpacked is open again: bring it up to date with its case, if any."""
    if request.case_id is not None:
        _renew(session, session.get_one(Case, request.case_id), request, user_id)


def _renew(session: Session, case: Case, request: FoodRequest, user_id: int) -> None:
    said = said_in(request.household)
    if said is not None and said.by is SaidBy.PLACEMENT:  # a person's choice stays
        said = said_of(session, case, request.needed_on)
    fresh = snapshot(session, case, needed_on=request.needed_on, pickup=request.pickup, said=said)
    _put(session, request, fresh, user_id)


def renew_packed(session: Session, case: Case, user_id: int) -> None:
    """Tell what must not be eaten to the requests whose boxes wait to be handed over."""
    for request in _requests(session, case, RequestState.PACKED):
        fresh = snapshot(session, case, needed_on=request.needed_on, pickup=request.pickup)
        told = {name: fresh[name] for name in MUST_NOT}
        _put(session, request, request.household | told, user_id)


def _requests(session: Session, case: Case, state: RequestState) -> Iterator[FoodRequest]:
    find = sa.select(FoodRequest).where(FoodRequest.case_id == case.id, FoodRequest.state == state)
    yield from session.scalars(find).all()


def _put(session: Session, request: FoodRequest, fresh: dict[str, Any], user_id: int) -> None:
    if fresh != request.household:
        request.household = fresh
        session.flush()  # whoever packs or hands it out meanwhile is noticed by the version
        note(session, Deed.CHANGED, "food_request", request.id, user_id, "household")


food_profile_listeners.extend((renew_requests, renew_packed))
