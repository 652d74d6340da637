"""What the page of one household's watch shows, already passed through policy."""

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.listing import names_of
from app.followup import queries
from app.followup.codes import CHECK_IN_LABELS, CheckInState
from app.followup.facts.queries import facts_of
from app.followup.ladder.codes import CONCERN_LABELS, OUTCOME_LABELS
from app.followup.models import CheckIn
from app.followup.plans.codes import CHANGE_LABELS, PAUSE_LABELS, AddOnState
from app.followup.plans.models import WatchAddOn, WatchChange
from app.followup.plans.services import called_off, last_day, pauses_of
from app.followup.plans.suggesting import proposals
from app.followup.queries import SeenPlan
from app.followup.records import shown_add_on, shown_change, shown_concern, shown_pause
from app.followup.settling import queries as settling
from app.followup.settling.codes import DECISION_LABELS, LEAVE_LABELS, LINK_RESULT_LABELS
from app.followup.settling.records import shown_decision, shown_device, shown_link_in
from app.followup.signals.codes import DEVICE_LABELS, SIGNAL_LABELS
from app.followup.signals.queries import devices_of
from app.followup.templates.codes import ADD_ON_LABELS
from app.followup.templates.views import described
from app.followup.words import due_label
from app.placements.codes import PlacementState

NEXT = 6


def next_days(session: Session, plan_ids: Collection[int]) -> dict[int, date]:
    """The next check-in that is due, or overdue, of each plan."""
    asked = (
        sa.select(CheckIn.plan_id, sa.func.min(sa.func.coalesce(CheckIn.visit_on, CheckIn.due_on)))
        .where(CheckIn.plan_id.in_(plan_ids), CheckIn.state == CheckInState.DUE)
        .group_by(CheckIn.plan_id)
    )
    return {row[0]: row[1] for row in session.execute(asked)}


def context(session: Session, seen: SeenPlan, today: date, *, food: bool) -> dict[str, Any]:
    """The page's variables beside the household's name."""
    plan, access = seen.plan, seen.access
    due = [c for c in plan.check_ins if c.state is CheckInState.DUE]
    done = [
        c
        for c in plan.check_ins
        if c.state in (CheckInState.MET, CheckInState.COVERED) or c.attempts
    ]
    changes = session.scalars(
        sa.select(WatchChange).where(WatchChange.plan_id == plan.id).order_by(-WatchChange.id)
    ).all()
    add_ons = session.scalars(
        sa.select(WatchAddOn)
        .where(WatchAddOn.plan_id == plan.id, WatchAddOn.state != AddOnState.ENDED)
        .order_by(WatchAddOn.id)
    ).all()
    people = {c.user_id for c in changes} | {plan.assigned_to or 0}
    return {
        "template": described(plan.version_of),
        "due": [(c, due_label(c.goes_on, today)) for c in due[:NEXT]],
        "due_count": len(due),
        "done": list(reversed(done))[:NEXT],
        "done_count": len(done),
        "states": CHECK_IN_LABELS,
        "proposed": [
            (one.code, ADD_ON_LABELS[one.code], one.fact)
            for one in proposals(session, plan, access, today)
        ],
        "add_ons": [shown for one in add_ons if (shown := shown_add_on(one, access)).shows("code")],
        "add_on_labels": ADD_ON_LABELS,
        "pauses": [_pause(one, access, today) for one in pauses_of(session, plan.id)],
        "changes": [(CHANGE_LABELS[c.kind], shown_change(c, access)) for c in changes],
        "names": names_of(session, people),
        "concerns": [_concern(c, access) for c in queries.concerns_of(session, plan.id)],
        "facts": facts_of(session, {plan: seen.case.id}, today=today, food=food)[plan.id],
        "devices": _devices(session, seen),
        "links": [
            (shown, LINK_RESULT_LABELS[shown.result])
            for one in settling.link_ins_of(session, plan.id)
            if (shown := shown_link_in(one, access)).shows("what")
        ],
        "link_results": list(LINK_RESULT_LABELS.items()),
        "decisions": [_decision(d, access) for d in settling.decisions_of(session, plan.id)],
        "lives_there": plan.placement.state is PlacementState.MOVED_IN,
        "past_end": plan.ended_on is None and plan.ends_on < today,
    }


def _pause(rest: Any, access: Any, today: date) -> dict[str, Any]:
    shown = shown_pause(rest, access)
    return {
        "shown": shown,
        "reason": PAUSE_LABELS[shown.reason] if shown.reason else None,
        "last": last_day(rest),
        "now": rest.from_on < today <= last_day(rest),
        "ahead": rest.back_on is None and rest.from_on >= today,
        "called_off": called_off(rest),
    }


def _devices(session: Session, seen: SeenPlan) -> list[dict[str, Any]]:
    return [
        {
            "shown": shown_device(device, seen.access),
            "kind": DEVICE_LABELS[device.kind],
            "last": signal,
            "said": SIGNAL_LABELS[signal.kind] if signal is not None else None,
        }
        for device, signal in devices_of(session, seen.plan.id)
    ]


def _decision(one: Any, access: Any) -> dict[str, Any]:
    shown = shown_decision(one, access)
    return {
        "shown": shown,
        "label": DECISION_LABELS[one.kind],
        "leave": LEAVE_LABELS[shown.leave_reason] if shown.leave_reason else None,
    }


def _concern(concern: Any, access: Any) -> dict[str, Any]:
    shown = shown_concern(concern, access)
    return {
        "shown": shown,
        "label": CONCERN_LABELS[concern.kind],
        "outcome": OUTCOME_LABELS[shown.outcome] if shown.outcome else None,
    }
