"""What the list of cases says of a case when it is saved as a file."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.cases.listing import CaseRow
from app.cases.models import (
    AGE_BAND_LABELS,
    ROUTE_LABELS,
    STAGE_LABELS,
)

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


HEAD = (*COLUMNS.values(), "担当")


def cells(row: CaseRow) -> list[str]:
    """One case under `HEAD`; what the viewer may not see stays empty."""
    return [*(_word(name, row.shown[name]) for name in COLUMNS), "、".join(row.team)]


def _word(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in _WORDS:
        return _WORDS[name].get(value, "")
    return value.isoformat() if isinstance(value, date) else str(value)
