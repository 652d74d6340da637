"""Hiding small numbers of people, and as many others as are needed so that none can be worked out.

A count from 1 to 4 is hidden, and so is one that lies 1 to 4 above or below the same count in a
report that was told before: two reports of an office can be laid side by side, and 「経路」 to the
end of October and of November may differ by one person. What is left must give neither back;
`disclosure` asks what a reader of everything could still work out and hides until that is nothing.
Shares and averages go with the numbers they are made of. Nought is shown: it says that there is
nobody.

The same count is one of the same table, row and column of a fiscal year; 「前年度」 of a later year
is that year's own. So a report is protected together with what was told of its year, of the year
before and of the year after; a correction is one report more. Told ones are never touched.

Who gets hidden numbers gets them from snapshots only: fixed days, each made once, not from any day
or filter they like.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from app.reports.disclosure import FEWEST, Cell, Knowledge, Rule, Sum
from app.reports.tables import HIDDEN, FigureTable, Row, Unit, Value

__all__ = ["FEWEST", "NOTE", "Told", "suppressed", "suppressed_together"]

NOTE = (
    "5未満の数、前に残した報告との差が5未満の数と、そこから逆算できてしまう数は「×」にしています。"
    "0は「いない」という意味で、そのまま示します。"
)
BEFORE = "before"
"""The column that tells the year before; there it stands in `count`."""

Name = tuple[int, str, str, str]
"""Fiscal year, table, row and column: what a count is, in whichever report it stands."""


@dataclass(frozen=True)
class Told:
    """A report of a fiscal year up to a day: as counted and, cell by cell, as it was told."""

    year: int
    as_of: date
    exact: Sequence[FigureTable]
    public: Sequence[FigureTable] = ()


def suppressed(table: FigureTable) -> FigureTable:
    """The table as it may leave the team; one in which nobody is counted stays as it is."""
    return suppressed_together([table])[0]


def suppressed_together(
    tables: Sequence[FigureTable],
    *,
    year: int = 0,
    as_of: date = date.min,
    earlier: Sequence[Told] = (),
) -> list[FigureTable]:
    """The tables of one report, which are reckoned with together and with what was told before."""
    reports = [*earlier, Told(year, as_of, tables)]
    known = _known(reports)
    hidden = known.protect()
    new = len(earlier)
    return [
        _crossed_out(table, {(r, c) for report, t, r, c in hidden if (report, t) == (new, number)})
        for number, table in enumerate(tables)
    ]


def _known(reports: Sequence[Told]) -> Knowledge:
    values: dict[Cell, float] = {}
    sums: list[Sum] = []
    limits: list[Rule] = []
    hidden: set[Cell] = set()
    same: dict[Name, list[tuple[date, Cell]]] = defaultdict(list)
    for number, report in enumerate(reports):
        first: dict[str, Cell] = {}
        for t, table in enumerate(report.exact):
            counts = _numbers(table)
            values |= {(number, t, *at): value for at, value in counts.items()}
            sums += _sums((number, t), table, values)
            limits += _limits((number, t), table, values)
            sums += _same((number, t), table, values, first)
            for (r, c), name, day in _named(report, table, counts):
                same[name].append((day, (number, t, r, c)))
            if report.public:
                told = {row.key: row.values for row in report.public[t].rows}
                hidden |= {
                    (number, t, r, c) for r, c in counts if told[table.rows[r].key][c] == HIDDEN
                }
    return Knowledge(
        values=values,
        sums=sums,
        same=[[cell for _day, cell in sorted(line)] for line in same.values() if len(line) > 1],
        hidden=hidden,
        limits=limits,
        new=len(reports) - 1,
    )


def _named(
    report: Told, table: FigureTable, counts: Mapping[tuple[int, int], float]
) -> Iterator[tuple[tuple[int, int], Name, date]]:
    """What each count is, and the day up to which it was counted."""
    for r, c in counts:
        row, column = table.rows[r].key, table.columns[c].key
        if column == BEFORE:
            yield (r, c), (report.year - 1, table.key, row, "count"), date(report.year, 3, 31)
        else:
            yield (r, c), (report.year, table.key, row, column), report.as_of


def _crossed_out(table: FigureTable, here: set[tuple[int, int]]) -> FigureTable:
    if not here:
        return table
    shown = table.with_values({**dict.fromkeys(here, HIDDEN), **_made_of(table, here)})
    return replace(shown, rows=tuple(_unranked(shown.rows)))


def _unranked(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows with hidden ones behind those they were ranked with, by name: between 7 and 5 a
    hidden number could only be 5, 6 or 7, and the last of several is the least.
    """
    for (ranked, _above), run in groupby(rows, key=lambda row: (row.ranked, row.part_of)):
        if not ranked:
            yield from run
            continue
        beside = list(run)
        yield from (row for row in beside if row.values[0] != HIDDEN)
        yield from sorted(
            (row for row in beside if row.values[0] == HIDDEN), key=lambda row: row.label
        )


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


def _sums(at: tuple[int, int], table: FigureTable, cells: Mapping[Cell, float]) -> Iterator[Sum]:
    """Every sum of a table, down its rows and across its columns."""
    row_at = {row.key: r for r, row in enumerate(table.rows)}
    column_at = {column.key: c for c, column in enumerate(table.columns)}
    below = _children([row.part_of for row in table.rows], row_at)
    beside = _children([column.part_of for column in table.columns], column_at)
    for r, parts in below.items():
        for c in (c for c, column in enumerate(table.columns) if column.adds):
            yield from _sum((*at, r, c), [(*at, part, c) for part in parts], cells)
    for c, parts in beside.items():
        for r in range(len(table.rows)):
            yield from _sum((*at, r, c), [(*at, r, part) for part in parts], cells)


def _limits(at: tuple[int, int], table: FigureTable, cells: Mapping[Cell, float]) -> Iterator[Rule]:
    """Where rows are no sums: the whole has no fewer than each part and no more than all of them;
    and what never exceeds the column beside it.
    """
    row_at = {row.key: r for r, row in enumerate(table.rows)}
    below = _children([row.part_of for row in table.rows], row_at)
    for c, column in enumerate(table.columns):
        wholes = {} if column.adds else below
        for one in (
            one
            for r, parts in wholes.items()
            for one in _sum((*at, r, c), [(*at, part, c) for part in parts], cells)
        ):
            yield Rule(((one.whole, 1.0), *((part, -1.0) for part in one.parts)), equal=False)
            yield from (_no_more(part, one.whole) for part in one.parts)
        if column.at_most is not None:
            more = table.column_at(column.at_most)
            pairs = [((*at, r, c), (*at, r, more)) for r in range(len(table.rows))]
            yield from (_no_more(*pair) for pair in pairs if cells.keys() >= {*pair})


def _no_more(cell: Cell, than: Cell) -> Rule:
    return Rule(((cell, 1.0), (than, -1.0)), equal=False)


def _same(
    at: tuple[int, int], table: FigureTable, cells: Mapping[Cell, float], first: dict[str, Cell]
) -> Iterator[Sum]:
    """Counts told in more than one table of a report."""
    row_at = {row.key: r for r, row in enumerate(table.rows)}
    for (row, column), name in table.shared.items():
        cell = (*at, row_at[row], table.column_at(column))
        if cell in cells and first.setdefault(name, cell) != cell:
            yield Sum(first[name], (cell,))


def _children(part_of: Sequence[str | None], at: Mapping[str, int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for number, parent in enumerate(part_of):
        if parent is not None:
            found.setdefault(at[parent], []).append(number)
    return found


def _sum(whole: Cell, parts: Sequence[Cell], cells: Mapping[Cell, float]) -> Iterator[Sum]:
    counted = tuple(part for part in parts if part in cells)
    if whole in cells and counted:
        yield Sum(whole, counted)


def _made_of(table: FigureTable, hidden: set[tuple[int, int]]) -> dict[tuple[int, int], Value]:
    """Shares and averages whose numbers are hidden; a share also says what the whole is."""
    column_at = {column.key: c for c, column in enumerate(table.columns)}
    row_at = {row.key: r for r, row in enumerate(table.rows)}
    wholes = [r for r, row in enumerate(table.rows) if not row.level and not row.from_]
    gone: dict[tuple[int, int], Value] = {}
    for r, row in enumerate(table.rows):
        for c, column in enumerate(table.columns):
            across = {(r, column_at[key]) for key in column.from_}
            down = {(row_at[key], c) for key in row.from_}
            if column.unit is Unit.PERCENT:
                across |= {(whole, column_at[key]) for key in column.from_ for whole in wholes}
            if row.values[c] is not None and (across | down) & hidden:
                gone[r, c] = HIDDEN
    return gone
