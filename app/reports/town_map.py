"""Towns where they really lie to each other: a circle for each, its name and numbers beside.

Only the middle of a town is known, from the tables on disk (`app/geocoding.py`); a town nobody
can place is named under the map and never put somewhere. Circles are as large in area as their
number, and everything they say is written as well, so that nothing hangs on colour.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.geocoding import locate
from app.reports.drawing import INK, SHADES, SIZE, SOFT, WIDTH, cut, frame, number, text
from app.reports.drawing import short as _n
from app.reports.tables import FigureTable, Row, said

HEIGHT = 320.0
GROUND = "#f8f8fb"
EDGE = 52.0
"""What is kept free round the middles, for circles and words."""
LARGEST, SMALLEST = 26.0, 4.0
FEW = 5
"""So many towns have room for the largest circles, and so many households deserve one."""
LEAST_KM = 8.0
"""So far the map reaches at least: a single town would have no scale."""
MOST = 10
"""Towns drawn; the rest stands in the table."""
LINE = 15.0
KEY = 26.0
"""How high the corner with the key of sizes is."""
KM = 111.32
"""Kilometres in a degree of latitude."""


def town_key(prefecture: str, town: str) -> str:
    """The key of a town's row: what it takes to find it again on a kept report."""
    return f"town:{prefecture}:{town}"


@dataclass(frozen=True)
class Box:
    """A rectangle on the picture."""

    x: float
    y: float
    width: float
    height: float

    def touches(self, other: "Box") -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True)
class Sizes:
    """How large circles are: in area as their numbers, the highest one with this radius."""

    highest: float
    largest: float

    def radius(self, value: float) -> float:
        return max(self.largest * math.sqrt(value / self.highest), SMALLEST)


@dataclass(frozen=True)
class Spot:
    """A town on the picture: its circle (None for a hidden number) and its words."""

    x: float
    y: float
    radius: float
    value: float | None
    words: tuple[str, str]

    @property
    def box(self) -> Box:
        return Box(self.x - self.radius, self.y - self.radius, 2 * self.radius, 2 * self.radius)


def town_map(table: FigureTable) -> Markup | None:
    """The map of a table whose rows are towns, first column the number, last the homes there.

    None where no town can be placed: the table says it all.
    """
    rows = [row for row in table.rows if row.key.startswith("town:")]
    drawn: list[tuple[Row, tuple[float, float]]] = []
    beside: list[Row] = []
    for row in rows:
        place = _place(row) if len(drawn) < MOST else None
        if place is None:
            beside.append(row)
        else:
            drawn.append((row, place))
    if not drawn:
        return None
    highest = max(number(row.values[0]) or 0 for row in rows) or 1
    crowded, sparse = min(1.0, FEW / len(drawn)), min(1.0, highest / FEW)
    sizes = Sizes(highest, LARGEST * math.sqrt(crowded * sparse))
    scale = Scale.around([place for _row, place in drawn])
    spots = [_spot(row, scale.at(place), sizes) for row, place in drawn]
    spots.sort(key=lambda spot: -spot.radius)
    parts = [_ground(), *(_circle(spot) for spot in spots), *_labels(spots)]
    parts += [*_north(), *_bar(scale), *_key(sizes)]
    lines = list(_beside(beside))
    parts += [text(4, HEIGHT + LINE * (n + 1), line, fill=SOFT) for n, line in enumerate(lines)]
    name = (f"{table.key}-map", f"{table.title}の地図。数は表にあります。")
    return frame(HEIGHT + LINE * len(lines) + 6, parts, name=name)


def _place(row: Row) -> tuple[float, float] | None:
    """Latitude and longitude of a town's middle."""
    _kind, prefecture, town = row.key.split(":", 2)
    found = locate(town, prefecture=prefecture or None)
    return (found.latitude, found.longitude) if found else None


def _spot(row: Row, at: tuple[float, float], sizes: Sizes) -> Spot:
    value = number(row.values[0])
    radius = sizes.radius(value or 0)
    words = (cut(row.label), f"{said(row.values[0])}世帯・空き{said(row.values[-1])}戸")
    return Spot(*at, radius, value, words)


@dataclass(frozen=True)
class Scale:
    """From degrees to the picture, north up; the same scale both ways."""

    north: float
    west: float
    flatten: float
    per_degree: float
    left: float
    top: float

    @classmethod
    def around(cls, places: Sequence[tuple[float, float]]) -> "Scale":
        """One that shows all places in the middle of the picture."""
        if not places:
            places = [(35.0, 135.0)]
        lats, lons = [lat for lat, _lon in places], [lon for _lat, lon in places]
        flatten = math.cos(math.radians((min(lats) + max(lats)) / 2))
        tall = max(lats) - min(lats)
        wide = (max(lons) - min(lons)) * flatten
        room = (WIDTH - 2.6 * EDGE, HEIGHT - 2 * EDGE)
        least = LEAST_KM / KM
        per_degree = min(room[0] / max(wide, least), room[1] / max(tall, least))
        return cls(
            max(lats),
            min(lons),
            flatten,
            per_degree,
            (WIDTH - wide * per_degree) / 2,
            (HEIGHT - tall * per_degree) / 2,
        )

    def at(self, place: tuple[float, float]) -> tuple[float, float]:
        lat, lon = place
        return (
            self.left + (lon - self.west) * self.flatten * self.per_degree,
            self.top + (self.north - lat) * self.per_degree,
        )

    @property
    def per_km(self) -> float:
        return self.per_degree / KM


def _ground() -> Markup:
    return Markup(
        '<rect x="0.5" y="0.5" width="{}" height="{}" fill="{}" stroke="#b3b3b3"/>'
    ).format(_n(WIDTH - 1), _n(HEIGHT - 1), GROUND)


def _circle(spot: Spot) -> Markup:
    """Filled by its number; an empty, dashed one for nought and for a number that is hidden."""
    if not spot.value:
        return Markup(
            '<circle cx="{}" cy="{}" r="{}" fill="#fff" stroke="{}" stroke-dasharray="2 2"/>'
        ).format(_n(spot.x), _n(spot.y), _n(spot.radius), INK)
    return Markup(
        '<circle cx="{}" cy="{}" r="{}" fill="{}" fill-opacity="0.3" stroke="{}" '
        'stroke-width="1.5"/>'
    ).format(_n(spot.x), _n(spot.y), _n(spot.radius), SHADES[0], INK)


# --------------------------------------------------------------------------------------- labels


def _labels(spots: Sequence[Spot]) -> Iterator[Markup]:
    """Names and numbers, each pushed away until it lies on nothing else."""
    low = HEIGHT - KEY - 8
    taken = [Box(WIDTH - 40, 0, 40, 50), Box(0, low, 130, 34), Box(WIDTH - 110, low, 110, 34)]
    circles = [spot.box for spot in spots]
    boxes = []
    for spot in spots:
        boxes.append(_free(spot, taken, circles))
        taken.append(boxes[-1])
        yield from _lead(spot, boxes[-1])
    for spot, box in zip(spots, boxes, strict=True):
        yield _under(box)
        for n, line in enumerate(spot.words):
            yield text(box.x + 2, box.y + LINE * (n + 1) - 3, line)


def _under(box: Box) -> Markup:
    """Ground under words, so that no line to other words runs through them."""
    return Markup(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" fill-opacity="0.8"/>'
    ).format(_n(box.x), _n(box.y), _n(box.width), _n(box.height), GROUND)


def _free(spot: Spot, taken: Sequence[Box], circles: Sequence[Box]) -> Box:
    """The nearest place for a town's words: beside every circle, else beside all other words."""
    size = (max(map(_wide, spot.words)) + 4, 2 * LINE)
    tried = [box for box in _around(spot, *size) if _inside(box)]
    clear = [box for box in tried if not any(box.touches(other) for other in taken)]
    best = [box for box in clear if not any(box.touches(circle) for circle in circles)]
    return next(iter((*best, *clear, *tried)), Box(spot.x, spot.y, *size))


def _around(spot: Spot, width: float, height: float) -> Iterator[Box]:
    """Places for words farther and farther from a circle: right, left, below, above, corners."""
    for far in range(3, 240, 9):
        away = spot.radius + far
        for turn in (0, 4, 2, 6, 1, 7, 3, 5):
            angle = turn * math.pi / 4
            x = spot.x + math.cos(angle) * (away + width / 2)
            y = spot.y + math.sin(angle) * (away + height / 2)
            yield Box(x - width / 2, y - height / 2, width, height)


def _inside(box: Box) -> bool:
    return (
        box.x >= 2
        and box.y >= 2
        and box.x + box.width <= WIDTH - 2
        and box.y + box.height <= HEIGHT - 2
    )


def _wide(words: str) -> float:
    """About how wide words are: a full-width sign is a square, a half-width one half of it."""
    return sum(SIZE if ord(sign) > 0xFF else SIZE * 0.58 for sign in words)


def _lead(spot: Spot, box: Box) -> Iterator[Markup]:
    """A line from a circle to words that had to go far."""
    x = min(max(spot.x, box.x), box.x + box.width)
    y = min(max(spot.y, box.y), box.y + box.height)
    far = math.hypot(x - spot.x, y - spot.y)
    if far <= spot.radius + 12:
        return
    from_ = spot.radius / far
    yield Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="0.8"/>').format(
        _n(spot.x + (x - spot.x) * from_), _n(spot.y + (y - spot.y) * from_), _n(x), _n(y), SOFT
    )


# ----------------------------------------------------------------------- what reads the picture


def _north() -> Iterable[Markup]:
    x = WIDTH - 20
    yield Markup('<path d="M{},8 L{},28 L{},23 L{},28 Z" fill="{}"/>').format(
        x, x + 7, x, x - 7, INK
    )
    yield text(x, 42, "北", anchor="middle")


def _bar(scale: Scale) -> Iterable[Markup]:
    """The longest round number of kilometres that fits into a quarter of the picture."""
    most = WIDTH / 4 / scale.per_km
    power = 10 ** math.floor(math.log10(most))
    km = max(step * power for step in (1, 2, 5) if step * power <= most)
    long, y = km * scale.per_km, HEIGHT - 10
    yield Markup('<path d="M10,{} V{} H{} V{}" fill="none" stroke="{}"/>').format(
        _n(y - 5), _n(y), _n(10 + long), _n(y - 5), INK
    )
    yield text(10, y - 8, f"{km:g}km")


def _key(sizes: Sizes) -> Iterable[Markup]:
    """How large a circle of a round number is, in the corner kept for it."""
    fits = (n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500) if sizes.radius(n) <= KEY / 2)
    told = max(fits, default=1)
    radius, words = sizes.radius(told), f"＝{told}世帯"
    x, middle = WIDTH - 10 - _wide(words), HEIGHT - 4 - KEY / 2
    yield Markup('<circle cx="{}" cy="{}" r="{}" fill="none" stroke="{}"/>').format(
        _n(x - radius - 3), _n(middle), _n(radius), INK
    )
    yield text(x, middle + 4, words)


def _beside(rows: Sequence[Row]) -> Iterator[str]:
    """Towns that stand nowhere on the map, in lines that fit under it."""
    line = ""
    for n, row in enumerate(rows):
        words = f"{cut(row.label)} {said(row.values[0])}世帯"
        start = "地図に置いていない市区町村：" if n == 0 else ""
        if line and _wide(f"{line}、{words}") > WIDTH - 8:
            yield line
            line = ""
        line = f"{line}、{words}" if line else start + words
    if line:
        yield line
