"""Organisations and offices we work with but that do not sign in."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import (
    Base,
    Code,
    Day,
    Id,
    Moment,
    Name,
    Sentence,
    Text,
    Timestamps,
    Versioned,
    Yen,
    code_column,
    in_codes,
)
from app.directory.codes import NetworkStep, Offer, PartnerSystem


class PartnerKind(StrEnum):
    CITY_SECTION = "city_section"
    PROVIDER = "provider"
    REALTOR = "realtor"
    GUARANTOR_COMPANY = "guarantor_company"
    DONOR = "donor"
    COUNCIL = "council"
    OTHER = "other"


PARTNER_KIND_LABELS = {
    PartnerKind.CITY_SECTION: "市役所・課",
    PartnerKind.PROVIDER: "支援事業者",
    PartnerKind.REALTOR: "不動産業者",
    PartnerKind.GUARANTOR_COMPANY: "家賃債務保証会社",
    PartnerKind.DONOR: "寄贈者",
    PartnerKind.COUNCIL: "居住支援協議会",
    PartnerKind.OTHER: "ほかの機関",
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


def new_uuid() -> str:
    """A number of its own for a row that travels to other directories and comes back."""
    return str(uuid.uuid4())


class Partner(Timestamps, Versioned, Base):
    """One partner. `name_key` compares spellings: ㈱架空ホーム is 株式会社架空ホーム.

    A section names the organisation it belongs to as its `parent`; 収納課 of two towns are two.
    `uuid` stays the same in every file that leaves and comes back.
    """

    __tablename__ = "partners"
    __table_args__ = (
        in_codes("kind", PartnerKind),
        in_codes("emergency_rule", EmergencyRule),
        sa.CheckConstraint("first_fee_percent >= 0", name="first_fee_percent"),
        sa.CheckConstraint("monthly_fee >= 0", name="monthly_fee"),
        sa.CheckConstraint("parent_id <> id", name="parent"),
        sa.UniqueConstraint("uuid"),
        sa.Index(
            "uq_partners_name_alone", "kind", "name_key", unique=True,
            sqlite_where=sa.text("parent_id IS NULL"),
            postgresql_where=sa.text("parent_id IS NULL"),
        ),
        sa.Index(
            "uq_partners_name_in_parent", "kind", "parent_id", "name_key", unique=True,
            sqlite_where=sa.text("parent_id IS NOT NULL"),
            postgresql_where=sa.text("parent_id IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Id]
    uuid: Mapped[str] = mapped_column(sa.String(36), default=new_uuid)
    kind: Mapped[PartnerKind] = code_column(PartnerKind)
    parent_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("partners.id", ondelete="SET NULL"), index=True
    )
    name: Mapped[Name]
    name_key: Mapped[Name]
    kana: Mapped[Name | None]
    does: Mapped[Sentence | None]  # what they are for, in one sentence
    phone: Mapped[Code | None]
    fax: Mapped[Code | None]
    email: Mapped[Name | None]
    web: Mapped[Sentence | None]
    office: Mapped[Name | None]  # which counter: 市役所2階 5番窓口
    postal_code: Mapped[Code | None]
    address: Mapped[Name | None]
    contact_hours: Mapped[Name | None]
    note: Mapped[Text | None]
    troubles: Mapped[Text | None]  # what this partner itself struggles with
    active: Mapped[bool] = mapped_column(default=True)
    checked_on: Mapped[Day | None]
    changed_at: Mapped[Moment | None]
    # Of guarantor companies alone; None is "nobody asked".
    certified: Mapped[bool | None]  # 認定家賃債務保証業者
    without_guarantor: Mapped[bool | None]
    emergency_rule: Mapped[EmergencyRule] = code_column(
        EmergencyRule, default=EmergencyRule.UNKNOWN
    )
    first_fee_percent: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 1))
    monthly_fee: Mapped[Yen | None]

    parent: Mapped["Partner | None"] = relationship(remote_side="Partner.id")
    system_links: Mapped[list["PartnerSystemLink"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )
    contacts: Mapped[list["PartnerContact"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="PartnerContact.position"
    )
    services: Mapped[list["PartnerService"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="PartnerService.position"
    )
    step_rows: Mapped[list["PartnerStep"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def systems(self) -> Sequence[PartnerSystem]:
        """The neighbouring systems this partner stands for, in the order of the notice."""
        chosen = {link.system for link in self.system_links}
        return [system for system in PartnerSystem if system in chosen]

    @property
    def steps(self) -> Mapping[str, date]:
        """How far working together has come: the day of each step taken."""
        days = {row.step: row.done_on for row in self.step_rows}
        return {step.value: days[step] for step in NetworkStep if step in days}


class PartnerSystemLink(Base):
    """One of the 17 systems a partner stands for."""

    __tablename__ = "partner_systems"
    __table_args__ = (in_codes("system", PartnerSystem),)

    partner_id: Mapped[int] = mapped_column(
        sa.ForeignKey("partners.id", ondelete="CASCADE"), primary_key=True
    )
    system: Mapped[PartnerSystem] = code_column(PartnerSystem, primary_key=True)


class PartnerContact(Base):
    """Somebody, or a counter without a name, to ask for at a partner."""

    __tablename__ = "partner_contacts"
    __table_args__ = (
        sa.CheckConstraint(
            "name IS NOT NULL OR role IS NOT NULL OR phone IS NOT NULL", name="somebody"
        ),
        sa.UniqueConstraint("uuid"),
    )

    id: Mapped[Id]
    uuid: Mapped[str] = mapped_column(sa.String(36), default=new_uuid)
    partner_id: Mapped[int] = mapped_column(
        sa.ForeignKey("partners.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    name: Mapped[Name | None]
    role: Mapped[Name | None]
    phone: Mapped[Code | None]
    extension: Mapped[Code | None]
    best_time: Mapped[Name | None]


class PartnerService(Base):
    """One thing a partner does for people: for whom, how to apply, what it costs."""

    __tablename__ = "partner_services"
    __table_args__ = (in_codes("offer", Offer), sa.UniqueConstraint("uuid"))

    id: Mapped[Id]
    uuid: Mapped[str] = mapped_column(sa.String(36), default=new_uuid)
    partner_id: Mapped[int] = mapped_column(
        sa.ForeignKey("partners.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    offer: Mapped[Offer] = code_column(Offer)
    name: Mapped[Name]
    for_whom: Mapped[Sentence | None]
    how_to_apply: Mapped[Sentence | None]
    fee: Mapped[Name | None]
    languages: Mapped[Name | None]


class PartnerStep(Base):
    """One step of building up work with a partner, and its day."""

    __tablename__ = "partner_steps"
    __table_args__ = (in_codes("step", NetworkStep),)

    partner_id: Mapped[int] = mapped_column(
        sa.ForeignKey("partners.id", ondelete="CASCADE"), primary_key=True
    )
    step: Mapped[NetworkStep] = code_column(NetworkStep, primary_key=True)
    done_on: Mapped[Day]
