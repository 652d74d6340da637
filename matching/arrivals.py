"""Households that come day by day: homes for those here now, with an eye on who usually comes.

Whoever is served best today may take the one home that tomorrow's household could live in. So the
recent past stands in for the days to come: as many households as are expected are drawn evenly from
it, everybody is assigned together, and only the pairs of those here now are proposed. The prices of
that assignment are what a home is worth to those who are likely to come.

References
----------
Vera and Banerjee (2021), The Bayesian prophet: a low-regret framework for online decision making,
Management Science 67: solving again with a forecast at each step loses little against hindsight.
"""

from dataclasses import dataclass

import numpy as np

from matching.assignment import Assignment, Pair, Policy, assign
from matching.errors import AssignmentError
from matching.home_columns import Int64s
from matching.market import NO_LOCKS, NOBODY, Locks, Market


@dataclass(frozen=True, slots=True, eq=False)
class BatchProposal:
    """What is proposed to those here now.

    Attributes
    ----------
    pairs : tuple of Pair
        In order of priority.
    unhoused : tuple of int
        Households here now that get none.
    kept : tuple of int
        Ids of homes kept for those who are likely to come, in order of id.
    together : Assignment
        Of those here now, who come first in it, and those who stand for the days to come.
    """

    pairs: tuple[Pair, ...]
    unhoused: tuple[int, ...]
    kept: tuple[int, ...]
    together: Assignment


def propose_batch(
    now: Market,
    recent: Market,
    *,
    expected: int,
    policy: Policy = Policy.PRIORITY,
    order: Int64s | None = None,
    locks: Locks = NO_LOCKS,
) -> BatchProposal:
    """Propose homes to the households here now.

    Parameters
    ----------
    now : Market
        Households here now and the homes open now.
    recent : Market
        Households of the recent past, oldest first, judged for the same homes in the same order.
    expected : int
        How many more households will come before these homes are gone or filled.
    policy : Policy
        Under priority first nobody here now is refused for the sake of somebody who may come;
        those are only spared what they alone could use where another home does as well. Under the
        other two, a household that may come counts as much as one that is here.
    order : int64, optional
        Priority of those here now.
    locks : Locks

    Returns
    -------
    BatchProposal

    Raises
    ------
    AssignmentError
        For markets with different homes, or a negative number expected.

    Examples
    --------
    >>> from matching.market import market
    >>> now = market([1], [7, 8], [(1, 7, 90), (1, 8, 80)])
    >>> past = market([1, 2], [7, 8], [(1, 7, 50), (2, 7, 60)])
    >>> propose_batch(now, past, expected=0).pairs[0].home_id
    7
    >>> found = propose_batch(now, past, expected=1)
    >>> found.pairs[0].home_id, found.kept
    (8, (7,))
    """
    if not np.array_equal(now.home_ids, recent.home_ids):
        raise AssignmentError("今の世帯と最近の世帯を、同じ住戸について調べてください。")
    if expected < 0:
        raise AssignmentError("これから来る世帯の数は0以上にしてください。")
    here = len(now.household_ids)
    if order is None:
        order = np.argsort(now.household_ids).astype(np.int64)
    both = _together(now, recent, _drawn(len(recent.household_ids), expected))
    later = np.arange(here, len(both.household_ids))
    found = assign(both, policy, order=np.concatenate((order, later)), locks=locks)
    mine = frozenset(now.household_ids.tolist())
    coming = found.home_of[here:]
    return BatchProposal(
        pairs=tuple(pair for pair in found.pairs() if pair.household_id in mine),
        unhoused=tuple(one for one in found.unhoused() if one in mine),
        kept=tuple(np.sort(now.home_ids[coming[coming != NOBODY]]).tolist()),
        together=found,
    )


def _drawn(many: int, expected: int) -> Int64s:
    """Draw so many positions evenly, each nearly as often as any other.

    Examples
    --------
    >>> _drawn(4, 2).tolist(), _drawn(2, 5).tolist(), _drawn(0, 3).tolist()
    ([0, 2], [0, 0, 0, 1, 1], [])
    """
    wanted = expected if many else 0
    drawn: Int64s = np.arange(wanted, dtype=np.int64) * many // max(wanted, 1)
    return drawn


def _together(now: Market, recent: Market, drawn: Int64s) -> Market:
    """Put those drawn after those here now, under ids of their own."""
    here = len(now.household_ids)
    by_household = np.argsort(recent.household, kind="stable")
    starts = np.searchsorted(
        recent.household[by_household], np.arange(len(recent.household_ids) + 1)
    )
    many = np.diff(starts)[drawn]
    within = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
    pairs = by_household[np.repeat(starts[:-1][drawn], many) + within]
    first = int(now.household_ids.max(initial=0)) + 1
    return Market(
        household_ids=np.concatenate((now.household_ids, first + np.arange(len(drawn)))),
        home_ids=now.home_ids,
        household=np.concatenate((now.household, np.repeat(here + np.arange(len(drawn)), many))),
        home=np.concatenate((now.home, recent.home[pairs])),
        benefit=np.concatenate((now.benefit, recent.benefit[pairs])),
    )
