"""Reading an Excel book with calamine, after :mod:`app.sheets.archive` has found it safe."""

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from python_calamine import (
    CalamineError,
    CalamineSheet,
    PasswordError,
    SheetVisibleEnum,
    load_workbook,
)

from app.sheets.archive import check_extent, faulty_cells, sheet_parts, unpack_checked
from app.sheets.errors import (
    BrokenFileError,
    EmptyFileError,
    PasswordProtectedError,
    TableTooLargeError,
)
from app.sheets.table import Cell, CellProblem, Limits, MergedRange, Sheet, SheetRow, Workbook

_Raw = str | int | float | bool | time | date | datetime | timedelta


def read_xlsx(content: bytes, name: str, limits: Limits) -> Workbook:
    """Read every sheet of a book; rows keep Excel's numbers, dates come as dates."""
    parts = unpack_checked(content, name, limits)
    check_extent(parts, name, limits)
    sources = sheet_parts(parts)
    try:
        sheets = _read_sheets(content, sources)
    except PasswordError as error:
        raise PasswordProtectedError(name) from error
    except (CalamineError, ValueError, OverflowError, OSError) as error:
        raise BrokenFileError(name) from error
    except BaseException as error:
        # A panic inside the Rust reader arrives outside the Exception family.
        if type(error).__name__ == "PanicException":
            raise BrokenFileError(name) from error
        raise
    if not any(not row.is_blank for sheet in sheets for row in sheet.rows):
        raise EmptyFileError(name)
    if max(len(sheet.rows) for sheet in sheets) > limits.rows:
        raise TableTooLargeError(name, limits.rows, limits.columns)
    return Workbook(name, "xlsx", tuple(sheets))


def _read_sheets(content: bytes, sources: list[bytes]) -> list[Sheet]:
    sheets = []
    with load_workbook(io.BytesIO(content)) as book:
        for index, about in enumerate(book.sheets_metadata):
            source = sources[index] if len(sources) == len(book.sheets_metadata) else b""
            sheets.append(
                _read_sheet(
                    book.get_sheet_by_index(index),
                    faulty_cells(source),
                    hidden=about.visible != SheetVisibleEnum.Visible,
                )
            )
    return sheets


def _read_sheet(sheet: CalamineSheet, problems: list[CellProblem], *, hidden: bool) -> Sheet:
    rows = tuple(
        SheetRow(number, tuple(_plain(cell) for cell in cells))
        for number, cells in enumerate(sheet.to_python(skip_empty_area=False), 1)
    )
    merged = tuple(
        MergedRange(top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in sorted(sheet.merged_cell_ranges or [])
    )
    return Sheet(sheet.name, rows, merged, tuple(problems), hidden=hidden)


def _plain(cell: _Raw) -> Cell:
    """Excel keeps numbers as binary fractions of 15 significant digits; give what it shows."""
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < 1e15:
            return int(cell)
        return Decimal(format(cell, ".15g"))
    return None if cell == "" else cell
