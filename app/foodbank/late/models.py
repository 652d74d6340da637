"""あとから届いたお渡し: what a phone without the network recorded and the books contradict."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import (
    Base,
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
from app.foodbank.models import Parcel


class Trouble(StrEnum):
    """Why a hand-out that has happened needs a person's eye.

    UNSAFE and CONSENT are in the books, and CANCELLED is when the shelf still held the food;
    DIFFERENT keeps what was booked first.
    """

    UNSAFE = "unsafe"
    CONSENT = "consent"
    CANCELLED = "cancelled"
    DIFFERENT = "different"


TROUBLE_LABELS = {
    Trouble.UNSAFE: "渡してはいけない品が渡った",
    Trouble.CONSENT: "同意が終わった世帯に渡った",
    Trouble.CANCELLED: "取り消した箱が渡った",
    Trouble.DIFFERENT: "残した物が、先の記録と違う",
}


class Settlement(StrEnum):
    BOOKED = "booked"
    LEFT = "left"


SETTLEMENT_LABELS = {
    Settlement.BOOKED: "渡したものとして記録した",
    Settlement.LEFT: "記録はそのままにした",
}


class LateHandOut(Timestamps, Versioned, Base):
    """One report of a phone that could not be booked as it came. Never deleted, only settled."""

    __tablename__ = "late_hand_outs"
    __table_args__ = (
        in_codes("trouble", Trouble),
        in_codes("settlement", Settlement),
        sa.CheckConstraint("(settlement IS NULL) = (settled_at IS NULL)", name="settled_at"),
        sa.CheckConstraint("(settlement IS NULL) = (settled_by IS NULL)", name="settled_by"),
        # One phone tells of one parcel once, also when its first answer never reached it.
        sa.UniqueConstraint("parcel_id", "user_id", "handed_at"),
    )

    id: Mapped[Id]
    parcel_id: Mapped[int] = mapped_column(sa.ForeignKey("parcels.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    handed_at: Mapped[Moment]
    left_out: Mapped[JsonList] = mapped_column(default=list)
    allergen_sheet: Mapped[bool] = mapped_column(default=False)
    condition_seen: Mapped[bool] = mapped_column(default=False)
    note: Mapped[Name | None]
    trouble: Mapped[Trouble] = code_column(Trouble)
    sentence: Mapped[Text]
    booked: Mapped[bool] = mapped_column(default=False)  # whether the hand-out is in the books
    settlement: Mapped[Settlement | None] = code_column(Settlement, nullable=True)
    settled_at: Mapped[Moment | None]
    settled_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    words: Mapped[Text | None]
    parcel: Mapped[Parcel] = relationship()
