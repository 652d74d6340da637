"""Reading all homes at once, for the board and the map."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.housing.codes import HomeState
from app.housing.homes.queries import conditions
from app.housing.models import Home, Property

SHOWN = 12
MOST_BUILDINGS = 300
ON_THE_MAP = (HomeState.VACANT, HomeState.HELD, HomeState.VIEWING)


def board(session: Session) -> tuple[Mapping[HomeState, Sequence[Home]], Mapping[HomeState, int]]:
    """The first homes of each state and how many there are: left out of a list and longest
    unconfirmed first.
    """
    place = sa.func.row_number().over(
        partition_by=Home.state,
        order_by=(
            Home.missing_since.is_(None),
            sa.func.coalesce(Home.confirmed_on, date(1900, 1, 1)),
            Home.id,
        ),
    )
    ranked = sa.select(Home.id, place.label("place")).subquery()
    homes = session.scalars(
        sa.select(Home)
        .join(ranked, ranked.c.id == Home.id)
        .where(ranked.c.place <= SHOWN)
        .options(joinedload(Home.agent))
        .order_by(ranked.c.place)
    )
    columns: dict[HomeState, list[Home]] = defaultdict(list)
    for home in homes:
        columns[home.state].append(home)
    counted = session.execute(sa.select(Home.state, sa.func.count()).group_by(Home.state))
    return columns, {row[0]: row[1] for row in counted}


def buildings(
    session: Session, asked: Mapping[str, Any], *, today: date
) -> tuple[list[list[Home]], int]:
    """Open homes by building, cheapest first, and how many have no place on the map."""
    where = [*conditions(asked, today), Home.state.in_(ON_THE_MAP)]
    placed = Property.latitude.is_not(None)
    left_out = session.scalar(
        sa.select(sa.func.count()).select_from(Home).join(Home.property).where(*where, ~placed)
    )
    cheapest = (
        sa.select(Home.property_id, sa.func.min(sa.func.coalesce(Home.rent, 0)).label("rent"))
        .join(Home.property)
        .where(*where, placed)
        .group_by(Home.property_id)
        .order_by(sa.literal_column("rent"), Home.property_id)
        .limit(MOST_BUILDINGS)
        .subquery()
    )
    homes = session.scalars(
        sa.select(Home)
        .join(Home.property)
        .join(cheapest, cheapest.c.property_id == Home.property_id)
        .where(*where)
        .options(joinedload(Home.agent))
        .order_by(cheapest.c.rent, Home.property_id, Home.room, Home.id)
    )
    grouped: dict[int, list[Home]] = defaultdict(list)
    for home in homes:
        grouped[home.property_id].append(home)
    return list(grouped.values()), left_out or 0
