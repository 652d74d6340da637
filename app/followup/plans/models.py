"""What happened to a plan: every change with who and why, times of rest, and add-ons."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Day, Id, Name, Timestamps, code_column, in_codes
from app.followup.plans.codes import AddOnState, ChangeKind, PauseReason
from app.followup.templates.codes import AddOn

NOT_OVER = sa.text("state <> 'ended'")


class WatchChange(Timestamps, Base):
    """One change of a plan. The check-ins it added and cancelled name it; it is never changed."""

    __tablename__ = "watch_changes"
    __table_args__ = (in_codes("kind", ChangeKind),)

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(
        sa.ForeignKey("watch_plans.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[ChangeKind] = code_column(ChangeKind)
    why: Mapped[Name | None]
    template_id: Mapped[int] = mapped_column(sa.ForeignKey("watch_templates.id"))
    added: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))


class WatchPause(Timestamps, Base):
    """休み: nobody looks in because it is known where the household is. It has an end, always.

    `until_on` is inclusive; `back_on` is the day the household came back when that was earlier.
    """

    __tablename__ = "watch_pauses"
    __table_args__ = (
        in_codes("reason", PauseReason),
        sa.CheckConstraint("until_on >= from_on", name="until_on"),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(
        sa.ForeignKey("watch_plans.id", ondelete="CASCADE"), index=True
    )
    from_on: Mapped[Day]
    until_on: Mapped[Day]
    back_on: Mapped[Day | None]
    reason: Mapped[PauseReason] = code_column(PauseReason)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))


class WatchAddOn(Timestamps, Base):
    """A named person's answer to a proposed add-on: looked in on more often, or not, and why."""

    __tablename__ = "watch_add_ons"
    __table_args__ = (
        in_codes("code", AddOn),
        in_codes("state", AddOnState),
        sa.Index(
            "uq_watch_add_ons_current",
            "plan_id",
            "code",
            unique=True,
            sqlite_where=NOT_OVER,
            postgresql_where=NOT_OVER,
        ),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(
        sa.ForeignKey("watch_plans.id", ondelete="CASCADE"), index=True
    )
    code: Mapped[AddOn] = code_column(AddOn)
    state: Mapped[AddOnState] = code_column(AddOnState)
    template_id: Mapped[int | None] = mapped_column(sa.ForeignKey("watch_templates.id"))
    since: Mapped[Day]
    why: Mapped[Name | None]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
