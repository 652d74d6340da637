"""Hiding small numbers of people, and as many others as are needed so that none can be worked out.

A count from 1 to 4 is hidden. What is left must not give it back: whoever knows the sums (a
quarter is its months, a route its sections) and that hidden numbers are at least 1 must still
reckon with five values or more for each of them, one of which is not small. That is not hoped for
but checked: the least and the greatest value a hidden count can have are two linear programmes
over all sums of the table together (cell suppression with an audit, as statistical offices do it;
Willenborg and de Waal, *Elements of Statistical Disclosure Control*, 2001). Shares and averages go
with the numbers they are made of. Nought is shown: it says that there is nobody.

Tables that tell the same counts are checked together; two reports that overlap could still be
subtracted. So who gets hidden numbers gets them from
snapshots only: one fixed period, made once, not from any day or filter they like.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from app.reports.tables import HIDDEN, FigureTable, Value

FEWEST = 5
"""From this number on a count is told (the council's and the ministry's usual limit)."""

NOTE = (
    "5未満の数と、そこから逆算できてしまう数は「×」にしています。"
    "0は「いない」という意味で、そのまま示します。"
)

SLACK = 1e-6
"""What a linear programme may be off."""

Cell = tuple[int, int, int]
"""Table, row and column."""


@dataclass(frozen=True)
class Sum:
    """One cell that is the sum of others; with a single part, the same count told twice."""

    whole: Cell
    parts: tuple[Cell, ...]


def suppressed(table: FigureTable) -> FigureTable:
    """The table as it may leave the team; one in which nobody is counted stays as it is."""
    return _suppressed([table])[0]


def suppressed_together(tables: Sequence[FigureTable]) -> list[FigureTable]:
    """The tables of one report: those that tell the same counts are reckoned with as one."""
    linked = [n for n, table in enumerate(tables) if table.shared]
    told = [table if table.shared else suppressed(table) for table in tables]
    for n, table in zip(linked, _suppressed([tables[n] for n in linked]), strict=True):
        told[n] = table
    return told


def _suppressed(tables: Sequence[FigureTable]) -> list[FigureTable]:
    cells = {(t, *at): n for t, table in enumerate(tables) for at, n in _numbers(table).items()}
    small = {at for at, number in cells.items() if 0 < number < FEWEST}
    if not small:
        return list(tables)
    sums = [one for t, table in enumerate(tables) for one in _sums(t, table, cells)]
    sums += _same(tables, cells)
    hidden = set(small)
    while further := _loose(sums, cells, hidden) or _exposed(sums, cells, hidden, small):
        hidden.add(further)
    return [_crossed_out(table, t, hidden) for t, table in enumerate(tables)]


def _crossed_out(table: FigureTable, t: int, hidden: set[Cell]) -> FigureTable:
    here = {(r, c) for one, r, c in hidden if one == t}
    if not here:
        return table
    return table.with_values({**dict.fromkeys(here, HIDDEN), **_made_of(table, here)})


def _numbers(table: FigureTable) -> dict[tuple[int, int], float]:
    """The cells that count people: not shares, averages or kilograms."""
    return {
        (r, c): value
        for r, row in enumerate(table.rows)
        if not row.from_
        for c, value in enumerate(row.values)
        if isinstance(value, int | float)
        and table.columns[c].persons
        and not table.columns[c].from_
    }


def _sums(t: int, table: FigureTable, cells: dict[Cell, float]) -> Iterator[Sum]:
    """Every sum of a table, down its rows and across its columns."""
    row_at = {row.key: r for r, row in enumerate(table.rows)}
    column_at = {column.key: c for c, column in enumerate(table.columns)}
    below = _children([row.part_of for row in table.rows], row_at)
    beside = _children([column.part_of for column in table.columns], column_at)
    for r, parts in below.items():
        for c in (c for c, column in enumerate(table.columns) if column.adds):
            yield from _sum((t, r, c), [(t, part, c) for part in parts], cells)
    for c, parts in beside.items():
        for r in range(len(table.rows)):
            yield from _sum((t, r, c), [(t, r, part) for part in parts], cells)


def _same(tables: Sequence[FigureTable], cells: dict[Cell, float]) -> Iterator[Sum]:
    """Counts told in more than one table."""
    first: dict[str, Cell] = {}
    for t, table in enumerate(tables):
        row_at = {row.key: r for r, row in enumerate(table.rows)}
        for (row, column), name in table.shared.items():
            cell = (t, row_at[row], table.column_at(column))
            if cell in cells and first.setdefault(name, cell) != cell:
                yield Sum(first[name], (cell,))


def _children(part_of: Sequence[str | None], at: dict[str, int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for number, parent in enumerate(part_of):
        if parent is not None:
            found.setdefault(at[parent], []).append(number)
    return found


def _sum(whole: Cell, parts: list[Cell], cells: dict[Cell, float]) -> Iterator[Sum]:
    counted = tuple(part for part in parts if part in cells)
    if whole in cells and counted:
        yield Sum(whole, counted)


def _loose(sums: Sequence[Sum], cells: dict[Cell, float], hidden: set[Cell]) -> Cell | None:
    """A cell to hide because a single sum gives a hidden one back: the quick part of the check.

    Hidden beside is the smallest number left, so that as little as possible is lost; where only
    noughts are left, the whole.
    """
    for one in sums:
        secret = [part for part in one.parts if part in hidden]
        if one.whole in hidden:
            if not secret:  # the whole is its parts
                return _smallest(one.parts, cells, hidden)
        elif secret and not _enough(len(secret), sum(cells[part] for part in secret)):
            return _smallest(one.parts, cells, hidden) or one.whole
    return None


def _enough(count: int, together: float) -> bool:
    """Whether each of so many numbers, all at least 1, may be anything from 1 to FEWEST."""
    return count > 1 and together >= FEWEST + count - 1


def _exposed(
    sums: Sequence[Sum], cells: dict[Cell, float], hidden: set[Cell], small: set[Cell]
) -> Cell | None:
    """A cell to hide because all sums together narrow a small number down."""
    used = [one for one in sums if {one.whole, *one.parts} & hidden]
    for at in sorted(small):
        least, greatest = _range(at, used, cells, sorted(hidden))
        if greatest < max(FEWEST, least + FEWEST - 1) - SLACK:
            return _beside(at, used, cells, hidden)
    return None


def _range(
    at: Cell, used: Sequence[Sum], cells: dict[Cell, float], hidden: Sequence[Cell]
) -> tuple[float, float]:
    """The least and the greatest value a hidden cell can have for all a reader knows."""
    used, around = _around(at, used, set(hidden))
    place = {cell: n for n, cell in enumerate(sorted(around))}
    known, right = np.zeros((len(used), len(place))), np.zeros(len(used))
    for n, one in enumerate(used):
        for cell, sign in [(one.whole, -1.0), *((part, 1.0) for part in one.parts)]:
            if cell in place:
                known[n, place[cell]] += sign
            else:
                right[n] -= sign * cells[cell]
    goal = np.zeros(len(place))
    goal[place[at]] = 1.0
    ends = []
    for sign in (1.0, -1.0):
        found = linprog(sign * goal, A_eq=known, b_eq=right, bounds=(1, None), method="highs")
        ends.append(float(found.x[place[at]]) if found.status == 0 else sign * -np.inf)
    return ends[0], ends[1]


def _around(at: Cell, used: Sequence[Sum], hidden: set[Cell]) -> tuple[list[Sum], set[Cell]]:
    """The sums and hidden cells that bear on one: what no sum connects with it says nothing."""
    reached, left, bearing = {at}, list(used), []
    while near := [one for one in left if not reached.isdisjoint({one.whole, *one.parts})]:
        bearing += near
        left = [one for one in left if one not in near]
        reached |= hidden & {cell for one in near for cell in (one.whole, *one.parts)}
    return bearing, reached


def _beside(
    at: Cell, used: Sequence[Sum], cells: dict[Cell, float], hidden: set[Cell]
) -> Cell | None:
    """The smallest number that stands in a sum with a hidden one; the nearest sums come first."""
    near = [one for one in used if at == one.whole or at in one.parts]
    for group in (near, used):
        around = [cell for one in group for cell in (*one.parts, one.whole)]
        if (found := _smallest(around, cells, hidden)) is not None:
            return found
    return None


def _smallest(
    candidates: Iterable[Cell], cells: dict[Cell, float], hidden: set[Cell]
) -> Cell | None:
    left = [at for at in candidates if at not in hidden and cells[at] > 0]
    return min(left, key=lambda at: (cells[at], at), default=None)


def _made_of(table: FigureTable, hidden: set[tuple[int, int]]) -> dict[tuple[int, int], Value]:
    """Shares and averages whose numbers are hidden."""
    column_at = {column.key: c for c, column in enumerate(table.columns)}
    row_at = {row.key: r for r, row in enumerate(table.rows)}
    gone: dict[tuple[int, int], Value] = {}
    for r, row in enumerate(table.rows):
        for c, column in enumerate(table.columns):
            across = {(r, column_at[key]) for key in column.from_}
            down = {(row_at[key], c) for key in row.from_}
            if row.values[c] is not None and (across | down) & hidden:
                gone[r, c] = HIDDEN
    return gone
