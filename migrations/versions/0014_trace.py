"""What was seen of a lot when it came in and when it was handed over."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None

CONDITIONS = "IN ('good', 'outer', 'dented', 'unfit')"
RECEIPT = ("maker", "lot_code", "weight_kg", "temperature", "condition", "checks", "checked_by")


def upgrade() -> None:
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.add_column(sa.Column("maker", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("lot_code", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("weight_kg", sa.Numeric(10, 3), nullable=True))
        batch_op.add_column(sa.Column("temperature", sa.Numeric(4, 1), nullable=True))
        batch_op.add_column(sa.Column("condition", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("checks", JSON, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("checked_by", sa.String(length=200), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_lots_condition"), f"condition {CONDITIONS}")
        batch_op.create_check_constraint(batch_op.f("ck_lots_weight_kg"), "weight_kg > 0")
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.alter_column("checks", server_default=None)
    with op.batch_alter_table("parcel_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("condition_seen", sa.String(40), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_parcel_lines_condition_seen"), f"condition_seen {CONDITIONS}"
        )


def downgrade() -> None:
    with op.batch_alter_table("parcel_lines", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_parcel_lines_condition_seen"), type_="check")
        batch_op.drop_column("condition_seen")
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_lots_weight_kg"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_lots_condition"), type_="check")
        for name in reversed(RECEIPT):
            batch_op.drop_column(name)
