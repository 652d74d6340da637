"""Populations on their day, and reports kept as they were."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
FINAL = sa.text("kind = 'final'")


def upgrade() -> None:
    populations = op.create_table(
        "populations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(200), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(1000), nullable=False),
        sa.Column("certainty", sa.String(40), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "certainty IN ('official', 'printed', 'to_check')",
            name=op.f("ck_populations_certainty"),
        ),
        sa.CheckConstraint("people > 0", name=op.f("ck_populations_people")),
        sa.CheckConstraint("households > 0", name=op.f("ck_populations_households")),
        sa.ForeignKeyConstraint(
            ["added_by"], ["users.id"], name=op.f("fk_populations_added_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_populations")),
    )
    op.create_index("ix_populations_municipality", "populations", ["municipality", "on_day"])
    op.bulk_insert(
        populations,
        [
            {
                "municipality": "座間市",
                "on_day": date(2020, 9, 1),
                "people": 130_753,
                "households": 59_885,
                "source": "座間市の資料（令和2年9月1日現在の人口と世帯数）",
                "certainty": "printed",
                "created_at": datetime(2020, 9, 1, tzinfo=UTC),
            }
        ],
    )
    op.create_table(
        "report_snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=True),
        sa.Column("exact", JSON, nullable=False),
        sa.Column("public", JSON, nullable=False),
        sa.Column("digest", sa.String(40), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('preliminary', 'final', 'corrected')", name=op.f("ck_report_snapshots_kind")
        ),
        sa.CheckConstraint("year BETWEEN 2015 AND 2200", name=op.f("ck_report_snapshots_year")),
        sa.CheckConstraint(
            "(kind = 'corrected') = (reason IS NOT NULL)",
            name=op.f("ck_report_snapshots_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_report_snapshots_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["users.id"], name=op.f("fk_report_snapshots_made_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_snapshots")),
    )
    op.create_index(
        "uq_report_snapshots_final",
        "report_snapshots",
        ["organisation_id", "as_of"],
        unique=True,
        sqlite_where=FINAL,
        postgresql_where=FINAL,
    )
    op.create_index(
        "ix_report_snapshots_year", "report_snapshots", ["organisation_id", "year", "as_of"]
    )
    protect("report_snapshots")


def protect(table: str) -> None:
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
    op.drop_table("report_snapshots")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION report_snapshots_append_only()")
    op.drop_table("populations")
