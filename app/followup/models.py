"""Check-ins after the move. An attempt is not a contact, and nothing unanswered closes itself."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import (
    Base,
    Code,
    Day,
    Id,
    JsonList,
    Moment,
    Name,
    Text,
    Timestamps,
    Versioned,
    code_column,
    in_codes,
)
from app.placements.models import Placement


class CheckInState(StrEnum):
    DUE = "due"
    MET = "met"
    CANCELLED = "cancelled"


class AttemptResult(StrEnum):
    MET = "met"
    SPOKE = "spoke"
    ABSENT = "absent"
    NO_ANSWER = "no_answer"
    WORRYING = "worrying"


ATTEMPT_LABELS = {
    AttemptResult.MET: "会えた",
    AttemptResult.SPOKE: "電話で話せた",
    AttemptResult.ABSENT: "不在",
    AttemptResult.NO_ANSWER: "応答なし",
    AttemptResult.WORRYING: "気になる",
}
CONTACTS = frozenset({AttemptResult.MET, AttemptResult.SPOKE, AttemptResult.WORRYING})


class WatchPlan(Timestamps, Versioned, Base):
    """見守りの計画 of one placement, made from a template on the day of the move."""

    __tablename__ = "watch_plans"
    __table_args__ = (sa.UniqueConstraint("placement_id"),)

    id: Mapped[Id]
    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placements.id"))
    template: Mapped[Code]
    starts_on: Mapped[Day]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    assigned_to: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    ended_on: Mapped[Day | None]
    placement: Mapped[Placement] = relationship()
    check_ins: Mapped[list["CheckIn"]] = relationship(
        cascade="all, delete-orphan", order_by="CheckIn.due_on, CheckIn.id"
    )


class CheckIn(Base):
    """見守り: one check that is due on a day and stays due until somebody was met or spoken to."""

    __tablename__ = "check_ins"
    __table_args__ = (
        in_codes("state", CheckInState),
        sa.UniqueConstraint("plan_id", "due_on"),
        sa.Index("ix_check_ins_due", "state", "due_on"),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("watch_plans.id", ondelete="CASCADE"))
    due_on: Mapped[Day]
    label: Mapped[Name]
    state: Mapped[CheckInState] = code_column(CheckInState, default=CheckInState.DUE)
    plan: Mapped[WatchPlan] = relationship(back_populates="check_ins")
    attempts: Mapped[list["Attempt"]] = relationship(order_by="Attempt.at", lazy="selectin")


class Attempt(Timestamps, Base):
    """訪問・連絡の試み, with what was seen. `client_key` makes a repeated sending harmless."""

    __tablename__ = "attempts"
    __table_args__ = (in_codes("result", AttemptResult),)

    id: Mapped[Id]
    check_in_id: Mapped[int] = mapped_column(sa.ForeignKey("check_ins.id"), index=True)
    at: Mapped[Moment]
    result: Mapped[AttemptResult] = code_column(AttemptResult)
    items: Mapped[JsonList] = mapped_column(default=list)
    note: Mapped[Text | None]
    linked_to: Mapped[Name | None]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
