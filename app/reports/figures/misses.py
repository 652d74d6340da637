"""惜しかった条件: what a single condition kept out, of households that were left without keys.

Read from the rows beside each matching run (`RunMiss`), never from the answers themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.housing.codes import GROUP_LABELS, Group
from app.housing.models import MatchRun, RunMiss
from app.reports.figures.counting import Office, within
from app.reports.figures.housed import FOUND_A_HOME, closed, has_keys
from app.reports.periods import Period
from app.reports.tables import Column, FigureTable, Picture, Row, Unit, share

DEFINITION = (
    "期間に住まいの候補を探した世帯のうち、期間の最後の日（今年度は今日）に鍵を受け取っていな"
    "い世帯について、その世帯が期間の最後に探した結果を見ます。ほかの条件はどれも外れず、その"
    "条件だけで合わなかった住戸（まだ確かめていない条件が残るものを含みます）が1戸でもあれば"
    "、その世帯を条件ごとに1世帯と数えます。延べ戸数は、その住戸の数の合計で、同じ住戸も世帯"
    "ごとに数えます。割合は、対象の世帯の何％かです。1つの世帯をいくつもの条件で数えるため、"
    "足しても対象の世帯にはなりません。一時入居の世帯は、まだ住まいがない世帯に入れます。別に"
    "住まいを見つけて終結した世帯は除きます。"
)
CONDITION_WORDS = {
    "rent": "家賃",
    "people": "人数",
    "space": "人数と広さ",
    "area": "広さ",
    "rooms": "部屋数",
    "floor": "階",
    "steps": "入口の段差",
    "wheelchair": "車いす",
    "accepts": "受け入れ",
    "pet": "ペット",
    "guarantor": "保証人",
    "company": "保証会社",
    "contact": "緊急連絡先",
    "move_in": "入居できる日",
    "funds": "初期費用",
    "kind": "住まいの種類",
    "municipality": "市区町村",
    "distance": "通う先までの距離",
}
"""The conditions by the codes that runs are kept with."""


@dataclass(frozen=True)
class Miss:
    """One condition: households it left with homes all but found, and how many such homes."""

    condition: str
    subject: str
    households: int
    homes: int


@dataclass(frozen=True)
class Misses:
    """What single conditions kept out, and of how many households that looked in vain."""

    households: int
    by_condition: Sequence[Miss] = field(default=())


def words_of(condition: str, subject: str) -> str:
    """「家賃」, 「受け入れ（高齢者）」; a code nobody knows any more stays itself."""
    word = CONDITION_WORDS.get(condition, condition)
    if not subject:
        return word
    known = {group.value: label for group, label in GROUP_LABELS.items()}
    return f"{word}（{known.get(subject, subject)}）"


def miss_table(misses: Misses) -> FigureTable:
    """Conditions by how many households each concerned; they are no sums of each other."""
    most_first = sorted(
        misses.by_condition, key=lambda one: (-one.households, -one.homes, one.condition)
    )
    rows = [
        Row(
            f"{one.condition}:{one.subject}",
            words_of(one.condition, one.subject),
            (one.households, share(one.households, misses.households), one.homes),
            level=1,
            asks={"miss": one.condition, **({"group": one.subject} if one.subject else {})},
            ranked=True,
        )
        for one in most_first
    ]
    rows.append(Row("asked", "対象の世帯", (misses.households, None, None)))
    return FigureTable(
        key="misses",
        title="惜しかった条件",
        definition=DEFINITION,
        head="その条件だけで外れた",
        columns=(
            Column("households", "世帯", Unit.HOUSEHOLDS),
            Column("share", "割合", Unit.PERCENT, 1, from_=("households",)),
            Column("homes", "延べ戸数", Unit.HOMES, persons=False, from_=("households",)),
        ),
        rows=tuple(rows),
        picture=Picture.BARS,
    )


def runs_in_vain(office_cases: sa.ColumnElement[bool], period: Period) -> sa.Select[int]:
    """The ids of the newest run of the period of each case that was without keys at its end."""
    return (
        sa.select(sa.func.max(MatchRun.id))
        .join(Case, Case.id == MatchRun.case_id)
        .where(
            office_cases,
            within(MatchRun.run_on, period),
            ~has_keys(period.last),
            ~closed(period.last, *FOUND_A_HOME),
        )
        .group_by(MatchRun.case_id)
    )


def missed(session: Session, office: Office, period: Period) -> Misses:
    """What the office's households all but found in the period: two statements."""
    runs = runs_in_vain(Case.organisation_id == office.id, period).subquery("runs")
    rows = session.execute(
        sa.select(RunMiss.condition, RunMiss.subject, sa.func.count(), sa.func.sum(RunMiss.homes))
        .where(RunMiss.run_id.in_(sa.select(runs)))
        .group_by(RunMiss.condition, RunMiss.subject)
    )
    whole = session.scalar(sa.select(sa.func.count()).select_from(runs)) or 0
    return Misses(whole, [Miss(*row) for row in rows])


def group_asked(subject: str | None) -> str:
    """The group a row asks for, empty for none. Raises ValueError for one there is not."""
    return Group(subject).value if subject else ""
