"""あとから届いた訪問: what a phone without the network recorded and the plan contradicts."""

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
from app.followup.codes import AttemptResult, Rent
from app.followup.models import CheckIn


class Trouble(StrEnum):
    """Why a visit that has happened needs a person's eye."""

    RECORDED = "recorded"
    CANCELLED = "cancelled"
    ENDED = "ended"


TROUBLE_LABELS = {
    Trouble.RECORDED: "ほかの人が先に記録していた",
    Trouble.CANCELLED: "計画が変わり、取りやめになっていた",
    Trouble.ENDED: "見守りが終わっていた",
}


class Settlement(StrEnum):
    KEPT = "kept"
    LEFT = "left"


SETTLEMENT_LABELS = {
    Settlement.KEPT: "この訪問も記録に残した",
    Settlement.LEFT: "記録はそのままにした",
}


class LateVisit(Timestamps, Versioned, Base):
    """One visit of a phone that could not be recorded as it came. Never deleted, only settled."""

    __tablename__ = "late_visits"
    __table_args__ = (
        in_codes("result", AttemptResult),
        in_codes("rent", Rent),
        in_codes("trouble", Trouble),
        in_codes("settlement", Settlement),
        sa.CheckConstraint("(settlement IS NULL) = (settled_at IS NULL)", name="settled_at"),
        sa.CheckConstraint("(settlement IS NULL) = (settled_by IS NULL)", name="settled_by"),
        # One phone tells of one visit once, also when its first answer never reached it.
        sa.UniqueConstraint("check_in_id", "user_id", "happened_at"),
    )

    id: Mapped[Id]
    check_in_id: Mapped[int] = mapped_column(sa.ForeignKey("check_ins.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    happened_at: Mapped[Moment]
    result: Mapped[AttemptResult] = code_column(AttemptResult)
    kinds: Mapped[JsonList] = mapped_column(default=list)
    rent: Mapped[Rent | None] = code_column(Rent, nullable=True)
    items: Mapped[JsonList] = mapped_column(default=list)
    note: Mapped[Text | None]
    linked_to: Mapped[Name | None]
    trouble: Mapped[Trouble] = code_column(Trouble)
    settlement: Mapped[Settlement | None] = code_column(Settlement, nullable=True)
    settled_at: Mapped[Moment | None]
    settled_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    words: Mapped[Text | None]
    check_in: Mapped[CheckIn] = relationship()
