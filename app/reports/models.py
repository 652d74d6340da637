"""Populations on their day, reports as they were on a day, and views somebody comes back to."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

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
    code_column,
    in_codes,
)
from app.reports.codes import Certainty, RelativePeriod, Sends, SnapshotKind


class Population(Timestamps, Base):
    """人口 of a municipality on a day. Never changed: a better number is a row of its own."""

    __tablename__ = "populations"
    __table_args__ = (
        in_codes("certainty", Certainty),
        sa.CheckConstraint("people > 0", name="people"),
        sa.CheckConstraint("households > 0", name="households"),
        sa.Index("ix_populations_municipality", "municipality", "on_day"),
    )

    id: Mapped[Id]
    municipality: Mapped[Name]
    on_day: Mapped[Day]
    people: Mapped[int]
    households: Mapped[int | None]
    source: Mapped[Sentence]
    certainty: Mapped[Certainty] = code_column(Certainty)
    added_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))  # None: shipped


class ReportSnapshot(Timestamps, Base):
    """A report as it was: 速報, 確定 or 訂正. The database refuses to change or delete it.

    `exact` is what the office's consultants read; `public` the same with small numbers hidden,
    worked out once, so that no two looks can be subtracted.
    """

    __tablename__ = "report_snapshots"
    __table_args__ = (
        in_codes("kind", SnapshotKind),
        sa.CheckConstraint("year BETWEEN 2015 AND 2200", name="year"),
        sa.CheckConstraint("(kind = 'corrected') = (reason IS NOT NULL)", name="reason"),
        sa.Index(
            "uq_report_snapshots_final",
            "organisation_id",
            "as_of",
            unique=True,
            sqlite_where=sa.text("kind = 'final'"),
            postgresql_where=sa.text("kind = 'final'"),
        ),
        sa.Index("ix_report_snapshots_year", "organisation_id", "year", "as_of"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    office: Mapped[Name]  # as it was called then
    year: Mapped[int]
    as_of: Mapped[Day]
    kind: Mapped[SnapshotKind] = code_column(SnapshotKind)
    reason: Mapped[Sentence | None]
    exact: Mapped[Json]
    public: Mapped[Json]
    digest: Mapped[Code]  # first 40 signs of the SHA-256 of `exact` with its seal
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))


class ReportView(Versioned, Timestamps, Base):
    """いつもの見方 of one person: office, period by its name, parts (none: all), and its mail."""

    __tablename__ = "report_views"
    __table_args__ = (
        in_codes("period", RelativePeriod),
        in_codes("sends", Sends),
        sa.CheckConstraint("(sends = 'monthly') = (day_of_month IS NOT NULL)", name="monthly"),
        sa.CheckConstraint("day_of_month BETWEEN 1 AND 28", name="day_of_month"),
        sa.CheckConstraint("(sends = 'never') = (sends_since IS NULL)", name="sends_since"),
        sa.Index(
            "uq_report_views_name",
            "user_id",
            "name",
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[Name]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    period: Mapped[RelativePeriod] = code_column(RelativePeriod)
    parts: Mapped[JsonList]
    sends: Mapped[Sends] = code_column(Sends)
    day_of_month: Mapped[int | None]
    sends_since: Mapped[Day | None]  # a day before it is nobody's to be told of
    deleted_at: Mapped[Moment | None]
