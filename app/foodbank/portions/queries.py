"""What stayed of a parcel that was handed over, how much of each line, why, and where it is."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.foodbank.models import Movement, MovementKind, Parcel
from app.foodbank.parcels.packing import packed_key


@dataclass(frozen=True)
class Stayed:
    """So much of a line did not go along; `thrown` when it was not fit for a shelf."""

    name: str
    quantity: int
    shelf: str
    why: str
    thrown: bool


def stayed_of(session: Session, parcel: Parcel, left_out: Collection[int]) -> list[Stayed]:
    """What stayed of each line, in the parcel's order; `left_out` are lines that stayed wholly."""
    rows = session.scalars(
        sa.select(Movement).where(
            Movement.lot_id.in_([line.lot_id for line in parcel.lines]),
            sa.or_(
                sa.and_(Movement.parcel_id == parcel.id, Movement.kind == MovementKind.UNPACKED),
                Movement.key.in_([thrown_key(parcel.id, x.position) for x in parcel.lines]),
            ),
        )
    ).all()
    keys = {movement.key: movement for movement in rows}
    back = {(one.lot_id, one.shelf_id): one for one in rows if one.kind is MovementKind.UNPACKED}
    found = []
    for line in parcel.lines:
        part = keys.get(stayed_key(parcel.id, line.position))
        if line.id in left_out:
            put_back = back.get((line.lot_id, line.shelf_id))
            quantity, why = line.quantity, (put_back.reason if put_back else None) or ""
        elif part is not None:
            quantity, why = part.quantity, part.reason or ""
        else:
            continue
        thrown = thrown_key(parcel.id, line.position) in keys
        found.append(Stayed(line.lot.item.name, quantity, line.shelf.code, why, thrown))
    return found


def stayed_key(parcel_id: int, position: int) -> str:
    """The name of the event that part of a line stayed."""
    return f"{packed_key(parcel_id, position)}:stayed"


def thrown_key(parcel_id: int, position: int) -> str:
    """The name of the event that what stayed of a line was thrown away."""
    return f"{packed_key(parcel_id, position)}:thrown"
