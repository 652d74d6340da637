"""Reading requests: whose, in which order, and what a consent that has ended still lets be known.

Requests belong to their food bank; one of a case is also for whoever may see the case.
"""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.queries import facts_of, visible_cases
from app.errors import ForbiddenError, NotFoundError
from app.foodbank.models import FoodRequest, RequestState
from app.foodbank.queries import NOT_FOUND
from app.policy import CaseFacts, ConsentItem, RecipientKind, Role, Viewer

CONSENT_ENDED = (
    "この世帯の同意が終わっているため、内容を開けません。依頼した相談員に連絡してください。"
)


def consent_covers(facts: CaseFacts, organisation_id: int, *, today: date) -> bool:
    """Whether a food bank may know a case's food facts: its own case, or by consent in force."""
    if facts.organisation_id == organisation_id:
        return True
    return any(
        grant.recipient is RecipientKind.FOOD_BANK
        and ConsentItem.FOOD_NEEDS in grant.items
        and grant.organisation_id in {None, organisation_id}
        and grant.holds(today)
        for grant in facts.grants
    )


def open_requests(session: Session, viewer: Viewer, *, today: date) -> list[FoodRequest]:
    """Requests to pack, soonest needed first; without those whose consent has ended."""
    found = session.scalars(
        sa.select(FoodRequest)
        .where(
            FoodRequest.state == RequestState.OPEN,
            FoodRequest.organisation_id.in_(viewer.organisations(Role.FOODBANK)),
        )
        .order_by(FoodRequest.needed_on, FoodRequest.id)
    ).all()
    hidden = withheld(session, found, today=today)
    return [request for request in found if request.id not in hidden]


def withheld(session: Session, requests: Iterable[FoodRequest], *, today: date) -> set[int]:
    """Ids of the requests whose food bank may no longer know what they say, for whole lists."""
    asked = [request for request in requests if request.case_id is not None]
    cases = session.scalars(
        sa.select(Case).where(Case.id.in_({request.case_id for request in asked}))
    )
    facts = {case.id: facts_of(case) for case in cases}
    return {
        request.id
        for request in asked
        if request.case_id is not None
        and not consent_covers(facts[request.case_id], request.organisation_id, today=today)
    }


def get_request(
    session: Session, request_id: int, viewer: Viewer, *, today: date, consented: bool = True
) -> FoodRequest:
    """A request to the viewer's own food bank.

    Raises ForbiddenError when it came from another organisation's case and the consent has ended,
    unless `consented` is False (to put back what was packed).
    """
    request = session.get(FoodRequest, request_id)
    if request is None or request.organisation_id not in viewer.organisations(Role.FOODBANK):
        raise NotFoundError(NOT_FOUND)
    if consented and not still_consented(session, request, today=today):
        raise ForbiddenError(CONSENT_ENDED, code="consent_ended")
    return request


def still_consented(session: Session, request: FoodRequest, *, today: date) -> bool:
    """Whether the food bank may still know what the request says of its case."""
    case = session.get(Case, request.case_id) if request.case_id is not None else None
    return case is None or consent_covers(facts_of(case), request.organisation_id, today=today)


def request_of_case(
    session: Session, case_id: int, request_id: int, viewer: Viewer, *, today: date
) -> FoodRequest:
    """A case's request, for whoever may see the case."""
    seen = visible_cases(viewer, today=today).with_only_columns(Case.id)
    request = session.scalar(
        sa.select(FoodRequest).where(
            FoodRequest.id == request_id,
            FoodRequest.case_id == case_id,
            FoodRequest.case_id.in_(seen),
        )
    )
    if request is None:
        raise NotFoundError(NOT_FOUND)
    return request


def requests_of_case(session: Session, case_id: int) -> list[FoodRequest]:
    """A case's requests, newest first; the caller has checked that the viewer may see the case."""
    return list(
        session.scalars(
            sa.select(FoodRequest)
            .where(FoodRequest.case_id == case_id)
            .order_by(FoodRequest.id.desc())
        )
    )
