"""How many more homes would fit if the household's own conditions gave way a little."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from matching.changes import Change, ChangeKind, Grantor, apply_change
from matching.conditions import Condition, condition_again
from matching.evaluation import Evaluation, any_of, evaluate
from matching.home_columns import Bools, HomeColumns, Int64s
from matching.need import Floor, HouseholdNeed, RentCeiling, Support

RENT_STEPS = (1_000, 2_000, 3_000, 5_000, 10_000)
FUNDS_STEPS = (20_000, 50_000, 100_000)
DISTANCE_STEPS = (500, 1_000, 2_000, 3_000)
DAY_STEPS = (3, 7, 14, 30)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One change of the household's side, and the homes that would fit then and do not now."""

    key: str
    change: Change
    more: int


def what_ifs(
    need: HouseholdNeed, homes: HomeColumns, evaluation: Evaluation, today: date
) -> tuple[WhatIf, ...]:
    """Count what each step would add, by evaluating again the homes it could concern.

    Returns
    -------
    tuple of WhatIf
        Only those that add at least one home that then fits without an open question.

    Examples
    --------
    >>> from matching.home_columns import Home, columns
    >>> need = HouseholdNeed(people=1, rent_limit=None, min_rooms=2)
    >>> homes = columns([Home(home_id=1, rooms=1)])
    >>> what_ifs(need, homes, evaluate(need, homes, date(2026, 11, 21)), date(2026, 11, 21))
    ()
    """
    found = []
    for number, condition in enumerate(evaluation.conditions):
        rows = np.flatnonzero(evaluation.failing_only(number))
        if len(rows):
            subset = homes.take(rows)
            others = evaluation.waiting[rows] - _waits(condition, rows)
            for change in _steps(condition, need, subset):
                after = condition_again(
                    condition, *apply_change(change, need, subset, today), today
                )
                more = np.count_nonzero(_fits(after, len(rows)) & (others == 0))
                found.append(WhatIf(condition.key, change, int(more)))
    found += _supports(need, homes, evaluation, today)
    return tuple(what for what in found if what.more)


def _newly_fitting(change: Change, need: HouseholdNeed, homes: HomeColumns, today: date) -> int:
    after = evaluate(*apply_change(change, need, homes, today), today)
    return int(np.count_nonzero((after.fails == 0) & (after.opens == 0)))


def _waits(condition: Condition, rows: Int64s) -> Bools:
    """Where a condition itself has a question open."""
    return any_of([where[rows] for _, where in condition.asks], len(rows))


def _fits(condition: Condition | None, size: int) -> Bools:
    """Where a condition judged again holds without a question; one no longer set always does."""
    if condition is None:
        return np.ones(size, bool)
    return ~(condition.fails | any_of([where for _, where in condition.asks], size))


def _supports(
    need: HouseholdNeed,
    homes: HomeColumns,
    evaluation: Evaluation,
    today: date,
) -> Iterator[WhatIf]:
    for support in Support:
        rows = evaluation.mended & (evaluation.missing == support)
        if rows.any():
            by_company = support == Support.GUARANTOR_COMPANY
            by = Grantor.GUARANTOR_COMPANY if by_company else Grantor.DESK
            name = str(support.name).lower()
            change = Change(ChangeKind.ARRANGE_SUPPORT, by, 1, name)
            yield WhatIf("support", change, _newly_fitting(change, need, homes.take(rows), today))


def _steps(condition: Condition, need: HouseholdNeed, homes: HomeColumns) -> Iterator[Change]:
    key, household = condition.key, Grantor.HOUSEHOLD
    if key == "rent":
        by = Grantor.DESK if isinstance(need.rent_limit, RentCeiling) else household
        yield from (Change(ChangeKind.RAISE_RENT_LIMIT, by, step) for step in RENT_STEPS)
    elif key == "floor":
        for step in range(1, Floor.ANY - need.floor + 1):
            name = Floor(need.floor + step).name.lower()
            yield Change(ChangeKind.WIDER_FLOOR, household, step, name)
    elif key == "funds":
        yield from (Change(ChangeKind.RAISE_FUNDS, Grantor.DESK, step) for step in FUNDS_STEPS)
    elif key == "move_in":
        yield from (Change(ChangeKind.WAIT, household, step) for step in DAY_STEPS)
    elif key == "distance":
        for step in DISTANCE_STEPS:
            yield Change(ChangeKind.FARTHER, household, step, condition.subject)
    elif key == "guarantor":
        yield Change(ChangeKind.FIND_GUARANTOR, household)
    else:
        yield from _names(key, homes)


def _names(key: str, homes: HomeColumns) -> Iterator[Change]:
    columns = {
        "kind": (ChangeKind.ACCEPT_KIND, homes.kind, homes.kinds),
        "municipality": (
            ChangeKind.ACCEPT_MUNICIPALITY,
            homes.municipality,
            homes.municipalities,
        ),
    }
    if key in columns:
        kind, column, names = columns[key]
        for number in np.unique(column):
            yield Change(kind, Grantor.HOUSEHOLD, 1, names[number])
