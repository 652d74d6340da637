"""The database: one declarative base, column types used everywhere, and how transactions begin.

SQLite is the embedded default. Its driver would open transactions late and upgrade them from
reading to writing, which is where two clerks lose an update; so every transaction that may write
says BEGIN IMMEDIATE. PostgreSQL takes the same models and the same tests.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import has_request_context, request
from flask_sqlalchemy_lite import SQLAlchemy
from pysqlite3 import dbapi2 as sqlite3
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

JAPAN = ZoneInfo("Asia/Tokyo")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def now() -> datetime:
    """The present moment, aware, UTC, to the microsecond."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in Japan. Views and commands take it here; everything below gets it passed."""
    return datetime.now(JAPAN).date()


def moment_on(day: date, clock: time = time()) -> datetime:
    """A day's moment in Japan, aware; without a time of day its beginning."""
    return datetime.combine(day, clock, tzinfo=JAPAN)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment. SQLite keeps no zone, so it is put back on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CodeType(TypeDecorator[StrEnum]):
    """A StrEnum stored by its value, as text that a stranger can read in the table."""

    impl = sa.String(40)
    cache_ok = True

    def __init__(self, codes: type[StrEnum]) -> None:
        super().__init__()
        self.codes = codes

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.codes(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.codes(value)


JsonType = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

# Annotated column types: a model says what a column is, not how it is stored.
Id = Annotated[int, mapped_column(primary_key=True)]
Moment = Annotated[datetime, mapped_column(UtcDateTime())]
Day = Annotated[date, mapped_column(sa.Date())]
Name = Annotated[str, mapped_column(sa.String(200))]
Code = Annotated[str, mapped_column(sa.String(40))]
Sentence = Annotated[str, mapped_column(sa.String(1000))]
Text = Annotated[str, mapped_column(sa.Text())]
Yen = Annotated[int, mapped_column(sa.Integer())]
Json = Annotated[dict[str, Any], mapped_column(JsonType)]
JsonList = Annotated[list[Any], mapped_column(JsonType)]


class Base(DeclarativeBase):
    """Every model's base; constraint names are given by rule so migrations can name them."""

    metadata = sa.MetaData(naming_convention=NAMING)


def code_column(codes: type[StrEnum], **options: Any) -> Any:
    """A column that holds one code of `codes`."""
    return mapped_column(CodeType(codes), **options)


def in_codes(column: str, codes: type[StrEnum]) -> sa.CheckConstraint:
    """The database's own promise that `column` holds one of `codes`."""
    listed = ", ".join(f"'{code.value}'" for code in codes)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


class Timestamps:
    """When a row was written. `created_at` never changes after that."""

    created_at: Mapped[Moment] = mapped_column(default=now)


class Versioned:
    """A row two people may edit: the form carries `version`, a stale write is refused (409)."""

    @declared_attr
    def version(cls) -> Mapped[int]:
        return mapped_column(sa.Integer(), nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


db = SQLAlchemy(session_options={"expire_on_commit": False})


def how_many(session: Session, statement: sa.Select[Any]) -> int:
    """How many rows a statement finds."""
    one = sa.literal(1).label("one")
    counted = statement.with_only_columns(one, maintain_column_froms=True).order_by(None).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(counted)) or 0


def insert_or_update(session: Session, model: type["Base"]) -> Any:
    """An INSERT that can say ON CONFLICT; both databases can, each in a dialect of its own."""
    ours = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return ours.insert(model)


def rows_changed(result: sa.Result[Any]) -> int:
    """How many rows an UPDATE or DELETE reached: the answer of a guarded change."""
    count: int = result.rowcount  # type: ignore[attr-defined]
    return count


# ---------------------------------------------------------------------------------- engines


class UnsafeSqliteError(RuntimeError):
    """The SQLite library at hand can corrupt a database in WAL mode."""


# Two connections checkpointing at once could lose pages; fixed in these and all later releases.
_FIXED_LINES = {(3, 44): 6, (3, 50): 7}
_FIXED_FROM = (3, 51, 3)


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite release has the fix for the WAL checkpoint fault."""
    if version >= _FIXED_FROM:
        return True
    patch = _FIXED_LINES.get(version[:2])
    return patch is not None and version[2] >= patch


def engine_settings(url: str) -> dict[str, Any]:
    """Engine options for a database URL; the drivers are ours to choose, not the URL's."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if not wal_is_safe(sqlite3.sqlite_version_info):
            raise UnsafeSqliteError(
                f"SQLite {sqlite3.sqlite_version} is not safe in WAL mode; use 3.51.3 or later"
            )
        return {
            "url": parsed.set(drivername="sqlite+pysqlite"),
            "module": sqlite3,
            "connect_args": {"isolation_level": None, "timeout": 30},
            "hide_parameters": True,  # an error text must not carry what somebody typed
            "pool_size": 20,
            "max_overflow": 40,
        }
    return {
        "url": parsed.set(drivername="postgresql+psycopg"),
        "pool_pre_ping": True,
        "hide_parameters": True,
        "isolation_level": "READ COMMITTED",
        "pool_size": 10,
        "max_overflow": 30,
    }


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """The settings that the database's promises rest on; they last as long as the connection."""
    if not isinstance(connection, sqlite3.Connection):
        return
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "busy_timeout=30000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


_intent: ContextVar[bool | None] = ContextVar("database_intent", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read, so that they never queue behind a writer."""
    token = _intent.set(False)
    try:
        yield
    finally:
        _intent.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside may write, even while a page is only being read."""
    token = _intent.set(True)
    try:
        yield
    finally:
        _intent.reset(token)


def _will_write() -> bool:
    stated = _intent.get()
    if stated is not None:
        return stated
    return not (has_request_context() and request.method in SAFE_METHODS)


@event.listens_for(Engine, "begin")
def _begin(connection: sa.Connection) -> None:
    """Take SQLite's write lock at the start, not at the first write, so nothing read is stale."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _will_write() else "BEGIN")


@contextmanager
def separate_session(*, write: bool) -> Iterator[Session]:
    """A short transaction of its own beside the request's, committed when the block ends.

    For what must stand whatever becomes of the request: sign-in attempts, the record that
    somebody looked at a case, the browser session itself.
    """
    with writing() if write else reading(), db.sessionmaker() as session, session.begin():
        yield session
