"""The ledger as an Excel file and as data for A4."""

import io
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import zip_longest
from typing import Any

import xlsxwriter

from app.exports import safe_cell
from app.followup.ledger.queries import YearFigures
from app.followup.ledger.rows import ITEMS, Ledger
from app.japanese import format_fiscal_year

WIDTHS = (24, 24, 44, 60, 36, 36)


LINES = 24
"""So many lines a row shows before a spreadsheet cuts it off (a row is at most 409 points)."""


def as_excel(ledgers: Iterable[Ledger]) -> bytes:
    """The six items as columns, a household in as many rows as its entries need.

    A cell holds 32,767 characters and drops the rest without a word, so a full one goes on in the
    next row, under the same name. No cell can become a formula or a link.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("帳簿")
        head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "valign": "top"})
        cell = book.add_format({"text_wrap": True, "border": 1, "valign": "top"})
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for column, (item, width) in enumerate(zip(ITEMS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, item, head)
        rows = (cells for one in ledgers for cells in _rows(one))
        for row, cells in enumerate(rows, start=1):
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text, cell)
        sheet.freeze_panes(1, 1)
    return out.getvalue()


def _rows(one: Ledger) -> Iterator[list[str]]:
    """A household's rows; those after the first begin with whom they go on about."""
    columns = [
        _cells([str(safe_cell(line)) for line in lines], width)
        for lines, width in zip(one.items, WIDTHS, strict=True)
    ]
    further = str(safe_cell(f"{one.items[0][0]}（続き）"))
    for number, (who, *rest) in enumerate(zip_longest(*columns, fillvalue="")):
        yield [who if number == 0 or who else further, *rest]


def _cells(lines: list[str], width: int) -> list[str]:
    """Entries packed into cells none of which a spreadsheet cuts off; no entry is torn apart."""
    cells: list[list[str]] = [[]]
    high = 0
    for line in lines:
        height = 1 + 2 * len(line) // width  # a Japanese character is two wide
        if cells[-1] and high + height > LINES:
            cells.append([])
            high = 0
        cells[-1].append(line)
        high += height
    return ["\n".join(cell) for cell in cells]


def paper(
    ledgers: Iterable[Ledger], figures: YearFigures, *, year: int, office: str, today: date
) -> dict[str, Any]:
    """What `watch_ledger.typ` takes."""
    kept = date(year + 6, 3, 31)
    return {
        "sheet": {
            "title": f"見守り帳簿（{format_fiscal_year(year)}）",
            "organisation": office,
            "made_on": _day(today),
        },
        "kept": f"この帳簿は、年度の終わりから5年間（{_day(kept)}まで）保存します。",
        "items": list(ITEMS),
        "households": [{"items": [list(lines) for lines in one.items]} for one in ledgers],
        "figures": figure_lines(figures),
    }


def figure_lines(figures: YearFigures) -> list[list[str]]:
    """The year's figures with their words."""
    return [
        ["見守った世帯", f"{figures.households}世帯"],
        ["年度の終わり（またはいま）に見守っている世帯", f"{figures.at_the_end}世帯"],
        ["訪問・連絡の試み", f"{figures.attempts}回"],
        ["うち会えた・話せた", f"{figures.contacts}回"],
        ["うち訪問して会えた", f"{figures.visits}回"],
        ["その日の見守りで会えた・話せた", f"{figures.met}回"],
        ["その日は会えず、あとの連絡で確かめた", f"{figures.covered}回"],
        ["まだ会えていない", f"{figures.silent}回"],
        ["気になること・異常", f"{figures.concerns}件"],
        ["つないだ", f"{figures.link_ins}件"],
    ]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
