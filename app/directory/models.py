"""Organisations and offices we work with but that do not sign in."""

from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code, Id, Name, Text, Timestamps, Versioned, Yen, code_column, in_codes


class PartnerKind(StrEnum):
    CITY_SECTION = "city_section"
    PROVIDER = "provider"
    REALTOR = "realtor"
    GUARANTOR_COMPANY = "guarantor_company"
    DONOR = "donor"
    COUNCIL = "council"
    OTHER = "other"


PARTNER_KIND_LABELS = {
    PartnerKind.CITY_SECTION: "市の課",
    PartnerKind.PROVIDER: "支援事業者",
    PartnerKind.REALTOR: "不動産業者",
    PartnerKind.GUARANTOR_COMPANY: "家賃債務保証会社",
    PartnerKind.DONOR: "寄贈者",
    PartnerKind.COUNCIL: "居住支援協議会",
    PartnerKind.OTHER: "その他",
}


class EmergencyRule(StrEnum):
    """Whom a guarantor company wants named as emergency contact."""

    NONE = "none"
    CORPORATE = "corporate"
    PERSON = "person"
    UNKNOWN = "unknown"


EMERGENCY_RULE_LABELS = {
    EmergencyRule.NONE: "不要",
    EmergencyRule.CORPORATE: "必要（法人でもよい）",
    EmergencyRule.PERSON: "必要（個人に限る）",
    EmergencyRule.UNKNOWN: "未確認",
}


class Partner(Timestamps, Versioned, Base):
    """One partner. `name_key` compares spellings: ㈱架空ホーム is 株式会社架空ホーム."""

    __tablename__ = "partners"
    __table_args__ = (
        in_codes("kind", PartnerKind),
        in_codes("emergency_rule", EmergencyRule),
        sa.CheckConstraint("first_fee_percent >= 0", name="first_fee_percent"),
        sa.CheckConstraint("monthly_fee >= 0", name="monthly_fee"),
        sa.UniqueConstraint("kind", "name_key"),
    )

    id: Mapped[Id]
    kind: Mapped[PartnerKind] = code_column(PartnerKind)
    name: Mapped[Name]
    name_key: Mapped[Name]
    kana: Mapped[Name | None]
    phone: Mapped[Code | None]
    contact_person: Mapped[Name | None]
    contact_hours: Mapped[Name | None]
    note: Mapped[Text | None]
    # Of guarantor companies alone; None is "nobody asked".
    certified: Mapped[bool | None]  # 認定家賃債務保証業者
    without_guarantor: Mapped[bool | None]
    emergency_rule: Mapped[EmergencyRule] = code_column(
        EmergencyRule, default=EmergencyRule.UNKNOWN
    )
    first_fee_percent: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 1))
    monthly_fee: Mapped[Yen | None]
