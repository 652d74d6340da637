"""What a plan said before it was changed: kept with each change, read back as it was."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.plans.codes import Application
from app.cases.plans.models import DECIDED, Plan, PlanRevision
from app.cases.plans.records import row_values
from app.errors import NotFoundError
from app.policy import Access, Presented, present

PLAN_FIELDS = ("long_goal", "short_goal", "issues", "starts_on", "ends_on", "next_monitoring",
               "application", "applied_on", "services")  # fmt: skip
"""What a plan says, apart from where it stands: this is what is kept."""

_DAYS = ("starts_on", "ends_on", "next_monitoring", "applied_on")
NO_FORMER = "この「前の内容」は見つかりません。プランの画面から開き直してください。"


def contents_of(plan: Plan) -> dict[str, Any]:
    """What a plan says now, as JSON keeps it; services by the names they had."""
    values = {name: _plain(getattr(plan, name)) for name in PLAN_FIELDS if name != "services"}
    values["services"] = [
        {name: _plain(value) for name, value in row_values(row).items()} for row in plan.services
    ]
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def readable(content: Mapping[str, Any]) -> dict[str, Any]:
    """Kept content with its days and codes again what a plan's own are."""
    values = _with_days(content)
    values["application"] = Application(content["application"])
    values["services"] = [_with_days(row) for row in content["services"]]
    return values


def _with_days(values: Mapping[str, Any]) -> dict[str, Any]:
    days = {n: date.fromisoformat(values[n]) for n in _DAYS if values.get(n) is not None}
    return dict(values) | days


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names of what two contents say differently."""
    return [name for name in PLAN_FIELDS if before[name] != after[name]]


def keep_former(
    session: Session, plan: Plan, content: Mapping[str, Any], *, why: str, user_id: int
) -> None:
    """Keep what a plan said before the change about to be written in the same transaction."""
    last = session.scalar(
        sa.select(sa.func.max(PlanRevision.number)).where(PlanRevision.plan_id == plan.id)
    )
    session.add(
        PlanRevision(
            plan_id=plan.id,
            number=(last or 0) + 1,
            state=plan.state,
            content=dict(content),
            why=why or None,
            changed_by=user_id,
        )
    )


# ---------------------------------------------------------------------------------- reading


def former_of(session: Session, plan_id: int) -> list[PlanRevision]:
    """Everything a plan said before, the newest first."""
    return list(
        session.scalars(
            sa.select(PlanRevision)
            .where(PlanRevision.plan_id == plan_id)
            .order_by(PlanRevision.number.desc())
        )
    )


def changed_after_decision(session: Session, plan_ids: list[int]) -> list[PlanRevision]:
    """The changes of these plans made after a meeting had decided, the oldest first."""
    if not plan_ids:
        return []
    return list(
        session.scalars(
            sa.select(PlanRevision)
            .where(PlanRevision.plan_id.in_(plan_ids), PlanRevision.state.in_(DECIDED))
            .order_by(PlanRevision.id)
        )
    )


def changes_of(plan: Plan, former: list[PlanRevision]) -> list[list[str]]:
    """For each of a plan's former contents, newest first, what the change after it changed."""
    following = [contents_of(plan), *(one.content for one in former[:-1])] if former else []
    return [differing(one.content, after) for one, after in zip(former, following, strict=True)]


def shown_revision(revision: PlanRevision, changed: list[str], access: Access) -> Presented:
    """One former content with who changed it, when, why and what; through policy."""
    about = {
        "number": revision.number,
        "state": revision.state,
        "after_decision": revision.after_decision,
        "changed_at": revision.created_at,
        "changed_by": revision.changed_by,
        "why": revision.why,
        "changed": changed,
        "content": present("plan", readable(revision.content), access).values,
    }
    return present("plan_revision", about, access)


def get_former(session: Session, plan: Plan, number: int) -> tuple[PlanRevision, dict[str, Any]]:
    """One former content and what the plan said after it. Raises NotFoundError."""
    after = contents_of(plan)
    for one in former_of(session, plan.id):
        if one.number == number:
            return one, after
        after = one.content
    raise NotFoundError(NO_FORMER)
