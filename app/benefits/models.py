"""What a town's ordinance says, guides worked out for a household, and running benefits."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.benefits.codes import ActivityKind, BenefitKind, Comparison, Reason
from app.db import (
    Base,
    Code,
    Day,
    Id,
    Json,
    JsonList,
    Moment,
    Name,
    Sentence,
    Timestamps,
    Versioned,
    Yen,
    code_column,
    in_codes,
)


class TownRuleRow(Timestamps, Base):
    """A municipality's own table. A change is a newer row; rows are never edited."""

    __tablename__ = "benefit_town_rules"
    __table_args__ = (
        in_codes("comparison", Comparison),
        sa.CheckConstraint("assets_times BETWEEN 1 AND 24", name="assets_times"),
        sa.CheckConstraint("assets_cap >= 0", name="assets_cap"),
        sa.CheckConstraint("round_to IN (1, 10, 100, 1000)", name="round_to"),
        sa.CheckConstraint("rounding IN ('up', 'down', 'half_up')", name="rounding"),
        sa.Index("ix_benefit_town_rules_town", "prefecture", "municipality", "valid_from"),
    )

    id: Mapped[Id]
    prefecture: Mapped[Name]
    municipality: Mapped[Name]
    valid_from: Mapped[Day]
    standards: Mapped[JsonList]  # yen a month for 1 to 7 people
    assets_times: Mapped[int] = mapped_column(default=6)
    assets_cap: Mapped[Yen] = mapped_column(default=1_000_000)
    comparison: Mapped[Comparison] = code_column(Comparison)
    round_to: Mapped[int]
    rounding: Mapped[Code]
    certain: Mapped[bool]
    source: Mapped[Sentence]
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))


class BenefitEstimate(Timestamps, Base):
    """A guide as it was worked out: inputs, the town's rule and the rule version beside it."""

    __tablename__ = "benefit_estimates"
    __table_args__ = (in_codes("kind", BenefitKind),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    kind: Mapped[BenefitKind] = code_column(BenefitKind)
    rule_version: Mapped[Code]
    inputs: Mapped[Json]
    rule: Mapped[Json]
    result: Mapped[Json]
    made_on: Mapped[Day]
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))


class RentGrant(Timestamps, Versioned, Base):
    """住居確保給付金 as the town decided it: this program only notes it, to watch its end."""

    __tablename__ = "rent_grants"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "series", "number"),
        in_codes("reason", Reason),
        sa.CheckConstraint("series >= 1", name="series"),
        sa.CheckConstraint("number BETWEEN 1 AND 3", name="number"),
        sa.CheckConstraint("months BETWEEN 1 AND 3", name="months"),
        sa.CheckConstraint("amount >= 0", name="amount"),
        sa.CheckConstraint("ends_on > starts_on", name="period"),
        sa.CheckConstraint(
            "stopped_on IS NULL OR stopped_on BETWEEN starts_on AND ends_on", name="stopped_on"
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    series: Mapped[int]
    number: Mapped[int]  # 1 first, 2 and 3 extensions
    reason: Mapped[Reason] = code_column(Reason)
    starts_on: Mapped[Day]
    months: Mapped[int]
    ends_on: Mapped[Day] = mapped_column(index=True)
    amount: Mapped[Yen | None]
    paid_to: Mapped[Name | None]
    decided_by: Mapped[Name | None]
    decided_on: Mapped[Day | None]
    stopped_on: Mapped[Day | None]
    stopped_why: Mapped[Sentence | None]
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))


class SearchActivity(Timestamps, Base):
    """One thing somebody with the benefit did to find work; taking back is a date, no deletion."""

    __tablename__ = "benefit_activities"
    __table_args__ = (in_codes("kind", ActivityKind),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    kind: Mapped[ActivityKind] = code_column(ActivityKind)
    on: Mapped[Day]
    note: Mapped[Name | None]
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    taken_back_at: Mapped[Moment | None]
