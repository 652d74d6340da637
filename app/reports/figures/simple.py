"""Tables of a few lines each with a unit of its own, and the shares made of them."""

from collections.abc import Iterable, Sequence

from app.reports.tables import Column, FigureTable, Picture, Row, Unit, Value, share

Line = tuple[str, str, Value, Unit]
Share = tuple[str, str, str, str]
"""Key, label, and the keys of the part and of the whole."""

PEOPLE_UNITS = frozenset({Unit.CASES, Unit.PEOPLE, Unit.HOUSEHOLDS})


def totals_table(
    *,
    key: str,
    title: str,
    definition: str,
    lines: Sequence[Line],
    shares: Iterable[Share] = (),
    label: str = "数",
    notes: tuple[str, ...] = (),
) -> FigureTable:
    """One column of figures that are no sums of each other, then the shares of one in another."""
    values = {one: value for one, _label, value, _unit in lines}
    rows = [Row(one, text, (value,), level=1, unit=unit) for one, text, value, unit in lines]
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
