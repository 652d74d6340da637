"""A van's day put to the engine: pick-ups before their deliveries, and what fits into the van.

Homes stand in the order only where the reader may know them and nobody hides; all others are
handed over at a point that is named and in no order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np

from app.cases.queries import access_to
from app.geocoding import locate
from app.goods.days import has_keys, keys_on
from app.goods.models import GoodsItem
from app.goods.vans.queries import Load
from app.policy import Protection, Tier, Viewer
from matching.day_route import MOST_STOPS, Day, Stop, clock, day_route
from matching.goods_columns import ANY_TURN, NO, STANDING, YES, goes_into
from matching.goods_items import Place

MINUTES = 20
"""At a stop; ten more for each further thing."""


class VanWhy(StrEnum):
    """Why a thing stands in no order."""

    HIDDEN = "hidden"
    NOT_TOLD = "not_told"
    NO_KEYS = "no_keys"
    NO_POINT = "no_point"
    WINDOW = "window"
    TOO_MANY = "too_many"


VAN_WHY_LABELS = {
    VanWhy.HIDDEN: "渡す場所で渡します。順番には入れていません。",
    VanWhy.NOT_TOLD: "行き先は世帯の担当に聞いてください。",
    VanWhy.NO_KEYS: "この日はまだ鍵がありません。",
    VanWhy.NO_POINT: "住所の位置が分からないので、順番に入れていません。",
    VanWhy.WINDOW: "この日は引き取れる期間の外です。",
    VanWhy.TOO_MANY: "1日に回れる数をこえています。日を分けてください。",
}


@dataclass
class VanStop:
    """One place of the day with what is taken in or handed over there."""

    fetch: bool
    place: Place
    loads: list[Load] = field(default_factory=list)
    after: set[int] = field(default_factory=set)
    arrives: str = ""


@dataclass(frozen=True)
class VanDay:
    """A day of the van."""

    on: date
    stops: tuple[VanStop, ...]
    loading: tuple[Load, ...]
    apart: tuple[tuple[Load, VanWhy], ...]
    warnings: tuple[str, ...]
    metres: int
    ends: str


def propose_van(
    loads: Sequence[Load],
    viewer: Viewer,
    *,
    on: date,
    today: date,
    depot: tuple[str, str],
    van: dict[str, Any],
) -> VanDay:
    """Put pick-ups and deliveries in an order from the depot's town and back.

    `depot` is prefecture and municipality; `van` the inner `width`, `depth`, `height` in cm and
    `kg`, None where not known.
    """
    sorting = _Sorting(viewer, on, today)
    for load in loads:
        sorting.put(load)
    places = list(sorting.stops.values())
    centre = locate(depot[1], prefecture=depot[0])
    base = Place(centre.latitude, centre.longitude, precise=False) if centre else None
    found = day_route(
        [
            Stop(stop_id=number, place=one.place, after=frozenset(one.after),
                 minutes=MINUTES + 10 * (len(one.loads) - 1))
            for number, one in enumerate(places)
        ],
        Day(start=base, finish=base),
    )  # fmt: skip
    ordered = []
    for visit in found.visits:
        places[visit.stop_id].arrives = clock(visit.arrives)
        ordered.append(places[visit.stop_id])
    delivered = [load for stop in ordered if not stop.fetch for load in stop.loads]
    return VanDay(
        on=on,
        stops=tuple(ordered),
        # The last thing in is the first thing out.
        loading=tuple(load for load in reversed(delivered) if not load.at_donor),
        apart=tuple(sorting.apart),
        warnings=tuple(_warnings(ordered, van)),
        metres=found.metres,
        ends=clock(found.ends),
    )


@dataclass
class _Sorting:
    """Things with their stops, and those that have none."""

    viewer: Viewer
    on: date
    today: date
    stops: dict[tuple[Any, ...], VanStop] = field(default_factory=dict)
    apart: list[tuple[Load, VanWhy]] = field(default_factory=list)

    def put(self, load: Load) -> None:
        """Where a thing is fetched, and where it goes if that may be on this day."""
        donor = None
        if load.at_donor:
            item = load.item
            donor = ("donor", item.donor_id, item.donor_address)
            why = _not_fetched(item, self.on)
            why = why or self._stop(donor, load, item.latitude, item.longitude)
            if why is not None:
                self.apart.append((load, why))
                return
        if load.kept is None:
            return
        why = _not_brought(load, self.viewer, self.on, self.today)
        if why is None and load.way is not None:
            home, lies = ("home", load.way.id), load.way.home.property
            why = self._stop(home, load, lies.latitude, lies.longitude)
            if why is None and donor is not None:
                self.stops[home].after.add(list(self.stops).index(donor))
        if why is not None:
            self.apart.append((load, why))

    def _stop(
        self, where: tuple[Any, ...], load: Load, lat: float | None, lon: float | None
    ) -> VanWhy | None:
        """Add a thing to its stop, which several share; or say why it has none."""
        if lat is None or lon is None:
            return VanWhy.NO_POINT
        if where not in self.stops:
            if len(self.stops) >= MOST_STOPS:
                return VanWhy.TOO_MANY
            place = Place(lat, lon, precise=False)
            self.stops[where] = VanStop(where[0] == "donor", place)
        self.stops[where].loads.append(load)
        return None


def _not_fetched(item: GoodsItem, on: date) -> VanWhy | None:
    if (item.window_from and on < item.window_from) or (
        item.window_until and on > item.window_until
    ):
        return VanWhy.WINDOW
    return None


def _not_brought(load: Load, viewer: Viewer, on: date, today: date) -> VanWhy | None:
    if load.kept is None or load.way is None:
        return VanWhy.NO_KEYS
    case = load.kept.need.case
    if not access_to(case, viewer, today=today).sees(Tier.PLACE):
        return VanWhy.NOT_TOLD
    if case.protection is not Protection.NO:
        return VanWhy.HIDDEN
    keys = has_keys(load.way) or keys_on(load.way)
    return VanWhy.NO_KEYS if keys is None or on < keys else None


def _warnings(stops: Sequence[VanStop], van: dict[str, Any]) -> list[str]:
    """What does not go into the van, by itself or all together; nothing is dropped for it."""
    found: list[str] = []
    things = {load.item.id: load.item for stop in stops for load in stop.loads}
    sides = [van["width"], van["depth"], van["height"]]
    if None not in sides:
        for item in things.values():
            found.extend(_too_large(item, sides))
        volumes = [_volume(item) for item in things.values()]
        if sum(volume for volume in volumes if volume) > float(np.prod(sides)):
            found.append("全部を一度には積めません（体積）。2回に分けるか、車をかえてください。")
    if van["kg"] is not None:
        weights = [item.weight_kg for item in things.values()]
        known = sum(weight for weight in weights if weight)
        if known > van["kg"]:
            found.append(f"分かっている重さだけで{known}kgあり、{van['kg']}kgをこえます。")
        unknown = sum(weight is None for weight in weights)
        if unknown:
            found.append(f"重さの分からない品物が{unknown}点あります。")
    return found


def _too_large(item: GoodsItem, sides: Sequence[float]) -> list[str]:
    size = np.array([[item.width_cm], [item.depth_cm], [item.height_cm]], float)
    turns = STANDING if item.upright else ANY_TURN
    verdict, short = goes_into(size, np.array([[side] for side in sides], float), turns)
    if verdict[0] == YES:
        return []
    if verdict[0] == NO:
        return [f"{item.number}　{item.label}は荷台に入りません（あと{short[0]:.0f}cm）。"]
    return [f"{item.number}　{item.label}は大きさが分かりません。測ってください。"]


def _volume(item: GoodsItem) -> float:
    return float((item.width_cm or 0) * (item.depth_cm or 0) * (item.height_cm or 0))
