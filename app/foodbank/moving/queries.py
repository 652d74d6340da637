"""What was handed out in a parcel and may still come back."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.foodbank.models import Balance, Lot, Movement, MovementKind, Parcel

# What left the shelves with a parcel: taken when it was packed (or booked late, after it had been
# unpacked in the books), less what was put back.
_WITH_PARCEL = (
    MovementKind.PACKED,
    MovementKind.UNPACKED,
    MovementKind.HANDED_OUT,
    MovementKind.RETURNED,
)


@dataclass(frozen=True)
class Handed:
    """A lot of a parcel that is out there, the shelf it was taken from, and how many are out."""

    lot: Lot
    shelf_id: int
    out: int


def still_out(session: Session, parcel: Parcel) -> list[Handed]:
    """What a household holds of a parcel by the books, by name."""
    rows = session.execute(
        sa.select(Movement.lot_id, sa.func.min(Movement.shelf_id), -sa.func.sum(Movement.quantity))
        .where(Movement.parcel_id == parcel.id, Movement.kind.in_(_WITH_PARCEL))
        .group_by(Movement.lot_id)
        .having(sa.func.sum(Movement.quantity) < 0)
    ).all()
    lots = session.scalars(sa.select(Lot).where(Lot.id.in_([row[0] for row in rows]))).unique()
    by_id = {lot.id: lot for lot in lots}
    found = [Handed(by_id[lot_id], shelf_id, int(out)) for lot_id, shelf_id, out in rows]
    return sorted(found, key=lambda one: (one.lot.item.name, one.lot.id))


def lies_on(session: Session, lot_id: int) -> dict[int, int]:
    """How many of a lot lie on which shelf now, by the shelf's id."""
    rows = session.execute(
        sa.select(Balance.shelf_id, Balance.quantity).where(
            Balance.lot_id == lot_id, Balance.quantity > 0
        )
    )
    return {row[0]: row[1] for row in rows}


def events_so_far(session: Session, lot_id: int, *kinds: MovementKind) -> int:
    """How many movements of these kinds a lot has had: it numbers the next one under its lock."""
    return session.scalars(
        sa.select(sa.func.count())
        .select_from(Movement)
        .where(Movement.lot_id == lot_id, Movement.kind.in_(kinds))
    ).one()
