"""The rows of the table of benchmarks, and how times are taken."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Work = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One line of the table; ``right`` is whether the answers were, however long they took.

    ``short`` explains, by what was measured beside it, why a row may fall short.
    """

    work: str
    against: str
    ratio: float
    wanted: str
    met: bool
    detail: str
    right: bool = True
    short: str = ""


def pace() -> str:
    """How fast this machine is at the moment: promised seconds are only as good as that."""
    start = time.perf_counter()
    total = 0
    for number in range(5_000_000):
        total += number
    loop = time.perf_counter() - start
    block = np.ones(50_000_000 // 8)
    copy = in_turn([block.copy], 5)[0]
    return (
        f"5,000,000 additions in a plain loop took {loop:.2f} s, copying 50 MB {copy * 1e3:.0f} ms"
    )


def in_turn(works: Sequence[Work], runs: int) -> list[float]:
    """Seconds of each, run by turns, so that a busy moment is shared by all."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in times]
