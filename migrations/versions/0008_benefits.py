"""住居確保給付金: towns' tables, guides, grants as the town decided them, and activities."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "benefit_town_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("prefecture", sa.String(length=200), nullable=False),
        sa.Column("municipality", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("standards", JSON, nullable=False),
        sa.Column("assets_times", sa.Integer(), nullable=False),
        sa.Column("assets_cap", sa.Integer(), nullable=False),
        sa.Column("comparison", sa.String(40), nullable=False),
        sa.Column("round_to", sa.Integer(), nullable=False),
        sa.Column("rounding", sa.String(length=40), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "assets_times BETWEEN 1 AND 24", name=op.f("ck_benefit_town_rules_assets_times")
        ),
        sa.CheckConstraint("assets_cap >= 0", name=op.f("ck_benefit_town_rules_assets_cap")),
        sa.CheckConstraint(
            "comparison IN ('up_to', 'below')", name=op.f("ck_benefit_town_rules_comparison")
        ),
        sa.CheckConstraint(
            "round_to IN (1, 10, 100, 1000)", name=op.f("ck_benefit_town_rules_round_to")
        ),
        sa.CheckConstraint(
            "rounding IN ('up', 'down', 'half_up')", name=op.f("ck_benefit_town_rules_rounding")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_benefit_town_rules_recorded_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit_town_rules")),
    )
    op.create_index(
        "ix_benefit_town_rules_town",
        "benefit_town_rules",
        ["prefecture", "municipality", "valid_from"],
    )
    op.create_table(
        "benefit_estimates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("rule_version", sa.String(length=40), nullable=False),
        sa.Column("inputs", JSON, nullable=False),
        sa.Column("rule", JSON, nullable=False),
        sa.Column("result", JSON, nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('rent', 'moving')", name=op.f("ck_benefit_estimates_kind")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_benefit_estimates_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["users.id"], name=op.f("fk_benefit_estimates_made_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit_estimates")),
    )
    op.create_index(op.f("ix_benefit_estimates_case_id"), "benefit_estimates", ["case_id"])
    op.create_table(
        "rent_grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("series", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("paid_to", sa.String(length=200), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("stopped_why", sa.String(length=1000), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("series >= 1", name=op.f("ck_rent_grants_series")),
        sa.CheckConstraint("number BETWEEN 1 AND 3", name=op.f("ck_rent_grants_number")),
        sa.CheckConstraint("months BETWEEN 1 AND 3", name=op.f("ck_rent_grants_months")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_rent_grants_amount")),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_rent_grants_period")),
        sa.CheckConstraint(
            "stopped_on IS NULL OR stopped_on BETWEEN starts_on AND ends_on",
            name=op.f("ck_rent_grants_stopped_on"),
        ),
        sa.CheckConstraint(
            "reason IN ('left', 'reduced', 'other')", name=op.f("ck_rent_grants_reason")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_rent_grants_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_rent_grants_recorded_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rent_grants")),
        sa.UniqueConstraint(
            "case_id", "series", "number", name=op.f("uq_rent_grants_case_id_series_number")
        ),
    )
    op.create_index(op.f("ix_rent_grants_case_id"), "rent_grants", ["case_id"])
    op.create_index(op.f("ix_rent_grants_ends_on"), "rent_grants", ["ends_on"])
    op.create_table(
        "benefit_activities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('hw_registration', 'consultation', 'hw_consultation', 'application',"
            " 'management', 'income_raising')",
            name=op.f("ck_benefit_activities_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_benefit_activities_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_benefit_activities_recorded_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit_activities")),
    )
    op.create_index(op.f("ix_benefit_activities_case_id"), "benefit_activities", ["case_id"])


def downgrade() -> None:
    for table in ("benefit_activities", "rent_grants", "benefit_estimates", "benefit_town_rules"):
        op.drop_table(table)
