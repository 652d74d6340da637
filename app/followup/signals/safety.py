"""Days on which somebody was known to be safe, and households nothing was heard of for too long."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.db import JAPAN, insert_or_update, moment_on
from app.followup.codes import CONTACTS
from app.followup.ladder.codes import Outcome
from app.followup.ladder.models import Concern
from app.followup.models import Attempt, CheckIn, WatchPlan
from app.followup.plans.codes import ChangeKind
from app.followup.plans.models import WatchChange, WatchPause
from app.followup.signals.codes import SignalKind
from app.followup.signals.models import SafetyDay, SafetyDevice, SafetySignal
from app.followup.templates.models import WatchTemplate

TELLS_NOTHING_NEW = frozenset({Outcome.DIED, Outcome.LATER})
"""How a concern may end without the day of its end being one known safe: the contact that answered
it has a day of its own."""
SILENT_FOR = 24
"""Hours of silence borne where a template names none (安否確認: at least once a day)."""


def know_safe(
    session: Session, *, plan_id: int, at: datetime, by_device: bool, only_clock: bool = False
) -> None:
    """Note that a household was known to be safe at a moment; the latest of a day stays.

    `only_clock` for what turned out to be a mistake: silence is counted anew from that moment, and
    nobody is called safe by it. Whatever else a day holds makes it a day known safe.
    """
    wanted = insert_or_update(session, SafetyDay).values(
        plan_id=plan_id,
        day=at.astimezone(JAPAN).date(),
        last_at=at,
        by_device=by_device,
        only_clock=only_clock,
    )
    newer = wanted.excluded.last_at > SafetyDay.last_at
    kept = SafetyDay.__table__.c
    session.execute(
        wanted.on_conflict_do_update(
            index_elements=[SafetyDay.plan_id, SafetyDay.day],
            set_={
                "last_at": sa.case((newer, wanted.excluded.last_at), else_=kept.last_at),
                # A mark of the clock knows of no device and takes no device's day away.
                "by_device": sa.case(
                    (kept.only_clock, wanted.excluded.by_device),
                    (wanted.excluded.only_clock, kept.by_device),
                    else_=sa.and_(kept.by_device, wanted.excluded.by_device),
                ),
                "only_clock": sa.and_(kept.only_clock, wanted.excluded.only_clock),
            },
        )
    )


def know_anew(session: Session, *, plan_id: int, day: date) -> None:
    """Work a day out again from what still stands: a contact that never was made nobody safe."""
    begin, end = moment_on(day), moment_on(day + timedelta(days=1))
    session.execute(sa.delete(SafetyDay).where(SafetyDay.plan_id == plan_id, SafetyDay.day == day))
    later = aliased(Attempt)
    met = (
        sa.select(Attempt.at)
        .join(CheckIn, CheckIn.id == Attempt.check_in_id)
        .where(
            CheckIn.plan_id == plan_id,
            Attempt.at >= begin,
            Attempt.at < end,
            Attempt.result.in_(CONTACTS),
            ~sa.exists().where(later.corrects_id == Attempt.id),
        )
    )
    found = sa.select(Concern.closed_at, Concern.outcome).where(
        Concern.plan_id == plan_id,
        Concern.closed_at >= begin,
        Concern.closed_at < end,
        Concern.outcome.not_in(TELLS_NOTHING_NEW),
    )
    sent = (
        sa.select(SafetySignal.at)
        .join(SafetyDevice, SafetyDevice.id == SafetySignal.device_id)
        .where(
            SafetyDevice.plan_id == plan_id,
            SafetySignal.at >= begin,
            SafetySignal.at < end,
            SafetySignal.kind == SignalKind.ALIVE,
        )
    )
    known = [(at, False, False) for at in session.scalars(met)]
    known += [
        (at, False, outcome is Outcome.MISTAKE)
        for at, outcome in session.execute(found)
        if at is not None
    ]
    known += [(at, True, False) for at in session.scalars(sent)]
    for at, by_device, only_clock in known:
        know_safe(session, plan_id=plan_id, at=at, by_device=by_device, only_clock=only_clock)


@dataclass(frozen=True)
class Silence:
    """A household of which nothing was heard since a moment, and when that became too long."""

    plan_id: int
    since: datetime
    limit: datetime


def silences(session: Session, *, at: datetime) -> Iterator[Silence]:
    """Running plans with a daily check or a device, silent for longer than their template bears.

    A rest counts as known whereabouts; so does the day a template with a daily check began.
    """
    today = at.astimezone(JAPAN).date()
    last = sa.select(sa.func.max(SafetyDay.last_at)).where(SafetyDay.plan_id == WatchPlan.id)
    changed = sa.select(sa.func.max(WatchChange.created_at)).where(
        WatchChange.plan_id == WatchPlan.id,
        WatchChange.kind.in_([ChangeKind.START, ChangeKind.TEMPLATE, ChangeKind.RESUME]),
    )
    fitted = sa.select(sa.func.max(SafetyDevice.created_at)).where(
        SafetyDevice.plan_id == WatchPlan.id, SafetyDevice.removed_on.is_(None)
    )
    rested = sa.select(sa.func.max(WatchPause.until_on)).where(
        WatchPause.plan_id == WatchPlan.id,
        WatchPause.back_on.is_(None),
        WatchPause.from_on <= today,
    )
    rows = session.execute(
        sa.select(
            WatchPlan.id,
            WatchPlan.starts_on,
            WatchTemplate.silent_hours,
            last.scalar_subquery(),
            changed.scalar_subquery(),
            fitted.scalar_subquery(),
            rested.scalar_subquery(),
        )
        .join(WatchTemplate, WatchTemplate.id == WatchPlan.template_id)
        .where(
            WatchPlan.ended_on.is_(None),
            sa.or_(WatchTemplate.daily_safety, fitted.scalar_subquery().is_not(None)),
        )
        .order_by(WatchPlan.id)
    )
    for plan_id, starts_on, hours, *heard, until in rows:
        known = [moment_on(starts_on), *(moment for moment in heard if moment is not None)]
        if until is not None:
            known.append(moment_on(until + timedelta(days=1)))
        since = max(known)
        limit = since + timedelta(hours=hours or SILENT_FOR)
        if limit <= at:
            yield Silence(plan_id, since, limit)
