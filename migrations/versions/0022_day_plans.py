"""Times agreed for visits, so that a day's order can keep them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLE = "visit_times"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=True),
        sa.Column("closes", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("opens BETWEEN 0 AND 1439", name=op.f("ck_visit_times_opens")),
        sa.CheckConstraint("closes BETWEEN 0 AND 1439", name=op.f("ck_visit_times_closes")),
        sa.CheckConstraint("closes >= opens", name=op.f("ck_visit_times_window")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 240", name=op.f("ck_visit_times_minutes")),
        sa.ForeignKeyConstraint(
            ["check_in_id"],
            ["check_ins.id"],
            name=op.f("fk_visit_times_check_in_id_check_ins"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["set_by"], ["users.id"], name=op.f("fk_visit_times_set_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_times")),
        sa.UniqueConstraint("check_in_id", name=op.f("uq_visit_times_check_in_id")),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
