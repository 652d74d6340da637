"""Times agreed with a household for one visit."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Day, Id, Timestamps, Versioned

MIDNIGHT = 24 * 60


class VisitTime(Timestamps, Versioned, Base):
    """約束の時間: from when until when somebody expects the visit on a day, and how long it takes.

    Minutes after midnight. One check-in has one agreed day; agreeing on another replaces it.
    """

    __tablename__ = "visit_times"
    __table_args__ = (
        sa.UniqueConstraint("check_in_id"),
        sa.CheckConstraint("opens BETWEEN 0 AND 1439", name="opens"),
        sa.CheckConstraint("closes BETWEEN 0 AND 1439", name="closes"),
        sa.CheckConstraint("closes >= opens", name="window"),
        sa.CheckConstraint("minutes BETWEEN 5 AND 240", name="minutes"),
    )

    id: Mapped[Id]
    check_in_id: Mapped[int] = mapped_column(sa.ForeignKey("check_ins.id", ondelete="CASCADE"))
    on: Mapped[Day]
    opens: Mapped[int | None]
    closes: Mapped[int | None]
    minutes: Mapped[int]
    set_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
