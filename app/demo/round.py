"""Made-up households in their first weeks, so that whoever looks in has days with work in them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.cases.models import Case
from app.db import now
from app.demo.journeys import home_of, start
from app.demo.watch import WAY
from app.followup.codes import AttemptResult
from app.followup.models import CheckIn, WatchPlan
from app.followup.plans.details import change_details
from app.followup.visits.services import record_attempt
from app.placements import steps
from app.placements.models import Placement

FOOD = {"allergies_asked": True, "equipment": ["kitchen", "fridge"], "carry_kg": "5"}


def _facts(name: str, kana: str, age: int, band: str, story: str) -> dict[str, Any]:
    return {
        "intake": {
            "name": name, "kana": kana, "age_band": band, "household_size": 1, "route": "own",
            "dwelling": "rented", "topics": ["housing"], "main_topic": "housing",
            "protection": "no", "municipality": "座間市",
            "members": [{"relation": "self", "age": age}], "story": story,
        },
        "received_in": -60, "leave_in": None, "need": None, "food": FOOD,
    }  # fmt: skip


MOVED: tuple[tuple[int, int, Mapping[str, Any]], ...] = (
    (
        7,
        11,
        _facts("例題 六太", "れいだい ろくた", 58, "50s", "契約が終わり、近くに移った。"),
    ),
    (
        3,
        12,
        _facts("仮名 七海", "かめい ななみ", 33, "30s", "知人の家を出て移った。"),
    ),
    (20, 13, _facts("見本 八重", "みほん やえ", 69, "65_74", "古い家を出て一階に移った。")),
)
"""Days since the move, the home's number, and whom: two are due today, one tomorrow."""


def add_round(
    session: Session,
    users: Mapping[str, User],
    housing: int,
    *,
    cases: Sequence[Case],
    today: date,
) -> None:
    """Moved in lately and met whenever it was due, all with the same visitor."""
    for (days, home, _facts_of), case in zip(MOVED, cases, strict=True):
        placement = start(session, users["sumai"], housing, case=case, home=home_of(session, home))
        for kind in WAY:
            steps.record_step(
                session,
                placement=placement,
                kind=kind,
                done_on=today - timedelta(days=days),
                user_id=users["sumai"].id,
                today=today,
            )
        _look_in(session, placement, users["mimamori"].id, today)


def _look_in(session: Session, placement: Placement, user_id: int, today: date) -> None:
    plan = session.scalars(sa.select(WatchPlan).where(WatchPlan.placement_id == placement.id)).one()
    values = {"assigned_to": user_id, "emergency_contact": "", "fee": None, "terms": ""}
    change_details(session, plan=plan, version=plan.version, values=values, user_id=user_id)
    past = session.scalars(
        sa.select(CheckIn)
        .where(CheckIn.plan_id == plan.id, CheckIn.due_on < today)
        .order_by(CheckIn.due_on)
    ).all()
    for check_in in past:
        record_attempt(
            session,
            check_in=check_in,
            on=check_in.due_on,
            result=AttemptResult.MET,
            user_id=user_id,
            now=now(),
        )
