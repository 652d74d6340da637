"""Assigning everybody at once from stored inputs, and saying why: the same inputs, the same answer.

Only the inputs and what the last solving was asked are looked at here, never the database, so that
a batch can be worked out again. Under priority first, those who are likely to come are assigned
after everybody who is here; under the other two policies they have no part, because nobody present
may be refused for somebody who may come.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from app.housing.plain import canonical, from_plain, to_plain
from app.housing.proposals.batch_inputs import columns_from_plain
from matching.arrivals import propose_batch
from matching.assignment import Assignment, Pair, Policy, assign
from matching.errors import MatchingInputError
from matching.home_columns import Bools, HomeColumns, Int64s
from matching.homes import Candidate, rank_homes
from matching.market import NOBODY, Locks, Market, market
from matching.need import Answer, HouseholdNeed
from matching.open_needs import POINT, OpenNeed
from matching.priority import DEFAULT_RULES, priority_order
from matching.reassignment import Reassignment, reassign
from matching.recruiting import recruits
from matching.scarcity import (
    Loss,
    Shelf,
    if_taken,
    scarcity,
    shelf,
    shortest,
    without_household,
)

__all__ = [
    "LIFT_AFTER",
    "NO_DATE",
    "POINT",
    "RULE_VERSION",
    "SOMEBODY_TO_COME",
    "MatchingInputError",
    "alternatives",
    "canonical",
    "replay",
    "solve",
    "urgency",
]

RULE_VERSION = "batch-1"
SOMEBODY_TO_COME = 0
"""Stands in an answer for whoever is likely to come: no case has this number."""

LIFT_AFTER = DEFAULT_RULES.lift_after_days
NO_DATE = 10_000
"""Days left where no day is known: after everybody who has one."""

MOST_SCARCE, MOST_INSTEAD, MOST_RECRUITS, MOST_COPIES = 12, 20, 8, 2
_LARGE_DM2 = 4_000
_URGENCY = {"street": 0, "car": 0, "net_cafe": 1, "shelter": 1, "acquaintance": 2, "hospital": 2,
            "company": 2}  # fmt: skip
_LEAST_URGENT = 3
_NO_ROOF = frozenset({"street", "car"})


def urgency(dwelling: str | None, *, protected: bool) -> int:
    """The tier of urgency, 0 the most pressing: no roof or in danger, a roof by the night, others.

    A dwelling that is not known, or not for the maker to know, is no reason to be put first.
    """
    return 0 if protected else _URGENCY.get(dwelling or "", _LEAST_URGENT)


def _days_left(one: Mapping[str, Any]) -> int:
    """Whoever has no roof has no day to lose, also where nobody wrote down a date."""
    if one["left"] is not None:
        return int(one["left"])
    return 0 if one["dwelling"] in _NO_ROOF else NO_DATE


@dataclass(frozen=True, eq=False)
class _Board:
    """What is on the table of one solving, read from stored inputs and what was asked."""

    inputs: Mapping[str, Any]
    asked: Mapping[str, Any]

    @cached_property
    def households(self) -> list[dict[str, Any]]:
        """Those that still look, or whose pair is fixed."""
        out = set(self.asked["out"])
        return [one for one in self.inputs["households"] if one["id"] not in out]

    @cached_property
    def homes(self) -> HomeColumns:
        return columns_from_plain(self.inputs["homes"])

    @cached_property
    def market(self) -> Market:
        gone, away = set(self.asked["gone"]), {tuple(pair) for pair in self.asked["away"]}
        pairs = [
            (one["id"], home, benefit)
            for one in self.households
            for home, benefit in zip(one["homes"], one["benefits"], strict=True)
            if home not in gone and (one["id"], home) not in away
        ]
        return market([one["id"] for one in self.households], self.homes.ids.tolist(), pairs)

    @cached_property
    def recent(self) -> Market:
        gone = set(self.asked["gone"])
        past = self.inputs["recent"]
        pairs = [
            (number, home, benefit)
            for number, one in enumerate(past)
            for home, benefit in zip(one["homes"], one["benefits"], strict=True)
            if home not in gone
        ]
        return market(range(len(past)), self.homes.ids.tolist(), pairs)

    @cached_property
    def order(self) -> Int64s:
        left = [_days_left(one) for one in self.households]
        tiers = [urgency(one["dwelling"], protected=one["protected"]) for one in self.households]
        return priority_order(
            self.market.household_ids,
            np.array(left, np.int64),
            np.array(tiers, np.int64),
            np.array([one["waiting"] for one in self.households], np.int64),
        )

    @cached_property
    def locks(self) -> Locks:
        ids = {one["id"] for one in self.households}
        fixed = tuple((case, home) for case, home in self.asked["fixed"] if case in ids)
        never = tuple((case, home) for case, home in self.asked["never"] if case in ids)
        return Locks(fixed=fixed, never=tuple(pair for pair in never if pair not in fixed))

    @property
    def policy(self) -> Policy:
        return Policy(self.asked["policy"])

    @property
    def before(self) -> dict[int, int]:
        return dict(self.asked["before"] or ())

    @cached_property
    def together(self) -> Assignment:
        """Under priority first: those here, and after them those likely to come."""
        expected = self.inputs["expected"]
        found = propose_batch(
            self.market, self.recent, expected=expected, order=self.order, locks=self.locks
        )
        return found.together

    @cached_property
    def again(self) -> Reassignment:
        """The chosen policy's best answer, with as few pairs changed as can be."""
        board, order = self.market, self.order
        if self.policy is Policy.PRIORITY:
            board, order = self.together.market, self.together.order
        return reassign(board, self.before, self.policy, order=order, locks=self.locks)

    @property
    def found(self) -> Assignment:
        return self.again.proof

    def under(self, policy: Policy) -> Assignment:
        """Another policy's answer, to compare with: of several best ones the most alike."""
        if policy is self.policy:
            return self.found
        board, order = self.market, self.order
        if policy is Policy.PRIORITY:
            board, order = self.together.market, self.together.order
        chosen = {pair.household_id: pair.home_id for pair in self.again.pairs}
        return reassign(board, chosen, policy, order=order, locks=self.locks).proof

    @cached_property
    def shelf(self) -> Shelf:
        return shelf(self.found)

    def here(self, ids: Iterable[int]) -> tuple[int, ...]:
        """Those of the ids that stand for households present."""
        return tuple(one for one in ids if one in self._present)

    def named(self, household_id: int | None) -> int | None:
        """An id as the answer keeps it."""
        known = household_id is None or household_id in self._present
        return household_id if known else SOMEBODY_TO_COME

    @cached_property
    def _present(self) -> frozenset[int]:
        return frozenset(self.market.household_ids.tolist())

    @cached_property
    def needs(self) -> dict[int, HouseholdNeed]:
        return {one["id"]: from_plain(HouseholdNeed, one["need"]) for one in self.households}


def solve(inputs: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to stored inputs and what was asked, as JSON can carry it.

    Raises MatchingInputError for locks that contradict each other.
    """
    board = _Board(inputs, asked)
    pairs = [pair for pair in board.again.pairs if board.here([pair.household_id])]
    without = board.here(board.again.unhoused)
    return {
        "order": [_standing(board.households[row]) for row in board.order.tolist()],
        "doubtful": board.inputs["doubtful"],
        "pairs": [
            {
                "case": pair.household_id,
                "home": pair.home_id,
                "benefit": pair.benefit,
                "fixed": pair.fixed,
                "why": _why(board, pair.household_id, [pair.home_id])[pair.home_id],
                "instead": _instead(board, pair, look=bool(without) and number < MOST_INSTEAD),
            }
            for number, pair in enumerate(pairs)
        ],
        "without": [{"case": one, "possible": _possible(board, one)} for one in without],
        "policies": {policy.value: _under(board, policy) for policy in Policy},
        "moves": [] if asked["before"] is None else _moves(board),
        "kept": _kept(board),
        "scarce": _scarce(board, {pair.home_id for pair in pairs}),
        "recruits": _recruits(board) if without else [],
    }


def replay(inputs: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    """The answer worked out again, in canonical JSON."""
    return canonical(solve(inputs, asked))


def alternatives(
    inputs: Mapping[str, Any], asked: Mapping[str, Any], case_id: int, *, most: int
) -> list[dict[str, Any]]:
    """The homes one household could take, the best first, and what each would do to the others.

    `loss` is missing where the household or the home is fixed: nothing is left to choose then.
    """
    board = _Board(inputs, asked)
    if not board.here([case_id]):
        return []
    never = [home for case, home in board.locks.never if case == case_id]
    mine = np.flatnonzero(
        (board.market.household == board.market.household_at(case_id))
        & ~np.isin(board.market.home_ids[board.market.home], never)
    )
    best = mine[np.lexsort((mine, -board.market.benefit[mine]))][:most]
    homes = board.market.home_ids[board.market.home[best]].tolist()
    why = _why(board, case_id, homes)
    return [
        {
            "home": home,
            "benefit": int(board.market.benefit[row]),
            "why": why[home],
            "loss": _loss_if_taken(board, case_id, home),
        }
        for row, home in zip(best.tolist(), homes, strict=True)
    ]


def _standing(household: Mapping[str, Any]) -> dict[str, Any]:
    """Why a household stands where it stands in the order."""
    return {name: household[name] for name in ("id", "left", "dwelling", "protected", "waiting")}


def _possible(board: _Board, case_id: int) -> int:
    row = board.market.household_at(case_id)
    return int(np.count_nonzero(board.market.household == row))


def _why(board: _Board, case_id: int, homes: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What makes homes suit a household, each as its card wants it.

    Only these homes are compared, so that none of them is called the nearest of all.
    """
    day = date.fromisoformat(board.inputs["today"])
    some = board.homes.take(np.isin(board.homes.ids, list(homes)))
    ranked = rank_homes(board.needs[case_id], some, today=day, top=len(homes))
    found = (*ranked.fits, *ranked.unknown)
    return {one.home_id: to_plain(_without_nearest(one)) for one in found}


def _without_nearest(one: Candidate) -> Candidate:
    said = (replace(r, code="distance") if r.code == "nearest" else r for r in one.reasons)
    return replace(one, reasons=tuple(said))


def _instead(board: _Board, pair: Pair, *, look: bool) -> list[int]:
    """Who would have a home if this household had none: だれの代わりに."""
    if not look:
        return []
    if not pair.fixed:
        column = board.found.market.home_at(pair.home_id)
        if not board.found.home_price[column] and board.found.home_set[column] == NOBODY:
            return []  # nobody is waiting for this home, nor for one that would come free
        return list(board.here(without_household(board.shelf, pair.household_id).gains))
    fixed = tuple(one for one in board.locks.fixed if one[0] != pair.household_id)
    others = board.market.where(
        board.market.household != board.market.household_at(pair.household_id)
    )
    locks = replace(board.locks, fixed=fixed)
    again = assign(others, board.policy, order=board.order, locks=locks)
    gained = set(board.again.unhoused) - set(again.unhoused())
    return [one for one in board.here(board.again.unhoused) if one in gained]


def _loss_if_taken(board: _Board, case_id: int, home_id: int) -> dict[str, Any] | None:
    if any(case_id == case or home_id == home for case, home in board.locks.fixed):
        return None
    plain: dict[str, Any] = to_plain(_of_those_here(board, if_taken(board.shelf, case_id, home_id)))
    return plain


def _of_those_here(board: _Board, loss: Loss) -> Loss:
    return Loss(board.here(loss.loses), board.here(loss.gains), board.here(loss.moves), 0)


def _under(board: _Board, policy: Policy) -> dict[str, Any]:
    """Who would have which home under a policy, and how well all of it fits together."""
    pairs = [pair for pair in board.under(policy).pairs() if board.here([pair.household_id])]
    return {
        "pairs": [[pair.household_id, pair.home_id, pair.benefit] for pair in pairs],
        "total": sum(pair.benefit for pair in pairs),
    }


def _moves(board: _Board) -> list[dict[str, Any]]:
    """What changed for those here; a cause that is not here stands for somebody to come."""
    return [
        to_plain(replace(one, cause=board.named(one.cause), root=board.named(one.root) or 0))
        for one in board.again.moves
        if board.here([one.household_id])
    ]


def _kept(board: _Board) -> list[int]:
    """The homes kept for those who are likely to come."""
    coming = np.isin(board.found.market.household_ids, board.market.household_ids, invert=True)
    homes = board.found.home_of[coming]
    ids: list[int] = np.sort(board.found.market.home_ids[homes[homes != NOBODY]]).tolist()
    return ids


def _scarce(board: _Board, proposed: set[int]) -> list[dict[str, Any]]:
    """The shortest of the homes proposed, each with who needs it."""
    features = _features(board.homes)
    found: list[dict[str, Any]] = []
    for home in shortest(board.shelf, len(board.homes)):
        if home in proposed and len(found) < MOST_SCARCE:
            seen = scarcity(board.shelf, home, features)
            depends = (replace(one, household_ids=board.here(one.household_ids))
                       for one in seen.depends)  # fmt: skip
            there = tuple(one for one in depends if one.household_ids)
            kept = replace(
                seen, price=0, depends=there, without=_of_those_here(board, seen.without)
            )
            found.append(to_plain(kept))
    return found


def _features(homes: HomeColumns) -> dict[str, Bools]:
    """The features somebody may depend on; what is not known is not counted as there.

    What most homes have is nothing to depend on.
    """
    ground, lift = homes.floor == 1, homes.lift == Answer.YES
    known = {
        "ground": ground,
        "ground_or_lift": ground | lift,
        "wheelchair": homes.wheelchair == Answer.YES,
        "no_guarantor": homes.guarantor == Answer.NO,
        "large": homes.area_dm2 >= _LARGE_DM2,
    }
    return {name: there for name, there in known.items() if 2 * there.sum() <= len(homes)}


def _recruits(board: _Board) -> list[dict[str, Any]]:
    """Which homes to look for next, for those here alone."""
    alone = assign(board.market, board.policy, order=board.order, locks=board.locks)
    needs = [OpenNeed(one, need) for one, need in board.needs.items()]
    day = date.fromisoformat(board.inputs["today"])
    return [
        to_plain(one)
        for one in recruits(needs, alone, today=day, copies=MOST_COPIES, top=MOST_RECRUITS)
    ]
