"""What changed about homes since when: the revision counter that the database's triggers write.

A mark stands for a moment: everything noted from the mark on may have changed since.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db import now
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
    if _on_postgresql(session):
        snapshot = sa.func.pg_current_snapshot()
        bounds = (sa.func.pg_snapshot_xmin(snapshot), sa.func.pg_snapshot_xmax(snapshot))
        found = session.execute(
            sa.select(*(sa.cast(sa.cast(one, sa.Text), sa.BigInteger) for one in bounds))
        ).one()
        return found[0], found[1]
    return (session.scalar(sa.select(sa.func.max(HomeChange.revision))) or 0) + 1, None


def changed_since(session: Session, mark: int, end: int | None) -> set[int]:
    """The homes with changes noted from `mark` on; `EVERY_HOME` among them stands for all."""
    asked = sa.select(HomeChange.home_id).where(HomeChange.revision >= mark)
    if end is not None:
        asked = asked.where(HomeChange.revision < end)
    return set(session.scalars(asked.distinct()))


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
    old = sa.select(sa.func.max(HomeChange.revision)).where(HomeChange.at < at - KEPT_FOR)
    highest = session.scalar(old)
    if highest is None:
        return 0
    gone = session.execute(sa.delete(HomeChange).where(HomeChange.revision <= highest))
    session.add(HomeChange(revision=highest, home_id=EVERY_HOME, at=at))
    session.flush()
    return int(gone.rowcount)  # type: ignore[attr-defined]
