"""Random needs and items, small enough for every rule to matter, and the rules said once more."""

from datetime import date, timedelta
from itertools import permutations

from hypothesis import strategies as st

from matching.goods_items import (
    Box,
    Carriers,
    Condition,
    Gas,
    GoodsHome,
    GoodsItem,
    GoodsNeed,
    Place,
    Recall,
    Safety,
)

TODAY = date(2026, 11, 28)
GOOD_HOME = GoodsHome(
    place=Place(35.48, 139.40), door_width=78, door_height=195, floor=1, gas=Gas.CITY,
    volts_200=False,
)  # fmt: skip
SPACE = Box(60, 65, 180)


def fridge_need(number=1, *, home=GOOD_HOME, **facts):
    """A need everything is known about."""
    given = {"space": SPACE, "space_name": "冷蔵庫置き場"} | facts
    return GoodsNeed(need_id=number, kinds=frozenset({"fridge"}), home=home, **given)


def fridge(number=7, **facts):
    """A fridge everything is known about, which fits."""
    given = {
        "size": Box(55, 60, 170), "upright": True, "volts": 100, "made_in": 2021,
        "safety": Safety.PASSED, "recall": Recall.CLEAR, "condition": Condition.GOOD,
        "place": Place(35.49, 139.40), "floor": 1,
    }  # fmt: skip
    return GoodsItem(item_id=number, kind="fridge", **given | facts)


def mostly(strategy):
    """Return the value, or now and then None."""
    return st.one_of(strategy, strategy, strategy, st.none())


sides = mostly(st.sampled_from((40.0, 55.0, 60.0, 62.0, 90.0, 170.0)))
boxes = st.builds(Box, sides, sides, sides)
places = mostly(st.builds(Place, st.floats(35.3, 35.6), st.floats(139.2, 139.5)))
days = mostly(st.integers(-5, 20).map(lambda number: TODAY + timedelta(days=number)))
flags = mostly(st.booleans())
floors = mostly(st.sampled_from((-1, 1, 1, 2, 4)))
homes = st.builds(
    GoodsHome, place=places, door_width=sides, door_height=sides, floor=floors, lift=flags,
    lift_inside=boxes, stairs_width=sides, gas=mostly(st.sampled_from(Gas)), volts_200=flags,
)  # fmt: skip
carriers = st.builds(
    Carriers, mostly(st.integers(0, 3)), st.one_of(st.none(), st.sampled_from((20.0, 60.0)))
)
kinds = st.sampled_from(("fridge", "bed"))


@st.composite
def needs_and_items(draw, most=4):
    """Draw needs and items with ids that tell nothing of their order."""
    ids = st.lists(st.integers(1, 99), unique=True, max_size=most)
    needs = []
    for number in draw(ids):
        one, other = sorted((draw(days), draw(days)), key=lambda day: day or date.min)
        needs.append(
            GoodsNeed(
                need_id=number, kinds=frozenset(draw(st.sets(kinds, min_size=1))),
                home=draw(st.one_of(st.just(GOOD_HOME), homes)), must=draw(st.booleans()),
                space=draw(st.one_of(st.none(), st.just(SPACE), boxes)), keys_on=one,
                needed_by=other, urgency=draw(st.integers(0, 3)),
                waited_days=draw(st.integers(0, 200)),
            )
        )  # fmt: skip
    return needs, [draw(items(number)) for number in draw(ids)]


@st.composite
def items(draw, number):
    """Draw an item: half of them a fridge of which all is known."""
    if draw(st.booleans()):
        return fridge(number, place=draw(places))
    opens, closes = sorted((draw(days), draw(days)), key=lambda day: day or date.min)
    return GoodsItem(
        item_id=number, kind=draw(kinds), size=draw(boxes), part=draw(boxes),
        comes_apart=draw(flags), upright=draw(st.booleans()),
        gas=draw(mostly(st.sampled_from(Gas))), volts=draw(mostly(st.sampled_from((0, 100, 200)))),
        made_in=draw(mostly(st.integers(2012, 2026))), safety=draw(st.sampled_from(Safety)),
        recall=draw(st.sampled_from(Recall)), condition=draw(mostly(st.sampled_from(Condition))),
        weight_kg=draw(mostly(st.sampled_from((10.0, 40.0, 80.0)))), window_from=opens,
        window_until=closes, place=draw(places), carriers=draw(carriers), floor=draw(floors),
        lift=draw(flags),
    )  # fmt: skip


def goes(box, limits, upright):
    """Say whether a box surely goes into an opening of one, two or three sides."""
    if None in box.sides or None in limits:
        return False
    where = {2: (0, 2), 3: (0, 1, 2), 1: (0,)}[len(limits)]
    turns = ((0, 1, 2), (1, 0, 2)) if upright else permutations((0, 1, 2))
    return any(
        all(box.sides[turn[at]] <= limit for at, limit in zip(where, limits, strict=True))
        for turn in turns
    )


def surely_fits(need, item, *, can_store=True):
    """Hold one household and one item against every hard rule."""
    return (
        item.kind in need.kinds
        and _in_time(need, item, can_store)
        and _sound(need, item)
        and _runs(need.home, item)
        and (need.space is None or goes(item.size, need.space.sides, upright=True))
        and (
            _gets_in(need.home, item, item.size, upright=item.upright)
            or (bool(item.comes_apart) and _gets_in(need.home, item, item.part, upright=False))
        )
        and (item.floor == 1 or bool(item.lift) or _by_stairs(item, item.floor))
    )


def _in_time(need, item, can_store):
    last, due = item.window_until, need.needed_by and max(need.needed_by, TODAY)
    if last and last < TODAY:
        return False
    if due and item.window_from and item.window_from > due:
        return False
    return can_store or not last or (need.keys_on is not None and need.keys_on <= last)


def _sound(need, item):
    if item.recall is Recall.RECALLED or item.safety is Safety.FAILED:
        return False
    if item.appliance and not (
        item.recall is Recall.CLEAR and item.safety is Safety.PASSED
        and item.made_in and TODAY.year - item.made_in <= 10
    ):  # fmt: skip
        return False
    return item.condition is not None and item.condition >= need.least_condition


def _runs(home, item):
    burns = item.gas is Gas.NONE or (item.gas is not None and item.gas is home.gas)
    return burns and (item.volts in {0, 100} or bool(home.volts_200))


def _gets_in(home, item, box, *, upright):
    if not goes(box, (home.door_width, home.door_height), upright):
        return False
    by_lift = bool(home.lift) and goes(box, home.lift_inside.sides, upright)
    stairs = goes(box, (home.stairs_width,), upright) and _by_stairs(item, home.floor)
    return home.floor == 1 or by_lift or stairs


def _by_stairs(item, floor):
    if floor is None or item.carriers.storeys is None:
        return False
    high = floor - 1 if floor > 0 else -floor
    limit = item.carriers.kg
    light = limit is None or (item.weight_kg is not None and item.weight_kg <= limit)
    return high <= item.carriers.storeys and light
