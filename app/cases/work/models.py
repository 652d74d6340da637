"""Who works on a case, what they wrote down, and the prints a second person agreed to."""

from enum import StrEnum

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
    Text,
    Timestamps,
    Versioned,
    code_column,
    in_codes,
)


class TeamMember(Base):
    """Somebody who works on this case; the only people who see a hidden place."""

    __tablename__ = "case_team"
    __table_args__ = (sa.UniqueConstraint("case_id", "user_id"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    since: Mapped[Day]


class LogMethod(StrEnum):
    MEETING = "meeting"
    PHONE = "phone"
    VISIT = "visit"
    OUTREACH = "outreach"
    ACCOMPANY = "accompany"
    MAIL = "mail"
    CONFERENCE = "conference"
    OFFICE = "office"


LOG_METHOD_LABELS = {
    LogMethod.MEETING: "面談",
    LogMethod.PHONE: "電話",
    LogMethod.VISIT: "訪問",
    LogMethod.OUTREACH: "アウトリーチ",
    LogMethod.ACCOMPANY: "同行",
    LogMethod.MAIL: "メール・LINE",
    LogMethod.CONFERENCE: "会議",
    LogMethod.OFFICE: "所内協議",
}


class LogEntry(Timestamps, Versioned, Base):
    """支援経過: what was done with or for the household, and what comes next.

    A next step with a day is a task until it is ticked done. Its author may correct an entry;
    what it said before stays readable in `LogRevision`.
    """

    __tablename__ = "case_log"
    __table_args__ = (
        in_codes("method", LogMethod),
        sa.CheckConstraint("next_on IS NULL OR next_step IS NOT NULL", name="next_on"),
        sa.CheckConstraint("(next_done_at IS NULL) = (next_done_by IS NULL)", name="next_done"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    at: Mapped[Moment]
    method: Mapped[LogMethod] = code_column(LogMethod)
    minutes: Mapped[int | None]
    partner: Mapped[Name | None]
    partner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"))
    attendees: Mapped[JsonList] = mapped_column(default=list)  # ids of those who were there too
    text: Mapped[Text]
    next_step: Mapped[Name | None]
    next_on: Mapped[Day | None] = mapped_column(index=True)
    next_done_at: Mapped[Moment | None]
    next_done_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))


class LogRevision(Timestamps, Base):
    """What an entry of the log said before it was corrected; never changed, never deleted."""

    __tablename__ = "case_log_revisions"

    id: Mapped[Id]
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("case_log.id"), index=True)
    said: Mapped[Json]
    why: Mapped[Name]
    changed_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))


class PrintApproval(Timestamps, Base):
    """A second person's yes to printing something of a protected household; good for one print."""

    __tablename__ = "print_approvals"
    __table_args__ = (
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> requested_by", name="second"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    paper: Mapped[Code]
    requested_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    approved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    approved_at: Mapped[Moment | None]
    used_at: Mapped[Moment | None]
