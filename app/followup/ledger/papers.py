"""The ledger as an Excel file and as data for A4."""

import io
from collections.abc import Iterable
from datetime import date
from typing import Any

import xlsxwriter

from app.exports import safe_cell
from app.followup.ledger.queries import YearFigures
from app.followup.ledger.rows import ITEMS, Ledger
from app.japanese import format_fiscal_year

WIDTHS = (24, 24, 44, 60, 36, 36)


def as_excel(ledgers: Iterable[Ledger]) -> bytes:
    """One row a household, the six items as columns. No cell can become a formula or a link."""
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
        for row, one in enumerate(ledgers, start=1):
            for column, lines in enumerate(one.items):
                text = "\n".join(str(safe_cell(line)) for line in lines)
                sheet.write_string(row, column, str(safe_cell(text)), cell)
        sheet.freeze_panes(1, 1)
    return out.getvalue()


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
        ["気になること・異常", f"{figures.concerns}件"],
        ["つないだ", f"{figures.link_ins}件"],
    ]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
