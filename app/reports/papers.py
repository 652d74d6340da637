"""A report as data for A4."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from app.reports.charts import picture_of
from app.reports.reading import Reading
from app.reports.tables import FigureTable, text_rows
from app.wording import day


def paper(reading: Reading, *, today: date) -> dict[str, Any]:
    """What `report.typ` takes."""
    snapshot = reading.snapshot
    marks = [reading.state]
    if snapshot is not None:
        marks.append(f"照合番号 {snapshot.digest[:12]}")
        if snapshot.reason:
            marks.append(f"訂正の理由：{snapshot.reason}")
    return {
        "sheet": _sheet(f"相談の数字（{reading.period.label}）", reading.office.name, today),
        "marks": marks,
        "parts": [
            {"title": part.title, "lead": part.lead, "tables": drawn(part.tables)}
            for part in reading.parts
        ],
    }


def source_paper(tables: Sequence[FigureTable], *, about: str, today: date) -> dict[str, Any]:
    """The same paper for the tables of the source documents."""
    return {
        "sheet": _sheet("もとの資料の数字", "つなぎ", today),
        "marks": [about],
        "parts": [{"title": "", "lead": "", "tables": drawn(tables)}],
    }


def _sheet(title: str, organisation: str, today: date) -> dict[str, Any]:
    return {"title": title, "organisation": organisation, "made_on": day(today)}


def drawn(tables: Iterable[FigureTable]) -> list[dict[str, Any]]:
    """Tables in words, with their pictures."""
    return [
        {
            "title": table.title,
            "head": table.head,
            "columns": [
                {"label": column.label, "unit": column.unit.value} for column in table.columns
            ],
            "rows": [
                {
                    "cells": list(cells),
                    "level": row.level,
                    "unit": row.unit.value if row.unit else "",
                }
                for cells, row in zip(text_rows(table), table.rows, strict=True)
            ],
            "notes": list(table.notes),
            "definition": table.definition,
            "svg": str(picture_of(table) or ""),
        }
        for table in tables
    ]
