"""What was seen of lots when they came in and were handed over; recalls, evidence, who sorts.

Going back, whoever sorted is switched off: the older code knows no role so narrow.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CONDITIONS = "IN ('good', 'outer', 'dented', 'unfit')"
RECEIPT = ("maker", "lot_code", "weight_kg", "temperature", "condition", "checks", "checked_by")


def upgrade() -> None:
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.add_column(sa.Column("maker", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("lot_code", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("weight_kg", sa.Numeric(10, 3), nullable=True))
        batch_op.add_column(sa.Column("temperature", sa.Numeric(4, 1), nullable=True))
        batch_op.add_column(sa.Column("condition", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("checks", JSON, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("checked_by", sa.String(length=200), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_lots_condition"), f"condition {CONDITIONS}")
        batch_op.create_check_constraint(batch_op.f("ck_lots_weight_kg"), "weight_kg > 0")
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.alter_column("checks", server_default=None)
    with op.batch_alter_table("parcel_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("condition_seen", sa.String(40), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_parcel_lines_condition_seen"), f"condition_seen {CONDITIONS}"
        )
    _recalls()
    _evidence()
    _roles(ROLES)
    for table in NEVER_CHANGED:
        protect(table)


def _recalls() -> None:
    op.create_table(
        "recalls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("danger", sa.String(length=1000), nullable=True),
        sa.Column("advice", sa.String(length=1000), nullable=True),
        sa.Column("criteria", JSON, nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_recalls_closed")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'cancelled') OR confirmed_at IS NOT NULL",
            name=op.f("ck_recalls_confirmed"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'closed', 'cancelled')", name=op.f("ck_recalls_state")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_recalls_closed_by")
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_recalls_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["users.id"], name=op.f("fk_recalls_closed_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["users.id"], name=op.f("fk_recalls_confirmed_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_recalls_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["started_by"], ["users.id"], name=op.f("fk_recalls_started_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recalls")),
        sa.UniqueConstraint("number", name=op.f("uq_recalls_number")),
    )
    op.create_index(
        op.f("ix_recalls_organisation_id"), "recalls", ["organisation_id"], unique=False
    )
    op.create_table(
        "recall_told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recall_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("how", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_recall_told_partner_id_partners")
        ),
        sa.ForeignKeyConstraint(
            ["recall_id"], ["recalls.id"], name=op.f("fk_recall_told_recall_id_recalls")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_recall_told_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_told")),
    )
    op.create_index(op.f("ix_recall_told_recall_id"), "recall_told", ["recall_id"], unique=False)
    op.create_table(
        "recall_lots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recall_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("state_before", sa.String(40), nullable=False),
        sa.Column("on_shelf", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state_before IN ('offerable', 'question', 'past', 'held', 'recalled', 'disposed')",
            name=op.f("ck_recall_lots_state_before"),
        ),
        sa.CheckConstraint("on_shelf >= 0", name=op.f("ck_recall_lots_on_shelf")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_recall_lots_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["recall_id"], ["recalls.id"], name=op.f("fk_recall_lots_recall_id_recalls")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_lots")),
        sa.UniqueConstraint("recall_id", "lot_id", name=op.f("uq_recall_lots_recall_id_lot_id")),
    )
    op.create_index(op.f("ix_recall_lots_lot_id"), "recall_lots", ["lot_id"], unique=False)
    op.create_index(op.f("ix_recall_lots_recall_id"), "recall_lots", ["recall_id"], unique=False)
    op.create_table(
        "recall_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recall_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'trying', 'passed_on', 'told')",
            name=op.f("ck_recall_people_state"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_recall_people_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["recall_id"], ["recalls.id"], name=op.f("fk_recall_people_recall_id_recalls")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["food_requests.id"],
            name=op.f("fk_recall_people_request_id_food_requests"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_people")),
        sa.UniqueConstraint(
            "recall_id", "request_id", name=op.f("uq_recall_people_recall_id_request_id")
        ),
    )
    op.create_index(op.f("ix_recall_people_case_id"), "recall_people", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_recall_people_recall_id"), "recall_people", ["recall_id"], unique=False
    )
    op.create_index(
        "uq_recall_people_case",
        "recall_people",
        ["recall_id", "case_id"],
        unique=True,
        sqlite_where=sa.text("case_id IS NOT NULL"),
        postgresql_where=sa.text("case_id IS NOT NULL"),
    )
    op.create_table(
        "recall_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.String(40), nullable=False),
        sa.Column("food", sa.String(40), nullable=True),
        sa.Column("unwell", sa.String(40), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("takes_back_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(result = 'taken_back') = (takes_back_id IS NOT NULL)",
            name=op.f("ck_recall_attempts_takes_back"),
        ),
        sa.CheckConstraint(
            "food IN ('kept', 'returned', 'thrown_away', 'eaten', 'given_on', 'unknown')",
            name=op.f("ck_recall_attempts_food"),
        ),
        sa.CheckConstraint(
            "result IN ('spoke', 'met', 'absent', 'message', 'letter', 'wrong_number', 'to_desk', 'taken_back')",
            name=op.f("ck_recall_attempts_result"),
        ),
        sa.CheckConstraint(
            "unwell IN ('yes', 'no', 'unknown')", name=op.f("ck_recall_attempts_unwell")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["recall_people.id"],
            name=op.f("fk_recall_attempts_person_id_recall_people"),
        ),
        sa.ForeignKeyConstraint(
            ["takes_back_id"],
            ["recall_attempts.id"],
            name=op.f("fk_recall_attempts_takes_back_id_recall_attempts"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_recall_attempts_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_attempts")),
        sa.UniqueConstraint("takes_back_id", name=op.f("uq_recall_attempts_takes_back_id")),
    )
    op.create_index(
        op.f("ix_recall_attempts_person_id"), "recall_attempts", ["person_id"], unique=False
    )
    op.create_table(
        "recall_portions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recall_id", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_recall_portions_quantity")),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["lots.id"], name=op.f("fk_recall_portions_lot_id_lots")
        ),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["parcels.id"], name=op.f("fk_recall_portions_parcel_id_parcels")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["recall_people.id"],
            name=op.f("fk_recall_portions_person_id_recall_people"),
        ),
        sa.ForeignKeyConstraint(
            ["recall_id"], ["recalls.id"], name=op.f("fk_recall_portions_recall_id_recalls")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_portions")),
        sa.UniqueConstraint(
            "recall_id",
            "parcel_id",
            "lot_id",
            name=op.f("uq_recall_portions_recall_id_parcel_id_lot_id"),
        ),
    )
    op.create_index(
        op.f("ix_recall_portions_parcel_id"), "recall_portions", ["parcel_id"], unique=False
    )
    op.create_index(
        op.f("ix_recall_portions_person_id"), "recall_portions", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_recall_portions_recall_id"), "recall_portions", ["recall_id"], unique=False
    )


def _evidence() -> None:
    op.create_table(
        "evidence_packs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(content IS NULL) = (made_at IS NULL)", name=op.f("ck_evidence_packs_made")
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_evidence_packs_period")),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name=op.f("fk_evidence_packs_job_id_jobs")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_evidence_packs_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_evidence_packs_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_packs")),
    )
    op.create_index(
        op.f("ix_evidence_packs_organisation_id"),
        "evidence_packs",
        ["organisation_id"],
        unique=False,
    )


OLD_ROLES = (
    "consultant", "housing", "foodbank", "followup", "org_admin", "auditor", "sysadmin",
)  # fmt: skip
ROLES = (*OLD_ROLES, "sorter")


def _roles(codes: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{code}'" for code in codes)
    with op.batch_alter_table("role_memberships", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_role_memberships_role"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_role_memberships_role"), f"role IN ({listed})"
        )


# Tables whose rows the database refuses to change or delete: what was said stays written.
NEVER_CHANGED = ("recall_attempts", "recall_told")
RECALL_TABLES = (
    "recall_attempts", "recall_portions", "recall_people", "recall_told", "recall_lots", "recalls",
)  # fmt: skip


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
    op.execute(
        "UPDATE users SET active = false WHERE id IN"
        " (SELECT user_id FROM role_memberships WHERE role = 'sorter')"
    )
    op.execute("UPDATE role_memberships SET role = 'auditor' WHERE role = 'sorter'")
    _roles(OLD_ROLES)
    op.drop_table("evidence_packs")
    for table in NEVER_CHANGED:
        unprotect(table)
    for table in RECALL_TABLES:
        op.drop_table(table)
    with op.batch_alter_table("parcel_lines", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_parcel_lines_condition_seen"), type_="check")
        batch_op.drop_column("condition_seen")
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_lots_weight_kg"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_lots_condition"), type_="check")
        for name in reversed(RECEIPT):
            batch_op.drop_column(name)
