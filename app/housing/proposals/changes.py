"""What changed about homes since when: the revision counter that the database's triggers write.

A mark stands for a moment: everything noted from the mark on may have changed since.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db import now, rows_changed
from app.housing.models import HomeChange

EVERY_HOME = 0
KEPT_FOR = timedelta(days=3)


def _on_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def position(session: Session) -> tuple[int, int | None]:
    """The mark of what this transaction sees, and where what it cannot see yet begins.

    On PostgreSQL a transaction that is still running may note changes below those already
    committed, so the mark is the oldest one running. Numbers from above the newest one come from
    another server's counter, by way of a restored database, and are passed over.
    """
    connection = session.connection()
    if _on_postgresql(session):
        oldest, newest = connection.exec_driver_sql(_RUNNING).one()
        return oldest, newest
    return int(connection.exec_driver_sql(_HIGHEST).scalar() or 0) + 1, None


_HIGHEST = "SELECT max(revision) FROM home_changes"
_RUNNING = (
    "SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint),"
    " CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint)"
)


def changed_since(session: Session, mark: int, end: int | None) -> set[int]:
    """The homes with changes noted from `mark` on; `EVERY_HOME` among them stands for all."""
    asked = f"SELECT DISTINCT home_id FROM home_changes WHERE revision >= {int(mark)}"  # noqa: S608
    if end is not None:
        asked += f" AND revision < {int(end)}"
    return {row[0] for row in session.connection().exec_driver_sql(asked)}


def counts_on(session: Session, mark: int, at: datetime) -> bool:
    """Whether revisions have counted on since `at`, when `mark` was current.

    A database put back on another PostgreSQL server begins to count anew there: changes noted
    later then have lower numbers, and a mark of before says nothing.
    """
    turned = sa.select(HomeChange.revision).where(HomeChange.at > at, HomeChange.revision < mark)
    return session.scalar(turned.limit(1)) is None


def note_every_home(session: Session, *, above: int = 0) -> None:
    """Have every process read all homes again, as after a database was put back.

    `above` is the highest revision a process may have seen; PostgreSQL counts on by itself.
    """
    if _on_postgresql(session):
        current = sa.cast(sa.cast(sa.func.pg_current_xact_id(), sa.Text), sa.BigInteger)
        revision = session.scalar(sa.select(current)) or 0
    else:
        revision = max(position(session)[0], above + 1)
    session.add(HomeChange(revision=revision, home_id=EVERY_HOME, at=now()))
    session.flush()


def forget_old(session: Session, *, at: datetime) -> int:
    """Drop notes nobody needs; a process that slept through them is told to read all again."""
    old = [HomeChange.at < at - KEPT_FOR]
    end = position(session)[1]
    counted = old if end is None else [*old, HomeChange.revision < end]
    asked = sa.select(sa.func.max(HomeChange.revision), sa.func.max(HomeChange.at)).where(*counted)
    highest, newest = session.execute(asked).one()
    gone = rows_changed(session.execute(sa.delete(HomeChange).where(*old)))
    if highest is not None:
        session.add(HomeChange(revision=highest, home_id=EVERY_HOME, at=newest))
        session.flush()
    return gone
