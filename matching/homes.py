"""One household against all homes: what fits, what nearly fits, what is not known yet, and why.

`rank_homes` is the front door. Homes within a stay-away zone are taken out first of all, so that
no list, count, question or sentence can tell that they were ever there.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from matching.conditions import FAILS, FITS, Ask
from matching.errors import MatchingInputError
from matching.evaluation import Evaluation, evaluate, outside_zones
from matching.home_columns import Bools, HomeColumns, Int64s
from matching.near_misses import DEFAULT_REACH, NearMiss, Reach
from matching.need import HouseholdNeed, Support
from matching.questions import Question, questions
from matching.reasons import Reason, Scene, reasons, scene, to_arrange
from matching.scores import ScorePart, is_stale
from matching.sorting import Sorting, sort_homes
from matching.what_if import WhatIf, what_ifs


@dataclass(frozen=True, slots=True)
class Candidate:
    """One home of a list, with everything its sentence, tags and bar are made from.

    Attributes
    ----------
    home_id : int
    score : float
        0 to 100.
    parts : tuple of ScorePart
    reasons : tuple of Reason
    arrange : Support
        To do if it becomes a proposal.
    asks : tuple of Ask
        Open questions (for a near miss: those still open once the change is granted).
    near : NearMiss or None
    stale : bool
        Nobody confirmed the vacancy lately.
    """

    home_id: int
    score: float
    parts: tuple[ScorePart, ...]
    reasons: tuple[Reason, ...]
    arrange: Support
    asks: tuple[Ask, ...]
    near: NearMiss | None
    stale: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """One failing condition."""

    key: str
    subject: str


@dataclass(frozen=True, slots=True)
class Excluded:
    """One home that does not fit, and every condition in the way."""

    home_id: int
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class FailureCount:
    """How many homes fail one condition, and how many fail nothing else."""

    failure: Failure
    homes: int
    only: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many homes are in each group that is shown."""

    fits: int = 0
    near: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Ranking:
    """All homes in four groups.

    Attributes
    ----------
    considered : int
        The sum of the four groups.
    counts : Counts
    fits, near, unknown : tuple of Candidate
        The first of each group; ``*_ids`` hold these groups whole, in the same order.
    excluded : tuple of Excluded
        Fewest failing conditions first.
    failures : tuple of FailureCount
        Which conditions empty the list, the most homes first (near misses count as failing).
    questions : tuple of Question
    what_ifs : tuple of WhatIf
    """

    considered: int
    counts: Counts
    fits: tuple[Candidate, ...]
    near: tuple[Candidate, ...]
    unknown: tuple[Candidate, ...]
    excluded: tuple[Excluded, ...]
    failures: tuple[FailureCount, ...]
    questions: tuple[Question, ...]
    what_ifs: tuple[WhatIf, ...]
    fit_ids: tuple[int, ...] = ()
    near_ids: tuple[int, ...] = ()
    unknown_ids: tuple[int, ...] = ()


def rank_homes(
    need: HouseholdNeed,
    homes: HomeColumns,
    *,
    today: date,
    top: int = 50,
    reach: Reach = DEFAULT_REACH,
    left_out: Bools | None = None,
) -> Ranking:
    """Rank all homes for one household.

    Parameters
    ----------
    need : HouseholdNeed
    homes : HomeColumns
        Open vacancies; their order breaks ties.
    today : date
        Japan's date.
    top : int
        How many of each group to describe in full, and how many questions to return.
    reach : Reach
        How far a near miss may be away.
    left_out : bool array, optional
        Homes that are not to be looked at, as if they were not there.

    Returns
    -------
    Ranking
        The same for the same input. A home nobody may see is in none of its numbers.

    Raises
    ------
    MatchingInputError
        For a negative ``top``.

    Examples
    --------
    >>> from matching.home_columns import Company, Contact, Home, columns
    >>> from matching.need import Answer, IncomeShare, Place
    >>> need = HouseholdNeed(people=1, rent_limit=IncomeShare(41000), funds=100000)
    >>> easy = {"guarantor": Answer.NO, "company": Company.NOT_USED,
    ...         "contact": Contact.NOT_NEEDED, "place": Place(35.48, 139.4), "initial_cost": 0}
    >>> homes = columns([Home(home_id=1, rent=43000, fee=0, **easy),
    ...                  Home(home_id=2, rent=39000, fee=2000, **easy),
    ...                  Home(home_id=3, rent=39000, **easy),
    ...                  Home(home_id=4, rent=90000, fee=0, **easy)])
    >>> found = rank_homes(need, homes, today=date(2026, 11, 21))
    >>> found.fit_ids, found.near_ids, found.unknown_ids, found.excluded[0].home_id
    ((2,), (1,), (3,), 4)
    >>> found.near[0].near.options[0].amount
    2000
    """
    if top < 0:
        raise MatchingInputError("表示する件数は0以上にしてください。")
    found = sort_homes(need, homes, today=today, reach=reach, left_out=left_out)
    return describe(found, top)


def describe(found: Sorting, top: int) -> Ranking:
    """Put the first ``top`` homes of each group into everything sentences are made from."""
    look = _Look(found, scene(found.need, found.kept, found.fits, found.today))
    return Ranking(
        considered=int(np.count_nonzero(found.shown)),
        counts=Counts(len(found.fits), len(found.near), len(found.unknown)),
        fits=tuple(look.candidate(row) for row in found.fits[:top]),
        near=tuple(look.candidate(row, near=True) for row in found.near[:top]),
        unknown=tuple(look.candidate(row) for row in found.unknown[:top]),
        excluded=tuple(_excluded(found, row) for row in found.excluded[:top]),
        failures=_failure_counts(found.evaluation),
        questions=questions(found.homes, found.evaluation, top),
        what_ifs=what_ifs(found.need, found.homes, found.evaluation, found.today),
        fit_ids=_ids(found.kept, found.fits),
        near_ids=_ids(found.kept, found.near),
        unknown_ids=_ids(found.kept, found.unknown),
    )


def _ids(homes: HomeColumns, rows: Int64s) -> tuple[int, ...]:
    return tuple(homes.ids[rows].tolist())


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """What candidates are described from; rows are positions among the homes kept."""

    found: Sorting
    at: Scene

    def candidate(self, row: int, *, near: bool = False) -> Candidate:
        """Describe one home in full."""
        found, kept = self.found, self.found.kept
        place = int(found.rows[row])
        return Candidate(
            home_id=int(kept.ids[row]),
            score=float(found.marks.total[row]),
            parts=found.marks.of(row),
            reasons=reasons(self.at, row),
            arrange=to_arrange(found.need, kept, row),
            asks=found.evaluation.open_asks(place),
            near=found.near_miss(place) if near else None,
            stale=is_stale(int(kept.confirmed_on[row]), found.today),
        )


def _failures(evaluation: Evaluation, row: int) -> tuple[Failure, ...]:
    found = (evaluation.conditions[number] for number in evaluation.failing(row))
    return tuple(Failure(condition.key, condition.subject) for condition in found)


def _excluded(found: Sorting, row: int) -> Excluded:
    return Excluded(int(found.homes.ids[row]), _failures(found.evaluation, row))


def _failure_counts(evaluation: Evaluation) -> tuple[FailureCount, ...]:
    found = []
    alone = np.bincount(
        evaluation.only_failing[evaluation.fails == 1], minlength=len(evaluation.conditions)
    )
    for number, condition in enumerate(evaluation.conditions):
        fails = int(np.count_nonzero(condition.fails))
        if fails:
            failure = Failure(condition.key, condition.subject)
            found.append(FailureCount(failure, fails, int(alone[number])))
    return tuple(sorted(found, key=lambda count: -count.homes))


@dataclass(frozen=True, slots=True)
class Verdict:
    """One condition's answer for one home: "fits", "fails" or "unknown"."""

    key: str
    subject: str
    answer: str


def look_at_home(
    need: HouseholdNeed, homes: HomeColumns, home_id: int, *, today: date
) -> tuple[Verdict, ...]:
    """Answer "why this one, why not that one" for any home.

    Returns
    -------
    tuple of Verdict
        Empty for a home that may not be shown, exactly as for one that is not there.

    Examples
    --------
    >>> from matching.home_columns import Home, columns
    >>> need = HouseholdNeed(people=1, rent_limit=None)
    >>> look_at_home(need, columns([Home(home_id=1)]), 1, today=date(2026, 11, 21))[0]
    Verdict(key='rent', subject='', answer='unknown')
    >>> look_at_home(need, columns([Home(home_id=1)]), 2, today=date(2026, 11, 21))
    ()
    """
    home = homes.take(homes.ids == home_id)
    home = home.take(outside_zones(need, home))
    if not len(home):
        return ()
    words = {FAILS: "fails", FITS: "fits"}
    return tuple(
        Verdict(condition.key, condition.subject, words.get(int(condition.state[0]), "unknown"))
        for condition in evaluate(need, home, today).conditions
    )
