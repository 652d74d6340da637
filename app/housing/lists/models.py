"""The lists as they came, and every row as it was typed: nothing a sender wrote is lost."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Day, Id, Json, JsonList, Moment, Name, Timestamps, code_column, in_codes


class ImportState(StrEnum):
    PREVIEW = "preview"
    TAKING_IN = "taking_in"
    TAKEN_IN = "taken_in"
    REFUSED = "refused"


class CouncilListImport(Timestamps, Base):
    """One list as it came: the file itself, how it was read, and what became of it."""

    __tablename__ = "council_list_imports"
    __table_args__ = (in_codes("state", ImportState), sa.Index("ix_council_sha", "sha256"))

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    sender_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"))
    file_name: Mapped[Name]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary(), deferred=True)
    state: Mapped[ImportState] = code_column(ImportState, default=ImportState.PREVIEW)
    columns: Mapped[Json] = mapped_column(default=dict)
    read_on: Mapped[Day]
    gone: Mapped[JsonList] = mapped_column(default=list)
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("jobs.id", ondelete="SET NULL"))
    new_count: Mapped[int] = mapped_column(default=0)
    changed_count: Mapped[int] = mapped_column(default=0)
    same_count: Mapped[int] = mapped_column(default=0)
    repeat_count: Mapped[int] = mapped_column(default=0)
    problem_count: Mapped[int] = mapped_column(default=0)
    taken_in_at: Mapped[Moment | None]
    rows: Mapped[list["CouncilListRow"]] = relationship(
        cascade="all, delete-orphan", order_by="CouncilListRow.row_number"
    )


class RowOutcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REPEAT = "repeat"
    DOUBTFUL = "doubtful"
    UNREADABLE = "unreadable"
    SKIPPED = "skipped"


ROW_OUTCOME_LABELS = {
    RowOutcome.NEW: "新しい",
    RowOutcome.CHANGED: "変わった",
    RowOutcome.SAME: "同じ",
    RowOutcome.REPEAT: "重複",
    RowOutcome.DOUBTFUL: "確かめる",
    RowOutcome.UNREADABLE: "読めない",
    RowOutcome.SKIPPED: "見出しなど",
}


class CouncilListRow(Base):
    """One row of a list, exactly as typed, and what became of it."""

    __tablename__ = "council_list_rows"
    __table_args__ = (
        in_codes("outcome", RowOutcome),
        sa.UniqueConstraint("import_id", "row_number"),
    )

    id: Mapped[Id]
    import_id: Mapped[int] = mapped_column(
        sa.ForeignKey("council_list_imports.id", ondelete="CASCADE")
    )
    row_number: Mapped[int]
    outcome: Mapped[RowOutcome] = code_column(RowOutcome)
    home_id: Mapped[int | None] = mapped_column(sa.ForeignKey("homes.id"), index=True)
    as_typed: Mapped[Json]
    problems: Mapped[JsonList] = mapped_column(default=list)
    changes: Mapped[JsonList] = mapped_column(default=list)
