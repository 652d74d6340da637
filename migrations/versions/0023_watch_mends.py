"""Silence a later contact answered, days that only set the clock, visits that came late.

A day that was called safe only because a concern was closed as a mistake becomes a mark of the
clock. Going back, what a later contact answered is due again, and a concern closed by it reads as
word from others.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, timezone

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
JAPAN = timezone(timedelta(hours=9))

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

STATES = ("due", "met", "cancelled")
OUTCOMES = ("met", "spoke", "heard", "hospital", "gone", "died", "mistake")
COVERED = "(state = 'covered') = (answered_by IS NOT NULL)"
RESULTS = ("met", "spoke", "absent", "no_answer", "worrying")


def _in(column: str, codes: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(code) for code in codes)})"


def _codes(table: str, column: str, codes: tuple[str, ...]) -> None:
    with op.batch_alter_table(table) as batch_op:
        name = batch_op.f(f"ck_{table}_{column}")
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, _in(column, codes))


def upgrade() -> None:
    with op.batch_alter_table("check_ins") as batch_op:
        batch_op.add_column(sa.Column("answered_by", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_check_ins_state"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_check_ins_state"), _in("state", ("due", "met", "covered", "cancelled"))
        )
        batch_op.create_check_constraint(batch_op.f("ck_check_ins_answered_by"), COVERED)
        batch_op.create_foreign_key(
            batch_op.f("fk_check_ins_answered_by_check_ins"), "check_ins", ["answered_by"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_check_ins_answered_by"), ["answered_by"])
    _codes("concerns", "outcome", (*OUTCOMES[:2], "later", *OUTCOMES[2:]))
    with op.batch_alter_table("safety_days") as batch_op:
        batch_op.add_column(
            sa.Column("only_clock", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    for plan_id, day in list(_only_mistakes()):
        op.execute(
            DAYS.update()
            .where(DAYS.c.plan_id == plan_id, DAYS.c.day == day)
            .values(only_clock=True)
        )
    with op.batch_alter_table("safety_days") as batch_op:
        batch_op.alter_column("only_clock", existing_type=sa.Boolean(), server_default=None)
    _make_late_visits()


DAYS = sa.table(
    "safety_days",
    sa.column("plan_id", sa.Integer()),
    sa.column("day", sa.Date()),
    sa.column("last_at", sa.DateTime(timezone=True)),
    sa.column("only_clock", sa.Boolean()),
)
HELD = sa.text(
    "SELECT 1 FROM attempts a JOIN check_ins c ON c.id = a.check_in_id"
    " WHERE c.plan_id = :plan_id AND a.at >= :begin AND a.at < :end"
    " AND a.result IN ('met', 'spoke', 'worrying')"
    " AND NOT EXISTS (SELECT 1 FROM attempts l WHERE l.corrects_id = a.id)"
    " UNION ALL SELECT 1 FROM concerns WHERE plan_id = :plan_id"
    " AND closed_at >= :begin AND closed_at < :end AND outcome NOT IN ('died', 'mistake')"
    " UNION ALL SELECT 1 FROM safety_signals s JOIN safety_devices d ON d.id = s.device_id"
    " WHERE d.plan_id = :plan_id AND s.at >= :begin AND s.at < :end AND s.kind = 'alive'"
).bindparams(
    sa.bindparam("begin", type_=sa.DateTime(timezone=True)),
    sa.bindparam("end", type_=sa.DateTime(timezone=True)),
)


def _only_mistakes() -> Iterator[tuple[int, object]]:
    """Days with a concern closed as a mistake and nothing else that would make them safe."""
    closed = sa.text(
        "SELECT DISTINCT d.plan_id AS plan_id, d.day AS day FROM safety_days d JOIN concerns c"
        " ON c.plan_id = d.plan_id AND c.closed_at = d.last_at AND c.outcome = 'mistake'"
    ).columns(sa.column("plan_id", sa.Integer()), sa.column("day", sa.Date()))
    bind = op.get_bind()
    for plan_id, day in bind.execute(closed).all():
        begin = datetime.combine(day, time(), tzinfo=JAPAN).astimezone(UTC)
        span = {"plan_id": plan_id, "begin": begin, "end": begin + timedelta(days=1)}
        if bind.execute(HELD, span).first() is None:
            yield plan_id, day


def _make_late_visits() -> None:
    table = "late_visits"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.String(40), nullable=False),
        sa.Column("kinds", JSON, nullable=False),
        sa.Column("rent", sa.String(40), nullable=True),
        sa.Column("items", JSON, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("linked_to", sa.String(200), nullable=True),
        sa.Column("trouble", sa.String(40), nullable=False),
        sa.Column("settlement", sa.String(40), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))
            for name, rule in {
                "result": _in("result", RESULTS),
                "rent": _in("rent", ("paid", "late", "unpaid")),
                "trouble": _in("trouble", ("recorded", "cancelled", "ended")),
                "settlement": _in("settlement", ("kept", "left")),
                "settled_at": "(settlement IS NULL) = (settled_at IS NULL)",
                "settled_by": "(settlement IS NULL) = (settled_by IS NULL)",
            }.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
            )
            for column, other in (
                ("check_in_id", "check_ins"), ("user_id", "users"), ("settled_by", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "check_in_id", "user_id", "happened_at",
            name=op.f(f"uq_{table}_check_in_id_user_id_happened_at"),
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("late_visits")
    with op.batch_alter_table("safety_days") as batch_op:
        batch_op.drop_column("only_clock")
    op.execute("UPDATE concerns SET outcome = 'heard' WHERE outcome = 'later'")
    _codes("concerns", "outcome", OUTCOMES)
    op.execute("UPDATE check_ins SET state = 'due', answered_by = NULL WHERE state = 'covered'")
    with op.batch_alter_table("check_ins") as batch_op:
        batch_op.drop_index(batch_op.f("ix_check_ins_answered_by"))
        batch_op.drop_constraint(
            batch_op.f("fk_check_ins_answered_by_check_ins"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("ck_check_ins_answered_by"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_check_ins_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_check_ins_state"), _in("state", STATES))
        batch_op.drop_column("answered_by")
