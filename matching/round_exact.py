"""The most the worst-off can have in whole units, proved, where a day is small enough.

Handing out whole units well is a packing problem. On a small day an integer programme settles it,
so that more stock never leaves the worst-off with less; large days rely on filling and mending.
"""

import math
from collections import defaultdict

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array

from matching.round_filling import CLOSE, Filling
from matching.same_food import ANY_NUMBER

MOST_PAIRS = 60  # of a cell and a lot it may have
NODES = 300  # a count and no clock: the same input gives the same answer

Pairs = list[tuple[int, int]]


def raise_worst(filling: Filling) -> bool:
    """Refill everything where the worst cell can have more than it has; whether that is settled.

    False where the day is too large, or the search ended without a proof. Cells nothing serves are
    as badly off in every plan and settle it at once.
    """
    if not filling.order or not all(filling.order):
        return True
    if sum(map(len, filling.order)) > MOST_PAIRS:  # counted first: a large day has millions
        return False
    pairs = [(cell, lot) for cell, lots in enumerate(filling.order) for lot in lots]
    found = _search(filling, pairs)
    levels = [min(filling.level(cell), filling.days[cell]) for cell in range(len(filling.order))]
    if found.x is not None and found.x[-1] > min(levels, default=0.0) + CLOSE:
        _start_from(filling, pairs, [round(value) for value in found.x[:-1]])
    return bool(found.status == 0)


def _search(filling: Filling, pairs: Pairs) -> OptimizeResult:
    """Look for whole units of every pair, and days, that leave the worst-off with most."""
    rows = _limits(filling, pairs)
    many = len(pairs)
    places = [(row, place) for row, (terms, _) in enumerate(rows) for place in terms]
    matrix = csr_array(
        ([value for terms, _ in rows for value in terms.values()], np.array(places).T),
        shape=(len(rows), many + 1),
    )
    upper = [math.ceil(filling.wanted[cell] / filling.supply_of(cell, lot)) for cell, lot in pairs]
    goal = np.zeros(many + 1)
    goal[-1] = -1
    return milp(
        goal,
        integrality=[*[1] * many, 0],
        bounds=Bounds(np.zeros(many + 1), [*upper, min(filling.days)]),
        constraints=LinearConstraint(matrix, -np.inf, [most for _, most in rows]),
        options={"mip_rel_gap": 0.0, "node_limit": NODES},
    )


def _limits(filling: Filling, pairs: Pairs) -> list[tuple[dict[int, float], float]]:
    """Return what no plan may exceed: stock, bags, what is eaten at all and in time; days."""
    rows: dict[tuple[str, int, int], dict[int, float]] = defaultdict(dict)
    for number, (cell, lot) in enumerate(pairs):
        home, supply = filling.household[cell], float(filling.supply_of(cell, lot))
        rows["days", cell, 0][number] = -supply
        rows["stock", lot, 0][number] = 1.0
        rows["bag", home, 0][number] = float(filling.limits.weight[lot])
        if filling.most_of_one[cell] < ANY_NUMBER:
            rows["same", cell, filling.thing[lot]][number] = 1 / filling.limits.helping[lot]
        for day in range(int(filling.limits.usable[home, lot]), filling.days[cell]):
            rows["fresh", cell, day][number] = supply
    stock, bag = [*filling.left], [*filling.carry]
    for cell, mine in enumerate(filling.given):
        for lot, units in mine.items():
            stock[lot] += units
            bag[filling.household[cell]] += units * filling.limits.weight[lot]
    most: dict[str, list[int]] = {"stock": stock, "bag": bag}
    found = []
    for (kind, place, day), terms in rows.items():
        if kind == "days":
            found.append((terms | {len(pairs): filling.a_day[place]}, 0.0))
        elif kind == "fresh":
            found.append((terms, math.floor(filling.a_day[place] * day + CLOSE)))
        elif kind == "same":
            found.append((terms, float(filling.most_of_one[place])))
        else:
            found.append((terms, float(most[kind][place])))
    return found


def _start_from(filling: Filling, pairs: Pairs, units: list[int]) -> None:
    """Hand out what was found, and fill up from there."""
    for cell, mine in enumerate(filling.given):
        for lot, count in list(mine.items()):
            filling.give(cell, lot, -count)
    for (cell, lot), count in zip(pairs, units, strict=True):
        if count:
            filling.give(cell, lot, count)
    filling.start_over()
    filling.fill()
