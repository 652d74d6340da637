"""A made-up household forty days after its move: met often, then not reached; with a device."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.cases.models import Case
from app.db import now
from app.demo.journeys import start
from app.followup.codes import AttemptResult, HelpKind, Rent, Seen
from app.followup.ladder.services import open_overdue
from app.followup.models import CheckIn, WatchPlan
from app.followup.plans.details import change_details
from app.followup.plans.services import answer_add_on
from app.followup.settling.codes import LinkResult
from app.followup.settling.services import link_in
from app.followup.signals.codes import DeviceKind, SignalKind
from app.followup.signals.services import fit_device, take_in
from app.followup.templates.codes import AddOn
from app.followup.visits.services import record_attempt
from app.housing.models import Home
from app.placements import steps
from app.placements.codes import StepKind
from app.placements.models import Placement

LIVING_FOR = 40
WAY = (
    StepKind.APPLICATION, StepKind.LANDLORD, StepKind.CONTRACT, StepKind.KEYS, StepKind.MOVE_IN,
)  # fmt: skip


def add_watch(
    session: Session,
    users: Mapping[str, User],
    housing: int,
    *,
    case: Case,
    home: Home,
    today: date,
) -> None:
    """Moved in, met six times, not found at the review after a month: the ladder is open."""
    housing_worker, visitor = users["sumai"], users["mimamori"]
    placement = start(session, housing_worker, housing, case=case, home=home)
    for kind in WAY:
        steps.record_step(
            session,
            placement=placement,
            kind=kind,
            done_on=today - timedelta(days=LIVING_FOR),
            user_id=housing_worker.id,
            today=today,
        )
    plan = _plan(session, placement)
    _visits(session, plan, visitor.id, today)
    change_details(
        session,
        plan=plan,
        version=plan.version,
        values={
            "assigned_to": visitor.id,
            "emergency_contact": "見本 千草（妹）　0460-00-5005",
            "fee": 1500,
            "terms": "月1回の訪問と毎日の安否確認",
        },
        user_id=visitor.id,
    )
    who: dict[str, Any] = {"user_id": visitor.id, "today": today}
    values = {
        "day": today - timedelta(days=20),
        "partner_id": None,
        "partner_name": "ひなたサロン（お試し）",
        "what": "毎週水曜のお茶の会に、はじめは一緒に行く",
        "result": LinkResult.LINKED,
    }
    link_in(session, plan=plan, values=values, **who)
    answer_add_on(session, plan=plan, code=AddOn.SINGLE_65, confirmed=True, why=None, **who)
    device = fit_device(
        session, plan=plan, serial="DEMO-0001", kind=DeviceKind.MOTION, fitted_on=today, **who
    )
    take_in(session, device=device, at=now(), kind=SignalKind.ALIVE, now=now())
    open_overdue(session, at=now())


def _plan(session: Session, placement: Placement) -> WatchPlan:
    return session.scalars(sa.select(WatchPlan).where(WatchPlan.placement_id == placement.id)).one()


def _visits(session: Session, plan: WatchPlan, user_id: int, today: date) -> None:
    come = session.scalars(
        sa.select(CheckIn)
        .where(CheckIn.plan_id == plan.id, CheckIn.due_on <= today)
        .order_by(CheckIn.due_on)
    ).all()
    said: dict[int, dict[str, Any]] = {
        0: {"note": "荷ほどきが終わり、よく眠れたとのこと。", "rent": Rent.PAID},
        2: {"items": [Seen.LONELY], "kinds": [HelpKind.VISIT, HelpKind.DAILY_LIFE],
            "note": "話し相手がほしい。買い物に一緒に行った。"},
    }  # fmt: skip
    for number, check_in in enumerate(come[:-1]):
        record_attempt(
            session,
            check_in=check_in,
            on=check_in.due_on,
            result=AttemptResult.SPOKE if number == 1 else AttemptResult.MET,
            user_id=user_id,
            now=now(),
            **said.get(number, {}),
        )
    record_attempt(
        session,
        check_in=come[-1],
        on=come[-1].due_on,
        result=AttemptResult.ABSENT,
        note="郵便受けに新聞がたまっていた。",
        user_id=user_id,
        now=now(),
    )
