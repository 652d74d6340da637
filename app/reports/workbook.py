"""A report as an Excel file: a sheet for each table, numbers that can be reckoned with, ready to
print on A4.
"""

import io
from collections.abc import Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.exports import safe_cell
from app.reports.tables import FigureTable, Unit, Value

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_NAME = 31
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", "・"))


def as_excel(tables: Sequence[FigureTable], *, heading: str, about: Sequence[str]) -> bytes:
    """The tables, each on a sheet of its own. `about` says what is counted and until when."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        formats = _Formats(book)
        for name, table in zip(_names(tables), tables, strict=True):
            _write(book.add_worksheet(name), table, formats, heading, about)
    return out.getvalue()


def _names(tables: Sequence[FigureTable]) -> list[str]:
    """Names of sheets: short, without signs Excel forbids, none twice."""
    names: list[str] = []
    for table in tables:
        name = table.title.translate(FORBIDDEN)[:LONGEST_NAME]
        number = 2
        while name in names:
            name = f"{table.title.translate(FORBIDDEN)[: LONGEST_NAME - 3]} {number}"
            number += 1
        names.append(name)
    return names


class _Formats:
    """The book's formats, one for each number of digits."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._numbers: dict[tuple[Unit, int, bool], Format] = {}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format(
            {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "align": "center"}
        )
        self.note = book.add_format({"text_wrap": True, "valign": "top"})
        self._labels = {
            level: book.add_format({"border": 1, "indent": max(level - 1, 0), "bold": level == 0})
            for level in range(4)
        }

    def label(self, level: int) -> Format:
        return self._labels[min(level, 3)]

    def number(self, unit: Unit, digits: int, *, bold: bool) -> Format:
        key = (unit, digits, bold)
        if key not in self._numbers:
            places = f".{'0' * digits}" if digits else ""
            percent = '"%"' if unit is Unit.PERCENT else ""
            self._numbers[key] = self._book.add_format(
                {
                    "border": 1,
                    "bold": bold,
                    "align": "right",
                    "num_format": f"#,##0{places}{percent}",
                }
            )
        return self._numbers[key]


def _write(
    sheet: Worksheet,
    table: FigureTable,
    formats: _Formats,
    heading: str,
    about: Sequence[str],
) -> None:
    last = len(table.columns)
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, max(last, 1), 18)
    sheet.write_string(0, 0, str(safe_cell(f"{table.title}　{heading}")), formats.title)
    at = 1
    for line in about:
        sheet.write_string(at, 0, str(safe_cell(line)))
        at += 1
    head = at
    sheet.write_string(head, 0, table.head, formats.head)
    for c, column in enumerate(table.columns, start=1):
        unit = f"（{column.unit_beside}）" if column.unit_beside else ""
        sheet.write_string(head, c, str(safe_cell(f"{column.label}{unit}")), formats.head)
    for row in table.rows:
        at += 1
        unit = f"（{row.unit_beside}）" if row.unit_beside else ""
        label = str(safe_cell(f"{row.label}{unit}"))
        sheet.write_string(at, 0, label, formats.label(row.level))
        for c, (value, column) in enumerate(zip(row.values, table.columns, strict=True), start=1):
            cell = formats.number(*table.row_unit(row, column), bold=row.level == 0)
            _cell(sheet, (at, c), value, cell)
    at += 1
    for note in (*table.notes, f"数え方：{table.definition}"):
        at += 1
        sheet.merge_range(at, 0, at, max(last, 1), "", formats.note)
        sheet.write_string(at, 0, str(safe_cell(note)), formats.note)
        sheet.set_row(at, 15 * (1 + len(note) // 38))
    sheet.repeat_rows(head)
    sheet.print_area(0, 0, at, last)
    sheet.freeze_panes(head + 1, 1)


def _cell(sheet: Worksheet, at: tuple[int, int], value: Value, form: Format) -> None:
    """A number as a number; a hidden one as its sign; none as an empty cell, not as nought."""
    if isinstance(value, int | float):
        sheet.write_number(*at, value, form)
    elif value is None:
        sheet.write_blank(*at, None, form)
    else:
        sheet.write_string(*at, value, form)
