"""A stocktake and what was counted: so many of a lot on a shelf, against what the books said then.

What the books said is written down with each count, in the same transaction. The difference is
booked when the stocktake is closed, so that whatever was packed or taken in meanwhile stays true.
"""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import (
    Base,
    Code,
    Id,
    JsonList,
    Moment,
    Sentence,
    Timestamps,
    Versioned,
    code_column,
    in_codes,
)
from app.foodbank.models import Lot, Shelf


class StocktakeState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


STOCKTAKE_STATE_LABELS = {
    StocktakeState.OPEN: "数えています",
    StocktakeState.CLOSED: "締めました",
    StocktakeState.CANCELLED: "取りやめ",
}
IS_OPEN = sa.text("state = 'open'")


class Stocktake(Timestamps, Versioned, Base):
    """棚卸し of all shelves, or of those named in `shelves` (codes). One is open at a time."""

    __tablename__ = "stocktakes"
    __table_args__ = (
        in_codes("state", StocktakeState),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by"),
        sa.Index(
            "uq_stocktakes_open",
            "organisation_id",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    shelves: Mapped[JsonList] = mapped_column(default=list)
    state: Mapped[StocktakeState] = code_column(StocktakeState, default=StocktakeState.OPEN)
    started_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    ended_at: Mapped[Moment | None]
    why_uncounted: Mapped[Sentence | None]  # why something was left uncounted


class StocktakeCount(Timestamps, Versioned, Base):
    """How many were counted, what the books said then, and the movement that came of it."""

    __tablename__ = "stocktake_counts"
    __table_args__ = (
        sa.UniqueConstraint("stocktake_id", "shelf_id", "lot_id"),
        sa.UniqueConstraint("movement_id"),
        sa.CheckConstraint("counted >= 0", name="counted"),
        sa.CheckConstraint("expected >= 0", name="expected"),
    )

    id: Mapped[Id]
    stocktake_id: Mapped[int] = mapped_column(
        sa.ForeignKey("stocktakes.id", ondelete="CASCADE"), index=True
    )
    shelf_id: Mapped[int] = mapped_column(sa.ForeignKey("shelves.id"))
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lots.id"), index=True)
    counted: Mapped[int]
    expected: Mapped[int]
    counted_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    counted_at: Mapped[Moment]
    movement_id: Mapped[int | None] = mapped_column(sa.ForeignKey("movements.id"))
    lot: Mapped[Lot] = relationship()
    shelf: Mapped[Shelf] = relationship()

    @property
    def difference(self) -> int:
        """More (+) or fewer (−) than the books said."""
        return self.counted - self.expected
