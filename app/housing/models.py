"""Landlords, buildings, homes, and the runs that matched a household with them."""

from datetime import date
from decimal import Decimal

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
from app.housing.codes import (
    Acceptance,
    AvailableKind,
    BuildingKind,
    ContactRule,
    ContractKind,
    GasKind,
    Group,
    GuarantorRule,
    HomeKind,
    HomeState,
    PauseCause,
    PetRule,
    PhotoKind,
    Precision,
    TradeKind,
)
from app.housing.landlords.codes import PreferredWay


class Landlord(Timestamps, Versioned, Base):
    """貸主: how to reach them, what worries them, and what has reassured them before."""

    __tablename__ = "landlords"
    __table_args__ = (in_codes("preferred_way", PreferredWay),)

    id: Mapped[Id]
    name: Mapped[Name]
    name_key: Mapped[Name] = mapped_column(index=True)
    kana: Mapped[Name | None]
    phone: Mapped[Code | None]
    phone_digits: Mapped[Code | None] = mapped_column(index=True)  # to find one number again
    email: Mapped[Name | None]
    contact_hours: Mapped[Name | None]
    preferred_way: Mapped[PreferredWay | None] = code_column(PreferredWay, nullable=True)
    do_not: Mapped[Sentence | None]  # 連絡禁止事項
    worries: Mapped[JsonList] = mapped_column(default=list)
    worry_note: Mapped[Sentence | None]
    reassured_by: Mapped[JsonList] = mapped_column(default=list)
    note: Mapped[Text | None]


class Property(Timestamps, Versioned, Base):
    """物件（建物）. The address is kept as first written; `address_key` compares spellings."""

    __tablename__ = "properties"
    __table_args__ = (
        sa.UniqueConstraint("key"),
        in_codes("precision", Precision),
        in_codes("building_kind", BuildingKind),
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
    building_kind: Mapped[BuildingKind | None] = code_column(BuildingKind, nullable=True)
    structure: Mapped[Name | None]
    floors: Mapped[int | None]
    lift: Mapped[bool | None]
    station_line: Mapped[Name | None]
    station: Mapped[Name | None]
    walk_minutes: Mapped[int | None]
    bus_minutes: Mapped[int | None]
    homes: Mapped[list["Home"]] = relationship(back_populates="property")
    more_stations: Mapped[list["PropertyStation"]] = relationship(
        cascade="all, delete-orphan", order_by="PropertyStation.position"
    )


class PropertyStation(Base):
    """A further station within reach; the nearest one stands with its building."""

    __tablename__ = "property_stations"
    __table_args__ = (sa.CheckConstraint("walk_minutes >= 1", name="walk_minutes"),)

    property_id: Mapped[int] = mapped_column(
        sa.ForeignKey("properties.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[Name | None]
    name: Mapped[Name]
    walk_minutes: Mapped[int | None]


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
        in_codes("gas", GasKind),
        in_codes("contract_kind", ContractKind),
        in_codes("contact_rule", ContactRule),
        in_codes("trade", TradeKind),
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
    facing: Mapped[Code | None]
    living_mats: Mapped[Decimal | None] = mapped_column(sa.Numeric(4, 1))  # 居室の畳数
    steps: Mapped[int | None]  # between the street and the door
    most_people: Mapped[int | None]
    school_district: Mapped[Name | None]
    gas: Mapped[GasKind] = code_column(GasKind, default=GasKind.UNKNOWN)
    fittings: Mapped[JsonList] = mapped_column(default=list)
    rent: Mapped[Yen | None]
    rent_negotiable: Mapped[bool] = mapped_column(default=False)  # 応談: no amount was named
    fee: Mapped[Yen | None]
    fee_included: Mapped[bool] = mapped_column(default=False)
    deposit: Mapped[Yen | None]
    key_money: Mapped[Yen | None]
    deposit_kept: Mapped[Yen | None]  # 償却・敷引
    renewal_fee: Mapped[Yen | None]
    renewal_office_fee: Mapped[Yen | None]
    agent_fee: Mapped[Yen | None]
    guarantee_fee: Mapped[Yen | None]
    guarantee_monthly: Mapped[Yen | None]
    insurance: Mapped[Yen | None]
    lock_change: Mapped[Yen | None]
    cleaning: Mapped[Yen | None]
    prepaid_months: Mapped[int | None]  # 前家賃 in months; None is the usual one month
    free_months: Mapped[int | None]
    contract_kind: Mapped[ContractKind] = code_column(ContractKind, default=ContractKind.UNKNOWN)
    contract_months: Mapped[int | None]
    trade: Mapped[TradeKind | None] = code_column(TradeKind, nullable=True)
    guarantor_company_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"))
    contact_rule: Mapped[ContactRule] = code_column(ContactRule, default=ContactRule.UNKNOWN)
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
    agent: Mapped[Partner | None] = relationship(foreign_keys=[agent_id])
    guarantor_company: Mapped[Partner | None] = relationship(foreign_keys=[guarantor_company_id])
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


class HomePhoto(Timestamps, Base):
    """A picture or floor plan of a home, made anew without what the camera wrote into it.

    The bytes lie in the database, so that a backup holds them and a picture and its home are kept
    or dropped together. A removed one stays for a while, to be put back.
    """

    __tablename__ = "home_photos"
    __table_args__ = (in_codes("kind", PhotoKind),)

    id: Mapped[Id]
    home_id: Mapped[int] = mapped_column(sa.ForeignKey("homes.id", ondelete="CASCADE"), index=True)
    kind: Mapped[PhotoKind] = code_column(PhotoKind, default=PhotoKind.PHOTO)
    caption: Mapped[Name] = mapped_column(default="")
    position: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    picture: Mapped[bytes] = mapped_column(sa.LargeBinary(), deferred=True)
    thumbnail: Mapped[bytes] = mapped_column(sa.LargeBinary(), deferred=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    removed_at: Mapped[Moment | None]


class HomeChange(Base):
    """That something about a home changed, written by the database itself on every write.

    On SQLite a revision is the next number, on PostgreSQL the number of the transaction; what is
    visible from a revision on is what changed since it was current. Home 0 stands for all.
    """

    __tablename__ = "home_changes"

    revision: Mapped[int] = mapped_column(sa.BigInteger(), primary_key=True, autoincrement=False)
    home_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[Moment]


class HomeSnapshot(Timestamps, Base):
    """The vacant homes as they were matched, packed: whole, or what differs from an earlier one.

    Runs refer to one instead of carrying every home, and a process that starts begins with the
    newest: `mark` is the revision from which on changes have to be read beside it, `covered` the
    lines of an initial cost that a benefit paid under the rules of its day.
    """

    __tablename__ = "home_snapshots"
    __table_args__ = (sa.UniqueConstraint("digest"),)

    id: Mapped[Id]
    base_id: Mapped[int | None] = mapped_column(sa.ForeignKey("home_snapshots.id"))
    homes: Mapped[int]
    mark: Mapped[int] = mapped_column(sa.BigInteger())
    covered: Mapped[JsonList]
    digest: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary(), deferred=True)


class MatchRun(Timestamps, Base):
    """One asking of the machine: rule version, inputs and answer, so that it can be replayed."""

    __tablename__ = "match_runs"

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    rule_version: Mapped[Code]
    run_on: Mapped[Day]
    snapshot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("home_snapshots.id"))
    inputs: Mapped[Json]
    result: Mapped[Json]
    note: Mapped[Sentence | None]


class RunMiss(Base):
    """Of one run: how many homes a single condition kept out, which met all others.

    The run's answer says so too, but is too heavy to be read by the thousand. `subject` is the
    group a landlord is asked about, empty for every other condition; never a place.
    """

    __tablename__ = "run_misses"
    __table_args__ = (sa.CheckConstraint("homes > 0", name="homes"),)

    run_id: Mapped[int] = mapped_column(
        sa.ForeignKey("match_runs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    condition: Mapped[Code] = mapped_column(primary_key=True)
    subject: Mapped[Code] = mapped_column(primary_key=True, default="")
    homes: Mapped[int]


class HomePause(Timestamps, Base):
    """見合わせ: a home, or every home of one guarantor company, out of a household's candidates.

    It ages out on `until`, ends when somebody ends it, and no longer counts once the housing need
    has been written anew (`need_version` is the need's as it was).
    """

    __tablename__ = "home_pauses"
    __table_args__ = (
        in_codes("cause", PauseCause),
        in_codes("group_code", Group),
        sa.CheckConstraint("(home_id IS NULL) <> (company_id IS NULL)", name="what"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    home_id: Mapped[int | None] = mapped_column(sa.ForeignKey("homes.id"))
    company_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"))
    cause: Mapped[PauseCause] = code_column(PauseCause)
    group_code: Mapped[Group | None] = code_column(Group, nullable=True)
    detail: Mapped[Name | None]
    until: Mapped[Day]
    need_version: Mapped[int]
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    ended_at: Mapped[Moment | None]
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    home: Mapped[Home | None] = relationship()
    company: Mapped[Partner | None] = relationship()
