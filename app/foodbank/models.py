"""Food: what it is (item), what came in (lot), where it lies (balance), movements, parcels.

Stock is an append-only ledger of movements plus one balance row per lot and shelf. The balance is
changed only by a guarded UPDATE and can never fall below zero; corrections are new movements.
"""

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
    code_column,
    in_codes,
)
from app.directory.models import Partner
from app.foodbank.donors.models import FoodDrive
from app.foodbank.tracing.codes import Condition


class DateKind(StrEnum):
    BEST_BEFORE = "best_before"
    USE_BY = "use_by"


DATE_KIND_LABELS = {DateKind.BEST_BEFORE: "賞味期限", DateKind.USE_BY: "消費期限"}


class Storage(StrEnum):
    AMBIENT = "ambient"
    CHILLED = "chilled"
    FROZEN = "frozen"


STORAGE_LABELS = {Storage.AMBIENT: "常温", Storage.CHILLED: "冷蔵", Storage.FROZEN: "冷凍"}


class LotState(StrEnum):
    """QUESTION waits for a person to look at the pack; it is not offered until then.

    PAST came in with its date over. Lots whose date passes while they lie here keep their state;
    `queries.standing` tells them apart by the day, so that midnight needs no job.
    """

    OFFERABLE = "offerable"
    QUESTION = "question"
    PAST = "past"
    HELD = "held"
    RECALLED = "recalled"
    DISPOSED = "disposed"


LOT_STATE_LABELS = {
    LotState.OFFERABLE: "出せる",
    LotState.QUESTION: "確かめる",
    LotState.PAST: "期限切れ",
    LotState.HELD: "止めている",
    LotState.RECALLED: "回収",
    LotState.DISPOSED: "廃棄済み",
}


class AllergenSource(StrEnum):
    LABEL = "label"
    DONOR = "donor"
    UNKNOWN = "unknown"


class FoodItem(Timestamps, Versioned, Base):
    """品目: what households see as one kind of food, with what is needed to eat it."""

    __tablename__ = "food_items"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "name_key"),
        sa.CheckConstraint("kcal >= 0", name="kcal"),
        sa.CheckConstraint("weight_kg > 0", name="weight_kg"),
        sa.CheckConstraint("low_at >= 1", name="low_at"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    name: Mapped[Name]
    name_key: Mapped[Name]
    category: Mapped[Name]
    food_group: Mapped[Code]
    kcal: Mapped[int | None]
    weight_kg: Mapped[Decimal | None] = mapped_column(sa.Numeric(7, 3))
    # Any one of these sets of equipment is enough to eat it; [[]] means nothing is needed.
    equipment: Mapped[JsonList | None]
    chewing_class: Mapped[int | None]
    infant_from_month: Mapped[int | None]
    infant_to_month: Mapped[int | None]
    formula: Mapped[bool] = mapped_column(default=False)
    special_formula: Mapped[bool] = mapped_column(default=False)
    # Ingredient codes people may refuse (pork, honey …); None means nobody has looked.
    ingredients: Mapped[JsonList | None]
    confirmed: Mapped[bool] = mapped_column(default=False)
    source: Mapped[Name | None]
    note: Mapped[Name | None]
    # Fewer than this many units that may be handed out are too few; None asks for no alarm.
    low_at: Mapped[int | None]


class ItemJan(Timestamps, Base):
    """A barcode and the item it stands for; one code never means two items of a food bank."""

    __tablename__ = "item_jans"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "jan"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("food_items.id"), index=True)
    jan: Mapped[Code]


class Shelf(Versioned, Base):
    """棚, under a code that may change; its printed QR names the row and stays good."""

    __tablename__ = "shelves"
    __table_args__ = (
        in_codes("storage", Storage),
        sa.UniqueConstraint("organisation_id", "code"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    code: Mapped[Code]
    place: Mapped[Name] = mapped_column(default="")
    storage: Mapped[Storage | None] = code_column(Storage, nullable=True)  # None: nobody said
    active: Mapped[bool] = mapped_column(default=True)


class Lot(Timestamps, Versioned, Base):
    """ロット: what came in together, with its date as printed and as read."""

    __tablename__ = "lots"
    __table_args__ = (
        in_codes("date_kind", DateKind),
        in_codes("storage", Storage),
        in_codes("state", LotState),
        in_codes("allergen_source", AllergenSource),
        in_codes("condition", Condition),
        sa.CheckConstraint("weight_kg > 0", name="weight_kg"),
        sa.UniqueConstraint("import_id", "row_number"),
        sa.UniqueConstraint("organisation_id", "row_key"),
        sa.Index("ix_lots_state_last_day", "state", "last_day"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    number: Mapped[Code] = mapped_column(unique=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("food_items.id"), index=True)
    donor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"), index=True)
    drive_id: Mapped[int | None] = mapped_column(sa.ForeignKey("food_drives.id"), index=True)
    received_on: Mapped[Day | None]
    received_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    jan: Mapped[Code | None]
    unit: Mapped[Code]
    date_kind: Mapped[DateKind | None] = code_column(DateKind, nullable=True)
    date_printed: Mapped[Name]
    last_day: Mapped[Day | None] = mapped_column(index=True)
    storage: Mapped[Storage] = code_column(Storage)
    state: Mapped[LotState] = code_column(LotState)
    state_reason: Mapped[Name | None]
    questions: Mapped[JsonList] = mapped_column(default=list)
    allergen_text: Mapped[Text]
    allergens: Mapped[JsonList] = mapped_column(default=list)
    may_contain: Mapped[JsonList] = mapped_column(default=list)
    allergens_known: Mapped[bool] = mapped_column(default=False)
    allergen_source: Mapped[AllergenSource] = code_column(AllergenSource)
    remarks: Mapped[Text | None]
    maker: Mapped[Name | None]
    lot_code: Mapped[Name | None]  # the maker's, as printed beside the date
    weight_kg: Mapped[Decimal | None] = mapped_column(sa.Numeric(10, 3))  # of all that came in
    temperature: Mapped[Decimal | None] = mapped_column(sa.Numeric(4, 1))  # °C at receipt
    condition: Mapped[Condition | None] = code_column(Condition)
    checks: Mapped[JsonList] = mapped_column(default=list)
    checked_by: Mapped[Name | None]  # where it was not who wrote it down
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ledger_imports.id"))
    row_number: Mapped[int | None]
    # What the ledger's row said, as a hash: the same row of a later ledger is the same lot.
    row_key: Mapped[str | None] = mapped_column(sa.String(64))
    as_typed: Mapped[Json] = mapped_column(default=dict)
    item: Mapped[FoodItem] = relationship(lazy="joined", innerjoin=True)
    donor: Mapped[Partner | None] = relationship()
    drive: Mapped[FoodDrive | None] = relationship()
    balances: Mapped[list["Balance"]] = relationship(lazy="selectin")


class Balance(Base):
    """How much of a lot lies on a shelf now."""

    __tablename__ = "balances"
    __table_args__ = (sa.CheckConstraint("quantity >= 0", name="quantity"),)

    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lots.id"), primary_key=True)
    shelf_id: Mapped[int] = mapped_column(sa.ForeignKey("shelves.id"), primary_key=True)
    quantity: Mapped[int]
    shelf: Mapped[Shelf] = relationship(lazy="joined", innerjoin=True)


class MovementKind(StrEnum):
    RECEIPT = "receipt"
    PACKED = "packed"
    UNPACKED = "unpacked"
    HANDED_OUT = "handed_out"
    TRANSFER = "transfer"
    DISPOSAL = "disposal"
    CORRECTION = "correction"
    RETURNED = "returned"
    GIVEN_BACK = "given_back"
    KIT_BUILT = "kit_built"
    KIT_APART = "kit_apart"


MOVEMENT_LABELS = {
    MovementKind.RECEIPT: "受け入れ",
    MovementKind.PACKED: "箱詰め",
    MovementKind.UNPACKED: "箱から戻し",
    MovementKind.HANDED_OUT: "お渡し",
    MovementKind.TRANSFER: "棚の移動",
    MovementKind.DISPOSAL: "廃棄",
    MovementKind.CORRECTION: "訂正",
    MovementKind.RETURNED: "戻り",
    MovementKind.GIVEN_BACK: "寄贈者へ返却",
    MovementKind.KIT_BUILT: "セットを作った",
    MovementKind.KIT_APART: "セットをくずした",
}


class Movement(Timestamps, Base):
    """入出庫: one change of one balance. The database refuses to change or delete it."""

    __tablename__ = "movements"
    __table_args__ = (
        in_codes("kind", MovementKind),
        sa.UniqueConstraint("key"),
        sa.CheckConstraint("quantity <> 0", name="quantity"),
        sa.Index("ix_movements_kind_lot_id", "kind", "lot_id"),
    )

    id: Mapped[Id]
    key: Mapped[Name]  # names the one event this stands for, so that it cannot be booked twice
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lots.id"), index=True)
    shelf_id: Mapped[int] = mapped_column(sa.ForeignKey("shelves.id"))
    kind: Mapped[MovementKind] = code_column(MovementKind)
    quantity: Mapped[int]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    parcel_id: Mapped[int | None] = mapped_column(sa.ForeignKey("parcels.id"), index=True)
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("movements.id"), unique=True)
    reason: Mapped[Name | None]


class RequestState(StrEnum):
    OPEN = "open"
    PACKED = "packed"
    HANDED_OUT = "handed_out"
    CANCELLED = "cancelled"


REQUEST_STATE_LABELS = {
    RequestState.OPEN: "依頼",
    RequestState.PACKED: "箱詰め済み",
    RequestState.HANDED_OUT: "お渡し済み",
    RequestState.CANCELLED: "取り消し",
}


class Pickup(StrEnum):
    COUNTER = "counter"
    DELIVERY = "delivery"
    VISIT = "visit"


PICKUP_LABELS = {
    Pickup.COUNTER: "窓口で受け取り",
    Pickup.DELIVERY: "届ける",
    Pickup.VISIT: "訪問のときに渡す",
}


class FoodRequest(Timestamps, Versioned, Base):
    """食料の依頼. `household` is the T1 snapshot the parcel is packed by: ages, needs, no names."""

    __tablename__ = "food_requests"
    __table_args__ = (
        in_codes("state", RequestState),
        in_codes("pickup", Pickup),
        sa.CheckConstraint("days BETWEEN 1 AND 31", name="days"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    code_name: Mapped[Name]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    requested_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    days: Mapped[int]
    needed_on: Mapped[Day]
    pickup: Mapped[Pickup] = code_column(Pickup)
    place: Mapped[Name | None]  # a hand-over point; never the address of a protected household
    household: Mapped[Json]
    state: Mapped[RequestState] = code_column(RequestState, default=RequestState.OPEN)
    note: Mapped[Name | None]
    parcel: Mapped["Parcel | None"] = relationship(
        back_populates="request",
        primaryjoin="and_(FoodRequest.id == Parcel.request_id, Parcel.state != 'cancelled')",
        viewonly=True,
    )


class ParcelState(StrEnum):
    PACKED = "packed"
    HANDED_OUT = "handed_out"
    CANCELLED = "cancelled"


class Parcel(Timestamps, Versioned, Base):
    """食料セット: what was taken from the shelves for one request. One live parcel per request."""

    __tablename__ = "parcels"
    __table_args__ = (
        in_codes("state", ParcelState),
        sa.Index(
            "uq_parcels_live_request",
            "request_id",
            unique=True,
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        ),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("food_requests.id"))
    packed_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    state: Mapped[ParcelState] = code_column(ParcelState, default=ParcelState.PACKED)
    rule_version: Mapped[Code]
    days_covered: Mapped[Json] = mapped_column(default=dict)
    notes: Mapped[JsonList] = mapped_column(default=list)
    weight_kg: Mapped[Decimal] = mapped_column(sa.Numeric(7, 3))
    request: Mapped[FoodRequest] = relationship(back_populates="parcel")
    lines: Mapped[list["ParcelLine"]] = relationship(
        cascade="all, delete-orphan", order_by="ParcelLine.position", lazy="selectin"
    )


class ParcelLine(Base):
    """One line: so many of a lot, from a shelf, and why."""

    __tablename__ = "parcel_lines"
    __table_args__ = (
        sa.CheckConstraint("quantity > 0", name="quantity"),
        in_codes("condition_seen", Condition),
    )

    id: Mapped[Id]
    parcel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("parcels.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lots.id"), index=True)
    shelf_id: Mapped[int] = mapped_column(sa.ForeignKey("shelves.id"))
    quantity: Mapped[int]
    reason: Mapped[Sentence]
    condition_seen: Mapped[Condition | None] = code_column(Condition)  # when it was handed over
    lot: Mapped[Lot] = relationship()
    shelf: Mapped[Shelf] = relationship(lazy="joined", innerjoin=True)


class HandOut(Timestamps, Base):
    """お渡し: a parcel reaches somebody. At most one per parcel, whatever button is pressed."""

    __tablename__ = "hand_outs"
    __table_args__ = (sa.UniqueConstraint("parcel_id"),)

    id: Mapped[Id]
    parcel_id: Mapped[int] = mapped_column(sa.ForeignKey("parcels.id"))
    at: Mapped[Moment] = mapped_column(index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    allergen_sheet: Mapped[bool] = mapped_column(default=False)
    left_out: Mapped[JsonList] = mapped_column(default=list)
    note: Mapped[Name | None]


class LedgerImport(Timestamps, Base):
    """A food ledger as it came: the file and what became of each row."""

    __tablename__ = "ledger_imports"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "sha256"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    file_name: Mapped[Name]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary(), deferred=True)
    lot_count: Mapped[int] = mapped_column(default=0)
    question_count: Mapped[int] = mapped_column(default=0)
    past_count: Mapped[int] = mapped_column(default=0)
    skipped_count: Mapped[int] = mapped_column(default=0)
    problems: Mapped[JsonList] = mapped_column(default=list)
