"""Furniture for whom: no rule broken, nothing guessed, each thing once, nobody passed over."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.errors import GoodsError
from matching.goods import MEASURED, Check, judge, match_goods
from matching.goods_columns import ASK, NO, YES
from matching.goods_items import (
    Box,
    Carriers,
    Condition,
    Gas,
    GoodsHome,
    GoodsItem,
    GoodsNeed,
    GoodsRules,
    Place,
    Recall,
    Safety,
)
from matching.goods_words import Whom, missing, questions, reasons
from matching.market import Locks
from tests.matching.goods_kit import (
    GOOD_HOME,
    SPACE,
    TODAY,
    boxes,
    fridge,
    fridge_need,
    homes,
    needs_and_items,
    surely_fits,
)

STEADY = settings(max_examples=50, deadline=None)
UP = replace(GOOD_HOME, floor=3, lift=False, stairs_width=80)
LIFT = replace(GOOD_HOME, floor=3, lift=True, lift_inside=Box(100, 110, 200))


def answer(need, item, **rules):
    """Judge one pair: its verdict on everything, and what is said."""
    table = judge([need], [item], today=TODAY, rules=GoodsRules(**rules))
    found = match_goods(table)
    one = (*found.proposed, *found.waiting(need.need_id), *found.near_misses(need.need_id))
    return table, one[0] if one else None


def verdict(check, need, item, **rules):
    """Return the verdict of one pair on one condition."""
    return judge([need], [item], today=TODAY, rules=GoodsRules(**rules)).verdicts[check, 0]


@STEADY
@given(needs_and_items(), st.booleans())
def test_exactly_the_pairs_that_break_no_rule_fit(given_ones, can_store):
    needs, items = given_ones
    table = judge(needs, items, today=TODAY, rules=GoodsRules(can_store=can_store))
    fits = {
        (table.needs[row].need_id, table.items[column].item_id)
        for row, column in zip(table.need[table.fits], table.item[table.fits], strict=True)
    }
    assert fits == {
        (need.need_id, item.item_id)
        for need in needs
        for item in items
        if surely_fits(need, item, can_store=can_store)
    }


@STEADY
@given(given_ones=needs_and_items(), random=st.randoms(use_true_random=False))
def test_the_order_of_rows_means_nothing_and_each_thing_is_given_once(given_ones, random):
    needs, items = given_ones
    found = match_goods(judge(needs, items, today=TODAY))
    for ids in zip(*((one.need_id, one.item_id) for one in found.proposed), strict=True):
        assert len(set(ids)) == len(ids)
    for rows in (needs, items):
        random.shuffle(rows)
    again = match_goods(judge(needs, items, today=TODAY))
    assert (again.proposed, again.unmet) == (found.proposed, found.unmet)
    assert {*found.unmet, *(one.need_id for one in found.proposed)} == {
        need.need_id for need in needs
    }


def musts_met(needs, items):
    """Count the musts that get something."""
    met = {one.need_id for one in match_goods(judge(needs, items, today=TODAY)).proposed}
    return sum(need.must and need.need_id in met for need in needs)


@STEADY
@given(needs_and_items())
def test_more_items_never_lower_the_number_of_musts_that_are_met(given_ones):
    needs, items = given_ones
    for number in range(len(items)):
        assert musts_met(needs, items[:number]) <= musts_met(needs, items)


@STEADY
@given(needs_and_items())
def test_nothing_is_better_than_what_trying_everything_finds(given_ones):
    needs, items = given_ones
    table = judge(needs, items, today=TODAY)
    found = match_goods(table)
    market, order = found.assignment.market, found.assignment.order.tolist()
    worth = {
        (row, column): benefit
        for row, column, benefit in zip(
            market.household.tolist(), market.home.tolist(), market.benefit.tolist(), strict=True
        )
    }
    nothing = [-1] * len(needs)
    tried = permutations([*range(len(items)), *nothing], len(needs))
    best = max(
        (
            [(row, way[row]) in worth for row in order],
            sum(worth[pair] for pair in enumerate(way) if pair in worth),
        )
        for way in tried
        if all(column == -1 or (row, column) in worth for row, column in enumerate(way))
    )
    assert best == (
        [bool(found.assignment.housed[row]) for row in order], found.assignment.total
    )  # fmt: skip
    musts = [table.needs[row].must for row in order]
    assert musts == sorted(musts, reverse=True)


@STEADY
@given(st.one_of(st.just(LIFT), homes), boxes, boxes, st.booleans())
def test_a_near_miss_is_none_once_what_is_missing_is_there(home, size, space, upright):
    item = fridge(size=size, upright=upright, carriers=Carriers(3))
    need = fridge_need(home=home, space=space)
    table = judge([need], [item], today=TODAY)
    if not table.misses[0]:
        return
    check = Check(int(np.flatnonzero(table.verdicts[:, 0] == NO)[0]))
    more = table.short[check, 0]

    def wider(box):
        return Box(*(None if side is None else side + more for side in box.sides))

    grown = {
        Check.SPACE: (home, wider(space)),
        Check.DOOR: (
            replace(home, door_width=(home.door_width or 0) + more or None,
                    door_height=(home.door_height or 0) + more or None), space),
        Check.WAY_IN: (
            replace(home, lift_inside=wider(home.lift_inside),
                    stairs_width=(home.stairs_width or 0) + more or None), space),
    }  # fmt: skip
    assert check in MEASURED
    at, place = grown[check]
    assert verdict(check, fridge_need(home=at, space=place), item) > NO
    assert missing(table, match_goods(table).near_misses(1)[0]).check is check


CLOSED = TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("check", "need", "item", "expected"),
    [
        (Check.SPACE, {}, {"size": Box(64, 55, 170)}, YES),  # turned round
        (Check.SPACE, {}, {"size": Box(170, 60, 55), "upright": False}, NO),  # never on its side
        (Check.SPACE, {"space": None}, {"size": Box()}, YES),
        (Check.SPACE, {"space": Box(50, 50, None)}, {"size": Box(55, 60, None)}, NO),
        (Check.DOOR, {}, {"size": Box(90, 90, 60)}, NO),  # a fridge is not tipped
        (Check.DOOR, {}, {"size": Box(90, 90, 60), "upright": False}, YES),
        (Check.DOOR, {}, {"size": Box(90, 90, 90), "comes_apart": None}, ASK),
        (Check.DOOR, {}, {"size": Box(90, 90, 90), "comes_apart": True}, ASK),
        (Check.DOOR, {}, {"size": Box(90, 90, 90), "comes_apart": True, "part": Box(90, 10, 90)},
         YES),
        (Check.WAY_IN, {"home": UP}, {"carriers": Carriers(2)}, YES),
        (Check.WAY_IN, {"home": UP}, {"carriers": Carriers(1)}, NO),
        (Check.WAY_IN, {"home": UP}, {}, ASK),
        (Check.WAY_IN, {"home": UP}, {"carriers": Carriers(2, 30.0)}, ASK),
        (Check.WAY_IN, {"home": UP}, {"carriers": Carriers(2, 30.0), "weight_kg": 50.0}, NO),
        (Check.WAY_IN, {"home": LIFT}, {"carriers": Carriers(0)}, YES),
        (Check.WAY_IN, {"home": replace(LIFT, floor=None)}, {}, YES),
        (Check.WAY_IN, {"home": replace(UP, floor=None)}, {"carriers": Carriers(0)}, ASK),
        (Check.WAY_OUT, {}, {"floor": 2, "lift": False, "carriers": Carriers(0)}, NO),
        (Check.WAY_OUT, {}, {"floor": -1, "carriers": Carriers(1)}, YES),
        (Check.WAY_OUT, {}, {"floor": None, "lift": True}, YES),
        (Check.WAY_OUT, {}, {"floor": None}, ASK),
        (Check.GAS, {}, {"gas": Gas.CITY}, YES),
        (Check.GAS, {}, {"gas": Gas.LP}, NO),
        (Check.GAS, {}, {"gas": None}, ASK),
        (Check.POWER, {}, {"volts": 200}, NO),
        (Check.POWER, {}, {"volts": None}, ASK),
        (Check.POWER, {"home": replace(GOOD_HOME, volts_200=True)}, {"volts": None}, YES),
        (Check.RECALL, {}, {"recall": Recall.RECALLED}, NO),
        (Check.RECALL, {}, {"recall": Recall.UNCHECKED}, ASK),
        (Check.SAFETY, {}, {"safety": Safety.UNCHECKED}, ASK),
        (Check.SAFETY, {}, {"safety": Safety.UNCHECKED, "volts": 0}, YES),
        (Check.AGE, {}, {"made_in": 2016}, YES),
        (Check.AGE, {}, {"made_in": 2015}, NO),
        (Check.AGE, {}, {"made_in": 2015, "volts": 0}, YES),
        (Check.CONDITION, {}, {"condition": Condition.BROKEN}, NO),
        (Check.CONDITION, {}, {"condition": None}, ASK),
        (Check.TIME, {}, {"window_until": CLOSED}, NO),
        (Check.TIME, {"needed_by": TODAY}, {"window_from": TODAY + timedelta(days=1)}, NO),
        (Check.TIME, {"needed_by": CLOSED}, {}, YES),  # who still waits is not given up
    ],
)  # fmt: skip
def test_each_condition(check, need, item, expected):
    assert verdict(check, fridge_need(**need), fridge(**item)) == expected


def test_without_a_store_nothing_is_fetched_before_the_keys():
    item = fridge(window_until=TODAY + timedelta(days=2))
    for keys, expected in ((None, ASK), (1, YES), (5, NO)):
        day = keys and TODAY + timedelta(days=keys)
        need = fridge_need(keys_on=day)
        assert verdict(Check.TIME, need, item, can_store=False) == expected
        assert verdict(Check.TIME, need, item) == YES
    assert verdict(Check.AGE, need, fridge(made_in=1990), appliance_years=None) == YES


def texts(words):
    return [one.text for one in words]


def test_what_fits_says_why():
    need = fridge_need(home=UP, needed_by=TODAY + timedelta(days=9))
    item = fridge(
        gas=Gas.CITY, carriers=Carriers(2), window_until=TODAY + timedelta(days=4),
        place=Place(35.49, 139.40, precise=False),
    )  # fmt: skip
    assert texts(reasons(*answer(need, item))) == [
        "冷蔵庫置き場 60cm に幅 55cm が入る（品は幅55×奥行60×高さ170cm）",
        "幅 78cm の戸口を通る",
        "3階まで、階段で運べる",
        "12月2日までに引き取れば、必要な日（12月7日）に間に合う",
        "都市ガス用で、住まいと同じ",
        "100Vで使える",
        "動作を確かめてある",
        "リコールの対象ではない",
        "2021年製",
        "引き取り先までおよそ1.1km",
    ]


def test_a_thing_that_is_turned_or_taken_apart_says_so():
    big = {"upright": False, "comes_apart": True, "part": Box(30, 200, 100), "volts": 0}
    need = fridge_need(home=replace(LIFT, place=None), space=Box(100, 120, None))
    item = fridge(size=Box(110, 95, 190), **big)
    said = texts(reasons(*answer(replace(need, space=Box(100, 120, 200)), item)))
    assert said == [
        "横向きにすれば、冷蔵庫置き場 100cm に奥行 95cm が入る（品は幅110×奥行95×高さ190cm）",
        "分解すれば、幅 78cm の戸口を通る",
        "3階まで、エレベーターか階段で運べる",
    ]
    unlimited = replace(need, space=None, home=GOOD_HOME)
    first, second = texts(reasons(*answer(unlimited, item)))[:2]
    assert (first, second) == ("分解すれば、幅 78cm の戸口を通る", "1階なので、階段がない")


def test_of_what_is_not_settled_nothing_is_said_but_asked():
    need = GoodsNeed(need_id=1, kinds=frozenset({"fridge"}), space=Box(60, None, 180))
    item = GoodsItem(item_id=7, kind="fridge", gas=None, volts=None, comes_apart=None)
    table, one = answer(need, item, can_store=False)
    assert reasons(table, one) == ()
    assert [(word.text, word.whom) for word in questions(table, one)] == [
        ("リコールの対象でないか、型番で確かめてください", Whom.CHECKER),
        ("動作と安全を確かめてください", Whom.CHECKER),
        ("何年製か、銘板を見てください", Whom.DONOR),
        ("傷みや汚れの状態を確かめてください", Whom.DONOR),
        ("都市ガス用かLPガス用か、銘板を見てください", Whom.DONOR),
        ("住まいのガスの種類を確かめてください", Whom.HOME),
        ("100Vか200Vか、銘板を見てください", Whom.DONOR),
        ("品の幅・奥行・高さを測ってください", Whom.DONOR),
        ("置き場の奥行を測ってください", Whom.HOME),
        ("玄関など通り道の戸口の幅・高さを測ってください", Whom.HOME),
        ("分解できるか確かめてください", Whom.DONOR),
        ("住まいは何階か確かめてください", Whom.HOME),
        ("引き取り先で品が何階にあるか聞いてください", Whom.DONOR),
    ]


@pytest.mark.parametrize(
    ("need", "item", "asked"),
    [
        ({}, {"window_until": TODAY, "volts": 0}, ["鍵を受け取る日を決めて、入れてください"]),
        ({"home": replace(GOOD_HOME, volts_200=None)}, {"volts": 200},
         ["200Vのコンセントがあるか確かめてください"]),
        ({"home": replace(GOOD_HOME, floor=2, lift=True, stairs_width=80)},
         {"carriers": Carriers(None, 30.0)},
         ["エレベーターの内側の幅・奥行・高さを測ってください",
          "階段で2階を運べるか、運ぶ人に聞いてください", "品の重さを確かめてください"]),
        ({"home": replace(GOOD_HOME, floor=-1)},
         {"carriers": Carriers(1), "comes_apart": True, "size": Box(60, 65, 60)},
         ["分解したときの一番大きな部品の幅・奥行・高さを測ってください",
          "エレベーターがあるか確かめてください", "階段の幅を測ってください"]),
        ({"home": UP}, {}, ["階段で3階を運べるか、運ぶ人に聞いてください"]),
        ({}, {"floor": 2}, ["階段で2階を運べるか、運ぶ人に聞いてください",
                            "引き取り先にエレベーターがあるか聞いてください"]),
        ({}, {"floor": 2, "lift": False}, ["階段で2階を運べるか、運ぶ人に聞いてください"]),
        ({}, {"gas": None}, ["都市ガス用かLPガス用か、銘板を見てください"]),
        ({"home": replace(GOOD_HOME, gas=None)}, {"gas": Gas.LP},
         ["住まいのガスの種類を確かめてください"]),
    ],
)  # fmt: skip
def test_what_to_ask_or_measure(need, item, asked):
    table, one = answer(fridge_need(**need), fridge(**item), can_store=False)
    assert texts(questions(table, one)) == asked


@pytest.mark.parametrize(
    ("need", "item", "text"),
    [
        ({}, {"size": Box(63, 66, 170)}, "冷蔵庫置き場が、あと3cm足りません"),
        ({"space": Box(99, 99, 200)}, {"size": Box(80.5, 90, 170)}, "戸口が、あと2.5cm足りません"),
        ({"home": replace(LIFT, lift_inside=Box(50, 90, 200))}, {"carriers": Carriers(0)},
         "エレベーターの内側が、あと5cm足りません"),
        ({"home": replace(UP, stairs_width=50)}, {"carriers": Carriers(2)},
         "階段の幅が、あと5cm足りません"),
        ({"home": UP}, {"carriers": Carriers(0)}, "3階まで階段で運べる人が要ります"),
        ({}, {"floor": 2, "lift": False, "carriers": Carriers(0)},
         "引き取り先の2階から階段で運べる人が要ります"),
        ({}, {"made_in": 2014}, "2014年製で、あと2年新しければ使えます"),
        ({"needed_by": TODAY}, {"window_from": TODAY + timedelta(days=2)},
         "引き取れるのは11月30日からで、必要な日にあと2日間に合いません"),
        ({"keys_on": TODAY + timedelta(days=3)}, {"window_until": TODAY},
         "鍵の日より前（11月28日まで）に引き取る先で、置いておける場所が要ります"),
    ],
)  # fmt: skip
def test_a_near_miss_says_how_little_is_missing(need, item, text):
    table, one = answer(fridge_need(**need), fridge(**item), can_store=False)
    assert missing(table, one).text == text


@pytest.mark.parametrize(
    "item",
    [
        {"recall": Recall.RECALLED},
        {"safety": Safety.FAILED},
        {"window_until": CLOSED},
        {"gas": Gas.LP},
        {"size": Box(63, 66, 170), "made_in": 2000},
    ],
)
def test_what_fails_twice_or_for_good_is_no_near_miss(item):
    table, one = answer(fridge_need(), fridge(**item))
    assert one is None
    assert not match_goods(table).others(1)


def test_the_nearest_goes_first_and_what_few_can_use_before_what_many_can():
    near, far = fridge(8, place=Place(35.481, 139.40)), fridge(7, place=Place(35.60, 139.40))
    found = match_goods(judge([fridge_need()], [near, far], today=TODAY))
    assert [one.item_id for one in found.proposed] == [8]
    assert [one.item_id for one in found.others(1)] == [7]
    assert missing_raises(found)
    small, large = fridge(9, place=None), fridge(7, place=None, size=Box(40, 40, 90))
    wide, narrow = fridge_need(1), fridge_need(2, must=False, space=Box(45, 45, 99))
    found = match_goods(judge([wide, narrow], [small, large], today=TODAY))
    assert {(one.need_id, one.item_id) for one in found.proposed} == {(1, 9), (2, 7)}


def missing_raises(found):
    with pytest.raises(ValueError, match="misses nothing"):
        missing(found.table, found.proposed[0])
    return True


def test_what_a_person_fixed_or_ruled_out_stands():
    needs, items = [fridge_need(1), fridge_need(2, must=False)], [fridge(7), fridge(8)]
    table = judge(needs, items, today=TODAY)
    found = match_goods(table, Locks(fixed=((2, 7),), never=((1, 8),)))
    assert [(one.need_id, one.item_id) for one in found.proposed] == [(2, 7)]
    assert found.unmet == (1,)
    odd = judge(
        [*needs, replace(needs[0], need_id=3, kinds=frozenset({"bed"}))], items, today=TODAY
    )
    assert 3 not in {
        one.need_id for one in match_goods(odd, Locks(fixed=((3, 7),))).proposed
    }  # fixed outside the rules: nothing can be said of it


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Box(0),
        lambda: Box(1, 1, 1001),
        lambda: Place(91, 0),
        lambda: GoodsHome(door_width=-1),
        lambda: GoodsNeed(need_id=1, kinds=frozenset()),
        lambda: fridge_need(urgency=4),
        lambda: fridge_need(keys_on=TODAY, needed_by=CLOSED),
        lambda: fridge(volts=110),
        lambda: fridge(window_from=TODAY, window_until=CLOSED),
        lambda: judge([fridge_need(), fridge_need()], [], today=TODAY),
        lambda: judge([], [fridge(), fridge()], today=TODAY),
    ],
)
def test_what_cannot_be_meant_is_refused(wrong):
    with pytest.raises(GoodsError):
        wrong()


def test_the_space_is_said_as_far_as_it_is_known():
    for size, space in ((Box(55, 60, 170), Box(None, 65, 180)), (Box(), SPACE)):
        table, one = answer(fridge_need(space=space), fridge(size=size))
        assert not any(word.check is Check.SPACE for word in reasons(table, one))
