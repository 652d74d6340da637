"""Keeping a filled-in chart, and what its answers point to by the rules of the master."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.assessments.models import Issue
from app.cases.models import Case
from app.cases.noticing.models import NoticingChart
from app.cases.noticing.questions import Answer, Question
from app.cases.services import note

SAID = (Answer.YES, Answer.SOMETIMES)


@dataclass(frozen=True)
class Suggestion:
    """An issue some answers point to, the strongest first; what usually helps with it."""

    issue: Issue
    questions: tuple[Question, ...]
    sure: bool

    @property
    def services(self) -> list[str]:
        return list(self.issue.services)


def keep_chart(
    session: Session,
    *,
    answers: Mapping[Question, Answer],
    user_id: int,
    case: Case | None = None,
) -> NoticingChart:
    """Keep what was answered; a "no" is not kept, as it may as well mean "not talked about"."""
    said = {q.value: a.value for q, a in answers.items() if a in SAID}
    chart = NoticingChart(case_id=case.id if case else None, user_id=user_id, answers=said)
    session.add(chart)
    session.flush()  # the id is needed by the audit entry and the page to go to
    note(session, Deed.CREATED, "noticing_chart", chart.id, user_id=user_id, fields=("answers",))
    return chart


def chart_of(session: Session, chart_id: int, *, user_id: int) -> NoticingChart | None:
    """A chart without a case, for whoever filled it in and nobody else."""
    return session.scalar(
        sa.select(NoticingChart).where(
            NoticingChart.id == chart_id,
            NoticingChart.user_id == user_id,
            NoticingChart.case_id.is_(None),
        )
    )


def give_to_case(session: Session, *, chart: NoticingChart, case: Case, user_id: int) -> None:
    """A chart filled in before there was a case becomes part of it."""
    chart.case_id = case.id
    note(session, Deed.CHANGED, "noticing_chart", chart.id, user_id=user_id, fields=("case_id",))


def charts_of_case(session: Session, case_id: int) -> list[NoticingChart]:
    """The charts of a case, the newest first."""
    return list(
        session.scalars(
            sa.select(NoticingChart)
            .where(NoticingChart.case_id == case_id)
            .order_by(NoticingChart.id.desc())
        )
    )


def suggestions(session: Session, answers: Mapping[str, str]) -> list[Suggestion]:
    """The active issues these answers point to: those with a plain "yes" and more answers first."""
    said = {Question(q): Answer(a) for q, a in answers.items() if q in set(Question)}
    issues = session.scalars(sa.select(Issue).where(Issue.active).order_by(Issue.position))
    found = []
    for issue in issues:
        asked = tuple(q for q in Question if q in said and q.value in issue.questions)
        if asked:
            found.append(Suggestion(issue, asked, any(said[q] is Answer.YES for q in asked)))
    return sorted(found, key=lambda one: (not one.sure, -len(one.questions), one.issue.position))
