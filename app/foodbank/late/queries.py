"""Reports of phones that wait for a decision, or had one."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.errors import NotFoundError
from app.foodbank.late.models import LateHandOut
from app.foodbank.models import FoodRequest, Parcel, ParcelLine
from app.policy import Role, Viewer

MOST_SHOWN = 200


def _own(viewer: Viewer) -> sa.Select[LateHandOut]:
    return (
        sa.select(LateHandOut)
        .join(Parcel, Parcel.id == LateHandOut.parcel_id)
        .join(FoodRequest, FoodRequest.id == Parcel.request_id)
        .where(FoodRequest.organisation_id.in_(viewer.organisations(Role.FOODBANK)))
        .options(
            joinedload(LateHandOut.parcel).joinedload(Parcel.request),
            joinedload(LateHandOut.parcel).selectinload(Parcel.lines).selectinload(ParcelLine.lot),
        )
    )


def late_hand_outs(session: Session, viewer: Viewer) -> list[LateHandOut]:
    """Those that wait first, then the newest; to the viewer's own food bank."""
    rows = session.scalars(
        _own(viewer)
        .order_by(LateHandOut.settled_at.is_not(None), LateHandOut.id.desc())
        .limit(MOST_SHOWN)
    ).unique()
    return list(rows)


def waiting(session: Session, viewer: Viewer) -> list[LateHandOut]:
    """Those nobody has decided about, oldest first."""
    rows = session.scalars(
        _own(viewer).where(LateHandOut.settlement.is_(None)).order_by(LateHandOut.id)
    ).unique()
    return list(rows)


def count_waiting(session: Session, viewer: Viewer) -> int:
    """How many wait for somebody's decision."""
    waits = _own(viewer).where(LateHandOut.settlement.is_(None))
    ids = waits.with_only_columns(LateHandOut.id).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(ids)) or 0


def get_late(session: Session, late_id: int, viewer: Viewer) -> LateHandOut:
    """One report to the viewer's own food bank."""
    found = session.scalars(_own(viewer).where(LateHandOut.id == late_id)).unique().one_or_none()
    if found is None:
        raise NotFoundError("このお渡しの記録は見つかりません。一覧から選び直してください。")
    return found


def told_before(
    session: Session, parcel: Parcel, user_id: int, handed_at: datetime
) -> LateHandOut | None:
    """The same report, had it come before."""
    return session.scalar(
        sa.select(LateHandOut).where(
            LateHandOut.parcel_id == parcel.id,
            LateHandOut.user_id == user_id,
            LateHandOut.handed_at == handed_at,
        )
    )
