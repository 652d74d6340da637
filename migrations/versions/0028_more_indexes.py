"""Indexes the year's figures and the pages of one case and one home count on."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_cases_organisation_id_received_on": ("cases", ["organisation_id", "received_on"]),
    "ix_placements_case_id": ("placements", ["case_id"]),
    "ix_placements_home_id": ("placements", ["home_id"]),
    "ix_placement_steps_done_on": ("placement_steps", ["done_on"]),
    "ix_holds_home_id": ("holds", ["home_id"]),
    "ix_attempts_at": ("attempts", ["at"]),
    "ix_hand_outs_at": ("hand_outs", ["at"]),
    "ix_movements_kind_lot_id": ("movements", ["kind", "lot_id"]),
    "ix_goods_items_created_at": ("goods_items", ["organisation_id", "created_at"]),
}


def upgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, (table, _columns) in INDEXES.items():
        op.drop_index(name, table)
