"""Open requests follow the household: gas opened, an allergy told, somebody able to carry more.

A request keeps a snapshot, so that what was packed can be explained; while nothing has been packed
the snapshot is made anew whenever the food profile changes. Packed boxes stay as they are: what is
not safe any more is stopped at the hand-out by the household's own rules.
"""

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


def renew_requests(session: Session, case: Case, user_id: int) -> None:
    """Bring the open requests of a case up to date with its food profile and its move."""
    waiting = session.scalars(
        sa.select(FoodRequest).where(
            FoodRequest.case_id == case.id, FoodRequest.state == RequestState.OPEN
        )
    )
    for request in waiting:
        said = said_in(request.household)
        if said is not None and said.by is SaidBy.PLACEMENT:  # a person's choice stays
            said = said_of(session, case, request.needed_on)
        fresh = snapshot(
            session, case, needed_on=request.needed_on, pickup=request.pickup, said=said
        )
        if fresh != request.household:
            request.household = fresh
            session.flush()  # whoever packs it meanwhile is noticed by the version
            note(session, Deed.CHANGED, "food_request", request.id, user_id, "household")


food_profile_listeners.append(renew_requests)
