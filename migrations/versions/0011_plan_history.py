"""What a plan said before each change."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("why", sa.String(length=1000), nullable=True),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'decided', 'under_way', 'evaluated')",
            name=op.f("ck_plan_revisions_state"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_plan_revisions_number")),
        sa.CheckConstraint(
            "state NOT IN ('decided', 'under_way') OR why IS NOT NULL",
            name=op.f("ck_plan_revisions_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plans.id"],
            name=op.f("fk_plan_revisions_plan_id_plans"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["users.id"], name=op.f("fk_plan_revisions_changed_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_revisions")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_revisions_plan_id_number")),
    )
    op.create_index(op.f("ix_plan_revisions_plan_id"), "plan_revisions", ["plan_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_plan_revisions_plan_id"), table_name="plan_revisions")
    op.drop_table("plan_revisions")
