"""Lists to call: the files they came from, their people, each call, and who is calling now.

What was recorded of a call is never changed: the database refuses. Rows may be deleted, because a
list ends on its day. Going back takes the lists away; the cases that came of them stay.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lead_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("figures", JSON, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)",
            name=op.f("ck_lead_lists_approval_dated"),
        ),
        sa.CheckConstraint(
            "deleted_at IS NULL OR approved_by IS NOT NULL",
            name=op.f("ck_lead_lists_approved_first"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["users.id"], name=op.f("fk_lead_lists_approved_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["users.id"], name=op.f("fk_lead_lists_made_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_lead_lists_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_lists")),
    )
    op.create_index(op.f("ix_lead_lists_delete_on"), "lead_lists", ["delete_on"], unique=False)
    op.create_index(
        "uq_lead_lists_name",
        "lead_lists",
        ["organisation_id", "name"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "lead_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("list_name", sa.String(length=200), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("delete_on", sa.Date(), nullable=True),
        sa.Column("remarks", JSON, nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'taken_in') = (taken_in_at IS NOT NULL)",
            name=op.f("ck_lead_imports_taken_in_dated"),
        ),
        sa.CheckConstraint(
            "state <> 'taken_in' OR list_id IS NOT NULL",
            name=op.f("ck_lead_imports_taken_in_somewhere"),
        ),
        sa.CheckConstraint(
            "state IN ('preview', 'taken_in', 'refused')", name=op.f("ck_lead_imports_state")
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["lead_lists.id"], name=op.f("fk_lead_imports_list_id_lead_lists")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_lead_imports_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_lead_imports_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_imports")),
    )
    op.create_index(op.f("ix_lead_imports_list_id"), "lead_imports", ["list_id"], unique=False)
    op.create_index(
        op.f("ix_lead_imports_organisation_id"), "lead_imports", ["organisation_id"], unique=False
    )
    op.create_table(
        "leads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kana", sa.String(length=200), nullable=True),
        sa.Column("kana_key", sa.String(length=200), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("postal_code", sa.String(length=40), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=200), nullable=True),
        sa.Column("phone_digits", sa.String(length=40), nullable=True),
        sa.Column("loan_kind", sa.String(length=200), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("repay_from", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=200), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("as_given", JSON, nullable=False),
        sa.Column("new_kana", sa.String(length=200), nullable=True),
        sa.Column("new_phone", sa.String(length=200), nullable=True),
        sa.Column("new_digits", sa.String(length=40), nullable=True),
        sa.Column("new_address", sa.String(length=200), nullable=True),
        sa.Column("secret", sa.String(length=40), nullable=False),
        sa.Column("voicemail", sa.String(length=40), nullable=False),
        sa.Column("best_time", sa.String(length=200), nullable=True),
        sa.Column("care_note", sa.String(length=1000), nullable=True),
        sa.Column("wrong_digits", sa.String(length=40), nullable=True),
        sa.Column("call_digits", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("last_result", sa.String(length=40), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("agreed_how", sa.String(length=40), nullable=True),
        sa.Column("agreed_words", sa.Text(), nullable=True),
        sa.Column("agreed_by", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'linked') = (case_id IS NOT NULL)", name=op.f("ck_leads_linked")
        ),
        sa.CheckConstraint(
            "agreed_how IN ('phone', 'counter', 'written')", name=op.f("ck_leads_agreed_how")
        ),
        sa.CheckConstraint(
            "last_result IN ('spoke', 'absent', 'later', 'wrong_number', 'refused', 'letter', 'linked', 'taken_back')",
            name=op.f("ck_leads_last_result"),
        ),
        sa.CheckConstraint("secret IN ('yes', 'no', 'unknown')", name=op.f("ck_leads_secret")),
        sa.CheckConstraint("state = 'open' OR next_on IS NULL", name=op.f("ck_leads_next_on_open")),
        sa.CheckConstraint(
            "state IN ('open', 'linked', 'declined', 'done')", name=op.f("ck_leads_state")
        ),
        sa.CheckConstraint(
            "voicemail IN ('yes', 'no', 'unknown')", name=op.f("ck_leads_voicemail")
        ),
        sa.CheckConstraint(
            "(agreed_how IS NULL) = (agreed_on IS NULL)", name=op.f("ck_leads_agreement_dated")
        ),
        sa.CheckConstraint(
            "case_id IS NULL OR agreed_on IS NOT NULL", name=op.f("ck_leads_agreed_first")
        ),
        sa.ForeignKeyConstraint(["agreed_by"], ["users.id"], name=op.f("fk_leads_agreed_by_users")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_leads_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["list_id"], ["lead_lists.id"], name=op.f("fk_leads_list_id_lead_lists")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leads")),
        sa.UniqueConstraint("list_id", "number", name=op.f("uq_leads_list_id_number")),
    )
    op.create_index(op.f("ix_leads_call_digits"), "leads", ["call_digits"], unique=False)
    op.create_index(op.f("ix_leads_case_id"), "leads", ["case_id"], unique=False)
    op.create_index("ix_leads_due", "leads", ["list_id", "state", "next_on"], unique=False)
    op.create_index(op.f("ix_leads_list_id"), "leads", ["list_id"], unique=False)
    op.create_table(
        "lead_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("before", JSON, nullable=False),
        sa.Column("takes_back_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(result = 'taken_back') = (takes_back_id IS NOT NULL)",
            name=op.f("ck_lead_attempts_takes_back"),
        ),
        sa.CheckConstraint(
            "result IN ('spoke', 'absent', 'later', 'wrong_number', 'refused', 'letter', 'linked', 'taken_back')",
            name=op.f("ck_lead_attempts_result"),
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name=op.f("fk_lead_attempts_lead_id_leads")
        ),
        sa.ForeignKeyConstraint(
            ["takes_back_id"],
            ["lead_attempts.id"],
            name=op.f("fk_lead_attempts_takes_back_id_lead_attempts"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_lead_attempts_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_attempts")),
        sa.UniqueConstraint("takes_back_id", name=op.f("uq_lead_attempts_takes_back_id")),
    )
    op.create_index(op.f("ix_lead_attempts_lead_id"), "lead_attempts", ["lead_id"], unique=False)
    op.create_table(
        "lead_claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("call_key", sa.String(length=40), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name=op.f("fk_lead_claims_lead_id_leads")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_lead_claims_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_lead_claims_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_claims")),
        sa.UniqueConstraint(
            "organisation_id", "call_key", name=op.f("uq_lead_claims_organisation_id_call_key")
        ),
    )
    op.create_index(op.f("ix_lead_claims_lead_id"), "lead_claims", ["lead_id"], unique=False)
    op.create_table(
        "lead_import_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("as_typed", JSON, nullable=False),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('new', 'changed', 'same', 'repeat', 'held')",
            name=op.f("ck_lead_import_rows_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["lead_imports.id"],
            name=op.f("fk_lead_import_rows_import_id_lead_imports"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name=op.f("fk_lead_import_rows_lead_id_leads")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_import_rows")),
    )
    op.create_index(
        op.f("ix_lead_import_rows_import_id"), "lead_import_rows", ["import_id"], unique=False
    )
    op.create_index(
        op.f("ix_lead_import_rows_lead_id"), "lead_import_rows", ["lead_id"], unique=False
    )
    _never_changed()


def _never_changed() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER lead_attempts_no_update BEFORE UPDATE ON lead_attempts "
            "BEGIN SELECT RAISE(ABORT, 'lead_attempts are never changed'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION lead_attempts_no_update() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'lead_attempts are never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER lead_attempts_no_update BEFORE UPDATE ON lead_attempts "
        "FOR EACH ROW EXECUTE FUNCTION lead_attempts_no_update()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER lead_attempts_no_update")
    else:
        op.execute("DROP TRIGGER lead_attempts_no_update ON lead_attempts")
        op.execute("DROP FUNCTION lead_attempts_no_update()")
    for table in (
        "lead_import_rows", "lead_claims", "lead_attempts", "leads", "lead_imports", "lead_lists",
    ):  # fmt: skip
        op.drop_table(table)
