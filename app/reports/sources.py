"""The figures printed in the two source documents, through the builders that live counts use.

They are the documents' own, kept in `source_tables/` as printed, and never stand on a page with
what is counted here: who reads them sees that our tables are theirs.
"""

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from app.cases.models import Route
from app.japanese import format_fiscal_year
from app.reports.figures.arrivals import route_table
from app.reports.figures.intakes import Population, monthly_table, rate_table
from app.reports.figures.issues import Ticked, issue_table
from app.reports.figures.simple import totals_table
from app.reports.periods import MONTHS, Period
from app.reports.tables import FigureTable, Unit

FOLDER = Path(__file__).parent / "source_tables"
SOURCE = "座間市の資料（生活困窮者自立支援）に載っている数です。いまの相談の数ではありません。"
YEARS = {"令和元年度": 2019, "令和2年度": 2020}
PRINTED_POPULATION = Population("座間市", date(2020, 9, 1), 130_753, "資料に載っている人口")

# 相談経路: what the table of H30 prints above its two levels.
OWN, UNKNOWN = 201, 41
ASSESSMENTS, ISSUES = 115, 446
UNSTABLE_HOMES, OF_ASSESSMENTS = 64, 292


def _rows(name: str) -> Iterator[list[str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from list(csv.reader(file))[1:]


def _year(year: int) -> Period:
    return Period(year, date(year + 1, 3, 31))


@cache
def monthly() -> dict[int, dict[int, int]]:
    """New intakes by fiscal year and month."""
    return {
        YEARS[name]: dict(zip(MONTHS, map(int, counts[:12]), strict=True))
        for name, *counts in _rows("monthly_intakes.csv")
    }


@cache
def source_tables() -> tuple[FigureTable, ...]:
    """Every table of the documents, built as live ones are."""
    counts = monthly()
    return (
        monthly_table(_year(2020), counts[2020], counts[2019]),
        rate_table(_year(2019), counts[2019], PRINTED_POPULATION),
        _routes(),
        _issues(),
        _homes(),
        _budget(),
    )


def _routes() -> FigureTable:
    levels = {"庁内": Route.INSIDE, "庁外": Route.OUTSIDE}
    arrivals = [
        (levels[level], name, int(count)) for level, name, count in _rows("referral_routes_h30.csv")
    ]
    return route_table(
        format_fiscal_year(2018),
        [(Route.OWN, "", OWN), *arrivals, (Route.UNKNOWN, "", UNKNOWN)],
    )


def _issues() -> FigureTable:
    ticked = [
        Ticked(f"source-{n}", name, int(count))
        for n, (name, count) in enumerate(_rows("assessment_issues_h30.csv"))
    ]
    return issue_table(format_fiscal_year(2018), ticked, assessments=ASSESSMENTS, total=ISSUES)


def _homes() -> FigureTable:
    return totals_table(
        key="unstable_homes",
        title="住まい不安定（平成28〜30年度）",
        definition="初回アセスメントのうち「住まい不安定」に印の付いたものの割合です。",
        lines=[
            ("unstable", "住まい不安定", UNSTABLE_HOMES, Unit.PEOPLE),
            ("assessments", "初回アセスメント", OF_ASSESSMENTS, Unit.PEOPLE),
        ],
        shares=[("share", "割合", "unstable", "assessments")],
    )


def _budget() -> FigureTable:
    """家計改善支援の支援決定 in R2, by month."""
    (row,) = _rows("budget_support_decisions_r2.csv")
    table = monthly_table(_year(2020), dict(zip(MONTHS, map(int, row[:12]), strict=True)))
    return FigureTable(
        key="budget_support",
        title="家計改善支援の支援決定",
        definition="家計改善支援の支援決定をした月に1件と数えます。",
        head=table.head,
        columns=table.columns,
        rows=table.rows,
        picture=table.picture,
    )
