"""つなぐシート with its recipients; a consent may name those a sheet goes to.

Going back takes the sheets away. A consent given for a sheet stays, taken back and under a recipient
that opens nothing, for without the sheet there is nothing it could still allow.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BEFORE = "'housing_support', 'food_bank', 'follow_up', 'landlord', 'partner', 'council'"


def _recipients(codes: str) -> None:
    """Let a consent name these kinds of recipients and no others."""
    with op.batch_alter_table("consents") as batch_op:
        batch_op.drop_constraint(op.f("ck_consents_recipient"), type_="check")
        batch_op.create_check_constraint(op.f("ck_consents_recipient"), f"recipient IN ({codes})")


def upgrade() -> None:
    _recipients(f"{BEFORE}, 'referral'")
    op.create_table(
        "referral_counters",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_referral_counters")),
    )
    op.create_table(
        "referral_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column("from_office", sa.String(length=200), nullable=True),
        sa.Column("on_paper", sa.Date(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("alias", sa.String(length=200), nullable=True),
        sa.Column("age_band", sa.String(length=40), nullable=False),
        sa.Column("family", sa.String(length=200), nullable=True),
        sa.Column("protection", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("topics", JSON, nullable=False),
        sa.Column("main_topic", sa.String(length=40), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.Column("wish", sa.Text(), nullable=True),
        sa.Column("asked", sa.Text(), nullable=True),
        sa.Column("consent_method", sa.String(length=40), nullable=True),
        sa.Column("consent_record", sa.Text(), nullable=True),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("consent_id", sa.Integer(), nullable=True),
        sa.Column("consent_withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "age_band IN ('under_20', '20s', '30s', '40s', '50s', '60_64', '65_74', '75_over', 'unknown')",
            name=op.f("ck_referral_sheets_age_band"),
        ),
        sa.CheckConstraint(
            "consent_method IN ('signed', 'oral')", name=op.f("ck_referral_sheets_consent_method")
        ),
        sa.CheckConstraint(
            "kind IN ('referral', 'law8', 'lead')", name=op.f("ck_referral_sheets_kind")
        ),
        sa.CheckConstraint(
            "main_topic IN ('health', 'housing', 'income', 'rent_loan', 'taxes', 'debt', 'job_search', 'job_trouble', 'community', 'family', 'children', 'care', 'withdrawal', 'violence', 'food', 'other')",
            name=op.f("ck_referral_sheets_main_topic"),
        ),
        sa.CheckConstraint(
            "name IS NOT NULL OR alias IS NOT NULL OR age_band <> 'unknown'",
            name=op.f("ck_referral_sheets_somebody"),
        ),
        sa.CheckConstraint(
            "protection IN ('unknown', 'no', 'yes')", name=op.f("ck_referral_sheets_protection")
        ),
        sa.CheckConstraint(
            "(consent_method IS NULL) = (consent_on IS NULL)",
            name=op.f("ck_referral_sheets_consent_dated"),
        ),
        sa.CheckConstraint("previous_id <> id", name=op.f("ck_referral_sheets_previous")),
        sa.CheckConstraint(
            "sent_at IS NULL OR consent_on IS NOT NULL",
            name=op.f("ck_referral_sheets_consent_first"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_referral_sheets_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consents.id"], name=op.f("fk_referral_sheets_consent_id_consents")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["users.id"], name=op.f("fk_referral_sheets_made_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_referral_sheets_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"],
            ["referral_sheets.id"],
            name=op.f("fk_referral_sheets_previous_id_referral_sheets"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_sheets")),
        sa.UniqueConstraint("number", name=op.f("uq_referral_sheets_number")),
    )
    op.create_index(
        op.f("ix_referral_sheets_case_id"), "referral_sheets", ["case_id"], unique=False
    )
    op.create_index(
        op.f("ix_referral_sheets_made_by"), "referral_sheets", ["made_by"], unique=False
    )
    op.create_index(
        op.f("ix_referral_sheets_organisation_id"),
        "referral_sheets",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_referral_sheets_previous_id"), "referral_sheets", ["previous_id"], unique=False
    )
    op.create_table(
        "referral_recipients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("office", sa.String(length=200), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_by", sa.String(length=200), nullable=True),
        sa.Column("result", sa.String(length=40), nullable=True),
        sa.Column("done", sa.Text(), nullable=True),
        sa.Column("next_step", sa.String(length=200), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=200), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "result IN ('supported', 'informed', 'passed_on', 'declined', 'not_met', 'other')",
            name=op.f("ck_referral_recipients_result"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'sent', 'received', 'answered', 'closed')",
            name=op.f("ck_referral_recipients_state"),
        ),
        sa.CheckConstraint(
            "way IN ('walked', 'handed', 'posted', 'electronic')",
            name=op.f("ck_referral_recipients_way"),
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (result IS NULL)", name=op.f("ck_referral_recipients_answered")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_referral_recipients_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_referral_recipients_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_referral_recipients_partner_id_partners")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["referral_sheets.id"],
            name=op.f("fk_referral_recipients_sheet_id_referral_sheets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_recipients")),
        sa.UniqueConstraint(
            "sheet_id",
            "organisation_id",
            name=op.f("uq_referral_recipients_sheet_id_organisation_id"),
        ),
    )
    op.create_index(
        op.f("ix_referral_recipients_case_id"), "referral_recipients", ["case_id"], unique=False
    )
    op.create_index(
        op.f("ix_referral_recipients_organisation_id"),
        "referral_recipients",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_referral_recipients_partner_id"),
        "referral_recipients",
        ["partner_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_referral_recipients_sheet_id"), "referral_recipients", ["sheet_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_referral_recipients_sheet_id"), table_name="referral_recipients")
    op.drop_index(op.f("ix_referral_recipients_partner_id"), table_name="referral_recipients")
    op.drop_index(op.f("ix_referral_recipients_organisation_id"), table_name="referral_recipients")
    op.drop_index(op.f("ix_referral_recipients_case_id"), table_name="referral_recipients")
    op.drop_table("referral_recipients")
    op.drop_index(op.f("ix_referral_sheets_previous_id"), table_name="referral_sheets")
    op.drop_index(op.f("ix_referral_sheets_organisation_id"), table_name="referral_sheets")
    op.drop_index(op.f("ix_referral_sheets_made_by"), table_name="referral_sheets")
    op.drop_index(op.f("ix_referral_sheets_case_id"), table_name="referral_sheets")
    op.drop_table("referral_sheets")
    op.drop_table("referral_counters")
    op.execute(
        "UPDATE consents SET recipient = 'council', withdrawn_at = COALESCE(withdrawn_at, created_at)"
        " WHERE recipient = 'referral'"
    )
    _recipients(BEFORE)
