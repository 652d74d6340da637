"""Pictures of tables as SVG, made here: the same one on the page and on paper, no script.

They read in black and white: series differ by dashes and by their names at the line's end, bars
carry their number. Each stands beside its table, so a picture is hidden from screen readers but for
the map, which says where and names itself. Only attributes are used, no styles, which the pages'
security policy forbids.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from app.reports.drawing import INK, LINE, SHADES, SOFT, WIDTH, cut, frame, number, text
from app.reports.drawing import short as _n
from app.reports.tables import FigureTable, Picture, Unit, Value, said
from app.reports.town_map import town_map

DASHES = ("", "6 4")


@dataclass(frozen=True)
class Series:
    """One line: its name and a value for each place, None where there is none."""

    name: str
    values: Sequence[float | None]


def picture_of(table: FigureTable) -> Markup | None:
    """The picture a table asks for; None where it has none or there is nothing to draw: of hidden
    numbers and noughts alone a picture would say that nothing came.
    """
    draw = DRAWN.get(table.picture)
    return None if draw is None or table.empty else draw(table)


def small_picture_of(table: FigureTable, most: int = 5) -> tuple[Markup | None, str]:
    """The same for where many pictures stand beside each other, and what of it is left out.

    Of many bars the longest are shown, the longest first; few keep the order of their table.
    """
    if table.picture is not Picture.BARS:
        return picture_of(table), ""
    rows = [row for row in table.rows if row.level == 1 and row.values[0]]
    if len(rows) <= most:
        return picture_of(replace(table, rows=tuple(rows))), ""
    longest = sorted(rows, key=lambda row: -(number(row.values[0]) or 0))[:most]
    picture = picture_of(replace(table, rows=tuple(longest)))
    return picture, f"多いほうから{most}つ（全部で{len(rows)}つ）" if picture else ""


def steps_to(highest: float, most: int = 4) -> list[float]:
    """Round numbers from nought to the highest value or a little above it."""
    if highest <= 0:
        return [0, 1]
    rough = highest / most
    scale = 10 ** math.floor(math.log10(rough))
    step = next(m * scale for m in (1, 2, 5, 10) if m * scale >= rough)
    step = max(step, 1) if float(highest).is_integer() else step
    return [step * n for n in range(math.ceil(highest / step) + 1)]


# ---------------------------------------------------------------------------------------- lines


def lines(table: FigureTable) -> Markup | None:
    """A line for each whole column of counts over the rows deepest down, months for instance; None
    where no value is above nought.
    """
    deepest = max(row.level for row in table.rows)
    rows = [row for row in table.rows if row.level == deepest]
    series = [
        Series(column.label, [number(row.values[at]) for row in rows])
        for at, column in enumerate(table.columns)
        if not column.from_ and column.part_of is None
    ]
    if not any(value for one in series for value in one.values):
        return None
    places = [_short(row.label) for row in rows]
    return line_chart(places, series)


def _short(label: str) -> str:
    """「平成31年4月」 as 「4月」: the year stands in the table."""
    return label.rpartition("年")[2]


def line_chart(places: Sequence[str], series: Sequence[Series]) -> Markup:
    """Lines with their names at the end; what has no value leaves a gap."""
    left, right, top, height = 40.0, WIDTH - 12.0, 34.0, 170.0
    highest = max((v for one in series for v in one.values if v is not None), default=0)
    ticks = steps_to(highest)
    across = (right - left) / max(len(places) - 1, 1)

    def x(at: int) -> float:
        return left + at * across

    def y(value: float) -> float:
        return top + height * (1 - value / ticks[-1])

    parts = [_rule(left, right, y(tick)) for tick in ticks]
    parts += [text(left - 6, y(t) + 4, said(t), anchor="end", fill=SOFT) for t in ticks]
    parts += [
        text(x(at), top + height + 18, place.removesuffix("月"), anchor="middle", fill=SOFT)
        for at, place in enumerate(places)
    ]
    parts.append(text(right, top + height + 34, "月", anchor="end", fill=SOFT))
    for n, one in enumerate(series):
        parts += _line(one, n, x, y)
        parts += _named(one.name, n)
    return frame(top + height + 40, parts)


def _rule(left: float, right: float, y: float) -> Markup:
    return Markup('<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="0.6"/>').format(
        _n(left), _n(right), _n(y), _n(y), LINE
    )


def _line(
    series: Series, n: int, x: Callable[[int], float], y: Callable[[float], float]
) -> list[Markup]:
    shade, dash = SHADES[n % len(SHADES)], DASHES[n % len(DASHES)]
    drawn: list[Markup] = []
    for run in _runs(series.values):
        points = " ".join(f"{_n(x(at))},{_n(y(value))}" for at, value in run)
        drawn.append(
            Markup(
                '<polyline points="{}" fill="none" stroke="{}" stroke-width="2" '
                'stroke-dasharray="{}"/>'
            ).format(points, shade, dash or "none")
        )
        if n == 0 or len(run) == 1:
            drawn += [_dot(x(at), y(value), shade) for at, value in run]
    return drawn


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Stretches without a gap."""
    runs: list[list[tuple[int, float]]] = []
    for at, value in enumerate(values):
        if value is None:
            continue
        if runs and runs[-1][-1][0] == at - 1:
            runs[-1].append((at, value))
        else:
            runs.append([(at, value)])
    return runs


def _dot(x: float, y: float, shade: str) -> Markup:
    return Markup('<circle cx="{}" cy="{}" r="3" fill="{}"/>').format(_n(x), _n(y), shade)


def _named(name: str, n: int) -> list[Markup]:
    """The key above the picture: a piece of the line and its name."""
    at = 40.0 + n * 150
    shade, dash = SHADES[n % len(SHADES)], DASHES[n % len(DASHES)] or "none"
    piece = Markup(
        '<line x1="{}" x2="{}" y1="12" y2="12" stroke="{}" stroke-width="2" stroke-dasharray="{}"/>'
    ).format(_n(at), _n(at + 24), shade, dash)
    return [piece, text(at + 30, 16, name)]


# ----------------------------------------------------------------------------------------- bars

LABEL, BAR, STEP = 152.0, 130.0, 26.0


def bars(table: FigureTable) -> Markup | None:
    """A bar for each row of the first level, by the table's first column; None where no bar has a
    length.
    """
    rows = [row for row in table.rows if row.level == 1]
    if not any(number(row.values[0]) for row in rows):
        return None
    column = table.columns[0]
    return bar_chart([(row.label, row.values[0]) for row in rows], column.unit, column.digits)


def bar_chart(
    named: Sequence[tuple[str, Value]], unit: Unit = Unit.NONE, digits: int = 0
) -> Markup:
    """Bars with their names before and their numbers behind."""
    highest = max((number(value) or 0 for _name, value in named), default=0) or 1
    parts: list[Markup] = []
    for n, (name, value) in enumerate(named):
        top = n * STEP
        long = BAR * (number(value) or 0) / highest
        parts.append(text(LABEL - 6, top + 18, cut(name), anchor="end"))
        parts.append(
            Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
                _n(LABEL), _n(top + 4), _n(long), _n(STEP - 8), SHADES[0]
            )
        )
        parts.append(text(LABEL + long + 6, top + 18, said(value, unit, digits)))
    return frame(len(named) * STEP + 4, parts)


# ----------------------------------------------------------------------------------------- flow

NODE, GAP, TALL = 10.0, 23.0, 270.0
GREYS = ("#1f3d99", "#5b7bd5", "#8f8f8f", "#c6c6c6")
"""Light enough apart to be told from each other in print without colour."""


def flow(table: FigureTable) -> Markup | None:
    """Bands from each row of the first level to each column it is made of, as thick as the number;
    None where every number is hidden.

    Hidden numbers have no band, and where nobody came from or went to there is no end. Each end
    carries its name and its number above it, so that nothing is told by shade alone and the picture
    is no wider than a phone.
    """
    whole = next((row for row in table.rows if row.level == 0), None)
    rows = [row for row in table.rows if row.level == 1 and any(row.values)]
    places = [
        at
        for at, column in enumerate(table.columns)
        if column.part_of and any(row.values[at] for row in rows)
    ]
    thick = [[number(row.values[at]) or 0 for at in places] for row in rows]
    total = sum(map(sum, thick))
    if not total:
        return None
    scale = (TALL - GAP * max(len(rows), len(places))) / total
    left = _stacked([sum(line) * scale for line in thick])
    right = _stacked([sum(line[n] for line in thick) * scale for n in range(len(places))])
    parts = list(_bands(thick, left, right, scale))
    for n, row in enumerate(rows):
        parts += _end(left[n], sum(thick[n]) * scale, row.label, said(row.values[0]), at=0)
    for n, at in enumerate(places):
        told = said(whole.values[at]) if whole else ""
        size = sum(line[n] for line in thick) * scale
        parts += _end(right[n], size, table.columns[at].label, told, at=1)
    return frame(TALL + 8, parts)


def _stacked(sizes: Sequence[float]) -> list[float]:
    """Where each node begins, from the top; its name stands in the room above it."""
    tops, at = [], GAP
    for size in sizes:
        tops.append(at)
        at += size + GAP
    return tops


def _bands(
    thick: Sequence[Sequence[float]], left: Sequence[float], right: Sequence[float], scale: float
) -> Iterable[Markup]:
    start, end = NODE, WIDTH - NODE
    middle = (start + end) / 2
    arrived = list(right)
    for n, line in enumerate(thick):
        y = left[n]
        for m, value in enumerate(line):
            if not value:
                continue
            size, to = value * scale, arrived[m]
            path = (
                f"M{_n(start)},{_n(y)} C{_n(middle)},{_n(y)} {_n(middle)},{_n(to)} "
                f"{_n(end)},{_n(to)} L{_n(end)},{_n(to + size)} C{_n(middle)},{_n(to + size)} "
                f"{_n(middle)},{_n(y + size)} {_n(start)},{_n(y + size)} Z"
            )
            yield Markup(
                '<path d="{}" fill="{}" fill-opacity="0.75" stroke="#fff" stroke-width="0.8"/>'
            ).format(path, GREYS[n % len(GREYS)])
            y += size
            arrived[m] += size


def _end(top: float, size: float, name: str, told: str, *, at: int) -> list[Markup]:
    """A node, left (0) or right (1), with its name and number above it, where bands may pass."""
    x, edge = (0.0, 0.0) if at == 0 else (WIDTH - NODE, float(WIDTH))
    words = f"{cut(name, 9)} {told}"
    return [
        Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
            _n(x), _n(top), _n(NODE), _n(max(size, 1)), INK
        ),
        text(edge, top - 6, words, anchor="end" if at else "start", edged=True),
    ]


DRAWN: dict[Picture, Callable[[FigureTable], Markup | None]] = {
    Picture.LINES: lines,
    Picture.BARS: bars,
    Picture.FLOW: flow,
    Picture.TOWNS: town_map,
}
