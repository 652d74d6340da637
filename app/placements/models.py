"""Holds and placements. The database decides races: one home, one household."""

from enum import StrEnum

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
    code_column,
    in_codes,
)
from app.housing.models import Home


class HoldEnd(StrEnum):
    RELEASED = "released"
    EXPIRED = "expired"
    PLACED = "placed"


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
    home_id: Mapped[int] = mapped_column(sa.ForeignKey("homes.id"))
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    match_run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("match_runs.id"))
    ends_at: Mapped[Moment] = mapped_column(index=True)
    ended_at: Mapped[Moment | None]
    ended_as: Mapped[HoldEnd | None] = code_column(HoldEnd, nullable=True)
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    reason: Mapped[Name | None]
    home: Mapped[Home] = relationship()
    case: Mapped[Case] = relationship()


class StepKind(StrEnum):
    """The way to the keys, in order."""

    VIEWING = "viewing"
    APPLICATION = "application"
    SCREENING = "screening"
    LANDLORD = "landlord"
    CONTRACT = "contract"
    KEYS = "keys"
    MOVE_IN = "move_in"


STEP_LABELS = {
    StepKind.VIEWING: "内見",
    StepKind.APPLICATION: "入居申込",
    StepKind.SCREENING: "保証審査",
    StepKind.LANDLORD: "貸主の承諾",
    StepKind.CONTRACT: "契約",
    StepKind.KEYS: "鍵の受け取り",
    StepKind.MOVE_IN: "入居",
}


class PlacementState(StrEnum):
    OPEN = "open"
    MOVED_IN = "moved_in"
    REFUSED = "refused"
    ENDED = "ended"


class RefusalReason(StrEnum):
    """Who said no and why; what it means for later matches is written beside it."""

    SCREENING = "screening"
    LANDLORD_GROUP = "landlord_group"
    LANDLORD_OTHER = "landlord_other"
    HOUSEHOLD = "household"
    COST = "cost"
    TAKEN = "taken"
    CONDITION = "condition"
    EXPIRED = "expired"


REFUSAL_LABELS = {
    RefusalReason.SCREENING: "保証審査が通らなかった",
    RefusalReason.LANDLORD_GROUP: "貸主が断った（入居者の条件）",
    RefusalReason.LANDLORD_OTHER: "貸主が断った（その他）",
    RefusalReason.HOUSEHOLD: "本人が辞退した",
    RefusalReason.COST: "初期費用が足りなかった",
    RefusalReason.TAKEN: "ほかの人に決まった",
    RefusalReason.CONDITION: "条件が合わなかった",
    RefusalReason.EXPIRED: "期限切れ（事務上）",
}


class Placement(Timestamps, Versioned, Base):
    """入居: one household on its way into one home, and then living there."""

    __tablename__ = "placements"
    __table_args__ = (
        in_codes("state", PlacementState),
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
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'moved_in')"),
            postgresql_where=sa.text("state IN ('open', 'moved_in')"),
        ),
    )

    id: Mapped[Id]
    home_id: Mapped[int] = mapped_column(sa.ForeignKey("homes.id"))
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    hold_id: Mapped[int | None] = mapped_column(sa.ForeignKey("holds.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    state: Mapped[PlacementState] = code_column(PlacementState, default=PlacementState.OPEN)
    moved_in_on: Mapped[Day | None]
    ended_on: Mapped[Day | None]
    refusal: Mapped[RefusalReason | None] = code_column(RefusalReason, nullable=True)
    refusal_note: Mapped[Name | None]
    home: Mapped[Home] = relationship()
    case: Mapped[Case] = relationship()
    steps: Mapped[list["PlacementStep"]] = relationship(
        cascade="all, delete-orphan", order_by="PlacementStep.id", lazy="selectin"
    )


class PlacementStep(Timestamps, Base):
    """One step done: when, by whom, and what was noted."""

    __tablename__ = "placement_steps"
    __table_args__ = (
        in_codes("kind", StepKind),
        sa.UniqueConstraint("placement_id", "kind"),
    )

    id: Mapped[Id]
    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placements.id", ondelete="CASCADE"))
    kind: Mapped[StepKind] = code_column(StepKind)
    done_on: Mapped[Day]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    companion: Mapped[Name | None]
    note: Mapped[Text | None]
