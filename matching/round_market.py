"""How scarce each lot is among the households of a day, and how light each household has to pack.

Giving the worst-off more before anybody else gets more is, for flows, the same as the equilibrium
of a market in which everybody has money in proportion to what they need: its prices are high
where many depend on little, and one over the least price a household meets is the number of days
it reaches. Bids move in proportion to what they bought; each step is a few passes over a table.
What can be carried couples a household's food groups: where the bag is too heavy, weight gets a
price of the household's own, and days nobody can carry home are not bid for.

References
----------
N. Megiddo, "Optimal flows in networks with multiple sources and sinks", *Mathematical Programming*
7 (1974), 97-107, and S. Fujishige, "Lexicographically optimal base of a polymatroid with respect to
a weight vector", *Mathematics of Operations Research* 5 (1980), 186-196, for the flow; L. Zhang,
"Proportional response dynamics in the Fisher market", *Theoretical Computer Science* 412 (2011),
2691-2698, for the bids.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.round_columns import Bools, Cells, Floats, Ints, Shelf

STEPS = 40
_BURDEN_EVERY = 8
_LEAST = 1e-12
_HEAVIEST = 8.0
_PULL = 2.0  # how fast the price of weight answers to an overloaded bag
_TILT = 8.0


@dataclass(eq=False)
class Stall:
    """One food group: who wants of it (rows), which lots there are (columns), who may have which.

    Attributes
    ----------
    rows, lots : array of int
        Positions of cells and of lots.
    serves : array of bool, rows × lots
    measure : array of float
        What a unit supplies.
    supply : array of float
        What there is of each lot.
    grams : array of float
        Grams a kcal (drinks: gram) weighs.
    bids, prices : array of float
        As the market found them.
    """

    rows: Ints
    lots: Ints
    serves: Bools
    measure: Floats
    supply: Floats
    grams: Floats
    bids: npt.NDArray[np.floating]
    prices: Floats

    @classmethod
    def of(cls, rows: Ints, lots: Ints, serves: Bools, measure: Floats, shelf: Shelf) -> "Stall":
        """Open a stall for lots of a shelf; `measure` is what a unit of each supplies."""
        supply = measure * shelf.quantity[lots]
        grams = shelf.weight_g[lots] / measure
        bids = np.where(serves, supply.astype(np.float32), np.float32(0))
        return cls(rows, lots, serves, measure, supply, grams, bids, np.zeros(len(lots)))

    @property
    def heaviness(self) -> Floats:
        """Return the weight of what a lot supplies, against the mean of its group."""
        return np.asarray(self.grams / max(float(self.grams.sum()), _LEAST) * len(self.grams))


def settle(cells: Cells, stalls: Sequence[Stall], carry: Floats) -> Floats:
    """Let the market find its prices, in place; return how much each household prefers light food.

    Parameters
    ----------
    cells : Cells
    stalls : sequence of Stall
    carry : array of float
        Grams each household can carry; infinite for a delivery.

    Returns
    -------
    array of float
        From 0; the weight of a kcal times this counts like a price.

    Examples
    --------
    >>> wants = (np.ones(2), *np.full((3, 2), 9))  # a day; days, most of one item, once a day
    >>> cells = Cells(np.arange(2), np.zeros(2, int), np.full(2, -1), *wants)
    >>> shelf = Shelf((), quantity=np.array([6, 2]), weight_g=np.ones(2), last_day=np.ones(2))
    >>> serves = np.array([[True, True], [False, True]])
    >>> stall = Stall.of(np.arange(2), np.arange(2), serves, np.ones(2), shelf)
    >>> settle(cells, [stall], np.full(2, np.inf))
    array([0., 0.])
    >>> stall.prices.round(2)
    array([0.17, 0.5 ])
    """
    burden = np.zeros(len(carry))
    share = np.ones(len(carry))  # of the days wanted, as far as they can be carried
    weighs = np.zeros(len(cells.household))
    for step in range(0, STEPS, _BURDEN_EVERY):
        for stall in stalls:
            weighs[stall.rows] = _trade(cells, stall, burden, share)
        bag = np.bincount(cells.household, weighs * cells.a_day * cells.days, len(carry))
        over = bag / np.maximum(carry, 1.0)
        share = np.minimum(1, 1 / np.maximum(over, _LEAST))
        if step + _BURDEN_EVERY < STEPS:
            burden = np.clip(burden + np.log(np.maximum(over, _LEAST)) * _PULL, 0, _HEAVIEST)
    return burden


def _trade(cells: Cells, stall: Stall, burden: Floats, share: Floats) -> Floats:
    """Let bids follow what they buy for some steps; return grams a kcal as now planned."""
    home = cells.household[stall.rows]
    money = cells.a_day[stall.rows]
    wanted = (money * cells.days[stall.rows] * share[home]).astype(np.float32)
    likes = np.exp(-np.outer(burden[home], stall.heaviness) / _TILT).astype(np.float32)
    bids, supply = stall.bids, stall.supply.astype(np.float32)
    reached = np.maximum(bids.sum(1), _LEAST)
    bids *= (money / reached)[:, None]
    for _ in range(_BURDEN_EVERY):
        paid = np.maximum(bids.sum(0), _LEAST)
        bids *= supply / paid  # what each gets
        reached = np.maximum(bids.sum(1), _LEAST)
        weight = bids @ stall.grams / reached
        # Whoever has all it wants spends no more than that costs; the rest lowers no other's part.
        bids *= likes
        tilted = np.maximum(bids.sum(1), _LEAST)
        bids *= (money * np.minimum(1, wanted / reached) / tilted)[:, None]
    stall.bids = bids
    stall.prices = np.asarray(bids.sum(0) / np.maximum(supply, _LEAST), float)
    return np.asarray(weight, float)


def most_days(cells: Cells, stall: Stall) -> float:
    """Return days no plan can exceed in the worst of a stall's cells, whatever else it does.

    Those who eat from the dearest lots only can have no more than those lots hold: each set of
    dearest lots bounds them. At the equilibrium one such set is tight.

    Examples
    --------
    >>> wants = (np.ones(2), *np.full((3, 2), 9))  # a day; days, most of one item, once a day
    >>> cells = Cells(np.arange(2), np.zeros(2, int), np.full(2, -1), *wants)
    >>> shelf = Shelf((), quantity=np.array([6, 2]), weight_g=np.ones(2), last_day=np.ones(2))
    >>> serves = np.array([[True, True], [False, True]])
    >>> stall = Stall.of(np.arange(2), np.arange(2), serves, np.ones(2), shelf)
    >>> stall.prices = np.array([0.17, 0.5])
    >>> most_days(cells, stall)
    2.0
    """
    able = stall.serves.any(1)
    if not able.any():
        return 0.0
    prices = stall.prices
    least = np.where(stall.serves, prices[None, :], np.inf).min(1)[able]
    order = np.argsort(-least, kind="stable")
    eaters = np.cumsum(cells.a_day[stall.rows][able][order])
    held = np.sort(prices)[::-1]
    stock = np.cumsum(stall.supply[np.argsort(-prices, kind="stable")])
    # Everything at least as dear as the least price the next household meets.
    there = stock[np.searchsorted(-held, -least[order], side="right") - 1]
    return float(min((there / eaters).min(), cells.days[stall.rows][able].min()))
