"""All homes sorted into those that fit, nearly fit, are not known yet, and do not fit.

This is the part that looks at every home; putting the first ones into words comes after it.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from matching.conditions import PET
from matching.evaluation import Evaluation, evaluate, outside_zones
from matching.home_columns import Bools, Floats, HomeColumns, Int64s
from matching.near_misses import DEFAULT_REACH, NearMiss, Reach, near_efforts, near_miss
from matching.need import HouseholdNeed
from matching.scores import Scores, scores


@dataclass(frozen=True, slots=True, eq=False)
class Sorting:
    """The four groups, and what they were made from.

    Attributes
    ----------
    homes : HomeColumns
    shown : bool
        Which of them may be shown at all; the others are in none of what follows.
    evaluation : Evaluation
        Of those.
    amounts : int64
        By how much each home fails that fails one condition only.
    rows : int64
        Positions among ``homes`` of those kept: the first three groups.
    kept : HomeColumns
        The homes at these positions, with the stances on the household's groups.
    marks : Scores
        Of the homes kept.
    fits, near, unknown : int64
        Positions among ``kept``, each group in its order.
    excluded : int64
        Positions among ``homes``, fewest failing conditions first.
    """

    need: HouseholdNeed
    today: date
    homes: HomeColumns
    shown: Bools
    evaluation: Evaluation
    amounts: Int64s
    rows: Int64s
    kept: HomeColumns
    marks: Scores
    fits: Int64s
    near: Int64s
    unknown: Int64s
    excluded: Int64s

    def near_miss(self, row: int) -> NearMiss:
        """Name the changes that would do for one of ``homes`` that is a near miss."""
        return near_miss(self.need, self.homes, self.evaluation, row, int(self.amounts[row]))


def sort_homes(
    need: HouseholdNeed,
    homes: HomeColumns,
    *,
    today: date,
    reach: Reach = DEFAULT_REACH,
    left_out: Bools | None = None,
) -> Sorting:
    """Judge every home and sort it into its group.

    Homes within a stay-away zone, and those ``left_out`` by the caller, are in none: everything
    found is what it would be if they were not among ``homes``.

    Examples
    --------
    >>> from matching.home_columns import Home, columns
    >>> need = HouseholdNeed(people=1, rent_limit=None)
    >>> found = sort_homes(need, columns([Home(home_id=1)]), today=date(2026, 11, 21))
    >>> found.unknown.tolist(), found.excluded.tolist()
    ([0], [])
    """
    shown = outside_zones(need, homes)
    if left_out is not None:
        shown &= ~left_out
    evaluation = evaluate(need, homes, today, shown)
    efforts, amounts = near_efforts(need, homes, evaluation, today, reach)
    standing = evaluation.fails == 0
    near_or_standing = standing | np.isfinite(efforts)
    rows = np.flatnonzero(near_or_standing)
    kept = homes.of_groups({*need.groups, PET}).take(rows)
    marks = scores(need, kept, today)
    fits, near, unknown = _groups(evaluation, efforts, rows, marks)
    excluded = np.flatnonzero(shown & ~near_or_standing)
    return Sorting(
        need=need,
        today=today,
        homes=homes,
        shown=shown,
        evaluation=evaluation,
        amounts=amounts,
        rows=rows,
        kept=kept,
        marks=marks,
        fits=fits,
        near=near,
        unknown=unknown,
        excluded=excluded[np.argsort(evaluation.fails[excluded], kind="stable")],
    )


def _groups(
    evaluation: Evaluation, efforts: Floats, kept: Int64s, marks: Scores
) -> tuple[Int64s, Int64s, Int64s]:
    """Split the homes kept into fits, near and unknown: positions among them, each in its order."""
    standing, many = evaluation.fails[kept] == 0, evaluation.opens[kept]
    fits = np.flatnonzero(standing & (many == 0))
    near = np.flatnonzero(~standing)
    unknown = np.flatnonzero(standing & (many != 0))
    worse, effort = -marks.total, efforts[kept]
    return (
        fits[np.argsort(worse[fits], kind="stable")],
        near[np.lexsort((worse[near], effort[near], many[near] > 0))],
        unknown[np.lexsort((worse[unknown], many[unknown]))],
    )
