"""What a plan said before: the list on its page, and each former content on a page of its own."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import Opened, bp, opened, render, words_of
from app.cases.listing import names_of
from app.cases.plans.codes import APPLICATION_LABELS, PLAN_STATE_LABELS, PlanState
from app.cases.plans.history import (
    PLAN_FIELDS,
    changes_of,
    differing,
    get_former,
    readable,
    shown_revision,
)
from app.cases.plans.models import Plan, PlanRevision
from app.cases.plans.queries import plan_of_case
from app.cases.plans.records import ordinal
from app.cases.plans.schemas import SupportPlanSchema
from app.db import db
from app.forms import Form
from app.policy import Action, Tier, requires
from app.security import saw
from app.wording import moment


def former_rows(one: Opened, plan: Plan, former: list[PlanRevision]) -> list[dict[str, Any]]:
    """What a plan said before, the newest first, for the list on its page."""
    rows = []
    for kept, changed in zip(former, changes_of(plan, former), strict=True):
        shown = shown_revision(kept, changed, one.access)
        if not shown.shows("content"):
            continue
        rows.append({
            "at": moment(shown.changed_at),
            "by": shown.changed_by,
            "why": shown.why,
            "what": "、".join(_label(name) for name in shown.changed),
            "after_decision": shown.after_decision,
            "url": url_for("cases.former_plan_page", case_id=plan.case_id, plan_id=plan.id,
                           number=kept.number),
        })  # fmt: skip
    return rows


def _label(name: str) -> str:
    return str(SupportPlanSchema().fields[name].metadata["label"]).replace("（任意）", "")


@bp.get("/cases/<int:case_id>/plans/<int:plan_id>/former/<int:number>")
@requires(Action.PLAN_READ)
def former_plan_page(case_id: int, plan_id: int, number: int) -> Answer:
    """A plan as it read before one change, and what that change changed."""
    one = opened(case_id, needs=Tier.CARE)
    plan = plan_of_case(db.session, case_id, plan_id)
    kept, after = get_former(db.session, plan, number)
    saw(Deed.VIEWED, "plan", plan.id, fields=("former",))
    shown = shown_revision(kept, differing(kept.content, after), one.access)
    names = names_of(db.session, {kept.changed_by})
    return render(
        one,
        "cases/plans/former.html",
        title=_("前の内容　プラン（%(n)s）", n=ordinal(plan.number)),
        plan=shown.content,
        kept=shown,
        state=PLAN_STATE_LABELS[PlanState(shown.state)],
        changed_at=moment(shown.changed_at),
        by=names.get(kept.changed_by, ""),
        rows=_beside(kept.content, after, shown.changed),
        application=APPLICATION_LABELS[shown.content["application"]],
        now_url=url_for("cases.plan_page", case_id=case_id, plan_id=plan_id),
    )


def _beside(
    before: Mapping[str, Any], after: Mapping[str, Any], changed: list[str]
) -> list[dict[str, str]]:
    """Each changed part as it read before and after."""
    named = {row["service"]: row["name"] for c in (before, after) for row in c["services"]}
    choices = {f"services-{i}-service": list(named.items()) for i in range(100)}
    old, new = (
        Form(SupportPlanSchema(), initial=readable(content), choices=choices)
        for content in (before, after)
    )
    return [
        {"label": _label(name), "before": words_of(old, name), "after": words_of(new, name)}
        for name in PLAN_FIELDS
        if name in changed
    ]
