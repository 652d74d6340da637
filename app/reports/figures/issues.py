"""初回アセスメントの課題: how often each (延べ), in how many assessments (実人数), and per person.

Several issues may be ticked in one assessment, so 延べ and 実人数 are different things, and a short
list says how many issues it leaves out (その他の項目).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.assessments.codes import AssessmentState
from app.cases.assessments.models import Assessment, AssessmentIssue, Issue
from app.db import how_many
from app.reports.figures.counting import Office, cases_of, within
from app.reports.periods import Period
from app.reports.tables import Column, FigureTable, Picture, Row, Unit, per, share

DEFINITION = (
    "期間にまとめた初回アセスメントで印の付いた課題を数えます。1人に課題はいくつも付くため、"
    "課題の延べ数と人数は違います。割合は、アセスメントをした人のうち何％にその課題があるかです。"
)
SHOWN = 10


@dataclass(frozen=True)
class Ticked:
    """How often one issue was ticked."""

    code: str
    name: str
    count: int


def issue_table(
    period: str, ticked: Sequence[Ticked], *, assessments: int, total: int, shown: int = SHOWN
) -> FigureTable:
    """The most frequent issues and the rest in one line; `total` is all ticks, listed or not."""
    known = [one for one in ticked if one.count]
    listed = sorted(known, key=lambda one: -one.count)[:shown]
    rest = total - sum(one.count for one in listed)
    rows = [
        Row(
            one.code,
            one.name,
            (one.count, share(one.count, assessments)),
            part_of="total",
            level=1,
            asks={"issue": one.code},
            ranked=True,
        )
        for one in listed
    ]
    rows += [
        Row("rest", "その他の項目", (rest, None), part_of="total", level=1),
        Row("total", "課題の計（延べ）", (total, None)),
        Row("assessments", "アセスメントの件数（実人数）", (assessments, None), unit=Unit.PEOPLE),
        Row(
            "per_person",
            "1人当たりの課題",
            (per(total, assessments), None),
            digits=2,
            from_=("total", "assessments"),
        ),
    ]
    return FigureTable(
        key="issues",
        title="初回アセスメントの課題",
        definition=DEFINITION,
        head="課題",
        columns=(
            Column("count", period),
            Column("share", "割合", Unit.PERCENT, 1, from_=("count",)),
        ),
        rows=tuple(rows),
        picture=Picture.BARS,
    )


@dataclass(frozen=True)
class Found:
    """Ticks by issue, all ticks, and in how many assessments."""

    listed: Sequence[Ticked]
    total: int
    assessments: int


def counted(session: Session, office: Office, period: Period) -> Found:
    """First assessments of the period: three statements.

    An issue that only a case's team may see counts in the sum but has no line of its own.
    """
    first = sa.select(Assessment.id).where(
        Assessment.case_id.in_(cases_of(office)),
        Assessment.round == 1,
        Assessment.state == AssessmentState.DONE,
        within(Assessment.assessed_on, period),
    )
    ticks = sa.select(AssessmentIssue.issue_id).where(AssessmentIssue.assessment_id.in_(first))
    rows = session.execute(
        sa.select(Issue.code, Issue.name, sa.func.count())
        .join(AssessmentIssue, AssessmentIssue.issue_id == Issue.id)
        .where(AssessmentIssue.assessment_id.in_(first), Issue.team_only.is_(False))
        .group_by(Issue.id, Issue.code, Issue.name, Issue.position)
        .order_by(Issue.position)
    )
    listed = [Ticked(code, name, count) for code, name, count in rows]
    return Found(listed, how_many(session, ticks), how_many(session, first))
