"""Agreements with donors, food drives with the lots collected there, and an amount per kilogram."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "donor_agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("conditions", sa.String(1000), nullable=True),
        sa.Column("least_days", sa.Integer(), nullable=True),
        sa.Column("pass_on", sa.Boolean(), nullable=True),
        sa.Column("recall_contact", sa.String(200), nullable=True),
        sa.Column("document", sa.String(200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_donor_agreements_period")),
        sa.CheckConstraint("least_days >= 0", name=op.f("ck_donor_agreements_least_days")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_donor_agreements_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["donor_id"], ["partners.id"], name=op.f("fk_donor_agreements_donor_id_partners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_agreements")),
        sa.UniqueConstraint(
            "organisation_id",
            "donor_id",
            "starts_on",
            name=op.f("uq_donor_agreements_organisation_id_donor_id_starts_on"),
        ),
    )
    op.create_index(op.f("ix_donor_agreements_donor_id"), "donor_agreements", ["donor_id"])
    op.create_table(
        "food_drives",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_food_drives_period")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_food_drives_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_food_drives")),
        sa.UniqueConstraint(
            "organisation_id",
            "name",
            "starts_on",
            name=op.f("uq_food_drives_organisation_id_name_starts_on"),
        ),
    )
    op.create_table(
        "gift_rates",
        sa.Column("organisation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("yen_per_kg", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("source", sa.String(200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("yen_per_kg > 0", name=op.f("ck_gift_rates_yen_per_kg")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_gift_rates_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_gift_rates")),
    )
    with op.batch_alter_table("lots") as batch_op:
        batch_op.add_column(sa.Column("drive_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("lots") as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_lots_drive_id_food_drives"), "food_drives", ["drive_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_lots_drive_id"), ["drive_id"])
        batch_op.create_index(batch_op.f("ix_lots_donor_id"), ["donor_id"])


def downgrade() -> None:
    with op.batch_alter_table("lots") as batch_op:
        batch_op.drop_index(batch_op.f("ix_lots_donor_id"))
        batch_op.drop_index(batch_op.f("ix_lots_drive_id"))
        batch_op.drop_constraint(batch_op.f("fk_lots_drive_id_food_drives"), type_="foreignkey")
        batch_op.drop_column("drive_id")
    op.drop_table("gift_rates")
    op.drop_table("food_drives")
    op.drop_table("donor_agreements")
