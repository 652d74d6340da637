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


def guarded(text: str) -> str:
    """`safe_cell` for text that comes back: what already looks guarded is guarded once more.

    `unguarded` gives exactly the text again, whatever it was.
    """
    return f"'{text}" if _guarded_inside(text) else text


def unguarded(cell: str) -> str:
    """The text behind a cell that `guarded` wrote; any other cell as it is."""
    return cell[1:] if cell.startswith("'") and _guarded_inside(cell[1:]) else cell


def _guarded_inside(text: str) -> bool:
    return bool(safe_cell(text.lstrip("'")) != text.lstrip("'"))


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Any]], *, most: int | None = None) -> bytes:
    """A head and its rows as the bytes of a CSV file.

    Of more than `most` rows the file says in its last line that it was cut, and what to do: a
    list that ends early without a word would be taken for the whole.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for number, row in enumerate(rows):
        if most is not None and number >= most:
            writer.writerow([f"{most:,}行で切りました。しぼりこんで、もう一度書き出してください。"])
            break
        writer.writerow([safe_cell(value) for value in row])
    return out.getvalue().encode("utf-8-sig")
