"""What single conditions kept out of each run, filled in from the answers that were kept.

The answers stay as they are, so going back loses nothing.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BATCH = 200
OF_A_GROUP = "accepts"

RUNS = sa.table(
    "match_runs",
    sa.column("id", sa.Integer()),
    sa.column("result", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
)


def upgrade() -> None:
    misses = op.create_table(
        "run_misses",
        sa.Column("run_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("condition", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("homes", sa.Integer(), nullable=False),
        sa.CheckConstraint("homes > 0", name=op.f("ck_run_misses_homes")),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["match_runs.id"],
            name=op.f("fk_run_misses_run_id_match_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "condition", "subject", name=op.f("pk_run_misses")),
    )
    for runs in _batches():
        rows = [row for run_id, result in runs for row in _rows(run_id, result)]
        if rows:
            op.get_bind().execute(misses.insert(), rows)


def _batches() -> Iterator[Sequence[Any]]:
    """The runs in steps: all answers together would not fit into a small machine."""
    last = 0
    while True:
        runs = (
            op.get_bind()
            .execute(
                sa.select(RUNS.c.id, RUNS.c.result)
                .where(RUNS.c.id > last)
                .order_by(RUNS.c.id)
                .limit(BATCH)
            )
            .all()
        )
        if not runs:
            return
        yield runs
        last = runs[-1].id


def _rows(run_id: int, result: Any) -> Iterator[dict[str, Any]]:
    """Rows of one answer; one of older rules that does not say is left without."""
    found: Counter[tuple[str, str]] = Counter()
    for count in (result or {}).get("failures") or ():
        failure = count["failure"]
        key = failure["key"]
        found[key, failure.get("subject", "") if key == OF_A_GROUP else ""] += count["only"]
    for (condition, subject), homes in found.items():
        if homes:
            yield {"run_id": run_id, "condition": condition, "subject": subject, "homes": homes}


def downgrade() -> None:
    op.drop_table("run_misses")
