"""Making a plan, bringing it before the meeting, watching it, and evaluating it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.audit.models import Deed
from app.cases.models import Case, Stage
from app.cases.plans.codes import (
    AFTER_DECISION,
    PLAN_STATE_LABELS,
    After,
    Application,
    Change,
    Decision,
    PlanState,
    Progress,
    Reached,
)
from app.cases.plans.history import PLAN_FIELDS, contents_of, differing, keep_former
from app.cases.plans.models import (
    DECIDED,
    Plan,
    PlanDecision,
    PlanEvaluation,
    PlanMonitoring,
    PlanService,
)
from app.cases.plans.queries import current_plan, services_on
from app.cases.services import advance, note
from app.cases.versions import check_version, flushed
from app.errors import ConflictError, InvalidError
from app.japanese import months_later, workday_from

MONITORING_MONTHS = 3
"""A plan is looked at again after about three months (自立相談支援の手引き)."""

USUAL_MONTHS = 6
"""How long the form of a new plan proposes; whoever writes it says otherwise."""

LONGEST_DAYS = 366
"""A plan runs for a year at most."""

CURRENT_PLAN = "まだ評価していないプランがあります。先にそのプランを評価してください。"


def usual_monitoring(starts_on: date, ends_on: date) -> date:
    """About three months after the start, on a working day and not after the end."""
    return min(workday_from(months_later(starts_on, MONITORING_MONTHS)), ends_on)


def make_plan(
    session: Session, *, case: Case, values: Mapping[str, Any], user_id: int, today: date
) -> Plan:
    """A new plan of a case, numbered after those before it.

    Raises InvalidError for dates or services that cannot be, ConflictError while another plan of
    the case is not evaluated – of two people pressing at once the database lets one through.
    """
    if case.stage is Stage.CLOSED:
        raise InvalidError("終結した相談には作れません。再開してから作ってください。")
    if current_plan(session, case.id) is not None:
        raise ConflictError(CURRENT_PLAN, code="plan_current")
    last = session.scalar(sa.select(sa.func.max(Plan.number)).where(Plan.case_id == case.id))
    plan = Plan(case_id=case.id, number=(last or 0) + 1, made_by=user_id)
    _put(session, plan, values, today=today)
    session.add(plan)
    try:
        session.flush()  # the index on current plans has the last word
    except IntegrityError as error:
        raise ConflictError(CURRENT_PLAN, code="plan_current") from error
    advance(session, case, to=Stage.ASSESSMENT, from_=(Stage.INTAKE,))
    note(session, Deed.CREATED, "plan", plan.id, user_id=user_id, fields=PLAN_FIELDS)
    return plan


def edit_plan(
    session: Session,
    *,
    plan: Plan,
    version: int,
    values: Mapping[str, Any],
    user_id: int,
    today: date,
    why: str = "",
) -> list[str]:
    """Change what a plan says and keep what it said before; gives the names of what changed.

    A plan before the meeting stays as it was brought. One already decided on may still be put
    right in small things, with a reason. Raises StaleError, InvalidError, ConflictError.
    """
    check_version(plan, version)  # first: whoever comes second sees what happened meanwhile
    _in_state(plan, PlanState.DRAFT, *DECIDED)
    if plan.state in DECIDED and not why:
        _refuse("why", "会議の決定のあとの変更です。変える理由を入力してください。")
    before = contents_of(plan)

    def act() -> list[str]:
        _put(session, plan, values, today=today)
        changed = differing(before, contents_of(plan))
        if changed:
            keep_former(session, plan, before, why=why, user_id=user_id)
            flag_modified(plan, "short_goal")  # rows have no version: the plan's
        return changed

    changed = flushed(session, act)
    if changed:
        note(session, Deed.CHANGED, "plan", plan.id, user_id=user_id, fields=changed)
    return changed


def _put(session: Session, plan: Plan, values: Mapping[str, Any], *, today: date) -> None:
    starts_on, ends_on = values["starts_on"], values["ends_on"]
    for name in ("long_goal", "short_goal"):
        if not values[name].strip():
            _refuse(name, "本人の言葉で入力してください。")
    _check_period(starts_on, ends_on, "ends_on", longest=LONGEST_DAYS)
    applied_on = _applied(values, today)
    going = plan.next_monitoring if plan.state in DECIDED else None
    monitoring = values.get("next_monitoring") or going or usual_monitoring(starts_on, ends_on)
    if not starts_on <= monitoring <= ends_on:
        _refuse("next_monitoring", "プランの期間の中の日にしてください。")
    rows = _rows(session, plan, values)
    for name in ("long_goal", "short_goal", "starts_on", "ends_on"):
        setattr(plan, name, values[name])
    plan.issues = values.get("issues") or None
    plan.next_monitoring = monitoring
    plan.application, plan.applied_on = values["application"], applied_on
    if [_same(row) for row in plan.services] != [_same(row) for row in rows]:
        plan.services.clear()
        if plan.id is not None:
            session.flush()  # the former rows give their positions back first
        plan.services = rows


def _applied(values: Mapping[str, Any], today: date) -> date | None:
    if values["application"] is Application.NONE:
        return None
    applied_on: date | None = values.get("applied_on")
    if applied_on is None or applied_on > today:
        _refuse("applied_on", "申し込んだ日を、きょうまでの日付で入れてください。")
    return applied_on


def _rows(session: Session, plan: Plan, values: Mapping[str, Any]) -> list[PlanService]:
    starts_on, ends_on = values["starts_on"], values["ends_on"]
    kept = {row.service for row in plan.services}
    names = {one.code: one for one in services_on(session, starts_on, kept=kept)}
    rows = []
    for position, given in enumerate(values.get("services") or []):
        at = f"services-{position}"
        if given["service"] not in names:
            _refuse(f"{at}-service", "選択肢から選び直してください。")
        first, last = given.get("starts_on") or starts_on, given.get("ends_on") or ends_on
        if not starts_on <= first <= last <= ends_on:
            _refuse(f"{at}-ends_on", "プランの期間の中の日にしてください。")
        known = names[given["service"]]
        rows.append(
            PlanService(
                position=position,
                service=known.code,
                name=known.name,
                provider=given.get("provider") or known.provider,
                frequency=given.get("frequency") or None,
                starts_on=first,
                ends_on=last,
                person_does=given.get("person_does") or None,
                we_do=given.get("we_do") or None,
            )
        )
    return rows


def _same(row: PlanService) -> tuple[Any, ...]:
    return (row.service, row.provider, row.frequency, row.starts_on, row.ends_on,
            row.person_does, row.we_do)  # fmt: skip


def _check_period(starts_on: date, ends_on: date, name: str, *, longest: int) -> None:
    if not 0 <= (ends_on - starts_on).days < longest:
        _refuse(name, "始まりの日から1年以内の日付にしてください。")


def _refuse(name: str, sentence: str) -> None:
    raise InvalidError(sentence, fields={name: [sentence]})


def _in_state(plan: Plan, *states: PlanState) -> None:
    if plan.state not in states:
        raise ConflictError(
            f"このプランは「{PLAN_STATE_LABELS[plan.state]}」のため、この操作はできません。"
            "画面を開き直してください。",
            code="plan_state",
        )


def _move(
    session: Session,
    plan: Plan,
    version: int,
    to: PlanState,
    user_id: int,
    *,
    submitted_on: date | None = None,
) -> None:
    check_version(plan, version)

    def act() -> None:
        plan.state, plan.submitted_on = to, submitted_on or plan.submitted_on

    flushed(session, act)
    note(session, Deed.CHANGED, "plan", plan.id, user_id=user_id, fields=("state",))


def submit_plan(session: Session, *, plan: Plan, version: int, user_id: int, today: date) -> None:
    """Bring a draft before the meeting. Raises InvalidError while the person has not applied."""
    _in_state(plan, PlanState.DRAFT)
    if plan.application is Application.NONE:
        raise InvalidError(
            "本人の申込みがまだ記録されていません。署名か口頭の申込みを記録してから出してください。",
            code="plan_not_applied",
        )
    if not plan.services:
        raise InvalidError(
            "使う事業・サービスが一つもありません。一つ以上入れてから出してください。",
            code="plan_empty",
        )
    _move(session, plan, version, PlanState.SUBMITTED, user_id, submitted_on=today)


def take_back_plan(session: Session, *, plan: Plan, version: int, user_id: int) -> None:
    """Take a plan back from before the meeting, to change it."""
    _in_state(plan, PlanState.SUBMITTED)
    _move(session, plan, version, PlanState.DRAFT, user_id)


def decide_plan(
    session: Session,
    *,
    plan: Plan,
    decision: Decision,
    decided_on: date,
    place: str,
    text: str | None,
    user_id: int,
) -> PlanDecision:
    """What the meeting said: approved or confirmed, to be changed, or postponed.

    Raises ConflictError when the plan is not before a meeting (any more).
    """
    _in_state(plan, PlanState.SUBMITTED)
    made = PlanDecision(
        plan_id=plan.id,
        decision=decision,
        decided_on=decided_on,
        place=place,
        note=text or None,
        recorded_by=user_id,
    )
    session.add(made)

    def act() -> None:
        plan.state = AFTER_DECISION[decision]

    flushed(session, act)
    session.expire(plan, ["decisions"])
    note(session, Deed.CHANGED, "plan", plan.id, user_id=user_id, fields=("decision", "state"))
    return made


def start_plan(session: Session, *, plan: Plan, version: int, user_id: int) -> None:
    """The decided plan is under way."""
    _in_state(plan, PlanState.DECIDED)
    _move(session, plan, version, PlanState.UNDER_WAY, user_id)


def monitor_plan(
    session: Session,
    *,
    plan: Plan,
    version: int,
    monitored_on: date,
    progress: Progress,
    text: str,
    next_monitoring: date | None,
    user_id: int,
    today: date,
) -> PlanMonitoring:
    """Write down how a plan goes; without a day the next look is about three months on."""
    check_version(plan, version)
    _in_state(plan, PlanState.DECIDED, PlanState.UNDER_WAY)
    if not plan.starts_on <= monitored_on <= today:
        _refuse("monitored_on", "プランの始まりからきょうまでの日付を入れてください。")
    if not text.strip():
        _refuse("text", "分かったことを入力してください。")
    if next_monitoring is not None and next_monitoring <= monitored_on:
        _refuse("next_monitoring", "見直した日より後の日付にしてください。")
    following = next_monitoring or workday_from(months_later(monitored_on, MONITORING_MONTHS))
    entry = PlanMonitoring(
        plan_id=plan.id,
        monitored_on=monitored_on,
        progress=progress,
        text=text,
        next_monitoring=following,
        author_id=user_id,
    )

    def act() -> None:
        session.add(entry)
        plan.next_monitoring, plan.state = following, PlanState.UNDER_WAY

    flushed(session, act)
    session.expire(plan, ["monitorings"])
    fields = ("monitored_on", "progress", "text", "next_monitoring")
    note(session, Deed.CREATED, "plan_monitoring", entry.id, user_id=user_id, fields=fields)
    return entry


def evaluate_plan(
    session: Session,
    *,
    plan: Plan,
    version: int,
    evaluated_on: date,
    reached: Reached,
    changes: Collection[Change],
    after: After,
    user_id: int,
    today: date,
    text: str = "",
    work_change: str = "",
    income_change: str = "",
    left_over: str = "",
) -> PlanEvaluation:
    """評価: what came of the plan, and what comes next. The plan is over with it.

    A draft or a plan before the meeting can be evaluated too, when somebody breaks off.
    """
    check_version(plan, version)
    _in_state(plan, *[state for state in PlanState if state is not PlanState.EVALUATED])
    if evaluated_on > today:
        _refuse("evaluated_on", "まだ来ていない日は記録できません。")
    evaluation = PlanEvaluation(
        plan_id=plan.id,
        evaluated_on=evaluated_on,
        reached=reached,
        text=text or None,
        changes=[change.value for change in changes],
        work_change=work_change or None,
        income_change=income_change or None,
        left_over=left_over or None,
        after=after,
        author_id=user_id,
    )

    def act() -> None:
        session.add(evaluation)
        plan.state, plan.next_monitoring = PlanState.EVALUATED, None

    flushed(session, act)
    session.expire(plan, ["evaluation"])
    fields = ("evaluated_on", "reached", "changes", "left_over", "after")
    note(session, Deed.CREATED, "plan_evaluation", evaluation.id, user_id=user_id, fields=fields)
    return evaluation


def begin_from(plans: Sequence[Plan], *, today: date) -> dict[str, Any]:
    """How the form of a new plan begins: with the last plan's unfinished parts."""
    ends_on = months_later(today, USUAL_MONTHS)
    values: dict[str, Any] = {"version": 0, "starts_on": today, "ends_on": ends_on}
    if not plans:
        return values
    last, over = plans[0], plans[0].evaluation
    values |= {"long_goal": last.long_goal, "issues": last.issues}
    if over is not None and over.left_over:
        values["issues"] = over.left_over
    if over is None or over.reached is not Reached.REACHED:
        values["short_goal"] = last.short_goal
        values["services"] = [
            {
                "service": row.service,
                "provider": row.provider,
                "frequency": row.frequency,
                "person_does": row.person_does,
                "we_do": row.we_do,
            }
            for row in last.services
        ]
    return values
