"""The list of cases: filtered and sorted only by what every reader of the list may see.

Sorting or filtering by a hidden value would tell it, so the name, its reading, the address and
whether somebody is protected are not among the keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from marshmallow import fields
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.cases.models import (
    STAGE_LABELS,
    Case,
    Stage,
)
from app.cases.queries import (
    access_to,
    open_cases,
    visible_cases,
)
from app.cases.records import case_title, shown_case
from app.cases.work.models import TeamMember
from app.forms import BaseSchema, Code, Line, Whole
from app.policy import Access, Presented, Protection, Viewer

PER_PAGE = 50
EXPORT_AT_MOST = 5000
LEAVE_BY_CHOICES = (("7", "7日以内・過ぎた"), ("30", "30日以内・過ぎた"), ("none", "期限なし"))

_STAGE_ORDER = sa.case({stage.value: i for i, stage in enumerate(Stage)}, value=Case.stage)
SORTS: Mapping[str, tuple[Any, ...]] = {
    "number": (sa.func.length(Case.number), Case.number),
    "leave_by": (Case.leave_by,),
    "stage": (_STAGE_ORDER,),
    "household_size": (Case.household_size,),
}


class CaseFilterSchema(BaseSchema):
    """What narrows the list, from the address bar; anything unreadable is simply not applied."""

    stage = Code(Stage, STAGE_LABELS, load_default=None, metadata={"label": "段階"})
    whose = Line(
        longest=10,
        load_default="",
        metadata={"label": "担当", "kind": "select", "choices": [("mine", "自分の担当だけ")]},
    )
    leave_by = Line(
        longest=10,
        load_default="",
        metadata={"label": "退去の期限", "kind": "select", "choices": list(LEAVE_BY_CHOICES)},
    )
    closed = fields.Boolean(load_default=False, metadata={"label": "終結した相談も"})
    sort = Line(longest=20, load_default="", metadata={"label": "並び"})
    page = Whole(least=1, most=100_000, load_default=1, metadata={"label": "ページ"})


@dataclass(frozen=True)
class CaseRow:
    """One line of the list, already passed through policy."""

    shown: Presented
    access: Access
    team: tuple[str, ...]


def listed(viewer: Viewer, chosen: Mapping[str, Any], *, today: date) -> sa.Select[Case]:
    """The viewer's cases as chosen, in the chosen order."""
    statement = visible_cases(viewer, today=today)
    stage = chosen.get("stage")
    if stage is not None:
        statement = statement.where(Case.stage == stage)
    elif not chosen.get("closed"):
        statement = open_cases(statement)
    if chosen.get("whose") == "mine":
        mine = sa.select(TeamMember.case_id).where(TeamMember.user_id == viewer.user_id)
        statement = statement.where(Case.id.in_(mine))
    statement = _due(statement, chosen.get("leave_by") or "", today)
    return statement.order_by(*_order(chosen.get("sort") or ""))


def _due(statement: sa.Select[Case], leave_by: str, today: date) -> sa.Select[Case]:
    if leave_by == "none":
        return statement.where(Case.leave_by.is_(None))
    if leave_by in {"7", "30"}:
        near = today + timedelta(days=int(leave_by))
        return statement.where(
            Case.leave_by <= near, Case.stage.not_in((Stage.MOVED_IN, Stage.SETTLED))
        )
    return statement


def _order(sort: str) -> list[Any]:
    """`leave_by` or `-leave_by`; what is not known comes last either way, newest first at ties."""
    columns = SORTS.get(sort.removeprefix("-"))
    newest = [column.desc() for column in SORTS["number"]]
    if columns is None:
        return newest
    down = sort.startswith("-")
    keys = [column.desc() if down else column.asc() for column in columns]
    return [columns[0].is_(None), *keys, *newest]


def rows_of(
    session: Session,
    statement: sa.Select[Case],
    viewer: Viewer,
    *,
    today: date,
    limit: int,
    offset: int = 0,
) -> list[CaseRow]:
    """The rows of one page, each through policy; a fixed number of statements."""
    cases = session.scalars(statement.limit(limit).offset(offset)).all()
    names = names_of(session, {m.user_id for case in cases for m in case.team})
    rows = []
    for case in cases:
        access = access_to(case, viewer, today=today)
        team = tuple(names.get(m.user_id, "") for m in case.team)
        rows.append(CaseRow(shown_case(case, access), access, team))
    return rows


def called(case: Case, viewer: Viewer, *, today: date) -> str:
    """「C-2026-0005　Bさん」, as this viewer may call the household."""
    return f"{case.number}　{case_title(shown_case(case, access_to(case, viewer, today=today)))}"


def named_outside(case: Case, viewer: Viewer, *, today: date) -> str | None:
    """「Bさん」 for what leaves the service, such as a calendar; None for a household in hiding.

    What another company holds and a locked screen shows must not tell whom somebody looks for.
    """
    if case.protection is not Protection.NO:
        return None
    return case_title(shown_case(case, access_to(case, viewer, today=today)))


def names_of(session: Session, user_ids: set[int]) -> dict[int, str]:
    """Names of members of staff by id."""
    if not user_ids:
        return {}
    rows = session.execute(sa.select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row.id: row.name for row in rows}
