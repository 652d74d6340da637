"""Addresses of calendars that a person's devices read."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code, Id, Moment, Name, Timestamps


class CalendarFeed(Timestamps, Base):
    """カレンダーの住所 of one device: signed, revocable, without names unless asked for."""

    __tablename__ = "calendar_feeds"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    label: Mapped[Name]
    nonce: Mapped[Code]
    with_names: Mapped[bool] = mapped_column(default=False)
    last_read_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
