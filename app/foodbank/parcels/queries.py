"""Reading parcels and hand-outs of a food bank, with the same say of consent as their requests."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from app.errors import NotFoundError
from app.foodbank.models import FoodRequest, HandOut, Parcel, ParcelLine, ParcelState
from app.foodbank.queries import NOT_FOUND
from app.foodbank.requests.queries import get_request
from app.policy import Role, Viewer

_PARCEL_PARTS = (
    selectinload(Parcel.lines).selectinload(ParcelLine.lot),
    joinedload(Parcel.request),
)


def get_parcel(
    session: Session, parcel_id: int, viewer: Viewer, *, today: date, consented: bool = True
) -> Parcel:
    """A parcel of the viewer's own food bank, with the same say of consent as its request."""
    parcel = session.scalars(
        sa.select(Parcel).where(Parcel.id == parcel_id).options(*_PARCEL_PARTS)
    ).one_or_none()
    if parcel is None:
        raise NotFoundError(NOT_FOUND)
    get_request(session, parcel.request_id, viewer, today=today, consented=consented)
    return parcel


def parcels_for(session: Session, viewer: Viewer, *, since: date) -> list[Parcel]:
    """Parcels to hand out, soonest first, and those handed out for needs since a day."""
    rows = session.scalars(
        sa.select(Parcel)
        .join(FoodRequest, FoodRequest.id == Parcel.request_id)
        .where(
            FoodRequest.organisation_id.in_(viewer.organisations(Role.FOODBANK)),
            sa.or_(
                Parcel.state == ParcelState.PACKED,
                sa.and_(Parcel.state == ParcelState.HANDED_OUT, FoodRequest.needed_on >= since),
            ),
        )
        .options(*_PARCEL_PARTS)
        .order_by(FoodRequest.needed_on, Parcel.id)
    )
    return list(rows)


def hand_out_of(session: Session, parcel: Parcel) -> HandOut | None:
    """A parcel's one hand-out."""
    return session.scalar(sa.select(HandOut).where(HandOut.parcel_id == parcel.id))


def hand_outs_of_case(session: Session, case_id: int) -> list[tuple[HandOut, Parcel]]:
    """What a case's household has been handed, oldest first."""
    rows = session.execute(
        sa.select(HandOut, Parcel)
        .join(Parcel, Parcel.id == HandOut.parcel_id)
        .join(FoodRequest, FoodRequest.id == Parcel.request_id)
        .where(FoodRequest.case_id == case_id)
        .order_by(HandOut.at)
    )
    return [(row[0], row[1]) for row in rows]
