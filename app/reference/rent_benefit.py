"""What the rent benefit (住居確保給付金 家賃補助) is measured by: standard amounts and activities.

A guide for staff (目安), never a decision. 基準額 is the gross monthly pay at which the municipal
per-capita tax (市町村民税均等割) is not levied: ((350,000 × people + 210,000 from two people on) ×
the grade's factor + 100,000), with the employment-income deduction added back, a twelfth of it
rounded up to 1,000 yen (地方税法295条3項と施行令, 所得税法28条). The ordinance decides: a
municipality's own table, entered in the program, goes before these rows.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import ceil
from pathlib import Path

from app.reference.rent_ceilings import Certainty

_DATA = Path(__file__).parent / "data"
SIZES = 7
"""Tables end with seven people; more count as seven and have to be asked about."""

GRADE_FACTORS = {1: Fraction(1), 2: Fraction(9, 10), 3: Fraction(8, 10)}


@dataclass(frozen=True)
class StandardRow:
    """基準額 in yen a month for 1 to 7 people, since when, for a grade; the first `confirmed`
    sizes agree with a published table.
    """

    grade: int
    valid_from: date
    amounts: tuple[int, ...]
    confirmed: int
    source: str


@dataclass(frozen=True)
class Standard:
    """One 基準額 with where it comes from and how sure it is."""

    amount: int
    source: str
    certainty: Certainty
    valid_from: date


@dataclass(frozen=True)
class ActivityRule:
    """What somebody with the benefit does to find work: `times` per week, month or once."""

    code: str
    reason: str
    label: str
    times: int
    per: str
    valid_from: date
    certainty: Certainty
    source: str


@lru_cache(maxsize=1)
def shipped_standards() -> tuple[StandardRow, ...]:
    """The rows that come with the program."""
    with (_DATA / "rent_benefit_standards.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            StandardRow(
                int(row["grade"]),
                date.fromisoformat(row["valid_from"]),
                tuple(int(row[f"p{n}"]) for n in range(1, SIZES + 1)),
                int(row["confirmed_sizes"]),
                row["source"],
            )
            for row in csv.DictReader(lines)
        )


def standard_amount(
    rows: Iterable[StandardRow], *, grade: int, people: int, on: date
) -> Standard | None:
    """The national computed 基準額; None before the first row. `people` at least 1."""
    if people < 1:
        raise ValueError("世帯の人数は1人以上で入れてください。")
    usable = [row for row in rows if row.grade == grade and row.valid_from <= on]
    found = max(usable, key=lambda row: row.valid_from, default=None)
    if found is None:
        return None
    size = min(people, SIZES)
    certainty = Certainty.CONFIRMED if people <= found.confirmed else Certainty.TO_CONFIRM
    return Standard(found.amounts[size - 1], found.source, certainty, found.valid_from)


def untaxed_pay(*, people: int, grade: int, least_deduction: int) -> int:
    """基準額 by the formula, in yen a month; `least_deduction` is 550,000 or, from 2026, 650,000.

    The deduction is the least one, or 40 % less 100,000 up to 1,800,000 yen of pay, or 30 % plus
    80,000 up to 3,600,000, or 20 % plus 440,000 above (所得税法28条3項).
    """
    persons = 350_000 * people + (210_000 if people > 1 else 0)
    income = Fraction(persons) * GRADE_FACTORS[grade] + 100_000
    pay = max(income + least_deduction, _pay_above(income))
    return ceil(pay / 12 / 1000) * 1000


def _pay_above(income: Fraction) -> Fraction:
    """The pay that leaves this income where the deduction is a share of the pay."""
    forty = (income - 100_000) / Fraction(6, 10)
    if forty <= 1_800_000:
        return forty
    thirty = (income + 80_000) / Fraction(7, 10)
    return thirty if thirty <= 3_600_000 else (income + 440_000) / Fraction(8, 10)


@lru_cache(maxsize=4)
def activity_rules(day: date) -> tuple[ActivityRule, ...]:
    """The activities asked for on a day; of one code and reason the newest row counts."""
    with (_DATA / "rent_benefit_activities.csv").open(encoding="utf-8", newline="") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: row["valid_from"])
    newest = {
        (row["code"], row["reason"]): ActivityRule(
            row["code"],
            row["reason"],
            row["label"],
            int(row["times"]),
            row["per"],
            date.fromisoformat(row["valid_from"]),
            Certainty(row["certainty"]),
            row["source"],
        )
        for row in rows
        if row["valid_from"] <= day.isoformat()
    }
    return tuple(newest.values())
