"""What was said with landlords, and what comes next."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base, Day, Id, Moment, Sentence, Text, Timestamps, code_column, in_codes
from app.housing.landlords.codes import ContactKind, ContactWay


class LandlordContact(Timestamps, Base):
    """One entry of a landlord's log. It names no household: a referral is only counted."""

    __tablename__ = "landlord_contacts"
    __table_args__ = (
        in_codes("kind", ContactKind),
        in_codes("way", ContactWay),
        sa.Index("ix_landlord_contacts_next_on", "next_on"),
    )

    id: Mapped[Id]
    landlord_id: Mapped[int] = mapped_column(
        sa.ForeignKey("landlords.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    kind: Mapped[ContactKind] = code_column(ContactKind, default=ContactKind.CONTACT)
    way: Mapped[ContactWay] = code_column(ContactWay)
    on_day: Mapped[Day]
    text: Mapped[Text]
    next_step: Mapped[Sentence | None]
    next_on: Mapped[date | None]
    next_done_at: Mapped[Moment | None]
    user: Mapped[User] = relationship()
