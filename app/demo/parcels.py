"""A food bank's day: requests to pack, a box to fetch, and one that was handed out."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.cases.models import Case
from app.db import now
from app.foodbank import proposals, queries
from app.foodbank.models import FoodRequest, Parcel, Pickup
from app.foodbank.parcels import handing_out, packing
from app.foodbank.parcels.packing import Pick
from app.foodbank.requests import services as requests

# Somebody at the table, under the word they want to be called by; no name is asked for.
AT_TABLE = {
    "people": [{"age": 52, "months": None}],
    "allergies": [],
    "equipment": ["hot_water", "potable_water", "can_opener"],
    "forbidden": [],
    "chewing": 0,
    "carry_kg": 5.0,
    "note": None,
}


def add_parcels(
    session: Session, users: Mapping[str, User], cases: Sequence[Case], *, bank: int, today: date
) -> None:
    """Ask for food for the households of the story and somebody at the table; pack some of it."""
    helper, desk = users["shokuryo"], users["soudan"]
    asked = [
        requests.request_for_case(
            session,
            case=case,
            organisation_id=bank,
            days=3,
            needed_on=today,
            pickup=Pickup.COUNTER,
            place="",
            remark="",
            user_id=desk.id,
            today=today,
        )
        for case in cases[:3]
    ]
    asked.append(
        requests.request_at_table(
            session,
            alias="青い傘の人",
            organisation_id=bank,
            days=2,
            needed_on=today,
            pickup=Pickup.COUNTER,
            place="",
            remark="",
            household=AT_TABLE,
            user_id=helper.id,
            today=today,
        )
    )
    handed = _pack(session, asked[3], helper.id, today)
    handing_out.hand_out(
        session,
        parcel=handed,
        left_out=(),
        allergen_sheet=True,
        condition_seen=True,
        remark="",
        user_id=helper.id,
        at=now(),
        today=today,
    )
    _pack(session, asked[2], helper.id, today)


def _pack(session: Session, request: FoodRequest, user_id: int, today: date) -> Parcel:
    balances, lots = queries.stock_for(session, request.organisation_id)
    proposal = proposals.propose(request, balances, lots, today=today)
    chosen = [line.choice for line in proposal.lines]
    picks = [Pick(one.lot_id, one.shelf_id, one.quantity) for one in chosen]
    return packing.pack(
        session, request=request, picks=picks, proposal=proposal, user_id=user_id, today=today
    )
