"""Writing assessments, taking needs over from them, and keeping the master of issues."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.audit.models import Deed
from app.cases.assessments.derived import Derived, changes
from app.cases.assessments.models import (
    Amount,
    Assessment,
    AssessmentIssue,
    AssessmentRevision,
    Issue,
    PastJob,
)
from app.cases.assessments.queries import (
    AMOUNT_FIELDS,
    JOB_FIELDS,
    SHEET_FIELDS,
    content_of,
    latest,
    list_issues,
)
from app.cases.models import Case, Stage
from app.cases.needs.models import RentBasis
from app.cases.needs.services import save_housing_need
from app.cases.services import advance, note
from app.cases.versions import check_version, flushed
from app.errors import InvalidError


def save_assessment(
    session: Session,
    *,
    case: Case,
    assessment: Assessment | None,
    version: int,
    values: Mapping[str, Any],
    team: bool,
    user_id: int,
    today: date,
) -> Assessment:
    """Write an assessment (the values of `AssessmentSchema`); the next one when it is None.

    What is for the team alone stays as it is unless `team`. Every save keeps the whole content as
    a version. Raises StaleError when somebody was first, InvalidError for a day to come or an
    issue that is not in the master.
    """
    check_version(assessment, version)
    _check_days(values, today)
    record = assessment or _next(session, case, user_id)
    ticks = _ticks(session, record, values, team=team)

    def act() -> list[str]:
        changed = _put(record, values, team=team)
        changed += _put_rows(record, values)
        if "issues" in values and ticks != {t.issue_id: t.main for t in record.issues}:
            record.issues = [AssessmentIssue(issue_id=i, main=m) for i, m in ticks.items()]
            changed.append("issues")
        if changed:
            flag_modified(record, "assessed_on")  # rows have no version: the assessment's counts
        session.add(record)
        return changed

    with session.no_autoflush:  # one save is one version, however many rows are read on the way
        changed = flushed(session, act)
    if not changed and assessment is not None:
        return record
    session.add(
        AssessmentRevision(
            assessment_id=record.id,
            version=record.version,
            saved_by=user_id,
            content=content_of(session, record),
        )
    )
    advance(session, case, to=Stage.ASSESSMENT, from_=(Stage.INTAKE,))
    deed = Deed.CHANGED if assessment else Deed.CREATED
    note(session, deed, "assessment", record.id, user_id=user_id, fields=changed)
    return record


def _next(session: Session, case: Case, user_id: int) -> Assessment:
    before = latest(session, case.id)
    return Assessment(
        case_id=case.id,
        round=before.round + 1 if before else 1,
        author_id=user_id,
        issues=[],
        amounts=[],
        jobs=[],
    )


def _check_days(values: Mapping[str, Any], today: date) -> None:
    sentence = "まだ来ていない日です。きょうまでの日付を入れてください。"
    wrong = {
        name: [sentence]
        for name in ("assessed_on", "last_worked_on")
        if values.get(name) is not None and values[name] > today
    }
    if wrong:
        raise InvalidError(sentence, fields=wrong)


def _ticks(
    session: Session, record: Assessment, values: Mapping[str, Any], *, team: bool
) -> dict[int, bool]:
    """The issues ticked, by whether they are main ones; those the writer may not see stay."""
    before = {tick.issue_id: tick.main for tick in record.issues}
    master = {i.id: i for i in list_issues(session, kept=tuple(before))}
    main = set(values.get("main_issues", ()))
    wanted = dict.fromkeys([*values.get("issues", ()), *sorted(main)])
    unknown = [i for i in wanted if i not in master or (master[i].team_only and not team)]
    if unknown:
        sentence = "一覧にない課題が選ばれています。選び直してください。"
        raise InvalidError(sentence, fields={"issues": [sentence]})
    ticks = {i: i in main for i in wanted}
    if not team:
        ticks |= {i: m for i, m in before.items() if master[i].team_only}
    return ticks


def _put(record: Assessment, values: Mapping[str, Any], *, team: bool) -> list[str]:
    changed = []
    for name in SHEET_FIELDS:
        if name not in values or (name == "team_factors" and not team):
            continue
        value = values[name]
        value = [str(code) for code in value] if isinstance(value, list) else value
        value = None if value == "" else value
        if getattr(record, name) != value:
            setattr(record, name, value)
            changed.append(name)
    return changed


def _put_rows(record: Assessment, values: Mapping[str, Any]) -> list[str]:
    changed = []
    if "amounts" in values and _differ(record.amounts, values["amounts"], AMOUNT_FIELDS):
        rows = enumerate(_given(values["amounts"], AMOUNT_FIELDS))
        record.amounts = [Amount(position=i, **row) for i, row in rows]
        changed.append("amounts")
    if "jobs" in values and _differ(record.jobs, values["jobs"], JOB_FIELDS):
        rows = enumerate(_given(values["jobs"], JOB_FIELDS))
        record.jobs = [PastJob(position=i, **row) for i, row in rows]
        changed.append("jobs")
    return changed


def _given(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    return [{n: None if row[n] == "" else row[n] for n in names} for row in rows]


def _differ(there: Sequence[Any], rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> bool:
    return [{n: getattr(one, n) for n in names} for one in there] != _given(rows, names)


def tick_issues(
    session: Session, *, case: Case, issue_ids: Collection[int], user_id: int, today: date
) -> Assessment:
    """Add issues somebody accepted to the newest assessment, or begin the first one with them.

    Raises InvalidError for an issue that is not in use.
    """
    record = latest(session, case.id)
    there = {tick.issue_id: tick.main for tick in record.issues} if record else {}
    values: dict[str, Any] = {
        "issues": [*there, *(i for i in issue_ids if i not in there)],
        "main_issues": [i for i, main in there.items() if main],
    }
    if record is None:
        values["assessed_on"] = today
    return save_assessment(
        session,
        case=case,
        assessment=record,
        version=record.version if record else 0,
        values=values,
        team=True,
        user_id=user_id,
        today=today,
    )


def take_needs_over(
    session: Session,
    *,
    case: Case,
    version: int,
    accepted: list[Derived],
    user_id: int,
    rent_basis: RentBasis | None = None,
    agreed_rent: int | None = None,
) -> None:
    """Put confirmed needs into the housing need; the reasons stay in the assessment.

    `version` is the housing need's, 0 when nobody asked yet; then `rent_basis` must be given.
    """
    need = case.housing_need
    values = changes(accepted, need)
    if need is None:
        basis = values.get("rent_basis") or rent_basis
        if basis is None:
            sentence = "はじめての住まいの希望です。家賃の考え方を選んでください。"
            raise InvalidError(sentence, fields={"rent_basis": [sentence]})
        values = {
            "people": case.household_size,
            "move_by": case.leave_by,
            "agreed_rent": agreed_rent,
            **values,
            "rent_basis": basis,
        }
    save_housing_need(session, case=case, version=version, need=values, user_id=user_id)


# ---------------------------------------------------------------------------------- master

ISSUE_FIELDS = (
    "name", "aliases", "national_code", "services", "questions", "position", "team_only", "active",
)  # fmt: skip


def add_issue(session: Session, *, values: Mapping[str, Any], user_id: int) -> Issue:
    """A new line of the master. Raises InvalidError for a name that is there already."""
    issue = Issue(code=f"own_{secrets.token_hex(6)}")
    _put_issue(session, issue, values)
    session.add(issue)
    session.flush()  # the id is needed by the audit entry
    note(session, Deed.CREATED, "issue", issue.id, user_id=user_id, fields=ISSUE_FIELDS)
    return issue


def change_issue(
    session: Session, *, issue: Issue, version: int, values: Mapping[str, Any], user_id: int
) -> None:
    """Change a line; its code stays, so what was ticked keeps its meaning.

    Raises StaleError when somebody was first, InvalidError for a name that is there already.
    """
    check_version(issue, version)
    changed = flushed(session, lambda: _put_issue(session, issue, values))
    if changed:
        note(session, Deed.CHANGED, "issue", issue.id, user_id=user_id, fields=changed)


def _put_issue(session: Session, issue: Issue, values: Mapping[str, Any]) -> list[str]:
    same = session.scalar(
        sa.select(Issue.id).where(Issue.name == values["name"], Issue.id != (issue.id or 0))
    )
    if same is not None:
        sentence = "この名前の課題は、もうあります。"
        raise InvalidError(sentence, fields={"name": [sentence]})
    changed = []
    for name in ISSUE_FIELDS:
        value = values[name]
        value = [str(one) for one in value] if isinstance(value, list) else value
        value = None if value == "" else value
        if getattr(issue, name) != value:
            setattr(issue, name, value)
            changed.append(name)
    return changed
