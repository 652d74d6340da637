"""Hand-outs told later by phones that had no network, where the books contradict them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "late_hand_outs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_out", JSON, nullable=False),
        sa.Column("allergen_sheet", sa.Boolean(), nullable=False),
        sa.Column("condition_seen", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(200), nullable=True),
        sa.Column("trouble", sa.String(40), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("booked", sa.Boolean(), nullable=False),
        sa.Column("settlement", sa.String(40), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "trouble IN ('unsafe', 'consent', 'cancelled', 'different')",
            name=op.f("ck_late_hand_outs_trouble"),
        ),
        sa.CheckConstraint(
            "settlement IN ('booked', 'left')", name=op.f("ck_late_hand_outs_settlement")
        ),
        sa.CheckConstraint(
            "(settlement IS NULL) = (settled_at IS NULL)",
            name=op.f("ck_late_hand_outs_settled_at"),
        ),
        sa.CheckConstraint(
            "(settlement IS NULL) = (settled_by IS NULL)",
            name=op.f("ck_late_hand_outs_settled_by"),
        ),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["parcels.id"], name=op.f("fk_late_hand_outs_parcel_id_parcels")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_late_hand_outs_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["users.id"], name=op.f("fk_late_hand_outs_settled_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_hand_outs")),
        sa.UniqueConstraint(
            "parcel_id",
            "user_id",
            "handed_at",
            name=op.f("uq_late_hand_outs_parcel_id_user_id_handed_at"),
        ),
    )
    op.create_index(op.f("ix_late_hand_outs_parcel_id"), "late_hand_outs", ["parcel_id"])


def downgrade() -> None:
    op.drop_table("late_hand_outs")
