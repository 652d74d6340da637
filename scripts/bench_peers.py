"""Other solvers of the same assignment problem, each fed the way it likes best.

scipy is there anyway. lapx and OR-tools are brought in for a run, into a folder of their own
outside the checkout; one that cannot be had is left out with a note.
"""

import importlib
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matching.market import Market, parts

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(tempfile.gettempdir()) / "tsunagi-bench-peers"
Solver = Callable[[Market], int]


def installed(name: str, package: str) -> ModuleType | None:
    """Import a peer, installing it first where it is missing."""
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    try:
        return importlib.import_module(name)
    except ImportError:
        pass
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = [one for one in listed["optional-dependencies"]["peers"] if one.startswith(package)]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", "--target", str(FOLDER), *pinned]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    importlib.invalidate_caches()
    try:
        return importlib.import_module(name)
    except ImportError as missing:
        print(f"{package} is left out: {missing} {done.stderr.strip()[-200:]}")
        return None


def costs(market: Market) -> tuple[np.ndarray, int]:
    """Turn benefits into positive costs; also what to take them from again."""
    above = int(market.benefit.max()) + 1
    return above - market.benefit, above


def scipy_sparse(market: Market) -> int:
    """Solve with scipy's sparse Jonker-Volgenant; everyone of the smaller side must be matched."""
    cost, above = costs(market)
    shape = len(market.household_ids), len(market.home_ids)
    table = csr_array((cost.astype(float), (market.household, market.home)), shape=shape)
    rows, columns = min_weight_full_bipartite_matching(table)
    return above * len(rows) - round(float(table[rows, columns].sum()))


def dense_parts(market: Market) -> int:
    """Solve each part that shares nothing with scipy's dense solver, forbidden pairs priced out."""
    of_household, of_home = parts(market)
    far = (int(market.benefit.max()) + 1) * (min(len(of_household), len(of_home)) + 1)
    pair_part = of_household[market.household]
    order = np.argsort(pair_part, kind="stable")
    row, column = np.empty_like(of_household), np.empty_like(of_home)
    edges = np.searchsorted(pair_part[order], np.arange(pair_part.max(initial=-1) + 2))
    households, homes = np.argsort(of_household, kind="stable"), np.argsort(of_home, kind="stable")
    at_row, at_column = of_household[households], of_home[homes]
    total = 0
    for number in range(len(edges) - 1):
        pairs = order[edges[number] : edges[number + 1]]
        mine = households[slice(*np.searchsorted(at_row, [number, number + 1]))]
        theirs = homes[slice(*np.searchsorted(at_column, [number, number + 1]))]
        row[mine], column[theirs] = np.arange(len(mine)), np.arange(len(theirs))
        table = np.zeros((len(mine), len(theirs)))
        table[row[market.household[pairs]], column[market.home[pairs]]] = (
            market.benefit[pairs] + far
        )
        value = table[linear_sum_assignment(table, maximize=True)]
        total += int(value[value > 0].sum()) - far * int((value > 0).sum())
    return total


def lapx_sparse(lap: ModuleType) -> Solver:
    """Solve with lapx's sparse solver; it wants a square, so the market is put beside its mirror.

    The mirror's pairs cost nothing, and whoever is without is matched with its own mirror image
    at a cost above all others.
    """

    def solve(market: Market) -> int:
        cost, above = costs(market)
        many, homes = len(market.household_ids), len(market.home_ids)
        size = many + homes
        far = float(above) * (min(many, homes) + 1)
        alone = np.arange(many)
        empty = many + np.arange(homes)
        rows = np.concatenate((market.household, alone, empty, many + market.home))
        columns = np.concatenate(
            (market.home, homes + alone, np.arange(homes), homes + market.household)
        )
        values = np.concatenate(
            (cost, np.full(many, far), np.zeros(homes), np.zeros(len(market.home)))
        )
        values *= 2.0 ** (19 - np.ceil(np.log2(far)))  # it takes costs below a million; exact
        order = np.argsort(rows * size + columns)
        starts = np.searchsorted(rows[order], np.arange(size + 1))
        _, x, _ = lap.lapmod(
            size, values[order], starts.astype(np.int32), columns[order].astype(np.int32)
        )
        table = csr_array((market.benefit, (market.household, market.home)), shape=(many, homes))
        given = np.flatnonzero(x[:many] < homes)
        return int(table[given, x[given]].sum())

    return solve


def ortools_flow(flow: ModuleType) -> Solver:
    """Solve as a min-cost flow with OR-tools; its own assignment solver wants a square."""

    def solve(market: Market) -> int:
        cost, above = costs(market)
        many, homes = len(market.household_ids), len(market.home_ids)
        source, sink, most = many + homes, many + homes + 1, min(many, homes)
        model = flow.SimpleMinCostFlow()
        for tails, heads, prices in (
            (market.household, many + market.home, cost),
            (np.full(many, source), np.arange(many), np.zeros(many, int)),
            (many + np.arange(homes), np.full(homes, sink), np.zeros(homes, int)),
        ):
            model.add_arcs_with_capacity_and_unit_cost(
                tails, heads, np.ones(len(tails), int), prices
            )
        model.set_nodes_supplies(np.array([source, sink]), np.array([most, -most]))
        model.solve_max_flow_with_min_cost()
        return above * model.maximum_flow() - model.optimal_cost()

    return solve


def peers() -> dict[str, Solver]:
    """Return all peers there are on this machine, by name."""
    found: dict[str, Solver] = {"scipy sparse": scipy_sparse}
    if lap := installed("lap", "lapx"):
        found["lapx"] = lapx_sparse(lap)
    if flow := installed("ortools.graph.python.min_cost_flow", "ortools"):
        found["OR-tools"] = ortools_flow(flow)
    return found
