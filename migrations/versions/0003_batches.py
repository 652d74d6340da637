"""Batches: everybody with a housing need and every vacant home at once, their locks and approvals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "match_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("run_on", sa.Date(), nullable=False),
        sa.Column("rule_version", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("policy", sa.String(40), nullable=False),
        sa.Column("inputs", JSON, nullable=False),
        sa.Column("asked", JSON, nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("solved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("solved_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "policy IN ('priority', 'most', 'fit')", name=op.f("ck_match_batches_policy")
        ),
        sa.CheckConstraint("state IN ('working', 'ready')", name=op.f("ck_match_batches_state")),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name=op.f("fk_match_batches_job_id_jobs"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_match_batches_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["solved_by"], ["users.id"], name=op.f("fk_match_batches_solved_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_match_batches_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_batches")),
    )
    with op.batch_alter_table("match_batches", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_match_batches_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "match_batch_approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('held', 'taken', 'refused')", name=op.f("ck_match_batch_approvals_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["match_batches.id"],
            name=op.f("fk_match_batch_approvals_batch_id_match_batches"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_match_batch_approvals_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["home_id"], ["homes.id"], name=op.f("fk_match_batch_approvals_home_id_homes")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_match_batch_approvals_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_batch_approvals")),
    )
    with op.batch_alter_table("match_batch_approvals", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_match_batch_approvals_batch_id"), ["batch_id"], unique=False
        )

    op.create_table(
        "match_batch_cases",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["match_batches.id"],
            name=op.f("fk_match_batch_cases_batch_id_match_batches"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_match_batch_cases_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", "case_id", name=op.f("pk_match_batch_cases")),
    )
    with op.batch_alter_table("match_batch_cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_batch_cases_case_id"), ["case_id"], unique=False)

    op.create_table(
        "match_batch_locks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('fixed', 'never')", name=op.f("ck_match_batch_locks_kind")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_match_batch_locks_undone")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["match_batches.id"],
            name=op.f("fk_match_batch_locks_batch_id_match_batches"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_match_batch_locks_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["home_id"], ["homes.id"], name=op.f("fk_match_batch_locks_home_id_homes")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["users.id"], name=op.f("fk_match_batch_locks_made_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["users.id"], name=op.f("fk_match_batch_locks_undone_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_batch_locks")),
    )
    with op.batch_alter_table("match_batch_locks", schema=None) as batch_op:
        batch_op.create_index(
            "uq_match_batch_locks_case",
            ["batch_id", "case_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL AND kind = 'fixed'"),
            postgresql_where=sa.text("undone_at IS NULL AND kind = 'fixed'"),
        )
        batch_op.create_index(
            "uq_match_batch_locks_home",
            ["batch_id", "home_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL AND kind = 'fixed'"),
            postgresql_where=sa.text("undone_at IS NULL AND kind = 'fixed'"),
        )
        batch_op.create_index(
            "uq_match_batch_locks_pair",
            ["batch_id", "case_id", "home_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("match_batch_locks", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_match_batch_locks_pair",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_match_batch_locks_home",
            sqlite_where=sa.text("undone_at IS NULL AND kind = 'fixed'"),
            postgresql_where=sa.text("undone_at IS NULL AND kind = 'fixed'"),
        )
        batch_op.drop_index(
            "uq_match_batch_locks_case",
            sqlite_where=sa.text("undone_at IS NULL AND kind = 'fixed'"),
            postgresql_where=sa.text("undone_at IS NULL AND kind = 'fixed'"),
        )

    op.drop_table("match_batch_locks")
    with op.batch_alter_table("match_batch_cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_batch_cases_case_id"))

    op.drop_table("match_batch_cases")
    with op.batch_alter_table("match_batch_approvals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_batch_approvals_batch_id"))

    op.drop_table("match_batch_approvals")
    with op.batch_alter_table("match_batches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_batches_organisation_id"))

    op.drop_table("match_batches")
