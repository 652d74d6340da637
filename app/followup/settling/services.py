"""Linking in, and deciding about the end: settled, longer, or left – each by a named person."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.models import Stage
from app.cases.services import advance
from app.cases.versions import check_version, flushed
from app.directory.models import Partner
from app.errors import ConflictError, InvalidError
from app.followup.codes import CheckInState
from app.followup.ladder.codes import ConcernState
from app.followup.ladder.models import Concern
from app.followup.models import CheckIn, WatchPlan
from app.followup.plans.codes import ChangeKind, PlanEnd
from app.followup.plans.services import end_plan, lock, note, replan
from app.followup.settling.codes import LEAVE_LABELS, DecisionKind, LeaveReason, LinkResult
from app.followup.settling.models import LinkIn, WatchDecision
from app.followup.signals.models import SafetyDevice
from app.housing.codes import HomeState
from app.japanese import months_later
from app.placements.codes import PlacementState

LONGEST = 24
"""Months an extension may reach ahead; it can be extended again."""


def link_in(
    session: Session, *, plan: WatchPlan, values: Mapping[str, Any], user_id: int, today: date
) -> LinkIn:
    """Record a link-in. Raises InvalidError for a day to come and for nobody named."""
    if values["day"] > today:
        _refuse("day", "まだ来ていない日は記録できません。")
    if values["day"] < plan.starts_on:
        _refuse("day", "入居の日以降の日付を入れてください。")
    partner = session.get(Partner, values["partner_id"]) if values["partner_id"] else None
    name = partner.name if partner is not None else values["partner_name"]
    if not name:
        _refuse("partner_name", "つなぎ先を選ぶか、相手の名前を入れてください。")
    one = LinkIn(
        plan_id=plan.id,
        day=values["day"],
        partner_id=partner.id if partner is not None else None,
        partner_name=name,
        what=values["what"],
        result=values["result"],
        user_id=user_id,
    )
    session.add(one)
    session.flush()  # the audit entry names it
    note(session, Deed.CREATED, "link_in", one.id, user_id, "partner", "result")
    return one


def change_result(
    session: Session, *, one: LinkIn, version: int, result: LinkResult, user_id: int
) -> None:
    """What came of a link-in. Raises StaleError when somebody was first."""
    check_version(one, version)

    def act() -> None:
        one.result = result

    flushed(session, act)
    note(session, Deed.CHANGED, "link_in", one.id, user_id, "result")


def settle(
    session: Session, *, plan: WatchPlan, day: date, reason: str, user_id: int, today: date
) -> WatchDecision:
    """地域に定着した: the watch ends, the household stays where it is.

    Raises ConflictError while a concern is open or somebody has not been met who should have been:
    what is unanswered does not close by settling.
    """
    lock(session, plan)
    _check_day(plan, day, today)
    _nothing_open(session, plan, today)
    decision = _decide(session, plan, user_id, kind=DecisionKind.SETTLED, day=day, reason=reason)
    end_plan(session, plan=plan, day=day, ended_as=PlanEnd.SETTLED, why=reason[:200],
             user_id=user_id)  # fmt: skip
    _take_devices_out(session, plan, day)
    advance(session, plan.placement.case, to=Stage.SETTLED, from_=(Stage.MOVED_IN,))
    return decision


def extend(
    session: Session, *, plan: WatchPlan, until_on: date, reason: str, user_id: int, today: date
) -> WatchDecision:
    """見守りを延ばす: the last rhythm goes on to the new end."""
    lock(session, plan)
    if until_on <= plan.ends_on:
        _refuse("until_on", "いまの終わりの日より後の日付を入れてください。")
    if until_on <= today:
        _refuse("until_on", "あした以降の日付を入れてください。")
    if until_on > months_later(max(plan.ends_on, today), LONGEST):
        _refuse("until_on", f"{LONGEST}か月先までの日付を入れてください。")
    decision = _decide(
        session, plan, user_id,
        kind=DecisionKind.EXTENDED, day=today, until_on=until_on, reason=reason,
    )  # fmt: skip
    plan.ends_on = until_on
    replan(
        session, plan=plan, kind=ChangeKind.EXTENDED, why=reason[:200], user_id=user_id, after=today
    )
    return decision


def leave(
    session: Session,
    *,
    plan: WatchPlan,
    day: date,
    leave_reason: LeaveReason,
    reason: str,
    user_id: int,
    today: date,
) -> WatchDecision:
    """退去した: the plan ends, the placement with it, and the home is free again.

    Whoever had settled leaves as well: their watch stays ended as it was, on the day it was, and
    the tenancy ends now. Raises InvalidError for a day to come, before the move or before they
    settled, ConflictError for a tenancy that has ended.
    """
    lock(session, plan, also_settled=True)
    _check_day(plan, day, today)
    if plan.ended_on is not None and day < plan.ended_on:
        _refuse("day", "定着とした日以降の日付を入れてください。")
    placement = plan.placement
    if placement.state is not PlacementState.MOVED_IN:
        raise ConflictError("この入居は、もう終わっています。画面を開き直してください。")
    decision = _decide(
        session, plan, user_id,
        kind=DecisionKind.LEFT, day=day, leave_reason=leave_reason, reason=reason,
    )  # fmt: skip
    if plan.ended_on is None:
        end_plan(
            session, plan=plan, day=day, ended_as=PlanEnd.LEFT, why=LEAVE_LABELS[leave_reason],
            user_id=user_id,
        )  # fmt: skip
        _take_devices_out(session, plan, day)
    placement.state, placement.ended_on = PlacementState.ENDED, day
    placement.end_reason = LEAVE_LABELS[leave_reason]
    placement.home.state = HomeState.VACANT
    session.flush()  # the home may be held again in this transaction
    note(session, Deed.CHANGED, "placement", placement.id, user_id, "state", "ended_on")
    return decision


def _check_day(plan: WatchPlan, day: date, today: date) -> None:
    if day > today:
        _refuse("day", "まだ来ていない日は記録できません。")
    if day < plan.starts_on:
        _refuse("day", "入居の日以降の日付を入れてください。")


def _nothing_open(session: Session, plan: WatchPlan, today: date) -> None:
    going = sa.exists().where(Concern.plan_id == plan.id, Concern.state == ConcernState.OPEN)
    if session.scalar(sa.select(going)):
        raise ConflictError(
            "「気になること」が終わっていません。先に、分かったことを書いて終えてください。"
        )
    missed = sa.exists().where(
        CheckIn.plan_id == plan.id, CheckIn.state == CheckInState.DUE, CheckIn.due_on < today
    )
    if session.scalar(sa.select(missed)):
        raise ConflictError(
            "まだ会えていない見守りがあります。会うか話すかしてから、定着としてください。"
        )


def _decide(session: Session, plan: WatchPlan, user_id: int, **values: Any) -> WatchDecision:
    decision = WatchDecision(plan_id=plan.id, user_id=user_id, **values)
    session.add(decision)
    session.flush()  # the audit entry names it
    note(session, Deed.CREATED, "watch_decision", decision.id, user_id, "kind", "reason")
    return decision


def _take_devices_out(session: Session, plan: WatchPlan, day: date) -> None:
    devices = session.scalars(
        sa.select(SafetyDevice).where(
            SafetyDevice.plan_id == plan.id, SafetyDevice.removed_on.is_(None)
        )
    )
    for device in devices:
        device.removed_on = max(day, device.fitted_on)


def _refuse(field: str, sentence: str) -> None:
    raise InvalidError(sentence, fields={field: [sentence]})
