"""Check-ins after the move. An attempt is not a contact, and nothing unanswered closes itself."""

from datetime import date

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
    Yen,
    code_column,
    in_codes,
)
from app.followup.codes import AttemptResult, CheckInKind, CheckInState, Rent
from app.followup.plans.codes import PlanEnd
from app.followup.templates.models import WatchTemplate
from app.placements.models import Placement

LIVE = sa.text("state <> 'cancelled'")


class WatchPlan(Timestamps, Versioned, Base):
    """見守りの計画 of one placement, made from a template's version on the day of the move.

    `template_id` is the version its coming check-ins follow; what was planned under an earlier one
    stays as it was. `ends_on` is the last planned day: without a decision nothing ends there.
    """

    __tablename__ = "watch_plans"
    __table_args__ = (
        sa.UniqueConstraint("placement_id"),
        in_codes("ended_as", PlanEnd),
        sa.CheckConstraint("(ended_on IS NULL) = (ended_as IS NULL)", name="ended"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_on"),
        sa.CheckConstraint("fee >= 0", name="fee"),
    )

    id: Mapped[Id]
    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placements.id"))
    template: Mapped[Code]
    template_id: Mapped[int] = mapped_column(sa.ForeignKey("watch_templates.id"))
    starts_on: Mapped[Day]
    ends_on: Mapped[Day]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    assigned_to: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    emergency_contact: Mapped[Name | None]
    fee: Mapped[Yen | None]  # what the household pays for being looked in on, a month
    terms: Mapped[Name | None]
    ended_on: Mapped[Day | None]
    ended_as: Mapped[PlanEnd | None] = code_column(PlanEnd, nullable=True)
    placement: Mapped[Placement] = relationship()
    version_of: Mapped[WatchTemplate] = relationship()
    check_ins: Mapped[list["CheckIn"]] = relationship(
        cascade="all, delete-orphan", order_by="CheckIn.due_on, CheckIn.id"
    )


class CheckIn(Base):
    """見守り: one check that is due on a day and stays due until somebody was met or spoken to.

    `planned_for` is the rhythm's own day, `due_on` the day after holidays moved it; when nobody was
    reached by `escalate_on`, a concern is opened. One that a new plan replaced stays, cancelled;
    one that a later contact showed to be well names that contact's check-in in `answered_by`.
    `visitor_id` and `visit_on` are set where somebody else goes than the plan's person, or on
    another day; the plan's own day stays in `due_on`, and silence is counted from there.
    """

    __tablename__ = "check_ins"
    __table_args__ = (
        in_codes("state", CheckInState),
        in_codes("kind", CheckInKind),
        sa.CheckConstraint("(state = 'cancelled') = (cancelled_in IS NOT NULL)", name="cancelled"),
        sa.CheckConstraint("(state = 'covered') = (answered_by IS NOT NULL)", name="answered_by"),
        sa.CheckConstraint("escalate_on > due_on", name="escalate_on"),
        sa.Index(
            "uq_check_ins_live",
            "plan_id",
            "due_on",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        sa.Index("ix_check_ins_plan_id_due_on", "plan_id", "due_on"),  # cancelled ones too
        sa.Index("ix_check_ins_due", "state", "due_on"),
        sa.Index("ix_check_ins_visit_on", "state", "visit_on"),
        sa.Index("ix_check_ins_escalate", "state", "escalate_on"),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("watch_plans.id", ondelete="CASCADE"))
    due_on: Mapped[Day]
    planned_for: Mapped[Day]
    escalate_on: Mapped[Day]
    kind: Mapped[CheckInKind] = code_column(CheckInKind, default=CheckInKind.ROUTINE)
    label: Mapped[Name]
    state: Mapped[CheckInState] = code_column(CheckInState, default=CheckInState.DUE)
    added_in: Mapped[int | None] = mapped_column(sa.ForeignKey("watch_changes.id"))
    cancelled_in: Mapped[int | None] = mapped_column(sa.ForeignKey("watch_changes.id"))
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("check_ins.id"), index=True)
    visitor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    visit_on: Mapped[Day | None]
    moved_in: Mapped[int | None] = mapped_column(sa.ForeignKey("visit_moves.id"))
    plan: Mapped[WatchPlan] = relationship(back_populates="check_ins")
    attempts: Mapped[list["Attempt"]] = relationship(
        order_by="Attempt.at, Attempt.id", lazy="selectin"
    )

    @property
    def visitor(self) -> int | None:
        """Who goes: the plan's person, or whoever this one visit was handed to."""
        return self.visitor_id or self.plan.assigned_to

    @property
    def goes_on(self) -> date:
        """The day somebody means to go: the planned one, or the one it was moved to."""
        return self.visit_on or self.due_on

    @property
    def ref(self) -> str:
        """「12.5」: this visit as its fifth move left it; a later move makes it another."""
        return f"{self.id}.{self.moved_in or 0}"

    @property
    def standing(self) -> list["Attempt"]:
        """The attempts that no later one corrected, oldest first."""
        corrected = {a.corrects_id for a in self.attempts}
        return [a for a in self.attempts if a.id not in corrected]


class Attempt(Timestamps, Base):
    """訪問・連絡の試み, with what was seen. Never changed: a correction is a further one."""

    __tablename__ = "attempts"
    __table_args__ = (
        in_codes("result", AttemptResult),
        in_codes("rent", Rent),
        sa.UniqueConstraint("corrects_id"),
    )

    id: Mapped[Id]
    check_in_id: Mapped[int] = mapped_column(sa.ForeignKey("check_ins.id"), index=True)
    at: Mapped[Moment] = mapped_column(index=True)
    result: Mapped[AttemptResult] = code_column(AttemptResult)
    kinds: Mapped[JsonList] = mapped_column(default=list)  # HelpKind: what was done
    rent: Mapped[Rent | None] = code_column(Rent, nullable=True)
    items: Mapped[JsonList] = mapped_column(default=list)  # Seen: what stood out
    note: Mapped[Text | None]
    linked_to: Mapped[Name | None]
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("attempts.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
