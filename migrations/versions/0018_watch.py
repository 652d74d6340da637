"""Templates of the watch as records, plans with their changes, concerns, devices, link-ins, ends.

Older plans follow the shipped standard from now on; their check-ins keep their days. Going back,
a cancelled check-in of a day that has another is set before its plan, with its day in its label.
"""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

OLD_ROLES = (
    "consultant", "housing", "foodbank", "followup", "sorter", "org_admin", "auditor", "sysadmin",
)  # fmt: skip
ROLES = (*OLD_ROLES, "device")
BORNE = 3  # days an unanswered check-in of an older plan is borne, as the shipped standard says

LADDER = {
    "again": 12, "emergency_contact": 24, "landlord": 36, "community_centre": 48, "police": 72,
}  # fmt: skip
QUICK = {
    "again": 4, "emergency_contact": 12, "landlord": 24, "community_centre": 24, "police": 48,
}  # fmt: skip
INTENSIVE = {
    "first_days": [1, 3, 7],
    "phases": [
        {"every": 7, "unit": "day", "until_months": 1},
        {"every": 14, "unit": "day", "until_months": 3},
        {"every": 1, "unit": "month", "until_months": 12},
    ],
    "reviews": [1, 3, 6, 12],
}
GOOD = "入居後の集中期と間隔、待つ時間は、よい実践の例。法令の定めではない。"
SHIPPED = (
    INTENSIVE
    | {
        "code": "standard", "kind": "base", "name": "標準（1年）", "holiday": "keep",
        "tolerance_days": BORNE, "ladder": LADDER, "source": GOOD, "certainty": "practice",
    },
    INTENSIVE
    | {
        "code": "support_home", "kind": "base", "name": "居住サポート住宅", "holiday": "before",
        "phases": [
            {"every": 7, "unit": "day", "until_months": 1},
            {"every": 14, "unit": "day", "until_months": 3},
            {"every": 1, "unit": "month", "until_months": 36},
        ],
        "tolerance_days": 2, "ladder": LADDER, "daily_safety": True, "silent_hours": 24,
        "source": "住宅セーフティネット法（2025年10月1日施行）の居住サポート住宅: 安否確認は1日1回以上"
        "（機器でも訪問でもよい）、訪問などの見守りは月1回以上、必要なときは福祉サービスへつなぐ。",
        "certainty": "law",
    },
    {
        "code": "single_65", "kind": "add_on", "name": "独居65歳以上", "holiday": "keep",
        "phases": [{"every": 14, "unit": "day", "until_months": 6}],
        "tolerance_days": 2, "ladder": LADDER, "source": GOOD, "certainty": "practice",
    },
    {
        "code": "discharge", "kind": "add_on", "name": "退院・退所の直後", "holiday": "keep",
        "first_days": [1, 3], "phases": [{"every": 4, "unit": "day", "until_months": 1}],
        "tolerance_days": 1, "ladder": QUICK, "source": GOOD, "certainty": "practice",
    },
    {
        "code": "arrears", "kind": "add_on", "name": "滞納があった", "holiday": "keep",
        "phases": [{"every": 14, "unit": "day", "until_months": 3}],
        "tolerance_days": 3, "ladder": LADDER, "source": GOOD, "certainty": "practice",
    },
    {
        "code": "suicidal", "kind": "add_on", "name": "希死念慮", "holiday": "keep",
        "first_days": [1, 2, 3],
        "phases": [
            {"every": 3, "unit": "day", "until_months": 1},
            {"every": 7, "unit": "day", "until_months": 6},
        ],
        "tolerance_days": 0, "ladder": QUICK, "source": GOOD, "certainty": "practice",
    },
)  # fmt: skip
NOTHING = {
    "first_days": [], "phases": [], "reviews": [], "daily_safety": False, "silent_hours": None,
}  # fmt: skip


def upgrade() -> None:
    _roles(ROLES)
    _make_tables()
    _ship_templates()
    _extend_plans()
    _extend_check_ins()
    _extend_attempts()
    protect("attempts")


def _make_tables() -> None:
    op.create_table(
        "watch_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("first_days", JSON, nullable=False),
        sa.Column("phases", JSON, nullable=False),
        sa.Column("reviews", JSON, nullable=False),
        sa.Column("holiday", sa.String(40), nullable=False),
        sa.Column("tolerance_days", sa.Integer(), nullable=False),
        sa.Column("ladder", JSON, nullable=False),
        sa.Column("daily_safety", sa.Boolean(), nullable=False),
        sa.Column("silent_hours", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("certainty", sa.String(40), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "certainty IN ('law', 'practice', 'own')", name=op.f("ck_watch_templates_certainty")
        ),
        sa.CheckConstraint(
            "holiday IN ('keep', 'before', 'after')", name=op.f("ck_watch_templates_holiday")
        ),
        sa.CheckConstraint("kind IN ('base', 'add_on')", name=op.f("ck_watch_templates_kind")),
        sa.CheckConstraint(
            "NOT daily_safety OR silent_hours IS NOT NULL",
            name=op.f("ck_watch_templates_daily_safety"),
        ),
        sa.CheckConstraint(
            "silent_hours BETWEEN 1 AND 720", name=op.f("ck_watch_templates_silent_hours")
        ),
        sa.CheckConstraint(
            "tolerance_days BETWEEN 0 AND 60", name=op.f("ck_watch_templates_tolerance_days")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["users.id"], name=op.f("fk_watch_templates_made_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_watch_templates_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_templates")),
    )
    op.create_index(
        "uq_watch_templates_own",
        "watch_templates",
        ["organisation_id", "code", "valid_from"],
        unique=True,
        sqlite_where=sa.text("organisation_id IS NOT NULL"),
        postgresql_where=sa.text("organisation_id IS NOT NULL"),
    )
    op.create_index(
        "uq_watch_templates_shipped",
        "watch_templates",
        ["code", "valid_from"],
        unique=True,
        sqlite_where=sa.text("organisation_id IS NULL"),
        postgresql_where=sa.text("organisation_id IS NULL"),
    )

    op.create_table(
        "link_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("partner_name", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=1000), nullable=False),
        sa.Column("result", sa.String(40), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "result IN ('waiting', 'linked', 'not_yet', 'declined')",
            name=op.f("ck_link_ins_result"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_link_ins_partner_id_partners")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["watch_plans.id"],
            name=op.f("fk_link_ins_plan_id_watch_plans"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_link_ins_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_ins")),
    )
    op.create_index(op.f("ix_link_ins_partner_id"), "link_ins", ["partner_id"], unique=False)
    op.create_index(op.f("ix_link_ins_plan_id"), "link_ins", ["plan_id"], unique=False)

    op.create_table(
        "safety_days",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_device", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["watch_plans.id"],
            name=op.f("fk_safety_days_plan_id_watch_plans"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("plan_id", "day", name=op.f("pk_safety_days")),
    )
    op.create_table(
        "safety_devices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("fitted_on", sa.Date(), nullable=False),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('motion', 'light', 'power', 'water', 'button', 'other')",
            name=op.f("ck_safety_devices_kind"),
        ),
        sa.CheckConstraint("removed_on >= fitted_on", name=op.f("ck_safety_devices_removed_on")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_safety_devices_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["watch_plans.id"], name=op.f("fk_safety_devices_plan_id_watch_plans")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_safety_devices_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_devices")),
    )
    op.create_index(op.f("ix_safety_devices_plan_id"), "safety_devices", ["plan_id"], unique=False)
    op.create_index(
        "uq_safety_devices_in_use",
        "safety_devices",
        ["organisation_id", "serial"],
        unique=True,
        sqlite_where=sa.text("removed_on IS NULL"),
        postgresql_where=sa.text("removed_on IS NULL"),
    )

    op.create_table(
        "watch_add_ons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "code IN ('single_65', 'discharge', 'arrears', 'suicidal')",
            name=op.f("ck_watch_add_ons_code"),
        ),
        sa.CheckConstraint(
            "state IN ('confirmed', 'declined', 'ended')", name=op.f("ck_watch_add_ons_state")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["watch_plans.id"],
            name=op.f("fk_watch_add_ons_plan_id_watch_plans"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["watch_templates.id"],
            name=op.f("fk_watch_add_ons_template_id_watch_templates"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_watch_add_ons_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_add_ons")),
    )
    op.create_index(op.f("ix_watch_add_ons_plan_id"), "watch_add_ons", ["plan_id"], unique=False)
    op.create_index(
        "uq_watch_add_ons_current",
        "watch_add_ons",
        ["plan_id", "code"],
        unique=True,
        sqlite_where=sa.text("state <> 'ended'"),
        postgresql_where=sa.text("state <> 'ended'"),
    )

    op.create_table(
        "watch_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('start', 'template', 'add_on', 'pause', 'resume', 'extra', 'extended', 'settled', 'left')",
            name=op.f("ck_watch_changes_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["watch_plans.id"],
            name=op.f("fk_watch_changes_plan_id_watch_plans"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["watch_templates.id"],
            name=op.f("fk_watch_changes_template_id_watch_templates"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_watch_changes_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_changes")),
    )
    op.create_index(op.f("ix_watch_changes_plan_id"), "watch_changes", ["plan_id"], unique=False)

    op.create_table(
        "watch_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("leave_reason", sa.String(40), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'extended') = (until_on IS NOT NULL)", name=op.f("ck_watch_decisions_extended")
        ),
        sa.CheckConstraint(
            "(kind = 'left') = (leave_reason IS NOT NULL)", name=op.f("ck_watch_decisions_left")
        ),
        sa.CheckConstraint(
            "kind IN ('settled', 'extended', 'left')", name=op.f("ck_watch_decisions_kind")
        ),
        sa.CheckConstraint(
            "leave_reason IN ('better_home', 'family', 'facility', 'hospital', 'arrears', 'neighbours', 'contract_end', 'died', 'whereabouts_unknown', 'other')",
            name=op.f("ck_watch_decisions_leave_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["watch_plans.id"],
            name=op.f("fk_watch_decisions_plan_id_watch_plans"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_watch_decisions_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_decisions")),
    )
    op.create_index(
        op.f("ix_watch_decisions_plan_id"), "watch_decisions", ["plan_id"], unique=False
    )

    op.create_table(
        "watch_pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reason IN ('hospital', 'facility', 'family', 'other')",
            name=op.f("ck_watch_pauses_reason"),
        ),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_watch_pauses_until_on")),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["watch_plans.id"],
            name=op.f("fk_watch_pauses_plan_id_watch_plans"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_watch_pauses_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_pauses")),
    )
    op.create_index(op.f("ix_watch_pauses_plan_id"), "watch_pauses", ["plan_id"], unique=False)

    op.create_table(
        "safety_signals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('alive', 'alarm')", name=op.f("ck_safety_signals_kind")),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["safety_devices.id"],
            name=op.f("fk_safety_signals_device_id_safety_devices"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_signals")),
        sa.UniqueConstraint("device_id", "at", name=op.f("uq_safety_signals_device_id_at")),
    )
    op.create_table(
        "concerns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("cause", sa.String(length=200), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL) AND (closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (outcome IS NULL) AND (closed_at IS NULL) = (found IS NULL)",
            name=op.f("ck_concerns_closed"),
        ),
        sa.CheckConstraint(
            "kind IN ('worry', 'no_contact', 'silence', 'alarm')", name=op.f("ck_concerns_kind")
        ),
        sa.CheckConstraint(
            "outcome IN ('met', 'spoke', 'heard', 'hospital', 'gone', 'died', 'mistake')",
            name=op.f("ck_concerns_outcome"),
        ),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_concerns_state")),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_ins.id"], name=op.f("fk_concerns_check_in_id_check_ins")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["users.id"], name=op.f("fk_concerns_closed_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["users.id"], name=op.f("fk_concerns_opened_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["watch_plans.id"], name=op.f("fk_concerns_plan_id_watch_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concerns")),
        sa.UniqueConstraint(
            "plan_id", "kind", "cause", name=op.f("uq_concerns_plan_id_kind_cause")
        ),
    )
    op.create_index(op.f("ix_concerns_check_in_id"), "concerns", ["check_in_id"], unique=False)
    op.create_index("ix_concerns_state", "concerns", ["state", "plan_id"], unique=False)

    op.create_table(
        "concern_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(40), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('again', 'emergency_contact', 'landlord', 'community_centre', 'police')",
            name=op.f("ck_concern_steps_kind"),
        ),
        sa.CheckConstraint(
            "result IN ('safe', 'helping', 'not_reached', 'skipped')",
            name=op.f("ck_concern_steps_result"),
        ),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by IS NULL) AND (done_at IS NULL) = (result IS NULL)",
            name=op.f("ck_concern_steps_done"),
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concerns.id"], name=op.f("fk_concern_steps_concern_id_concerns")
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["users.id"], name=op.f("fk_concern_steps_done_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_steps")),
        sa.UniqueConstraint(
            "concern_id", "position", name=op.f("uq_concern_steps_concern_id_position")
        ),
    )
    op.create_index(
        op.f("ix_concern_steps_concern_id"), "concern_steps", ["concern_id"], unique=False
    )


def _roles(codes: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{code}'" for code in codes)
    with op.batch_alter_table("role_memberships") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_role_memberships_role"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_role_memberships_role"), f"role IN ({listed})"
        )


def _ship_templates() -> None:
    columns = ("code", "kind", "name", "holiday", "source", "certainty")
    table = sa.table(
        "watch_templates",
        *(sa.column(name, sa.String()) for name in columns),
        *(sa.column(name, JSON) for name in ("first_days", "phases", "reviews", "ladder")),
        *(sa.column(name, sa.Integer()) for name in ("tolerance_days", "silent_hours")),
        sa.column("valid_from", sa.Date()),
        sa.column("daily_safety", sa.Boolean()),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    shared = {
        "valid_from": date(2000, 1, 1),  # so that every older plan has a version to follow
        "created_at": datetime(2026, 11, 28, tzinfo=UTC),
    }
    op.bulk_insert(table, [NOTHING | shared | one for one in SHIPPED])


def _extend_plans() -> None:
    with op.batch_alter_table("watch_plans") as batch_op:
        batch_op.add_column(sa.Column("template_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("emergency_contact", sa.String(200), nullable=True))
        batch_op.add_column(sa.Column("fee", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("terms", sa.String(200), nullable=True))
        batch_op.add_column(sa.Column("ended_as", sa.String(40), nullable=True))
    op.execute(
        "UPDATE watch_plans SET template_id ="
        " (SELECT id FROM watch_templates WHERE code = 'standard'), ends_on = COALESCE("
        "(SELECT max(due_on) FROM check_ins WHERE check_ins.plan_id = watch_plans.id"
        " AND due_on >= watch_plans.starts_on), starts_on)"
    )
    op.execute("UPDATE watch_plans SET ended_as = 'settled' WHERE ended_on IS NOT NULL")
    with op.batch_alter_table("watch_plans") as batch_op:
        batch_op.alter_column("template_id", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("ends_on", existing_type=sa.Date(), nullable=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_watch_plans_template_id_watch_templates"),
            "watch_templates",
            ["template_id"],
            ["id"],
        )
        for name, promise in PLAN_CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(name), promise)


PLAN_CHECKS = {
    "ck_watch_plans_ended_as": "ended_as IN ('settled', 'left')",
    "ck_watch_plans_ended": "(ended_on IS NULL) = (ended_as IS NULL)",
    "ck_watch_plans_ends_on": "ends_on >= starts_on",
    "ck_watch_plans_fee": "fee >= 0",
}
CHECK_IN_CHECKS = {
    "ck_check_ins_kind": "kind IN ('routine', 'review', 'return', 'extra')",
    "ck_check_ins_cancelled": "(state = 'cancelled') = (cancelled_in IS NOT NULL)",
    "ck_check_ins_escalate_on": "escalate_on > due_on",
}
CHANGES = (("added_in", "added"), ("cancelled_in", "cancelled"))
LIVE = sa.text("state <> 'cancelled'")


def _extend_check_ins() -> None:
    with op.batch_alter_table("check_ins") as batch_op:
        batch_op.add_column(sa.Column("planned_for", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("escalate_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("kind", sa.String(40), nullable=False, server_default="routine")
        )
        for column, _word in CHANGES:
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
    table = sa.table(
        "check_ins",
        sa.column("id", sa.Integer()),
        *(sa.column(name, sa.Date()) for name in ("due_on", "planned_for", "escalate_on")),
    )
    days = op.get_bind().execute(sa.select(table.c.due_on).distinct()).scalars().all()
    for day in days:
        op.execute(
            table.update()
            .where(table.c.due_on == day)
            .values(planned_for=day, escalate_on=day + timedelta(days=BORNE + 1))
        )
    op.execute("UPDATE check_ins SET kind = 'review' WHERE label LIKE '%振り返り'")
    _name_cancelling_changes()
    with op.batch_alter_table("check_ins") as batch_op:
        batch_op.alter_column("planned_for", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("escalate_on", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("kind", existing_type=sa.String(40), server_default=None)
        batch_op.drop_constraint(batch_op.f("uq_check_ins_plan_id_due_on"), type_="unique")
        batch_op.create_index("ix_check_ins_escalate", ["state", "escalate_on"])
        batch_op.create_index(
            "uq_check_ins_live",
            ["plan_id", "due_on"],
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        )
        for column, _word in CHANGES:
            batch_op.create_foreign_key(
                batch_op.f(f"fk_check_ins_{column}_watch_changes"),
                "watch_changes",
                [column],
                ["id"],
            )
        for name, promise in CHECK_IN_CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(name), promise)


def _name_cancelling_changes() -> None:
    """One that was cancelled before changes were kept names a change of its plan, by its maker."""
    op.execute(
        "INSERT INTO watch_changes"
        " (plan_id, kind, template_id, added, cancelled, user_id, created_at)"
        " SELECT p.id, 'template', p.template_id, 0, 0, COALESCE(p.assigned_to,"
        " (SELECT min(id) FROM users)), p.created_at FROM watch_plans p WHERE p.id IN"
        " (SELECT plan_id FROM check_ins WHERE state = 'cancelled')"
    )
    op.execute(
        "UPDATE check_ins SET cancelled_in = (SELECT min(c.id) FROM watch_changes c"
        " WHERE c.plan_id = check_ins.plan_id) WHERE state = 'cancelled'"
    )


RENT_WORDS = {"rent_paid": "paid", "rent_late": "late"}


def _attempts() -> sa.TableClause:
    return sa.table(
        "attempts",
        sa.column("id", sa.Integer()),
        sa.column("items", JSON),
        sa.column("rent", sa.String()),
    )


def _extend_attempts() -> None:
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.add_column(sa.Column("kinds", JSON, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("rent", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("corrects_id", sa.Integer(), nullable=True))
    table = _attempts()
    for row_id, items in op.get_bind().execute(sa.select(table.c.id, table.c["items"])).all():
        said = [RENT_WORDS[item] for item in items if item in RENT_WORDS]
        if said:
            rest = [item for item in items if item not in RENT_WORDS]
            op.execute(table.update().where(table.c.id == row_id).values(items=rest, rent=said[-1]))
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.alter_column("kinds", existing_type=JSON, server_default=None)
        batch_op.create_unique_constraint(batch_op.f("uq_attempts_corrects_id"), ["corrects_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_attempts_corrects_id_attempts"), "attempts", ["corrects_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_attempts_rent"), "rent IN ('paid', 'late', 'unpaid')"
        )


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
    unprotect("attempts")
    _shrink_attempts()
    for table in ("concern_steps", "concerns"):
        op.drop_table(table)
    _shrink_check_ins()
    with op.batch_alter_table("watch_plans") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_watch_plans_template_id_watch_templates"), type_="foreignkey"
        )
        for name in PLAN_CHECKS:
            batch_op.drop_constraint(batch_op.f(name), type_="check")
        for column in ("ended_as", "terms", "fee", "emergency_contact", "ends_on", "template_id"):
            batch_op.drop_column(column)
    for table in DROPPED:
        op.drop_table(table)
    op.execute(
        "UPDATE users SET active = false WHERE id IN"
        " (SELECT user_id FROM role_memberships WHERE role = 'device')"
    )
    op.execute("UPDATE role_memberships SET role = 'auditor' WHERE role = 'device'")
    _roles(OLD_ROLES)


DROPPED = (
    "safety_signals",
    "watch_pauses",
    "watch_decisions",
    "watch_changes",
    "watch_add_ons",
    "safety_devices",
    "safety_days",
    "link_ins",
    "watch_templates",
)


def _shrink_attempts() -> None:
    table = _attempts()
    words = {rent: item for item, rent in RENT_WORDS.items()} | {"unpaid": "rent_late"}
    rows = op.get_bind().execute(
        sa.select(table.c.id, table.c["items"], table.c.rent).where(table.c.rent.is_not(None))
    )
    for row_id, items, rent in rows.all():
        op.execute(table.update().where(table.c.id == row_id).values(items=[words[rent], *items]))
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_attempts_rent"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_attempts_corrects_id_attempts"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_attempts_corrects_id"), type_="unique")
        for column in ("corrects_id", "rent", "kinds"):
            batch_op.drop_column(column)


def _shrink_check_ins() -> None:
    _set_doubles_apart()
    with op.batch_alter_table("check_ins") as batch_op:
        for name in CHECK_IN_CHECKS:
            batch_op.drop_constraint(batch_op.f(name), type_="check")
        for column, _word in CHANGES:
            batch_op.drop_constraint(
                batch_op.f(f"fk_check_ins_{column}_watch_changes"), type_="foreignkey"
            )
        batch_op.drop_index("uq_check_ins_live")
        batch_op.drop_index("ix_check_ins_escalate")
        batch_op.create_unique_constraint(
            batch_op.f("uq_check_ins_plan_id_due_on"), ["plan_id", "due_on"]
        )
        for column in ("cancelled_in", "added_in", "kind", "escalate_on", "planned_for"):
            batch_op.drop_column(column)


def _set_doubles_apart() -> None:
    """Of two on one day the cancelled one keeps its day in its label and stands before the plan."""
    table = sa.table(
        "check_ins",
        *(sa.column(name, sa.Integer()) for name in ("id", "plan_id")),
        *(sa.column(name, sa.String()) for name in ("state", "label")),
        sa.column("due_on", sa.Date()),
    )
    order = (table.c.plan_id, table.c.state == "cancelled", table.c.due_on, table.c.id)
    rows = op.get_bind().execute(sa.select(table).order_by(*order)).all()
    taken: dict[int, set[date]] = {}
    for row in rows:
        days = taken.setdefault(row.plan_id, set())
        day = row.due_on if row.due_on not in days else min(days) - timedelta(days=1)
        days.add(day)
        if day != row.due_on:
            label = f"{row.label[:180]}（{row.due_on}）"
            op.execute(table.update().where(table.c.id == row.id).values(due_on=day, label=label))
