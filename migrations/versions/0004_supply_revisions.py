"""What changed about homes, noted by the database; vacant homes as they were matched.

Triggers write down each change, so that no write, by whatever process or tool, goes unseen. On
SQLite writers queue and a revision is simply the next number. On PostgreSQL transactions commit in
any order, so a revision is the transaction's own number, and a reader asks for all from the oldest
one that was still running (pg_snapshot_xmin) on.

Going back refuses while there are runs that refer to a snapshot: they could not be replayed.
A later migration that makes one of the three tables anew on SQLite has to make its triggers anew.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Table, event, and where the home's id stands.
WATCHED = (
    ("homes", "INSERT", "NEW.id"),
    ("homes", "UPDATE", "NEW.id"),
    ("homes", "DELETE", "OLD.id"),
    ("home_acceptances", "INSERT", "NEW.home_id"),
    ("home_acceptances", "UPDATE", "NEW.home_id"),
    ("home_acceptances", "DELETE", "OLD.home_id"),
)


def upgrade() -> None:
    op.create_table(
        "home_changes",
        sa.Column("revision", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("home_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("revision", "home_id", name=op.f("pk_home_changes")),
    )
    op.create_table(
        "home_snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=True),
        sa.Column("homes", sa.Integer(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("covered", JSON, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["base_id"],
            ["home_snapshots.id"],
            name=op.f("fk_home_snapshots_base_id_home_snapshots"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_snapshots")),
        sa.UniqueConstraint("digest", name=op.f("uq_home_snapshots_digest")),
    )
    with op.batch_alter_table("match_runs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("snapshot_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_match_runs_snapshot_id_home_snapshots"),
            "home_snapshots",
            ["snapshot_id"],
            ["id"],
        )
    if op.get_bind().dialect.name == "sqlite":
        _watch_sqlite()
    else:
        _watch_postgresql()


def _watch_sqlite() -> None:
    following = "(SELECT coalesce(max(revision), 0) + 1 FROM home_changes)"
    for table, event, home_id in WATCHED:
        op.execute(
            f"CREATE TRIGGER {table}_{event.lower()}_noted AFTER {event} ON {table} BEGIN "
            "INSERT INTO home_changes (revision, home_id, at) "
            f"VALUES ({following}, {home_id}, CURRENT_TIMESTAMP); END"
        )
    op.execute(
        "CREATE TRIGGER properties_update_noted AFTER UPDATE ON properties BEGIN "
        "INSERT INTO home_changes (revision, home_id, at) "
        f"SELECT {following}, homes.id, CURRENT_TIMESTAMP FROM homes "
        "WHERE homes.property_id = NEW.id; END"
    )


def _watch_postgresql() -> None:
    change = "INSERT INTO home_changes (revision, home_id, at) "
    current = "CAST(CAST(pg_current_xact_id() AS text) AS bigint)"
    for table, event, home_id in WATCHED:
        name = f"{table}_{event.lower()}_noted"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{change} VALUES ({current}, {home_id}, now()) ON CONFLICT DO NOTHING; "
            "RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    op.execute(
        "CREATE FUNCTION properties_update_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{change} SELECT {current}, homes.id, now() FROM homes "
        "WHERE homes.property_id = NEW.id ON CONFLICT DO NOTHING; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER properties_update_noted AFTER UPDATE ON properties "
        "FOR EACH ROW EXECUTE FUNCTION properties_update_noted()"
    )


def downgrade() -> None:
    runs = sa.text("SELECT count(*) FROM match_runs WHERE snapshot_id IS NOT NULL")
    if op.get_bind().scalar(runs):
        raise RuntimeError("runs refer to snapshots, and the older structure has no place for them")
    names = [f"{table}_{event.lower()}_noted" for table, event, _home_id in WATCHED]
    tables = [table for table, _event, _home_id in WATCHED]
    for name, table in zip(
        [*names, "properties_update_noted"], [*tables, "properties"], strict=True
    ):
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
    with op.batch_alter_table("match_runs", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_match_runs_snapshot_id_home_snapshots"), type_="foreignkey"
        )
        batch_op.drop_column("snapshot_id")
    op.drop_table("home_snapshots")
    op.drop_table("home_changes")
