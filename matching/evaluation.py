"""All conditions of one household put together, a few bits for every home.

A home's failing conditions and open questions are kept as bit masks, so that "exactly this one
fails" and "this one answer would unlock it" are single comparisons over all homes.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from matching.conditions import FAILS, Ask, Condition, conditions
from matching.geo import arc_m, earth_xyz
from matching.home_columns import Bools, HomeColumns, Int8s
from matching.need import HouseholdNeed

Masks = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """The answers of every condition for every home.

    Attributes
    ----------
    conditions : tuple of Condition
    fail_mask : uint64
        Bit i is set where condition i fails.
    asks : tuple of Ask
    open_mask : uint64
        Bit j is set where question j is open.
    missing : int8 of Support
        The supports that failing conditions wait for, together.
    support_mask : uint64
        The failing conditions that nothing but those supports would mend.
    """

    conditions: tuple[Condition, ...]
    fail_mask: Masks
    asks: tuple[Ask, ...]
    open_mask: Masks
    missing: Int8s
    support_mask: Masks

    def failing(self, row: int) -> list[int]:
        """List the numbers of the conditions that fail for one home."""
        mask = int(self.fail_mask[row])
        return [number for number in range(len(self.conditions)) if mask >> number & 1]

    def open_asks(self, row: int) -> tuple[Ask, ...]:
        """List the questions that are open for one home."""
        mask = int(self.open_mask[row])
        return tuple(ask for number, ask in enumerate(self.asks) if mask >> number & 1)


def evaluate(need: HouseholdNeed, homes: HomeColumns, today: date) -> Evaluation:
    """Evaluate every condition for every home given (stay-away zones are not looked at here).

    Examples
    --------
    >>> from matching.home_columns import Home, columns
    >>> from matching.need import HouseholdNeed, IncomeShare
    >>> need = HouseholdNeed(people=1, rent_limit=IncomeShare(40000))
    >>> homes = columns([Home(home_id=1, rent=39000, fee=1000), Home(home_id=2, rent=41000)])
    >>> evaluate(need, homes, date(2026, 11, 21)).fail_mask.tolist()
    [0, 1]
    """
    found = tuple(conditions(need, homes, today))
    size = len(homes)
    fail_mask, open_mask, support_mask = (np.zeros(size, np.uint64) for _ in range(3))
    missing = np.zeros(size, np.int8)
    numbers: dict[Ask, int] = {}
    for number, condition in enumerate(found):
        bit = np.uint64(1 << number)
        fail_mask |= (condition.state == FAILS) * bit
        if condition.missing is not None:
            missing |= condition.missing
            support_mask |= (condition.missing != 0) * bit
        for ask, where in condition.asks:
            if where.any():
                open_mask |= where * np.uint64(1 << numbers.setdefault(ask, len(numbers)))
    return Evaluation(found, fail_mask, tuple(numbers), open_mask, missing, support_mask)


def outside_zones(need: HouseholdNeed, homes: HomeColumns) -> Bools:
    """Tell which homes may be shown at all to a household with people it must not meet.

    The place's own uncertainty counts against the home. A home without a place stays: it is "not
    known yet" for every household alike, so that neither its presence nor the question about its
    place tells that there is a zone.
    """
    shown = np.ones(len(homes), bool)
    for zone in need.stay_away:
        point = earth_xyz(zone.place.lat, zone.place.lon)[:, None]
        shown &= ~(arc_m(homes.xyz, point) - homes.location_error_m <= zone.radius_m)
    return shown
