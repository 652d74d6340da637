"""What a household agreed to, and the 支援会議 that may know without it."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import (
    Base,
    Code,
    Day,
    Id,
    JsonList,
    Moment,
    Name,
    Text,
    Timestamps,
    code_column,
    in_codes,
)
from app.policy import RecipientKind


class ConsentMethod(StrEnum):
    SIGNED = "signed"
    ORAL = "oral"


CONSENT_METHOD_LABELS = {
    ConsentMethod.SIGNED: "署名（紙を保管）",
    ConsentMethod.ORAL: "口頭（聞き取った内容を記録）",
}


class Consent(Timestamps, Base):
    """同意: to whom, for what, how, from when, until when. Withdrawal is a date, no deletion."""

    __tablename__ = "consents"
    __table_args__ = (
        in_codes("recipient", RecipientKind),
        in_codes("method", ConsentMethod),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= given_on", name="period"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    recipient: Mapped[RecipientKind] = code_column(RecipientKind)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    items: Mapped[JsonList]
    text_version: Mapped[Code]
    method: Mapped[ConsentMethod] = code_column(ConsentMethod)
    oral_record: Mapped[Text | None]
    given_on: Mapped[Day]
    ends_on: Mapped[Day | None]
    withdrawn_at: Mapped[Moment | None]
    withdrawn_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))


class Disclosure(Timestamps, Base):
    """A 支援会議 (法9条) basis: opens a case to one organisation for a while, without consent."""

    __tablename__ = "case_disclosures"
    __table_args__ = (sa.CheckConstraint("ends_on >= starts_on", name="period"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    legal_basis: Mapped[Name]
    starts_on: Mapped[Day]
    ends_on: Mapped[Day]
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
