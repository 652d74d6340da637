"""All conditions of one household put together, a few small numbers for every home.

A home's failing conditions and open questions are counted in bytes rather than kept as bit masks:
what a ranking asks of all homes is "none, exactly one – which –, or more", and a byte a home is
what fits a processor's cache.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from matching.conditions import Ask, Condition, conditions
from matching.geo import arc_m, earth_xyz
from matching.home_columns import Bools, HomeColumns, Int8s
from matching.need import HouseholdNeed

Counts = npt.NDArray[np.uint8]
LEFT_OUT = 255


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """The answers of every condition for every home.

    Attributes
    ----------
    conditions : tuple of Condition
    fails : uint8
        How many conditions fail; ``LEFT_OUT`` for homes that are not looked at.
    only_failing : uint8
        The number of the one that fails; says nothing of homes that fail none or several.
    asks : tuple of Ask
    open : tuple of bool arrays
        For each question, the homes for which it is open.
    opens : uint8
        How many questions are open.
    waiting : uint8
        How many conditions have a question open.
    missing : int8 of Support
        The supports that failing conditions wait for, together.
    mended : bool
        Homes where something fails and those supports would mend all of it.
    """

    conditions: tuple[Condition, ...]
    fails: Counts
    only_failing: Counts
    asks: tuple[Ask, ...]
    open: tuple[Bools, ...]
    opens: Counts
    waiting: Counts
    missing: Int8s
    mended: Bools

    def failing(self, row: int) -> list[int]:
        """List the numbers of the conditions that fail for one home."""
        return [number for number, one in enumerate(self.conditions) if one.fails[row]]

    def open_asks(self, row: int) -> tuple[Ask, ...]:
        """List the questions that are open for one home."""
        pairs = zip(self.asks, self.open, strict=True)
        return tuple(ask for ask, where in pairs if where[row])

    def failing_only(self, number: int) -> Bools:
        """Tell which homes fail this one condition and nothing else."""
        only: Bools = (self.fails == 1) & (self.only_failing == number)
        return only


def evaluate(
    need: HouseholdNeed, homes: HomeColumns, today: date, among: Bools | None = None
) -> Evaluation:
    """Evaluate every condition for every home given (stay-away zones are not looked at here).

    Homes that are not ``among`` those asked about fail nothing, ask nothing and fit nothing, so
    that whatever is made from the answers is what it would be without them.

    Examples
    --------
    >>> from matching.home_columns import Home, columns
    >>> from matching.need import HouseholdNeed, IncomeShare
    >>> need = HouseholdNeed(people=1, rent_limit=IncomeShare(40000))
    >>> homes = columns([Home(home_id=1, rent=39000, fee=1000), Home(home_id=2, rent=41000)])
    >>> evaluate(need, homes, date(2026, 11, 21)).fails.tolist()
    [0, 1]
    """
    everywhere = among is None or bool(among.all())
    found = tuple(
        one if among is None or everywhere else _only(one, among)
        for one in conditions(need, homes, today)
    )
    size = len(homes)
    fails, which, mendable, waiting = (np.zeros(size, np.uint8) for _ in range(4))
    missing = np.zeros(size, np.int8)
    open_: dict[Ask, Bools] = {}
    for number, condition in enumerate(found):
        fails += condition.fails
        which += condition.fails * np.uint8(number)
        if condition.missing is not None:
            missing |= condition.missing
            mendable += condition.missing != 0
        asked = [(ask, where) for ask, where in condition.asks if where.any()]
        if asked:
            waiting += any_of([where for _, where in asked], size)
        for ask, where in asked:
            open_[ask] = open_[ask] | where if ask in open_ else where
    opens = np.zeros(size, np.uint8)
    for where in open_.values():
        opens += where
    mended = (fails != 0) & (mendable == fails)
    if among is not None and not everywhere:
        fails[~among] = LEFT_OUT
    return Evaluation(
        found, fails, which, tuple(open_), tuple(open_.values()), opens, waiting, missing, mended
    )


def _only(condition: Condition, among: Bools) -> Condition:
    """One condition's answers without those about other homes."""
    return replace(
        condition,
        fails=condition.fails & among,
        unknown=condition.unknown & among,
        asks=tuple((ask, where & among) for ask, where in condition.asks),
        missing=None if condition.missing is None else condition.missing * among,
    )


def any_of(where: list[Bools], size: int) -> Bools:
    """Tell where any of several answers is true."""
    found = np.zeros(size, bool)
    for one in where:
        found |= one
    return found


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
