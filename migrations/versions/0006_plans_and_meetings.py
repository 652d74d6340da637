"""Plans, the log's tasks and corrections, closings, 生活保護, meetings with their pledges and papers.

A case without consent can stand on an agenda only under a 支援会議 basis, and only people who signed
the pledge can be put down for it: compound foreign keys carry `support` and `secret` along, CHECKs
compare them. Going back refuses while the log has entries by outreach, a code the older schema does
not know.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting_settings",
        sa.Column("organisation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("weekdays", JSON, nullable=False),
        sa.Column("monthly_day", sa.Integer(), nullable=True),
        sa.Column("move_holiday", sa.String(40), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("legal_bases", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "move_holiday IN ('after', 'skip')", name=op.f("ck_meeting_settings_move_holiday")
        ),
        sa.CheckConstraint(
            "monthly_day BETWEEN 1 AND 31", name=op.f("ck_meeting_settings_monthly_day")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_meeting_settings_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_meeting_settings")),
    )
    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("coordination", sa.Boolean(), nullable=False),
        sa.Column("article_9", sa.Boolean(), nullable=False),
        sa.Column("welfare_act", sa.Boolean(), nullable=False),
        sa.Column("support", sa.Boolean(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('ad_hoc', 'regular', 'support')", name=op.f("ck_meetings_kind")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'held', 'cancelled')", name=op.f("ck_meetings_state")
        ),
        sa.CheckConstraint("coordination OR support", name=op.f("ck_meetings_bases")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 600", name=op.f("ck_meetings_minutes")),
        sa.CheckConstraint(
            "support = (article_9 OR welfare_act)", name=op.f("ck_meetings_support")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_meetings_made_by_users")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_meetings_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("id", "support", name=op.f("uq_meetings_id_support")),
    )
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meetings_held_on"), ["held_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_meetings_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "secrecy_pledges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("belongs_to", sa.String(length=200), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= signed_on", name=op.f("ck_secrecy_pledges_period")
        ),
        sa.CheckConstraint(
            "user_id IS NULL OR user_id <> recorded_by", name=op.f("ck_secrecy_pledges_second")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_secrecy_pledges_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_secrecy_pledges_recorded_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_secrecy_pledges_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secrecy_pledges")),
    )
    with op.batch_alter_table("secrecy_pledges", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_secrecy_pledges_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            "uq_secrecy_pledges_user",
            ["organisation_id", "user_id"],
            unique=True,
            sqlite_where=sa.text("user_id IS NOT NULL AND ended_on IS NULL"),
            postgresql_where=sa.text("user_id IS NOT NULL AND ended_on IS NULL"),
        )

    op.create_table(
        "services",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("survey_column", sa.String(40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("provider", sa.String(length=200), nullable=True),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('statutory', 'optional', 'local')", name=op.f("ck_services_kind")
        ),
        sa.CheckConstraint(
            "survey_column IN ('housing_benefit', 'temporary_living', 'household_budget', 'work_preparation', 'work_training', 'work_support', 'welfare_loan', 'work_promotion', 'none')",
            name=op.f("ck_services_survey_column"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_services_period")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_services_partner_id_partners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sa.UniqueConstraint("code", name=op.f("uq_services_code")),
    )
    op.create_table(
        "case_closings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=200), nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("open_things", JSON, nullable=False),
        sa.Column("closed_by", sa.Integer(), nullable=False),
        sa.Column("reopened_on", sa.Date(), nullable=True),
        sa.Column("reopened_by", sa.Integer(), nullable=True),
        sa.Column("reopen_reason", sa.String(length=1000), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(reopened_on IS NULL) = (reopened_by IS NULL)", name=op.f("ck_case_closings_reopened")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_closings_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["users.id"], name=op.f("fk_case_closings_closed_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["reopened_by"], ["users.id"], name=op.f("fk_case_closings_reopened_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_closings")),
    )
    with op.batch_alter_table("case_closings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_closings_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "uq_case_closings_current",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("reopened_on IS NULL"),
            postgresql_where=sa.text("reopened_on IS NULL"),
        )

    op.create_table(
        "meeting_attendees",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("belongs_to", sa.String(length=200), nullable=True),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("pledge_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "role IN ('chair', 'consultant', 'work', 'budget', 'welfare_inspector', 'caseworker', 'city', 'housing', 'council', 'other')",
            name=op.f("ck_meeting_attendees_role"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meetings.id"],
            name=op.f("fk_meeting_attendees_meeting_id_meetings"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["pledge_id"],
            ["secrecy_pledges.id"],
            name=op.f("fk_meeting_attendees_pledge_id_secrecy_pledges"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_meeting_attendees_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_attendees")),
        sa.UniqueConstraint("id", "meeting_id", name=op.f("uq_meeting_attendees_id_meeting_id")),
        sa.UniqueConstraint(
            "meeting_id", "user_id", name=op.f("uq_meeting_attendees_meeting_id_user_id")
        ),
    )
    with op.batch_alter_table("meeting_attendees", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_meeting_attendees_meeting_id"), ["meeting_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_meeting_attendees_user_id"), ["user_id"], unique=False)

    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("long_goal", sa.Text(), nullable=False),
        sa.Column("short_goal", sa.Text(), nullable=False),
        sa.Column("issues", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("next_monitoring", sa.Date(), nullable=True),
        sa.Column("application", sa.String(40), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(application = 'none') = (applied_on IS NULL)", name=op.f("ck_plans_applied")
        ),
        sa.CheckConstraint(
            "application IN ('none', 'signed', 'oral')", name=op.f("ck_plans_application")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'decided', 'under_way', 'evaluated')",
            name=op.f("ck_plans_state"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_plans_period")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_plans_number")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_plans_case_id_cases")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_plans_made_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_plans_case_id_number")),
    )
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plans_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_plans_next_monitoring"), ["next_monitoring"], unique=False
        )
        batch_op.create_index(
            "uq_plans_current",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'evaluated'"),
            postgresql_where=sa.text("state <> 'evaluated'"),
        )

    op.create_table(
        "welfare_handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(40), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("office", sa.String(length=200), nullable=False),
        sa.Column("handed", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(40), nullable=False),
        sa.Column("basis_note", sa.String(length=1000), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "basis = 'consent' OR length(basis_note) > 0",
            name=op.f("ck_welfare_handovers_law_named"),
        ),
        sa.CheckConstraint("basis IN ('consent', 'law')", name=op.f("ck_welfare_handovers_basis")),
        sa.CheckConstraint(
            "direction IN ('to', 'back')", name=op.f("ck_welfare_handovers_direction")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_welfare_handovers_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_welfare_handovers_recorded_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_welfare_handovers")),
    )
    with op.batch_alter_table("welfare_handovers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_welfare_handovers_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_welfare_handovers_handed_on"), ["handed_on"], unique=False
        )

    op.create_table(
        "welfare_standings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("office", sa.String(length=200), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('none', 'consulting', 'applying', 'receiving', 'ended')",
            name=op.f("ck_welfare_standings_status"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_welfare_standings_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_welfare_standings_recorded_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_welfare_standings")),
    )
    with op.batch_alter_table("welfare_standings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_welfare_standings_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_log_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("said", JSON, nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["users.id"], name=op.f("fk_case_log_revisions_changed_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["case_log.id"], name=op.f("fk_case_log_revisions_entry_id_case_log")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_log_revisions")),
    )
    with op.batch_alter_table("case_log_revisions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_case_log_revisions_entry_id"), ["entry_id"], unique=False
        )

    op.create_table(
        "meeting_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("support", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("basis", sa.String(40), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("without_consent", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("decision", sa.String(40), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=True),
        sa.Column("task", sa.String(length=200), nullable=True),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("by_when", sa.Date(), nullable=True),
        sa.Column("task_done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "NOT without_consent OR basis = 'support'",
            name=op.f("ck_meeting_items_without_consent"),
        ),
        sa.CheckConstraint(
            "basis = 'coordination' OR support", name=op.f("ck_meeting_items_support")
        ),
        sa.CheckConstraint(
            "basis IN ('coordination', 'support')", name=op.f("ck_meeting_items_basis")
        ),
        sa.CheckConstraint(
            "decision IN ('approved', 'confirmed', 'change', 'postponed')",
            name=op.f("ck_meeting_items_decision"),
        ),
        sa.CheckConstraint("secret = (basis = 'support')", name=op.f("ck_meeting_items_secret")),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_meeting_items_decided")
        ),
        sa.CheckConstraint(
            "NOT without_consent OR plan_id IS NULL", name=op.f("ck_meeting_items_no_plan")
        ),
        sa.CheckConstraint("minutes BETWEEN 1 AND 240", name=op.f("ck_meeting_items_minutes")),
        sa.ForeignKeyConstraint(
            ["added_by"], ["users.id"], name=op.f("fk_meeting_items_added_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_meeting_items_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_meeting_items_decided_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id", "support"],
            ["meetings.id", "meetings.support"],
            name=op.f("fk_meeting_items_meeting_id_support_meetings"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_meeting_items_plan_id_plans")
        ),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["users.id"], name=op.f("fk_meeting_items_responsible_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_items")),
        sa.UniqueConstraint("id", "meeting_id", name=op.f("uq_meeting_items_id_meeting_id")),
        sa.UniqueConstraint("id", "secret", name=op.f("uq_meeting_items_id_secret")),
    )
    with op.batch_alter_table("meeting_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_items_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_meeting_items_meeting_id"), ["meeting_id"], unique=False
        )
        batch_op.create_index(
            "uq_meeting_items_case",
            ["meeting_id", "case_id"],
            unique=True,
            sqlite_where=sa.text("NOT secret"),
            postgresql_where=sa.text("NOT secret"),
        )

    op.create_table(
        "plan_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(40), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decision IN ('approved', 'confirmed', 'change', 'postponed')",
            name=op.f("ck_plan_decisions_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plans.id"],
            name=op.f("fk_plan_decisions_plan_id_plans"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_plan_decisions_recorded_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_decisions")),
    )
    with op.batch_alter_table("plan_decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_decisions_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "plan_evaluations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("evaluated_on", sa.Date(), nullable=False),
        sa.Column("reached", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("work_change", sa.String(length=1000), nullable=True),
        sa.Column("income_change", sa.String(length=1000), nullable=True),
        sa.Column("left_over", sa.Text(), nullable=True),
        sa.Column("after", sa.String(40), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "after IN ('close', 'replan', 'stop', 'follow')", name=op.f("ck_plan_evaluations_after")
        ),
        sa.CheckConstraint(
            "reached IN ('reached', 'partly', 'not_yet')", name=op.f("ck_plan_evaluations_reached")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_plan_evaluations_author_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plans.id"],
            name=op.f("fk_plan_evaluations_plan_id_plans"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_evaluations")),
        sa.UniqueConstraint("plan_id", name=op.f("uq_plan_evaluations_plan_id")),
    )
    op.create_table(
        "plan_monitorings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("monitored_on", sa.Date(), nullable=False),
        sa.Column("progress", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("next_monitoring", sa.Date(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "progress IN ('on_track', 'partly', 'stuck')", name=op.f("ck_plan_monitorings_progress")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_plan_monitorings_author_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plans.id"],
            name=op.f("fk_plan_monitorings_plan_id_plans"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_monitorings")),
    )
    with op.batch_alter_table("plan_monitorings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_monitorings_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "plan_services",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("provider", sa.String(length=200), nullable=True),
        sa.Column("frequency", sa.String(length=200), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("person_does", sa.String(length=1000), nullable=True),
        sa.Column("we_do", sa.String(length=1000), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_plan_services_period")),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plans.id"],
            name=op.f("fk_plan_services_plan_id_plans"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_services")),
        sa.UniqueConstraint("plan_id", "position", name=op.f("uq_plan_services_plan_id_position")),
    )
    with op.batch_alter_table("plan_services", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_services_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_services_service"), ["service"], unique=False)

    op.create_table(
        "meeting_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("printed_by", sa.Integer(), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("collected_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_meeting_papers_number")),
        sa.ForeignKeyConstraint(
            ["collected_by"], ["users.id"], name=op.f("fk_meeting_papers_collected_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["meeting_items.id"],
            name=op.f("fk_meeting_papers_item_id_meeting_items"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["printed_by"], ["users.id"], name=op.f("fk_meeting_papers_printed_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_papers")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_meeting_papers_item_id_number")),
    )
    with op.batch_alter_table("meeting_papers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_papers_item_id"), ["item_id"], unique=False)

    op.create_table(
        "meeting_seats",
        sa.Column("item_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("attendee_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("pledge_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "NOT secret OR pledge_id IS NOT NULL", name=op.f("ck_meeting_seats_pledged")
        ),
        sa.ForeignKeyConstraint(
            ["attendee_id", "meeting_id"],
            ["meeting_attendees.id", "meeting_attendees.meeting_id"],
            name=op.f("fk_meeting_seats_attendee_id_meeting_id_meeting_attendees"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "meeting_id"],
            ["meeting_items.id", "meeting_items.meeting_id"],
            name=op.f("fk_meeting_seats_item_id_meeting_id_meeting_items"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "secret"],
            ["meeting_items.id", "meeting_items.secret"],
            name=op.f("fk_meeting_seats_item_id_secret_meeting_items"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["pledge_id"],
            ["secrecy_pledges.id"],
            name=op.f("fk_meeting_seats_pledge_id_secrecy_pledges"),
        ),
        sa.PrimaryKeyConstraint("item_id", "attendee_id", name=op.f("pk_meeting_seats")),
    )
    _widen_log()


METHODS = ("meeting", "phone", "visit", "outreach", "accompany", "mail", "conference", "office")


def _widen_log() -> None:
    with op.batch_alter_table("case_log", schema=None) as batch_op:
        batch_op.add_column(sa.Column("partner_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("attendees", JSON, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("next_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("next_done_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("next_done_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_index(batch_op.f("ix_case_log_next_on"), ["next_on"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_case_log_next_done_by_users"), "users", ["next_done_by"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_case_log_partner_id_partners"), "partners", ["partner_id"], ["id"]
        )
    with op.batch_alter_table("case_log", schema=None) as batch_op:
        batch_op.alter_column("attendees", server_default=None)
        batch_op.alter_column("version", server_default=None)
        _know_methods(batch_op, METHODS)
        batch_op.create_check_constraint(
            batch_op.f("ck_case_log_next_on"), "next_on IS NULL OR next_step IS NOT NULL"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_case_log_next_done"), "(next_done_at IS NULL) = (next_done_by IS NULL)"
        )


def _know_methods(batch_op: Any, methods: tuple[str, ...]) -> None:
    batch_op.drop_constraint(batch_op.f("ck_case_log_method"), type_="check")
    listed = ", ".join(f"'{method}'" for method in methods)
    batch_op.create_check_constraint(batch_op.f("ck_case_log_method"), f"method IN ({listed})")


def downgrade() -> None:
    outreach = sa.text("SELECT count(*) FROM case_log WHERE method = 'outreach'")
    if op.get_bind().scalar(outreach):
        raise RuntimeError("the log has entries by outreach, which the older structure cannot say")
    with op.batch_alter_table("case_log", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_case_log_partner_id_partners"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_case_log_next_done_by_users"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_case_log_next_on"))
        batch_op.drop_constraint(batch_op.f("ck_case_log_next_on"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_case_log_next_done"), type_="check")
        _know_methods(batch_op, tuple(method for method in METHODS if method != "outreach"))
        for column in (
            "version", "next_done_by", "next_done_at", "next_on", "attendees", "partner_id",
        ):  # fmt: skip
            batch_op.drop_column(column)

    op.drop_table("meeting_seats")
    with op.batch_alter_table("meeting_papers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_papers_item_id"))

    op.drop_table("meeting_papers")
    with op.batch_alter_table("plan_services", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_services_service"))
        batch_op.drop_index(batch_op.f("ix_plan_services_plan_id"))

    op.drop_table("plan_services")
    with op.batch_alter_table("plan_monitorings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_monitorings_plan_id"))

    op.drop_table("plan_monitorings")
    op.drop_table("plan_evaluations")
    with op.batch_alter_table("plan_decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_decisions_plan_id"))

    op.drop_table("plan_decisions")
    with op.batch_alter_table("meeting_items", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_meeting_items_case",
            sqlite_where=sa.text("NOT secret"),
            postgresql_where=sa.text("NOT secret"),
        )
        batch_op.drop_index(batch_op.f("ix_meeting_items_meeting_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_items_case_id"))

    op.drop_table("meeting_items")
    with op.batch_alter_table("case_log_revisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_log_revisions_entry_id"))

    op.drop_table("case_log_revisions")
    with op.batch_alter_table("welfare_standings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_welfare_standings_case_id"))

    op.drop_table("welfare_standings")
    with op.batch_alter_table("welfare_handovers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_welfare_handovers_handed_on"))
        batch_op.drop_index(batch_op.f("ix_welfare_handovers_case_id"))

    op.drop_table("welfare_handovers")
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_plans_current",
            sqlite_where=sa.text("state <> 'evaluated'"),
            postgresql_where=sa.text("state <> 'evaluated'"),
        )
        batch_op.drop_index(batch_op.f("ix_plans_next_monitoring"))
        batch_op.drop_index(batch_op.f("ix_plans_case_id"))

    op.drop_table("plans")
    with op.batch_alter_table("meeting_attendees", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_attendees_user_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_attendees_meeting_id"))

    op.drop_table("meeting_attendees")
    with op.batch_alter_table("case_closings", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_case_closings_current",
            sqlite_where=sa.text("reopened_on IS NULL"),
            postgresql_where=sa.text("reopened_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_case_closings_case_id"))

    op.drop_table("case_closings")
    op.drop_table("services")
    with op.batch_alter_table("secrecy_pledges", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_secrecy_pledges_user",
            sqlite_where=sa.text("user_id IS NOT NULL AND ended_on IS NULL"),
            postgresql_where=sa.text("user_id IS NOT NULL AND ended_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_secrecy_pledges_organisation_id"))

    op.drop_table("secrecy_pledges")
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meetings_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_meetings_held_on"))

    op.drop_table("meetings")
    op.drop_table("meeting_settings")
