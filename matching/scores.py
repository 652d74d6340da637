"""How well a home suits a household beyond the hard conditions, in parts that can be drawn.

Every part is a number in [0, 1] for all homes at once, times its weight. An unknown part counts
half, so that not knowing neither wins nor loses; only a vacancy nobody ever confirmed counts 0.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from matching.conditions import anchor_metres, monthly, out_of_pocket, rent_limits
from matching.home_columns import NOT_KNOWN, Bools, Floats, HomeColumns
from matching.need import NATIONAL_MINIMUM, HouseholdNeed

HALF_WAY_M = 2_000.0  # a home this far from an anchor gets half of the distance part
HALF_WALK_MIN = 10.0
WHOLE_SLACK = 0.2  # a fifth below the limit is as good as it gets
USUAL_INITIAL_COST = 300_000.0
FRESH_DAYS = 3
STALE_DAYS = 14
LOST_DAYS = 60
NOT_KNOWN_VALUE = 0.5


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One part of one home's score: ``points`` is its share of the total of 0 to 100."""

    key: str
    value: float
    weight: float
    points: float
    known: bool


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One part for all homes: values in [0, 1], and where they rest on a known fact."""

    key: str
    weight: float
    value: Floats
    known: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """The parts and the totals (0 to 100, to nine decimals) of all homes."""

    parts: tuple[Part, ...]
    total: Floats

    def of(self, row: int) -> tuple[ScorePart, ...]:
        """Return one home's parts."""
        whole = sum(part.weight for part in self.parts)
        found = []
        for part in self.parts:
            value = part.value.item(row)
            points = round(100 * part.weight * value / whole, 9)
            found.append(ScorePart(part.key, value, part.weight, points, part.known.item(row)))
        return tuple(found)


def scores(need: HouseholdNeed, homes: HomeColumns, today: date) -> Scores:
    """Score every home.

    Parameters
    ----------
    need : HouseholdNeed
    homes : HomeColumns
    today : date
        For the age of "still vacant".

    Returns
    -------
    Scores

    Examples
    --------
    >>> from matching.home_columns import Home, columns
    >>> from matching.need import HouseholdNeed, IncomeShare
    >>> need = HouseholdNeed(people=1, rent_limit=IncomeShare(50000))
    >>> homes = columns([Home(home_id=1, rent=40000, fee=0), Home(home_id=2, rent=50000, fee=0)])
    >>> [part.value[0] - part.value[1] for part in scores(need, homes, date(2026, 11, 21)).parts
    ...  if part.key == "rent"]
    [np.float64(1.0)]
    """
    parts = tuple(_parts(need, homes, today))
    whole = sum(part.weight for part in parts)
    total = np.zeros(len(homes))
    for part in parts:
        total += part.weight * part.value
    return Scores(parts, np.round(total * (100 / whole), 9))


def is_stale(confirmed_on: int, today: date) -> bool:
    """Tell whether a vacancy was last confirmed more than STALE_DAYS ago, or never."""
    return confirmed_on < today.toordinal() - STALE_DAYS


def _parts(need: HouseholdNeed, homes: HomeColumns, today: date) -> list[Part]:
    weights = need.weights
    low, _ = rent_limits(need, homes)
    target = NATIONAL_MINIMUM.area_m2(need.people or 1) * 100
    slack = (low - monthly(need, homes)) / np.maximum(low * WHOLE_SLACK, 1)
    cost = 1 - out_of_pocket(need, homes) / USUAL_INITIAL_COST
    walk = HALF_WALK_MIN / (HALF_WALK_MIN + np.maximum(homes.walk_min, 0))
    age = today.toordinal() - homes.confirmed_on
    fresh = 1 - (age - FRESH_DAYS) / (LOST_DAYS - FRESH_DAYS)
    rent_known = (homes.rent != NOT_KNOWN) & (need.rent_limit is not None)
    parts = [
        _part("area", weights.area, homes.area_dm2 / target, homes.area_dm2 != NOT_KNOWN),
        _part("rent", weights.rent, slack, rent_known),
        _part("initial_cost", weights.initial_cost, cost, homes.initial_cost != NOT_KNOWN),
        _part("walk", weights.walk, walk, homes.walk_min != NOT_KNOWN),
        Part("freshness", weights.freshness, np.clip(fresh, 0, 1), homes.confirmed_on > 0),
    ]
    if need.anchors:
        parts.insert(0, _distance(need, homes))
    if need.school_districts:
        good = np.array([name in need.school_districts for name in homes.school_districts] + [0])
        known = homes.school_district != NOT_KNOWN
        parts.append(_part("school", weights.school, good[homes.school_district] * 1.0, known))
    return parts


def _part(key: str, weight: float, value: Floats, known: Bools) -> Part:
    return Part(key, weight, np.where(known, np.clip(value, 0, 1), NOT_KNOWN_VALUE), known)


def _distance(need: HouseholdNeed, homes: HomeColumns) -> Part:
    near = np.zeros(len(homes))
    for number, anchor in enumerate(need.anchors):
        near += anchor.weight * HALF_WAY_M / (HALF_WAY_M + anchor_metres(need, homes, number))
    near /= sum(anchor.weight for anchor in need.anchors)
    return _part("distance", need.weights.distance, near, ~np.isnan(near))
