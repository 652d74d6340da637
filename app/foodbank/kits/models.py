"""A batch of kits and what each of them holds.

Each kit of a batch holds the same of each lot, so that whoever holds one kit can be told for every
lot whether it is in it, and a kit taken apart gives back exactly what went in.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Id, Timestamps
from app.foodbank.models import Lot, Shelf


class KitBuild(Timestamps, Base):
    """So many kits made at once; they are one lot of the kit's item."""

    __tablename__ = "kit_builds"
    __table_args__ = (
        sa.UniqueConstraint("lot_id"),
        sa.CheckConstraint("kits > 0", name="kits"),
    )

    id: Mapped[Id]
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lots.id"))
    kits: Mapped[int]
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    lot: Mapped[Lot] = relationship()
    parts: Mapped[list["KitPart"]] = relationship(
        cascade="all, delete-orphan", order_by="KitPart.id", lazy="selectin"
    )


class KitPart(Base):
    """How many of a lot from a shelf each kit of a batch holds."""

    __tablename__ = "kit_parts"
    __table_args__ = (
        sa.UniqueConstraint("build_id", "lot_id", "shelf_id"),
        sa.CheckConstraint("per_kit > 0", name="per_kit"),
    )

    id: Mapped[Id]
    build_id: Mapped[int] = mapped_column(sa.ForeignKey("kit_builds.id", ondelete="CASCADE"))
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lots.id"), index=True)
    shelf_id: Mapped[int] = mapped_column(sa.ForeignKey("shelves.id"))
    per_kit: Mapped[int]
    lot: Mapped[Lot] = relationship()
    shelf: Mapped[Shelf] = relationship(lazy="joined", innerjoin=True)
