"""What plans add to the page of a case and to today's page."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.models import Case, Stage
from app.cases.panels import Panel, PanelLine, TimelineEvent, case_panels
from app.cases.plans.codes import (
    AFTER_LABELS,
    DECISION_LABELS,
    PLAN_STATE_KINDS,
    PLAN_STATE_LABELS,
    PROGRESS_LABELS,
    Decision,
    PlanState,
)
from app.cases.plans.history import changed_after_decision
from app.cases.plans.models import Plan
from app.cases.plans.queries import monitoring_due, plans_of, waiting_plans
from app.cases.plans.records import ordinal
from app.cases.queries import access_to, may_change, open_cases, visible_cases
from app.db import moment_on
from app.policy import Access, Action, Role, Tier, Viewer, allows
from app.wording import days_left, weekday

AHEAD = 7
AT_MOST = 20
GOOD = frozenset({Decision.APPROVED, Decision.CONFIRMED})


def plans_of_case(
    session: Session, case: Case, access: Access, viewer: Viewer, today: date
) -> Panel | None:
    """The plans of a household, what is next of the current one, and their story."""
    if not access.sees(Tier.CARE) or not allows(viewer, Action.PLAN_READ):
        return None
    plans = plans_of(session, case.id)
    current = next((plan for plan in plans if plan.state is not PlanState.EVALUATED), None)
    new = (_("プランを作る"), url_for("cases.new_plan_page", case_id=case.id))
    may_begin = current is None and may_change(case, viewer) and case.stage is not Stage.CLOSED
    return Panel(
        title=_("プラン"),
        lines=[_line(plan) for plan in plans],
        empty=_("まだありません"),
        action=new if may_begin else None,
        events=[
            *(event for plan in plans for event in _events(plan)),
            *_changes(session, plans, case),
        ],
        ahead=[] if current is None else _ahead(current, today),
    )


def _at(plan: Plan) -> str:
    return url_for("cases.plan_page", case_id=plan.case_id, plan_id=plan.id)


def _line(plan: Plan) -> PanelLine:
    going = plan.state in {PlanState.DECIDED, PlanState.UNDER_WAY}
    return PanelLine(
        ordinal(plan.number),
        url=_at(plan),
        note=_("次のモニタリング %(day)s", day=weekday(plan.next_monitoring)) if going else None,
        tag=(PLAN_STATE_LABELS[plan.state], PLAN_STATE_KINDS[plan.state]),
    )


def _ahead(plan: Plan, today: date) -> list[PanelLine]:
    words = {
        PlanState.DRAFT: _("プランを仕上げて、会議に出す"),
        PlanState.DECIDED: _("プランの支援を始める"),
    }
    if plan.state in words:
        return [_next(plan, words[plan.state], _("プラン"))]
    due = plan.next_monitoring
    if plan.state is PlanState.UNDER_WAY and due is not None and (due - today).days <= AHEAD:
        return [_next(plan, _("プランのモニタリングをする"), weekday(due))]
    return []


def _next(plan: Plan, words: str, when: str) -> PanelLine:
    return PanelLine(words, url=_at(plan), note=when)


def _events(plan: Plan) -> list[TimelineEvent]:
    url, which = _at(plan), ordinal(plan.number)
    events = [TimelineEvent(plan.created_at, _("プラン（%(n)s）を作りました", n=which), url=url)]
    for made in plan.decisions:
        title = _("プラン（%(n)s）：%(words)s", n=which, words=DECISION_LABELS[made.decision])
        kind = "good" if made.decision in GOOD else "warn"
        events.append(TimelineEvent(made.created_at, title, text=made.note, kind=kind, url=url))
    for look in plan.monitorings:
        title = _("モニタリング：%(words)s", words=PROGRESS_LABELS[look.progress])
        at = max(moment_on(look.monitored_on), plan.created_at)
        events.append(TimelineEvent(at, title, text=look.text, url=url, day_only=True))
    if plan.evaluation is not None:
        after = AFTER_LABELS[plan.evaluation.after]
        title = _("プラン（%(n)s）を評価しました：%(words)s", n=which, words=after)
        events.append(TimelineEvent(plan.evaluation.created_at, title, url=url))
    return events


def _changes(session: Session, plans: Sequence[Plan], case: Case) -> list[TimelineEvent]:
    """Changes after a decision: whoever reads the story must not take the plan for the decided."""
    decided = {plan.id: plan for plan in plans if plan.decisions}
    return [
        TimelineEvent(
            one.created_at,
            _("決定のあとでプラン（%(n)s）を変えました", n=ordinal(decided[one.plan_id].number)),
            text=one.why,
            kind="warn",
            url=url_for("cases.former_plan_page", case_id=case.id, plan_id=one.plan_id,
                        number=one.number),
        )
        for one in changed_after_decision(session, list(decided))
    ]  # fmt: skip


# --------------------------------------------------------------------------------- today


def plans_today(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """Monitorings due within the week, and plans waiting for a decision, of one's own agency."""
    mine = viewer.organisations(Role.CONSULTANT)
    own = open_cases(visible_cases(viewer, today=today)).where(Case.organisation_id.in_(mine))
    due = session.execute(
        monitoring_due(own, until=date.fromordinal(today.toordinal() + AHEAD)).limit(AT_MOST)
    ).all()
    waiting = session.execute(waiting_plans(own).limit(AT_MOST)).all()
    sections = [
        {
            "title": _("モニタリング"),
            "items": [
                {
                    "when": weekday(plan.next_monitoring),
                    "late": plan.next_monitoring is not None and plan.next_monitoring < today,
                    "title": f"{case.number}　{_('プラン')}（{ordinal(plan.number)}）",
                    "url": _at(plan),
                    "tag": (days_left(plan.next_monitoring), "warn"),
                    "action": (
                        _("書く"),
                        url_for("cases.monitoring_page", case_id=case.id, plan_id=plan.id),
                    ),
                }
                for plan, case in due
                if access_to(case, viewer, today=today).sees(Tier.CARE)
            ],
        },
        {
            "title": _("会議の決定を待つプラン"),
            "items": [
                {
                    "when": weekday(plan.submitted_on),
                    "title": f"{case.number}　{_('プラン')}（{ordinal(plan.number)}）",
                    "url": _at(plan),
                }
                for plan, case in waiting
                if access_to(case, viewer, today=today).sees(Tier.CARE)
            ],
        },
    ]
    return [section for section in sections if section["items"]]


case_panels.append(plans_of_case)
