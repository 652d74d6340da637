"""The vacant homes of this process as columns, kept in step with the database.

Reading all homes takes a second where there are a hundred thousand; a ranking takes milliseconds.
So each process keeps its columns and, before every use, asks the database what changed: nothing,
a few homes – whose rows alone are read anew – or so much that all are. Only committed changes are
ever taken in, since it asks in a transaction of its own.
"""

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.db import separate_session
from app.housing.models import HomeSnapshot
from app.housing.proposals import snapshots
from app.housing.proposals.changes import EVERY_HOME, changed_since, counts_on, position
from app.housing.proposals.loading import (
    GROUPS,
    KINDS,
    Names,
    UnknownNameError,
    load,
    names_there,
)
from app.reference.moving_cost import cover_rules
from matching.home_columns import Bools, HomeColumns, Int64s, array_names

NOBODY = -1
MOST_PATCHED = 2_000
"""With more changes than this all homes are read anew."""


@dataclass(eq=False)
class Stock:
    """Homes as they were at a mark. Rows of homes let meanwhile stay, and are not `open`."""

    columns: HomeColumns
    open: Bools
    mark: int
    names: Names
    covered: frozenset[str]
    state: object = field(default_factory=object)
    readers: int = 0

    def towns(self) -> list[str]:
        """The towns with vacant homes, most vacancies first."""
        numbers = self.columns.municipality[self.open]
        homes = np.bincount(numbers[numbers >= 0], minlength=len(self.names.towns))
        order = np.argsort(-homes, kind="stable")
        return [self.names.towns[row] for row in order if homes[row]]

    def there(self) -> HomeColumns:
        """The vacant homes alone, in arrays of their own."""
        return self.columns.take(self.open)


class Keeper:
    """One database's stock in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stock: Stock | None = None

    @contextmanager
    def lent(self, today: date) -> Iterator[Stock]:
        """The stock as it is now; its arrays do not change until the block ends."""
        with self._lock:
            stock = self._stock = self._current(today)
            stock.readers += 1
        try:
            yield stock
        finally:
            with self._lock:
                stock.readers -= 1

    def _current(self, today: date) -> Stock:
        covered = frozenset(code for code, rule in cover_rules(today).items() if rule.covered)
        with separate_session(write=False) as session:
            if session.get_bind().dialect.name == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            mark, end = position(session)
            stock = self._stock or _from_snapshot(session, covered)
            if stock is None or stock.covered != covered or mark < stock.mark:
                return _all(session, mark, covered)
            changed = changed_since(session, stock.mark, end)
            much = len(changed) > MOST_PATCHED or 2 * stock.open.sum() < len(stock.open)
            if EVERY_HOME in changed or (changed and much):
                return _all(session, mark, covered)
            if changed:
                try:
                    return _patched(session, stock, sorted(changed), mark)
                except UnknownNameError:  # a town nobody had a home in
                    return _all(session, mark, covered)
            stock.mark = mark
            return stock


_keepers: "weakref.WeakKeyDictionary[Engine, Keeper]" = weakref.WeakKeyDictionary()
_making = threading.Lock()


def keeper_of(session: Session) -> Keeper:
    """The keeper of a session's database."""
    engine = session.get_bind().engine
    with _making:
        return _keepers.setdefault(engine, Keeper())


def forget(engine: Engine) -> None:
    """Begin anew next time, as a process that starts does: for tests and measurements."""
    with _making:
        _keepers.pop(engine, None)


def _all(session: Session, mark: int, covered: frozenset[str]) -> Stock:
    names = names_there(session)
    columns = load(session, names, covered)
    return Stock(columns, np.ones(len(columns), bool), mark, names, covered)


def _from_snapshot(session: Session, covered: frozenset[str]) -> Stock | None:
    """The homes of the newest snapshot, still to be brought up to date; None without one to trust.

    A process that starts reads a few megabytes and what changed since, instead of every row.
    """
    newest = sa.select(HomeSnapshot).order_by(HomeSnapshot.id.desc()).limit(1)
    row = session.scalar(newest)
    if row is None or row.covered != sorted(covered):
        return None
    if not counts_on(session, row.mark, row.created_at):
        return None
    try:
        names, homes = names_there(session), snapshots.homes_of(session, row.id)
    except snapshots.OtherColumnsError:
        return None
    shape = (homes.groups, homes.kinds, homes.municipalities, homes.school_districts)
    if shape != (GROUPS, KINDS, names.towns, names.schools):
        return None
    mine = homes.take(np.arange(len(homes)))
    return Stock(mine, np.ones(len(mine), bool), row.mark, names, covered)


def _patched(session: Session, stock: Stock, changed: list[int], mark: int) -> Stock:
    """The stock with some homes read again: in place where nobody is reading it."""
    fresh = load(session, stock.names, stock.covered, since=stock.mark)
    columns, open_ = stock.columns, stock.open
    new = _places(columns, fresh.ids) == NOBODY
    if stock.readers or new.any():
        still = columns.ids[open_]
        columns = columns.joined(fresh.take(new))
        open_ = np.isin(columns.ids, still, assume_unique=True)
    touched = _places(columns, np.array(changed, np.int64))
    open_[touched[touched != NOBODY]] = False
    at = _places(columns, fresh.ids)
    open_[at] = True
    for name in array_names():
        getattr(columns, name)[..., at] = getattr(fresh, name)
    return Stock(columns, open_, mark, stock.names, stock.covered)


def _places(columns: HomeColumns, ids: Int64s) -> Int64s:
    """The positions of some homes, `NOBODY` for those that are not among the columns."""
    if not len(columns):
        return np.full(len(ids), NOBODY, np.int64)
    at = np.minimum(np.searchsorted(columns.ids, ids), len(columns) - 1)
    return np.where(columns.ids[at] == ids, at, NOBODY)
