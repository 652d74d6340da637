"""Registering devices, the accounts their makers send with, and taking in what they send."""

import secrets
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.accounts.models import Organisation, User
from app.audit.models import Deed
from app.db import JAPAN, insert_or_update
from app.errors import ConflictError, InvalidError
from app.followup.ladder.codes import ConcernKind, ConcernState
from app.followup.ladder.models import Concern, ConcernStep
from app.followup.ladder.services import open_concern
from app.followup.models import WatchPlan
from app.followup.plans.services import lock, note
from app.followup.signals.codes import DeviceKind, SignalKind
from app.followup.signals.models import SafetyDevice, SafetySignal
from app.followup.signals.safety import know_safe
from app.policy import Role

CLOCKS_DIFFER = timedelta(minutes=5)
"""So far ahead of ours a device's clock may be."""
IN_USE = "この番号の機器は、もう使われています。番号を確かめてください。"


def fit_device(
    session: Session,
    *,
    plan: WatchPlan,
    serial: str,
    kind: DeviceKind,
    fitted_on: date,
    user_id: int,
    today: date,
) -> SafetyDevice:
    """Register a device in a household's home.

    Raises ConflictError for a plan that has ended, InvalidError for a day to come or before the
    move, and for a number that is in use in another home: a signal must never speak of two
    households.
    """
    lock(session, plan)
    if not plan.starts_on <= fitted_on <= today:
        _refuse("fitted_on", "入居の日からきょうまでの日付を入れてください。")
    device = SafetyDevice(
        plan_id=plan.id,
        organisation_id=plan.organisation_id,
        serial=serial,
        kind=kind,
        fitted_on=fitted_on,
        user_id=user_id,
    )
    session.add(device)
    try:
        session.flush()  # the unique index has the last word on numbers in use
    except IntegrityError as error:
        raise InvalidError(IN_USE, fields={"serial": [IN_USE]}) from error
    note(session, Deed.CREATED, "safety_device", device.id, user_id, "serial", "kind")
    return device


def remove_device(
    session: Session, *, device: SafetyDevice, user_id: int, today: date
) -> SafetyDevice:
    """Take a device out of use; what it sent stays."""
    if device.removed_on is not None:
        raise ConflictError("この機器は、もう外されています。")
    device.removed_on = max(today, device.fitted_on)
    session.flush()  # of two who remove it at once the second is refused by the version
    note(session, Deed.CHANGED, "safety_device", device.id, user_id, "removed_on")
    return device


def make_sender(session: Session, *, organisation: Organisation, name: str, user_id: int) -> str:
    """An account that can send signals and do nothing else; gives its token, readable this once.

    Nobody can sign in with it: its password is random and told to nobody.
    """
    user = accounts.add_user(
        session,
        login=f"device-{secrets.token_hex(6)}",
        name=name,
        password=secrets.token_urlsafe(32),
        roles=[(organisation, Role.DEVICE)],
    )
    note(session, Deed.CREATED, "user", user.id, user_id, "kind")
    return accounts.issue_token(session, user=user, label=name)


def senders(session: Session, organisation_id: int) -> list[User]:
    """The accounts of an office that send signals, by name."""
    return list(
        session.scalars(
            sa.select(User)
            .where(
                User.active,
                User.memberships.any(organisation_id=organisation_id, role=Role.DEVICE),
            )
            .order_by(User.name, User.id)
        )
    )


def stop_sender(session: Session, *, sender: User, user_id: int) -> None:
    """Take an account's token away for good."""
    accounts.switch_off(session, sender)
    note(session, Deed.CHANGED, "user", sender.id, user_id, "active")


def take_in(
    session: Session, *, device: SafetyDevice, at: datetime, kind: SignalKind, now: datetime
) -> bool:
    """Take in one signal; False when this device and moment were taken in before.

    A sign of life meets the day's safety check, an alarm opens a concern. An alarm is never lost
    to a sign of life of the same second, and one pressed again before anybody acted belongs to
    the ladder already open. Raises InvalidError for a moment to come or before the device was
    fitted.
    """
    if at > now + CLOCKS_DIFFER:
        _refuse("at", "まだ来ていない時刻です。機器の時計を確かめてください。")
    if at.astimezone(JAPAN).date() < device.fitted_on:
        _refuse("at", "機器を取り付ける前の時刻です。機器の時計を確かめてください。")
    wanted = (
        insert_or_update(session, SafetySignal)
        .values(device_id=device.id, at=at, kind=kind, created_at=now)
        .on_conflict_do_nothing(index_elements=["device_id", "at"])
        .returning(SafetySignal.id)
    )
    signal_id = session.scalar(wanted)
    if signal_id is None and kind is SignalKind.ALARM:
        signal_id = _made_an_alarm(session, device, at)
    if signal_id is None:
        return False
    if kind is SignalKind.ALIVE:
        know_safe(session, plan_id=device.plan_id, at=min(at, now), by_device=True)
    elif not _waits_for_somebody(session, device.plan_id):
        open_concern(
            session,
            plan=device.plan,
            kind=ConcernKind.ALARM,
            cause=f"signal:{signal_id}",
            check_in_id=None,
            opened_by=None,
            at=now,
        )
    return True


def _made_an_alarm(session: Session, device: SafetyDevice, at: datetime) -> int | None:
    """The sign of life of this moment, now an alarm; None where it was one already."""
    return session.scalar(
        sa.update(SafetySignal)
        .where(
            SafetySignal.device_id == device.id,
            SafetySignal.at == at,
            SafetySignal.kind == SignalKind.ALIVE,
        )
        .values(kind=SignalKind.ALARM)
        .returning(SafetySignal.id)
    )


def _waits_for_somebody(session: Session, plan_id: int) -> bool:
    """Whether an alarm of this household is open and nobody has taken a step since."""
    taken = sa.exists().where(
        ConcernStep.concern_id == Concern.id, ConcernStep.done_at.is_not(None)
    )
    untouched = sa.exists().where(
        Concern.plan_id == plan_id,
        Concern.kind == ConcernKind.ALARM,
        Concern.state == ConcernState.OPEN,
        ~taken,
    )
    return bool(session.scalar(sa.select(untouched)))


def _refuse(field: str, sentence: str) -> None:
    raise InvalidError(sentence, fields={field: [sentence]})
