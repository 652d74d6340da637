"""Reading where food came from and where it went."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from app.foodbank.kits.models import KitBuild, KitPart
from app.foodbank.models import (
    FoodRequest,
    HandOut,
    Lot,
    Movement,
    MovementKind,
    Parcel,
    ParcelLine,
    ParcelState,
)
from app.foodbank.tracing.codes import Condition
from app.policy import Role, Viewer


def made_from(session: Session, lot_ids: Collection[int]) -> set[int]:
    """These lots and the kits made from them, and from those in turn."""
    known, fresh = set(lot_ids), set(lot_ids)
    while fresh:
        kits = (
            sa.select(KitBuild.lot_id)
            .join(KitPart, KitPart.build_id == KitBuild.id)
            .where(KitPart.lot_id.in_(fresh))
        )
        made = set(session.scalars(kits))
        fresh = made - known
        known |= fresh
    return known


def came_in(session: Session, lot_ids: Collection[int]) -> dict[int, int]:
    """How many units of each lot came in, corrections of the receipt counted."""
    undone = sa.select(Movement.reverses_id).where(Movement.reverses_id.is_not(None))
    rows = session.execute(
        sa.select(Movement.lot_id, sa.func.sum(Movement.quantity))
        .where(
            Movement.lot_id.in_(lot_ids),
            Movement.kind == MovementKind.RECEIPT,
            Movement.id.not_in(undone),
        )
        .group_by(Movement.lot_id)
    )
    return {lot_id: int(total) for lot_id, total in rows}


# -------------------------------------------------------------------------- from lot to people


@dataclass(frozen=True)
class Went:
    """So much of a lot in a parcel: when and in what condition it went, or that it waits."""

    parcel: Parcel
    quantity: int
    left: bool  # left at the table and back on its shelf
    condition: Condition | None
    hand_out: HandOut | None


def went_to(session: Session, lot_id: int) -> list[Went]:
    """Every live parcel with some of a lot, newest first."""
    rows = session.execute(
        sa.select(ParcelLine, Parcel, HandOut)
        .join(Parcel, Parcel.id == ParcelLine.parcel_id)
        .outerjoin(HandOut, HandOut.parcel_id == Parcel.id)
        .where(ParcelLine.lot_id == lot_id, Parcel.state != ParcelState.CANCELLED)
        .options(joinedload(Parcel.request))
        .order_by(Parcel.id.desc(), ParcelLine.position)
    )
    return [
        Went(
            parcel=parcel,
            quantity=line.quantity,
            left=hand_out is not None and line.id in hand_out.left_out,
            condition=line.condition_seen,
            hand_out=hand_out,
        )
        for line, parcel, hand_out in rows
    ]


def sums_by_kind(session: Session, lot_ids: Collection[int]) -> dict[int, dict[MovementKind, int]]:
    """For each lot how much moved in all, by kind of movement."""
    rows = session.execute(
        sa.select(Movement.lot_id, Movement.kind, sa.func.sum(Movement.quantity))
        .where(Movement.lot_id.in_(lot_ids))
        .group_by(Movement.lot_id, Movement.kind)
    )
    found: dict[int, dict[MovementKind, int]] = {}
    for lot_id, kind, total in rows:
        found.setdefault(lot_id, {})[kind] = int(total)
    return found


# -------------------------------------------------------------------------- from people to lots


def parcels_with_lots(
    session: Session, viewer: Viewer, words: str, *, most: int = 50
) -> list[Parcel]:
    """The viewer's food banks' parcels by their number, their request's, or the name on it."""
    text = words.strip()
    found = sa.or_(
        Parcel.number == text.upper(), FoodRequest.number == text.upper(),
        FoodRequest.code_name == text,
    )  # fmt: skip
    return list(
        session.scalars(
            with_lots()
            .join(FoodRequest, FoodRequest.id == Parcel.request_id)
            .where(
                FoodRequest.organisation_id.in_(viewer.organisations(Role.FOODBANK)),
                Parcel.state != ParcelState.CANCELLED,
                found,
            )
            .order_by(Parcel.id.desc())
            .limit(most)
        )
    )


def parcels_of_case(session: Session, case_id: int) -> list[Parcel]:
    """What a case's household was handed, newest first; the caller has asked policy."""
    return list(
        session.scalars(
            with_lots()
            .join(FoodRequest, FoodRequest.id == Parcel.request_id)
            .where(FoodRequest.case_id == case_id, Parcel.state == ParcelState.HANDED_OUT)
            .order_by(Parcel.id.desc())
        )
    )


def with_lots() -> sa.Select[Parcel]:
    """Parcels with their lines, the lots and who gave them."""
    return sa.select(Parcel).options(
        joinedload(Parcel.request),
        selectinload(Parcel.lines).selectinload(ParcelLine.lot).selectinload(Lot.donor),
    )


def hand_outs(session: Session, parcel_ids: Collection[int]) -> dict[int, HandOut]:
    """The one hand-out of each parcel that had one."""
    rows = session.scalars(sa.select(HandOut).where(HandOut.parcel_id.in_(parcel_ids)))
    return {one.parcel_id: one for one in rows}
