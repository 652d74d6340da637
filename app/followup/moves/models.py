"""Each moving of visits as it was asked for, and what became of every visit. Never changed."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Day, Id, Name, Timestamps, code_column, in_codes
from app.followup.models import CheckIn
from app.followup.moves.codes import Outcome


class VisitMove(Timestamps, Base):
    """One act: these visits to somebody, to a day, or both. One that takes another back names it.

    `unseen` counts visits asked for that whoever asked may not know of.
    """

    __tablename__ = "visit_moves"
    __table_args__ = (
        sa.CheckConstraint("unseen >= 0", name="unseen"),
        sa.UniqueConstraint("undoes_id"),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    visitor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    on: Mapped[Day | None]
    why: Mapped[Name | None]
    unseen: Mapped[int] = mapped_column(default=0)
    undoes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visit_moves.id"))
    lines: Mapped[list["VisitMoveLine"]] = relationship(
        back_populates="move", order_by="VisitMoveLine.id"
    )


class VisitMoveLine(Base):
    """What became of one visit: who was to go on which day before, and who goes now."""

    __tablename__ = "visit_move_lines"
    __table_args__ = (
        in_codes("outcome", Outcome),
        sa.UniqueConstraint("move_id", "check_in_id"),
    )

    id: Mapped[Id]
    move_id: Mapped[int] = mapped_column(sa.ForeignKey("visit_moves.id"))
    check_in_id: Mapped[int] = mapped_column(
        sa.ForeignKey("check_ins.id", ondelete="CASCADE"), index=True
    )
    outcome: Mapped[Outcome] = code_column(Outcome)
    from_visitor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    to_visitor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    from_on: Mapped[Day]
    to_on: Mapped[Day]
    move: Mapped[VisitMove] = relationship(back_populates="lines")
    check_in: Mapped[CheckIn] = relationship()
