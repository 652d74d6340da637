"""An index for all check-ins of a plan: the unique one leaves out what was cancelled."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NAME = "ix_check_ins_plan_id_due_on"


def upgrade() -> None:
    op.create_index(NAME, "check_ins", ["plan_id", "due_on"])


def downgrade() -> None:
    op.drop_index(NAME, "check_ins")
