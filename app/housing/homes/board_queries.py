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

SHOWN = 8
MOST_ON_THE_MAP = 500
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


def by_place(
    session: Session, asked: Mapping[str, Any], *, today: date
) -> tuple[list[list[Home]], int, int]:
    """Open homes by the point they are shown at, the cheapest first; how many homes match, and
    how many of them have no place on the map.

    Addresses are known to the town, so the homes of a town share one point and one pin.
    """
    where = [*conditions(asked, today), Home.state.in_(ON_THE_MAP)]
    placed = Property.latitude.is_not(None)
    total, nowhere = session.execute(
        sa.select(sa.func.count(), sa.func.count(sa.case((~placed, 1))))
        .select_from(Home)
        .join(Home.property)
        .where(*where)
    ).one()
    homes = session.scalars(
        sa.select(Home)
        .join(Home.property)
        .where(*where, placed)
        .options(joinedload(Home.agent))
        .order_by(sa.func.coalesce(Home.rent, 0), Home.id)
        .limit(MOST_ON_THE_MAP)
    )
    grouped: dict[tuple[float | None, float | None], list[Home]] = defaultdict(list)
    for home in homes:
        grouped[home.property.latitude, home.property.longitude].append(home)
    return list(grouped.values()), total, nowhere
