"""Planning check-ins, and planning them anew when a household's life changes.

Whatever changes, what is past or was attempted stays; only coming check-ins nobody has tried yet
are replaced, in one transaction, and each knows the change that brought or cancelled it.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.errors import ConflictError, InvalidError, NotFoundError
from app.followup.codes import CheckInKind, CheckInState
from app.followup.ladder.models import Concern
from app.followup.models import CheckIn, WatchPlan
from app.followup.plans.codes import AddOnState, ChangeKind, PauseReason, PlanEnd
from app.followup.plans.models import WatchAddOn, WatchChange, WatchPause
from app.followup.signals.models import SafetyDevice
from app.followup.templates import queries as templates
from app.followup.templates.codes import STANDARD, SUPPORT_HOME, AddOn, TemplateKind
from app.followup.templates.models import WatchTemplate
from app.followup.templates.rhythm import RETURNED, Due, due_days, one_a_day, rhythm_of, within
from app.housing.codes import HomeKind
from app.japanese import months_later
from app.placements.models import Placement
from app.placements.steps import move_in_listeners, move_in_undone

ENDED = "この見守りの計画は、もう終わっています。画面を開き直してください。"


def plan_watch(session: Session, placement: Placement, user_id: int) -> WatchPlan:
    """The check-ins of a placement, made in the transaction that records the move-in.

    A 居住サポート住宅 gets the template the law sets a floor for, every other home the usual one.
    """
    moved_in = placement.moved_in_on
    if moved_in is None:
        raise InvalidError("入居の日が記録されていません。")
    code = SUPPORT_HOME if placement.home.kind is HomeKind.SUPPORT else STANDARD
    template = templates.in_force(session, code, placement.organisation_id, moved_in)
    plan = WatchPlan(
        placement_id=placement.id,
        template=template.code,
        template_id=template.id,
        version_of=template,
        starts_on=moved_in,
        ends_on=months_later(moved_in, rhythm_of(template).months),
        organisation_id=placement.organisation_id,
        assigned_to=user_id,
    )
    session.add(plan)
    session.flush()  # its check-ins and the audit entry name it
    replan(session, plan=plan, kind=ChangeKind.START, why=None, user_id=user_id, after=moved_in)
    note(session, Deed.CREATED, "watch_plan", plan.id, user_id, "placement_id", "template")
    return plan


def _plan_on_move_in(session: Session, placement: Placement, user_id: int) -> None:
    plan_watch(session, placement, user_id)


def _drop_on_undo(session: Session, placement: Placement, user_id: int) -> None:
    """A move-in recorded by mistake takes its plan with it, unless somebody looked in already."""
    plan = session.scalar(
        sa.select(WatchPlan).where(WatchPlan.placement_id == placement.id).with_for_update()
    )
    if plan is None:
        return
    tried = any(check_in.attempts for check_in in plan.check_ins)
    more = [
        session.scalar(sa.select(sa.exists().where(table.plan_id == plan.id)))
        for table in (Concern, SafetyDevice)
    ]
    if tried or any(more):
        raise ConflictError("もう見守りの記録があるため、入居は取り消せません。")
    note(session, Deed.DELETED, "watch_plan", plan.id, user_id, "placement_id")
    session.delete(plan)


move_in_undone.append(_drop_on_undo)
move_in_listeners.append(_plan_on_move_in)


# --------------------------------------------------------------------------------- planning


def replan(
    session: Session,
    *,
    plan: WatchPlan,
    kind: ChangeKind,
    why: str | None,
    user_id: int,
    after: date,
) -> WatchChange:
    """Replace the check-ins after a day by what template, add-ons and rests now say.

    Those up to that day, met ones and those with an attempt stay as they are; a coming one that
    is planned just the same stays the same row. Gives the change, with how many came and went.
    """
    change = WatchChange(
        plan_id=plan.id, kind=kind, why=why, template_id=plan.template_id, user_id=user_id
    )
    session.add(change)
    session.flush()  # check-ins name it
    tolerance = tolerance_of(session, plan)
    wanted = {due.due_on: due for due in wanted_days(session, plan) if due.due_on > after}
    rows = session.scalars(_as_they_are(plan).where(CheckIn.state != CheckInState.CANCELLED)).all()
    kept: set[date] = set()
    for row in rows:
        due = wanted.get(row.due_on)
        loose = row.state is CheckInState.DUE and row.due_on > after and not row.attempts
        if not loose or (due is not None and _same(row, due, tolerance)):
            kept.add(row.due_on)
            continue
        row.state, row.cancelled_in = CheckInState.CANCELLED, change.id
        change.cancelled += 1
    session.flush()  # a day is free again before it is planned anew
    fresh = [due for day, due in wanted.items() if day not in kept]
    session.add_all(_check_in(plan, due, tolerance, change) for due in fresh)
    change.added = len(fresh)
    session.flush()  # the unique index has the last word on double bookings
    session.expire(plan, ["check_ins"])
    return change


def _as_they_are(plan: WatchPlan) -> sa.Select[CheckIn]:
    """The check-ins of a plan, read anew: what a page read before the lock may have been met."""
    return (
        sa.select(CheckIn)
        .where(CheckIn.plan_id == plan.id)
        .execution_options(populate_existing=True)
    )


def _same(row: CheckIn, due: Due, tolerance: int) -> bool:
    return (row.kind, row.label, row.planned_for, row.escalate_on) == (
        due.kind, due.label, due.planned_for, _limit(due.due_on, tolerance),
    )  # fmt: skip


def _limit(due_on: date, tolerance: int) -> date:
    """The first day on which an unanswered check-in has been open for too long."""
    return due_on + timedelta(days=tolerance + 1)


def _check_in(plan: WatchPlan, due: Due, tolerance: int, change: WatchChange) -> CheckIn:
    return CheckIn(
        plan_id=plan.id,
        due_on=due.due_on,
        planned_for=due.planned_for,
        escalate_on=_limit(due.due_on, tolerance),
        kind=due.kind,
        label=due.label,
        added_in=change.id,
    )


def wanted_days(session: Session, plan: WatchPlan) -> list[Due]:
    """Every check-in the plan would have if it were made today; none once it has ended."""
    if plan.ended_on is not None:
        return []
    dues = due_days(rhythm_of(plan.version_of), plan.starts_on, plan.ends_on)
    for add_on, template in current_add_ons(session, plan.id):
        extra = due_days(rhythm_of(template, extra=True), add_on.since, plan.ends_on)
        dues = one_a_day([*dues, *extra])
    return within(dues, [(p.from_on, last_day(p)) for p in pauses_of(session, plan.id)])


def tolerance_of(session: Session, plan: WatchPlan) -> int:
    """How many days silence is borne: the shortest of the template's and its add-ons'."""
    add_ons = [template.tolerance_days for _one, template in current_add_ons(session, plan.id)]
    return min([plan.version_of.tolerance_days, *add_ons])


def current_add_ons(session: Session, plan_id: int) -> list[tuple[WatchAddOn, WatchTemplate]]:
    """The add-ons in force with the version each follows."""
    rows = session.execute(
        sa.select(WatchAddOn, WatchTemplate)
        .join(WatchTemplate, WatchTemplate.id == WatchAddOn.template_id)
        .where(WatchAddOn.plan_id == plan_id, WatchAddOn.state == AddOnState.CONFIRMED)
        .order_by(WatchAddOn.id)
    )
    return [(add_on, template) for add_on, template in rows]


def pauses_of(session: Session, plan_id: int) -> Sequence[WatchPause]:
    """The times of rest of a plan, oldest first."""
    return session.scalars(
        sa.select(WatchPause).where(WatchPause.plan_id == plan_id).order_by(WatchPause.from_on)
    ).all()


def last_day(pause: WatchPause) -> date:
    """The last day of a rest; whoever came back early was back on `back_on`."""
    return pause.until_on if pause.back_on is None else pause.back_on - timedelta(days=1)


def called_off(pause: WatchPause) -> bool:
    """Whether a rest was taken back before it had a day."""
    return last_day(pause) < pause.from_on


# --------------------------------------------------------------------------------- changing


def take_turn(session: Session, plan_id: int) -> None:
    """Whoever changes a plan, looks in or closes a concern of it goes one after the other."""
    session.execute(sa.select(WatchPlan.id).where(WatchPlan.id == plan_id).with_for_update())


def lock(session: Session, plan: WatchPlan, *, also_settled: bool = False) -> None:
    """Wait for whoever is changing this plan; refuse when it has ended meanwhile.

    `also_settled` for what may follow a watch that ended well.
    """
    take_turn(session, plan.id)
    session.refresh(plan)
    if plan.ended_on is not None and not (also_settled and plan.ended_as is PlanEnd.SETTLED):
        raise ConflictError(ENDED)


def follow(
    session: Session, *, plan: WatchPlan, code: str, why: str, user_id: int, today: date
) -> WatchChange:
    """Follow a template's version in force today. The past stays as it was planned.

    Raises NotFoundError for an add-on's template: it would leave a household without its rhythm.
    """
    lock(session, plan)
    template = templates.in_force(session, code, plan.organisation_id, today)
    if template.kind is not TemplateKind.BASE:
        raise NotFoundError(templates.NOT_FOUND)
    plan.template, plan.template_id, plan.version_of = template.code, template.id, template
    plan.ends_on = max(plan.ends_on, months_later(plan.starts_on, rhythm_of(template).months))
    note(session, Deed.CHANGED, "watch_plan", plan.id, user_id, "template")
    return replan(
        session, plan=plan, kind=ChangeKind.TEMPLATE, why=why, user_id=user_id, after=today
    )


def answer_add_on(
    session: Session,
    *,
    plan: WatchPlan,
    code: AddOn,
    confirmed: bool,
    why: str | None,
    user_id: int,
    today: date,
) -> WatchAddOn:
    """A named person takes a proposed add-on or leaves it; an earlier answer is kept as ended."""
    lock(session, plan)
    _end_add_on(session, plan.id, code)
    template = templates.in_force(session, code.value, plan.organisation_id, today)
    add_on = WatchAddOn(
        plan_id=plan.id,
        code=code,
        state=AddOnState.CONFIRMED if confirmed else AddOnState.DECLINED,
        template_id=template.id if confirmed else None,
        since=today,
        why=why,
        user_id=user_id,
    )
    session.add(add_on)
    session.flush()  # the audit entry names it
    note(session, Deed.CREATED, "watch_add_on", add_on.id, user_id, "state")
    replan(session, plan=plan, kind=ChangeKind.ADD_ON, why=None, user_id=user_id, after=today)
    return add_on


def _end_add_on(session: Session, plan_id: int, code: AddOn) -> None:
    session.execute(
        sa.update(WatchAddOn)
        .where(
            WatchAddOn.plan_id == plan_id,
            WatchAddOn.code == code,
            WatchAddOn.state != AddOnState.ENDED,
        )
        .values(state=AddOnState.ENDED)
        .execution_options(synchronize_session="fetch")
    )


def pause(
    session: Session,
    *,
    plan: WatchPlan,
    from_on: date,
    until_on: date,
    reason: PauseReason,
    user_id: int,
    today: date,
) -> WatchPause:
    """Let a plan rest while it is known where the household is; the day after, somebody looks in.

    Raises InvalidError for days before the move-in or after the watch, an end before the beginning
    or past, more than six months, and for days another rest already covers.
    """
    lock(session, plan)
    _check_pause(session, plan, from_on, until_on, today)
    rest = WatchPause(
        plan_id=plan.id, from_on=from_on, until_on=until_on, reason=reason, user_id=user_id
    )
    session.add(rest)
    session.flush()  # the audit entry names it
    note(session, Deed.CREATED, "watch_pause", rest.id, user_id, "starts_on", "ends_on")
    replan(session, plan=plan, kind=ChangeKind.PAUSE, why=None, user_id=user_id, after=today)
    return rest


LONGEST_REST = 6


def _check_pause(
    session: Session, plan: WatchPlan, from_on: date, until_on: date, today: date
) -> None:
    if from_on < plan.starts_on:
        _refuse("from_on", "入居の日以降の日付を入れてください。")
    if from_on > max(plan.ends_on, today):
        _refuse("from_on", "見守りの終わりの日までの日付を入れてください。")
    if until_on < from_on:
        _refuse("until_on", "始まりの日以降の日付を入れてください。")
    if until_on < today:
        _refuse("until_on", "きょう以降の日付を入れてください。")
    if until_on > months_later(from_on, LONGEST_REST):
        _refuse(
            "until_on",
            f"{LONGEST_REST}か月までの日付を入れてください。長くなるときは、あとで延ばせます。",
        )
    others = pauses_of(session, plan.id)
    if any(p.from_on <= until_on and from_on <= last_day(p) for p in others if not called_off(p)):
        _refuse("from_on", "この期間には、もう休みが入っています。")


def come_back(
    session: Session, *, plan: WatchPlan, rest: WatchPause, back_on: date, user_id: int, today: date
) -> WatchChange:
    """The household is back earlier than thought: the rest ends the day before `back_on`.

    Back on its first day, it was no rest. Whoever has been back for some days without anybody
    knowing is looked in on today: days on which nobody could have been expected to are not
    planned behind their backs. Raises InvalidError for any other day, ConflictError when somebody
    was told before.
    """
    lock(session, plan)
    session.refresh(rest)
    if rest.back_on is not None:
        raise ConflictError("この休みは、もう終わっています。画面を開き直してください。")
    if not rest.from_on <= back_on <= min(rest.until_on, today):
        _refuse("back_on", "休みが始まった日から、きょうまでの日付を入れてください。")
    rest.back_on = back_on
    note(session, Deed.CHANGED, "watch_pause", rest.id, user_id, "ends_on")
    before = today - timedelta(days=1)
    change = replan(
        session, plan=plan, kind=ChangeKind.RESUME, why=None, user_id=user_id, after=before
    )
    if live_on(session, plan.id, today) is None:
        due = Due(back_on, today, CheckInKind.RETURN, RETURNED)
        session.add(_check_in(plan, due, tolerance_of(session, plan), change))
        change.added += 1
        session.flush()  # the unique index has the last word on double bookings
        session.expire(plan, ["check_ins"])
    return change


def call_off(
    session: Session, *, plan: WatchPlan, rest: WatchPause, user_id: int, today: date
) -> WatchChange:
    """A rest that has had no night yet does not take place; its check-ins come back."""
    lock(session, plan)
    session.refresh(rest)
    if rest.back_on is not None or rest.from_on < today:
        raise ConflictError("この休みは、もう始まっているか、取りやめてあります。")
    rest.back_on = rest.from_on
    note(session, Deed.CHANGED, "watch_pause", rest.id, user_id, "ends_on")
    return replan(session, plan=plan, kind=ChangeKind.PAUSE, why=None, user_id=user_id, after=today)


def live_on(session: Session, plan_id: int, day: date) -> CheckIn | None:
    """The check-in a plan has on a day, whatever became of it; None where there is none."""
    return session.scalar(
        sa.select(CheckIn).where(
            CheckIn.plan_id == plan_id,
            CheckIn.due_on == day,
            CheckIn.state != CheckInState.CANCELLED,
        )
    )


def moved_to(session: Session, plan_id: int, day: date) -> CheckIn | None:
    """A check-in somebody moved to a day and nobody was met for yet."""
    return session.scalar(
        sa.select(CheckIn)
        .where(
            CheckIn.plan_id == plan_id,
            CheckIn.visit_on == day,
            CheckIn.state == CheckInState.DUE,
        )
        .order_by(CheckIn.due_on)
        .limit(1)
    )


def look_in_today(session: Session, *, plan: WatchPlan, user_id: int, today: date) -> CheckIn:
    """A check-in for an unplanned visit: today's or one moved to today, else one more."""
    lock(session, plan)
    found = live_on(session, plan.id, today) or moved_to(session, plan.id, today)
    if found is not None:
        return found
    change = WatchChange(
        plan_id=plan.id,
        kind=ChangeKind.EXTRA,
        template_id=plan.template_id,
        added=1,
        user_id=user_id,
    )
    session.add(change)
    session.flush()  # the check-in names it
    due = Due(today, today, CheckInKind.EXTRA, "予定外の訪問・電話")
    check_in = _check_in(plan, due, tolerance_of(session, plan), change)
    session.add(check_in)
    session.flush()  # whoever was quicker is told apart by the unique index
    note(session, Deed.CREATED, "check_in", check_in.id, user_id, "kind")
    return check_in


def end_plan(
    session: Session,
    *,
    plan: WatchPlan,
    day: date,
    ended_as: PlanEnd,
    why: str,
    user_id: int,
) -> WatchChange:
    """End a plan on a day: coming check-ins are cancelled, and so are open ones of a left home.

    What was attempted and met stays; open concerns stay open until a person closes them.
    """
    lock(session, plan)
    plan.ended_on, plan.ended_as = day, ended_as
    kind = ChangeKind.LEFT if ended_as is PlanEnd.LEFT else ChangeKind.SETTLED
    change = replan(session, plan=plan, kind=kind, why=why, user_id=user_id, after=day)
    open_ones = session.scalars(_as_they_are(plan).where(CheckIn.state == CheckInState.DUE))
    for row in open_ones:
        row.state, row.cancelled_in = CheckInState.CANCELLED, change.id
        change.cancelled += 1
    session.flush()  # what follows reads the plan without them
    note(session, Deed.CHANGED, "watch_plan", plan.id, user_id, "ended_on")
    return change


def _refuse(field: str, sentence: str) -> None:
    raise InvalidError(sentence, fields={field: [sentence]})


def note(
    session: Session, deed: Deed, kind: str, record_id: int, user_id: int | None, *fields: str
) -> None:
    """Write one entry about a plan or what belongs to it."""
    record(
        session, deed=deed, record_kind=kind, record_id=record_id, user_id=user_id, fields=fields
    )
