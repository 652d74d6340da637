"""Plans as plain values, passed through policy before any page, print or answer shows them."""

from typing import Any

from app.cases.plans.models import Plan, PlanEvaluation, PlanService
from app.policy import Access, Presented, present

_OWN = ("id", "number", "state", "version", "long_goal", "short_goal", "issues", "starts_on",
        "ends_on", "next_monitoring", "application", "applied_on", "submitted_on")  # fmt: skip
_ROW = ("service", "name", "provider", "frequency", "starts_on", "ends_on", "person_does", "we_do")


def shown_plan(plan: Plan, access: Access) -> Presented:
    """A plan with its services, decisions and monitorings."""
    values: dict[str, Any] = {name: getattr(plan, name) for name in _OWN}
    values["services"] = [row_values(row) for row in plan.services]
    values["decisions"] = [
        {"decision": d.decision, "decided_on": d.decided_on, "place": d.place, "note": d.note}
        for d in plan.decisions
    ]
    values["monitorings"] = [
        {
            "monitored_on": m.monitored_on,
            "progress": m.progress,
            "text": m.text,
            "next_monitoring": m.next_monitoring,
            "author_id": m.author_id,
        }
        for m in plan.monitorings
    ]
    return present("plan", values, access)


def row_values(row: PlanService) -> dict[str, Any]:
    """A service of a plan."""
    return {name: getattr(row, name) for name in _ROW}


def shown_evaluation(evaluation: PlanEvaluation, access: Access) -> Presented:
    """What came of a plan."""
    names = ("evaluated_on", "reached", "changes", "text", "work_change", "income_change",
             "left_over", "after")  # fmt: skip
    return present("plan_evaluation", {n: getattr(evaluation, n) for n in names}, access)


def ordinal(number: int) -> str:
    """初回, 2回目 …"""
    return "初回" if number == 1 else f"{number}回目"
