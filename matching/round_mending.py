"""Raising the worst-off further, by what the better-off can spare or others can replace."""

import heapq
from collections.abc import Sequence

from matching.round_filling import CLOSE, Filling

_LOTS = 24  # so many lots are tried for a unit more
_IN_VAIN = 120  # so many of the worst-off who cannot be helped end it
_HOLDERS = 12  # so many holders are asked whether they can eat something else


def mend(filling: Filling, stuck: Sequence[int], tries: int) -> None:
    """Give the worst-off units that are in a better-off's box, or in the way in their own bag.

    Parameters
    ----------
    filling : Filling
        Changed in place: no cell falls to where the one raised was.
    stuck : sequence of int
        Cells that found nothing more.
    tries : int
        A count and no clock, so that the same input gives the same boxes.
    """
    filling.start_over()
    waiting = [(filling.level(cell), cell) for cell in stuck]
    heapq.heapify(waiting)
    vain = 0
    while waiting and tries and vain < _IN_VAIN:
        tries -= 1
        was, cell = heapq.heappop(waiting)
        level = filling.level(cell)
        if was != level:  # it has changed since
            heapq.heappush(waiting, (level, cell))
            continue
        changed = _raise(filling, cell)
        vain += not changed
        for other in changed:
            if not filling.has_enough(other):
                heapq.heappush(waiting, (filling.level(other), other))


def _raise(filling: Filling, cell: int) -> list[int]:
    """Give a cell one more unit, whatever has to make way for it; which cells changed."""
    lot = filling.choose(cell)
    if lot is not None:
        filling.give(cell, lot, 1)
        return [cell]
    for lot in filling.order[cell][:_LOTS]:
        changed = _make_way(filling, cell, lot)
        if changed:
            filling.give(cell, lot, 1)
            return [cell, *changed]
    return []


def _make_way(filling: Filling, cell: int, lot: int) -> list[int]:
    """Get a unit of a lot onto the shelf and room for it into the bag; undone if in vain."""
    aim = filling.level(cell) + CLOSE
    undo: list[tuple[int, int, int]] = []
    possible = filling.fresh(cell, lot) and filling.room_for(cell, lot) > 0
    if possible and not filling.left[lot]:
        possible = _free_unit(filling, cell, lot, aim, undo)
    if possible and filling.limits.weight[lot] > filling.carry[filling.household[cell]]:
        possible = _free_room(filling, cell, lot, aim, undo)
    if possible and filling.most(cell, lot):
        return [other for other, _, _ in undo]
    for other, held, units in reversed(undo):
        filling.give(other, held, -units)
    return []


def _free_unit(
    filling: Filling, cell: int, lot: int, aim: float, undo: list[tuple[int, int, int]]
) -> bool:
    """Take a unit from the holder who stays best off, or who can eat something else instead."""
    holders = [
        (-(filling.supplied[other] - filling.supply_of(other, lot)) / filling.a_day[other], other)
        for other in filling.holders[lot]
        if other != cell and filling.group[other] == filling.group[cell]
    ]
    holders.sort()
    if holders and -holders[0][0] > aim:
        _change(filling, holders[0][1], lot, -1, undo)
        return True
    for _, other in holders[:_HOLDERS]:
        _change(filling, other, lot, -1, undo)
        instead = filling.choose(other, but=lot)
        if instead is not None:
            lacks = aim * filling.a_day[other] - filling.supplied[other]
            units = max(1, int(-(-lacks // filling.supply_of(other, instead))))
            if units <= filling.most(other, instead):
                _change(filling, other, instead, units, undo)
                return True
        filling.give(*_back(undo.pop()))
    return False


def _free_room(
    filling: Filling, cell: int, lot: int, aim: float, undo: list[tuple[int, int, int]]
) -> bool:
    """Leave something of the household's here, heavy enough, from the group best off without it."""
    home = filling.household[cell]
    lacks = filling.limits.weight[lot] - filling.carry[home]
    best, found = aim, None
    for other in filling.bags[home]:
        for held, there in filling.given[other].items():
            units = -(-lacks // max(filling.limits.weight[held], 1))
            if held == lot or units > there:
                continue
            more = filling.supply_of(cell, lot) if other == cell else 0
            after = (
                filling.supplied[other] - units * filling.supply_of(other, held) + more
            ) / filling.a_day[other]
            if after > best:
                best, found = after, (other, held, units)
    if found is None:
        return False
    _change(filling, found[0], found[1], -found[2], undo)
    return True


def _change(
    filling: Filling, cell: int, lot: int, units: int, undo: list[tuple[int, int, int]]
) -> None:
    filling.give(cell, lot, units)
    undo.append((cell, lot, units))


def _back(done: tuple[int, int, int]) -> tuple[int, int, int]:
    cell, lot, units = done
    return cell, lot, -units
