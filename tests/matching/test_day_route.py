"""The order of a day's stops: no stop lost or doubled, and no better order where all were tried."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.day_route import (
    EXACT_MOST,
    MOST_STOPS,
    USUAL,
    Day,
    Mode,
    Stop,
    Travel,
    because,
    clock,
    day_route,
)
from matching.errors import RouteError
from matching.goods_items import Place

HERE = Place(35.48, 139.40)
STEADY = settings(max_examples=60, deadline=None)
places = st.builds(Place, st.floats(35.44, 35.52), st.floats(139.36, 139.44), st.booleans())
minutes = st.one_of(st.none(), st.integers(8 * 60, 18 * 60))
days = st.builds(
    Day, start=st.one_of(st.none(), st.just(HERE)), finish=st.one_of(st.none(), st.just(HERE)),
    travel=st.sampled_from(list(USUAL.values())),
)  # fmt: skip


def north(minutes_by_car, **facts):
    """A stop so many minutes up the road."""
    return Place(HERE.lat + minutes_by_car * 400 / 1.3 / 110_950, HERE.lon, **facts)


@st.composite
def stops(draw, least=0, most=6):
    """Draw stops, some of them after one that comes before them in the list."""
    found = []
    ids = draw(st.lists(st.integers(1, 99), unique=True, min_size=least, max_size=most))
    for number in ids:
        one, other = draw(minutes), draw(minutes)
        if one is not None and other is not None:
            one, other = sorted((one, other))
        earlier = [stop.stop_id for stop in found]
        after = draw(st.sets(st.sampled_from(earlier), max_size=1)) if earlier else set()
        place = draw(st.one_of(places, places, places, st.none()))
        found.append(
            Stop(
                stop_id=number, place=place, minutes=draw(st.integers(0, 60)), opens=one,
                closes=other, fixed=draw(st.one_of(st.none(), st.none(), minutes)),
                after=frozenset(after),
            )
        )  # fmt: skip
    return found


def walked(found, stops_by_id):
    """Go through what was answered and hold it against the clock."""
    late = metres = 0
    time = None
    for visit in found.visits:
        stop = stops_by_id[visit.stop_id]
        time = visit.arrives if time is None else time + visit.travel_minutes
        assert visit.arrives == time
        assert visit.waits == max(0, stop.window[0] - time)
        assert visit.late == max(0, time - stop.window[1])
        time += visit.waits + stop.minutes
        assert visit.leaves == time
        late, metres = late + visit.late, metres + visit.metres
    return late, metres


def weighed(order, legs, stops_by_id, day):
    """Weigh an order by hand; `legs` are the metres between two."""
    late = metres = 0
    time, last = day.leaves, "start"
    for number in order:
        stop, leg = stops_by_id[number], legs[last, number]
        time += -int(-leg // day.travel.metres_per_minute)
        late += max(0, time - stop.window[1])
        time = max(time, stop.window[0]) + stop.minutes
        metres, last = metres + leg, number
    return late, metres + legs[last, "finish"]


def legs_of(placed, day):
    """Ask for each way between two by itself."""
    ends = {"start": day.start, "finish": day.finish} | {s.stop_id: s.place for s in placed}
    found = {}
    for one, here in ends.items():
        for other, there in ends.items():
            pair = [Stop(stop_id=1, place=there)] if there else []
            way = day_route(pair, Day(start=here, travel=day.travel))
            found[one, other] = way.metres if here and there else 0
    return found


@STEADY
@given(stops(most=5), days)
def test_no_order_is_better_than_the_one_found(given_stops, day):
    found = day_route(given_stops, day)
    by_id = {stop.stop_id: stop for stop in given_stops}
    placed = [stop for stop in given_stops if stop.place]
    known, legs = {stop.stop_id for stop in placed}, legs_of(placed, day)
    best = min(
        weighed(order, legs, by_id, day)
        for order in permutations(known)
        if all(
            not (by_id[number].after & known) - set(order[:at]) for at, number in enumerate(order)
        )
    )
    assert (found.late, found.metres) == best
    assert found.proved


@settings(max_examples=25, deadline=None)
@given(
    given_stops=st.one_of(stops(), stops(least=EXACT_MOST + 2, most=EXACT_MOST + 4)), day=days,
    random=st.randoms(use_true_random=False),
)  # fmt: skip
def test_no_stop_is_lost_or_doubled_and_the_order_given_means_nothing(given_stops, day, random):
    found = day_route(given_stops, day)
    visited = [visit.stop_id for visit in found.visits]
    assert sorted(visited) == sorted(stop.stop_id for stop in given_stops if stop.place)
    assert list(found.unplaced) == sorted(s.stop_id for s in given_stops if not s.place)
    by_id = {stop.stop_id: stop for stop in given_stops}
    for at, number in enumerate(visited):
        assert not (by_id[number].after & set(visited)) - set(visited[:at])
    late, metres = walked(found, by_id)
    assert late == found.late
    assert metres <= found.metres
    random.shuffle(given_stops)
    assert day_route(given_stops, day) == found


def test_above_ten_stops_the_way_is_still_close_to_the_best():
    ring = [Place(35.48 + a / 100, 139.40 + b / 100) for a in range(4) for b in range(3)]
    many = [Stop(stop_id=number * 12 % 13, place=place) for number, place in enumerate(ring, 1)]
    found = day_route(many, Day(start=ring[0], finish=ring[0]))
    best = sum(  # twelve places in a grid: round it once
        day_route([Stop(stop_id=1, place=there)], Day(start=here)).metres
        for here, there in ((ring[0], ring[3]), (ring[0], ring[1]))
        for _ in range(6)
    )
    assert not found.proved
    assert found.metres <= best + 100


def test_above_ten_stops_a_pick_up_still_comes_before_its_delivery():
    line = [
        Stop(
            stop_id=number,
            place=north(number),
            after=frozenset({number + 6} if number <= 6 else ()),
        )
        for number in range(1, 13)
    ]
    found = [visit.stop_id for visit in day_route(line, Day(start=HERE)).visits]
    assert sorted(found) == list(range(1, 13))
    assert all(found.index(number + 6) < found.index(number) for number in range(1, 7))


def test_a_window_decides_the_order_and_is_named_as_the_reason():
    near = Stop(stop_id=1, place=north(5), minutes=30)
    far = Stop(stop_id=2, place=north(15), minutes=30)
    day = Day(start=HERE)
    assert [visit.stop_id for visit in day_route([near, far], day).visits] == [1, 2]
    soon = replace(far, opens=9 * 60, closes=9 * 60 + 30)
    first, second = day_route([near, soon], day).visits
    assert (first.stop_id, first.arrives, first.forced, first.late) == (2, 9 * 60 + 15, True, 0)
    assert (second.stop_id, second.forced) == (1, False)
    assert because(soon, first) == "9:00から9:30までの約束があるので、この順にしました"


@pytest.mark.parametrize(
    ("times", "text"),
    [
        ({"fixed": 10 * 60}, "10:00の約束なので、55分待ちます"),
        ({"opens": 10 * 60}, "10:00からの約束なので、55分待ちます"),
        ({"closes": 9 * 60}, "9:00までの約束に5分遅れます"),
        ({"opens": 8 * 60, "closes": 18 * 60}, ""),
        ({}, ""),
    ],
)
def test_what_an_agreed_time_does_is_said(times, text):
    stop = Stop(stop_id=1, place=north(5), **times)
    (visit,) = day_route([stop], Day(start=HERE)).visits
    assert because(stop, visit) == text


def test_without_a_start_the_first_stop_costs_no_way_and_a_finish_counts():
    only = Stop(stop_id=1, place=north(10, precise=False), minutes=20)
    found = day_route([only], Day(finish=HERE, until=9 * 60 + 10))
    (visit,) = found.visits
    assert (visit.arrives, visit.metres, visit.rough, visit.beyond) == (9 * 60, 0, True, True)
    assert found.ends == 9 * 60 + 20 + 10
    assert day_route([], Day(start=HERE)).visits == ()
    on_foot = day_route([only], Day(start=HERE, travel=USUAL[Mode.FOOT])).visits[0]
    assert on_foot.travel_minutes == 50
    assert clock(found.ends) == "9:30"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Travel(0),
        lambda: Travel(80, detour=0.5),
        lambda: Stop(stop_id=1, opens=-1),
        lambda: Stop(stop_id=1, minutes=24 * 60),
        lambda: Stop(stop_id=1, opens=600, closes=599),
        lambda: Day(leaves=600, until=600),
        lambda: day_route([Stop(stop_id=1), Stop(stop_id=1)], Day()),
        lambda: day_route([Stop(stop_id=n) for n in range(MOST_STOPS + 1)], Day()),
        lambda: day_route(
            [Stop(stop_id=1, place=HERE, after=frozenset({2})),
             Stop(stop_id=2, place=HERE, after=frozenset({1}))], Day()),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(wrong):
    with pytest.raises(RouteError):
        wrong()
