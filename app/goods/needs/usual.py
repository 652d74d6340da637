"""Which lines of the usual list are for a household, and how many of each.

Only recorded facts count: what nobody knows of a household proposes nothing, and what it has a
need for already, open or not, is not proposed again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.goods.codes import ForWhom
from app.goods.models import GoodsNeed, UsualNeed

MOST_PEOPLE = 12


@dataclass(frozen=True)
class Proposed:
    """A line of the list for one household, and of how many it makes a need."""

    line: UsualNeed
    count: int


def usual_lines(session: Session, *, retired: bool = False) -> Sequence[UsualNeed]:
    """The list in its order."""
    find = sa.select(UsualNeed).order_by(UsualNeed.position, UsualNeed.id)
    return session.scalars(find if retired else find.where(UsualNeed.active)).all()


def kinds_of_household(case: Case, *, today: date) -> frozenset[ForWhom]:
    """What kinds of household this one is, as far as its record says."""
    living = case.living_together
    people = case.household_size or len(living) or None
    ages = [age for member in living if (age := member.age_at(today)) is not None]
    kinds = {ForWhom.EVERYBODY}
    if people is not None:
        kinds.add({1: ForWhom.SINGLE, 2: ForWhom.COUPLE}.get(people, ForWhom.FAMILY))
    if any(age < 3 for age in ages):
        kinds.add(ForWhom.INFANT)
    if any(6 <= age <= 15 for age in ages):
        kinds.add(ForWhom.SCHOOL_CHILD)
    if any(age >= 65 for age in ages):
        kinds.add(ForWhom.ELDER)
    return frozenset(kinds)


def proposed_for(
    session: Session, case: Case, needs: Iterable[GoodsNeed], *, today: date
) -> list[Proposed]:
    """The lines a household has no need of yet, each kind once: the more pressing line stands."""
    kinds = kinds_of_household(case, today=today)
    there = {need.kind for need in needs}
    people = min(case.household_size or len(case.living_together) or 1, MOST_PEOPLE)
    found: dict[str, Proposed] = {}
    for line in usual_lines(session):
        if line.for_whom not in kinds or line.kind in there:
            continue
        if line.kind in found and found[line.kind].line.importance <= line.importance:
            continue
        found[line.kind] = Proposed(line, people if line.per_person else 1)
    return list(found.values())
