"""Each time a consultation ended, and was taken up again; nothing of it is overwritten."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Day, Id, JsonList, Name, Sentence, Text, Timestamps


class Closing(Timestamps, Base):
    """終結: how it ended, what had changed, and what was knowingly left open."""

    __tablename__ = "case_closings"
    __table_args__ = (
        sa.Index(
            "uq_case_closings_current",
            "case_id",
            unique=True,
            sqlite_where=sa.text("reopened_on IS NULL"),
            postgresql_where=sa.text("reopened_on IS NULL"),
        ),
        sa.CheckConstraint("(reopened_on IS NULL) = (reopened_by IS NULL)", name="reopened"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    closed_on: Mapped[Day]
    outcome: Mapped[Name]
    changes: Mapped[JsonList]
    text: Mapped[Text | None]
    open_things: Mapped[JsonList]  # in words, as they were shown to whoever closed
    closed_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    reopened_on: Mapped[Day | None]
    reopened_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    reopen_reason: Mapped[Sentence | None]
