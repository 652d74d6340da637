"""Concerns and their steps. Each cause opens one concern, however often the runner looks."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import (
    Base,
    Id,
    Moment,
    Name,
    Text,
    Timestamps,
    Versioned,
    code_column,
    in_codes,
)
from app.followup.ladder.codes import ConcernKind, ConcernState, Outcome, StepKind, StepResult
from app.followup.models import CheckIn, WatchPlan


class Concern(Timestamps, Versioned, Base):
    """気になること. `cause` names what opened it: an attempt, a check-in and its limit, …."""

    __tablename__ = "concerns"
    __table_args__ = (
        in_codes("kind", ConcernKind),
        in_codes("state", ConcernState),
        in_codes("outcome", Outcome),
        sa.UniqueConstraint("plan_id", "kind", "cause"),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL) "
            "AND (closed_at IS NULL) = (closed_by IS NULL) "
            "AND (closed_at IS NULL) = (outcome IS NULL) "
            "AND (closed_at IS NULL) = (found IS NULL)",
            name="closed",
        ),
        sa.Index("ix_concerns_state", "state", "plan_id"),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("watch_plans.id"))
    check_in_id: Mapped[int | None] = mapped_column(sa.ForeignKey("check_ins.id"), index=True)
    kind: Mapped[ConcernKind] = code_column(ConcernKind)
    cause: Mapped[Name]
    opened_at: Mapped[Moment]
    opened_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    state: Mapped[ConcernState] = code_column(ConcernState, default=ConcernState.OPEN)
    closed_at: Mapped[Moment | None]
    closed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    outcome: Mapped[Outcome | None] = code_column(Outcome, nullable=True)
    found: Mapped[Text | None]
    plan: Mapped[WatchPlan] = relationship()
    check_in: Mapped[CheckIn | None] = relationship()
    steps: Mapped[list["ConcernStep"]] = relationship(
        order_by="ConcernStep.position", lazy="selectin"
    )

    @property
    def next_step(self) -> "ConcernStep | None":
        """The first step nobody has taken yet."""
        return next((step for step in self.steps if step.done_at is None), None)


class ConcernStep(Base):
    """One step of the ladder: by when, and what came of it."""

    __tablename__ = "concern_steps"
    __table_args__ = (
        in_codes("kind", StepKind),
        in_codes("result", StepResult),
        sa.UniqueConstraint("concern_id", "position"),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by IS NULL) AND (done_at IS NULL) = (result IS NULL)",
            name="done",
        ),
    )

    id: Mapped[Id]
    concern_id: Mapped[int] = mapped_column(sa.ForeignKey("concerns.id"), index=True)
    position: Mapped[int]
    kind: Mapped[StepKind] = code_column(StepKind)
    due_at: Mapped[Moment]
    done_at: Mapped[Moment | None]
    done_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    result: Mapped[StepResult | None] = code_column(StepResult, nullable=True)
    note: Mapped[Text | None]
