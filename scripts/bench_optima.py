"""Benchmarks against optima that are known: proved by a formula, or by a law of chance."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from bench_table import Row

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from matching.assignment import Policy, assign
from matching.market import Market


def square(cost: np.ndarray) -> Market:
    """Turn a square table of costs into a market in which every pair is possible."""
    many = len(cost)
    rows, columns = (axis.ravel() for axis in np.indices(cost.shape))
    return Market(
        household_ids=np.arange(many),
        home_ids=np.arange(many),
        household=rows,
        home=columns,
        benefit=cost.max() - cost.ravel(),
    )


def known(name: str, against: str, cost: np.ndarray, optimum: int) -> Row:
    """Compare the least cost under each policy with what it is known to be."""
    some = square(cost)
    found = [len(cost) * int(cost.max()) - assign(some, policy).total for policy in Policy]
    right = {*found} == {optimum}
    return Row(
        f"Least cost of {name}, {len(cost)} × {len(cost)}",
        against,
        found[0] / optimum,
        "equal under each policy",
        right,
        f"{found[0]:,} against {optimum:,}",
        right,
    )


def by_formula(size: int) -> Iterator[Row]:
    """Tables whose least cost a formula gives."""
    one = np.arange(1, size + 1)
    yield known(
        "i · j",
        "n(n+1)(n+2)/6 (Machol and Wien 1976, A hard assignment problem)",
        np.outer(one, one),
        size * (size + 1) * (size + 2) // 6,
    )
    rng = np.random.default_rng(5)
    here, there = rng.integers(1, 10_000, (2, size))
    up, down = np.sort(here), np.sort(there)[::-1]
    rearranged = "sorted sums (rearrangement inequality, Hardy, Littlewood and Pólya 1934)"
    yield known("products of random numbers", rearranged, np.outer(here, there), int(up @ down))
    apart = np.abs(here[:, None] - there)
    in_order = int(np.abs(up - down[::-1]).sum())
    yield known("distances on a line", "both sides in order (Monge 1781)", apart, in_order)
    convex = int(((up - down[::-1]) ** 2).sum())
    yield known("squared distances on a line", "both sides in order", apart**2, convex)
    cyclic = (one[:, None] + one) % size + 1
    yield known("a cyclic Latin square", "n times its least symbol", cyclic, size)


def random_law(households: int, homes: int, runs: int) -> Row:
    """Costs drawn exponentially have a known mean optimum (Parisi; Coppersmith and Sorkin 1999)."""
    rng = np.random.default_rng(11)
    unit, most = 1_000_000, 100_000_000
    rows, columns = (axis.ravel() for axis in np.indices((households, homes)))
    optima = []
    for _ in range(runs):
        cost = np.rint(rng.exponential(1.0, households * homes) * unit).astype(np.int64)
        some = Market(
            household_ids=np.arange(households),
            home_ids=np.arange(homes),
            household=rows,
            home=columns,
            benefit=most - cost,
        )
        found = assign(some, Policy.MOST)
        optima.append((most * int(found.housed.sum()) - found.total) / unit)
    least = min(households, homes)
    law = sum(1 / ((households - i) * (homes - j)) for i in range(least) for j in range(least - i))
    error = float(np.std(optima, ddof=1)) / len(optima) ** 0.5
    off = abs(float(np.mean(optima)) - law) / error
    return Row(
        f"Random assignment law, {households} × {homes}, mean of {runs} optima",
        "Σ 1/((m−i)(n−j)), i + j < k, proved exact by Nair, Prabhakar and Sharma (2005)",
        float(np.mean(optima)) / law,
        "within 4 standard errors",
        off <= 4,
        f"{np.mean(optima):.4f} against {law:.4f}, {off:.1f} standard errors",
        off <= 4,
    )


def optimum_rows(*, quick: bool) -> Iterator[Row]:
    """All rows; ``quick`` draws fewer random tables and takes smaller ones."""
    yield from by_formula(40 if quick else 80)
    for shape in ((30, 30), (30, 40), (40, 30)):
        yield random_law(*shape, 60 if quick else 400)
