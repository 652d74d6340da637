"""A new best answer after something changed, with as few other pairs changed as possible."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from matching.assignment import Assignment, Pair, Policy, assign, check_certificate
from matching.home_columns import Bools, Int64s
from matching.market import NO_LOCKS, Locks, Market, unlocked


class Firmness(StrEnum):
    """What counts more once it is settled who is housed: the best total, or what people heard."""

    FIT_FIRST = "fit_first"
    PAIRS_FIRST = "pairs_first"


class MoveReason(StrEnum):
    """Why a household's home is another one now."""

    NOT_POSSIBLE = "not_possible"  # its own pair was refused, forbidden or no longer exists
    GAVE_WAY = "gave_way"  # ``cause`` has its former home now
    CAME_FREE = "came_free"  # ``cause`` had its new home before
    NEWLY_HOUSED = "newly_housed"  # it had none, and its home was nobody's
    BETTER = "better"  # its new home was nobody's before


@dataclass(frozen=True, slots=True)
class Move:
    """One household whose home changed.

    Attributes
    ----------
    household_id : int
    before, after : int or None
        Ids of homes.
    reason : MoveReason
    cause : int or None
        The household on the other side of the reason.
    root : int
        Where the chain of causes begins; the household itself where it has no cause.
    """

    household_id: int
    before: int | None
    after: int | None
    reason: MoveReason
    cause: int | None
    root: int


@dataclass(frozen=True, slots=True)
class Reassignment:
    """The new answer.

    Attributes
    ----------
    pairs : tuple of Pair
    unhoused : tuple of int
    moves : tuple of Move
        In order of priority.
    kept : int
        How many of the pairs before are pairs still.
    total, best_total : int
        Benefit reached, and what a fresh start would reach.
    proof : Assignment
        What was proved. Under ``PAIRS_FIRST`` its benefits count each pair kept above all fit.
    """

    pairs: tuple[Pair, ...]
    unhoused: tuple[int, ...]
    moves: tuple[Move, ...]
    kept: int
    total: int
    best_total: int
    proof: Assignment


def reassign(
    market: Market,
    before: Mapping[int, int],
    policy: Policy = Policy.PRIORITY,
    *,
    order: Int64s | None = None,
    locks: Locks = NO_LOCKS,
    firmness: Firmness = Firmness.FIT_FIRST,
) -> Reassignment:
    """Assign again after refusals or changes.

    Parameters
    ----------
    market : Market
        As it is now.
    before : mapping of household id to home id
        What was proposed until now; ids that are no longer there are passed over.
    policy : Policy
    order : int64, optional
    locks : Locks
        A refusal is a pair in ``never``.
    firmness : Firmness

    Returns
    -------
    Reassignment
        Guaranteed, in this order. ``FIT_FIRST``: the policy's best answer – under priority first
        the same households are housed as from a fresh start, and the same total is reached – and
        among all such answers one that keeps the most pairs. ``PAIRS_FIRST``: under priority
        first the same households housed, under most households as many, under best fit neither;
        then the most pairs kept; then the best total. Ties of best fit go to more households in
        both.

    Examples
    --------
    >>> from matching.market import market
    >>> some = market([1, 2], [7, 8], [(1, 7, 90), (1, 8, 80), (2, 7, 50), (2, 8, 45)])
    >>> after = reassign(some, {1: 7, 2: 8}, locks=Locks(never=((1, 7),)))
    >>> [(move.household_id, move.after, move.reason.value) for move in after.moves]
    [(1, 8, 'not_possible'), (2, 7, 'gave_way')]
    """
    kept = _kept(market, before)
    fresh = assign(market, policy, order=order, locks=locks)
    if firmness == Firmness.FIT_FIRST:
        worth = market.benefit * fresh.scale + fresh.bonus
        weighted = replace(market, benefit=worth * (len(before) + 1) + kept)
        found = assign(weighted, policy, order=order, locks=locks, heads=False)
        proof = replace(fresh, home_of=found.home_of)
        check_certificate(proof)  # the fresh prices prove any best answer
    else:
        above = (len(market.household_ids) + 1) * (int(market.benefit.max(initial=0)) + 1)
        weighted = replace(market, benefit=market.benefit + kept * above)
        proof = assign(weighted, policy, order=order, locks=locks)
    plain = replace(proof, market=market)
    pairs = plain.pairs()
    now = {pair.household_id: pair.home_id for pair in pairs}
    return Reassignment(
        pairs=pairs,
        unhoused=plain.unhoused(),
        moves=_moves(plain, before, now),
        kept=sum(now.get(household) == home for household, home in before.items()),
        total=plain.total,
        best_total=fresh.total,
        proof=proof,
    )


def _kept(market: Market, before: Mapping[int, int]) -> Bools:
    """Tell which pairs are those proposed before."""
    homes = [before.get(one) for one in market.household_ids.tolist()]
    missing = int(market.home_ids.min(initial=0)) - 1
    wanted = np.array([missing if home is None else home for home in homes], np.int64)
    kept: Bools = wanted[market.household] == market.home_ids[market.home]
    return kept


def _moves(
    found: Assignment, before: Mapping[int, int], now: Mapping[int, int]
) -> tuple[Move, ...]:
    market = found.market
    ids = market.household_ids[found.order].tolist()
    changed = [one for one in ids if before.get(one) != now.get(one)]
    had = {home: household for household, home in before.items()}
    has = {home: household for household, home in now.items()}
    open_pairs = unlocked(market, found.locks)
    rows = open_pairs.household[_kept(open_pairs, before)]
    possible = set(market.household_ids[rows].tolist())
    causes = {}
    for one in changed:
        old, new = before.get(one), now.get(one)
        if old is not None and old in has:
            causes[one] = MoveReason.GAVE_WAY, has[old]
        elif new is not None and new in had:
            causes[one] = MoveReason.CAME_FREE, had[new]
        else:
            reason = MoveReason.NEWLY_HOUSED if old is None else MoveReason.BETTER
            causes[one] = reason, one
        if old is not None and one not in possible:
            causes[one] = MoveReason.NOT_POSSIBLE, one
    return tuple(
        Move(
            household_id=one,
            before=before.get(one),
            after=now.get(one),
            reason=causes[one][0],
            cause=None if causes[one][1] == one else causes[one][1],
            root=_root(one, {household: cause for household, (_, cause) in causes.items()}),
        )
        for one in changed
    )


def _root(household: int, causes: Mapping[int, int]) -> int:
    """Follow causes to the first that has none, or round a ring back to its start."""
    seen = [household]
    while causes.get(seen[-1], seen[-1]) not in seen:
        seen.append(causes[seen[-1]])
    return seen[-1]
