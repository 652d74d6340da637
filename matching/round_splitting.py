"""Units of one food among the lots there are of it: first to expire first, first picked up first.

Lots of one food are interchangeable to those who may eat them, so this comes last and loses
nothing. Where a household may eat only some of them, its units stay among those.
"""

from collections.abc import Sequence
from datetime import date

from matching.round_columns import Shelf
from matching.round_filling import Filling

Units = list[tuple[int, int, int]]  # a cell, a lot, how many


def split_by_expiry(filling: Filling, shelf: Shelf, pick_ups: Sequence[date]) -> None:
    """Share every food's units out among its lots, in place.

    Afterwards nobody has a lot of which an earlier one, that they could eat in time, stays here.
    """
    foods: dict[tuple[object, ...], list[int]] = {}
    for place, lot in enumerate(shelf.lots):
        same = (lot.item_id, lot.kcal, lot.weight_g, lot.group, lot.infant_months)
        foods.setdefault(same, []).append(place)  # already first to expire first
    for places in foods.values():
        holders = {cell for place in places for cell in filling.holders[place]}
        if len(places) < 2 or not holders:
            continue
        order = sorted(holders, key=lambda cell: (pick_ups[filling.household[cell]], cell))
        before = _take_all(filling, order, places)
        if not _share_out(filling, order, places, before):
            _take_all(filling, order, places)
            for cell, late, units in before:
                filling.give(cell, late, units)
            _move_forward(filling, order, places)


def _take_all(filling: Filling, order: Sequence[int], places: Sequence[int]) -> Units:
    taken = [
        (cell, place, filling.given[cell][place])
        for cell in order
        for place in places
        if place in filling.given[cell]
    ]
    for cell, place, units in taken:
        filling.give(cell, place, -units)
    return taken


def _share_out(
    filling: Filling, order: Sequence[int], places: Sequence[int], before: Units
) -> bool:
    """Give everybody as many units as before, from the earliest lots; False where one is stuck."""
    for cell in order:
        wanted = sum(units for other, _, units in before if other == cell)
        for place in places:
            if wanted and filling.left[place] and filling.may_have(cell, place):
                units = min(wanted, filling.most(cell, place))
                if units:
                    filling.give(cell, place, units)
                    wanted -= units
        if wanted:
            return False
    return True


def _move_forward(filling: Filling, order: Sequence[int], places: Sequence[int]) -> None:
    """Change a later lot for an earlier one that stays here, wherever somebody can."""
    for cell in order:
        for late in reversed(places):
            for early in places[: places.index(late)]:
                while (
                    late in filling.given[cell]
                    and filling.left[early]
                    and filling.may_have(cell, early)
                    and filling.fresh(cell, early)
                ):
                    filling.give(cell, late, -1)
                    filling.give(cell, early, 1)
