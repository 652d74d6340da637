"""Records of the watch as plain values, the shape `policy.present` lets through field by field."""

from typing import Any

from app.followup.ladder.models import Concern, ConcernStep
from app.followup.late.models import LateVisit
from app.followup.models import Attempt, CheckIn, WatchPlan
from app.followup.plans.models import WatchAddOn, WatchChange, WatchPause
from app.policy import Access, Presented, present

PLAN_FIELDS = (
    "id", "version", "template", "starts_on", "ends_on", "assigned_to", "emergency_contact", "fee",
    "terms", "ended_on", "ended_as",
)  # fmt: skip
CHECK_IN_FIELDS = (
    "id",
    "due_on",
    "planned_for",
    "escalate_on",
    "kind",
    "label",
    "state",
    "answered_by",
    "visitor",
    "goes_on",
    "ref",
)
ATTEMPT_FIELDS = (
    "id", "check_in_id", "at", "result", "kinds", "rent", "items", "note", "linked_to",
    "corrects_id", "user_id",
)  # fmt: skip
CONCERN_FIELDS = (
    "id", "version", "plan_id", "check_in_id", "kind", "opened_at", "opened_by", "state",
    "closed_at", "closed_by", "outcome", "found",
)  # fmt: skip
STEP_FIELDS = ("id", "position", "kind", "due_at", "done_at", "done_by", "result", "note")


def taken(record: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """These attributes of a record by name."""
    return {name: getattr(record, name) for name in names}


def shown_plan(plan: WatchPlan, access: Access) -> Presented:
    """A plan as this viewer may see it."""
    return present("watch_plan", taken(plan, PLAN_FIELDS), access)


def shown_check_in(check_in: CheckIn, access: Access) -> Presented:
    """A check-in."""
    return present("check_in", taken(check_in, CHECK_IN_FIELDS), access)


def shown_attempt(attempt: Attempt, access: Access) -> Presented:
    """An attempt: 訪問の記録, as the consent calls it."""
    return present("attempt", taken(attempt, ATTEMPT_FIELDS), access)


def shown_late_visit(late: LateVisit, access: Access) -> Presented:
    """A visit that came late, like an attempt."""
    fields = (
        "id", "version", "check_in_id", "happened_at", "result", "kinds", "rent", "items", "note",
        "linked_to", "trouble", "settlement", "words", "user_id",
    )  # fmt: skip
    return present("late_visit", taken(late, fields), access)


def shown_concern(concern: Concern, access: Access) -> Presented:
    """A concern without its steps."""
    return present("concern", taken(concern, CONCERN_FIELDS), access)


def shown_step(step: ConcernStep, access: Access) -> Presented:
    """One step of the ladder."""
    return present("concern_step", taken(step, STEP_FIELDS), access)


def shown_add_on(add_on: WatchAddOn, access: Access) -> Presented:
    """An add-on; which one it is tells of illness or debt, but for living alone at 65."""
    kind = "watch_add_on_open" if add_on.code.value == "single_65" else "watch_add_on"
    return present(kind, taken(add_on, ("id", "code", "state", "since", "why", "user_id")), access)


def shown_pause(rest: WatchPause, access: Access) -> Presented:
    """A rest; where the household was meanwhile tells of illness."""
    fields = ("id", "from_on", "until_on", "back_on", "reason")
    return present("watch_pause", taken(rest, fields), access)


def shown_change(change: WatchChange, access: Access) -> Presented:
    """One change of a plan."""
    fields = ("id", "kind", "why", "added", "cancelled", "user_id", "created_at")
    return present("watch_change", taken(change, fields), access)
