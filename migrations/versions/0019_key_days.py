"""What is to be done around the key date: a plan per placement, its tasks, and templates."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COUNTED_FROM = "counted_from IN ('keys', 'move_in')"
DOER = (
    "doer IN ('household', 'consultant', 'housing', 'foodbank', 'followup', 'landlord', "
    "'welfare_office', 'partner', 'colleague')"
)
APPLIES = (
    "applies IN ('always', 'welfare', 'school_child', 'infant', 'child', 'elder', "
    "'national_insurance', 'foreigner', 'pet', 'protected', 'not_protected')"
)
OFFSET = "offset_days BETWEEN -400 AND 400"
PARTNER = "(doer = 'partner') = (partner_name IS NOT NULL)"


def _said() -> list[sa.Column]:
    """The columns a task has from its template's line."""
    return [
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("explanation", sa.String(1000), nullable=True),
        sa.Column("counted_from", sa.String(40), nullable=False),
        sa.Column("offset_days", sa.Integer(), nullable=False),
        sa.Column("doer", sa.String(40), nullable=False),
        sa.Column("partner_name", sa.String(200), nullable=True),
        sa.Column("applies", sa.String(40), nullable=False),
        sa.Column("basis", sa.String(200), nullable=True),
        sa.Column("certain", sa.Boolean(), nullable=False),
    ]


def _checks(table: str) -> list[sa.CheckConstraint]:
    checks = {
        "counted_from": COUNTED_FROM,
        "doer": DOER,
        "applies": APPLIES,
        "offset_days": OFFSET,
        "partner_name": PARTNER,
    }
    return [sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{n}")) for n, rule in checks.items()]


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def upgrade() -> None:
    op.create_table(
        "key_day_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _to("key_day_templates", "organisation_id", "organisations"),
        _to("key_day_templates", "made_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_day_templates")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_key_day_templates_organisation_id")),
    )
    table = "key_day_template_lines"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        *_said(),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_checks(table),
        _to(table, "template_id", "key_day_templates"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("template_id", "code", name=op.f(f"uq_{table}_template_id_code")),
    )
    op.create_table(
        "key_day_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _to("key_day_plans", "placement_id", "placements"),
        _to("key_day_plans", "organisation_id", "organisations"),
        _to("key_day_plans", "made_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_day_plans")),
        sa.UniqueConstraint("placement_id", name=op.f("uq_key_day_plans_placement_id")),
    )
    _tasks("key_day_tasks")


def _tasks(table: str) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=True),
        *_said(),
        sa.Column("fixed_on", sa.Date(), nullable=True),
        sa.Column("colleague_id", sa.Integer(), nullable=True),
        sa.Column("to_ask", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("kept_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(200), nullable=True),
        sa.Column("note", sa.String(1000), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_checks(table),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'not_needed')", name=op.f(f"ck_{table}_state")
        ),
        sa.CheckConstraint(
            "(doer = 'colleague') = (colleague_id IS NOT NULL)", name=op.f(f"ck_{table}_colleague")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL) AND (state = 'open') = (closed_by IS NULL)",
            name=op.f(f"ck_{table}_closed"),
        ),
        sa.CheckConstraint(
            "(state = 'done') = (done_on IS NOT NULL)", name=op.f(f"ck_{table}_done_on")
        ),
        sa.CheckConstraint(
            "(state = 'not_needed') = (reason IS NOT NULL)", name=op.f(f"ck_{table}_reason")
        ),
        sa.CheckConstraint("state <> 'open' OR kept_on IS NULL", name=op.f(f"ck_{table}_kept_on")),
        _to(table, "plan_id", "key_day_plans"),
        _to(table, "colleague_id", "users"),
        _to(table, "closed_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("plan_id", "code", name=op.f(f"uq_{table}_plan_id_code")),
    )
    op.create_index(op.f(f"ix_{table}_colleague_id"), table, ["colleague_id"])


def downgrade() -> None:
    for table in ("key_day_tasks", "key_day_plans", "key_day_template_lines", "key_day_templates"):
        op.drop_table(table)
