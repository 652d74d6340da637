"""Shelves with a place, barcodes of items, alarms for little stock, kits, and more kinds of movement.

Going back, movements of the new kinds stay with their quantities under the nearest older kind.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KINDS = "'receipt', 'packed', 'unpacked', 'handed_out', 'transfer', 'disposal', 'correction'"
NEW_KINDS = ", 'returned', 'given_back', 'kit_built', 'kit_apart'"


def upgrade() -> None:
    with op.batch_alter_table("shelves") as batch_op:
        batch_op.add_column(sa.Column("place", sa.String(200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("storage", sa.String(40), nullable=True))
        batch_op.add_column(
            sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("shelves") as batch_op:
        for column in ("place", "active", "version"):
            batch_op.alter_column(column, server_default=None)
        batch_op.create_check_constraint(
            batch_op.f("ck_shelves_storage"), "storage IN ('ambient', 'chilled', 'frozen')"
        )
    with op.batch_alter_table("food_items") as batch_op:
        batch_op.add_column(sa.Column("low_at", sa.Integer(), nullable=True))
    with op.batch_alter_table("food_items") as batch_op:
        batch_op.create_check_constraint(batch_op.f("ck_food_items_low_at"), "low_at >= 1")
    _change_kinds(KINDS + NEW_KINDS)
    _make_tables()
    # The item a barcode was received as last is the one it stands for.
    op.execute(
        "INSERT INTO item_jans (organisation_id, item_id, jan, created_at)"
        " SELECT organisation_id, item_id, jan, created_at FROM lots WHERE id IN"
        " (SELECT max(id) FROM lots WHERE jan IS NOT NULL GROUP BY organisation_id, jan)"
    )


def _make_tables() -> None:
    op.create_table(
        "item_jans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("jan", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_item_jans_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["food_items.id"], name=op.f("fk_item_jans_item_id_food_items")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_jans")),
        sa.UniqueConstraint(
            "organisation_id", "jan", name=op.f("uq_item_jans_organisation_id_jan")
        ),
    )
    op.create_index(op.f("ix_item_jans_item_id"), "item_jans", ["item_id"])
    op.create_table(
        "kit_builds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("kits", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kits > 0", name=op.f("ck_kit_builds_kits")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_kit_builds_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["users.id"], name=op.f("fk_kit_builds_made_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_builds")),
        sa.UniqueConstraint("lot_id", name=op.f("uq_kit_builds_lot_id")),
    )
    op.create_table(
        "kit_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("build_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("shelf_id", sa.Integer(), nullable=False),
        sa.Column("per_kit", sa.Integer(), nullable=False),
        sa.CheckConstraint("per_kit > 0", name=op.f("ck_kit_parts_per_kit")),
        sa.ForeignKeyConstraint(
            ["build_id"],
            ["kit_builds.id"],
            name=op.f("fk_kit_parts_build_id_kit_builds"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_kit_parts_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["shelf_id"], ["shelves.id"], name=op.f("fk_kit_parts_shelf_id_shelves")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_parts")),
        sa.UniqueConstraint(
            "build_id", "lot_id", "shelf_id", name=op.f("uq_kit_parts_build_id_lot_id_shelf_id")
        ),
    )
    op.create_index(op.f("ix_kit_parts_lot_id"), "kit_parts", ["lot_id"])


def _change_kinds(kinds: str) -> None:
    """On SQLite the table is made anew, and with it the triggers that keep its rows as they are."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    verbs = ("UPDATE", "DELETE") if sqlite else ()
    for verb in verbs:
        op.execute(f"DROP TRIGGER IF EXISTS movements_no_{verb.lower()}")
    with op.batch_alter_table("movements") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_movements_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_movements_kind"), f"kind IN ({kinds})")
    for verb in verbs:
        op.execute(
            f"CREATE TRIGGER movements_no_{verb.lower()} BEFORE {verb} ON movements "
            "BEGIN SELECT RAISE(ABORT, 'movements is append-only'); END"
        )


def _rename_new_kinds() -> None:
    """The one change the append-only rule has to let pass."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        op.execute("DROP TRIGGER movements_no_update")
    else:
        op.execute("ALTER TABLE movements DISABLE TRIGGER movements_append_only")
    op.execute("UPDATE movements SET kind = 'disposal' WHERE kind = 'given_back'")
    op.execute(
        "UPDATE movements SET kind = 'correction'"
        " WHERE kind IN ('returned', 'kit_built', 'kit_apart')"
    )
    if not sqlite:
        op.execute("ALTER TABLE movements ENABLE TRIGGER movements_append_only")


def downgrade() -> None:
    op.drop_table("kit_parts")
    op.drop_table("kit_builds")
    op.drop_table("item_jans")
    _rename_new_kinds()
    _change_kinds(KINDS)
    with op.batch_alter_table("food_items") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_food_items_low_at"), type_="check")
        batch_op.drop_column("low_at")
    with op.batch_alter_table("shelves") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_shelves_storage"), type_="check")
        for column in ("version", "active", "storage", "place"):
            batch_op.drop_column(column)
