"""The list of cases as a file a spreadsheet can open without running anything."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.cases.listing import CaseRow
from app.cases.models import AGE_BAND_LABELS, ROUTE_LABELS, STAGE_LABELS

COLUMNS = {
    "number": "番号",
    "code_name": "符号名",
    "name": "氏名",
    "kana": "ふりがな",
    "alias": "呼び名",
    "age_band": "年代",
    "stage": "段階",
    "leave_by": "退去の期限",
    "household_size": "世帯の人数",
    "received_on": "受付日",
    "route": "経路",
    "route_detail": "経路（課・機関）",
    "phone": "電話",
    "address": "住所",
}
_WORDS: Mapping[str, Mapping[Any, str]] = {
    "age_band": AGE_BAND_LABELS,
    "stage": STAGE_LABELS,
    "route": ROUTE_LABELS,
}


def as_csv(rows: Iterable[CaseRow]) -> bytes:
    """UTF-8 with a mark, so that Excel reads it; what the viewer may not see stays empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*COLUMNS.values(), "担当"])
    for row in rows:
        values = [safe_cell(_word(name, row.shown[name])) for name in COLUMNS]
        writer.writerow([*values, safe_cell("、".join(row.team))])
    return out.getvalue().encode("utf-8-sig")


def _word(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in _WORDS:
        return _WORDS[name].get(value, "")
    return value.isoformat() if isinstance(value, date) else str(value)


_FORMULA_SIGNS = frozenset("=+-@＝＋－＠")


def safe_cell(text: str) -> str:
    """A cell no spreadsheet takes for a formula: a leading sign gets an apostrophe before it."""
    risky = text[:1] in {"\t", "\r", "\n"} or text.lstrip()[:1] in _FORMULA_SIGNS
    return f"'{text}" if text and risky else text
