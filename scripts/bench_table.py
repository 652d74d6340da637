"""The rows of the table of benchmarks, and how times are taken."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One line of the table; ``right`` is whether the answers were, however long they took."""

    work: str
    against: str
    ratio: float
    wanted: str
    met: bool
    detail: str
    right: bool = True


def in_turn(works: Sequence[Work], runs: int) -> list[float]:
    """Seconds of each, run by turns, so that a busy moment is shared by all."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in times]
