"""Every time somebody asked about a vacancy, and the links agents and landlords answer by."""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Code, Day, Id, Moment, Name, Timestamps, code_column, in_codes
from app.housing.codes import HomeState
from app.housing.models import Home


class CheckAnswer(StrEnum):
    VACANT = "vacant"
    GONE = "gone"
    NO_ANSWER = "no_answer"


CHECK_ANSWER_LABELS = {
    CheckAnswer.VACANT: "空いている",
    CheckAnswer.GONE: "もうない",
    CheckAnswer.NO_ANSWER: "出なかった",
}


class VacancyCheck(Timestamps, Base):
    """One asking: who asked or which link was answered, what came back, and what it was before.

    What was before is kept so that a slip of the thumb can be taken back.
    """

    __tablename__ = "vacancy_checks"
    __table_args__ = (
        in_codes("answer", CheckAnswer),
        in_codes("state_before", HomeState),
        sa.CheckConstraint("(user_id IS NULL) <> (link_id IS NULL)", name="asked_by"),
        sa.Index("ix_vacancy_checks_waiting", "link_id", "seen_at"),
    )

    id: Mapped[Id]
    home_id: Mapped[int] = mapped_column(sa.ForeignKey("homes.id"), index=True)
    answer: Mapped[CheckAnswer] = code_column(CheckAnswer)
    asked_on: Mapped[Day]
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    link_id: Mapped[int | None] = mapped_column(sa.ForeignKey("answer_links.id"))
    note: Mapped[Name | None]
    state_before: Mapped[HomeState] = code_column(HomeState)
    confirmed_before: Mapped[date | None]
    missing_before: Mapped[date | None]
    version_after: Mapped[int]
    seen_at: Mapped[Moment | None]  # an answer by link that somebody here has read
    undone_at: Mapped[Moment | None]
    home: Mapped[Home] = relationship()


class AnswerLink(Timestamps, Base):
    """A link by which one agent or landlord answers for their homes, and for nothing else.

    The address holds this row's id and `nonce`, signed with the installation's key: a stolen
    database alone makes no link, and `ended_at` ends one that went astray.
    """

    __tablename__ = "answer_links"

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    contact: Mapped[Name]
    phone: Mapped[Code | None]
    nonce: Mapped[str] = mapped_column(sa.String(32))
    expires_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    homes: Mapped[list["AnswerLinkHome"]] = relationship(
        cascade="all, delete-orphan", order_by="AnswerLinkHome.home_id"
    )


class AnswerLinkHome(Base):
    """A home asked about by a link, and the answer that came."""

    __tablename__ = "answer_link_homes"
    __table_args__ = (in_codes("answer", CheckAnswer),)

    link_id: Mapped[int] = mapped_column(
        sa.ForeignKey("answer_links.id", ondelete="CASCADE"), primary_key=True
    )
    home_id: Mapped[int] = mapped_column(sa.ForeignKey("homes.id"), primary_key=True)
    answer: Mapped[CheckAnswer | None] = code_column(CheckAnswer, nullable=True)
    note: Mapped[Name | None]
    answered_at: Mapped[Moment | None]
    home: Mapped[Home] = relationship()
