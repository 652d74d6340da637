"""Link-ins to community and services, and what a named person decided about the end."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import (
    Base,
    Day,
    Id,
    Name,
    Sentence,
    Timestamps,
    Versioned,
    code_column,
    in_codes,
)
from app.directory.models import Partner
from app.followup.settling.codes import DecisionKind, LeaveReason, LinkResult


class LinkIn(Timestamps, Versioned, Base):
    """つなぎ: to whom, for what, when, and what came of it."""

    __tablename__ = "link_ins"
    __table_args__ = (in_codes("result", LinkResult),)

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(
        sa.ForeignKey("watch_plans.id", ondelete="CASCADE"), index=True
    )
    day: Mapped[Day]
    partner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"), index=True)
    partner_name: Mapped[Name]
    what: Mapped[Sentence]
    result: Mapped[LinkResult] = code_column(LinkResult, default=LinkResult.WAITING)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    partner: Mapped[Partner | None] = relationship()


class WatchDecision(Timestamps, Base):
    """定着・延長・退去, by a named person with reasons. Never changed."""

    __tablename__ = "watch_decisions"
    __table_args__ = (
        in_codes("kind", DecisionKind),
        in_codes("leave_reason", LeaveReason),
        sa.CheckConstraint("(kind = 'left') = (leave_reason IS NOT NULL)", name="left"),
        sa.CheckConstraint("(kind = 'extended') = (until_on IS NOT NULL)", name="extended"),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(
        sa.ForeignKey("watch_plans.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[DecisionKind] = code_column(DecisionKind)
    day: Mapped[Day]
    until_on: Mapped[Day | None]
    leave_reason: Mapped[LeaveReason | None] = code_column(LeaveReason, nullable=True)
    reason: Mapped[Sentence]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
