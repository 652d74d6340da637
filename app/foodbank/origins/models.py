"""Corrections of who gave a lot, and the letters of thanks that were printed. Never changed."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Day, Id, Name, Timestamps
from app.directory.models import Partner
from app.foodbank.donors.models import FoodDrive


class OriginCorrection(Timestamps, Base):
    """What a lot said of donor and drive before, what it says from here on, and why."""

    __tablename__ = "origin_corrections"

    id: Mapped[Id]
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lots.id"), index=True)
    from_donor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"), index=True)
    to_donor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"))
    from_drive_id: Mapped[int | None] = mapped_column(sa.ForeignKey("food_drives.id"), index=True)
    to_drive_id: Mapped[int | None] = mapped_column(sa.ForeignKey("food_drives.id"))
    reason: Mapped[Name]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    from_donor: Mapped[Partner | None] = relationship(foreign_keys=[from_donor_id])
    to_donor: Mapped[Partner | None] = relationship(foreign_keys=[to_donor_id])
    from_drive: Mapped[FoodDrive | None] = relationship(foreign_keys=[from_drive_id])
    to_drive: Mapped[FoodDrive | None] = relationship(foreign_keys=[to_drive_id])


class DonorLetter(Timestamps, Base):
    """A letter of thanks as it was printed. Those from before they were kept have no period."""

    __tablename__ = "donor_letters"
    __table_args__ = (sa.CheckConstraint("(starts_on IS NULL) = (ends_on IS NULL)", name="period"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("partners.id"), index=True)
    starts_on: Mapped[Day | None]
    ends_on: Mapped[Day | None]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
