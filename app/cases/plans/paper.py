"""プラン兼事業等利用申込書 on A4, for the person to sign and for the file."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.cases.frame import Opened
from app.cases.plans.codes import APPLICATION_LABELS, DECISION_LABELS, Application
from app.cases.plans.models import Plan, PlanRevision
from app.cases.plans.records import ordinal, shown_plan
from app.cases.work.paper import PAPER_LABELS
from app.db import JAPAN
from app.wording import day

PLAN_PAPER = "plan"
PAPER_LABELS[PLAN_PAPER] = "プラン兼事業等利用申込書"


def plan_sheet(
    one: Opened,
    plan: Plan,
    organisation: Organisation,
    *,
    former: Sequence[PlanRevision] = (),
    today: date,
) -> dict[str, Any]:
    """The data of templates/print/plan.typ; only what this viewer may see.

    `former` is what the plan said before, newest first: a change after the decision is printed.
    """
    shown, case = shown_plan(plan, one.access), one.shown
    last = shown.decisions[-1] if shown.decisions else None
    return {
        "sheet": {
            "title": _("プラン兼事業等利用申込書"),
            "organisation": organisation.name,
            "made_on": day(today),
            "number": case.number,
            "notice": _("取扱注意"),
            "contact": " ".join(filter(None, (organisation.name, organisation.phone))),
        },
        "ordinal": ordinal(plan.number),
        "name": case.name or case.alias or case.code_name,
        "kana": case.kana or "",
        "period": f"{day(shown.starts_on)}〜{day(shown.ends_on)}",
        "monitoring": day(shown.next_monitoring),
        "long_goal": shown.long_goal,
        "short_goal": shown.short_goal,
        "issues": [line for line in (shown.issues or "").split("\n") if line.strip()],
        "services": [
            {
                "name": row["name"],
                "provider": row["provider"] or "",
                "frequency": row["frequency"] or "",
                "period": f"{_short(row['starts_on'])}〜{_short(row['ends_on'])}",
                "person_does": row["person_does"] or "",
                "we_do": row["we_do"] or "",
            }
            for row in shown.services
        ],
        "applied": ""
        if shown.application is Application.NONE
        else f"{APPLICATION_LABELS[shown.application]}　{day(shown.applied_on)}",
        "decision": {
            "words": DECISION_LABELS[last["decision"]],
            "on": day(last["decided_on"]),
            "place": last["place"],
            "note": last["note"] or "",
        }
        if last
        else None,
        "changed": [
            {"on": day(late.created_at.astimezone(JAPAN).date()), "why": late.why or ""}
            for late in reversed(former)
            if late.after_decision
        ],
    }


def _short(value: date) -> str:
    return f"{value.year}/{value.month}/{value.day}"
