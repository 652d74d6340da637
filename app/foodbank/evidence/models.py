"""A pack of papers and files for one period, made in the background and kept as it was made."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Day, Id, Moment, Timestamps


class EvidencePack(Timestamps, Base):
    """`content` is the zip once the job has made it."""

    __tablename__ = "evidence_packs"
    __table_args__ = (
        sa.CheckConstraint("starts_on <= ends_on", name="period"),
        sa.CheckConstraint("(content IS NULL) = (made_at IS NULL)", name="made"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    starts_on: Mapped[Day]
    ends_on: Mapped[Day]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("jobs.id"))
    made_at: Mapped[Moment | None]
    content: Mapped[bytes | None] = mapped_column(sa.LargeBinary(), deferred=True)
