"""The moving-cost benefit (住居確保給付金 転居費用補助): what it covers and up to how much.

A guide for staff (目安), never a decision. In force since 2025-04-01; at most three times the
ceiling of housing assistance of the municipality moved to. What neither list names is not known.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from app.reference.rent_ceilings import (
    Certainty,
    rent_ceiling,
    shipped_ceiling_rows,
    shipped_grades,
)

_FILE = Path(__file__).parent / "data" / "moving_cost_benefit.csv"
MONTHS = 3

MOVING_COSTS: Mapping[str, str] = {
    "key_money": "礼金",
    "agent_fee": "仲介手数料",
    "guarantee": "保証料",
    "insurance": "住宅保険料",
    "moving": "家財の運搬",
    "cleaning": "クリーニング・原状回復",
    "lock_change": "鍵交換",
    "deposit": "敷金",
    "prepaid": "前家賃",
    "daily": "日割家賃",
    "furniture": "家財・設備",
    "other": "その他",
}
"""Kinds of cost of a move, by the code the table of covered costs and a home's costs share."""


@dataclass(frozen=True)
class CoverRule:
    """Whether the benefit may pay a kind of cost, since when, and how sure that is."""

    covered: bool
    valid_from: date
    certainty: Certainty
    source: str


@dataclass(frozen=True)
class Cap:
    """The most the benefit may pay, in yen, with why and how sure."""

    amount: int
    source: str
    certainty: Certainty


@lru_cache(maxsize=4)
def cover_rules(day: date) -> Mapping[str, CoverRule]:
    """The rules in force on `day`, by the code of the cost; the newest row of a code counts."""
    with _FILE.open(encoding="utf-8") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: row["valid_from"])
    return {
        row["code"]: CoverRule(
            row["covered"] == "1",
            date.fromisoformat(row["valid_from"]),
            Certainty(row["certainty"]),
            row["source"],
        )
        for row in rows
        if row["valid_from"] <= day.isoformat()
    }


def moving_cost_cap(*, prefecture: str, municipality: str, people: int, on: date) -> Cap | None:
    """Three times the destination's ceiling; None where no row covers it or before the benefit."""
    if not cover_rules(on):
        return None
    ceiling = rent_ceiling(
        shipped_ceiling_rows(),
        shipped_grades(),
        prefecture=prefecture,
        municipality=municipality,
        household_size=people,
        on=on,
    )
    if ceiling is None:
        return None
    return Cap(MONTHS * ceiling.amount, f"{ceiling.source}その{MONTHS}倍まで。", ceiling.certainty)
