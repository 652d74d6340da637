"""Cases that may be of the person being received, as far as the viewer could find them anyway.

Nothing here reaches further than the search box: a case is compared only by what its viewer may
read of it, so that neither the list nor its absence tells of a case somebody may not see.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.household.models import Phone
from app.cases.household.services import digits_of
from app.cases.models import Case, Member
from app.cases.queries import SeenCase, access_to, named_to, placed_to, visible_cases
from app.japanese import kana_search_key
from app.policy import Viewer

AT_MOST = 10
SHORTEST_KANA = 2
SHORTEST_PHONE = 9


def similar_cases(
    session: Session, viewer: Viewer, intake: Mapping[str, Any], *, today: date
) -> list[SeenCase]:
    """Cases with the same name or reading, number or birth date as this intake; newest first."""
    named, placed = named_to(viewer, today=today), placed_to(viewer, today=today)
    ways = [sa.and_(named, way) for way in _by_person(intake)]
    ways += [sa.and_(placed, way) for way in _by_phone(intake)]
    if not ways:
        return []
    statement = visible_cases(viewer, today=today).where(sa.or_(*ways))
    cases = session.scalars(statement.order_by(Case.id.desc()).limit(AT_MOST)).all()
    return [SeenCase(case, access_to(case, viewer, today=today)) for case in cases]


def _by_person(intake: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
    name, alias = intake.get("name"), intake.get("alias")
    ways: list[sa.ColumnElement[bool]] = []
    if name:
        ways.append(Case.name == name)
    key = kana_search_key(intake.get("kana") or alias or name or "")[:200]
    if len(key) >= SHORTEST_KANA:
        ways.append(Case.kana_key == key)
    born = [row["born_on"] for row in intake.get("members", ()) if row.get("born_on")]
    if born:
        ways.append(sa.exists().where(Member.case_id == Case.id, Member.born_on.in_(born)))
    return ways


def _by_phone(intake: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
    digits = digits_of(intake.get("phone"))
    if digits is None or len(digits) < SHORTEST_PHONE:
        return []
    return [sa.exists().where(Phone.case_id == Case.id, Phone.digits == digits)]
