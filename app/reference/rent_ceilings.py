"""The monthly ceiling of housing assistance (住宅扶助限度額), which also caps the rent benefit.

A guide for staff (目安), never a decision. Rules:

- a city with its own rate (指定都市・中核市) uses its own row, every other municipality the row of
its
  prefecture and main grade (級地);
- five sizes of household: 1, 2, 3 to 5, 6, and 7 or more people;
- for one person living in little space the amount is reduced: above 10 to 15 m² 90 %, above 6 to
10 m²
  80 %, 6 m² and less 70 %, rounded half-up to 1,000 yen (生活保護法による保護の基準, since
  2015-07-01; the rounding reproduces the published amounts of the 23 wards, Yokohama and Saitama);
- special ceilings (×1.3) are granted case by case and never applied here.

The rows come from a public secondary collection; only those that a second source confirmed are
certain.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from app.japanese import half_up

VALID_FROM = date(2015, 7, 1)
"""The base revision. Some amounts changed in October 2019; the tables carry no dates of their own.
"""

LOWEST_GRADE = 3
"""A municipality that the table of grades leaves out is grade 3-2 by rule."""

_DATA = Path(__file__).parent / "data"
_COLUMNS = ("p1", "p2", "p3_5", "p6", "p7plus")
_SMALL_HOMES = ((Decimal(6), 70), (Decimal(10), 80), (Decimal(15), 90))


class Certainty(StrEnum):
    """Whether a figure may be shown as it is."""

    CONFIRMED = "確認済み"
    TO_CONFIRM = "要確認"


@dataclass(frozen=True)
class CeilingRow:
    """Amounts in yen a month for 1, 2, 3–5, 6 and 7+ people; ``grade`` is None for a city's own
    rate.
    """

    prefecture: str
    own_rate_city: str
    grade: int | None
    amounts: tuple[int, int, int, int, int]
    certainty: Certainty
    valid_from: date = VALID_FROM


@dataclass(frozen=True)
class Ceiling:
    """The answer: yen a month, why in a Japanese sentence, and how sure the figure is."""

    amount: int
    full_amount: int
    percent: int
    source: str
    certainty: Certainty
    valid_from: date


def read_ceiling_rows(lines: Iterable[str]) -> tuple[CeilingRow, ...]:
    """Rows of rent_ceilings.csv (prefecture, own_rate_city, grade, p1 … p7plus, status)."""
    return tuple(
        CeilingRow(
            row["prefecture"],
            row["own_rate_city"],
            int(row["grade"]) if row["grade"] else None,
            (
                int(row["p1"]),
                int(row["p2"]),
                int(row["p3_5"]),
                int(row["p6"]),
                int(row["p7plus"]),
            ),
            Certainty.CONFIRMED if row["status"] == "cross-checked" else Certainty.TO_CONFIRM,
        )
        for row in csv.DictReader(lines)
    )


def read_grades(lines: Iterable[str]) -> dict[tuple[str, str], int]:
    """Main grade by (prefecture, municipality) from municipality_grades.csv."""
    return {
        (row["prefecture"], row["municipality"]): int(row["grade"]) for row in csv.DictReader(lines)
    }


@lru_cache(maxsize=1)
def shipped_ceiling_rows() -> tuple[CeilingRow, ...]:
    """The table that comes with the program."""
    with (_DATA / "rent_ceilings.csv").open(encoding="utf-8-sig", newline="") as lines:
        return read_ceiling_rows(lines)


@lru_cache(maxsize=1)
def shipped_grades() -> dict[tuple[str, str], int]:
    """The grades that come with the program."""
    with (_DATA / "municipality_grades.csv").open(encoding="utf-8-sig", newline="") as lines:
        return read_grades(lines)


def rent_ceiling(
    rows: Iterable[CeilingRow],
    grades: dict[tuple[str, str], int],
    *,
    prefecture: str,
    municipality: str,
    household_size: int,
    floor_area: Decimal | None = None,
    on: date | None = None,
) -> Ceiling | None:
    """The ceiling for a household moving to a municipality, or None when no row covers it.

    Parameters
    ----------
    rows, grades
        The dated tables; of several rows for one place the newest valid ``on`` that day counts.
    prefecture, municipality
        "神奈川県", "座間市"; a ward of a large city ("横浜市中区") counts as its city.
    household_size
        People, at least 1; a ValueError otherwise.
    floor_area
        Square metres of the home, for one person only. None leaves the amount unreduced.
    """
    if household_size < 1:
        raise ValueError("世帯の人数は1人以上で入れてください。")
    if floor_area is not None and floor_area <= 0:
        raise ValueError("面積は0より大きい数で入れてください。")
    usable = [row for row in rows if on is None or row.valid_from <= on]
    city = re.sub(r"(?<=市).+区$", "", municipality)
    grade = grades.get((prefecture, municipality)) or grades.get((prefecture, city))
    own = [row for row in usable if row.own_rate_city == city]
    general = [
        row
        for row in usable
        if not row.own_rate_city
        and row.prefecture == prefecture
        and row.grade == (grade or LOWEST_GRADE)
    ]
    found = max(own or general, key=lambda row: row.valid_from, default=None)
    if found is None:
        return None
    grade_known = bool(own) or grade is not None
    return _ceiling(found, household_size, floor_area, grade_known=grade_known)


def _ceiling(
    row: CeilingRow, household_size: int, floor_area: Decimal | None, *, grade_known: bool
) -> Ceiling:
    full = row.amounts[_size_column(household_size)]
    percent = _percent(floor_area) if household_size == 1 else 100
    amount = full if percent == 100 else half_up(Decimal(full) * percent / 100, 1_000)
    sure = grade_known and row.certainty is Certainty.CONFIRMED
    certainty = Certainty.CONFIRMED if sure else Certainty.TO_CONFIRM
    where = row.own_rate_city or f"{row.prefecture}{row.grade}級地"
    parts = [f"住宅扶助限度額（{where}、{household_size}人世帯）月{full:,}円"]
    if percent != 100:
        parts.append(f"床面積{floor_area}㎡のため{percent}％で月{amount:,}円")
    if not grade_known:
        parts.append("級地の表に載っていないため3級地としました")
    note = "" if sure else "金額は福祉事務所に確かめてください。"
    return Ceiling(amount, full, percent, "。".join(parts) + f"。{note}", certainty, row.valid_from)


def _size_column(household_size: int) -> int:
    if household_size <= 2:
        return household_size - 1
    if household_size <= 5:
        return 2
    return 3 if household_size == 6 else 4


def _percent(floor_area: Decimal | None) -> int:
    """The bands' upper bounds count as inside (10 m² is 80 %), as the notice writes "超"."""
    if floor_area is not None:
        for bound, percent in _SMALL_HOMES:
            if floor_area <= bound:
                return percent
    return 100
