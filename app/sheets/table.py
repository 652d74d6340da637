"""The plain table that every kind of file is turned into."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

Cell = str | int | Decimal | bool | date | datetime | time | timedelta | None
"""One cell. Numbers are exact: whole ones ``int``, others ``Decimal`` as Excel shows them."""


@dataclass(frozen=True)
class Limits:
    """How much is taken in. The defaults fit a prefecture's list many times over."""

    file_bytes: int = 20_000_000
    rows: int = 20_000
    columns: int = 200
    archive_entries: int = 1_000
    unpacked_bytes: int = 100_000_000
    ratio: int = 200
    text_bytes: int = 200_000_000


@dataclass(frozen=True)
class SheetRow:
    """A row with the number Excel or a text editor shows for it (1-based)."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        """Whether no cell says anything."""
        return all(cell is None or cell == "" for cell in self.cells)


@dataclass(frozen=True)
class MergedRange:
    """A merged area, all four bounds 1-based and inclusive."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class CellProblem:
    """Something a person should look at. ``column`` is 1-based; None speaks of the whole row."""

    row: int
    column: int | None
    code: str
    sentence: str


@dataclass(frozen=True)
class Sheet:
    """One sheet. Rows are in order; a CSV's rows carry the line they begin on.

    ``formula_like`` lists the (row, column) places of CSV text beginning with = + - @, which is
    data and must be escaped when it is ever written to a sheet again.
    """

    name: str
    rows: tuple[SheetRow, ...]
    merged: tuple[MergedRange, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    formula_like: frozenset[tuple[int, int]] = frozenset()
    hidden: bool = False

    @property
    def width(self) -> int:
        """The number of columns of the widest row."""
        return max((len(row.cells) for row in self.rows), default=0)

    def expanded(self) -> tuple[SheetRow, ...]:
        """The rows with each merged area filled with the value of its first cell.

        For reading heads only: filling a merged area inside the data would invent values.
        """
        grid = {row.number: list(row.cells) for row in self.rows}
        for area in self.merged:
            if area.first_row not in grid:
                continue
            value = _at(grid[area.first_row], area.first_column)
            for number in range(area.first_row, min(area.last_row, max(grid)) + 1):
                cells = grid.get(number)
                if cells is None:
                    continue
                for column in range(area.first_column, min(area.last_column, len(cells)) + 1):
                    cells[column - 1] = value
        return tuple(SheetRow(number, tuple(cells)) for number, cells in grid.items())


@dataclass(frozen=True)
class Workbook:
    """A whole file. ``encoding`` names how a text file was decoded; None for Excel."""

    name: str
    kind: str
    sheets: tuple[Sheet, ...] = field(default=())
    encoding: str | None = None

    @property
    def first(self) -> Sheet:
        """The first sheet that is shown and has something on it, else the first one."""
        for sheet in self.sheets:
            if not sheet.hidden and any(not row.is_blank for row in sheet.rows):
                return sheet
        return self.sheets[0]


def _at(cells: list[Cell], column: int) -> Cell:
    return cells[column - 1] if column <= len(cells) else None


def cell_text(cell: Cell) -> str:
    """A cell as a person reads it: 204 for 204.0, 2026/12/15 for a date, "" for an empty one."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.strftime("%Y/%m/%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.strftime("%Y/%m/%d")
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return str(cell)


def place(row: int, column: int) -> str:
    """The name Excel gives a cell: (107, 7) is "G107"."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


_PLACE = re.compile(r"\$?([A-Za-z]{1,7})\$?(\d{1,10})")


def place_numbers(written: str) -> tuple[int, int] | None:
    """The (row, column) of "G107", 1-based; None when it is not the name of a cell."""
    found = _PLACE.fullmatch(written)
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column
