"""How many more homes would fit if the household's own conditions gave way a little."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from matching.changes import Change, ChangeKind, Grantor, apply_change
from matching.conditions import Condition, condition_again
from matching.evaluation import Evaluation, any_of
from matching.home_columns import Bools, HomeColumns, Int64s
from matching.need import Floor, HouseholdNeed, RentCeiling, Support

RENT_STEPS = (1_000, 2_000, 3_000, 5_000, 10_000)
FUNDS_STEPS = (20_000, 50_000, 100_000)
DISTANCE_STEPS = (500, 1_000, 2_000, 3_000)
DAY_STEPS = (3, 7, 14, 30)
# What the conditions that can give way look at; copying every fact of many homes would cost most.
_READS = {
    "rent": ("rent", "fee", "area_dm2", "municipality"),
    "floor": ("floor", "lift"),
    "funds": ("initial_cost", "initial_covered"),
    "move_in": ("available_from",),
    "distance": ("xyz",),
    "guarantor": ("guarantor", "company"),
    "kind": ("kind",),
    "municipality": ("municipality",),
}
_BY_SUPPORT = ("accepts", "pet", "guarantor", "company", "contact")
_READ_BY_SUPPORT = ("accepts", "accepts_if", "guarantor", "company", "contact")
_NOWHERE = np.zeros(0, np.int64)


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
    >>> from matching.evaluation import evaluate
    >>> need = HouseholdNeed(people=1, rent_limit=None, min_rooms=2)
    >>> homes = columns([Home(home_id=1, rooms=1)])
    >>> what_ifs(need, homes, evaluate(need, homes, date(2026, 11, 21)), date(2026, 11, 21))
    ()
    """
    found = []
    for number, condition in enumerate(evaluation.conditions):
        reads = _READS.get(condition.key)
        rows = np.flatnonzero(evaluation.failing_only(number)) if reads else _NOWHERE
        if len(rows):
            subset = homes.take(rows, reads)
            others = evaluation.waiting[rows] - _waits(condition, rows)
            for change in _steps(condition, need, subset):
                after = condition_again(
                    condition, *apply_change(change, need, subset, today), today
                )
                more = np.count_nonzero(_fits(after, len(rows)) & (others == 0))
                found.append(WhatIf(condition.key, change, int(more)))
    found += _supports(need, homes, evaluation, today)
    return tuple(what for what in found if what.more)


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
    concerned = [one for one in evaluation.conditions if one.key in _BY_SUPPORT]
    for support in Support:
        rows = np.flatnonzero(evaluation.mended & (evaluation.missing == support))
        if len(rows):
            by_company = support == Support.GUARANTOR_COMPANY
            by = Grantor.GUARANTOR_COMPANY if by_company else Grantor.DESK
            name = str(support.name).lower()
            change = Change(ChangeKind.ARRANGE_SUPPORT, by, 1, name)
            subset = homes.take(rows, _READ_BY_SUPPORT)
            changed, _ = apply_change(change, need, subset, today)
            waiting, fits = evaluation.waiting[rows], np.ones(len(rows), bool)
            for condition in concerned:
                waiting = waiting - _waits(condition, rows)
                fits &= _fits(condition_again(condition, changed, subset, today), len(rows))
            more = np.count_nonzero(fits & (waiting == 0))
            yield WhatIf("support", change, int(more))


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
    if key == "kind":
        kind, column, names = ChangeKind.ACCEPT_KIND, homes.kind, homes.kinds
    else:
        kind, column, names = (
            ChangeKind.ACCEPT_MUNICIPALITY,
            homes.municipality,
            homes.municipalities,
        )
    for number in np.unique(column):
        yield Change(kind, Grantor.HOUSEHOLD, 1, names[number])
