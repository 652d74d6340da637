"""Needs and items as columns, and whether one box goes into another, with three answers.

An answer is ``NO``, ``ASK`` or ``YES``, in this order, so that "and" is the smaller and "or" the
larger of two (Kleene's strong logic of three values): what is not known decides nothing by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import permutations

import numpy as np
import numpy.typing as npt

from matching.errors import GoodsError
from matching.geo import Floats, earth_xyz
from matching.goods_items import Box, Gas, GoodsHome, GoodsItem, GoodsNeed, Place, Recall, Safety
from matching.home_columns import Bools, Int64s

Verdicts = npt.NDArray[np.int8]
NO, ASK, YES = np.int8(0), np.int8(1), np.int8(2)

Turns = tuple[tuple[int, ...], ...]
WIDTH, DEPTH, HEIGHT = 0, 1, 2
STANDING: Turns = ((WIDTH, DEPTH, HEIGHT), (DEPTH, WIDTH, HEIGHT))
"""Which side of a thing lies along width, depth and height of a room: it stands as it is used."""
ANY_TURN: Turns = tuple(permutations((WIDTH, DEPTH, HEIGHT)))
GASES = {Gas.NONE: 0, Gas.CITY: 1, Gas.LP: 2, None: -1}
STATES = {True: YES, False: NO, None: ASK}
SAFETIES = {Safety.FAILED: NO, Safety.UNCHECKED: ASK, Safety.PASSED: YES}
RECALLS = {Recall.RECALLED: NO, Recall.UNCHECKED: ASK, Recall.CLEAR: YES}


@dataclass(frozen=True, slots=True, eq=False)
class NeedColumns:
    """Needs by id, one entry a need; measures ``(sides, needs)``, ``nan`` where not known."""

    ids: Int64s
    must: Bools
    limited: Bools
    space: Floats
    door: Floats
    floor: Floats
    lift: Verdicts
    lift_inside: Floats
    stairs: Floats
    gas: Int64s
    volts_200: Verdicts
    xyz: Floats
    keys_on: Floats
    needed_by: Floats
    urgency: Int64s
    waited: Int64s
    least: Int64s


@dataclass(frozen=True, slots=True, eq=False)
class ItemColumns:
    """Items by id, one entry an item."""

    ids: Int64s
    size: Floats
    part: Floats
    comes_apart: Verdicts
    upright: Bools
    appliance: Bools
    gas: Int64s
    volts: Floats
    made_in: Floats
    safety: Verdicts
    recall: Verdicts
    condition: Floats
    weight: Floats
    opens: Floats
    closes: Floats
    xyz: Floats
    storeys: Floats
    carry_kg: Floats
    floor: Floats
    lift: Verdicts


def need_columns(needs: Sequence[GoodsNeed]) -> NeedColumns:
    """Turn needs, already by id, into columns.

    Raises
    ------
    GoodsError
        For a need that appears twice.
    """
    homes: list[GoodsHome] = [need.home for need in needs]
    return NeedColumns(
        ids=_ids([need.need_id for need in needs], "必要なもの"),
        must=np.array([need.must for need in needs], bool),
        limited=np.array([need.space is not None for need in needs], bool),
        space=_boxes(need.space or Box() for need in needs),
        door=_floats([home.door_width, home.door_height] for home in homes).reshape(-1, 2).T,
        floor=_floats(home.floor for home in homes),
        lift=_codes(STATES[home.lift] for home in homes),
        lift_inside=_boxes(home.lift_inside for home in homes),
        stairs=_floats([home.stairs_width] for home in homes).reshape(-1, 1).T,
        gas=_whole(GASES[home.gas] for home in homes),
        volts_200=_codes(STATES[home.volts_200] for home in homes),
        xyz=_xyz([home.place for home in homes]),
        keys_on=_days(need.keys_on for need in needs),
        needed_by=_days(need.needed_by for need in needs),
        urgency=_whole(need.urgency for need in needs),
        waited=_whole(need.waited_days for need in needs),
        least=_whole(need.least_condition for need in needs),
    )


def item_columns(items: Sequence[GoodsItem]) -> ItemColumns:
    """Turn items, already by id, into columns.

    Raises
    ------
    GoodsError
        For an item that appears twice.
    """
    return ItemColumns(
        ids=_ids([item.item_id for item in items], "品"),
        size=_boxes(item.size for item in items),
        part=_boxes(item.part for item in items),
        comes_apart=_codes(STATES[item.comes_apart] for item in items),
        upright=np.array([item.upright for item in items], bool),
        appliance=np.array([item.appliance for item in items], bool),
        gas=_whole(GASES[item.gas] for item in items),
        volts=_floats(item.volts for item in items),
        made_in=_floats(item.made_in for item in items),
        safety=_codes(SAFETIES[item.safety] for item in items),
        recall=_codes(RECALLS[item.recall] for item in items),
        condition=_floats(item.condition for item in items),
        weight=_floats(item.weight_kg for item in items),
        opens=_days(item.window_from for item in items),
        closes=_days(item.window_until for item in items),
        xyz=_xyz([item.place for item in items]),
        storeys=_floats(item.carriers.storeys for item in items),
        carry_kg=_floats(item.carriers.kg for item in items),
        floor=_floats(item.floor for item in items),
        lift=_codes(STATES[item.lift] for item in items),
    )


def _ids(ids: list[int], noun: str) -> Int64s:
    if len(set(ids)) != len(ids):
        raise GoodsError(f"同じ{noun}が2回入っています。")
    return np.array(ids, np.int64)


def _floats(values: Iterable[object]) -> Floats:
    return np.array(list(values), float)  # None becomes nan


def _whole(values: Iterable[int]) -> Int64s:
    return np.array(list(values), np.int64)


def _codes(values: Iterable[np.int8]) -> Verdicts:
    return np.array(list(values), np.int8)


def _days(days: Iterable[date | None]) -> Floats:
    return _floats(None if day is None else day.toordinal() for day in days)


def _boxes(boxes: Iterable[Box]) -> Floats:
    return _floats(box.sides for box in boxes).reshape(-1, 3).T


def _xyz(places: Sequence[Place | None]) -> Floats:
    known = [(place.lat, place.lon) if place else (np.nan, np.nan) for place in places]
    lat, lon = np.array(known, float).reshape(-1, 2).T
    return earth_xyz(lat, lon)


def pairs_of_kinds(needs: Sequence[GoodsNeed], items: Sequence[GoodsItem]) -> tuple[Int64s, Int64s]:
    """List the positions of needs and items of one kind, need by need.

    Examples
    --------
    >>> needs = [GoodsNeed(need_id=1, kinds=frozenset({"bed", "futon"}))]
    >>> items = [GoodsItem(item_id=n, kind=kind) for n, kind in enumerate(("futon", "desk", "bed"))]
    >>> [positions.tolist() for positions in pairs_of_kinds(needs, items)]
    [[0, 0], [0, 2]]
    """
    names = sorted({item.kind for item in items})
    number = {name: place for place, name in enumerate(names)}
    wanted = np.zeros((len(needs), len(names) + 1), bool)
    for row, need in enumerate(needs):
        wanted[row, [number[kind] for kind in need.kinds if kind in number]] = True
    kind = _whole(number[item.kind] for item in items)
    positions = np.argwhere(wanted[:, kind]).astype(np.int64)
    return positions[:, 0], positions[:, 1]


def at_most(size: Floats, limit: Floats) -> Verdicts:
    """Say whether sizes stay within limits; not known where either is not.

    Examples
    --------
    >>> at_most(np.array([55, 61, np.nan]), np.array([60, 60, 60])).tolist()
    [2, 0, 1]
    """
    known = ~(np.isnan(size) | np.isnan(limit))
    found: Verdicts = np.where(known, np.where(size <= limit, YES, NO), ASK).astype(np.int8)
    return found


def goes_into(size: Floats, limit: Floats, turns: Turns) -> tuple[Verdicts, Floats]:
    """Say whether boxes go into openings in any of the turns, and by how much they do not.

    Straight only: what would pass a door tilted is not promised.

    Parameters
    ----------
    size : ndarray
        Shape ``(3, n)``, centimetres, ``nan`` where not known.
    limit : ndarray
        Shape ``(k, n)``.
    turns : tuple of tuples of k sides
        Which side of the box is held against which side of the opening.

    Returns
    -------
    verdicts : int8
        Shape ``(n,)``.
    short : ndarray
        Centimetres missing at the worst side in the best turn, not below 0; known sides only.

    Examples
    --------
    >>> fridge = np.array([[55.0], [62.0], [170.0]])
    >>> found, short = goes_into(fridge, np.array([[60.0], [60.0], [180.0]]), STANDING)
    >>> found.tolist(), short.tolist()
    ([0], [2.0])
    >>> goes_into(fridge, np.array([[65.0], [60.0], [np.nan]]), STANDING)[0].tolist()
    [1]
    """
    best = np.full(size.shape[1], NO, np.int8)
    least = np.full(size.shape[1], np.inf)
    for turn in turns:
        turned = size[list(turn)]
        best = np.maximum(best, at_most(turned, limit).min(axis=0))
        over = np.nan_to_num(turned - limit, nan=-np.inf, neginf=-np.inf)
        least = np.minimum(least, over.max(axis=0))
    return best, np.maximum(least, 0)


def flat(turns: Turns, sides: tuple[int, ...]) -> Turns:
    """Return turns for an opening that has some of the sides only.

    Examples
    --------
    >>> flat(STANDING, (WIDTH, HEIGHT))
    ((0, 2), (1, 2))
    """
    return tuple(sorted({tuple(turn[side] for side in sides) for turn in turns}))
