"""Holds and placements. The database decides races: one home, one household."""

from datetime import time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.models import Case
from app.db import (
    Base,
    Day,
    Id,
    Moment,
    Name,
    Text,
    Timestamps,
    Versioned,
    Yen,
    code_column,
    in_codes,
)
from app.directory.models import Partner
from app.housing.codes import ContractKind, CostCode
from app.housing.models import Home
from app.placements.codes import (
    FailedCondition,
    HoldEnd,
    Payer,
    PlacementState,
    RefusalReason,
    StepKind,
    StepResult,
)


class Hold(Timestamps, Base):
    """取り置き: a home kept for one household until an end time."""

    __tablename__ = "holds"
    __table_args__ = (
        in_codes("ended_as", HoldEnd),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended"),
        sa.Index(
            "uq_holds_active_home",
            "home_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    home_id: Mapped[int] = mapped_column(sa.ForeignKey("homes.id"), index=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    match_run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("match_runs.id"))
    ends_at: Mapped[Moment] = mapped_column(index=True)
    ended_at: Mapped[Moment | None]
    ended_as: Mapped[HoldEnd | None] = code_column(HoldEnd, nullable=True)
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    reason: Mapped[Name | None]
    extended_why: Mapped[Name | None]
    home: Mapped[Home] = relationship()
    case: Mapped[Case] = relationship()


class Placement(Timestamps, Versioned, Base):
    """入居: one household on its way into one home, and then living there.

    A temporary stay stands beside the way into a lasting home: a household in a shelter looks on.
    """

    __tablename__ = "placements"
    __table_args__ = (
        in_codes("state", PlacementState),
        in_codes("refusal", RefusalReason),
        in_codes("failed_condition", FailedCondition),
        sa.CheckConstraint("temporary OR stay_until IS NULL", name="stay_until"),
        sa.Index(
            "uq_placements_current_home",
            "home_id",
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'moved_in')"),
            postgresql_where=sa.text("state IN ('open', 'moved_in')"),
        ),
        sa.Index(
            "uq_placements_current_case",
            "case_id",
            "temporary",
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'moved_in')"),
            postgresql_where=sa.text("state IN ('open', 'moved_in')"),
        ),
        sa.Index("ix_placements_stay_until", "state", "stay_until"),
    )

    id: Mapped[Id]
    home_id: Mapped[int] = mapped_column(sa.ForeignKey("homes.id"), index=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    hold_id: Mapped[int | None] = mapped_column(sa.ForeignKey("holds.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    state: Mapped[PlacementState] = code_column(PlacementState, default=PlacementState.OPEN)
    temporary: Mapped[bool] = mapped_column(default=False)
    stay_until: Mapped[Day | None]
    moved_in_on: Mapped[Day | None]
    ended_on: Mapped[Day | None]
    end_reason: Mapped[Name | None]
    refusal: Mapped[RefusalReason | None] = code_column(RefusalReason, nullable=True)
    refusal_note: Mapped[Name | None]
    failed_condition: Mapped[FailedCondition | None] = code_column(FailedCondition, nullable=True)
    home: Mapped[Home] = relationship()
    case: Mapped[Case] = relationship()
    every_step: Mapped[list["PlacementStep"]] = relationship(
        cascade="all, delete-orphan", order_by="PlacementStep.id", lazy="selectin"
    )
    costs: Mapped[list["PlacementCost"]] = relationship(
        cascade="all, delete-orphan", order_by="PlacementCost.position"
    )

    @property
    def steps(self) -> list["PlacementStep"]:
        """The steps done and not taken back, in the order of the way."""
        order = list(StepKind)
        done = [s for s in self.every_step if s.done_on is not None and s.returned_at is None]
        return sorted(done, key=lambda step: order.index(step.kind))

    @property
    def planned(self) -> list["PlacementStep"]:
        """Appointments ahead, the nearest first; none once the way has come to its end."""
        if self.state is not PlacementState.OPEN:
            return []
        ahead = [s for s in self.every_step if s.done_on is None and s.returned_at is None]
        return sorted(ahead, key=lambda s: (s.planned_on or s.created_at.date(), s.id))

    @property
    def returned(self) -> list["PlacementStep"]:
        """The steps taken back, with who, when and why."""
        return [step for step in self.every_step if step.returned_at is not None]


class PlacementStep(Timestamps, Base):
    """One step: an appointment ahead, what was done, or what had to be taken back.

    A step taken back stays written; only valid ones are unique.
    """

    __tablename__ = "placement_steps"
    __table_args__ = (
        in_codes("kind", StepKind),
        in_codes("result", StepResult),
        in_codes("contract_kind", ContractKind),
        sa.CheckConstraint("done_on IS NOT NULL OR planned_on IS NOT NULL", name="dated"),
        sa.CheckConstraint(
            "(returned_at IS NULL) = (returned_by IS NULL) "
            "AND (returned_at IS NULL) = (returned_why IS NULL)",
            name="returned",
        ),
        sa.Index(
            "uq_placement_steps_valid",
            "placement_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("returned_at IS NULL"),
            postgresql_where=sa.text("returned_at IS NULL"),
        ),
        sa.Index("ix_placement_steps_planned_on", "planned_on"),
        sa.Index("ix_placement_steps_done_on", "done_on"),
    )

    id: Mapped[Id]
    placement_id: Mapped[int] = mapped_column(
        sa.ForeignKey("placements.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[StepKind] = code_column(StepKind)
    planned_on: Mapped[Day | None]
    planned_time: Mapped[time | None]
    meeting_place: Mapped[Name | None]
    companion: Mapped[Name | None]
    companion_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    partner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"))
    done_on: Mapped[Day | None]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    result: Mapped[StepResult | None] = code_column(StepResult, nullable=True)
    company_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"))
    answered_by: Mapped[Name | None]
    contract_kind: Mapped[ContractKind | None] = code_column(ContractKind, nullable=True)
    contract_from: Mapped[Day | None]
    contract_to: Mapped[Day | None]
    explained_on: Mapped[Day | None]  # 重要事項説明 (宅地建物取引業法35条)
    witness: Mapped[Name | None]
    note: Mapped[Text | None]
    returned_at: Mapped[Moment | None]
    returned_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    returned_why: Mapped[Name | None]
    company: Mapped[Partner | None] = relationship(foreign_keys=[company_id])
    partner: Mapped[Partner | None] = relationship(foreign_keys=[partner_id])


class PlacementCost(Base):
    """One line of a placement's initial cost, and who pays it; unknown amounts stay unknown."""

    __tablename__ = "placement_costs"
    __table_args__ = (
        in_codes("code", CostCode),
        in_codes("payer", Payer),
        sa.CheckConstraint("amount >= 0", name="amount"),
    )

    id: Mapped[Id]
    placement_id: Mapped[int] = mapped_column(
        sa.ForeignKey("placements.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    code: Mapped[CostCode] = code_column(CostCode)
    amount: Mapped[Yen | None]
    payer: Mapped[Payer] = code_column(Payer, default=Payer.SELF)
    note: Mapped[Name | None]


class StayExtension(Timestamps, Base):
    """A temporary stay made longer: from when to when, by whom, and why."""

    __tablename__ = "stay_extensions"

    id: Mapped[Id]
    placement_id: Mapped[int] = mapped_column(
        sa.ForeignKey("placements.id", ondelete="CASCADE"), index=True
    )
    before: Mapped[Day]
    until: Mapped[Day]
    reason: Mapped[Name]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
