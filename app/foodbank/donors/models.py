"""What was agreed with a donor, food drives, and what a kilogram is reckoned at."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Day, Id, Name, Sentence, Timestamps, Versioned, Yen
from app.directory.models import Partner


class DonorAgreement(Timestamps, Versioned, Base):
    """協定: from its first day until its last, or until a newer one of the same donor begins."""

    __tablename__ = "donor_agreements"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "donor_id", "starts_on"),
        sa.CheckConstraint("ends_on >= starts_on", name="period"),
        sa.CheckConstraint("least_days >= 0", name="least_days"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("partners.id"), index=True)
    starts_on: Mapped[Day]
    ends_on: Mapped[Day | None]
    conditions: Mapped[Sentence | None]
    # How many days a pack must still keep on the day it comes in; None: nothing was agreed.
    least_days: Mapped[int | None]
    # Whether it may go on to other organisations. None is no yes: the donor has to be asked.
    pass_on: Mapped[bool | None]
    recall_contact: Mapped[Name | None]
    document: Mapped[Name | None]  # where the paper is
    donor: Mapped[Partner] = relationship()


class FoodDrive(Timestamps, Versioned, Base):
    """フードドライブ: food collected from many people at one place for some days."""

    __tablename__ = "food_drives"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "name", "starts_on"),
        sa.CheckConstraint("ends_on >= starts_on", name="period"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    name: Mapped[Name]
    place: Mapped[Name]
    starts_on: Mapped[Day]
    ends_on: Mapped[Day]


class GiftRate(Versioned, Base):
    """What a food bank reckons a kilogram of gifts at, since when, and who says so.

    Without an amount no value is told anywhere: there is no figure of our own.
    """

    __tablename__ = "gift_rates"
    __table_args__ = (sa.CheckConstraint("yen_per_kg > 0", name="yen_per_kg"),)

    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisations.id"), primary_key=True, autoincrement=False
    )
    yen_per_kg: Mapped[Yen | None]
    as_of: Mapped[Day | None]
    source: Mapped[Name | None]
