"""From a template's numbers to days: rhythm, reviews, holidays, rests."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.followup.codes import CheckInKind
from app.followup.templates.codes import HolidayRule, Unit
from app.followup.templates.rhythm import Phase, Rhythm, due_days, moved_day, within
from app.japanese import is_workday, months_later

pytestmark = pytest.mark.once
START = date(2026, 11, 2)
INTENSIVE = (Phase(7, Unit.DAY, 1), Phase(14, Unit.DAY, 3), Phase(1, Unit.MONTH, 12))


def _rhythm(holiday=HolidayRule.KEEP, phases=INTENSIVE, **more):
    return Rhythm((1, 3, 7), phases, (1, 3, 6, 12), holiday, **more)


def test_the_intensive_start_becomes_monthly_with_reviews_in_between():
    dues = due_days(_rhythm(), START, months_later(START, 12))
    assert [(d.due_on - START).days for d in dues] == [
        1, 3, 7, 14, 21, 30, 42, 56, 70, 84, 92, 120, 151, 181, 212, 242, 273, 304, 334, 365,
    ]  # fmt: skip
    reviews = [d for d in dues if d.kind is CheckInKind.REVIEW]
    assert [r.label for r in reviews] == [
        "1か月の振り返り", "3か月の振り返り", "6か月の振り返り", "1年の振り返り",
    ]  # fmt: skip


def test_first_days_alone_are_a_rhythm_long_enough_to_hold_them():
    only = Rhythm((1, 3, 45), (), (), HolidayRule.KEEP)
    end = months_later(START, only.months)
    assert [(d.due_on - START).days for d in due_days(only, START, end)] == [1, 3, 45]


def test_the_last_phase_goes_on_when_the_plan_is_made_longer():
    dues = due_days(_rhythm(), START, months_later(START, 15))
    assert [d.due_on for d in dues][-3:] == [months_later(START, n) for n in (13, 14, 15)]


@pytest.mark.parametrize(
    ("rule", "day", "moved"),
    [
        (HolidayRule.KEEP, date(2026, 11, 23), date(2026, 11, 23)),  # 勤労感謝の日, a Monday
        (HolidayRule.BEFORE, date(2026, 11, 23), date(2026, 11, 20)),
        (HolidayRule.AFTER, date(2026, 11, 23), date(2026, 11, 24)),
        (HolidayRule.AFTER, date(2026, 12, 30), date(2027, 1, 4)),
        (HolidayRule.BEFORE, date(2027, 1, 2), date(2026, 12, 28)),
        (HolidayRule.BEFORE, date(2026, 11, 3), date(2026, 11, 4)),  # not back to the move itself
    ],
)
def test_a_holiday_moves_a_day_as_the_template_says(rule, day, moved):
    assert moved_day(day, rule, after=START) == moved


PHASES = st.lists(
    st.builds(Phase, st.integers(1, 40), st.sampled_from(Unit), st.integers(1, 24)),
    max_size=3,
    unique_by=lambda p: p.until_months,
).map(lambda ps: tuple(sorted(ps, key=lambda p: p.until_months)))


@given(
    rhythm=st.builds(
        Rhythm,
        st.sets(st.integers(1, 60), max_size=4).map(lambda days: tuple(sorted(days))),
        PHASES,
        st.sets(st.integers(1, 24), max_size=4).map(lambda months: tuple(sorted(months))),
        st.sampled_from(HolidayRule),
    ),
    start=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    months=st.integers(1, 30),
)
def test_days_are_unique_in_order_and_after_the_move(rhythm, start, months):
    end = months_later(start, months)
    dues = due_days(rhythm, start, end)
    days = [d.due_on for d in dues]
    assert days == sorted(set(days))
    assert all(day > start for day in days)
    assert all(d.planned_for <= end for d in dues)
    if rhythm.holiday is not HolidayRule.KEEP:
        assert all(is_workday(day) for day in days)
    wanted = {months_later(start, n) for n in rhythm.reviews if months_later(start, n) <= end}
    kept = {d.planned_for for d in dues if d.kind is CheckInKind.REVIEW}
    assert kept <= wanted
    assert kept == wanted or rhythm.holiday is not HolidayRule.KEEP


def test_a_rest_leaves_days_out_and_ends_with_a_look_the_day_after():
    dues = due_days(_rhythm(), START, months_later(START, 12))
    first, last = START + timedelta(days=5), START + timedelta(days=40)
    rested = within(dues, [(first, last)])
    assert not any(first <= d.due_on <= last for d in rested)
    back = next(d for d in rested if d.due_on == last + timedelta(days=1))
    assert back.kind is CheckInKind.RETURN
    assert {d.due_on for d in dues if d.due_on > last} <= {d.due_on for d in rested}
