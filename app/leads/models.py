"""Lists to call, the files they came from, their people, each call, and who is calling now.

What a list says of a person and what was learned by phone stand in columns of their own, so that
a newer file can be taken in without losing a word that was heard.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.needs.models import YesNoUnknown
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
    Text,
    Timestamps,
    Versioned,
    Yen,
    code_column,
    in_codes,
)
from app.leads.codes import AgreedHow, CallResult, ImportState, LeadState, RowOutcome

KEPT = sa.text("deleted_at IS NULL")


class LeadList(Timestamps, Versioned, Base):
    """One list with the day its people are to be forgotten and, once they are, what remains."""

    __tablename__ = "lead_lists"
    __table_args__ = (
        sa.Index(
            "uq_lead_lists_name",
            "organisation_id",
            "name",
            unique=True,
            sqlite_where=KEPT,
            postgresql_where=KEPT,
        ),
        sa.CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approval_dated"),
        sa.CheckConstraint("deleted_at IS NULL OR approved_by IS NOT NULL", name="approved_first"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    name: Mapped[Name]
    source: Mapped[Name | None]
    delete_on: Mapped[Day] = mapped_column(index=True)
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    approved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    approved_at: Mapped[Moment | None]
    deleted_at: Mapped[Moment | None]
    figures: Mapped[Json | None]  # what remains of a list whose people were deleted


class LeadImport(Timestamps, Base):
    """A file that was handed in. Until it is taken in it changes nothing but itself."""

    __tablename__ = "lead_imports"
    __table_args__ = (
        in_codes("state", ImportState),
        sa.CheckConstraint(
            "(state = 'taken_in') = (taken_in_at IS NOT NULL)", name="taken_in_dated"
        ),
        sa.CheckConstraint("state <> 'taken_in' OR list_id IS NOT NULL", name="taken_in_somewhere"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    list_id: Mapped[int | None] = mapped_column(sa.ForeignKey("lead_lists.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    file_name: Mapped[Name]
    state: Mapped[ImportState] = code_column(ImportState, default=ImportState.PREVIEW)
    # Of a list that is to be made when the file is taken in.
    list_name: Mapped[Name | None]
    source: Mapped[Name | None]
    delete_on: Mapped[Day | None]
    remarks: Mapped[JsonList] = mapped_column(default=list)  # sentences about the file as a whole
    counts: Mapped[Json] = mapped_column(default=dict)
    taken_in_at: Mapped[Moment | None]


class LeadImportRow(Base):
    """One row as it was typed, what it does, and what a person should look at."""

    __tablename__ = "lead_import_rows"
    __table_args__ = (in_codes("outcome", RowOutcome),)

    id: Mapped[Id]
    import_id: Mapped[int] = mapped_column(
        sa.ForeignKey("lead_imports.id", ondelete="CASCADE"), index=True
    )
    row_number: Mapped[int]
    outcome: Mapped[RowOutcome] = code_column(RowOutcome)
    number: Mapped[Code | None]
    as_typed: Mapped[Json] = mapped_column(default=dict)  # {"fields": …, "others": …}
    problems: Mapped[JsonList] = mapped_column(default=list)
    changes: Mapped[JsonList] = mapped_column(default=list)
    lead_id: Mapped[int | None] = mapped_column(sa.ForeignKey("leads.id"), index=True)


class Lead(Timestamps, Versioned, Base):
    """Somebody on a list. Upper half: as the newest file says it; lower half: as it was heard."""

    __tablename__ = "leads"
    __table_args__ = (
        in_codes("state", LeadState),
        in_codes("secret", YesNoUnknown),
        in_codes("voicemail", YesNoUnknown),
        in_codes("last_result", CallResult),
        in_codes("agreed_how", AgreedHow),
        sa.UniqueConstraint("list_id", "number"),
        sa.Index("ix_leads_due", "list_id", "state", "next_on"),
        sa.CheckConstraint("(agreed_how IS NULL) = (agreed_on IS NULL)", name="agreement_dated"),
        sa.CheckConstraint("case_id IS NULL OR agreed_on IS NOT NULL", name="agreed_first"),
        sa.CheckConstraint("(state = 'linked') = (case_id IS NOT NULL)", name="linked"),
        sa.CheckConstraint("state = 'open' OR next_on IS NULL", name="next_on_open"),
    )

    id: Mapped[Id]
    list_id: Mapped[int] = mapped_column(sa.ForeignKey("lead_lists.id"), index=True)
    number: Mapped[Code]
    name: Mapped[Name]
    kana: Mapped[Name | None]
    kana_key: Mapped[Name | None]
    born_on: Mapped[Day | None]
    postal_code: Mapped[Code | None]
    address: Mapped[Name | None]
    phone: Mapped[Name | None]
    phone_digits: Mapped[Code | None]
    loan_kind: Mapped[Name | None]
    amount: Mapped[Yen | None]
    repay_from: Mapped[Name | None]
    status: Mapped[Name | None]
    urgency: Mapped[int] = mapped_column(default=0)  # 0 comes first
    as_given: Mapped[Json] = mapped_column(default=dict)

    new_kana: Mapped[Name | None]
    new_phone: Mapped[Name | None]
    new_digits: Mapped[Code | None]
    new_address: Mapped[Name | None]
    secret: Mapped[YesNoUnknown] = code_column(YesNoUnknown, default=YesNoUnknown.UNKNOWN)
    voicemail: Mapped[YesNoUnknown] = code_column(YesNoUnknown, default=YesNoUnknown.UNKNOWN)
    best_time: Mapped[Name | None]
    care_note: Mapped[Sentence | None]
    wrong_digits: Mapped[Code | None]

    call_digits: Mapped[Code | None] = mapped_column(index=True)  # the number that may be rung
    state: Mapped[LeadState] = code_column(LeadState, default=LeadState.OPEN)
    next_on: Mapped[Day | None]
    last_result: Mapped[CallResult | None] = code_column(CallResult)
    last_at: Mapped[Moment | None]
    calls: Mapped[int] = mapped_column(default=0)
    misses: Mapped[int] = mapped_column(default=0)  # in a row
    reached: Mapped[bool] = mapped_column(default=False)

    agreed_on: Mapped[Day | None]
    agreed_how: Mapped[AgreedHow | None] = code_column(AgreedHow)
    agreed_words: Mapped[Text | None]
    agreed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cases.id"), index=True)


class LeadAttempt(Timestamps, Base):
    """One call, letter or talk. Rows are never changed; a slip is taken back by a further row."""

    __tablename__ = "lead_attempts"
    __table_args__ = (
        in_codes("result", CallResult),
        sa.UniqueConstraint("takes_back_id"),
        sa.CheckConstraint(
            "(result = 'taken_back') = (takes_back_id IS NOT NULL)", name="takes_back"
        ),
    )

    id: Mapped[Id]
    lead_id: Mapped[int] = mapped_column(sa.ForeignKey("leads.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    at: Mapped[Moment]
    result: Mapped[CallResult] = code_column(CallResult)
    note: Mapped[Text | None]
    next_on: Mapped[Day | None]
    before: Mapped[Json] = mapped_column(default=dict)
    takes_back_id: Mapped[int | None] = mapped_column(sa.ForeignKey("lead_attempts.id"))


class LeadClaim(Base):
    """Who is calling a number just now, and until when. One row a number: the database's word."""

    __tablename__ = "lead_claims"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "call_key"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    call_key: Mapped[Code]
    lead_id: Mapped[int] = mapped_column(sa.ForeignKey("leads.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    until: Mapped[Moment]
