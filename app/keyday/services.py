"""Making a plan from the template and working on its tasks. Nothing is ever deleted."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NoReturn

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.models import Deed
from app.audit.services import record
from app.cases.versions import check_version, flushed
from app.db import JAPAN
from app.errors import ConflictError, InvalidError
from app.keyday.applying import answers_of
from app.keyday.codes import (
    MOST_TASKS,
    TASK_STATE_LABELS,
    Counted,
    Doer,
    TaskState,
    counted_as,
)
from app.keyday.days import day_of
from app.keyday.models import KeyDayPlan, KeyDayTask, KeyDayTemplateLine
from app.keyday.queries import RUNNING, bases_of, is_ready, plan_of
from app.keyday.shipped import Line
from app.keyday.templates import lines_of
from app.placements.models import Placement
from app.placements.queries import staff_to_go_along
from app.wording import day

NOT_READY = (
    "鍵の日の段取りは、契約を記録するか、鍵の受け取り・入居の予定を入れてから作れます。"
    "入居のページで予定を入れてください。"
)
CLOSED = (
    "この入居の手続きは終わっているため、段取りは書きかえられません。これまでの内容は読めます。"
)


def make_plan(
    session: Session, *, placement: Placement, user_id: int, today: date
) -> tuple[KeyDayPlan, bool]:
    """The plan of a placement and whether it was made just now; a second press finds the first.

    Lines that are not for this household are left out, those nobody can tell are asked. Raises
    InvalidError while neither a contract nor a day for keys or move-in is recorded.
    """
    there = plan_of(session, placement.id)
    if there is not None:
        return there, False
    if not is_ready(placement):
        raise InvalidError(NOT_READY, code="not_ready")
    lines = lines_of(session, placement.organisation_id)
    answers = answers_of(session, placement.case, today=today)
    fitting = [line for line in lines if answers[line.applies] is not False]
    plan = KeyDayPlan(
        placement_id=placement.id,
        organisation_id=placement.organisation_id,
        made_by=user_id,
        tasks=[
            _task(line, number, to_ask=answers[line.applies] is None)
            for number, line in enumerate(fitting)
        ],
    )
    try:
        with session.begin_nested():
            session.add(plan)
    except IntegrityError:  # somebody pressed in the same moment: theirs is the plan
        there = plan_of(session, placement.id)
        if there is None:
            raise
        return there, False
    _note(session, Deed.CREATED, "key_day_plan", plan.id, user_id, "placement_id", "tasks")
    return plan, True


def _task(line: Line | KeyDayTemplateLine, number: int, *, to_ask: bool) -> KeyDayTask:
    return KeyDayTask(
        code=line.code,
        position=number,
        title=line.title,
        explanation=line.explanation,
        counted_from=line.counted_from,
        offset_days=line.offset_days,
        doer=line.doer,
        partner_name=line.partner_name,
        applies=line.applies,
        to_ask=to_ask,
        basis=line.basis,
        certain=line.certain,
        state=TaskState.OPEN,
    )


def began_on(placement: Placement) -> date:
    """The first day anything about a placement can have been done."""
    done = [step.done_on for step in placement.every_step if step.done_on is not None]
    return min([placement.created_at.astimezone(JAPAN).date(), *done])


def finish_task(
    session: Session,
    *,
    task: KeyDayTask,
    version: int,
    done_on: date | None,
    user_id: int,
    today: date,
    at: datetime,
) -> None:
    """Tick a task: done on `done_on`, today where no day is given.

    Raises InvalidError for a day to come or before the placement began, ConflictError when the
    task is closed already or the placement over, StaleError when it was changed meanwhile.
    """
    _check_open(session, task, version)
    on = done_on or today
    if on > today:
        _refuse("done_on", "まだ来ていない日です。きょうまでの日付を入れてください。")
    _check_began(task.plan.placement, "done_on", on)

    def act() -> None:
        _close(task, TaskState.DONE, user_id, at)
        task.done_on = on

    flushed(session, act)
    _note(session, Deed.CHANGED, "key_day_task", task.id, user_id, "state", "done_on")


def drop_task(
    session: Session, *, task: KeyDayTask, version: int, reason: str, user_id: int, at: datetime
) -> None:
    """Say that a task is not needed here, and why; it stays. Raises as `finish_task`."""
    _check_open(session, task, version)

    def act() -> None:
        _close(task, TaskState.NOT_NEEDED, user_id, at)
        task.reason = reason

    flushed(session, act)
    _note(session, Deed.CHANGED, "key_day_task", task.id, user_id, "state", "reason")


def _close(task: KeyDayTask, state: TaskState, user_id: int, at: datetime) -> None:
    task.kept_on = day_of(task, bases_of(task.plan.placement))
    task.state, task.closed_at, task.closed_by = state, at, user_id


def reopen_task(session: Session, *, task: KeyDayTask, version: int, user_id: int) -> None:
    """Put a task back among those to be done; the log keeps that it was closed."""
    _check_running(task.plan.placement)
    if task.state is TaskState.OPEN:
        raise ConflictError("これは、すでに「これから」に戻っています。", code="task_open")
    check_version(task, version)

    def act() -> None:
        task.state = TaskState.OPEN
        task.closed_at = task.closed_by = task.done_on = task.kept_on = task.reason = None

    flushed(session, act)
    _note(session, Deed.CHANGED, "key_day_task", task.id, user_id, "state")


def _check_running(placement: Placement) -> None:
    if placement.state not in RUNNING:
        raise ConflictError(CLOSED, code="placement_over")


def _check_open(session: Session, task: KeyDayTask, version: int) -> None:
    """A task somebody closed before is told with who and how, whatever version the form has."""
    _check_running(task.plan.placement)
    if task.state is not TaskState.OPEN:
        who = session.get(User, task.closed_by) if task.closed_by else None
        raise ConflictError(
            f"「{task.title}」は、{who.name if who else 'ほかの人'}さんが"
            f"「{TASK_STATE_LABELS[task.state]}」にしています。段取りを開き直してください。",
            code="task_closed",
        )
    check_version(task, version)


def add_task(
    session: Session, *, plan: KeyDayPlan, values: Mapping[str, Any], user_id: int
) -> KeyDayTask:
    """One more thing to do, for this household alone.

    Raises InvalidError for a day before the placement began, a colleague who does not work on the
    case, or one task too many.
    """
    _check_running(plan.placement)
    if len(plan.tasks) >= MOST_TASKS:
        _refuse("title", f"一つの段取りに入れられるのは{MOST_TASKS}までです。")
    last = max((task.position for task in plan.tasks), default=-1)
    task = KeyDayTask(plan_id=plan.id, code=None, position=last + 1, state=TaskState.OPEN)
    _write(session, task, plan.placement, values)
    plan.tasks.append(task)
    session.flush()  # the log names it
    _note(session, Deed.CREATED, "key_day_task", task.id, user_id, *values)
    return task


def change_task(
    session: Session, *, task: KeyDayTask, version: int, values: Mapping[str, Any], user_id: int
) -> None:
    """Give an open task another day, person or wording. Raises as `add_task` and `finish_task`."""
    _check_open(session, task, version)
    flushed(session, lambda: _write(session, task, task.plan.placement, values))
    _note(session, Deed.CHANGED, "key_day_task", task.id, user_id, *values)


def _write(
    session: Session, task: KeyDayTask, placement: Placement, values: Mapping[str, Any]
) -> None:
    if values["fixed_on"] is not None:
        _check_began(placement, "fixed_on", values["fixed_on"])
    doer = values["doer"]
    task.partner_name, task.colleague_id = _named(session, placement, values)
    task.title, task.doer, task.fixed_on = values["title"], doer, values["fixed_on"]
    task.explanation = values["explanation"] or None
    task.counted_from, task.offset_days = counted_as(Counted(values["counted"]), values["days"])
    if "note" in values:  # who may not read the note keeps it
        task.note = values["note"] or None


def _named(
    session: Session, placement: Placement, values: Mapping[str, Any]
) -> tuple[str | None, int | None]:
    """The partner or the colleague who does it, where the choice of doer asks for a name."""
    if values["doer"] is Doer.PARTNER:
        return check_partner(values["partner_name"]), None
    if values["doer"] is not Doer.COLLEAGUE:
        return None, None
    known = {number for number, _name in staff_to_go_along(session, placement)}
    if values["colleague_id"] not in known:
        _refuse("colleague_id", "担当の職員を選んでください。")
    return None, values["colleague_id"]


def check_partner(name: str) -> str:
    """The partner's name; raises InvalidError without one."""
    if not name:
        _refuse("partner_name", "だれがするか、名前を入力してください。")
    return name


def _check_began(placement: Placement, name: str, on: date) -> None:
    first = began_on(placement)
    if on < first:
        _refuse(
            name,
            f"入居の手続きを始めた日（{day(first)}）より前です。その日からあとの日にしてください。",
        )


def _refuse(name: str, sentence: str) -> NoReturn:
    raise InvalidError(sentence, fields={name: [sentence]})


def _note(
    session: Session, deed: Deed, kind: str, record_id: int, user_id: int, *fields: str
) -> None:
    record(
        session, deed=deed, record_kind=kind, record_id=record_id, user_id=user_id, fields=fields
    )
