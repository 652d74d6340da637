"""Files of partners somebody handed in: kept until settled, with what became of each row."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Id, JsonList, Moment, Name, Timestamps, code_column, in_codes


class ExchangeState(StrEnum):
    """A file waits in PREVIEW until somebody takes it in or drops it."""

    PREVIEW = "preview"
    TAKEN_IN = "taken_in"
    DROPPED = "dropped"


EXCHANGE_STATE_LABELS = {
    ExchangeState.PREVIEW: "取り込み待ち",
    ExchangeState.TAKEN_IN: "取り込み済み",
    ExchangeState.DROPPED: "取り込まない",
}


class RowOutcome(StrEnum):
    """What taking a row in does, or did."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    UNREADABLE = "unreadable"


ROW_OUTCOME_LABELS = {
    RowOutcome.NEW: "新しい",
    RowOutcome.CHANGED: "変わる",
    RowOutcome.SAME: "同じ",
    RowOutcome.UNREADABLE: "取り込めない",
}


class PartnerImport(Timestamps, Base):
    """One file; only whoever handed it in sees it. Its bytes go once it is settled."""

    __tablename__ = "partner_imports"
    __table_args__ = (in_codes("state", ExchangeState),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[Name]
    content: Mapped[bytes | None] = mapped_column(sa.LargeBinary(), deferred=True)
    state: Mapped[ExchangeState] = code_column(ExchangeState, default=ExchangeState.PREVIEW)
    rows: Mapped[JsonList] = mapped_column(default=list)  # line, name, outcome, changed, reasons
    notes: Mapped[JsonList] = mapped_column(default=list)
    settled_at: Mapped[Moment | None]
