"""What a figure is before it is drawn: a table with its units, its sums and its definition.

A table knows which of its cells are sums of others (`part_of` of rows and of columns). Totals are
worked out from that, small numbers are hidden along it, and no writer of a table adds up by hand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Any


class Unit(StrEnum):
    """What is counted; the value is the word on screen."""

    CASES = "件"
    PEOPLE = "人"
    HOUSEHOLDS = "世帯"
    TIMES = "回"
    ITEMS = "点"
    BOXES = "箱"
    HOMES = "戸"
    DAYS = "日"
    YEN = "円"
    KILOGRAMS = "kg"
    PERCENT = "%"
    RATIO = "倍"
    NONE = ""


class Picture(StrEnum):
    """How a table is drawn beside its figures."""

    NONE = "none"
    LINES = "lines"
    BARS = "bars"
    FLOW = "flow"
    TOWNS = "towns"


HIDDEN = "×"
"""Stands for a number too small to tell, and for those from which one could be worked out."""

Value = int | float | str | None
"""A number; HIDDEN; None for "there is no such figure", which is not nought."""


def unit_beside(label: str, unit: Unit | None) -> str:
    """The unit to be told beside a label; none where the label ends with it – no 「世帯（世帯）」 –
    and none for shares, whose every number has its 「%」.
    """
    if unit is None or unit is Unit.PERCENT or label.endswith(unit.value):
        return ""
    return unit.value


@dataclass(frozen=True)
class Column:
    """One column. `part_of` names the column it is added into; `persons` that it counts people,
    so that small numbers tell who it was; `from_` the columns a share or an average is made of.

    `adds` is False where rows are no sums of each other: a household of April may be May's too.
    `at_most` names the column it never exceeds, as households those who came so many times.
    """

    key: str
    label: str
    unit: Unit = Unit.CASES
    digits: int = 0
    part_of: str | None = None
    persons: bool = True
    from_: tuple[str, ...] = ()
    adds: bool = True
    at_most: str | None = None

    @property
    def unit_beside(self) -> str:
        return unit_beside(self.label, self.unit)


@dataclass(frozen=True)
class Row:
    """One row. `part_of` names the row it is added into; `from_` the rows a share is made of.

    `asks` is what a list must be asked for to show what was counted here. `ranked` says that it
    stands among its neighbours by its first number, which its place would tell.
    """

    key: str
    label: str
    values: tuple[Value, ...]
    part_of: str | None = None
    level: int = 0
    from_: tuple[str, ...] = ()
    unit: Unit | None = None
    digits: int | None = None
    asks: Mapping[str, str] = field(default_factory=dict)
    ranked: bool = False

    @property
    def unit_beside(self) -> str:
        return unit_beside(self.label, self.unit)


@dataclass(frozen=True)
class FigureTable:
    """A figure as it is shown, printed, exported and kept.

    `shared` names the cells (row, column) that other tables tell as well, under the same name.
    """

    key: str
    title: str
    definition: str
    head: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    picture: Picture = Picture.NONE
    shared: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing at all was counted."""
        return not any(value for row in self.rows for value in row.values)

    @property
    def untold(self) -> bool:
        """Whether small numbers were hidden and nothing but noughts is left to tell."""
        values = [value for row in self.rows for value in row.values]
        return HIDDEN in values and not any(
            isinstance(value, int | float) and value for value in values
        )

    def headline(self, key: str | None = None) -> tuple[str, str, str]:
        """What it says in one number: label, number in words, unit.

        The row of this key where the table has it, else the whole, else the first. Averages and
        what is counted in another unit stand below the whole and are not it.
        """
        own = (row for row in self.rows if row.key == key)
        sums = (row for row in reversed(self.rows) if not row.from_ and row.unit is None)
        whole = (row for row in sums if row.level == 0)
        row = next(own, None) or next(whole, self.rows[0])
        unit, digits = self.row_unit(row, self.columns[0])
        words = said(row.values[0], unit, digits)
        return row.label, words, "" if unit is Unit.PERCENT else unit.value

    def value(self, row: str, column: str) -> Value:
        """One cell by its keys. Raises KeyError for a row or column that is not there."""
        at = self.column_at(column)
        for one in self.rows:
            if one.key == row:
                return one.values[at]
        raise KeyError(row)

    def column_at(self, key: str) -> int:
        """The place of a column. Raises KeyError."""
        for at, column in enumerate(self.columns):
            if column.key == key:
                return at
        raise KeyError(key)

    def row_unit(self, row: Row, column: Column) -> tuple[Unit, int]:
        """Unit and digits after the point of one cell: the row's own where it has one."""
        unit = column.unit if row.unit is None else row.unit
        return unit, column.digits if row.digits is None else row.digits

    def with_values(self, cells: Mapping[tuple[int, int], Value]) -> "FigureTable":
        """The same table with some cells changed, by row and column number."""
        rows = tuple(
            replace(
                row,
                values=tuple(cells.get((r, c), value) for c, value in enumerate(row.values)),
            )
            for r, row in enumerate(self.rows)
        )
        return replace(self, rows=rows)


def said(value: Value, unit: Unit = Unit.NONE, digits: int = 0) -> str:
    """A cell in words: 「1,300」, 「31.0」, 「—」 where there is no such figure."""
    if value is None:
        return "—"
    if isinstance(value, str):
        return value
    number = f"{value:,.{digits}f}"
    return f"{number}%" if unit is Unit.PERCENT else number


def add_up(values: Iterable[Value]) -> Value:
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if isinstance(value, int | float)]
    return sum(known) if known else None


def share(part: Value, whole: Value, digits: int = 1) -> Value:
    """`part` out of a hundred of `whole`; None where there is no whole to divide by."""
    if not isinstance(part, int | float) or not isinstance(whole, int | float) or not whole:
        return None
    return rounded(100 * Fraction(part) / Fraction(whole), digits)


def per(amount: Value, count: Value, digits: int = 2) -> Value:
    """`amount` for each of `count`; None where there is none."""
    if not isinstance(amount, int | float) or not isinstance(count, int | float) or not count:
        return None
    return rounded(Fraction(amount) / Fraction(count), digits)


def rounded(number: Fraction | Decimal | float, digits: int) -> float:
    """A number that is not below nought with halves up, as 四捨五入 says.

    Python's `round` goes to even, and a quotient of floats may already lie beside the half.

    Examples
    --------
    >>> rounded(Fraction(100, 16), 1), round(100 / 16, 1)
    (6.3, 6.2)
    """
    steps: int = 10**digits
    return floor(Fraction(number) * steps + Fraction(1, 2)) / steps


def as_json(table: FigureTable) -> dict[str, Any]:
    """A table as it is kept in a snapshot and told by the API."""
    return {
        "key": table.key,
        "title": table.title,
        "definition": table.definition,
        "head": table.head,
        "notes": list(table.notes),
        "picture": table.picture.value,
        "shared": [[*cell, name] for cell, name in table.shared.items()],
        "columns": [
            {
                "key": c.key, "label": c.label, "unit": c.unit.value, "digits": c.digits,
                "part_of": c.part_of, "persons": c.persons, "from": list(c.from_),
                "adds": c.adds, "at_most": c.at_most,
            }
            for c in table.columns
        ],
        "rows": [
            {
                "key": r.key, "label": r.label, "values": list(r.values), "part_of": r.part_of,
                "level": r.level, "from": list(r.from_), "digits": r.digits,
                "unit": None if r.unit is None else r.unit.value, "ranked": r.ranked,
            }
            for r in table.rows
        ],
    }  # fmt: skip


def from_json(kept: Mapping[str, Any]) -> FigureTable:
    """The table that `as_json` wrote. What a list would be asked for is not kept with it."""
    return FigureTable(
        key=kept["key"],
        title=kept["title"],
        definition=kept["definition"],
        head=kept["head"],
        notes=tuple(kept["notes"]),
        picture=Picture(kept["picture"]),
        shared={(row, column): name for row, column, name in kept.get("shared", ())},
        columns=tuple(
            Column(
                key=c["key"],
                label=c["label"],
                unit=Unit(c["unit"]),
                digits=c["digits"],
                part_of=c["part_of"],
                persons=c["persons"],
                from_=tuple(c["from"]),
                adds=c.get("adds", True),
                at_most=c.get("at_most"),
            )
            for c in kept["columns"]
        ),
        rows=tuple(
            Row(
                key=r["key"],
                label=r["label"],
                values=tuple(r["values"]),
                part_of=r["part_of"],
                level=r["level"],
                from_=tuple(r["from"]),
                unit=None if r["unit"] is None else Unit(r["unit"]),
                digits=r["digits"],
                ranked=r.get("ranked", False),
            )
            for r in kept["rows"]
        ),
    )


def text_rows(table: FigureTable) -> Sequence[Sequence[str]]:
    """Label and cells of every row in words, as page and paper show them."""
    return [
        [
            row.label,
            *(
                said(value, *table.row_unit(row, column))
                for value, column in zip(row.values, table.columns, strict=True)
            ),
        ]
        for row in table.rows
    ]
