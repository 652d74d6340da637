"""Full rental fields, landlords, pictures, list senders and statements, vacancy checks, steps in full.

Every row stays. Going back refuses, and changes nothing, while there are rows the older schema has
no place for: appointments without a day done, or codes it does not know.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_answer_links_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_answer_links_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_links")),
    )
    op.create_table(
        "landlord_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("landlord_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("next_step", sa.String(length=1000), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("next_done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('contact', 'referral')", name=op.f("ck_landlord_contacts_kind")
        ),
        sa.CheckConstraint(
            "way IN ('phone', 'visit', 'came', 'mail', 'letter')",
            name=op.f("ck_landlord_contacts_way"),
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"],
            ["landlords.id"],
            name=op.f("fk_landlord_contacts_landlord_id_landlords"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_landlord_contacts_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_landlord_contacts_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_landlord_contacts")),
    )
    with op.batch_alter_table("landlord_contacts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_landlord_contacts_landlord_id"), ["landlord_id"], unique=False
        )
        batch_op.create_index("ix_landlord_contacts_next_on", ["next_on"], unique=False)

    op.create_table(
        "list_layouts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("heads", JSON, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_list_layouts_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"],
            ["partners.id"],
            name=op.f("fk_list_layouts_sender_id_partners"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_list_layouts_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_layouts")),
        sa.UniqueConstraint(
            "organisation_id",
            "sender_id",
            "signature",
            name=op.f("uq_list_layouts_organisation_id_sender_id_signature"),
        ),
    )
    with op.batch_alter_table("list_layouts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_list_layouts_signature"), ["signature"], unique=False)

    op.create_table(
        "property_stations",
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.String(length=200), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("walk_minutes", sa.Integer(), nullable=True),
        sa.CheckConstraint("walk_minutes >= 1", name=op.f("ck_property_stations_walk_minutes")),
        sa.ForeignKeyConstraint(
            ["property_id"],
            ["properties.id"],
            name=op.f("fk_property_stations_property_id_properties"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("property_id", "position", name=op.f("pk_property_stations")),
    )
    op.create_table(
        "answer_link_homes",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(40), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "answer IN ('vacant', 'gone', 'no_answer')", name=op.f("ck_answer_link_homes_answer")
        ),
        sa.ForeignKeyConstraint(
            ["home_id"], ["homes.id"], name=op.f("fk_answer_link_homes_home_id_homes")
        ),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["answer_links.id"],
            name=op.f("fk_answer_link_homes_link_id_answer_links"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("link_id", "home_id", name=op.f("pk_answer_link_homes")),
    )
    op.create_table(
        "home_pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(40), nullable=False),
        sa.Column("group_code", sa.String(40), nullable=True),
        sa.Column("detail", sa.String(length=200), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("need_version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "cause IN ('landlord_group', 'landlord', 'agent', 'company', 'household', 'condition')",
            name=op.f("ck_home_pauses_cause"),
        ),
        sa.CheckConstraint(
            "group_code IN ('elderly', 'disabled', 'public_assistance', 'foreign', 'single_parent', 'dv', 'ex_offender', 'low_income', 'disaster', 'major_disaster', 'physical', 'intellectual', 'mental', 'other_disability', 'child_rearing', 'china_returnee', 'abduction_returnee', 'needy', 'hansen', 'crime_victim', 'child_abuse', 'overseas_returnee', 'newlywed', 'atomic_bomb', 'war_injured', 'care_leaver', 'lgbt', 'uij_turn', 'supporter')",
            name=op.f("ck_home_pauses_group_code"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_home_pauses_ended")
        ),
        sa.CheckConstraint(
            "(home_id IS NULL) <> (company_id IS NULL)", name=op.f("ck_home_pauses_what")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_home_pauses_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["partners.id"], name=op.f("fk_home_pauses_company_id_partners")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["users.id"], name=op.f("fk_home_pauses_ended_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["home_id"], ["homes.id"], name=op.f("fk_home_pauses_home_id_homes")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["users.id"], name=op.f("fk_home_pauses_made_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_pauses")),
    )
    with op.batch_alter_table("home_pauses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_home_pauses_case_id"), ["case_id"], unique=False)

    op.create_table(
        "home_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("caption", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('photo', 'floor_plan')", name=op.f("ck_home_photos_kind")),
        sa.ForeignKeyConstraint(
            ["home_id"], ["homes.id"], name=op.f("fk_home_photos_home_id_homes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_home_photos_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_photos")),
    )
    with op.batch_alter_table("home_photos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_home_photos_home_id"), ["home_id"], unique=False)

    op.create_table(
        "vacancy_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(40), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("state_before", sa.String(40), nullable=False),
        sa.Column("confirmed_before", sa.Date(), nullable=True),
        sa.Column("missing_before", sa.Date(), nullable=True),
        sa.Column("version_after", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "answer IN ('vacant', 'gone', 'no_answer')", name=op.f("ck_vacancy_checks_answer")
        ),
        sa.CheckConstraint(
            "state_before IN ('vacant', 'held', 'viewing', 'applied', 'contract', 'occupied', 'stopped')",
            name=op.f("ck_vacancy_checks_state_before"),
        ),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (link_id IS NULL)", name=op.f("ck_vacancy_checks_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["home_id"], ["homes.id"], name=op.f("fk_vacancy_checks_home_id_homes")
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["answer_links.id"], name=op.f("fk_vacancy_checks_link_id_answer_links")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_vacancy_checks_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy_checks")),
    )
    with op.batch_alter_table("vacancy_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vacancy_checks_home_id"), ["home_id"], unique=False)
        batch_op.create_index("ix_vacancy_checks_waiting", ["link_id", "seen_at"], unique=False)

    op.create_table(
        "home_statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.Column("as_typed", sa.String(length=200), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("replaced_by_import_id", sa.Integer(), nullable=True),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "question IN ('none', 'open', 'ours', 'theirs')",
            name=op.f("ck_home_statements_question"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_home_statements_decided_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["home_id"],
            ["homes.id"],
            name=op.f("fk_home_statements_home_id_homes"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["council_list_imports.id"],
            name=op.f("fk_home_statements_import_id_council_list_imports"),
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_import_id"],
            ["council_list_imports.id"],
            name=op.f("fk_home_statements_replaced_by_import_id_council_list_imports"),
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["partners.id"], name=op.f("fk_home_statements_sender_id_partners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_statements")),
    )
    with op.batch_alter_table("home_statements", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_home_statements_import_id"), ["import_id"], unique=False
        )
        batch_op.create_index("ix_home_statements_question", ["question"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_home_statements_replaced_by_import_id"),
            ["replaced_by_import_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_home_statements_sender_current", ["sender_id", "current"], unique=False
        )
        batch_op.create_index(
            "uq_home_statements_current",
            ["home_id", "sender_id", "field"],
            unique=True,
            sqlite_where=sa.text("current"),
            postgresql_where=sa.text("current"),
        )

    op.create_table(
        "import_writes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("made", sa.Boolean(), nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.Column("version_before", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('home', 'property', 'landlord', 'partner')",
            name=op.f("ck_import_writes_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["council_list_imports.id"],
            name=op.f("fk_import_writes_import_id_council_list_imports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_writes")),
        sa.UniqueConstraint(
            "import_id", "kind", "record_id", name=op.f("uq_import_writes_import_id_kind_record_id")
        ),
    )
    op.create_table(
        "placement_costs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("payer", sa.String(40), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "code IN ('deposit', 'key_money', 'prepaid', 'daily', 'agent_fee', 'guarantee', 'insurance', 'lock_change', 'cleaning', 'moving', 'furniture', 'other')",
            name=op.f("ck_placement_costs_code"),
        ),
        sa.CheckConstraint(
            "payer IN ('self', 'benefit', 'public_assistance', 'loan', 'corporation', 'family', 'other')",
            name=op.f("ck_placement_costs_payer"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_placement_costs_amount")),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placements.id"],
            name=op.f("fk_placement_costs_placement_id_placements"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_costs")),
    )
    with op.batch_alter_table("placement_costs", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_placement_costs_placement_id"), ["placement_id"], unique=False
        )

    op.create_table(
        "stay_extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placements.id"],
            name=op.f("fk_stay_extensions_placement_id_placements"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_stay_extensions_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_extensions")),
    )
    with op.batch_alter_table("stay_extensions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stay_extensions_placement_id"), ["placement_id"], unique=False
        )

    with op.batch_alter_table("council_list_imports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sender_name", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("sender_kind", sa.String(40), nullable=True))
        batch_op.add_column(
            sa.Column(
                "sender_found", sa.String(40), nullable=False, server_default=sa.text("'nothing'")
            )
        )
        batch_op.add_column(
            sa.Column("chosen", JSON, nullable=False, server_default=sa.text("'{}'"))
        )
        batch_op.add_column(sa.Column("layout_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("asked_count", sa.Integer(), nullable=False, server_default=sa.text("'0'"))
        )
        batch_op.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("undone", JSON, nullable=False, server_default=sa.text("'{}'"))
        )
        batch_op.create_index("ix_council_sender", ["sender_id", "state"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_council_list_imports_layout_id_list_layouts"),
            "list_layouts",
            ["layout_id"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("extended_why", sa.String(length=200), nullable=True))

    with op.batch_alter_table("homes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("facing", sa.String(length=40), nullable=True))
        batch_op.add_column(
            sa.Column("living_mats", sa.Numeric(precision=4, scale=1), nullable=True)
        )
        batch_op.add_column(sa.Column("steps", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("most_people", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("school_district", sa.String(length=200), nullable=True))
        batch_op.add_column(
            sa.Column("gas", sa.String(40), nullable=False, server_default=sa.text("'unknown'"))
        )
        batch_op.add_column(
            sa.Column("fittings", JSON, nullable=False, server_default=sa.text("'[]'"))
        )
        batch_op.add_column(
            sa.Column("rent_negotiable", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("deposit_kept", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("renewal_fee", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("renewal_office_fee", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("agent_fee", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("guarantee_fee", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("guarantee_monthly", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("insurance", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("lock_change", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("cleaning", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("prepaid_months", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("free_months", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "contract_kind", sa.String(40), nullable=False, server_default=sa.text("'unknown'")
            )
        )
        batch_op.add_column(sa.Column("contract_months", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("trade", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("guarantor_company_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "contact_rule", sa.String(40), nullable=False, server_default=sa.text("'unknown'")
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_homes_guarantor_company_id_partners"),
            "partners",
            ["guarantor_company_id"],
            ["id"],
        )

    with op.batch_alter_table("landlords", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kana", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("phone_digits", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("email", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("contact_hours", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("preferred_way", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("do_not", sa.String(length=1000), nullable=True))
        batch_op.add_column(
            sa.Column("worries", JSON, nullable=False, server_default=sa.text("'[]'"))
        )
        batch_op.add_column(sa.Column("worry_note", sa.String(length=1000), nullable=True))
        batch_op.add_column(
            sa.Column("reassured_by", JSON, nullable=False, server_default=sa.text("'[]'"))
        )
        batch_op.create_index(
            batch_op.f("ix_landlords_phone_digits"), ["phone_digits"], unique=False
        )

    with op.batch_alter_table("partners", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kana", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("contact_person", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("contact_hours", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("certified", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("without_guarantor", sa.Boolean(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "emergency_rule", sa.String(40), nullable=False, server_default=sa.text("'unknown'")
            )
        )
        batch_op.add_column(
            sa.Column("first_fee_percent", sa.Numeric(precision=5, scale=1), nullable=True)
        )
        batch_op.add_column(sa.Column("monthly_fee", sa.Integer(), nullable=True))

    with op.batch_alter_table("placement_steps", schema=None) as batch_op:
        batch_op.add_column(sa.Column("planned_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("planned_time", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("meeting_place", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("companion_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("partner_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("result", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("company_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("answered_by", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("contract_kind", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("contract_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("contract_to", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("explained_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("witness", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("returned_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("returned_why", sa.String(length=200), nullable=True))
        batch_op.alter_column("done_on", existing_type=sa.DATE(), nullable=True)
        batch_op.drop_constraint(batch_op.f("uq_placement_steps_placement_id_kind"), type_="unique")
        batch_op.create_index(
            batch_op.f("ix_placement_steps_placement_id"), ["placement_id"], unique=False
        )
        batch_op.create_index("ix_placement_steps_planned_on", ["planned_on"], unique=False)
        batch_op.create_index(
            "uq_placement_steps_valid",
            ["placement_id", "kind"],
            unique=True,
            sqlite_where=sa.text("returned_at IS NULL"),
            postgresql_where=sa.text("returned_at IS NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_placement_steps_company_id_partners"), "partners", ["company_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_placement_steps_companion_id_users"), "users", ["companion_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_placement_steps_partner_id_partners"), "partners", ["partner_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_placement_steps_returned_by_users"), "users", ["returned_by"], ["id"]
        )

    with op.batch_alter_table("placements", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("temporary", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("stay_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("end_reason", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("failed_condition", sa.String(40), nullable=True))
        batch_op.drop_index(batch_op.f("uq_placements_current_case"))
        batch_op.create_index(
            "uq_placements_current_case",
            ["case_id", "temporary"],
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'moved_in')"),
            postgresql_where=sa.text("state IN ('open', 'moved_in')"),
        )
        batch_op.create_index("ix_placements_stay_until", ["state", "stay_until"], unique=False)

    with op.batch_alter_table("properties", schema=None) as batch_op:
        batch_op.add_column(sa.Column("building_kind", sa.String(40), nullable=True))

    op.execute(
        "UPDATE placements SET temporary = true WHERE home_id IN "
        "(SELECT id FROM homes WHERE kind IN ('temporary', 'shelter'))"
    )

    # What a list, a step or a group may say has grown; a constraint is a promise, so it is renewed.
    with op.batch_alter_table("landlords") as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_landlords_preferred_way"),
            "preferred_way IN ('phone', 'mail', 'letter', 'visit')",
        )
    with op.batch_alter_table("partners") as batch_op:
        batch_op.create_check_constraint(batch_op.f("ck_partners_monthly_fee"), "monthly_fee >= 0")
        batch_op.create_check_constraint(
            batch_op.f("ck_partners_emergency_rule"),
            "emergency_rule IN ('none', 'corporate', 'person', 'unknown')",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_partners_first_fee_percent"), "first_fee_percent >= 0"
        )
    with op.batch_alter_table("properties") as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_properties_building_kind"),
            "building_kind IN ('apartment', 'mansion', 'house', 'shared', 'public', 'other')",
        )
    with op.batch_alter_table("homes") as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_homes_contract_kind"),
            "contract_kind IN ('ordinary', 'fixed_term', 'lifetime', 'unknown')",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_homes_gas"), "gas IN ('city', 'lp', 'none', 'unknown')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_homes_trade"), "trade IN ('owner', 'agent', 'broker')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_homes_contact_rule"),
            "contact_rule IN ('none', 'corporate', 'person', 'unknown')",
        )
    with op.batch_alter_table("council_list_imports") as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_council_list_imports_sender_found"),
            "sender_found IN ('chosen', 'layout', 'file_name', 'title', 'nothing')",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_council_list_imports_sender_kind"),
            "sender_kind IN ('city_section', 'provider', 'realtor', 'guarantor_company', 'donor', 'council', 'other')",
        )
        batch_op.drop_constraint(batch_op.f("ck_council_list_imports_state"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_council_list_imports_state"),
            "state IN ('reading', 'mapping', 'preview', 'taking_in', 'taken_in', 'refused', 'undone')",
        )
    with op.batch_alter_table("home_acceptances") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_home_acceptances_group_code"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_home_acceptances_group_code"),
            "group_code IN ('elderly', 'disabled', 'public_assistance', 'foreign', 'single_parent', 'dv', 'ex_offender', 'low_income', 'disaster', 'major_disaster', 'physical', 'intellectual', 'mental', 'other_disability', 'child_rearing', 'china_returnee', 'abduction_returnee', 'needy', 'hansen', 'crime_victim', 'child_abuse', 'overseas_returnee', 'newlywed', 'atomic_bomb', 'war_injured', 'care_leaver', 'lgbt', 'uij_turn', 'supporter')",
        )
    with op.batch_alter_table("council_list_rows") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_council_list_rows_outcome"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_council_list_rows_outcome"),
            "outcome IN ('new', 'changed', 'same', 'asked', 'repeat', 'doubtful', 'unreadable', 'skipped')",
        )
    with op.batch_alter_table("placements") as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_placements_stay_until"), "temporary OR stay_until IS NULL"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_placements_refusal"),
            "refusal IN ('household', 'found_elsewhere', 'landlord_group', 'landlord_other', 'screening', 'agent', 'taken', 'cost', 'condition', 'expired')",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_placements_failed_condition"),
            "failed_condition IN ('rent', 'area', 'floor', 'place', 'pet', 'security', 'move_in', 'state', 'other')",
        )
    with op.batch_alter_table("placement_steps") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_placement_steps_kind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_placement_steps_kind"),
            "kind IN ('shown', 'viewing', 'application', 'screening', 'landlord', 'contract', 'cost', 'keys', 'move_in')",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_placement_steps_result"), "result IN ('good', 'conditional', 'bad')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_placement_steps_dated"), "done_on IS NOT NULL OR planned_on IS NOT NULL"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_placement_steps_returned"),
            "(returned_at IS NULL) = (returned_by IS NULL) AND (returned_at IS NULL) = (returned_why IS NULL)",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_placement_steps_contract_kind"),
            "contract_kind IN ('ordinary', 'fixed_term', 'lifetime', 'unknown')",
        )

    # Defaults were for the rows that were there; the application says what new ones are.
    with op.batch_alter_table("council_list_imports") as batch_op:
        batch_op.alter_column("sender_found", server_default=None)
        batch_op.alter_column("chosen", server_default=None)
        batch_op.alter_column("asked_count", server_default=None)
        batch_op.alter_column("undone", server_default=None)
    with op.batch_alter_table("homes") as batch_op:
        batch_op.alter_column("gas", server_default=None)
        batch_op.alter_column("fittings", server_default=None)
        batch_op.alter_column("rent_negotiable", server_default=None)
        batch_op.alter_column("contract_kind", server_default=None)
        batch_op.alter_column("contact_rule", server_default=None)
    with op.batch_alter_table("landlords") as batch_op:
        batch_op.alter_column("worries", server_default=None)
        batch_op.alter_column("reassured_by", server_default=None)
    with op.batch_alter_table("partners") as batch_op:
        batch_op.alter_column("emergency_rule", server_default=None)
    with op.batch_alter_table("placements") as batch_op:
        batch_op.alter_column("temporary", server_default=None)


def downgrade() -> None:
    # First the promises about columns and codes that are about to go.
    with op.batch_alter_table("landlords") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_landlords_preferred_way"), type_="check")
    with op.batch_alter_table("partners") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_partners_monthly_fee"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_partners_emergency_rule"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_partners_first_fee_percent"), type_="check")
    with op.batch_alter_table("properties") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_properties_building_kind"), type_="check")
    with op.batch_alter_table("homes") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_homes_contract_kind"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_homes_gas"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_homes_trade"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_homes_contact_rule"), type_="check")
    with op.batch_alter_table("council_list_imports") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_council_list_imports_sender_found"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_council_list_imports_sender_kind"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_council_list_imports_state"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_council_list_imports_state"),
            "state IN ('preview', 'taking_in', 'taken_in', 'refused')",
        )
    with op.batch_alter_table("home_acceptances") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_home_acceptances_group_code"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_home_acceptances_group_code"),
            "group_code IN ('elderly', 'disabled', 'public_assistance', 'foreign', 'single_parent', 'dv', 'ex_offender')",
        )
    with op.batch_alter_table("council_list_rows") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_council_list_rows_outcome"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_council_list_rows_outcome"),
            "outcome IN ('new', 'changed', 'same', 'repeat', 'doubtful', 'unreadable', 'skipped')",
        )
    with op.batch_alter_table("placements") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_placements_stay_until"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_placements_refusal"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_placements_failed_condition"), type_="check")
    with op.batch_alter_table("placement_steps") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_placement_steps_kind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_placement_steps_kind"),
            "kind IN ('viewing', 'application', 'screening', 'landlord', 'contract', 'keys', 'move_in')",
        )
        batch_op.drop_constraint(batch_op.f("ck_placement_steps_result"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_placement_steps_dated"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_placement_steps_returned"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_placement_steps_contract_kind"), type_="check")

    with op.batch_alter_table("properties", schema=None) as batch_op:
        batch_op.drop_column("building_kind")

    with op.batch_alter_table("placements", schema=None) as batch_op:
        batch_op.drop_index("ix_placements_stay_until")
        batch_op.drop_index(
            "uq_placements_current_case",
            sqlite_where=sa.text("state IN ('open', 'moved_in')"),
            postgresql_where=sa.text("state IN ('open', 'moved_in')"),
        )
        batch_op.create_index(
            batch_op.f("uq_placements_current_case"),
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'moved_in')"),
            postgresql_where=sa.text("state IN ('open', 'moved_in')"),
        )
        batch_op.drop_column("failed_condition")
        batch_op.drop_column("end_reason")
        batch_op.drop_column("stay_until")
        batch_op.drop_column("temporary")

    with op.batch_alter_table("placement_steps", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_placement_steps_returned_by_users"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_placement_steps_partner_id_partners"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_placement_steps_companion_id_users"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_placement_steps_company_id_partners"), type_="foreignkey"
        )
        batch_op.drop_index(
            "uq_placement_steps_valid",
            sqlite_where=sa.text("returned_at IS NULL"),
            postgresql_where=sa.text("returned_at IS NULL"),
        )
        batch_op.drop_index("ix_placement_steps_planned_on")
        batch_op.drop_index(batch_op.f("ix_placement_steps_placement_id"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_placement_steps_placement_id_kind"), ["placement_id", "kind"]
        )
        batch_op.alter_column("done_on", existing_type=sa.DATE(), nullable=False)
        batch_op.drop_column("returned_why")
        batch_op.drop_column("returned_by")
        batch_op.drop_column("returned_at")
        batch_op.drop_column("witness")
        batch_op.drop_column("explained_on")
        batch_op.drop_column("contract_to")
        batch_op.drop_column("contract_from")
        batch_op.drop_column("contract_kind")
        batch_op.drop_column("answered_by")
        batch_op.drop_column("company_id")
        batch_op.drop_column("result")
        batch_op.drop_column("partner_id")
        batch_op.drop_column("companion_id")
        batch_op.drop_column("meeting_place")
        batch_op.drop_column("planned_time")
        batch_op.drop_column("planned_on")

    with op.batch_alter_table("partners", schema=None) as batch_op:
        batch_op.drop_column("monthly_fee")
        batch_op.drop_column("first_fee_percent")
        batch_op.drop_column("emergency_rule")
        batch_op.drop_column("without_guarantor")
        batch_op.drop_column("certified")
        batch_op.drop_column("contact_hours")
        batch_op.drop_column("contact_person")
        batch_op.drop_column("kana")

    with op.batch_alter_table("landlords", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_landlords_phone_digits"))
        batch_op.drop_column("reassured_by")
        batch_op.drop_column("worry_note")
        batch_op.drop_column("worries")
        batch_op.drop_column("do_not")
        batch_op.drop_column("preferred_way")
        batch_op.drop_column("contact_hours")
        batch_op.drop_column("email")
        batch_op.drop_column("phone_digits")
        batch_op.drop_column("kana")

    with op.batch_alter_table("homes", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_homes_guarantor_company_id_partners"), type_="foreignkey"
        )
        batch_op.drop_column("contact_rule")
        batch_op.drop_column("guarantor_company_id")
        batch_op.drop_column("trade")
        batch_op.drop_column("contract_months")
        batch_op.drop_column("contract_kind")
        batch_op.drop_column("free_months")
        batch_op.drop_column("prepaid_months")
        batch_op.drop_column("cleaning")
        batch_op.drop_column("lock_change")
        batch_op.drop_column("insurance")
        batch_op.drop_column("guarantee_monthly")
        batch_op.drop_column("guarantee_fee")
        batch_op.drop_column("agent_fee")
        batch_op.drop_column("renewal_office_fee")
        batch_op.drop_column("renewal_fee")
        batch_op.drop_column("deposit_kept")
        batch_op.drop_column("rent_negotiable")
        batch_op.drop_column("fittings")
        batch_op.drop_column("gas")
        batch_op.drop_column("school_district")
        batch_op.drop_column("most_people")
        batch_op.drop_column("steps")
        batch_op.drop_column("living_mats")
        batch_op.drop_column("facing")

    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.drop_column("extended_why")

    with op.batch_alter_table("council_list_imports", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_council_list_imports_layout_id_list_layouts"), type_="foreignkey"
        )
        batch_op.drop_index("ix_council_sender")
        batch_op.drop_column("undone")
        batch_op.drop_column("undone_at")
        batch_op.drop_column("asked_count")
        batch_op.drop_column("layout_id")
        batch_op.drop_column("chosen")
        batch_op.drop_column("sender_found")
        batch_op.drop_column("sender_kind")
        batch_op.drop_column("sender_name")

    with op.batch_alter_table("stay_extensions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stay_extensions_placement_id"))

    op.drop_table("stay_extensions")
    with op.batch_alter_table("placement_costs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_costs_placement_id"))

    op.drop_table("placement_costs")
    op.drop_table("import_writes")
    with op.batch_alter_table("home_statements", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_home_statements_current",
            sqlite_where=sa.text("current"),
            postgresql_where=sa.text("current"),
        )
        batch_op.drop_index("ix_home_statements_sender_current")
        batch_op.drop_index(batch_op.f("ix_home_statements_replaced_by_import_id"))
        batch_op.drop_index("ix_home_statements_question")
        batch_op.drop_index(batch_op.f("ix_home_statements_import_id"))

    op.drop_table("home_statements")
    with op.batch_alter_table("vacancy_checks", schema=None) as batch_op:
        batch_op.drop_index("ix_vacancy_checks_waiting")
        batch_op.drop_index(batch_op.f("ix_vacancy_checks_home_id"))

    op.drop_table("vacancy_checks")
    with op.batch_alter_table("home_photos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_home_photos_home_id"))

    op.drop_table("home_photos")
    with op.batch_alter_table("home_pauses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_home_pauses_case_id"))

    op.drop_table("home_pauses")
    op.drop_table("answer_link_homes")
    op.drop_table("property_stations")
    with op.batch_alter_table("list_layouts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_list_layouts_signature"))

    op.drop_table("list_layouts")
    with op.batch_alter_table("landlord_contacts", schema=None) as batch_op:
        batch_op.drop_index("ix_landlord_contacts_next_on")
        batch_op.drop_index(batch_op.f("ix_landlord_contacts_landlord_id"))

    op.drop_table("landlord_contacts")
    op.drop_table("answer_links")
