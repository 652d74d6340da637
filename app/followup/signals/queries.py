"""Reading devices. Which there are is told to nobody but the office that fitted them."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.followup.signals.models import SafetyDevice, SafetySignal

UNKNOWN = "この機器は登録されていません。番号を確かめて、見守りの担当に知らせてください。"


def device_to_hear(session: Session, serial: str, organisations: Collection[int]) -> SafetyDevice:
    """The device in use under this number in one of these offices.

    Raises NotFoundError in the same words whether no such device exists, it is another office's,
    or it was taken out.
    """
    device = session.scalar(
        sa.select(SafetyDevice).where(
            SafetyDevice.serial == serial,
            SafetyDevice.removed_on.is_(None),
            SafetyDevice.organisation_id.in_(organisations),
        )
    )
    if device is None or device.plan.ended_on is not None:
        raise NotFoundError(UNKNOWN)
    return device


def devices_of(session: Session, plan_id: int) -> list[tuple[SafetyDevice, SafetySignal | None]]:
    """The devices of a household with the last each sent, those in use first."""
    newest = (
        sa.select(SafetySignal.device_id, sa.func.max(SafetySignal.at).label("at"))
        .group_by(SafetySignal.device_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(SafetyDevice, SafetySignal)
        .outerjoin(newest, newest.c.device_id == SafetyDevice.id)
        .outerjoin(
            SafetySignal,
            sa.and_(SafetySignal.device_id == SafetyDevice.id, SafetySignal.at == newest.c.at),
        )
        .where(SafetyDevice.plan_id == plan_id)
        .order_by(SafetyDevice.removed_on.is_not(None), SafetyDevice.id)
    )
    return [(row[0], row[1]) for row in rows]


def get_device(session: Session, device_id: int, plan_id: int) -> SafetyDevice:
    """A device of a plan the caller has opened."""
    device = session.get(SafetyDevice, device_id)
    if device is None or device.plan_id != plan_id:
        raise NotFoundError("この機器は見つかりません。")
    return device
