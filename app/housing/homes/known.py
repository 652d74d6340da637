"""Finding what is registered already while somebody types it, in whatever spelling."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.housing.homes.keys import home_key
from app.housing.models import Home, Property
from app.japanese import room_key, spelling_key

SHORTEST = 2
"""Fewer signs than this are in every name."""


def similar_properties(
    session: Session,
    *,
    building: str = "",
    address: str = "",
    municipality: str = "",
    most: int = 6,
) -> Sequence[Property]:
    """Buildings that may be the one being typed, the likeliest first.

    Name and address are compared by their spelling keys, in Python: no database folds ㍿, ｺｰﾎﾟ,
    髙 and ４丁目 alike, and a council's few thousand buildings are read in milliseconds.
    """
    name = spelling_key(building)
    street = spelling_key(home_key(address, "", "", municipality=municipality).street)
    ranked: list[tuple[int, str, int]] = []
    for number, key in session.execute(sa.select(Property.id, Property.key)):
        _town, _, rest = key.partition("|")
        its_street, _, its_name = (spelling_key(part) for part in rest.partition("|"))
        alike = _alike(name, its_name) + _alike(street, its_street)
        if alike:
            ranked.append((-alike, its_name, number))
    chosen = [number for _, _, number in sorted(ranked)[:most]]
    found = session.scalars(sa.select(Property).where(Property.id.in_(chosen))).all()
    return sorted(found, key=lambda place: chosen.index(place.id))


def _alike(typed: str, known: str) -> int:
    """2 for the same, 1 for a part of it, 0 for something else."""
    if len(typed) < SHORTEST or not known:
        return 0
    return 2 if typed == known else 1 if typed in known or known in typed else 0


def home_with_room(session: Session, *, place: Property, room: str) -> Home | None:
    """The home of a building with this room, whether one types 101, １０１ or 101号室."""
    wanted = room_key(room)
    homes = session.scalars(sa.select(Home).where(Home.property_id == place.id))
    return next((home for home in homes if wanted and room_key(home.room) == wanted), None)


def last_home(session: Session, place: Property) -> Home | None:
    """The newest home of a building: its conditions are offered for the next."""
    return session.scalar(
        sa.select(Home)
        .where(Home.property_id == place.id)
        .options(joinedload(Home.agent))
        .order_by(Home.id.desc())
        .limit(1)
    )
