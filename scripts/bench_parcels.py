"""Benchmarks of a day's parcels: how near the linear bound, how fast, and never unsafe.

The worth of a plan: for each household's food group its days, each further day half as much as the
one before, times the people. The bound is the best any plan in fractions of units could be worth.
"""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench_table import Row, in_turn
from scipy.optimize import linprog
from scipy.sparse import csr_array

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from matching.food_safety import usable_days
from matching.lots import FoodHousehold, Lot
from matching.parcel_round import Round, plan_round
from matching.round_columns import Shelf
from tests.matching.rounds import a_day

HALF = 0.5


@dataclass
class Rows:
    """Rows of a linear programme, gathered as (row, column, value)."""

    at: list[np.ndarray]
    columns: list[np.ndarray]
    values: list[np.ndarray]
    most: list[float]

    def add(self, row, columns, values) -> None:  # type: ignore[no-untyped-def] # shapes vary
        """Put values at (row, columns); each may be one or many."""
        shape = np.broadcast_shapes(np.shape(row), np.shape(columns), np.shape(values))
        for kept, given in ((self.at, row), (self.columns, columns), (self.values, values)):
            kept.append(np.broadcast_to(given, shape))


def bounds(homes: list[FoodHousehold], found: Round) -> tuple[float, float]:
    """The most days the worst-off, and the most worth everybody, could have in fractions."""
    filling = found._filling  # noqa: SLF001 - the bound is of the very problem that was solved
    cells, limits = filling.cells, filling.limits
    shelf = found._shelf  # noqa: SLF001
    cell = np.repeat(np.arange(len(filling.order)), [len(lots) for lots in filling.order])
    lot = np.array([one for lots in filling.order for one in lots])
    unit = np.array([filling.supply_of(c, j) for c, j in zip(cell, lot, strict=True)], float)
    pairs, many, days = len(cell), len(filling.order), int(cells.days.max())
    home = cells.household[cell]
    rows = Rows([], [], [], [])
    rows.add(lot, np.arange(pairs), 1 / unit)
    rows.most += shelf.quantity.tolist()
    rows.add(len(rows.most) + home, np.arange(pairs), shelf.weight_g[lot] / unit)
    rows.most += [1e12 if one.carry_g is None else one.carry_g for one in homes]
    usable = limits.usable[home, lot]
    short = usable < cells.days[cell]
    for c, d in sorted(set(zip(cell[short].tolist(), usable[short].tolist(), strict=True))):
        rows.add(len(rows.most), np.flatnonzero((cell == c) & (usable <= d)), 1.0)
        rows.most.append(cells.a_day[c] * d)
    first = len(rows.most)
    for day in range(days):
        rows.add(first + np.arange(many), pairs + days * np.arange(many) + day, cells.a_day)
    rows.add(first + cell, np.arange(pairs), -1.0)
    rows.most += [0.0] * many
    worth = np.zeros(pairs + days * many + 1)
    people = np.array([len(one.eaters) for one in homes], float)[cells.household]
    worth[pairs:-1] = (people[:, None] * HALF ** np.arange(days)).ravel()
    upper = np.full(len(worth), np.inf)
    upper[pairs:-1] = np.clip(cells.days[:, None] - np.arange(days), 0, 1).ravel()
    best = _best(worth, rows, upper)
    served = np.array([c for c in range(many) if filling.order[c]])
    row = len(rows.most) + np.arange(len(served))
    rows.add(row, np.full(len(served), len(worth) - 1), 1.0)
    for day in range(days):
        rows.add(row, pairs + days * served + day, -1.0)
    rows.most += [0.0] * len(served)
    worst = np.zeros(len(worth))
    worst[-1] = 1
    return _best(worst, rows, upper), best


def _best(goal: np.ndarray, rows: Rows, upper: np.ndarray) -> float:
    at, columns = np.concatenate(rows.at), np.concatenate(rows.columns)
    matrix = csr_array(
        (np.concatenate(rows.values), (at, columns)), shape=(len(rows.most), len(goal))
    )
    found = linprog(
        -goal,
        A_ub=matrix,
        b_ub=rows.most,
        bounds=np.column_stack((np.zeros(len(goal)), upper)),
        method="highs-ipm" if len(goal) > 60_000 else "highs",
    )
    return float(-found.fun)


def worths(homes: list[FoodHousehold], found: Round) -> tuple[float, float]:
    """The days of the worst-off whom anything serves, and the worth of the whole plan."""
    filling = found._filling  # noqa: SLF001
    cells = filling.cells
    levels = np.minimum(np.array(filling.supplied) / cells.a_day, cells.days)
    people = np.array([len(one.eaters) for one in homes], float)[cells.household]
    steps = np.arange(int(cells.days.max()))
    worth = people[:, None] * HALF**steps * np.clip(levels[:, None] - steps, 0, 1)
    served = [cell for cell, lots in enumerate(filling.order) if lots]
    return float(levels[served].min()), float(worth.sum())


def faults(homes: list[FoodHousehold], lots: list[Lot], found: Round) -> int:
    """Unsafe lines, bags too heavy, units that are not there, earlier lots left for later ones."""
    shelf = {lot.lot_id: lot for lot in lots}
    order = {lot.lot_id: place for place, lot in enumerate(Shelf.of(lots).lots)}
    wrong = sum(units < 0 for units in found.left.values())
    same: dict[tuple[object, ...], list[Lot]] = {}
    for lot in lots:
        same.setdefault((lot.item_id, lot.kcal, lot.weight_g, lot.group), []).append(lot)
    for home, parcel in zip(homes, found.parcels, strict=True):
        wrong += home.carry_g is not None and parcel.weight_g > home.carry_g
        for line in parcel.lines:
            lot = shelf[line.lot_id]
            wrong += not usable_days(home, lot)
            for early in same[lot.item_id, lot.kcal, lot.weight_g, lot.group]:
                sooner = order[early.lot_id] < order[lot.lot_id] and found.left[early.lot_id]
                wrong += bool(sooner) and usable_days(home, early) >= home.days
    return wrong


def day_rows(
    households: int, lots: int, limits: tuple[float, float, float], runs: int
) -> list[Row]:
    """One day: its gap and its time, its worst-off, and what is wrong with it."""
    homes, stock = a_day(households, lots, seed=3, enough=0.8)
    found = plan_round(homes, stock)
    seconds = in_turn([lambda: plan_round(homes, stock)], runs)[0]
    started = time.perf_counter()
    most, best = bounds(homes, found)
    solver = time.perf_counter() - started
    worst, worth = worths(homes, found)
    gap, share, wrong = 1 - worth / best, worst / most, faults(homes, stock, found)
    size = f"Parcels, {households:,} households × {lots:,} lots"
    most_gap, most_time, least_share = limits
    rows = [
        Row(
            f"{size}: gap",
            "LP bound",
            gap,
            f"≤ {most_gap:g} in ≤ {most_time:g} s",
            gap <= most_gap and seconds <= most_time,
            f"{seconds:.2f} s with every sentence; HiGHS takes {solver:.0f} s for the bounds",
            short=f"{seconds:.2f} s, plain Python, which follows the machine's pace.",
        ),
        Row(
            f"{size}: unsafe lines, bags too heavy, expiry inversions",
            "the rules one by one",
            wrong,
            "0",
            not wrong,
            f"{sum(len(parcel.lines) for parcel in found.parcels):,} lines",
            right=not wrong,
        ),
    ]
    if least_share:
        rows.insert(
            1,
            Row(
                f"{size}: days of the household worst off",
                "LP bound",
                share,
                f"≥ {least_share:g}",
                share >= least_share,
                f"{worst:.2f} of {most:.2f} days",
                short="Whole units of what one household may eat and can carry.",
            ),
        )
    return rows


def parcel_rows(*, quick: bool) -> list[Row]:
    """A small day and a large one; the bound of the large one takes minutes."""
    rows = day_rows(200, 300, (0.015, 0.3, 0), 5)
    return rows if quick else rows + day_rows(1_000, 1_000, (0.02, 2.0, 0.97), 3)
