"""Reading assessments as plain content, the shape policy lets through and versions keep."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.assessments.models import Assessment, AssessmentRevision, Issue
from app.errors import NotFoundError
from app.policy import Access, Presented, present

SHEET_FIELDS = (
    "assessed_on", "state", "factors", "team_factors", "living_with", "marital", "family",
    "community", "rent", "loan", "guarantor", "emergency_contact", "health", "diagnosis",
    "visits_doctor", "takes_medicine", "stairs_hard", "wheelchair", "health_note",
    "public_assistance", "debt_settlement", "money_note", "last_worked_on", "licences",
    "driving", "education", "wish_for_work", "job_stage", "wish", "summary", "screening",
)  # fmt: skip
AMOUNT_FIELDS = ("kind", "label", "yen", "months")
JOB_FIELDS = ("employer", "work", "since", "left_on", "reason")
NOT_FOUND = "このアセスメントは見つかりません。相談のページから開き直してください。"


def assessments_of(session: Session, case_id: int) -> list[Assessment]:
    """The assessments of a case, the newest first."""
    return list(
        session.scalars(
            sa.select(Assessment)
            .where(Assessment.case_id == case_id)
            .order_by(Assessment.round.desc())
        )
    )


def latest(session: Session, case_id: int) -> Assessment | None:
    """The newest assessment of a case."""
    return session.scalar(
        sa.select(Assessment)
        .where(Assessment.case_id == case_id)
        .order_by(Assessment.round.desc())
        .limit(1)
    )


def get_assessment(session: Session, case_id: int, number: int) -> Assessment:
    """The case's first, second … assessment. Raises NotFoundError."""
    found = session.scalar(
        sa.select(Assessment).where(Assessment.case_id == case_id, Assessment.round == number)
    )
    if found is None:
        raise NotFoundError(NOT_FOUND)
    return found


def versions_of(session: Session, assessment: Assessment) -> list[AssessmentRevision]:
    """Every version that was ever saved, the newest first."""
    return list(
        session.scalars(
            sa.select(AssessmentRevision)
            .where(AssessmentRevision.assessment_id == assessment.id)
            .order_by(AssessmentRevision.version.desc())
        )
    )


def get_version(session: Session, assessment: Assessment, version: int) -> AssessmentRevision:
    """One version as it was saved. Raises NotFoundError."""
    found = session.scalar(
        sa.select(AssessmentRevision).where(
            AssessmentRevision.assessment_id == assessment.id,
            AssessmentRevision.version == version,
        )
    )
    if found is None:
        raise NotFoundError(NOT_FOUND)
    return found


def contents_of(session: Session, assessments: Sequence[Assessment]) -> list[dict[str, Any]]:
    """Several assessments as `content_of` gives each, the issues of all read at once."""
    master = issues_by_id(session, [t.issue_id for a in assessments for t in a.issues])
    return [_content(assessment, master) for assessment in assessments]


def content_of(session: Session, assessment: Assessment) -> dict[str, Any]:
    """An assessment as JSON keeps it; issues by the name they had."""
    return contents_of(session, [assessment])[0]


def _content(assessment: Assessment, master: Sequence[Issue]) -> dict[str, Any]:
    values: dict[str, Any] = {n: _plain(getattr(assessment, n)) for n in SHEET_FIELDS}
    values |= {
        "amounts": [{n: _plain(getattr(a, n)) for n in AMOUNT_FIELDS} for a in assessment.amounts],
        "jobs": [{n: _plain(getattr(j, n)) for n in JOB_FIELDS} for j in assessment.jobs],
    }
    main = {tick.issue_id: tick.main for tick in assessment.issues}
    ticked = [issue for issue in master if issue.id in main]
    for name, team_only in (("issues", False), ("team_issues", True)):
        values[name] = [
            {"id": issue.id, "code": issue.code, "name": issue.name, "main": main[issue.id]}
            for issue in ticked
            if issue.team_only is team_only
        ]
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def issues_by_id(session: Session, ids: list[int]) -> list[Issue]:
    """These issues, in the order of the master."""
    if not ids:
        return []
    statement = sa.select(Issue).where(Issue.id.in_(ids)).order_by(Issue.position, Issue.id)
    return list(session.scalars(statement))


def shown_assessment(
    session: Session,
    assessment: Assessment,
    access: Access,
    content: Mapping[str, Any] | None = None,
) -> Presented:
    """An assessment, or one of its kept versions, as far as the viewer may see it."""
    values = dict(content if content is not None else content_of(session, assessment))
    values |= {
        "id": assessment.id,
        "round": assessment.round,
        "version": assessment.version,
        "author_id": assessment.author_id,
    }
    return present("assessment", values, access)


def list_issues(
    session: Session, *, active: bool = True, team: bool = True, kept: tuple[int, ...] = ()
) -> list[Issue]:
    """The master in its order; `kept` stay choosable although they are no longer in use."""
    statement = sa.select(Issue).order_by(Issue.position, Issue.id)
    if active:
        statement = statement.where(sa.or_(Issue.active, Issue.id.in_(kept)))
    if not team:
        statement = statement.where(Issue.team_only.is_(False))
    return list(session.scalars(statement))


def get_issue(session: Session, issue_id: int) -> Issue:
    """One line of the master. Raises NotFoundError."""
    issue = session.get(Issue, issue_id)
    if issue is None:
        raise NotFoundError("この課題は見つかりません。一覧から選び直してください。")
    return issue
