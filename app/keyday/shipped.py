"""The template every organisation starts with: what has to be thought of around the keys.

The lines stand in `data/lines.csv`. `certain` is yes only where the rule was confirmed; every
other basis reads 要確認, as municipalities ask for different papers and what is commonly told
(fourteen or fifteen days for 国民健康保険, 介護保険, 児童手当) has still to be confirmed.
代理納付 is told as the Ministry's notices have it: the rule since April 2020 for those named there,
共益費 too, without 敷金, 火災保険 and 更新料.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from app.keyday.codes import Applies, CountedFrom, Doer

# Lines beside which the machine says what it sees.
PARCEL, GAS, FIRST_CHECK_IN = "parcel", "gas", "first_check_in"
BEDDING, CURTAINS, KITCHEN = "bedding", "curtains", "kitchen"


@dataclass(frozen=True)
class Line:
    """One line of a template, shipped or an organisation's own."""

    code: str
    title: str
    explanation: str
    counted_from: CountedFrom
    offset_days: int
    doer: Doer
    applies: Applies = Applies.ALWAYS
    basis: str | None = None
    certain: bool = False
    partner_name: str | None = None


def _read() -> tuple[Line, ...]:
    """The lines in their order; one that cannot be is a fault of the file and stops the start."""
    path = Path(__file__).with_name("data") / "lines.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Line(
                code=row["code"],
                title=row["title"],
                explanation=row["explanation"],
                counted_from=CountedFrom(row["counted_from"]),
                offset_days=int(row["offset_days"]),
                doer=Doer(row["doer"]),
                applies=Applies(row["applies"]),
                basis=row["basis"] or None,
                certain={"yes": True, "no": False}[row["certain"]],
            )
            for row in csv.DictReader(file)
        )


SHIPPED: tuple[Line, ...] = _read()
