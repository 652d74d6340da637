"""Many households' needs and many homes as one market of possible pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matching.errors import AssignmentError
from matching.home_columns import HomeColumns
from matching.market import Market
from matching.need import HouseholdNeed
from matching.sorting import Sorting, sort_homes

POINT = 1000


@dataclass(frozen=True, slots=True)
class OpenNeed:
    """One household that looks for a home."""

    household_id: int
    need: HouseholdNeed


def open_market(
    needs: Sequence[OpenNeed],
    homes: HomeColumns,
    *,
    today: date,
    with_questions: bool = True,
) -> Market:
    """Judge every home for every household.

    Homes near a place somebody must stay away from are in no pair, like those that do not fit.

    Parameters
    ----------
    needs : sequence of OpenNeed
    homes : HomeColumns
    today : date
    with_questions : bool
        Whether pairs count as possible about which a question is still open.

    Returns
    -------
    Market
        Benefits are scores (0 to 100) in thousandths.

    Raises
    ------
    AssignmentError
        For a household that appears twice.

    Examples
    --------
    >>> from matching.home_columns import Home, columns
    >>> needs = [OpenNeed(1, HouseholdNeed(people=2, rent_limit=None))]
    >>> homes = columns([Home(home_id=7, max_people=2), Home(home_id=8, max_people=1)])
    >>> found = open_market(needs, homes, today=date(2026, 11, 21))
    >>> found.home_ids[found.home].tolist()
    [7]
    """
    if len({one.household_id for one in needs}) != len(needs):
        raise AssignmentError("同じ世帯が2回入っています。")
    place = np.argsort(homes.ids)
    ids = homes.ids[place]
    households, where, benefits = [], [], []
    for number, one in enumerate(needs):
        found = sort_homes(one.need, homes, today=today)
        rows = _possible(found, with_questions=with_questions)
        households.append(np.full(len(rows), number, np.int64))
        where.append(place[np.searchsorted(ids, found.kept.ids[rows])])
        benefits.append(np.rint(found.marks.total[rows] * POINT).astype(np.int64))
    none = [np.zeros(0, np.int64)]
    return Market(
        household_ids=np.array([one.household_id for one in needs], np.int64),
        home_ids=homes.ids,
        household=np.concatenate(households or none),
        home=np.concatenate(where or none),
        benefit=np.concatenate(benefits or none),
    )


def _possible(
    found: Sorting, *, with_questions: bool
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.concatenate((found.fits, found.unknown)) if with_questions else found.fits
