"""Households arriving in batches where what is scarce does not show at first sight.

One home in three is on the ground floor and one in three is cheap. Everybody likes these better,
but only one household in five can live on the ground floor only, and one in five in a cheap home
only. Whoever comes first and takes what suits best leaves those two with nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from matching.market import Market

LIKED = 100


@dataclass(frozen=True)
class Stream:
    """All arrivals of one run, and as many earlier ones; rows are households, columns homes."""

    possible: np.ndarray
    benefit: np.ndarray
    past_possible: np.ndarray
    past_benefit: np.ndarray

    def whole(self) -> Market:
        """Everybody at once: what hindsight would assign."""
        return as_market(self.possible, self.benefit)


def stream(seed: int, homes: int = 600, window: int = 300, share: float = 0.33) -> Stream:
    """Draw one stream with as many households as homes."""
    rng = np.random.default_rng(seed)
    area, taste = rng.integers(0, 4, homes), rng.integers(0, 200, (homes + window, homes))
    ground, cheap = rng.random(homes) < share, rng.random(homes) < share
    many = homes + window
    only_ground, only_cheap = rng.random(many) < 0.2, rng.random(many) < 0.2
    areas = rng.random((many, 4)) < 0.6
    possible = areas[:, area]
    possible &= ~only_ground[:, None] | ground
    possible &= ~only_cheap[:, None] | cheap
    benefit = 600 + taste + LIKED * ground + LIKED * cheap
    return Stream(possible[window:], benefit[window:], possible[:window], benefit[:window])


def hidden(seed: int, homes: int = 600, window: int = 300) -> Stream:
    """Draw one stream in which nothing tells that a home is scarce but who comes later.

    One home in six is on the ground floor. Nobody likes these better or worse, and most could
    live there; one household in eight could live nowhere else, and is helped most by it.
    """
    rng = np.random.default_rng(seed)
    many = window + homes
    ground, only = rng.random(homes) < 1 / 6, rng.random(many) < 1 / 8
    possible = (rng.random((many, 4)) < 0.6)[:, rng.integers(0, 4, homes)]
    possible &= ~only[:, None] | ground
    benefit = 300 + rng.integers(0, 300, (many, homes)) + 400 * only[:, None]
    return Stream(possible[window:], benefit[window:], possible[:window], benefit[:window])


def as_market(possible: np.ndarray, benefit: np.ndarray, first: int = 0) -> Market:
    """Turn a table into a market; homes keep their positions as ids."""
    household, home = np.nonzero(possible)
    return Market(
        household_ids=first + np.arange(len(possible)),
        home_ids=np.arange(possible.shape[1]),
        household=household,
        home=home,
        benefit=benefit[household, home],
    )


Choose = Callable[[Market, Market, int], dict[int, int]]


def replay(given: Stream, choose: Choose, batch: int = 15) -> tuple[int, int]:
    """Let a rule choose batch by batch; return the benefit reached and the number housed."""
    homes = given.possible.shape[1]
    free = np.ones(homes, bool)
    possible = np.vstack((given.past_possible, given.possible))
    benefit = np.vstack((given.past_benefit, given.benefit))
    window, reached, housed = len(given.past_possible), 0, 0
    for start in _starts(len(given.possible), batch):
        now = slice(window + start, window + start + batch)
        here = as_market(possible[now] & free, benefit[now], window + start)
        recent = as_market(possible[start : window + start] & free, benefit[start : window + start])
        left = len(given.possible) - start - len(here.household_ids)
        for household, home in choose(here, recent, left).items():
            reached += int(benefit[household, home])
            housed += 1
            free[home] = False
    return reached, housed


def _starts(many: int, batch: int) -> Iterator[int]:
    return iter(range(0, many, batch))
