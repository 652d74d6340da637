"""Goods: things given with their pictures and history, needs, reservations, measures of homes."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KINDS = (
    "fridge", "washer", "microwave", "rice_cooker", "gas_stove", "ih_stove", "kettle", "heater",
    "fan", "light", "vacuum", "television", "bed", "futon", "bedding", "table", "chair", "chest",
    "shelf", "curtain", "kitchen_set", "tableware", "bath_set", "cleaning", "cot", "pram", "desk",
    "shower_chair", "bicycle", "other",
)  # fmt: skip
STATES = ("pledged", "fetched", "stored", "delivered", "returned", "withdrawn", "disposed")
CODES = {
    "kind": KINDS,
    "gas": ("city", "lp", "none", "unknown"),
    "voltage": ("v100", "v200", "none", "unknown"),
    "safety": ("unchecked", "good", "bad"),
    "recall": ("unchecked", "good", "bad"),
    "condition": ("new", "good", "used", "worn", "unknown"),
    "carrier": ("donor", "we", "household", "unknown"),
    "state": STATES,
    "before": STATES,
    "after": STATES,
    "room": ("kitchen", "living", "bedroom", "washroom", "bath", "entrance", "any"),
    "importance": ("must", "wish"),
    "met_by": ("delivered", "own", "bought", "given"),
    "ended_as": ("delivered", "freed", "unsafe", "placement_over", "need_closed", "item_gone"),
    "deed": (
        "pledged", "reserved", "extended", "freed", "fetched", "stored", "delivered", "returned",
        "withdrawn", "disposed", "found_unsafe", "undone",
    ),
    "for_whom": (
        "everybody", "single", "couple", "family", "infant", "school_child", "elder",
    ),
}  # fmt: skip
NEED_STATES = ("open", "met", "withdrawn")

GOOD = "生活を始めるのに要るものの、よい実践の例。法令の定めではない。"
AID = "生活保護の家具什器費（一時扶助）の対象になることがある品。福祉事務所に確かめる。"
# for whom, kind, room, importance, one for each person, source
USUAL = (
    ("everybody", "futon", "bedroom", "must", True, AID),
    ("everybody", "bedding", "bedroom", "must", True, AID),
    ("everybody", "curtain", "living", "must", False, GOOD),
    ("everybody", "light", "living", "must", False, AID),
    ("everybody", "kitchen_set", "kitchen", "must", False, AID),
    ("everybody", "tableware", "kitchen", "must", True, AID),
    ("everybody", "fridge", "kitchen", "must", False, GOOD),
    ("everybody", "gas_stove", "kitchen", "must", False, AID),
    ("everybody", "rice_cooker", "kitchen", "must", False, AID),
    ("everybody", "washer", "washroom", "must", False, GOOD),
    ("everybody", "heater", "living", "must", False, AID),
    ("everybody", "bath_set", "bath", "must", False, GOOD),
    ("everybody", "cleaning", "any", "wish", False, GOOD),
    ("everybody", "table", "living", "wish", False, GOOD),
    ("single", "microwave", "kitchen", "wish", False, GOOD),
    ("couple", "microwave", "kitchen", "wish", False, GOOD),
    ("couple", "chest", "bedroom", "wish", False, GOOD),
    ("family", "microwave", "kitchen", "must", False, GOOD),
    ("family", "chest", "bedroom", "must", False, GOOD),
    ("family", "vacuum", "living", "wish", False, GOOD),
    ("infant", "cot", "bedroom", "wish", False, GOOD),
    ("infant", "pram", "entrance", "wish", False, GOOD),
    ("school_child", "desk", "living", "wish", False, GOOD),
    ("elder", "bed", "bedroom", "wish", False, GOOD),
    ("elder", "chair", "living", "wish", False, GOOD),
    ("elder", "shower_chair", "bath", "wish", False,
     "介護保険の福祉用具の購入・貸与が先に使えないか、ケアマネジャーに確かめる。"),
)  # fmt: skip


def _code(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(40), nullable=nullable)


def _integers(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Integer(), nullable=True) for name in names]


def _needed(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _days(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Date(), nullable=True) for name in names]


def _names(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.String(200), nullable=True) for name in names]


def _booleans(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Boolean(), nullable=True) for name in names]


def _moment(name: str = "created_at", *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _in(table: str, column: str, codes: tuple[str, ...] = ()) -> sa.CheckConstraint:
    listed = ", ".join(f"'{code}'" for code in codes or CODES[column])
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _centimetres(table: str, *names: str) -> list[sa.CheckConstraint]:
    return [_check(table, name, f"{name} BETWEEN 1 AND 500") for name in names]


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _index(table: str, *columns: str, name: str = "") -> None:
    op.create_index(op.f(name or f"ix_{table}_{columns[0]}"), table, list(columns))


def upgrade() -> None:
    _items("goods_items")
    _photos("goods_photos")
    _needs("goods_needs")
    _reservations("goods_reservations")
    _moves("goods_moves")
    _measures("home_measures")
    _usual("goods_usual_needs")


def _items(table: str) -> None:
    op.create_table(
        table,
        *_needed("id", "organisation_id", "user_id"),
        _code("kind"),
        sa.Column("label", sa.String(200), nullable=False),
        *_names("maker", "model"),
        *_integers("width_cm", "depth_cm", "height_cm", "weight_kg"),
        *_booleans("dismantles", "upright"),
        _code("gas"),
        _code("voltage"),
        *_integers("made_year"),
        _code("safety"),
        *_days("safety_on"),
        *_names("safety_by"),
        _code("recall"),
        *_days("recall_on"),
        *_names("recall_by"),
        _code("condition"),
        sa.Column("note", sa.String(1000), nullable=True),
        *_integers("donor_id"),
        *_names("donor_address"),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        *_integers("donor_floor"),
        *_booleans("donor_lift"),
        *_integers("lift_width_cm", "lift_depth_cm", "lift_height_cm"),
        *_days("window_from", "window_until"),
        _code("carrier"),
        _code("state"),
        *_names("shelf"),
        _moment(),
        *_needed("version"),
        *(
            _in(table, name)
            for name in (
                "kind", "gas", "voltage", "safety", "recall", "condition", "carrier", "state",
            )
        ),
        *_centimetres(table, "width_cm", "depth_cm", "height_cm"),
        *_centimetres(table, "lift_width_cm", "lift_depth_cm", "lift_height_cm"),
        _check(table, "weight_kg", "weight_kg BETWEEN 1 AND 500"),
        _check(table, "pick_up_days", "window_until >= window_from"),
        _check(table, "safety_on", "(safety = 'unchecked') = (safety_on IS NULL)"),
        _check(table, "recall_on", "(recall = 'unchecked') = (recall_on IS NULL)"),
        _to(table, "organisation_id", "organisations"),
        _to(table, "user_id", "users"),
        _to(table, "donor_id", "partners"),
        _key(table),
    )  # fmt: skip
    _index(table, "donor_id")
    _index(table, "state", "kind", name=f"ix_{table}_state_kind")


def _photos(table: str) -> None:
    op.create_table(
        table,
        *_needed("id", "item_id"),
        sa.Column("caption", sa.String(200), nullable=False),
        *_needed("width", "height"),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=False),
        *_needed("user_id"),
        _moment("removed_at", nullable=True),
        _moment(),
        _to(table, "item_id", "goods_items"),
        _to(table, "user_id", "users"),
        _key(table),
    )
    _index(table, "item_id")


def _needs(table: str) -> None:
    op.create_table(
        table,
        *_needed("id", "case_id"),
        *_integers("placement_id"),
        *_needed("user_id"),
        _code("kind"),
        *_names("detail"),
        _code("room"),
        _code("importance"),
        *_integers("space_width_cm", "space_depth_cm", "space_height_cm"),
        _code("gas"),
        _code("voltage"),
        *_days("needed_on"),
        sa.Column("note", sa.Text(), nullable=True),
        _code("state"),
        _code("met_by", nullable=True),
        *_days("closed_on"),
        _moment(),
        *_needed("version"),
        *(_in(table, name) for name in ("kind", "room", "importance", "gas", "voltage", "met_by")),
        _in(table, "state", NEED_STATES),
        *_centimetres(table, "space_width_cm", "space_depth_cm", "space_height_cm"),
        _check(table, "met", "(state = 'met') = (met_by IS NOT NULL)"),
        _check(table, "closed", "(state = 'open') = (closed_on IS NULL)"),
        _to(table, "case_id", "cases"),
        _to(table, "placement_id", "placements"),
        _to(table, "user_id", "users"),
        _key(table),
    )
    _index(table, "case_id")
    _index(table, "placement_id")
    _index(table, "state", "kind", name=f"ix_{table}_state_kind")


def _reservations(table: str) -> None:
    op.create_table(
        table,
        *_needed("id", "item_id", "need_id", "user_id"),
        sa.Column("until", sa.Date(), nullable=False),
        *_names("hand_over_at"),
        _moment("ended_at", nullable=True),
        _code("ended_as", nullable=True),
        *_integers("ended_by"),
        _moment(),
        *_needed("version"),
        _in(table, "ended_as"),
        _check(
            table,
            "ended",
            "(ended_at IS NULL) = (ended_as IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
        ),
        _to(table, "item_id", "goods_items"),
        _to(table, "need_id", "goods_needs"),
        _to(table, "user_id", "users"),
        _to(table, "ended_by", "users"),
        _key(table),
    )
    for column in ("item_id", "need_id"):
        _index(table, column)
        running = sa.text("ended_at IS NULL")
        op.create_index(
            op.f(f"uq_{table}_running_{column.removesuffix('_id')}"),
            table,
            [column],
            unique=True,
            sqlite_where=running,
            postgresql_where=running,
        )


def _moves(table: str) -> None:
    op.create_table(
        table,
        *_needed("id", "item_id"),
        *_integers("reservation_id"),
        *_needed("user_id"),
        _code("deed"),
        _code("before", nullable=True),
        _code("after"),
        sa.Column("on_day", sa.Date(), nullable=False),
        *_names("shelf"),
        sa.Column("why", sa.String(1000), nullable=True),
        _moment(),
        *(_in(table, name) for name in ("deed", "before", "after")),
        _to(table, "item_id", "goods_items"),
        _to(table, "reservation_id", "goods_reservations"),
        _to(table, "user_id", "users"),
        _key(table),
    )
    _index(table, "item_id")
    _index(table, "reservation_id")
    protect(table)


def _measures(table: str) -> None:
    lengths = (
        "door_width_cm", "door_height_cm", "corridor_width_cm", "stairs_width_cm",
        "lift_door_width_cm", "lift_width_cm", "lift_depth_cm", "lift_height_cm",
        "fridge_width_cm", "fridge_depth_cm", "fridge_height_cm", "washer_width_cm",
        "washer_depth_cm", "stove_width_cm", "window_width_cm", "window_height_cm",
    )  # fmt: skip
    op.create_table(
        table,
        *_needed("id", "home_id"),
        *_integers(*lengths[:4]),
        *_booleans("lift"),
        *_integers(*lengths[4:]),
        *_booleans("socket_200v"),
        sa.Column("measured_on", sa.Date(), nullable=False),
        *_needed("measured_by"),
        _moment(),
        *_needed("version"),
        *_centimetres(table, *lengths),
        _to(table, "home_id", "homes"),
        _to(table, "measured_by", "users"),
        _key(table),
        sa.UniqueConstraint("home_id", name=op.f(f"uq_{table}_home_id")),
    )


def _usual(table: str) -> None:
    usual = op.create_table(
        table,
        *_needed("id", "position"),
        _code("for_whom"),
        _code("kind"),
        _code("room"),
        _code("importance"),
        sa.Column("per_person", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        _moment(),
        *_needed("version"),
        *(_in(table, name) for name in ("for_whom", "kind", "room", "importance")),
        _key(table),
        sa.UniqueConstraint("for_whom", "kind", name=op.f(f"uq_{table}_for_whom_kind")),
    )
    at = datetime.now(UTC)
    names = ("for_whom", "kind", "room", "importance", "per_person", "source")
    op.bulk_insert(
        usual,
        [
            dict(zip(names, line, strict=True))
            | {
                "position": number, "certain": False, "active": True,
                "created_at": at, "version": 1,
            }
            for number, line in enumerate(USUAL, start=1)
        ],
    )  # fmt: skip


def protect(table: str) -> None:
    """What has happened is never changed."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
    )


def downgrade() -> None:
    for table in (
        "goods_usual_needs", "home_measures", "goods_moves", "goods_reservations", "goods_needs",
        "goods_photos", "goods_items",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION goods_moves_append_only()")
