"""A sheet, and each counter it was sent to with a state of its own."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from app.cases.consents.models import Consent, ConsentMethod
from app.cases.models import AgeBand, Case, Topic
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
    Versioned,
    code_column,
    in_codes,
)
from app.policy import Protection
from app.referrals.codes import RecipientState, Result, SheetKind, Way


class SheetCounter(Base):
    """The last sheet number taken in a year; one UPDATE takes the next, so no two are alike."""

    __tablename__ = "referral_counters"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class ReferralSheet(Timestamps, Versioned, Base):
    """つなぐシート: what one counter tells the next. It is a copy and does not follow the case.

    A sheet with a case has its consent among the case's; one without keeps it here.
    """

    __tablename__ = "referral_sheets"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        in_codes("kind", SheetKind),
        in_codes("age_band", AgeBand),
        in_codes("protection", Protection),
        in_codes("consent_method", ConsentMethod),
        in_codes("main_topic", Topic),
        sa.CheckConstraint(
            "name IS NOT NULL OR alias IS NOT NULL OR age_band <> 'unknown'", name="somebody"
        ),
        sa.CheckConstraint("(consent_method IS NULL) = (consent_on IS NULL)", name="consent_dated"),
        sa.CheckConstraint("sent_at IS NULL OR consent_on IS NOT NULL", name="consent_first"),
        sa.CheckConstraint("previous_id <> id", name="previous"),
    )

    id: Mapped[Id]
    number: Mapped[Code]
    kind: Mapped[SheetKind] = code_column(SheetKind, default=SheetKind.REFERRAL)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    made_on: Mapped[Day]
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    previous_id: Mapped[int | None] = mapped_column(sa.ForeignKey("referral_sheets.id"), index=True)
    # Of a sheet that came on paper: who wrote it, and when it was handed to us.
    from_office: Mapped[Name | None]
    on_paper: Mapped[Day | None]

    name: Mapped[Name | None]
    alias: Mapped[Name | None]
    age_band: Mapped[AgeBand] = code_column(AgeBand, default=AgeBand.UNKNOWN)
    family: Mapped[Name | None]
    protection: Mapped[Protection] = code_column(Protection, default=Protection.UNKNOWN)
    address: Mapped[Name | None]
    phone: Mapped[Code | None]

    topics: Mapped[JsonList] = mapped_column(default=list)
    main_topic: Mapped[Topic | None] = code_column(Topic)
    told: Mapped[Text | None]
    wish: Mapped[Text | None]
    asked: Mapped[Text | None]

    consent_method: Mapped[ConsentMethod | None] = code_column(ConsentMethod)
    consent_record: Mapped[Text | None]
    consent_on: Mapped[Day | None]
    consent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("consents.id"))
    consent_withdrawn_at: Mapped[Moment | None]
    sent_at: Mapped[Moment | None]

    recipients: Mapped[list["ReferralRecipient"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="ReferralRecipient.id"
    )
    consent: Mapped[Consent | None] = relationship(lazy="selectin")
    # What the case says now; only to hide more, see `protection_of`.
    case_protection: Mapped[Protection | None] = column_property(
        sa.select(Case.protection)
        .where(Case.id == case_id)
        .correlate_except(Case)
        .scalar_subquery()
    )


class ReferralRecipient(Base):
    """One counter a sheet goes to: an organisation that signs in here, a partner, or a name."""

    __tablename__ = "referral_recipients"
    __table_args__ = (
        in_codes("way", Way),
        in_codes("state", RecipientState),
        in_codes("result", Result),
        sa.UniqueConstraint("sheet_id", "organisation_id"),
        sa.CheckConstraint("(answered_at IS NULL) = (result IS NULL)", name="answered"),
    )

    id: Mapped[Id]
    sheet_id: Mapped[int] = mapped_column(
        sa.ForeignKey("referral_sheets.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisations.id"), index=True
    )
    partner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"), index=True)
    office: Mapped[Name]  # as it was called on the day: a section renamed later stays itself here
    way: Mapped[Way] = code_column(Way)
    state: Mapped[RecipientState] = code_column(RecipientState, default=RecipientState.DRAFT)
    received_at: Mapped[Moment | None]
    received_by: Mapped[Name | None]
    result: Mapped[Result | None] = code_column(Result)
    done: Mapped[Text | None]
    next_step: Mapped[Name | None]
    answered_at: Mapped[Moment | None]
    answered_by: Mapped[Name | None]
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cases.id"), index=True)
