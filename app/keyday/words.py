"""Plans and tasks as pages, papers and the API say them; every value passes policy here."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.keyday.codes import DOER_LABELS, PHASE_LABELS, Doer, Phase, TaskState
from app.keyday.days import Bases, counted_words, day_of, phase_of
from app.keyday.models import KeyDayPlan, KeyDayTask
from app.keyday.queries import RUNNING, bases_of, tasks_for
from app.policy import Access, present
from app.wording import weekday

TO_CONFIRM = "要確認"


def doer_words(task: KeyDayTask, names: Mapping[int, str]) -> str:
    """Who does it, by name where a name was chosen."""
    if task.doer is Doer.PARTNER:
        return task.partner_name or ""
    if task.doer is Doer.COLLEAGUE:
        return names.get(task.colleague_id or 0, DOER_LABELS[Doer.CONSULTANT])
    return DOER_LABELS[task.doer]


def when_words(task: KeyDayTask, on: date | None) -> str:
    """The day, or from what it will be counted once that is known."""
    counted = counted_words(task.counted_from, task.offset_days)
    return weekday(on) if on is not None else f"{counted}（日が決まったら）"


def people_in(tasks: list[KeyDayTask]) -> set[int]:
    """The staff whose names a page of these tasks needs."""
    return {one for t in tasks for one in (t.colleague_id, t.closed_by) if one is not None}


def shown_task(
    task: KeyDayTask, bases: Bases, access: Access, names: Mapping[int, str]
) -> dict[str, Any]:
    """One task's values as far as this viewer may see them."""
    record = {
        "id": task.id,
        "code": task.code,
        "title": task.title,
        "explanation": task.explanation,
        "phase": phase_of(task, bases).value,
        "due_on": day_of(task, bases),
        "counted_from": task.counted_from.value,
        "offset_days": task.offset_days,
        "fixed_on": task.fixed_on,
        "doer": task.doer.value,
        "doer_name": doer_words(task, names),
        "to_ask": task.to_ask,
        "basis": task.basis,
        "certain": task.certain,
        "state": task.state.value,
        "done_on": task.done_on,
        "closed_by": names.get(task.closed_by or 0),
        "reason": task.reason,
        "note": task.note,
        "version": task.version,
    }
    return dict(present("key_day_task", record, access).values)


def rows_of(
    plan: KeyDayPlan, access: Access, names: Mapping[int, str], *, today: date
) -> list[dict[str, Any]]:
    """The tasks a viewer may know of: what is open by its day, then what is closed."""
    bases = bases_of(plan.placement)
    rows = []
    for task in tasks_for(plan, access):
        shown = shown_task(task, bases, access, names)
        on = shown["due_on"]
        is_open = task.state is TaskState.OPEN
        rows.append(
            shown
            | {
                "open": is_open,
                "when": when_words(task, on),
                "counted": "" if task.fixed_on else counted_words(task.counted_from,
                                                                  task.offset_days),
                "late": is_open and on is not None and on < today,
                "is_today": is_open and on == today,
                "order": (not is_open, on is None, on or date.min, task.offset_days, task.position),
            }
        )  # fmt: skip
    return sorted(rows, key=lambda row: row["order"])


def parts_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The three parts of page and paper, empty ones left out."""
    parts = []
    for phase in Phase:
        inside = [row for row in rows if row["phase"] == phase.value]
        if inside:
            left = sum(row["open"] for row in inside)
            parts.append({"title": PHASE_LABELS[phase], "rows": inside, "left": left})
    return parts


def is_closed(plan: KeyDayPlan) -> bool:
    """Whether the way to the keys has come to nothing, or the household has left."""
    return plan.placement.state not in RUNNING
