"""A filled-in chart. It names nobody; with a case it belongs to that case."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Id, Json, Timestamps


class NoticingChart(Timestamps, Base):
    """What was answered to which question; only "yes" and "sometimes" are kept."""

    __tablename__ = "noticing_charts"

    id: Mapped[Id]
    case_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("cases.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    answers: Mapped[Json]
