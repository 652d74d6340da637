"""Views of the figures somebody comes back to, and the mail that says that they are ready.

Going back, views are gone, and mails of the kind that the older code cannot write with them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
LIVING = sa.text("deleted_at IS NULL")


def _kinds(*kinds: str) -> None:
    with op.batch_alter_table("mails") as batch_op:
        name = batch_op.f("ck_mails_kind")
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"kind IN ({', '.join(map(repr, kinds))})")


def upgrade() -> None:
    op.create_table(
        "report_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(40), nullable=False),
        sa.Column("parts", JSON, nullable=False),
        sa.Column("sends", sa.String(40), nullable=False),
        sa.Column("day_of_month", sa.Integer(), nullable=True),
        sa.Column("sends_since", sa.Date(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "period IN ('this_month', 'last_month', 'this_quarter', 'last_quarter', 'this_year',"
            " 'last_year')",
            name=op.f("ck_report_views_period"),
        ),
        sa.CheckConstraint(
            "sends IN ('never', 'monthly', 'weekly')", name=op.f("ck_report_views_sends")
        ),
        sa.CheckConstraint(
            "(sends = 'monthly') = (day_of_month IS NOT NULL)",
            name=op.f("ck_report_views_monthly"),
        ),
        sa.CheckConstraint(
            "day_of_month BETWEEN 1 AND 28", name=op.f("ck_report_views_day_of_month")
        ),
        sa.CheckConstraint(
            "(sends = 'never') = (sends_since IS NULL)", name=op.f("ck_report_views_sends_since")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_report_views_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_report_views_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_views")),
    )
    op.create_index(
        "uq_report_views_name",
        "report_views",
        ["user_id", "name"],
        unique=True,
        sqlite_where=LIVING,
        postgresql_where=LIVING,
    )
    op.add_column("mails", sa.Column("about_id", sa.Integer(), nullable=True))
    _kinds("address_check", "morning", "report_view")


def downgrade() -> None:
    op.execute("DELETE FROM mails WHERE kind = 'report_view'")
    _kinds("address_check", "morning")
    op.drop_column("mails", "about_id")
    op.drop_table("report_views")
