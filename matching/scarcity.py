"""What a home is worth to the others: who would lose it, proved by assigning again.

Prices tell at once, for every home, which ones are short: a home's price is at most what would be
lost without it, and homes of a closed set are full of households that could be housed nowhere
else. Whatever is shown to people is worked out again without that home.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching.assignment import Assignment, chosen
from matching.errors import AssignmentError
from matching.home_columns import Bools, Int64s
from matching.market import NO_LOCKS, NOBODY, Locks, Market, parts, unlocked
from matching.reassignment import reassign


@dataclass(frozen=True, slots=True)
class Loss:
    """What is different for everybody else.

    Of several best answers it is one that changes the fewest pairs.

    Attributes
    ----------
    loses, gains : tuple of int
        Households that are then without a home and were not, and the other way round.
    moves : tuple of int
        Households housed in both, in another home.
    benefit : int
        Total benefit lost; negative where it is gained.
    """

    loses: tuple[int, ...]
    gains: tuple[int, ...]
    moves: tuple[int, ...]
    benefit: int


@dataclass(frozen=True, slots=True)
class Dependence:
    """Households that can only live in homes with one feature.

    Attributes
    ----------
    feature : str
    household_ids : tuple of int
        Those who could live in this home, and whose every possible home has the feature.
    homes : int
        How many homes with the feature they have between them.
    """

    feature: str
    household_ids: tuple[int, ...]
    homes: int


@dataclass(frozen=True, slots=True)
class Scarcity:
    """One home, and who needs it.

    Attributes
    ----------
    home_id, price : int
    full : bool
        It belongs to a closed set: without it somebody more is left without a home.
    holder : int or None
        For whom it is proposed.
    without : Loss
        What is different without this home. Proved.
    depends : tuple of Dependence
        Most households first.
    hold : bool
        Whether to keep it for those who depend on it: without it somebody is left without a home.
    """

    home_id: int
    price: int
    full: bool
    holder: int | None
    without: Loss
    depends: tuple[Dependence, ...]
    hold: bool


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """An assignment with its open pairs and the parts that share nothing, worked out once."""

    found: Assignment
    open: Market
    of_household: Int64s
    of_home: Int64s


def shelf(found: Assignment) -> Shelf:
    """Work out what questions about single homes need."""
    open_pairs = unlocked(found.market, found.locks)
    return Shelf(found, open_pairs, *parts(open_pairs))


def shortest(at: Shelf, top: int) -> tuple[int, ...]:
    """List the ids of the homes that are shortest by their prices, those of closed sets first.

    Examples
    --------
    >>> from matching.assignment import assign
    >>> from matching.market import market
    >>> some = market([1, 2, 3], [7, 8, 9], [(1, 7, 9), (2, 7, 5), (3, 8, 9), (3, 9, 8)])
    >>> shortest(shelf(assign(some)), 5)
    (7,)
    """
    found = at.found
    full = found.home_set != NOBODY
    order = np.lexsort((found.market.home_ids, -found.home_price, ~full))
    short = order[(full | (found.home_price > 0))[order]][:top]
    return tuple(found.market.home_ids[short].tolist())


def scarcity(at: Shelf, home_id: int, features: Mapping[str, Bools] | None = None) -> Scarcity:
    """Tell who needs one home.

    Parameters
    ----------
    at : Shelf
    home_id : int
    features : mapping of code to bool array
        For features of homes somebody may depend on ("ground"), which homes have them. Facts
        about homes only: nothing about a household is looked at but its possible homes.

    Returns
    -------
    Scarcity

    Examples
    --------
    >>> from matching.assignment import assign
    >>> from matching.market import market
    >>> some = market([1, 2], [7, 8], [(1, 7, 9), (1, 8, 8), (2, 7, 5)])
    >>> seen = scarcity(shelf(assign(some)), 7, {"ground": np.array([True, False])})
    >>> seen.holder, seen.without.loses
    (2, (2,))
    """
    found = at.found
    column = found.market.home_at(home_id)
    holders = np.flatnonzero(found.home_of == column)
    holder = int(found.market.household_ids[holders[0]]) if len(holders) else None
    depends = _depends(at, column, features or {})
    without = without_home(at, home_id)
    return Scarcity(
        home_id=home_id,
        price=int(found.home_price[column]),
        full=bool(found.home_set[column] != NOBODY),
        holder=holder,
        without=without,
        depends=depends,
        hold=bool(depends and without.loses),
    )


def _depends(at: Shelf, column: int, features: Mapping[str, Bools]) -> tuple[Dependence, ...]:
    market = at.open
    want = np.zeros(len(market.household_ids), bool)
    want[market.household[market.home == column]] = True
    found = []
    for feature, homes in features.items():
        if homes[column]:
            only = want.copy()
            only[market.household[~homes[market.home]]] = False
            theirs = np.unique(market.home[only[market.household]])
            rows = at.found.order[only[at.found.order]]
            if len(rows):
                ids = tuple(market.household_ids[rows].tolist())
                found.append(Dependence(feature, ids, len(theirs)))
    return tuple(sorted(found, key=lambda one: -len(one.household_ids)))


def without_home(at: Shelf, home_id: int) -> Loss:
    """Assign again as if one home were not there.

    Examples
    --------
    >>> from matching.assignment import assign
    >>> from matching.market import market
    >>> some = market([1, 2], [7, 8], [(1, 7, 9), (1, 8, 8), (2, 7, 5)])
    >>> without_home(shelf(assign(some)), 8)
    Loss(loses=(2,), gains=(), moves=(1,), benefit=4)
    """
    column = at.found.market.home_at(home_id)
    homes = at.of_home == at.of_home[column]
    households = at.of_household == at.of_home[column]
    homes[column] = False
    return _difference(at, households, homes, None)


def if_taken(at: Shelf, household_id: int, home_id: int) -> Loss:
    """Assign the others again as if one household took a home now.

    Raises
    ------
    AssignmentError
        If the household or the home is already fixed.

    Examples
    --------
    >>> from matching.assignment import assign
    >>> from matching.market import market
    >>> some = market([1, 2], [7, 8], [(1, 7, 9), (1, 8, 8), (2, 7, 5)])
    >>> if_taken(shelf(assign(some)), 1, 7).loses
    (2,)
    """
    market = at.found.market
    row, column = market.household_at(household_id), market.home_at(home_id)
    if any(household_id == one or home_id == home for one, home in at.found.locks.fixed):
        raise AssignmentError("この世帯か住戸は、もう決まりになっています。")
    numbers = (at.of_household[row], at.of_home[column])
    households, homes = np.isin(at.of_household, numbers), np.isin(at.of_home, numbers)
    return _difference(at, households, homes, (household_id, home_id))


def without_household(at: Shelf, household_id: int) -> Loss:
    """Assign the others again as if one household were not there: in whose stead it is housed.

    Those who gain are the households that would have a home if this one had none.

    Examples
    --------
    >>> from matching.assignment import assign
    >>> from matching.market import market
    >>> some = market([1, 2], [7, 8], [(1, 7, 9), (2, 7, 5)])
    >>> without_household(shelf(assign(some)), 1).gains
    (2,)
    """
    row = at.found.market.household_at(household_id)
    homes = at.of_home == at.of_household[row]
    households = at.of_household == at.of_household[row]
    households[row] = False
    return _difference(at, households, homes, None)


def _difference(at: Shelf, households: Bools, homes: Bools, taken: tuple[int, int] | None) -> Loss:
    """Compare the assignment with the best one among some, changing no pair without need."""
    found = at.found
    part = at.open.part(households, homes)
    order = (np.cumsum(households) - 1)[found.order[households[found.order]]]
    locks = Locks(fixed=(taken,)) if taken else NO_LOCKS
    rows = np.flatnonzero(households & found.housed)
    homes_before = found.market.home_ids[found.home_of[rows]]
    ids = found.market.household_ids[rows]
    before = dict(zip(ids.tolist(), homes_before.tolist(), strict=True))
    again = reassign(part, before, found.policy, order=order, locks=locks)
    mine = households[at.open.household]
    had = int(at.open.benefit[chosen(at.open, found.home_of) & mine].sum())
    moved = [(one.household_id, one.before, one.after) for one in again.moves]
    return Loss(
        loses=tuple(one for one, _, now in moved if now is None),
        gains=tuple(one for one, old, _ in moved if old is None),
        moves=tuple(one for one, old, now in moved if old is not None and now is not None),
        benefit=had - again.total,
    )
