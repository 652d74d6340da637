"""What a household needs from a home and from a parcel, and where it must not go."""

from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import (
    Base,
    Day,
    Id,
    JsonList,
    Name,
    Text,
    Timestamps,
    Versioned,
    Yen,
    code_column,
    in_codes,
)


class YesNoUnknown(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


YES_NO_UNKNOWN_LABELS = {
    YesNoUnknown.YES: "はい",
    YesNoUnknown.NO: "いいえ",
    YesNoUnknown.UNKNOWN: "まだ分からない",
}


class EmergencyContact(StrEnum):
    PRIVATE = "private"
    CORPORATE = "corporate"
    NONE = "none"
    UNKNOWN = "unknown"


EMERGENCY_CONTACT_LABELS = {
    EmergencyContact.PRIVATE: "個人（家族・知人）",
    EmergencyContact.CORPORATE: "法人（居住支援法人など）",
    EmergencyContact.NONE: "いない",
    EmergencyContact.UNKNOWN: "まだ分からない",
}


class FloorNeed(StrEnum):
    ANY = "any"
    SECOND = "second"
    GROUND_OR_LIFT = "ground_or_lift"
    GROUND = "ground"
    UNKNOWN = "unknown"


FLOOR_NEED_LABELS = {
    FloorNeed.ANY: "何階でもよい",
    FloorNeed.SECOND: "2階までなら階段でよい",
    FloorNeed.GROUND_OR_LIFT: "1階 または エレベーター",
    FloorNeed.GROUND: "1階だけ",
    FloorNeed.UNKNOWN: "まだ分からない",
}


class RentBasis(StrEnum):
    CEILING = "ceiling"
    AGREED = "agreed"


RENT_BASIS_LABELS = {
    RentBasis.CEILING: "給付・扶助を使う（住宅扶助の限度額まで）",
    RentBasis.AGREED: "話し合って決めた額まで",
}


class HousingNeed(Timestamps, Versioned, Base):
    """住まいの希望: what a home must and should be for this household."""

    __tablename__ = "housing_needs"
    __table_args__ = (
        sa.UniqueConstraint("case_id"),
        in_codes("rent_basis", RentBasis),
        in_codes("floor_need", FloorNeed),
        in_codes("guarantor", YesNoUnknown),
        in_codes("emergency_contact", EmergencyContact),
        in_codes("pet", YesNoUnknown),
        in_codes("wheelchair", YesNoUnknown),
        sa.CheckConstraint("people BETWEEN 1 AND 30", name="people"),
        sa.CheckConstraint("agreed_rent >= 0", name="agreed_rent"),
        sa.CheckConstraint("funds >= 0", name="funds"),
        sa.CheckConstraint(
            "rent_basis <> 'agreed' OR agreed_rent IS NOT NULL", name="agreed_rent_given"
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id", ondelete="CASCADE"))
    people: Mapped[int | None]
    rent_basis: Mapped[RentBasis] = code_column(RentBasis)
    agreed_rent: Mapped[Yen | None]
    funds: Mapped[Yen | None]
    move_by: Mapped[Day | None]
    municipalities: Mapped[JsonList] = mapped_column(default=list)
    floor_need: Mapped[FloorNeed] = code_column(FloorNeed, default=FloorNeed.UNKNOWN)
    wheelchair: Mapped[YesNoUnknown] = code_column(YesNoUnknown, default=YesNoUnknown.NO)
    pet: Mapped[YesNoUnknown] = code_column(YesNoUnknown, default=YesNoUnknown.NO)
    guarantor: Mapped[YesNoUnknown] = code_column(YesNoUnknown, default=YesNoUnknown.UNKNOWN)
    guarantor_company: Mapped[bool] = mapped_column(default=True)
    emergency_contact: Mapped[EmergencyContact] = code_column(
        EmergencyContact, default=EmergencyContact.UNKNOWN
    )
    groups: Mapped[JsonList] = mapped_column(default=list)
    supports: Mapped[JsonList] = mapped_column(default=list)
    min_area: Mapped[Decimal | None] = mapped_column(sa.Numeric(6, 2))
    min_rooms: Mapped[int | None]
    wishes: Mapped[Text | None]
    anchors: Mapped[list["Anchor"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class Anchor(Base):
    """A place the household goes to: work, hospital, school, family."""

    __tablename__ = "housing_anchors"

    id: Mapped[Id]
    need_id: Mapped[int] = mapped_column(
        sa.ForeignKey("housing_needs.id", ondelete="CASCADE"), index=True
    )
    label: Mapped[Name]
    address: Mapped[Name]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    weight: Mapped[float] = mapped_column(default=1.0)


class StayAwayZone(Timestamps, Base):
    """T4: a place to keep away from. Only the distance to it is ever tested; never shown."""

    __tablename__ = "stay_away_zones"
    __table_args__ = (sa.CheckConstraint("radius_m BETWEEN 1 AND 100000", name="radius"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    radius_m: Mapped[int]
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))


class FoodProfile(Timestamps, Versioned, Base):
    """食料の必要: what this household can cook with and must not eat (T1)."""

    __tablename__ = "food_profiles"
    __table_args__ = (
        sa.UniqueConstraint("case_id"),
        sa.CheckConstraint("chewing_class BETWEEN 1 AND 4", name="chewing_class"),
        sa.CheckConstraint("carry_kg > 0", name="carry_kg"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id", ondelete="CASCADE"))
    allergies: Mapped[JsonList] = mapped_column(default=list)
    allergies_asked: Mapped[bool] = mapped_column(default=False)
    equipment: Mapped[JsonList] = mapped_column(default=list)
    forbidden: Mapped[JsonList] = mapped_column(default=list)
    chewing_class: Mapped[int | None]
    carry_kg: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 1))
    note: Mapped[Name | None]
