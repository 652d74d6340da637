"""Reading homes: lists with their filters, one home with its sources, and what has to be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.errors import NotFoundError
from app.housing.codes import HomeState
from app.housing.lists.models import CouncilListImport, CouncilListRow, ImportState
from app.housing.models import Home, Property
from app.japanese import building_key, narrow

PER_PAGE = 50
ASK_AFTER = timedelta(days=30)
NOT_FOUND = "この住戸は見つかりません。一覧から選び直してください。"


@dataclass(frozen=True)
class HomePage:
    """Some homes of a list, how many there are, and how many in each state."""

    homes: Sequence[Home]
    total: int
    page: int
    states: Mapping[HomeState, int]

    @property
    def first(self) -> int:
        return (self.page - 1) * PER_PAGE + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.page * PER_PAGE, self.total)


def get_home(session: Session, home_id: int) -> Home:
    """A home with its building. Raises NotFoundError."""
    home = session.get(Home, home_id, options=[joinedload(Home.agent), joinedload(Home.landlord)])
    if home is None:
        raise NotFoundError(NOT_FOUND)
    return home


def search_homes(
    session: Session, asked: Mapping[str, Any], *, today: date, per_page: int = PER_PAGE
) -> HomePage:
    """One page of the homes that match; counts per state ignore the state chosen."""
    where = conditions(asked, today)
    counted = session.execute(
        sa.select(Home.state, sa.func.count())
        .join(Home.property)
        .where(*where)
        .group_by(Home.state)
    )
    states = {row[0]: row[1] for row in counted}
    state = asked.get("state")
    if state is not None:
        where.append(Home.state == state)
    total = sum(states.values()) if state is None else states.get(state, 0)
    page = max(1, min(asked.get("page", 1), -(-total // per_page)))
    homes = session.scalars(
        sa.select(Home)
        .join(Home.property)
        .where(*where)
        .options(joinedload(Home.agent))
        .order_by(*_order(asked.get("sort", "fresh")), Home.id)
        .offset((page - 1) * per_page)
        .limit(per_page)
    )
    return HomePage(homes.all(), total, page, states)


def conditions(asked: Mapping[str, Any], today: date) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = [_matching(word) for word in asked["words"].split()]
    if asked["municipality"]:
        where.append(Property.municipality.contains(asked["municipality"], autoescape=True))
    if asked["max_rent"] is not None:
        where.append(Home.rent <= asked["max_rent"])
    if asked["layout"]:
        layout = narrow(asked["layout"]).replace(" ", "").upper()
        where.append(Home.layout.startswith(layout, autoescape=True))
    if asked["to_confirm"]:
        where.append(to_confirm(today))
    return where


def _matching(word: str) -> sa.ColumnElement[bool]:
    columns = (Property.name, Property.address, Property.station, Home.room)
    ways = [column.icontains(word, autoescape=True) for column in columns]
    key = building_key(word)
    return sa.or_(*ways, Home.key.contains(key, autoescape=True)) if key else sa.or_(*ways)


def to_confirm(today: date) -> sa.ColumnElement[bool]:
    """Vacancies nobody confirmed for a month, or that a newer list leaves out."""
    return sa.and_(
        Home.state == HomeState.VACANT,
        sa.or_(
            Home.confirmed_on.is_(None),
            Home.confirmed_on < today - ASK_AFTER,
            Home.missing_since.is_not(None),
        ),
    )


def _order(sort: str) -> tuple[sa.ColumnElement[Any], ...]:
    orders: dict[str, tuple[sa.ColumnElement[Any], ...]] = {
        "fresh": (Home.missing_since.is_not(None), Home.confirmed_on.desc().nulls_last()),
        "rent": (Home.rent.asc().nulls_last(),),
        "area": (Home.area.desc().nulls_last(),),
        "walk": (Property.walk_minutes.asc().nulls_last(),),
        "name": (sa.func.lower(Property.name), sa.func.lower(Home.room)),
    }
    return orders[sort]


def all_homes(session: Session, asked: Mapping[str, Any], *, today: date) -> Sequence[Home]:
    """Every home that matches, for a file."""
    page = search_homes(session, {**asked, "page": 1}, today=today, per_page=20_000)
    return page.homes


def last_listing(session: Session, home_id: int) -> tuple[CouncilListRow, CouncilListImport] | None:
    """The newest row of a list taken in that speaks of this home, as it was typed."""
    found = session.execute(
        sa.select(CouncilListRow, CouncilListImport)
        .join(CouncilListImport, CouncilListImport.id == CouncilListRow.import_id)
        .where(CouncilListRow.home_id == home_id, CouncilListImport.state == ImportState.TAKEN_IN)
        .order_by(CouncilListImport.taken_in_at.desc(), CouncilListRow.row_number)
        .limit(1)
    ).first()
    return None if found is None else (found[0], found[1])
