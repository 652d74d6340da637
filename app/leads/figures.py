"""How far a list is: on it, called, reached, linked.

Definitions. On the list is everybody it names. Called are those rung at least once, reached those
somebody spoke to, whatever they said; linked those whose consultation began. Letters and wrong
numbers count people, not tries. Calls taken back are in no figure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.leads.codes import CallResult, LeadState
from app.leads.models import Lead, LeadAttempt

NO_STATUS = "（空欄）"


@dataclass(frozen=True)
class ListFigures:
    """One line: everybody, or those of one 状況."""

    label: str
    people: int
    no_number: int
    called: int
    reached: int
    linked: int
    declined: int
    letters: int
    wrong: int

    def plain(self) -> dict[str, int]:
        """The counts by name, to be kept when the people are gone."""
        return {name: value for name, value in asdict(self).items() if name != "label"}


COUNTS = ("people", "no_number", "called", "reached", "linked", "declined", "letters", "wrong")


def figures_of(session: Session, list_id: int) -> list[ListFigures]:
    """A line for each 状況 of the list, the most people first."""
    groups = session.execute(
        sa.select(Lead.status, *_tallies()).where(Lead.list_id == list_id).group_by(Lead.status)
    ).all()
    lines = [ListFigures(row[0] or NO_STATUS, *map(int, row[1:])) for row in groups]
    return sorted(lines, key=lambda line: (-line.people, line.label))


def totals_of(session: Session, list_id: int) -> ListFigures:
    """Everybody of one list."""
    return total(figures_of(session, list_id))


def total(lines: Sequence[ListFigures], label: str = "合計") -> ListFigures:
    """The sum of some lines."""
    return ListFigures(label, *(sum(getattr(line, name) for line in lines) for name in COUNTS))


def totals_by_list(session: Session, list_ids: Iterable[int]) -> dict[int, ListFigures]:
    """Everybody of each of several lists, in one statement."""
    groups = session.execute(
        sa.select(Lead.list_id, *_tallies())
        .where(Lead.list_id.in_(list(list_ids)))
        .group_by(Lead.list_id)
    ).all()
    return {row[0]: ListFigures("合計", *map(int, row[1:])) for row in groups}


def _tallies() -> list[sa.ColumnElement[int]]:
    """The counts in the order of `ListFigures`."""
    conditions = (
        sa.true(),
        sa.and_(Lead.phone_digits.is_(None), Lead.new_digits.is_(None)),
        Lead.calls > 0,
        Lead.reached,
        Lead.state == LeadState.LINKED,
        Lead.state == LeadState.DECLINED,
        _had(CallResult.LETTER),
        _had(CallResult.WRONG_NUMBER),
    )
    return [sa.func.sum(sa.case((condition, 1), else_=0)) for condition in conditions]


def _had(result: CallResult) -> sa.ColumnElement[bool]:
    """People with such an attempt that stands."""
    back = sa.orm.aliased(LeadAttempt)
    taken_back = sa.exists().where(back.takes_back_id == LeadAttempt.id)
    return sa.exists().where(
        LeadAttempt.lead_id == Lead.id, LeadAttempt.result == result, sa.not_(taken_back)
    )
