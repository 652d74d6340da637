"""Lists as files for a spreadsheet: what every export of a feature shares.

A name that somebody typed as ``=HYPERLINK(…)`` must stay a name when the file is opened, so every
cell of every export goes through `safe_cell`. The bytes are UTF-8 with a mark, the one form that
Excel reads without being asked and that loses no character of a name.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

_FORMULA_SIGNS = frozenset("=+-@＝＋－＠")


def safe_cell(value: Any) -> Any:
    """A cell no spreadsheet takes for a formula: a leading sign gets an apostrophe before it.

    Nothing becomes an empty cell, a date its ISO form; numbers stay numbers.
    """
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    risky = value[:1] in {"\t", "\r", "\n"} or value.lstrip()[:1] in _FORMULA_SIGNS
    return f"'{value}" if value and risky else value


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A head and its rows as the bytes of a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
