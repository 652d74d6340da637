"""Whatever the template and however the dates move: an open task follows, a closed one stays."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.keyday.codes import (
    Applies,
    Counted,
    CountedFrom,
    Doer,
    Phase,
    TaskState,
    counted_as,
    said_as,
)
from app.keyday.days import Bases, counted_words, day_of, phase_of
from app.keyday.models import KeyDayTask
from app.keyday.shipped import SHIPPED

pytestmark = pytest.mark.once
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
BASES = st.builds(Bases, keys=st.none() | DAYS, move_in=st.none() | DAYS)
TASKS = st.builds(
    KeyDayTask,
    counted_from=st.sampled_from(CountedFrom),
    offset_days=st.integers(-400, 400),
    fixed_on=st.none() | DAYS,
    state=st.sampled_from(TaskState),
    kept_on=st.none() | DAYS,
)


@settings(deadline=None, database=None, max_examples=200)
@given(st.lists(TASKS, max_size=12), st.lists(BASES, min_size=1, max_size=4))
def test_open_tasks_are_base_plus_offset_and_closed_ones_keep_their_day(tasks, moved):
    for bases in moved:
        for task in tasks:
            base = bases.keys if task.counted_from is CountedFrom.KEYS else bases.move_in
            on = day_of(task, bases)
            if task.state is not TaskState.OPEN:
                assert on == task.kept_on
            elif task.fixed_on is not None:
                assert on == task.fixed_on
            else:
                assert on == (base + timedelta(days=task.offset_days) if base else None)
            assert phase_of(task, bases) in Phase


@pytest.mark.parametrize(
    ("counted", "days", "words"),
    [
        (Counted.KEYS_BEFORE, 3, "鍵の3日前"),
        (Counted.KEYS_AFTER, 0, "鍵の日"),
        (Counted.MOVE_IN_AFTER, 14, "入居の14日後"),
        (Counted.MOVE_IN_BEFORE, 400, "入居の400日前"),
    ],
)
def test_what_a_person_says_and_reads_is_the_same(counted, days, words):
    assert counted_words(*counted_as(counted, days)) == words
    assert said_as(*counted_as(counted, days)) == (counted, days)


@pytest.mark.parametrize(
    ("counted_from", "offset", "fixed_on", "phase"),
    [
        (CountedFrom.KEYS, -1, None, Phase.BEFORE),
        (CountedFrom.KEYS, 0, None, Phase.THE_DAY),
        (CountedFrom.MOVE_IN, 1, None, Phase.AFTER),
        (CountedFrom.MOVE_IN, 1, date(2026, 12, 1), Phase.BEFORE),
        (CountedFrom.KEYS, -1, date(2026, 12, 3), Phase.THE_DAY),
        (CountedFrom.KEYS, -1, date(2026, 12, 5), Phase.AFTER),
    ],
)
def test_a_fixed_day_says_to_which_part_a_task_belongs(counted_from, offset, fixed_on, phase):
    task = KeyDayTask(counted_from=counted_from, offset_days=offset, fixed_on=fixed_on)
    assert phase_of(task, Bases(date(2026, 12, 2), date(2026, 12, 4))) is phase


def test_the_shipped_lines_are_in_themselves_sound():
    codes = [line.code for line in SHIPPED]
    assert len(codes) == len(set(codes))
    order = {line.code: line.offset_days for line in SHIPPED if line.counted_from == "keys"}
    assert order["insurance"] < order["keys"]
    assert order["shielding"] < order["keys"]
    guarded = {line.code for line in SHIPPED if line.applies is Applies.PROTECTED}
    assert guarded == {"shielding", "post_advice"}
    assert all(line.doer is not Doer.COLLEAGUE and line.title for line in SHIPPED)
