"""Benchmarks of assignment: the same optimum as every peer, in what part of its time."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from bench_peers import Solver, dense_parts, peers, scipy_sparse
from bench_table import Row, in_turn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from matching.arrivals import propose_batch
from matching.assignment import Policy, assign
from matching.executors import IN_PROCESS, Task, assign_each
from matching.market import Locks, Market
from matching.reassignment import Firmness, reassign
from matching.scarcity import shelf, shortest, without_home
from tests.matching.streams import Stream, hidden, replay, stream


def market(households: int, homes: int, each: tuple[int, int], seed: int = 1) -> Market:
    """Random pairs, so many a household, with random benefits up to 100 points in thousandths."""
    rng = np.random.default_rng(seed)
    many = np.minimum(rng.integers(each[0], each[1] + 1, households), homes)
    rows = np.repeat(np.arange(households), many)
    keys = np.unique(rows * homes + rng.integers(0, homes, len(rows)))
    return Market(
        household_ids=np.arange(households),
        home_ids=np.arange(homes),
        household=keys // homes,
        home=keys % homes,
        benefit=rng.integers(1, 100_001, len(keys)),
    )


def towns(count: int, households: int, homes: int) -> Market:
    """Many towns that share nothing, in one market."""
    some = [market(households, homes, (20, 60), seed) for seed in range(count)]
    return Market(
        household_ids=np.arange(count * households),
        home_ids=np.arange(count * homes),
        household=np.concatenate([one.household + n * households for n, one in enumerate(some)]),
        home=np.concatenate([one.home + n * homes for n, one in enumerate(some)]),
        benefit=np.concatenate([one.benefit for one in some]),
    )


def size(some: Market) -> str:
    """Name a market's size."""
    pairs = f"{len(some.benefit):,} pairs"
    return f"{len(some.household_ids):,} households × {len(some.home_ids):,} homes, {pairs}"


def optional(some: Market, bonus: int = 0) -> Market:
    """Give every household a home of its own to stay without in, worth nothing.

    Whoever finds the best total for everybody then finds the best there is for some; a bonus a
    pair counts heads.
    """
    households, homes = len(some.household_ids), len(some.home_ids)
    everybody = np.arange(households)
    return Market(
        household_ids=some.household_ids,
        home_ids=np.arange(homes + households),
        household=np.concatenate((some.household, everybody)),
        home=np.concatenate((some.home, homes + everybody)),
        benefit=np.concatenate((some.benefit + bonus, np.zeros(households, np.int64))),
    )


def heads_row(solvers: dict[str, Solver], markets: int) -> Row:
    """Markets in which not everybody can be housed: heads first, and best fit, by every peer."""
    wrong = without = 0
    for seed in range(markets):
        some = market(*((120, 120), (150, 100), (100, 150))[seed % 3], (1, 3), seed)
        bonus = 100_001 * 151
        most, fit = assign(some, Policy.MOST), assign(some, Policy.FIT)
        heads = int(most.housed.sum())
        without += heads < min(len(some.household_ids), len(some.home_ids))
        for solve in solvers.values():
            wrong += solve(optional(some, bonus)) != most.total + bonus * heads
            wrong += solve(optional(some)) != fit.total
    return Row(
        f"Heads first and best fit, {markets} markets in which not everybody can be housed",
        "the optima of " + ", ".join(solvers),
        wrong,
        "none differs",
        wrong == 0,
        f"no full assignment in {without / markets:.0%}",
        wrong == 0,
    )


def against_peers(some: Market, solvers: dict[str, Solver], limit: float, runs: int) -> Row:
    """Most households, then best fit: what every peer can solve too."""
    works = [lambda: assign(some, Policy.MOST), *(lambda s=s: s(some) for s in solvers.values())]
    ours, *theirs = in_turn(works, runs)
    most, fit = assign(some, Policy.MOST), assign(some, Policy.FIT)
    same = all(solve(some) == most.total for solve in solvers.values())
    same &= all(solve(optional(some)) == fit.total for solve in solvers.values())
    taken = ", ".join(f"{n} {t * 1000:.0f} ms" for n, t in zip(solvers, theirs, strict=True))
    ratio = ours / min(theirs)
    return Row(
        f"Assign {size(some)}, exact and proved",
        "the fastest of " + ", ".join(solvers),
        ratio,
        f"≤ {limit:g}, equal optimum",
        same and ratio <= limit,
        f"{ours * 1000:.0f} ms, proof included; {taken}; optima of most households and"
        f" of best fit {'equal' if same else 'differ'}",
        same,
    )


def by_priority(some: Market, solvers: dict[str, Solver], limit: float, runs: int) -> Row:
    """Priority first; the peer is told who is housed, which it could not find out."""
    found = assign(some)
    part = some.part(found.housed, np.ones(len(some.home_ids), bool))
    ours, theirs = in_turn([lambda: assign(some), lambda: scipy_sparse(part)], runs)
    same, ratio = all(solve(part) == found.total for solve in solvers.values()), ours / theirs
    return Row(
        f"Priority first, {size(some)}",
        "scipy sparse, told who is to be housed",
        ratio,
        f"≤ {limit:g}, equal optimum",
        same and ratio <= limit,
        f"{ours * 1000:.0f} ms, proof included, against {theirs * 1000:.0f} ms;"
        f" {int(found.housed.sum()):,} housed; the optimum is that of {', '.join(solvers)}",
        same,
    )


def after_a_refusal(some: Market, runs: int) -> Row:
    """One pair refused: the least change, with the answer's optimum that of a fresh start."""
    first = assign(some)
    pair = first.pairs()[len(first.pairs()) // 2]
    before = {one.household_id: one.home_id for one in first.pairs()}
    locks = Locks(never=((pair.household_id, pair.home_id),))

    def again(firmness: Firmness = Firmness.FIT_FIRST) -> object:
        return reassign(some, before, locks=locks, firmness=firmness)

    once, twice = in_turn([lambda: assign(some), again], runs)
    fit, firm = (reassign(some, before, locks=locks, firmness=one) for one in Firmness)
    right = fit.total == fit.best_total and firm.kept >= fit.kept
    return Row(
        f"Least change after one refusal, {size(some)}",
        "one assignment",
        twice / once,
        "optimum of a fresh start",
        right,
        f"{twice * 1000:.0f} ms; {len(fit.moves)} moves, {len(firm.moves)} if pairs count first",
        right,
    )


def scarcity_row(some: Market, runs: int) -> Row:
    """Who would lose the shortest home, by assigning again."""
    found = assign(some)
    at = shelf(found)
    home = shortest(at, 1)[0]
    once, again = in_turn([lambda: assign(some), lambda: without_home(at, home)], runs)
    loss = without_home(at, home)
    right = bool(loss.loses) or loss.benefit >= int(found.home_price[home])
    return Row(
        f"Who would lose one home, proved, {size(some)}",
        "one assignment",
        again / once,
        "the loss is at least the price",
        right,
        f"{again * 1000:.0f} ms a home shown",
        right,
    )


def scarcest_first(some: Market, *, again: bool) -> int:
    """Fill homes greedily, households with the fewest choices first.

    With ``again`` a careful person counts choices anew each time and takes the home the fewest
    others could use; without, choices are counted once and everyone takes what suits best.
    """
    wanted: dict[int, dict[int, int]] = {row: {} for row in range(len(some.household_ids))}
    for row, column, benefit in zip(some.household, some.home, some.benefit, strict=True):
        wanted[int(row)][int(column)] = int(benefit)
    fixed = {row: len(choices) for row, choices in wanted.items()}
    filled = 0
    while wanted:
        row = min(wanted, key=lambda one: (len(wanted[one]) if again else fixed[one], one))
        choices = wanted.pop(row)
        if choices:
            filled += 1
            rivals = {home: sum(home in w for w in wanted.values()) for home in choices}
            takes = min(choices, key=lambda home: (again and rivals[home], -choices[home], home))
            for other in wanted.values():
                other.pop(takes, None)
    return filled


def against_greedy(shape: tuple[int, int, tuple[int, int]], markets: int) -> Row:
    """Random markets: never fewer homes filled, whatever the policy but best fit."""
    households, homes, each = shape
    worse = left = left_careful = 0
    for seed in range(markets):
        some = market(households, homes, each, seed)
        once, careful = (scarcest_first(some, again=again) for again in (False, True))
        filled = [
            int(assign(some, policy).housed.sum()) for policy in (Policy.MOST, Policy.PRIORITY)
        ]
        worse += min(filled) < max(once, careful)
        left += max(filled) > once
        left_careful += max(filled) > careful
    return Row(
        f"Homes filled, {markets} markets of {households} × {homes}, {each[0]}–{each[1]} choices",
        "scarcest first, greedily",
        worse,
        "never fewer",
        worse == 0,
        f"greedy leaves fillable homes empty in {left / markets:.0%},"
        f" {left_careful / markets:.0%} if it counts anew each time",
        worse == 0,
    )


Choose = Callable[[Market, Market, int], dict[int, int]]


def _greedily(here: Market, _recent: Market, _left: int) -> dict[int, int]:
    return {one.household_id: one.home_id for one in assign(here, Policy.FIT).pairs()}


def _with_prices(policy: Policy) -> Choose:
    def choose(here: Market, recent: Market, left: int) -> dict[int, int]:
        found = propose_batch(here, recent, expected=left, policy=policy)
        return {one.household_id: one.home_id for one in found.pairs}

    return choose


def arrivals(draw: Callable[[int], Stream], name: str, seeds: int) -> Iterator[Row]:
    """Batches of households with hidden scarcity, each row a share of what hindsight reaches."""
    rules = {"greedy": _greedily} | {str(p): _with_prices(p) for p in (Policy.PRIORITY, Policy.FIT)}
    shares: dict[str, list[float]] = {rule: [] for rule in rules}
    for seed in range(100, 100 + seeds):
        given = draw(seed)
        best = assign(given.whole(), Policy.FIT).total
        for policy, rule in rules.items():
            shares[policy].append(replay(given, rule)[0] / best)
    greedy = float(np.mean(shares.pop("greedy")))
    for policy, reached in shares.items():
        yield Row(
            f"Arrivals in 40 batches, 600 households, {name}, {policy}:"
            " share of the hindsight optimum",
            f"greedy {greedy:.1%}",
            float(np.mean(reached)),
            "≥ 0.97",
            min(reached) >= 0.97,
            f"lowest of {seeds} streams {min(reached):.1%}",
        )


def apart_row(runs: int) -> Row:
    """Towns that share nothing, apart and together."""
    some = [market(50, 1000, (20, 60), seed) for seed in range(100)]
    whole = towns(100, 50, 1000)
    tasks = [Task(one, Policy.MOST) for one in some]
    with ThreadPoolExecutor(2) as threads:
        apart, together = in_turn(
            [lambda: assign_each(tasks), lambda: assign(whole, Policy.MOST)], runs
        )
        totals = [sum(f.total for f in assign_each(tasks, e)) for e in (threads, IN_PROCESS)]
    same = {*totals} == {assign(whole, Policy.MOST).total}
    return Row(
        "100 towns assigned apart",
        "the same in one market",
        apart / together,
        "equal optimum",
        same,
        f"{apart * 1000:.0f} ms one after another",
        same,
    )


def assignment_rows(*, quick: bool) -> Iterator[Row]:
    """All rows; ``quick`` takes fewer runs of the same."""
    runs, solvers = (3 if quick else 9), peers()
    wide, short = market(5000, 100_000, (20, 200)), market(5000, 4000, (20, 200))
    yield against_peers(wide, solvers, 1, runs)
    yield against_peers(short, solvers, 4, runs)
    yield against_peers(towns(100, 50, 1000), {**solvers, "dense per part": dense_parts}, 1, runs)
    yield heads_row(solvers, 6 if quick else 30)
    yield by_priority(wide, solvers, 1, runs)
    yield by_priority(short, solvers, 4, runs)
    yield after_a_refusal(wide, runs)
    yield scarcity_row(market(5000, 5500, (20, 200)), runs)
    yield apart_row(runs)
    for shape in ((40, 40, (1, 4)), (40, 30, (1, 5)), (30, 45, (1, 3)), (60, 60, (2, 3))):
        yield against_greedy(shape, 60 if quick else 300)
    seeds = 1 if quick else 10
    yield from arrivals(stream, "those who can choose like the scarce homes best", seeds)
    yield from arrivals(hidden, "few ground-floor homes nobody likes better", seeds)
