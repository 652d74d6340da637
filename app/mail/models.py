"""Where somebody wants the morning's mail, and the mails themselves – never what they say.

A mail's words are worked out when it leaves, with the rights its reader has at that moment, and are
not kept: the table holds nothing about a household.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code, Day, Id, Moment, Name, Timestamps, code_column, in_codes, now
from app.mail.codes import MailKind, MailProblem, MailState


class MailReminder(Timestamps, Base):
    """朝のメール of one person. Nothing is sent before the address has proved to be theirs."""

    __tablename__ = "mail_reminders"
    __table_args__ = (
        sa.CheckConstraint("wrong_codes >= 0", name="wrong_codes"),
        sa.CheckConstraint("sends_at BETWEEN '05:00' AND '12:30'", name="sends_at"),
    )

    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    address: Mapped[Name]
    sends_at: Mapped[Code]  # 「07:30」 by Japan's clock
    on_holidays: Mapped[bool] = mapped_column(default=False)
    nonce: Mapped[Code]
    wrong_codes: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[Moment | None]


class Mail(Timestamps, Base):
    """One mail. `dedupe_key` makes that nobody is told the same twice, whoever plans it."""

    __tablename__ = "mails"
    __table_args__ = (
        in_codes("kind", MailKind),
        in_codes("state", MailState),
        in_codes("problem", MailProblem),
        sa.UniqueConstraint("dedupe_key"),
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at"),
        sa.Index("ix_mails_due", "state", "run_after"),
    )

    id: Mapped[Id]
    kind: Mapped[MailKind] = code_column(MailKind)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    for_day: Mapped[Day]
    about_id: Mapped[int | None]  # what it is about, in the words of the feature that planned it
    dedupe_key: Mapped[Name]
    state: Mapped[MailState] = code_column(MailState, default=MailState.WAITING)
    run_after: Mapped[Moment] = mapped_column(default=now)
    leased_until: Mapped[Moment | None]
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[MailProblem | None] = code_column(MailProblem)
    sent_at: Mapped[Moment | None]
