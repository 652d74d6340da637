"""Visits handed to somebody else or to another day; donors and drives of lots put right; letters.

Letters of thanks printed before this are known to the audit log without their period: they are
taken over without one, so that a correction of the donor can name them. Going back, visits are
again their plan's person's on their planned day, and a lot keeps the donor it has now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

OUTCOMES = (
    "moved", "only_person", "done", "withdrawn", "moved_first", "not_theirs", "promised", "same",
)  # fmt: skip


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
        )
        for column, other in columns.items()
    ]


def upgrade() -> None:
    _make_moves()
    with op.batch_alter_table("check_ins") as batch_op:
        batch_op.add_column(sa.Column("visitor_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("visit_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("moved_in", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_check_ins_visitor_id_users"), "users", ["visitor_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_check_ins_moved_in_visit_moves"), "visit_moves", ["moved_in"], ["id"]
        )
        batch_op.create_index("ix_check_ins_visit_on", ["state", "visit_on"])
    _make_origins()
    _make_letters()


def _make_moves() -> None:
    op.create_table(
        "visit_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=True),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("why", sa.String(200), nullable=True),
        sa.Column("unseen", sa.Integer(), nullable=False),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("unseen >= 0", name=op.f("ck_visit_moves_unseen")),
        *_keys("visit_moves", user_id="users", visitor_id="users", undoes_id="visit_moves"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_moves")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_visit_moves_undoes_id")),
    )
    table = "visit_move_lines"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("move_id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("from_visitor_id", sa.Integer(), nullable=True),
        sa.Column("to_visitor_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            f"outcome IN ({', '.join(repr(code) for code in OUTCOMES)})",
            name=op.f(f"ck_{table}_outcome"),
        ),
        *_keys(table, move_id="visit_moves", from_visitor_id="users", to_visitor_id="users"),
        sa.ForeignKeyConstraint(
            ["check_in_id"],
            ["check_ins.id"],
            name=op.f(f"fk_{table}_check_in_id_check_ins"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("move_id", "check_in_id", name=op.f(f"uq_{table}_move_id_check_in_id")),
    )
    op.create_index(op.f(f"ix_{table}_check_in_id"), table, ["check_in_id"])


def _make_origins() -> None:
    table = "origin_corrections"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("from_donor_id", sa.Integer(), nullable=True),
        sa.Column("to_donor_id", sa.Integer(), nullable=True),
        sa.Column("from_drive_id", sa.Integer(), nullable=True),
        sa.Column("to_drive_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *_keys(
            table,
            lot_id="lots",
            from_donor_id="partners",
            to_donor_id="partners",
            from_drive_id="food_drives",
            to_drive_id="food_drives",
            user_id="users",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_lot_id"), table, ["lot_id"])
    op.create_index(op.f(f"ix_{table}_from_donor_id"), table, ["from_donor_id"])
    op.create_index(op.f(f"ix_{table}_from_drive_id"), table, ["from_drive_id"])
    _protect(table)


def _protect(table: str) -> None:
    """What somebody was written down to have given stays written: rows only ever come."""
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


def _unprotect(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{verb}")
        return
    op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute(f"DROP FUNCTION {table}_append_only()")


def _make_letters() -> None:
    table = "donor_letters"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(starts_on IS NULL) = (ends_on IS NULL)", name=op.f(f"ck_{table}_period")
        ),
        *_keys(table, organisation_id="organisations", donor_id="partners", user_id="users"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_donor_id"), table, ["donor_id"])
    op.execute(
        "INSERT INTO donor_letters (organisation_id, donor_id, user_id, created_at)"
        " SELECT a.organisation_id, a.record_id, a.user_id, a.created_at FROM audit_entries a"
        " JOIN organisations o ON o.id = a.organisation_id JOIN partners p ON p.id = a.record_id"
        " JOIN users u ON u.id = a.user_id"
        " WHERE a.deed = 'printed' AND a.record_kind = 'partner'"
        " AND CAST(a.fields AS TEXT) LIKE '%\"letter\"%' ORDER BY a.id"
    )


def downgrade() -> None:
    op.drop_table("donor_letters")
    _unprotect("origin_corrections")
    op.drop_table("origin_corrections")
    with op.batch_alter_table("check_ins") as batch_op:
        batch_op.drop_index("ix_check_ins_visit_on")
        batch_op.drop_constraint(
            batch_op.f("fk_check_ins_moved_in_visit_moves"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("fk_check_ins_visitor_id_users"), type_="foreignkey")
        batch_op.drop_column("moved_in")
        batch_op.drop_column("visit_on")
        batch_op.drop_column("visitor_id")
    op.drop_table("visit_move_lines")
    op.drop_table("visit_moves")
