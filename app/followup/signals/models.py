"""Devices in homes, what they sent, and the days on which somebody was known to be safe."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Code, Day, Id, Moment, Timestamps, Versioned, code_column, in_codes
from app.followup.models import WatchPlan
from app.followup.signals.codes import DeviceKind, SignalKind

IN_USE = sa.text("removed_on IS NULL")


class SafetyDevice(Timestamps, Versioned, Base):
    """A device in a home, under the number its maker sends. In use in one home at a time."""

    __tablename__ = "safety_devices"
    __table_args__ = (
        in_codes("kind", DeviceKind),
        sa.CheckConstraint("removed_on >= fitted_on", name="removed_on"),
        sa.Index(
            "uq_safety_devices_in_use",
            "organisation_id",
            "serial",
            unique=True,
            sqlite_where=IN_USE,
            postgresql_where=IN_USE,
        ),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("watch_plans.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    serial: Mapped[Code]
    kind: Mapped[DeviceKind] = code_column(DeviceKind)
    fitted_on: Mapped[Day]
    removed_on: Mapped[Day | None]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    plan: Mapped[WatchPlan] = relationship()


class SafetySignal(Timestamps, Base):
    """One signal; the same device and moment is the same signal, however often it is sent."""

    __tablename__ = "safety_signals"
    __table_args__ = (in_codes("kind", SignalKind), sa.UniqueConstraint("device_id", "at"))

    id: Mapped[Id]
    device_id: Mapped[int] = mapped_column(sa.ForeignKey("safety_devices.id"))
    at: Mapped[Moment]
    kind: Mapped[SignalKind] = code_column(SignalKind)


class SafetyDay(Base):
    """安否確認: a household was known to be safe on a day. No row means nobody knows.

    `only_clock`: nobody knows either – an alarm or a silence turned out to be a mistake, and from
    then on silence is counted anew.
    """

    __tablename__ = "safety_days"

    plan_id: Mapped[int] = mapped_column(
        sa.ForeignKey("watch_plans.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[Day] = mapped_column(primary_key=True)
    last_at: Mapped[Moment]
    by_device: Mapped[bool]
    only_clock: Mapped[bool] = mapped_column(default=False)
