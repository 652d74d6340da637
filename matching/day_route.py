"""A sensible order of a day's stops: as little late as can be, then as little way as can be.

Up to ten stops the order is the best there is; above, it is improved until no single move helps.
Ways are straight lines times a detour, times are minutes after midnight: a plan to start a day
with, not a promise of a navigation system.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

import numpy as np

from matching.errors import RouteError
from matching.geo import arc_m, earth_xyz
from matching.goods_items import Place

DAY = 24 * 60
EXACT_MOST = 10
MOST_STOPS = 30
SEGMENT = 3  # stops that are moved together, at most


class Mode(StrEnum):
    """徒歩, 自転車, 車."""

    FOOT = "foot"
    BICYCLE = "bicycle"
    CAR = "car"


@dataclass(frozen=True, slots=True)
class Travel:
    """How fast somebody gets on, and how much longer roads are than straight lines.

    Attributes
    ----------
    metres_per_minute : float
    detour : float
        Roads over straight line; about 1.3 in towns.

    References
    ----------
    不動産の表示に関する公正競争規約施行規則 第9条: 80 m a minute on foot.
    F. P. Boscoe, K. A. Henry and M. S. Zdeb, "A nationwide comparison of driving distance versus
    straight-line distance to hospitals", *The Professional Geographer* 64 (2012), 188-196.
    """

    metres_per_minute: float
    detour: float = 1.3

    def __post_init__(self) -> None:
        """Refuse what nobody could travel by."""
        if not self.metres_per_minute > 0 or not self.detour >= 1:
            raise RouteError("速さは0より大きく、まわり道の割合は1以上にしてください。")


USUAL = {Mode.FOOT: Travel(80), Mode.BICYCLE: Travel(200), Mode.CAR: Travel(400)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Somewhere to be on the day.

    Attributes
    ----------
    stop_id : int
    place : Place or None
        ``None`` where nobody knows: it is then in no order.
    minutes : int
        How long it takes there.
    opens, closes : int or None
        The window in which to arrive, both included.
    fixed : int or None
        The time of an appointment: a window of one minute.
    after : frozenset of int
        Ids of stops to be done before this one, as a pick-up before its delivery.
    """

    stop_id: int
    place: Place | None = None
    minutes: int = 0
    opens: int | None = None
    closes: int | None = None
    fixed: int | None = None
    after: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        """Refuse times no day has."""
        times = [time for time in (self.opens, self.closes, self.fixed) if time is not None]
        if not all(0 <= time < DAY for time in times) or not 0 <= self.minutes < DAY:
            raise RouteError("時刻は0:00から23:59まで、かかる時間は1日より短くしてください。")
        if None not in {self.opens, self.closes} and self.window[0] > self.window[1]:
            raise RouteError("時間帯の終わりが始まりより前になっています。")

    @property
    def window(self) -> tuple[int, int]:
        """Return the first and last minute to arrive at; the whole day where none was agreed."""
        if self.fixed is not None:
            return self.fixed, self.fixed
        return self.opens or 0, DAY if self.closes is None else self.closes

    @property
    def windowed(self) -> bool:
        """Tell whether a time was agreed."""
        return (self.opens, self.closes, self.fixed) != (None, None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """From where, when and how.

    Attributes
    ----------
    start : Place or None
        ``None`` where the day begins at the first stop itself.
    finish : Place or None
        Where the day ends, if it matters: the store a van goes back to.
    leaves, until : int
        The hours of work; what goes on beyond them is said, not dropped.
    travel : Travel
    """

    start: Place | None = None
    finish: Place | None = None
    leaves: int = 9 * 60
    until: int = 17 * 60
    travel: Travel = USUAL[Mode.CAR]

    def __post_init__(self) -> None:
        """Refuse hours that end before they begin."""
        if not 0 <= self.leaves < self.until <= DAY:
            raise RouteError("終わりの時刻は、始まりより後にしてください。")


@dataclass(frozen=True, slots=True)
class Visit:
    """A stop in its place of the day; times in minutes after midnight.

    Attributes
    ----------
    forced : bool
        Without any windows it would stand elsewhere.
    beyond : bool
        It ends after the hours of work.
    rough : bool
        Known by its town or area only, so the way to it is rough.
    """

    stop_id: int
    travel_minutes: int
    metres: int
    arrives: int
    waits: int
    late: int
    leaves: int
    forced: bool
    beyond: bool
    rough: bool


@dataclass(frozen=True, slots=True)
class DayRoute:
    """The order of a day.

    Attributes
    ----------
    visits : tuple of Visit
    unplaced : tuple of int
        Stops nobody knows the place of, by id.
    metres : int
        Of the whole way, along roads as far as the detour tells, to the finish if there is one.
    late : int
        Minutes, of all stops together.
    ends : int
        When the last stop is done and the finish reached.
    proved : bool
        Whether no order is better.
    """

    visits: tuple[Visit, ...]
    unplaced: tuple[int, ...]
    metres: int
    late: int
    ends: int
    proved: bool


_Key = tuple[int, int, int]  # minutes late, metres, the time it is done


def day_route(stops: Sequence[Stop], day: Day) -> DayRoute:
    """Put a day's stops in order.

    Parameters
    ----------
    stops : sequence of Stop
    day : Day

    Returns
    -------
    DayRoute
        The same for the same stops in whatever order they are given.

    Raises
    ------
    RouteError
        For a stop that appears twice, more than 30 of them, or some that wait for each other.

    Examples
    --------
    >>> here, near, far = (Place(35.48 + north, 139.4) for north in (0, 0.01, 0.02))
    >>> stops = [Stop(stop_id=1, place=far), Stop(stop_id=2, place=near, minutes=30)]
    >>> stops.append(Stop(stop_id=3))
    >>> found = day_route(stops, Day(start=here))
    >>> [visit.stop_id for visit in found.visits], found.unplaced
    ([2, 1], (3,))
    >>> stops[0] = Stop(stop_id=1, place=far, closes=9 * 60 + 10)
    >>> [(one.stop_id, one.forced) for one in day_route(stops, Day(start=here)).visits]
    [(1, True), (2, False)]
    """
    if len({stop.stop_id for stop in stops}) != len(stops):
        raise RouteError("同じ行き先が2回入っています。")
    if len(stops) > MOST_STOPS:
        raise RouteError(f"1日に回れるのは{MOST_STOPS}か所までです。日か人を分けてください。")
    placed = sorted((stop for stop in stops if stop.place), key=lambda stop: stop.stop_id)
    unplaced = tuple(sorted(stop.stop_id for stop in stops if not stop.place))
    way = _Way(placed, day)
    order = _best(way)
    free = order
    if any(stop.windowed for stop in placed):
        free = _best(_Way(placed, day, windows=False))
    return _told(way, order, free, unplaced)


class _Way:
    """Distances, times and what comes before what, by position of the stops."""

    def __init__(self, stops: Sequence[Stop], day: Day, *, windows: bool = True) -> None:
        self.stops, self.day = stops, day
        many = len(stops)
        self.metres = _metres([*(stop.place for stop in stops), day.start, day.finish], day.travel)
        self.minutes = [
            [ceil(metres / day.travel.metres_per_minute) for metres in row] for row in self.metres
        ]
        self.begin, self.end = many, many + 1
        self.window = [stop.window if windows else (0, DAY) for stop in stops]
        self.there = [stop.minutes for stop in stops]
        at = {stop.stop_id: place for place, stop in enumerate(stops)}
        self.before = [sum(1 << at[other] for other in stop.after if other in at) for stop in stops]
        self._refuse_circles()

    def _refuse_circles(self) -> None:
        done, left = 0, set(range(len(self.stops)))
        while left:
            ready = {place for place in left if not self.before[place] & ~done}
            if not ready:
                raise RouteError("行き先どうしが、互いに先であることを求めています。")
            done |= sum(1 << place for place in ready)
            left -= ready

    def step(self, key: _Key, last: int, place: int) -> _Key:
        """Go on to a stop and do it."""
        late, metres, time = key
        arrives = time + self.minutes[last][place]
        opens, closes = self.window[place]
        return (
            late + max(0, arrives - closes),
            metres + self.metres[last][place],
            max(arrives, opens) + self.there[place],
        )

    def home(self, key: _Key, last: int) -> _Key:
        """Go back to where the day ends."""
        late, metres, time = key
        return late, metres + self.metres[last][self.end], time + self.minutes[last][self.end]

    def weigh(self, order: Sequence[int]) -> _Key | None:
        """Weigh a whole order; ``None`` where something comes before what it waits for."""
        key, last, done = (0, 0, self.day.leaves), self.begin, 0
        for place in order:
            if self.before[place] & ~done:
                return None
            key, last, done = self.step(key, last, place), place, done | 1 << place
        return self.home(key, last)


def _metres(places: Sequence[Place | None], travel: Travel) -> list[list[int]]:
    """Measure all ways in whole metres; to and from what is not given they are 0."""
    known = [(place.lat, place.lon) if place else (np.nan, np.nan) for place in places]
    lat, lon = np.array(known, float).T
    xyz = earth_xyz(lat, lon)
    straight = arc_m(xyz[:, :, None], xyz[:, None, :])
    found: list[list[int]] = (
        np.rint(np.nan_to_num(straight) * travel.detour).astype(np.int64).tolist()
    )
    return found


def _best(way: _Way) -> tuple[int, ...]:
    if len(way.stops) <= EXACT_MOST:
        return _exact(way)
    return _improved(way, _inserted(way))


_Label = tuple[_Key, tuple[int, ...]]


def _exact(way: _Way) -> tuple[int, ...]:
    """Try all orders, dropping those that are nowhere better than another of the same stops.

    A dynamic programme over subsets and last stops (Held and Karp 1962), with labels as for the
    shortest path with time windows (Desrochers and Soumis 1988): an order may be less late so far
    and yet stand later on the clock, so one number is not enough.
    """
    many = len(way.stops)
    if not many:
        return ()
    states: dict[tuple[int, int], list[_Label]] = {(0, way.begin): [((0, 0, way.day.leaves), ())]}
    for _ in range(many):
        further: dict[tuple[int, int], list[_Label]] = {}
        for (done, last), labels in states.items():
            for place in range(many):
                if done >> place & 1 or way.before[place] & ~done:
                    continue
                at = further.setdefault((done | 1 << place, place), [])
                for key, order in labels:
                    _keep(at, (way.step(key, last, place), (*order, place)))
        states = further
    ends = [
        (way.home(key, last), order)
        for (_, last), labels in states.items()
        for key, order in labels
    ]
    return min(ends)[1]


def _keep(labels: list[_Label], new: _Label) -> None:
    """Add a label unless another is as good in everything; drop those it makes needless."""
    (late, metres, time), _ = new
    for (a, b, c), order in labels:
        if a <= late and b <= metres and c <= time and ((a, b, c), order) < new:
            return
    labels[:] = [
        one
        for one in labels
        if not (late <= one[0][0] and metres <= one[0][1] and time <= one[0][2])
    ]
    labels.append(new)


def _inserted(way: _Way) -> tuple[int, ...]:
    """Put stop after stop where it does least harm, the earliest to close first."""
    order: tuple[int, ...] = ()
    left = sorted(range(len(way.stops)), key=lambda place: (way.window[place][1], place))
    while left:
        place = next(
            one for one in left
            if all(way.before[one] >> other & 1 == 0 for other in left if other != one)
        )  # fmt: skip
        left.remove(place)
        tried = [(*order[:at], place, *order[at:]) for at in range(len(order) + 1)]
        order = min(_weighed(way.weigh, tried))[1]
    return order


def _weighed(
    weigh: Callable[[Sequence[int]], _Key | None], orders: Sequence[tuple[int, ...]]
) -> list[tuple[_Key, tuple[int, ...]]]:
    pairs = ((weigh(order), order) for order in orders)
    return [(key, order) for key, order in pairs if key is not None]


def _improved(way: _Way, order: tuple[int, ...]) -> tuple[int, ...]:
    """Take the best move until none helps: turning a stretch round (Croes 1958), or moving up to
    three stops elsewhere, either way round (Or 1976).
    """
    best = _weighed(way.weigh, [order])[0]
    while True:
        better = min(_weighed(way.weigh, _moves(best[1])))
        if better[0] >= best[0]:
            return best[1]
        best = better


def _moves(order: tuple[int, ...]) -> list[tuple[int, ...]]:
    many = len(order)
    found = [
        (*order[:first], *reversed(order[first:last]), *order[last:])
        for first in range(many)
        for last in range(first + 2, many + 1)
    ]
    for size in range(1, SEGMENT + 1):
        for first in range(many - size + 1):
            part, rest = order[first : first + size], order[:first] + order[first + size :]
            for at in range(len(rest) + 1):
                if at != first:
                    found.append((*rest[:at], *part, *rest[at:]))
                    if size > 1:
                        found.append((*rest[:at], *reversed(part), *rest[at:]))
    return found


def _told(
    way: _Way, order: tuple[int, ...], free: tuple[int, ...], unplaced: tuple[int, ...]
) -> DayRoute:
    """Walk through the day once more and write down what happens."""
    visits = []
    key, last = (0, 0, way.day.leaves), way.begin
    for number, place in enumerate(order):
        stop = way.stops[place]
        after = way.step(key, last, place)
        arrives = key[2] + way.minutes[last][place]
        visits.append(
            Visit(
                stop_id=stop.stop_id,
                travel_minutes=way.minutes[last][place],
                metres=way.metres[last][place],
                arrives=arrives,
                waits=max(0, stop.window[0] - arrives),
                late=after[0] - key[0],
                leaves=after[2],
                forced=stop.windowed and free[number] != place,
                beyond=after[2] > way.day.until,
                rough=stop.place is not None and not stop.place.precise,
            )
        )
        key, last = after, place
    late, metres, ends = way.home(key, last)
    proved = len(order) <= EXACT_MOST
    return DayRoute(tuple(visits), unplaced, metres, late, ends, proved)


def clock(minute: int) -> str:
    """Say a time of day.

    Examples
    --------
    >>> clock(9 * 60 + 5), clock(25 * 60)
    ('9:05', '翌1:00')
    """
    nights, rest = divmod(minute, DAY)
    return f"{'翌' * nights}{rest // 60}:{rest % 60:02d}"


def because(stop: Stop, visit: Visit) -> str:
    """Say why a stop stands where it does, where a time that was agreed has to do with it.

    Examples
    --------
    >>> stop = Stop(stop_id=1, closes=600)
    >>> because(stop, Visit(1, 5, 400, 612, 0, 12, 640, True, False, False))
    '10:00までの約束に12分遅れます'
    """
    if not stop.windowed:
        return ""
    opens, closes = stop.window
    if stop.fixed is not None:
        agreed = f"{clock(stop.fixed)}の約束"
    elif stop.opens is None:
        agreed = f"{clock(closes)}までの約束"
    elif stop.closes is None:
        agreed = f"{clock(opens)}からの約束"
    else:
        agreed = f"{clock(opens)}から{clock(closes)}までの約束"
    if visit.late:
        return f"{agreed}に{visit.late}分遅れます"
    if visit.waits:
        return f"{agreed}なので、{visit.waits}分待ちます"
    return f"{agreed}があるので、この順にしました" if visit.forced else ""
