"""For how many days what lies in a box feeds a household, whoever chose it.

A person may leave a line out, swap it or hand over fewer: what was planned says nothing of that.
"""

from collections.abc import Sequence

from matching.food_safety import usable_days
from matching.lots import FoodHousehold, Lot
from matching.parcel_model import demands
from matching.parcels import GroupDays


def days_of(household: FoodHousehold, given: Sequence[tuple[Lot, int]]) -> tuple[GroupDays, ...]:
    """Work out the days each food group lasts from units of lots, in the order of the demands.

    Parameters
    ----------
    household : FoodHousehold
    given : sequence of (Lot, int)
        Units of each lot; what is not safe for the household counts for nothing, and nothing
        counts on a day after its last. What several infants may eat goes to the one with least.

    Returns
    -------
    tuple of GroupDays
        At most the days wanted each.

    Examples
    --------
    >>> from datetime import date
    >>> from matching.eaters import Eater
    >>> from matching.lots import DateKind, FoodGroup
    >>> day = date(2026, 11, 21)
    >>> home = FoodHousehold(eaters=(Eater(67 * 12),), eat_from=day, days=3)
    >>> rice = Lot(lot_id=1, item_id=1, name="おかゆ", group=FoodGroup.STAPLE, kcal=525,
    ...            weight_g=250, quantity=20, date_kind=DateKind.BEST_BEFORE,
    ...            last_day=date(2026, 11, 22))
    >>> [days_of(home, [(rice, units)])[0].days for units in (0, 2, 9)]
    [0.0, 1.0, 2.0]
    """
    needs = demands(household)
    eaten = [0.0] * len(needs)
    portions = [(usable_days(household, lot), lot, units) for lot, units in given]
    for usable, lot, units in sorted(portions, key=lambda portion: portion[0]):
        serving = [number for number, need in enumerate(needs) if need.serves(household, lot)]
        if not (usable and serving):
            continue
        for helping in [units] if len(serving) == 1 else [1] * units:
            number = min(serving, key=lambda number: eaten[number] / needs[number].a_day)
            need = needs[number]
            supplied = eaten[number] + helping * need.measure(lot)
            eaten[number] = max(eaten[number], min(supplied, need.a_day * usable))
    return tuple(
        GroupDays(need.group, need.infant, min(total / need.a_day, float(household.days)))
        for need, total in zip(needs, eaten, strict=True)
    )
