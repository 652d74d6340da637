"""A recall, its lots, who got them, each call, and whom else was told.

A practice (訓練) has the same rows and times, but no lot, parcel or request is touched by it.
"""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.models import Case
from app.cases.needs.models import YesNoUnknown
from app.db import (
    Base,
    Code,
    Id,
    Json,
    Moment,
    Name,
    Sentence,
    Text,
    Timestamps,
    Versioned,
    code_column,
    in_codes,
)
from app.foodbank.models import FoodRequest, Lot, LotState, Parcel


class RecallState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


RECALL_STATE_LABELS = {
    RecallState.DRAFT: "対象を確かめる",
    RecallState.OPEN: "対応中",
    RecallState.CLOSED: "終了",
    RecallState.CANCELLED: "取りやめ",
}


class PersonState(StrEnum):
    """Where somebody who got recalled food stands."""

    WAITING = "waiting"
    TRYING = "trying"
    PASSED_ON = "passed_on"
    TOLD = "told"


PERSON_STATE_LABELS = {
    PersonState.WAITING: "未連絡",
    PersonState.TRYING: "つながらない",
    PersonState.PASSED_ON: "窓口に頼んだ",
    PersonState.TOLD: "伝えた",
}


class RecallResult(StrEnum):
    """How one attempt to reach somebody ended. TAKEN_BACK undoes the one it names."""

    SPOKE = "spoke"
    MET = "met"
    ABSENT = "absent"
    MESSAGE = "message"
    LETTER = "letter"
    WRONG_NUMBER = "wrong_number"
    TO_DESK = "to_desk"
    TAKEN_BACK = "taken_back"


RECALL_RESULT_LABELS = {
    RecallResult.SPOKE: "電話で話せた",
    RecallResult.MET: "会えた",
    RecallResult.ABSENT: "出なかった",
    RecallResult.MESSAGE: "伝言を残した",
    RecallResult.LETTER: "手紙を置いた",
    RecallResult.WRONG_NUMBER: "番号違い",
    RecallResult.TO_DESK: "窓口に頼んだ",
    RecallResult.TAKEN_BACK: "取り消し",
}


class FoodOutcome(StrEnum):
    """What became of the food somebody had."""

    KEPT = "kept"
    RETURNED = "returned"
    THROWN_AWAY = "thrown_away"
    EATEN = "eaten"
    GIVEN_ON = "given_on"
    UNKNOWN = "unknown"


FOOD_OUTCOME_LABELS = {
    FoodOutcome.KEPT: "手もとにある（食べずに置いてもらう）",
    FoodOutcome.RETURNED: "返ってきた",
    FoodOutcome.THROWN_AWAY: "捨ててもらった",
    FoodOutcome.EATEN: "もう食べた",
    FoodOutcome.GIVEN_ON: "ほかの人に渡っている",
    FoodOutcome.UNKNOWN: "分からない",
}


class Recall(Timestamps, Versioned, Base):
    """One recall of one food bank. `criteria` is what was looked for; `figures` what remains."""

    __tablename__ = "recalls"
    __table_args__ = (
        in_codes("state", RecallState),
        sa.CheckConstraint(
            "state IN ('draft', 'cancelled') OR confirmed_at IS NOT NULL", name="confirmed"
        ),
        sa.CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_by"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_by"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    practice: Mapped[bool] = mapped_column(default=False)
    state: Mapped[RecallState] = code_column(RecallState, default=RecallState.DRAFT)
    title: Mapped[Name]
    notice: Mapped[Text]  # as pasted
    source: Mapped[Name | None]  # who sent the notice
    danger: Mapped[Sentence | None]  # why it is taken back, to be said to people
    advice: Mapped[Sentence | None]  # what people shall do with it
    criteria: Mapped[Json] = mapped_column(default=dict)
    started_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    confirmed_at: Mapped[Moment | None]
    closed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    closed_at: Mapped[Moment | None]
    report: Mapped[Text | None]
    figures: Mapped[Json] = mapped_column(default=dict)


class RecallLot(Timestamps, Base):
    """A lot in a recall, with what lay on the shelves when it was taken off offer."""

    __tablename__ = "recall_lots"
    __table_args__ = (
        sa.UniqueConstraint("recall_id", "lot_id"),
        in_codes("state_before", LotState),
        sa.CheckConstraint("on_shelf >= 0", name="on_shelf"),
    )

    id: Mapped[Id]
    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("recalls.id"), index=True)
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lots.id"), index=True)
    state_before: Mapped[LotState] = code_column(LotState)
    on_shelf: Mapped[int]
    lot: Mapped[Lot] = relationship()


class RecallPerson(Timestamps, Versioned, Base):
    """A household that was handed some of it: one of a case, else of a request at the table."""

    __tablename__ = "recall_people"
    __table_args__ = (
        in_codes("state", PersonState),
        sa.Index(
            "uq_recall_people_case",
            "recall_id",
            "case_id",
            unique=True,
            sqlite_where=sa.text("case_id IS NOT NULL"),
            postgresql_where=sa.text("case_id IS NOT NULL"),
        ),
        sa.UniqueConstraint("recall_id", "request_id"),
    )

    id: Mapped[Id]
    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("recalls.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("food_requests.id"))  # the latest
    state: Mapped[PersonState] = code_column(PersonState, default=PersonState.WAITING)
    recall: Mapped[Recall] = relationship()
    case: Mapped[Case | None] = relationship()
    request: Mapped[FoodRequest] = relationship()

    @property
    def is_settled(self) -> bool:
        """Whether somebody spoke to them."""
        return self.state is PersonState.TOLD


class RecallPortion(Base):
    """So much of a lot in a parcel: handed to a person, or pulled before it was fetched."""

    __tablename__ = "recall_portions"
    __table_args__ = (
        sa.UniqueConstraint("recall_id", "parcel_id", "lot_id"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
    )

    id: Mapped[Id]
    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("recalls.id"), index=True)
    parcel_id: Mapped[int] = mapped_column(sa.ForeignKey("parcels.id"), index=True)
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lots.id"))
    quantity: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recall_people.id"), index=True)
    parcel: Mapped[Parcel] = relationship()
    lot: Mapped[Lot] = relationship()


class RecallAttempt(Timestamps, Base):
    """One call, visit or letter. Rows are never changed; a slip is taken back by a further row."""

    __tablename__ = "recall_attempts"
    __table_args__ = (
        in_codes("result", RecallResult),
        in_codes("food", FoodOutcome),
        in_codes("unwell", YesNoUnknown),
        sa.UniqueConstraint("takes_back_id"),
        sa.CheckConstraint(
            "(result = 'taken_back') = (takes_back_id IS NOT NULL)", name="takes_back"
        ),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("recall_people.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    at: Mapped[Moment]
    result: Mapped[RecallResult] = code_column(RecallResult)
    food: Mapped[FoodOutcome | None] = code_column(FoodOutcome)
    unwell: Mapped[YesNoUnknown] = code_column(YesNoUnknown, default=YesNoUnknown.UNKNOWN)
    note: Mapped[Text | None]
    takes_back_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recall_attempts.id"))


class RecallTold(Timestamps, Base):
    """Somebody upstream was told: the donor, the maker, the health centre. Never changed."""

    __tablename__ = "recall_told"

    id: Mapped[Id]
    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("recalls.id"), index=True)
    partner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"))
    name: Mapped[Name]
    how: Mapped[Sentence]
    at: Mapped[Moment]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
