"""Tables of a few shapes that many figures have: lines of their own, one whole split, days.

Every split is summed here, so no figure adds up by hand and every sum is known to the suppression.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor

from app.reports.tables import Column, FigureTable, Picture, Row, Unit, Value, share

Line = tuple[str, str, Value, Unit]
Share = tuple[str, str, str, str]
"""Key, label, and the keys of the part and of the whole."""


@dataclass(frozen=True)
class Split:
    """A part of a whole: counted itself, or the sum of what is below it."""

    key: str
    label: str
    count: int = 0
    below: tuple["Split", ...] = ()
    asks: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(one.total for one in self.below) if self.below else self.count


def totals_table(
    *,
    key: str,
    title: str,
    definition: str,
    lines: Sequence[Line],
    shares: Iterable[Share] = (),
    made_of: Mapping[str, tuple[str, ...]] | None = None,
    label: str = "数",
    notes: tuple[str, ...] = (),
) -> FigureTable:
    """One column of figures that are no sums of each other, then the shares of one in another.

    `made_of` names the lines a weight or an amount goes back to: it is hidden with them.
    """
    values = {one: value for one, _label, value, _unit in lines}
    behind = made_of or {}
    rows = [
        Row(
            one,
            text,
            (value,),
            level=1,
            unit=unit,
            digits=1 if unit is Unit.KILOGRAMS else None,
            from_=behind.get(one, ()),
        )
        for one, text, value, unit in lines
    ]
    rows += [
        Row(
            one,
            text,
            (share(values[part], values[whole]),),
            level=1,
            unit=Unit.PERCENT,
            digits=1,
            from_=(part, whole),
        )
        for one, text, part, whole in shares
    ]
    return FigureTable(
        key=key,
        title=title,
        definition=definition,
        head="項目",
        columns=(Column("value", label, Unit.NONE),),
        rows=tuple(rows),
        notes=notes,
        picture=Picture.NONE,
    )


def split_table(
    *,
    key: str,
    title: str,
    definition: str,
    head: str,
    label: str,
    whole: str,
    parts: Sequence[Split],
    unit: Unit = Unit.CASES,
    notes: tuple[str, ...] = (),
    picture: Picture = Picture.BARS,
) -> FigureTable:
    """A whole in its parts and theirs, each with its share of the whole; the whole comes last.

    Below the first level only what was counted at all is listed.
    """
    total = sum(part.total for part in parts)
    rows = [row for part in parts for row in _rows(part, total, above="total", level=1)]
    rows.append(Row("total", whole, (total, share(total, total))))
    return FigureTable(
        key=key,
        title=title,
        definition=definition,
        head=head,
        columns=(
            Column("count", label, unit),
            Column("share", "割合", Unit.PERCENT, 1, from_=("count",)),
        ),
        rows=tuple(rows),
        notes=notes,
        picture=picture,
    )


def _rows(part: Split, whole: int, *, above: str, level: int) -> Iterable[Row]:
    values = (part.total, share(part.total, whole))
    yield Row(part.key, part.label, values, part_of=above, level=level, asks=part.asks)
    for one in part.below:
        if not one.total:
            continue
        yield from _rows(one, whole, above=part.key, level=level + 1)


def days_table(
    *,
    key: str,
    title: str,
    definition: str,
    head: str,
    lines: Sequence[tuple[str, str, Sequence[int]]],
    notes: tuple[str, ...] = (),
) -> FigureTable:
    """How many and how long: the quarter that was quickest, the middle, the quarter that was
    slowest.
    """
    return FigureTable(
        key=key,
        title=title,
        definition=definition,
        head=head,
        columns=(
            Column("n", "世帯", Unit.HOUSEHOLDS),
            Column("quick", "早い4分の1", Unit.DAYS, from_=("n",)),
            Column("middle", "真ん中（中央値）", Unit.DAYS, from_=("n",)),
            Column("slow", "遅い4分の1", Unit.DAYS, from_=("n",)),
        ),
        rows=tuple(
            Row(one, text, (len(days), *quartiles(days)), level=1) for one, text, days in lines
        ),
        notes=notes,
    )


def quartiles(values: Sequence[int]) -> tuple[Value, Value, Value]:
    """First quartile, median and third quartile, rounded half up; None where there is nothing.

    The quartiles are those of the values as a whole population (Hyndman and Fan's type 7).

    Examples
    --------
    >>> quartiles([10, 20, 30, 40, 50])
    (20, 30, 40)
    >>> quartiles([7]), quartiles([])
    ((7, 7, 7), (None, None, None))
    """
    if not values:
        return None, None, None
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return floor(low + 0.5), floor(middle + 0.5), floor(high + 0.5)
