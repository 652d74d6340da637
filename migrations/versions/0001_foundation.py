"""foundation"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("deed", sa.String(40), nullable=False),
        sa.Column("record_kind", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=True),
        sa.Column("request_id", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "deed IN ('created', 'changed', 'deleted', 'viewed', 'listed', 'searched', 'printed', 'exported', 'refused', 'signed_in', 'signed_out', 'sign_in_failed')",
            name=op.f("ck_audit_entries_deed"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_entries_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index("ix_audit_entries_record", ["record_kind", "record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_user_id"), ["user_id"], unique=False)

    op.create_table(
        "case_counters",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_case_counters")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_steps", sa.Integer(), nullable=False),
        sa.Column("all_steps", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_jobs_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_jobs_dedupe_key")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index("ix_jobs_due", ["state", "run_after"], unique=False)

    op.create_table(
        "landlords",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_landlords")),
    )
    with op.batch_alter_table("landlords", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_landlords_name_key"), ["name_key"], unique=False)

    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("prefecture", sa.String(length=200), nullable=False),
        sa.Column("municipality", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("requires_second_factor", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("name", name=op.f("uq_organisations_name")),
    )
    op.create_table(
        "partners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('city_section', 'provider', 'realtor', 'guarantor_company', 'donor', 'council', 'other')",
            name=op.f("ck_partners_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
        sa.UniqueConstraint("kind", "name_key", name=op.f("uq_partners_kind_name_key")),
    )
    op.create_table(
        "properties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("prefecture", sa.String(length=200), nullable=True),
        sa.Column("municipality", sa.String(length=200), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("postal_code", sa.String(length=40), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("precision", sa.String(40), nullable=False),
        sa.Column("built_year", sa.Integer(), nullable=True),
        sa.Column("built_month", sa.Integer(), nullable=True),
        sa.Column("structure", sa.String(length=200), nullable=True),
        sa.Column("floors", sa.Integer(), nullable=True),
        sa.Column("lift", sa.Boolean(), nullable=True),
        sa.Column("station_line", sa.String(length=200), nullable=True),
        sa.Column("station", sa.String(length=200), nullable=True),
        sa.Column("walk_minutes", sa.Integer(), nullable=True),
        sa.Column("bus_minutes", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "precision IN ('town', 'postal', 'municipality', 'none')",
            name=op.f("ck_properties_precision"),
        ),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_properties_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_properties_longitude")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_properties")),
        sa.UniqueConstraint("key", name=op.f("uq_properties_key")),
    )
    with op.batch_alter_table("properties", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_properties_municipality"), ["municipality"], unique=False
        )

    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_failures_key"), ["key"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("totp_secret", sa.String(length=40), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("totp_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_api_tokens_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_tokens_user_id"), ["user_id"], unique=False)

    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("code_name", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("protection", sa.String(40), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("received_by", sa.Integer(), nullable=False),
        sa.Column("who_came", sa.String(40), nullable=False),
        sa.Column("route", sa.String(40), nullable=False),
        sa.Column("route_detail", sa.String(length=200), nullable=True),
        sa.Column("law8", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("kana", sa.String(length=200), nullable=True),
        sa.Column("kana_key", sa.String(length=200), nullable=True),
        sa.Column("alias", sa.String(length=200), nullable=True),
        sa.Column("age_band", sa.String(40), nullable=False),
        sa.Column("household_size", sa.Integer(), nullable=True),
        sa.Column("municipality", sa.String(length=200), nullable=True),
        sa.Column("postal_code", sa.String(length=40), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("phone_digits", sa.String(length=40), nullable=True),
        sa.Column("phone_note", sa.String(length=200), nullable=True),
        sa.Column("dwelling", sa.String(40), nullable=False),
        sa.Column("leave_by", sa.Date(), nullable=True),
        sa.Column("topics", JSON, nullable=False),
        sa.Column("main_topic", sa.String(length=40), nullable=True),
        sa.Column("story", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "age_band IN ('under_20', '20s', '30s', '40s', '50s', '60_64', '65_74', '75_over', 'unknown')",
            name=op.f("ck_cases_age_band"),
        ),
        sa.CheckConstraint(
            "dwelling IN ('owned', 'rented', 'public', 'company', 'net_cafe', 'acquaintance', 'hospital', 'shelter', 'car', 'street', 'other', 'unknown')",
            name=op.f("ck_cases_dwelling"),
        ),
        sa.CheckConstraint(
            "name IS NOT NULL OR alias IS NOT NULL OR age_band <> 'unknown'",
            name=op.f("ck_cases_somebody"),
        ),
        sa.CheckConstraint(
            "protection IN ('unknown', 'no', 'yes')", name=op.f("ck_cases_protection")
        ),
        sa.CheckConstraint(
            "route IN ('own', 'inside', 'outside', 'unknown')", name=op.f("ck_cases_route")
        ),
        sa.CheckConstraint(
            "stage IN ('intake', 'assessment', 'needs', 'candidates', 'application', 'moved_in', 'settled', 'closed')",
            name=op.f("ck_cases_stage"),
        ),
        sa.CheckConstraint(
            "who_came IN ('self', 'family', 'other')", name=op.f("ck_cases_who_came")
        ),
        sa.CheckConstraint("household_size BETWEEN 1 AND 30", name=op.f("ck_cases_household_size")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_cases_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["received_by"], ["users.id"], name=op.f("fk_cases_received_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cases_kana_key"), ["kana_key"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_cases_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_cases_phone_digits"), ["phone_digits"], unique=False)

    op.create_table(
        "council_list_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("columns", JSON, nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("gone", JSON, nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("new_count", sa.Integer(), nullable=False),
        sa.Column("changed_count", sa.Integer(), nullable=False),
        sa.Column("same_count", sa.Integer(), nullable=False),
        sa.Column("repeat_count", sa.Integer(), nullable=False),
        sa.Column("problem_count", sa.Integer(), nullable=False),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('preview', 'taking_in', 'taken_in', 'refused')",
            name=op.f("ck_council_list_imports_state"),
        ),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["jobs.id"],
            name=op.f("fk_council_list_imports_job_id_jobs"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_council_list_imports_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["partners.id"], name=op.f("fk_council_list_imports_sender_id_partners")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_council_list_imports_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_list_imports")),
    )
    with op.batch_alter_table("council_list_imports", schema=None) as batch_op:
        batch_op.create_index("ix_council_sha", ["sha256"], unique=False)

    op.create_table(
        "food_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=200), nullable=False),
        sa.Column("food_group", sa.String(length=40), nullable=False),
        sa.Column("kcal", sa.Integer(), nullable=True),
        sa.Column("weight_kg", sa.Numeric(precision=7, scale=3), nullable=True),
        sa.Column("equipment", JSON, nullable=True),
        sa.Column("chewing_class", sa.Integer(), nullable=True),
        sa.Column("infant_from_month", sa.Integer(), nullable=True),
        sa.Column("infant_to_month", sa.Integer(), nullable=True),
        sa.Column("formula", sa.Boolean(), nullable=False),
        sa.Column("special_formula", sa.Boolean(), nullable=False),
        sa.Column("ingredients", JSON, nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kcal >= 0", name=op.f("ck_food_items_kcal")),
        sa.CheckConstraint("weight_kg > 0", name=op.f("ck_food_items_weight_kg")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_food_items_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_food_items")),
        sa.UniqueConstraint(
            "organisation_id", "name_key", name=op.f("uq_food_items_organisation_id_name_key")
        ),
    )
    op.create_table(
        "homes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("room", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("layout", sa.String(length=40), nullable=True),
        sa.Column("rooms", sa.Integer(), nullable=True),
        sa.Column("area", sa.Numeric(precision=7, scale=2), nullable=True),
        sa.Column("floor", sa.Integer(), nullable=True),
        sa.Column("rent", sa.Integer(), nullable=True),
        sa.Column("fee", sa.Integer(), nullable=True),
        sa.Column("fee_included", sa.Boolean(), nullable=False),
        sa.Column("deposit", sa.Integer(), nullable=True),
        sa.Column("key_money", sa.Integer(), nullable=True),
        sa.Column("guarantor_rule", sa.String(40), nullable=False),
        sa.Column("pet_rule", sa.String(40), nullable=False),
        sa.Column("available", sa.String(40), nullable=False),
        sa.Column("available_from", sa.Date(), nullable=True),
        sa.Column("wheelchair", sa.Boolean(), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("landlord_id", sa.Integer(), nullable=True),
        sa.Column("contact_phone", sa.String(length=40), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("missing_since", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "available IN ('now', 'on_date', 'after_move_out', 'negotiable', 'unknown')",
            name=op.f("ck_homes_available"),
        ),
        sa.CheckConstraint(
            "guarantor_rule IN ('person', 'company', 'company_required', 'none', 'negotiable', 'unknown')",
            name=op.f("ck_homes_guarantor_rule"),
        ),
        sa.CheckConstraint(
            "kind IN ('private', 'registered', 'support', 'municipal', 'temporary', 'shelter')",
            name=op.f("ck_homes_kind"),
        ),
        sa.CheckConstraint(
            "pet_rule IN ('yes', 'negotiable', 'no', 'unknown')", name=op.f("ck_homes_pet_rule")
        ),
        sa.CheckConstraint(
            "state IN ('vacant', 'held', 'viewing', 'applied', 'contract', 'occupied', 'stopped')",
            name=op.f("ck_homes_state"),
        ),
        sa.CheckConstraint("area > 0", name=op.f("ck_homes_area")),
        sa.CheckConstraint("fee >= 0", name=op.f("ck_homes_fee")),
        sa.CheckConstraint("rent >= 0", name=op.f("ck_homes_rent")),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["partners.id"], name=op.f("fk_homes_agent_id_partners")
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_homes_landlord_id_landlords")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_homes_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["property_id"], ["properties.id"], name=op.f("fk_homes_property_id_properties")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_homes")),
        sa.UniqueConstraint("key", name=op.f("uq_homes_key")),
    )
    with op.batch_alter_table("homes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_homes_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_homes_landlord_id"), ["landlord_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_homes_property_id"), ["property_id"], unique=False)
        batch_op.create_index("ix_homes_state_rent", ["state", "rent"], unique=False)

    op.create_table(
        "idempotent_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("content_type", sa.String(length=100), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_idempotent_requests_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotent_requests")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_idempotent_requests_user_id_key")),
    )
    op.create_table(
        "ledger_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("lot_count", sa.Integer(), nullable=False),
        sa.Column("question_count", sa.Integer(), nullable=False),
        sa.Column("past_count", sa.Integer(), nullable=False),
        sa.Column("skipped_count", sa.Integer(), nullable=False),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_ledger_imports_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_ledger_imports_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_imports")),
        sa.UniqueConstraint(
            "organisation_id", "sha256", name=op.f("uq_ledger_imports_organisation_id_sha256")
        ),
    )
    op.create_table(
        "organisation_kinds",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.CheckConstraint(
            "kind IN ('consultation', 'housing_support', 'food_bank', 'follow_up', 'city_section')",
            name=op.f("ck_organisation_kinds_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_kinds_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "kind", name=op.f("pk_organisation_kinds")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_recovery_codes_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint(
            "user_id", "code_hash", name=op.f("uq_recovery_codes_user_id_code_hash")
        ),
    )
    op.create_table(
        "role_memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.CheckConstraint(
            "role IN ('consultant', 'housing', 'foodbank', 'followup', 'org_admin', 'auditor', 'sysadmin')",
            name=op.f("ck_role_memberships_role"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_role_memberships_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_role_memberships_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_memberships")),
        sa.UniqueConstraint(
            "user_id",
            "organisation_id",
            "role",
            name=op.f("uq_role_memberships_user_id_organisation_id_role"),
        ),
    )
    with op.batch_alter_table("role_memberships", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_role_memberships_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "shelves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_shelves_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelves")),
        sa.UniqueConstraint(
            "organisation_id", "code", name=op.f("uq_shelves_organisation_id_code")
        ),
    )
    op.create_table(
        "web_sessions",
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("data", JSON, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("auth_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_web_sessions_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_web_sessions")),
    )
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_sessions_seen_at"), ["seen_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_web_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "case_disclosures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("legal_basis", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_case_disclosures_period")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_disclosures_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_case_disclosures_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_case_disclosures_recorded_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_disclosures")),
    )
    with op.batch_alter_table("case_disclosures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_disclosures_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_case_disclosures_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "case_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method", sa.String(40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("partner", sa.String(length=200), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("next_step", sa.String(length=200), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "method IN ('meeting', 'phone', 'visit', 'accompany', 'mail', 'conference', 'office')",
            name=op.f("ck_case_log_method"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_case_log_author_id_users")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_log_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_log")),
    )
    with op.batch_alter_table("case_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_log_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_team_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_case_team_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_team")),
        sa.UniqueConstraint("case_id", "user_id", name=op.f("uq_case_team_case_id_user_id")),
    )
    with op.batch_alter_table("case_team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_team_user_id"), ["user_id"], unique=False)

    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("items", JSON, nullable=False),
        sa.Column("text_version", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(40), nullable=False),
        sa.Column("oral_record", sa.Text(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("method IN ('signed', 'oral')", name=op.f("ck_consents_method")),
        sa.CheckConstraint(
            "recipient IN ('housing_support', 'food_bank', 'follow_up', 'landlord', 'partner', 'council')",
            name=op.f("ck_consents_recipient"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= given_on", name=op.f("ck_consents_period")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_consents_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_consents_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_consents_recorded_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["users.id"], name=op.f("fk_consents_withdrawn_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_case_id"), ["case_id"], unique=False)

    op.create_table(
        "council_list_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=True),
        sa.Column("as_typed", JSON, nullable=False),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.CheckConstraint(
            "outcome IN ('new', 'changed', 'same', 'repeat', 'doubtful', 'unreadable', 'skipped')",
            name=op.f("ck_council_list_rows_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["home_id"], ["homes.id"], name=op.f("fk_council_list_rows_home_id_homes")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["council_list_imports.id"],
            name=op.f("fk_council_list_rows_import_id_council_list_imports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_list_rows")),
        sa.UniqueConstraint(
            "import_id", "row_number", name=op.f("uq_council_list_rows_import_id_row_number")
        ),
    )
    with op.batch_alter_table("council_list_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_council_list_rows_home_id"), ["home_id"], unique=False)

    op.create_table(
        "food_profiles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("allergies", JSON, nullable=False),
        sa.Column("allergies_asked", sa.Boolean(), nullable=False),
        sa.Column("equipment", JSON, nullable=False),
        sa.Column("forbidden", JSON, nullable=False),
        sa.Column("chewing_class", sa.Integer(), nullable=True),
        sa.Column("carry_kg", sa.Numeric(precision=5, scale=1), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("carry_kg > 0", name=op.f("ck_food_profiles_carry_kg")),
        sa.CheckConstraint(
            "chewing_class BETWEEN 1 AND 4", name=op.f("ck_food_profiles_chewing_class")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_food_profiles_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_food_profiles")),
        sa.UniqueConstraint("case_id", name=op.f("uq_food_profiles_case_id")),
    )
    op.create_table(
        "food_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("code_name", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("needed_on", sa.Date(), nullable=False),
        sa.Column("pickup", sa.String(40), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("household", JSON, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "pickup IN ('counter', 'delivery', 'visit')", name=op.f("ck_food_requests_pickup")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'packed', 'handed_out', 'cancelled')",
            name=op.f("ck_food_requests_state"),
        ),
        sa.CheckConstraint("days BETWEEN 1 AND 31", name=op.f("ck_food_requests_days")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_food_requests_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_food_requests_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["users.id"], name=op.f("fk_food_requests_requested_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_food_requests")),
        sa.UniqueConstraint("number", name=op.f("uq_food_requests_number")),
    )
    with op.batch_alter_table("food_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_food_requests_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_food_requests_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "home_acceptances",
        sa.Column("home_id", sa.Integer(), nullable=False),
        sa.Column("group_code", sa.String(40), nullable=False),
        sa.Column("answer", sa.String(40), nullable=False),
        sa.Column("conditions", JSON, nullable=False),
        sa.Column("as_typed", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "answer IN ('yes', 'conditional', 'negotiable', 'no', 'unknown')",
            name=op.f("ck_home_acceptances_answer"),
        ),
        sa.CheckConstraint(
            "group_code IN ('elderly', 'disabled', 'public_assistance', 'foreign', 'single_parent', 'dv', 'ex_offender')",
            name=op.f("ck_home_acceptances_group_code"),
        ),
        sa.ForeignKeyConstraint(
            ["home_id"],
            ["homes.id"],
            name=op.f("fk_home_acceptances_home_id_homes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("home_id", "group_code", name=op.f("pk_home_acceptances")),
    )
    op.create_table(
        "household_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("kana", sa.String(length=200), nullable=True),
        sa.Column("sex", sa.String(40), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("age_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "relation IN ('self', 'spouse', 'child', 'parent', 'sibling', 'other')",
            name=op.f("ck_household_members_relation"),
        ),
        sa.CheckConstraint(
            "sex IN ('female', 'male', 'other', 'unknown')", name=op.f("ck_household_members_sex")
        ),
        sa.CheckConstraint("age BETWEEN 0 AND 120", name=op.f("ck_household_members_age")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_household_members_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_members")),
    )
    with op.batch_alter_table("household_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_household_members_case_id"), ["case_id"], unique=False)

    op.create_table(
        "housing_needs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("rent_basis", sa.String(40), nullable=False),
        sa.Column("agreed_rent", sa.Integer(), nullable=True),
        sa.Column("funds", sa.Integer(), nullable=True),
        sa.Column("move_by", sa.Date(), nullable=True),
        sa.Column("municipalities", JSON, nullable=False),
        sa.Column("floor_need", sa.String(40), nullable=False),
        sa.Column("wheelchair", sa.String(40), nullable=False),
        sa.Column("pet", sa.String(40), nullable=False),
        sa.Column("guarantor", sa.String(40), nullable=False),
        sa.Column("guarantor_company", sa.Boolean(), nullable=False),
        sa.Column("emergency_contact", sa.String(40), nullable=False),
        sa.Column("groups", JSON, nullable=False),
        sa.Column("supports", JSON, nullable=False),
        sa.Column("min_area", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("min_rooms", sa.Integer(), nullable=True),
        sa.Column("wishes", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "emergency_contact IN ('private', 'corporate', 'none', 'unknown')",
            name=op.f("ck_housing_needs_emergency_contact"),
        ),
        sa.CheckConstraint(
            "floor_need IN ('any', 'second', 'ground_or_lift', 'ground', 'unknown')",
            name=op.f("ck_housing_needs_floor_need"),
        ),
        sa.CheckConstraint(
            "guarantor IN ('yes', 'no', 'unknown')", name=op.f("ck_housing_needs_guarantor")
        ),
        sa.CheckConstraint("pet IN ('yes', 'no', 'unknown')", name=op.f("ck_housing_needs_pet")),
        sa.CheckConstraint(
            "rent_basis <> 'agreed' OR agreed_rent IS NOT NULL",
            name=op.f("ck_housing_needs_agreed_rent_given"),
        ),
        sa.CheckConstraint(
            "rent_basis IN ('ceiling', 'agreed')", name=op.f("ck_housing_needs_rent_basis")
        ),
        sa.CheckConstraint(
            "wheelchair IN ('yes', 'no', 'unknown')", name=op.f("ck_housing_needs_wheelchair")
        ),
        sa.CheckConstraint("agreed_rent >= 0", name=op.f("ck_housing_needs_agreed_rent")),
        sa.CheckConstraint("funds >= 0", name=op.f("ck_housing_needs_funds")),
        sa.CheckConstraint("people BETWEEN 1 AND 30", name=op.f("ck_housing_needs_people")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_housing_needs_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_needs")),
        sa.UniqueConstraint("case_id", name=op.f("uq_housing_needs_case_id")),
    )
    op.create_table(
        "lots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_by", sa.Integer(), nullable=False),
        sa.Column("jan", sa.String(length=40), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("date_kind", sa.String(40), nullable=True),
        sa.Column("date_printed", sa.String(length=200), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("storage", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("state_reason", sa.String(length=200), nullable=True),
        sa.Column("questions", JSON, nullable=False),
        sa.Column("allergen_text", sa.Text(), nullable=False),
        sa.Column("allergens", JSON, nullable=False),
        sa.Column("may_contain", JSON, nullable=False),
        sa.Column("allergens_known", sa.Boolean(), nullable=False),
        sa.Column("allergen_source", sa.String(40), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("row_key", sa.String(length=64), nullable=True),
        sa.Column("as_typed", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "allergen_source IN ('label', 'donor', 'unknown')", name=op.f("ck_lots_allergen_source")
        ),
        sa.CheckConstraint(
            "date_kind IN ('best_before', 'use_by')", name=op.f("ck_lots_date_kind")
        ),
        sa.CheckConstraint(
            "state IN ('offerable', 'question', 'past', 'held', 'recalled', 'disposed')",
            name=op.f("ck_lots_state"),
        ),
        sa.CheckConstraint(
            "storage IN ('ambient', 'chilled', 'frozen')", name=op.f("ck_lots_storage")
        ),
        sa.ForeignKeyConstraint(
            ["donor_id"], ["partners.id"], name=op.f("fk_lots_donor_id_partners")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["ledger_imports.id"], name=op.f("fk_lots_import_id_ledger_imports")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["food_items.id"], name=op.f("fk_lots_item_id_food_items")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_lots_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["received_by"], ["users.id"], name=op.f("fk_lots_received_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
        sa.UniqueConstraint("import_id", "row_number", name=op.f("uq_lots_import_id_row_number")),
        sa.UniqueConstraint("number", name=op.f("uq_lots_number")),
        sa.UniqueConstraint(
            "organisation_id", "row_key", name=op.f("uq_lots_organisation_id_row_key")
        ),
    )
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lots_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lots_last_day"), ["last_day"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_lots_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index("ix_lots_state_last_day", ["state", "last_day"], unique=False)

    op.create_table(
        "match_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("rule_version", sa.String(length=40), nullable=False),
        sa.Column("run_on", sa.Date(), nullable=False),
        sa.Column("inputs", JSON, nullable=False),
        sa.Column("result", JSON, nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_match_runs_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_match_runs_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_runs")),
    )
    with op.batch_alter_table("match_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_runs_case_id"), ["case_id"], unique=False)

    op.create_table(
        "print_approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=40), nullable=False),
        sa.Column("requested_by", sa.Integer(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> requested_by",
            name=op.f("ck_print_approvals_second"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["users.id"], name=op.f("fk_print_approvals_approved_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_print_approvals_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["users.id"], name=op.f("fk_print_approvals_requested_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_approvals")),
    )
    with op.batch_alter_table("print_approvals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_print_approvals_case_id"), ["case_id"], unique=False)

    op.create_table(
        "stay_away_zones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("radius_m", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("radius_m BETWEEN 1 AND 100000", name=op.f("ck_stay_away_zones_radius")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_stay_away_zones_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_stay_away_zones_recorded_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_away_zones")),
    )
    with op.batch_alter_table("stay_away_zones", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stay_away_zones_case_id"), ["case_id"], unique=False)

    op.create_table(
        "balances",
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("shelf_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_balances_quantity")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_balances_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["shelf_id"], ["shelves.id"], name=op.f("fk_balances_shelf_id_shelves")
        ),
        sa.PrimaryKeyConstraint("lot_id", "shelf_id", name=op.f("pk_balances")),
    )
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("match_run_id", sa.Integer(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_as", sa.String(40), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ended_as IN ('released', 'expired', 'placed')", name=op.f("ck_holds_ended_as")
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name=op.f("ck_holds_ended")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_holds_case_id_cases")),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name=op.f("fk_holds_ended_by_users")),
        sa.ForeignKeyConstraint(["home_id"], ["homes.id"], name=op.f("fk_holds_home_id_homes")),
        sa.ForeignKeyConstraint(
            ["match_run_id"], ["match_runs.id"], name=op.f("fk_holds_match_run_id_match_runs")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_holds_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_holds_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holds_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_holds_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(
            "uq_holds_active_home",
            ["home_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "housing_anchors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"],
            ["housing_needs.id"],
            name=op.f("fk_housing_anchors_need_id_housing_needs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_anchors")),
    )
    with op.batch_alter_table("housing_anchors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_housing_anchors_need_id"), ["need_id"], unique=False)

    op.create_table(
        "parcels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("packed_by", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("rule_version", sa.String(length=40), nullable=False),
        sa.Column("days_covered", JSON, nullable=False),
        sa.Column("notes", JSON, nullable=False),
        sa.Column("weight_kg", sa.Numeric(precision=7, scale=3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('packed', 'handed_out', 'cancelled')", name=op.f("ck_parcels_state")
        ),
        sa.ForeignKeyConstraint(
            ["packed_by"], ["users.id"], name=op.f("fk_parcels_packed_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["food_requests.id"], name=op.f("fk_parcels_request_id_food_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcels")),
        sa.UniqueConstraint("number", name=op.f("uq_parcels_number")),
    )
    with op.batch_alter_table("parcels", schema=None) as batch_op:
        batch_op.create_index(
            "uq_parcels_live_request",
            ["request_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )

    op.create_table(
        "hand_outs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("allergen_sheet", sa.Boolean(), nullable=False),
        sa.Column("left_out", JSON, nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["parcels.id"], name=op.f("fk_hand_outs_parcel_id_parcels")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_hand_outs_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_outs")),
        sa.UniqueConstraint("parcel_id", name=op.f("uq_hand_outs_parcel_id")),
    )
    op.create_table(
        "movements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("shelf_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.Integer(), nullable=True),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('receipt', 'packed', 'unpacked', 'handed_out', 'transfer', 'disposal', 'correction')",
            name=op.f("ck_movements_kind"),
        ),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_movements_quantity")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_movements_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["parcels.id"], name=op.f("fk_movements_parcel_id_parcels")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["movements.id"], name=op.f("fk_movements_reverses_id_movements")
        ),
        sa.ForeignKeyConstraint(
            ["shelf_id"], ["shelves.id"], name=op.f("fk_movements_shelf_id_shelves")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_movements_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movements")),
        sa.UniqueConstraint("key", name=op.f("uq_movements_key")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_movements_reverses_id")),
    )
    with op.batch_alter_table("movements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_movements_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_movements_parcel_id"), ["parcel_id"], unique=False)

    op.create_table(
        "parcel_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("shelf_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_parcel_lines_quantity")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_parcel_lines_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["parcel_id"],
            ["parcels.id"],
            name=op.f("fk_parcel_lines_parcel_id_parcels"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["shelf_id"], ["shelves.id"], name=op.f("fk_parcel_lines_shelf_id_shelves")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_lines")),
    )
    with op.batch_alter_table("parcel_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parcel_lines_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_parcel_lines_parcel_id"), ["parcel_id"], unique=False)

    op.create_table(
        "placements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("hold_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("moved_in_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("refusal", sa.String(40), nullable=True),
        sa.Column("refusal_note", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'moved_in', 'refused', 'ended')", name=op.f("ck_placements_state")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_placements_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["hold_id"], ["holds.id"], name=op.f("fk_placements_hold_id_holds")
        ),
        sa.ForeignKeyConstraint(
            ["home_id"], ["homes.id"], name=op.f("fk_placements_home_id_homes")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_placements_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
    )
    with op.batch_alter_table("placements", schema=None) as batch_op:
        batch_op.create_index(
            "uq_placements_current_case",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'moved_in')"),
            postgresql_where=sa.text("state IN ('open', 'moved_in')"),
        )
        batch_op.create_index(
            "uq_placements_current_home",
            ["home_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'moved_in')"),
            postgresql_where=sa.text("state IN ('open', 'moved_in')"),
        )

    op.create_table(
        "placement_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("companion", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('viewing', 'application', 'screening', 'landlord', 'contract', 'keys', 'move_in')",
            name=op.f("ck_placement_steps_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placements.id"],
            name=op.f("fk_placement_steps_placement_id_placements"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_placement_steps_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_steps")),
        sa.UniqueConstraint(
            "placement_id", "kind", name=op.f("uq_placement_steps_placement_id_kind")
        ),
    )
    op.create_table(
        "watch_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("assigned_to", sa.Integer(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_to"], ["users.id"], name=op.f("fk_watch_plans_assigned_to_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_watch_plans_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_watch_plans_placement_id_placements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_plans")),
        sa.UniqueConstraint("placement_id", name=op.f("uq_watch_plans_placement_id")),
    )
    with op.batch_alter_table("watch_plans", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_watch_plans_assigned_to"), ["assigned_to"], unique=False
        )

    op.create_table(
        "check_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.CheckConstraint("state IN ('due', 'met', 'cancelled')", name=op.f("ck_check_ins_state")),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["watch_plans.id"],
            name=op.f("fk_check_ins_plan_id_watch_plans"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
        sa.UniqueConstraint("plan_id", "due_on", name=op.f("uq_check_ins_plan_id_due_on")),
    )
    with op.batch_alter_table("check_ins", schema=None) as batch_op:
        batch_op.create_index("ix_check_ins_due", ["state", "due_on"], unique=False)

    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.String(40), nullable=False),
        sa.Column("items", JSON, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("linked_to", sa.String(length=200), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "result IN ('met', 'spoke', 'absent', 'no_answer', 'worrying')",
            name=op.f("ck_attempts_result"),
        ),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_ins.id"], name=op.f("fk_attempts_check_in_id_check_ins")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_attempts_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempts_check_in_id"), ["check_in_id"], unique=False)

    for table in APPEND_ONLY:
        protect(table)


# Tables whose rows the database refuses to change or delete: what happened stays written.
APPEND_ONLY = ("audit_entries", "movements")


def protect(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
    )


def unprotect(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{verb}")
        return
    op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute(f"DROP FUNCTION {table}_append_only()")


def downgrade() -> None:
    for table in APPEND_ONLY:
        unprotect(table)
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempts_check_in_id"))

    op.drop_table("attempts")
    with op.batch_alter_table("check_ins", schema=None) as batch_op:
        batch_op.drop_index("ix_check_ins_due")

    op.drop_table("check_ins")
    with op.batch_alter_table("watch_plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_watch_plans_assigned_to"))

    op.drop_table("watch_plans")
    op.drop_table("placement_steps")
    with op.batch_alter_table("placements", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_placements_current_home",
            sqlite_where=sa.text("state IN ('open', 'moved_in')"),
            postgresql_where=sa.text("state IN ('open', 'moved_in')"),
        )
        batch_op.drop_index(
            "uq_placements_current_case",
            sqlite_where=sa.text("state IN ('open', 'moved_in')"),
            postgresql_where=sa.text("state IN ('open', 'moved_in')"),
        )

    op.drop_table("placements")
    with op.batch_alter_table("parcel_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parcel_lines_parcel_id"))
        batch_op.drop_index(batch_op.f("ix_parcel_lines_lot_id"))

    op.drop_table("parcel_lines")
    with op.batch_alter_table("movements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_movements_parcel_id"))
        batch_op.drop_index(batch_op.f("ix_movements_lot_id"))

    op.drop_table("movements")
    op.drop_table("hand_outs")
    with op.batch_alter_table("parcels", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_parcels_live_request",
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )

    op.drop_table("parcels")
    with op.batch_alter_table("housing_anchors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_housing_anchors_need_id"))

    op.drop_table("housing_anchors")
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_holds_active_home",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_holds_ends_at"))
        batch_op.drop_index(batch_op.f("ix_holds_case_id"))

    op.drop_table("holds")
    op.drop_table("balances")
    with op.batch_alter_table("stay_away_zones", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stay_away_zones_case_id"))

    op.drop_table("stay_away_zones")
    with op.batch_alter_table("print_approvals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_print_approvals_case_id"))

    op.drop_table("print_approvals")
    with op.batch_alter_table("match_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_runs_case_id"))

    op.drop_table("match_runs")
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.drop_index("ix_lots_state_last_day")
        batch_op.drop_index(batch_op.f("ix_lots_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_lots_last_day"))
        batch_op.drop_index(batch_op.f("ix_lots_item_id"))

    op.drop_table("lots")
    op.drop_table("housing_needs")
    with op.batch_alter_table("household_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_household_members_case_id"))

    op.drop_table("household_members")
    op.drop_table("home_acceptances")
    with op.batch_alter_table("food_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_food_requests_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_food_requests_case_id"))

    op.drop_table("food_requests")
    op.drop_table("food_profiles")
    with op.batch_alter_table("council_list_rows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_council_list_rows_home_id"))

    op.drop_table("council_list_rows")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consents_case_id"))

    op.drop_table("consents")
    with op.batch_alter_table("case_team", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_team_user_id"))

    op.drop_table("case_team")
    with op.batch_alter_table("case_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_log_case_id"))

    op.drop_table("case_log")
    with op.batch_alter_table("case_disclosures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_disclosures_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_case_disclosures_case_id"))

    op.drop_table("case_disclosures")
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_sessions_user_id"))
        batch_op.drop_index(batch_op.f("ix_web_sessions_seen_at"))

    op.drop_table("web_sessions")
    op.drop_table("shelves")
    with op.batch_alter_table("role_memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_memberships_organisation_id"))

    op.drop_table("role_memberships")
    op.drop_table("recovery_codes")
    op.drop_table("organisation_kinds")
    op.drop_table("ledger_imports")
    op.drop_table("idempotent_requests")
    with op.batch_alter_table("homes", schema=None) as batch_op:
        batch_op.drop_index("ix_homes_state_rent")
        batch_op.drop_index(batch_op.f("ix_homes_property_id"))
        batch_op.drop_index(batch_op.f("ix_homes_landlord_id"))
        batch_op.drop_index(batch_op.f("ix_homes_agent_id"))

    op.drop_table("homes")
    op.drop_table("food_items")
    with op.batch_alter_table("council_list_imports", schema=None) as batch_op:
        batch_op.drop_index("ix_council_sha")

    op.drop_table("council_list_imports")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cases_phone_digits"))
        batch_op.drop_index(batch_op.f("ix_cases_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_cases_kana_key"))

    op.drop_table("cases")
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_tokens_user_id"))

    op.drop_table("api_tokens")
    op.drop_table("users")
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_failures_key"))

    op.drop_table("sign_in_failures")
    with op.batch_alter_table("properties", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_properties_municipality"))

    op.drop_table("properties")
    op.drop_table("partners")
    op.drop_table("organisations")
    with op.batch_alter_table("landlords", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_landlords_name_key"))

    op.drop_table("landlords")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_jobs_due")

    op.drop_table("jobs")
    op.drop_table("case_counters")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_user_id"))
        batch_op.drop_index("ix_audit_entries_record")
        batch_op.drop_index(batch_op.f("ix_audit_entries_organisation_id"))

    op.drop_table("audit_entries")
