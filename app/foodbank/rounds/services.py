"""Packing a day's boxes: each for itself through the guarded ledger, all in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.errors import ConflictError, InvalidError
from app.foodbank.models import FoodRequest, Parcel
from app.foodbank.parcels import packing
from app.foodbank.parcels.packing import Pick
from app.foodbank.proposals import Proposal


@dataclass(frozen=True)
class Problem:
    """A box that could not be packed; its request is proposed again from the stock there is."""

    request_id: int
    number: str
    code: str
    message: str


def pack_round(
    session: Session,
    *,
    wanted: Sequence[tuple[FoodRequest, Proposal]],
    picks: Mapping[int, Sequence[Pick]],
    user_id: int,
    today: date,
) -> tuple[list[Parcel], list[Problem]]:
    """Pack every request's picks (by request id); what fails is told and changes nothing.

    A savepoint a box: where somebody took the last of something, only that box is missing.
    """
    packed, problems = [], []
    for request, proposal in wanted:
        number, request_id = request.number, request.id
        try:
            with session.begin_nested():
                parcel = packing.pack(
                    session,
                    request=request,
                    picks=picks[request_id],
                    proposal=proposal,
                    user_id=user_id,
                    today=today,
                )
        except (ConflictError, InvalidError) as error:
            problems.append(Problem(request_id, number, error.code, error.message))
        else:
            packed.append(parcel)
    return packed, problems
