"""The lists as they came, and every row as it was typed: nothing a sender wrote is lost."""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import (
    Base,
    Code,
    Day,
    Id,
    Json,
    JsonList,
    JsonType,
    Moment,
    Name,
    Sentence,
    Timestamps,
    code_column,
    in_codes,
)
from app.directory.models import Partner, PartnerKind


class ImportState(StrEnum):
    """MAPPING waits for a person to say which column is what; UNDONE was taken in and back out."""

    READING = "reading"
    MAPPING = "mapping"
    PREVIEW = "preview"
    TAKING_IN = "taking_in"
    TAKEN_IN = "taken_in"
    REFUSED = "refused"
    UNDONE = "undone"


IMPORT_STATE_LABELS = {
    ImportState.READING: "読み取り中",
    ImportState.MAPPING: "列を選ぶ",
    ImportState.PREVIEW: "取り込み待ち",
    ImportState.TAKING_IN: "取り込み中",
    ImportState.TAKEN_IN: "取り込み済み",
    ImportState.REFUSED: "取り込まない",
    ImportState.UNDONE: "取り消し済み",
}


class SenderFound(StrEnum):
    """How the sender of a list was found: the page says so, because a person may know better."""

    CHOSEN = "chosen"
    LAYOUT = "layout"
    FILE_NAME = "file_name"
    TITLE = "title"
    NOTHING = "nothing"


class CouncilListImport(Timestamps, Base):
    """One list as it came: the file itself, how it was read, and what became of it."""

    __tablename__ = "council_list_imports"
    __table_args__ = (
        in_codes("state", ImportState),
        in_codes("sender_kind", PartnerKind),
        in_codes("sender_found", SenderFound),
        sa.Index("ix_council_sha", "sha256"),
        sa.Index("ix_council_sender", "sender_id", "state"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    sender_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"))
    sender_name: Mapped[Name | None]  # of a sender that becomes a partner with the taking-in
    sender_kind: Mapped[PartnerKind | None] = code_column(PartnerKind, nullable=True)
    sender_found: Mapped[SenderFound] = code_column(SenderFound, default=SenderFound.NOTHING)
    file_name: Mapped[Name]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary(), deferred=True)
    state: Mapped[ImportState] = code_column(ImportState, default=ImportState.PREVIEW)
    columns: Mapped[Json] = mapped_column(default=dict)
    chosen: Mapped[Json] = mapped_column(default=dict)  # sheet, head and columns as a person set
    layout_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("list_layouts.id", ondelete="SET NULL")
    )
    read_on: Mapped[Day]
    gone: Mapped[JsonList] = mapped_column(default=list)
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("jobs.id", ondelete="SET NULL"))
    new_count: Mapped[int] = mapped_column(default=0)
    changed_count: Mapped[int] = mapped_column(default=0)
    same_count: Mapped[int] = mapped_column(default=0)
    repeat_count: Mapped[int] = mapped_column(default=0)
    asked_count: Mapped[int] = mapped_column(default=0)
    problem_count: Mapped[int] = mapped_column(default=0)
    taken_in_at: Mapped[Moment | None]
    undone_at: Mapped[Moment | None]
    undone: Mapped[Json] = mapped_column(default=dict)
    sender: Mapped[Partner | None] = relationship()
    rows: Mapped[list["CouncilListRow"]] = relationship(
        cascade="all, delete-orphan", order_by="CouncilListRow.row_number"
    )


class RowOutcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ASKED = "asked"
    REPEAT = "repeat"
    DOUBTFUL = "doubtful"
    UNREADABLE = "unreadable"
    SKIPPED = "skipped"


ROW_OUTCOME_LABELS = {
    RowOutcome.NEW: "新しい",
    RowOutcome.CHANGED: "変わった",
    RowOutcome.SAME: "同じ",
    RowOutcome.REPEAT: "重複",
    RowOutcome.ASKED: "確かめる",
    RowOutcome.DOUBTFUL: "決められない",
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


class ListLayout(Timestamps, Base):
    """How a person had one sender's columns read, by the words of their heads."""

    __tablename__ = "list_layouts"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "sender_id", "signature"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    sender_id: Mapped[int] = mapped_column(sa.ForeignKey("partners.id", ondelete="CASCADE"))
    signature: Mapped[str] = mapped_column(sa.String(64), index=True)
    heads: Mapped[Json] = mapped_column(default=dict)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    used_at: Mapped[Moment]


class QuestionState(StrEnum):
    """Whether what a sender says has to be decided: OURS kept what was on record, THEIRS took it
    over.
    """

    NONE = "none"
    OPEN = "open"
    OURS = "ours"
    THEIRS = "theirs"


class HomeStatement(Base):
    """What one sender says of one field of a home since `said_on`; older ones stay, not current.

    The home's own value is never overwritten by another sender's: the two stand side by side
    until a person decides.
    """

    __tablename__ = "home_statements"
    __table_args__ = (
        in_codes("question", QuestionState),
        sa.Index(
            "uq_home_statements_current",
            "home_id",
            "sender_id",
            "field",
            unique=True,
            sqlite_where=sa.text("current"),
            postgresql_where=sa.text("current"),
        ),
        sa.Index("ix_home_statements_sender_current", "sender_id", "current"),
        sa.Index("ix_home_statements_question", "question"),
    )

    id: Mapped[Id]
    home_id: Mapped[int] = mapped_column(sa.ForeignKey("homes.id", ondelete="CASCADE"))
    sender_id: Mapped[int] = mapped_column(sa.ForeignKey("partners.id"))
    field: Mapped[Code]
    value: Mapped[Any] = mapped_column(JsonType)
    as_typed: Mapped[Name]
    said_on: Mapped[Day]
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("council_list_imports.id"), index=True)
    row_number: Mapped[int | None]
    current: Mapped[bool] = mapped_column(default=True)
    replaced_by_import_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("council_list_imports.id"), index=True
    )
    question: Mapped[QuestionState] = code_column(QuestionState, default=QuestionState.NONE)
    reason: Mapped[Sentence | None]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[Moment | None]


class WrittenKind(StrEnum):
    HOME = "home"
    PROPERTY = "property"
    LANDLORD = "landlord"
    PARTNER = "partner"


class ImportWrite(Base):
    """What taking a list in wrote into one record, and what stood there before: for undoing it."""

    __tablename__ = "import_writes"
    __table_args__ = (
        in_codes("kind", WrittenKind),
        sa.UniqueConstraint("import_id", "kind", "record_id"),
    )

    id: Mapped[Id]
    import_id: Mapped[int] = mapped_column(
        sa.ForeignKey("council_list_imports.id", ondelete="CASCADE")
    )
    kind: Mapped[WrittenKind] = code_column(WrittenKind)
    record_id: Mapped[int]
    made: Mapped[bool] = mapped_column(default=False)
    before: Mapped[Json] = mapped_column(default=dict)
    after: Mapped[Json] = mapped_column(default=dict)
    version_before: Mapped[int | None]
    version: Mapped[int | None]
