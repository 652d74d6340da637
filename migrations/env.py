"""How migrations run: one explicit transaction, foreign keys off on SQLite, rows counted.

SQLite changes a table by copying it and dropping the old one; with foreign keys on, the drop would
cascade and silently delete children. So they are off before the transaction begins, every table's
rows are counted before and after, and foreign keys are checked before the commit.
"""

import os

import sqlalchemy as sa
from alembic import context

from app.config import from_environment
from app.db import CodeType, UtcDateTime, writing
from app.models import Base

target_metadata = Base.metadata


class RowsLostError(RuntimeError):
    """A migration would have changed how many rows a surviving table holds."""


def _engine() -> sa.Engine:
    settings = context.config.attributes.get("engine_settings")
    if settings is None:
        settings = from_environment(os.environ)["SQLALCHEMY_ENGINES"]["default"]
    options = {k: v for k, v in settings.items() if k not in {"pool_size", "max_overflow"}}
    return sa.create_engine(poolclass=sa.NullPool, **options)  # type: ignore[call-overload]


def _row_counts(connection: sa.Connection) -> dict[str, int]:
    names = [n for n in sa.inspect(connection).get_table_names() if n != "alembic_version"]
    counts = {}
    for name in names:
        table = sa.table(name)
        counts[name] = connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
    return counts


def _render(kind: str, item: object, _autogen: object) -> str | bool:
    """Write our column types as the plain types they are, so that migrations import no model."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, CodeType):
        return "sa.String(40)"
    if isinstance(item, sa.JSON):
        return "JSON"
    return False


def run() -> None:
    """Run the requested migrations in one transaction."""
    engine = _engine()
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # A pragma has no effect inside a transaction, so it goes to the driver directly.
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        with writing(), connection.begin():
            before = _row_counts(connection)
            context.configure(
                connection=connection,
                target_metadata=target_metadata,
                render_as_batch=sqlite,
                compare_type=True,
                render_item=_render,
                transaction_per_migration=False,
            )
            context.run_migrations()
            after = _row_counts(connection)
            _compare(before, after)
            if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RowsLostError("a row refers to one that is gone")
    engine.dispose()


def _compare(before: dict[str, int], after: dict[str, int]) -> None:
    for name, count in before.items():
        if name in after and after[name] < count:
            raise RowsLostError(f"{name}: {count} rows before, {after[name]} after")


run()
