"""Buildings, homes and the lists they come from.

What a list said is kept as typed beside what was read from it, so nothing a sender wrote is lost.
"""

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
    Json,
    JsonList,
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
from app.directory.models import Partner


class HomeKind(StrEnum):
    PRIVATE = "private"
    REGISTERED = "registered"
    SUPPORT = "support"
    MUNICIPAL = "municipal"
    TEMPORARY = "temporary"
    SHELTER = "shelter"


HOME_KIND_LABELS = {
    HomeKind.PRIVATE: "民間賃貸",
    HomeKind.REGISTERED: "登録住宅",
    HomeKind.SUPPORT: "居住サポート住宅",
    HomeKind.MUNICIPAL: "市営住宅",
    HomeKind.TEMPORARY: "市営一時入居",
    HomeKind.SHELTER: "シェルター",
}


class HomeState(StrEnum):
    """募集の状態. HELD and later follow from placements, VACANT and STOPPED from the owner."""

    VACANT = "vacant"
    HELD = "held"
    VIEWING = "viewing"
    APPLIED = "applied"
    CONTRACT = "contract"
    OCCUPIED = "occupied"
    STOPPED = "stopped"


HOME_STATE_LABELS = {
    HomeState.VACANT: "募集中",
    HomeState.HELD: "取り置き",
    HomeState.VIEWING: "内見",
    HomeState.APPLIED: "申込",
    HomeState.CONTRACT: "契約",
    HomeState.OCCUPIED: "入居中",
    HomeState.STOPPED: "止め",
}


class GuarantorRule(StrEnum):
    PERSON = "person"
    COMPANY = "company"
    COMPANY_REQUIRED = "company_required"
    NONE = "none"
    NEGOTIABLE = "negotiable"
    UNKNOWN = "unknown"


GUARANTOR_RULE_LABELS = {
    GuarantorRule.PERSON: "連帯保証人が必要",
    GuarantorRule.COMPANY: "保証会社でよい",
    GuarantorRule.COMPANY_REQUIRED: "保証会社が必須",
    GuarantorRule.NONE: "不要",
    GuarantorRule.NEGOTIABLE: "相談",
    GuarantorRule.UNKNOWN: "未確認",
}


class Acceptance(StrEnum):
    """受入可否, per group of 住宅確保要配慮者 (住宅セーフティネット法2条)."""

    YES = "yes"
    CONDITIONAL = "conditional"
    NEGOTIABLE = "negotiable"
    NO = "no"
    UNKNOWN = "unknown"


ACCEPTANCE_LABELS = {
    Acceptance.YES: "可",
    Acceptance.CONDITIONAL: "条件付き",
    Acceptance.NEGOTIABLE: "応相談",
    Acceptance.NO: "不可",
    Acceptance.UNKNOWN: "未確認",
}


class Group(StrEnum):
    """Whom a landlord is asked about: the columns of the council's list."""

    ELDERLY = "elderly"
    DISABLED = "disabled"
    PUBLIC_ASSISTANCE = "public_assistance"
    FOREIGN = "foreign"
    SINGLE_PARENT = "single_parent"
    DV = "dv"
    EX_OFFENDER = "ex_offender"


GROUP_LABELS = {
    Group.ELDERLY: "高齢者",
    Group.DISABLED: "障害者",
    Group.PUBLIC_ASSISTANCE: "生活保護",
    Group.FOREIGN: "外国人",
    Group.SINGLE_PARENT: "ひとり親・子育て",
    Group.DV: "DV被害者",
    Group.EX_OFFENDER: "刑余者",
}


class Support(StrEnum):
    """What makes a landlord say yes: arranged by us, listed as things to do."""

    WATCHING = "watching"
    GUARANTOR_COMPANY = "guarantor_company"
    PROXY_PAYMENT = "proxy_payment"
    EMERGENCY_CONTACT = "emergency_contact"
    LEFTOVER_CONTRACT = "leftover_contract"


SUPPORT_LABELS = {
    Support.WATCHING: "見守り",
    Support.GUARANTOR_COMPANY: "保証会社",
    Support.PROXY_PAYMENT: "家賃の代理納付",
    Support.EMERGENCY_CONTACT: "緊急連絡先",
    Support.LEFTOVER_CONTRACT: "残置物の契約",
}


class PetRule(StrEnum):
    YES = "yes"
    NEGOTIABLE = "negotiable"
    NO = "no"
    UNKNOWN = "unknown"


PET_RULE_LABELS = {
    PetRule.YES: "可",
    PetRule.NEGOTIABLE: "相談",
    PetRule.NO: "不可",
    PetRule.UNKNOWN: "未確認",
}


class AvailableKind(StrEnum):
    NOW = "now"
    ON_DATE = "on_date"
    AFTER_MOVE_OUT = "after_move_out"
    NEGOTIABLE = "negotiable"
    UNKNOWN = "unknown"


AVAILABLE_LABELS = {
    AvailableKind.NOW: "すぐ入居できる",
    AvailableKind.ON_DATE: "日付から",
    AvailableKind.AFTER_MOVE_OUT: "いまの人の退去後",
    AvailableKind.NEGOTIABLE: "相談",
    AvailableKind.UNKNOWN: "未確認",
}


class Precision(StrEnum):
    """How precise a point on the map is; never better than the town."""

    TOWN = "town"
    POSTAL = "postal"
    MUNICIPALITY = "municipality"
    NONE = "none"


PRECISION_LABELS = {
    Precision.TOWN: "町の中心（およそ100〜300m）",
    Precision.POSTAL: "同じ町名の一帯（およそ1km）",
    Precision.MUNICIPALITY: "市の中心（数km）",
    Precision.NONE: "場所は分かりません",
}


class Landlord(Timestamps, Versioned, Base):
    """貸主: a person; what they need to hear before they say yes comes with later use."""

    __tablename__ = "landlords"

    id: Mapped[Id]
    name: Mapped[Name]
    name_key: Mapped[Name] = mapped_column(index=True)
    phone: Mapped[Code | None]
    note: Mapped[Text | None]


class Property(Timestamps, Versioned, Base):
    """物件（建物）. The address is kept as first written; `address_key` compares spellings."""

    __tablename__ = "properties"
    __table_args__ = (
        sa.UniqueConstraint("key"),
        in_codes("precision", Precision),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
    )

    id: Mapped[Id]
    key: Mapped[Name]
    name: Mapped[Name]
    prefecture: Mapped[Name | None]
    municipality: Mapped[Name | None] = mapped_column(index=True)
    address: Mapped[Name]
    postal_code: Mapped[Code | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    precision: Mapped[Precision] = code_column(Precision, default=Precision.NONE)
    built_year: Mapped[int | None]
    built_month: Mapped[int | None]
    structure: Mapped[Name | None]
    floors: Mapped[int | None]
    lift: Mapped[bool | None]
    station_line: Mapped[Name | None]
    station: Mapped[Name | None]
    walk_minutes: Mapped[int | None]
    bus_minutes: Mapped[int | None]
    homes: Mapped[list["Home"]] = relationship(back_populates="property")


class Home(Timestamps, Versioned, Base):
    """住戸: one dwelling that can be let to one household."""

    __tablename__ = "homes"
    __table_args__ = (
        sa.UniqueConstraint("key"),
        in_codes("kind", HomeKind),
        in_codes("state", HomeState),
        in_codes("guarantor_rule", GuarantorRule),
        in_codes("pet_rule", PetRule),
        in_codes("available", AvailableKind),
        sa.CheckConstraint("rent >= 0", name="rent"),
        sa.CheckConstraint("fee >= 0", name="fee"),
        sa.CheckConstraint("area > 0", name="area"),
        sa.Index("ix_homes_state_rent", "state", "rent"),
    )

    id: Mapped[Id]
    property_id: Mapped[int] = mapped_column(sa.ForeignKey("properties.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    key: Mapped[Name]
    room: Mapped[Name]
    kind: Mapped[HomeKind] = code_column(HomeKind, default=HomeKind.PRIVATE)
    state: Mapped[HomeState] = code_column(HomeState, default=HomeState.VACANT)
    layout: Mapped[Code | None]
    rooms: Mapped[int | None]
    area: Mapped[Decimal | None] = mapped_column(sa.Numeric(7, 2))
    floor: Mapped[int | None]
    rent: Mapped[Yen | None]
    fee: Mapped[Yen | None]
    fee_included: Mapped[bool] = mapped_column(default=False)
    deposit: Mapped[Yen | None]
    key_money: Mapped[Yen | None]
    guarantor_rule: Mapped[GuarantorRule] = code_column(
        GuarantorRule, default=GuarantorRule.UNKNOWN
    )
    pet_rule: Mapped[PetRule] = code_column(PetRule, default=PetRule.UNKNOWN)
    available: Mapped[AvailableKind] = code_column(AvailableKind, default=AvailableKind.UNKNOWN)
    available_from: Mapped[date | None]
    wheelchair: Mapped[bool | None]
    agent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"), index=True)
    landlord_id: Mapped[int | None] = mapped_column(sa.ForeignKey("landlords.id"), index=True)
    contact_phone: Mapped[Code | None]
    remarks: Mapped[Text | None]
    confirmed_on: Mapped[Day | None]
    missing_since: Mapped[Day | None]  # left out of its council's newer list; ask, never delete
    source: Mapped[Name | None]
    property: Mapped[Property] = relationship(back_populates="homes", lazy="joined")
    agent: Mapped[Partner | None] = relationship()
    landlord: Mapped[Landlord | None] = relationship()
    acceptances: Mapped[list["HomeAcceptance"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin"
    )


class HomeAcceptance(Base):
    """What a landlord says about one group, with the conditions and the words as typed."""

    __tablename__ = "home_acceptances"
    __table_args__ = (in_codes("group_code", Group), in_codes("answer", Acceptance))

    home_id: Mapped[int] = mapped_column(
        sa.ForeignKey("homes.id", ondelete="CASCADE"), primary_key=True
    )
    group_code: Mapped[Group] = code_column(Group, primary_key=True)
    answer: Mapped[Acceptance] = code_column(Acceptance)
    conditions: Mapped[JsonList] = mapped_column(default=list)
    as_typed: Mapped[Name | None]


class ImportState(StrEnum):
    PREVIEW = "preview"
    TAKING_IN = "taking_in"
    TAKEN_IN = "taken_in"
    REFUSED = "refused"


class CouncilListImport(Timestamps, Base):
    """One list as it came: the file itself, how it was read, and what became of it."""

    __tablename__ = "council_list_imports"
    __table_args__ = (in_codes("state", ImportState), sa.Index("ix_council_sha", "sha256"))

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    sender_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"))
    file_name: Mapped[Name]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary(), deferred=True)
    state: Mapped[ImportState] = code_column(ImportState, default=ImportState.PREVIEW)
    columns: Mapped[Json] = mapped_column(default=dict)
    read_on: Mapped[Day]
    gone: Mapped[JsonList] = mapped_column(default=list)
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("jobs.id", ondelete="SET NULL"))
    new_count: Mapped[int] = mapped_column(default=0)
    changed_count: Mapped[int] = mapped_column(default=0)
    same_count: Mapped[int] = mapped_column(default=0)
    repeat_count: Mapped[int] = mapped_column(default=0)
    problem_count: Mapped[int] = mapped_column(default=0)
    taken_in_at: Mapped[Moment | None]
    rows: Mapped[list["CouncilListRow"]] = relationship(
        cascade="all, delete-orphan", order_by="CouncilListRow.row_number"
    )


class RowOutcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REPEAT = "repeat"
    DOUBTFUL = "doubtful"
    UNREADABLE = "unreadable"
    SKIPPED = "skipped"


ROW_OUTCOME_LABELS = {
    RowOutcome.NEW: "新しい",
    RowOutcome.CHANGED: "変わった",
    RowOutcome.SAME: "同じ",
    RowOutcome.REPEAT: "重複",
    RowOutcome.DOUBTFUL: "確かめる",
    RowOutcome.UNREADABLE: "読めない",
    RowOutcome.SKIPPED: "見出しなど",
}


class CouncilListRow(Base):
    """One row of a list, exactly as typed, and what became of it."""

    __tablename__ = "council_list_rows"
    __table_args__ = (
        in_codes("outcome", RowOutcome),
        sa.UniqueConstraint("import_id", "row_number"),
    )

    id: Mapped[Id]
    import_id: Mapped[int] = mapped_column(
        sa.ForeignKey("council_list_imports.id", ondelete="CASCADE")
    )
    row_number: Mapped[int]
    outcome: Mapped[RowOutcome] = code_column(RowOutcome)
    home_id: Mapped[int | None] = mapped_column(sa.ForeignKey("homes.id"), index=True)
    as_typed: Mapped[Json]
    problems: Mapped[JsonList] = mapped_column(default=list)
    changes: Mapped[JsonList] = mapped_column(default=list)


class MatchRun(Timestamps, Base):
    """One asking of the machine: rule version, inputs and answer, so that it can be replayed."""

    __tablename__ = "match_runs"

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    rule_version: Mapped[Code]
    run_on: Mapped[Day]
    inputs: Mapped[Json]
    result: Mapped[Json]
    note: Mapped[Sentence | None]
