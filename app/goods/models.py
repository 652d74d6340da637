"""Things given, what households need, what is kept for whom, and the measures of homes.

A reservation is a row of its own and not a state: a thing is kept for a household while it still
stands at its donor's as well as on our shelf. The database lets one run per thing and per need.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.models import Case
from app.db import (
    Base,
    Day,
    Id,
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
from app.goods.codes import (
    MOST_CM,
    MOST_KG,
    Carrier,
    Check,
    Condition,
    ForWhom,
    GoodsDeed,
    GoodsGas,
    GoodsKind,
    Importance,
    ItemState,
    MetBy,
    NeedState,
    ReservationEnd,
    Room,
    Voltage,
)
from app.housing.models import Home
from app.placements.models import Placement


def _centimetres(*names: str) -> tuple[sa.CheckConstraint, ...]:
    return tuple(sa.CheckConstraint(f"{name} BETWEEN 1 AND {MOST_CM}", name=name) for name in names)


class GoodsItem(Timestamps, Versioned, Base):
    """品物: one thing. Sizes are in cm, as it stands; None is not known."""

    __tablename__ = "goods_items"
    __table_args__ = (
        in_codes("kind", GoodsKind),
        in_codes("gas", GoodsGas),
        in_codes("voltage", Voltage),
        in_codes("safety", Check),
        in_codes("recall", Check),
        in_codes("condition", Condition),
        in_codes("carrier", Carrier),
        in_codes("state", ItemState),
        *_centimetres("width_cm", "depth_cm", "height_cm"),
        *_centimetres("lift_width_cm", "lift_depth_cm", "lift_height_cm"),
        sa.CheckConstraint(f"weight_kg BETWEEN 1 AND {MOST_KG}", name="weight_kg"),
        sa.CheckConstraint("window_until >= window_from", name="pick_up_days"),
        sa.CheckConstraint("(safety = 'unchecked') = (safety_on IS NULL)", name="safety_on"),
        sa.CheckConstraint("(recall = 'unchecked') = (recall_on IS NULL)", name="recall_on"),
        sa.Index("ix_goods_items_state_kind", "state", "kind"),
        sa.Index("ix_goods_items_created_at", "organisation_id", "created_at"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    kind: Mapped[GoodsKind] = code_column(GoodsKind)
    label: Mapped[Name]
    maker: Mapped[Name | None]
    model: Mapped[Name | None]  # 型番: what a maker's recall is looked up by
    width_cm: Mapped[int | None]
    depth_cm: Mapped[int | None]
    height_cm: Mapped[int | None]
    weight_kg: Mapped[int | None]
    dismantles: Mapped[bool | None]  # None: nobody has looked
    upright: Mapped[bool | None]  # must not be laid down
    gas: Mapped[GoodsGas] = code_column(GoodsGas, default=GoodsGas.UNKNOWN)
    voltage: Mapped[Voltage] = code_column(Voltage, default=Voltage.UNKNOWN)
    made_year: Mapped[int | None]
    safety: Mapped[Check] = code_column(Check, default=Check.UNCHECKED)
    safety_on: Mapped[Day | None]
    safety_by: Mapped[Name | None]
    recall: Mapped[Check] = code_column(Check, default=Check.UNCHECKED)
    recall_on: Mapped[Day | None]
    recall_by: Mapped[Name | None]
    condition: Mapped[Condition] = code_column(Condition, default=Condition.UNKNOWN)
    note: Mapped[Sentence | None]
    donor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"), index=True)
    donor_address: Mapped[Name | None]
    latitude: Mapped[float | None]  # the middle of the town, never a building; see app/geocoding.py
    longitude: Mapped[float | None]
    donor_floor: Mapped[int | None]
    donor_lift: Mapped[bool | None]
    lift_width_cm: Mapped[int | None]
    lift_depth_cm: Mapped[int | None]
    lift_height_cm: Mapped[int | None]
    window_from: Mapped[Day | None]  # 引取の期間; both ends inclusive, None is open
    window_until: Mapped[Day | None]
    carrier: Mapped[Carrier] = code_column(Carrier, default=Carrier.UNKNOWN)
    state: Mapped[ItemState] = code_column(ItemState, default=ItemState.PLEDGED)
    shelf: Mapped[Name | None]  # where it lies while it is ours
    donor: Mapped[Partner | None] = relationship()
    moves: Mapped[list["GoodsMove"]] = relationship(order_by="GoodsMove.id")

    @property
    def number(self) -> str:
        """What is said over the phone and written on the thing."""
        return f"モノ-{self.id:04}"


class GoodsPhoto(Timestamps, Base):
    """A picture of a thing, made anew without what the camera wrote into it."""

    __tablename__ = "goods_photos"

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("goods_items.id"), index=True)
    caption: Mapped[Name] = mapped_column(default="")
    width: Mapped[int]
    height: Mapped[int]
    picture: Mapped[bytes] = mapped_column(sa.LargeBinary(), deferred=True)
    thumbnail: Mapped[bytes] = mapped_column(sa.LargeBinary(), deferred=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    removed_at: Mapped[Moment | None]


class GoodsNeed(Timestamps, Versioned, Base):
    """物資の必要: one thing a household needs. Three futons are three needs.

    `needed_on` is a day a person said; without one it is the day of the keys.
    """

    __tablename__ = "goods_needs"
    __table_args__ = (
        in_codes("kind", GoodsKind),
        in_codes("room", Room),
        in_codes("importance", Importance),
        in_codes("gas", GoodsGas),
        in_codes("voltage", Voltage),
        in_codes("state", NeedState),
        in_codes("met_by", MetBy),
        *_centimetres("space_width_cm", "space_depth_cm", "space_height_cm"),
        sa.CheckConstraint("(state = 'met') = (met_by IS NOT NULL)", name="met"),
        sa.CheckConstraint("(state = 'open') = (closed_on IS NULL)", name="closed"),
        sa.Index("ix_goods_needs_case_id", "case_id"),
        sa.Index("ix_goods_needs_state_kind", "state", "kind"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    placement_id: Mapped[int | None] = mapped_column(sa.ForeignKey("placements.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    kind: Mapped[GoodsKind] = code_column(GoodsKind)
    detail: Mapped[Name | None]  # 「一人用」「遮光」: what matters about it, nothing of the people
    room: Mapped[Room] = code_column(Room, default=Room.ANY)
    importance: Mapped[Importance] = code_column(Importance, default=Importance.MUST)
    space_width_cm: Mapped[int | None]
    space_depth_cm: Mapped[int | None]
    space_height_cm: Mapped[int | None]
    gas: Mapped[GoodsGas] = code_column(GoodsGas, default=GoodsGas.UNKNOWN)
    voltage: Mapped[Voltage] = code_column(Voltage, default=Voltage.UNKNOWN)
    needed_on: Mapped[Day | None]
    note: Mapped[Text | None]
    state: Mapped[NeedState] = code_column(NeedState, default=NeedState.OPEN)
    met_by: Mapped[MetBy | None] = code_column(MetBy, nullable=True)
    closed_on: Mapped[Day | None]
    case: Mapped[Case] = relationship()
    placement: Mapped[Placement | None] = relationship()

    @property
    def number(self) -> str:
        """What stands for the need where its household is not told."""
        return f"必要-{self.id:04}"


class GoodsReservation(Timestamps, Versioned, Base):
    """取り置き of one thing for one need, until a day; what runs past it is told, not dropped."""

    __tablename__ = "goods_reservations"
    __table_args__ = (
        in_codes("ended_as", ReservationEnd),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_as IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name="ended",
        ),
        sa.Index(
            "uq_goods_reservations_running_item",
            "item_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index(
            "uq_goods_reservations_running_need",
            "need_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index("ix_goods_reservations_need_id", "need_id"),
    )

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("goods_items.id"), index=True)
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("goods_needs.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    until: Mapped[Day]
    hand_over_at: Mapped[Name | None]  # 渡す場所, where the home itself must not be told
    ended_at: Mapped[Moment | None]
    ended_as: Mapped[ReservationEnd | None] = code_column(ReservationEnd, nullable=True)
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    item: Mapped[GoodsItem] = relationship()
    need: Mapped[GoodsNeed] = relationship()


class GoodsMove(Timestamps, Base):
    """One line of a thing's history, never changed: the database refuses."""

    __tablename__ = "goods_moves"
    __table_args__ = (
        in_codes("deed", GoodsDeed),
        in_codes("before", ItemState),
        in_codes("after", ItemState),
    )

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("goods_items.id"), index=True)
    reservation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("goods_reservations.id"), index=True
    )
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    deed: Mapped[GoodsDeed] = code_column(GoodsDeed)
    before: Mapped[ItemState | None] = code_column(ItemState, nullable=True)
    after: Mapped[ItemState] = code_column(ItemState)
    on_day: Mapped[date] = mapped_column(sa.Date())
    shelf: Mapped[Name | None]
    why: Mapped[Sentence | None]


class HomeMeasures(Timestamps, Versioned, Base):
    """The way into a home and its spaces in cm. They belong to the home: the next household too."""

    __tablename__ = "home_measures"
    __table_args__ = (
        sa.UniqueConstraint("home_id"),
        *_centimetres(
            "door_width_cm", "door_height_cm", "corridor_width_cm", "stairs_width_cm",
            "lift_door_width_cm", "lift_width_cm", "lift_depth_cm", "lift_height_cm",
            "fridge_width_cm", "fridge_depth_cm", "fridge_height_cm", "washer_width_cm",
            "washer_depth_cm", "stove_width_cm", "window_width_cm", "window_height_cm",
        ),
    )  # fmt: skip

    id: Mapped[Id]
    home_id: Mapped[int] = mapped_column(sa.ForeignKey("homes.id"))
    door_width_cm: Mapped[int | None]
    door_height_cm: Mapped[int | None]
    corridor_width_cm: Mapped[int | None]
    stairs_width_cm: Mapped[int | None]
    lift: Mapped[bool | None]  # None: as its building says
    lift_door_width_cm: Mapped[int | None]
    lift_width_cm: Mapped[int | None]
    lift_depth_cm: Mapped[int | None]
    lift_height_cm: Mapped[int | None]
    fridge_width_cm: Mapped[int | None]
    fridge_depth_cm: Mapped[int | None]
    fridge_height_cm: Mapped[int | None]
    washer_width_cm: Mapped[int | None]
    washer_depth_cm: Mapped[int | None]
    stove_width_cm: Mapped[int | None]
    window_width_cm: Mapped[int | None]
    window_height_cm: Mapped[int | None]
    socket_200v: Mapped[bool | None]
    measured_on: Mapped[Day]
    measured_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    home: Mapped[Home] = relationship()


class UsualNeed(Timestamps, Versioned, Base):
    """One line of the list a household's needs are proposed from; a retired one stays readable."""

    __tablename__ = "goods_usual_needs"
    __table_args__ = (
        in_codes("for_whom", ForWhom),
        in_codes("kind", GoodsKind),
        in_codes("room", Room),
        in_codes("importance", Importance),
        sa.UniqueConstraint("for_whom", "kind"),
    )

    id: Mapped[Id]
    position: Mapped[int]
    for_whom: Mapped[ForWhom] = code_column(ForWhom)
    kind: Mapped[GoodsKind] = code_column(GoodsKind)
    room: Mapped[Room] = code_column(Room)
    importance: Mapped[Importance] = code_column(Importance)
    per_person: Mapped[bool] = mapped_column(default=False)
    source: Mapped[Name]
    certain: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
