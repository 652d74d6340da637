"""A report as data for A4."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from app.reports.brief import Brief
from app.reports.charts import picture_of
from app.reports.periods import Month
from app.reports.reading import Reading
from app.reports.tables import FigureTable, Value, said, text_rows
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


def brief_paper(reading: Reading, told: Brief, *, today: date) -> dict[str, Any]:
    """What `brief.typ` takes: a month or quarter in short."""
    parts = [
        {"title": part.title, "lead": part.lead, "tables": drawn(part.tables)}
        for part in told.parts
        if part.key != "intakes"
    ]
    first = [part for part in told.parts if part.key == "intakes"]
    word = "月" if isinstance(reading.period.span, Month) else "四半期"
    sheet = _sheet(f"{word}の報告（{reading.period.label}）", reading.office.name, today)
    return {
        "sheet": sheet | {"contact": HOW_TO_READ},
        "marks": [reading.state],
        "headlines": [_headline(one, told.columns) for one in told.headlines],
        "first": {
            "title": first[0].title,
            "lead": first[0].lead,
            "tables": drawn(first[0].tables),
        }
        if first
        else None,
        "parts": parts,
    }


HOW_TO_READ = (
    "「—」は数字がないという意味です。あとからの記録で変わることがあります。"
    "数え方は「数字の数え方」にあります。"
)


def _headline(one: tuple[str, str, Value, Value], columns: Sequence[str]) -> dict[str, str]:
    name, unit, value, before = one
    told = "" if len(columns) < 2 else f"{columns[1]} {said(before)}"
    return {"name": name, "unit": unit, "value": said(value), "before": told}


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
                {"label": column.label, "unit": column.unit_beside} for column in table.columns
            ],
            "rows": [
                {
                    "cells": list(cells),
                    "level": row.level,
                    "unit": row.unit_beside,
                }
                for cells, row in zip(text_rows(table), table.rows, strict=True)
            ],
            "empty": table.empty,
            "notes": list(table.notes),
            "definition": table.definition,
            "svg": str(picture_of(table) or ""),
        }
        for table in tables
    ]
