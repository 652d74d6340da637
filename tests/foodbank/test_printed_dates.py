"""Every legal print of a date is read; what may mean two days is asked."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foodbank.printed.dates import DateKind, PrintedDate, parse_printed_date
from app.japanese import format_era

TODAY = date(2026, 11, 20)


def read(text: str | date | None, kind: DateKind = DateKind.BEST_BEFORE) -> PrintedDate:
    """A printed date as read on TODAY."""
    return parse_printed_date(text, kind=kind, today=TODAY)


@pytest.mark.parametrize(
    ("printed", "last_day"),
    [
        ("2026.9.1", date(2026, 9, 1)),
        ("26.9.1", date(2026, 9, 1)),
        ("26年9月1日", date(2026, 9, 1)),
        ("260901", date(2026, 9, 1)),
        ("20260901", date(2026, 9, 1)),
        ("令和8年9月1日", date(2026, 9, 1)),
        ("R8.9.1", date(2026, 9, 1)),
        ("２０２７/０６/１２", date(2027, 6, 12)),
        ("賞味期限：2027.2.13", date(2027, 2, 13)),
        (date(2027, 1, 1), date(2027, 1, 1)),
        ("2609", date(2026, 9, 30)),
        ("26.9", date(2026, 9, 30)),
        ("202702", date(2027, 2, 28)),
        ("2028年2月", date(2028, 2, 29)),
        ("R9.2", date(2027, 2, 28)),
    ],
)
def test_legal_prints(printed: str | date, last_day: date) -> None:
    found = read(printed)
    assert (found.last_day, found.question) == (last_day, None)


@pytest.mark.parametrize(
    ("printed", "candidates"),
    [
        ("8.9.1", {date(2008, 9, 1), date(2026, 9, 1)}),
        ("080901", {date(2008, 9, 1), date(2026, 9, 1)}),
        ("0809", {date(2008, 9, 30), date(2026, 9, 30)}),
        ("10.12.24", {date(2010, 12, 24), date(2028, 12, 24)}),
        ("201203", {date(2020, 12, 3), date(2012, 3, 31)}),
        ("12/15", {date(2026, 12, 15), date(2027, 12, 15)}),
    ],
)
def test_a_print_with_two_meanings_is_asked_never_guessed(
    printed: str, candidates: set[date]
) -> None:
    found = read(printed)
    assert found.last_day is None
    assert found.question
    assert set(found.candidates) == candidates


@pytest.mark.parametrize(
    "printed",
    ["", None, "かすれ", "2026", "26.13.1", "2026.2.30", "平成40年1月", "260231", "秋"],
)
def test_no_date_no_month_and_no_such_day_are_asked(printed: str | None) -> None:
    found = read(printed)
    assert found.last_day is None
    assert "現物" in (found.question or "")


def test_a_use_by_date_without_a_day_is_doubtful() -> None:
    found = read("2026年12月", DateKind.USE_BY)
    assert found.last_day is None
    assert found.candidates == (date(2026, 12, 31),)
    assert "消費期限" in (found.question or "")
    assert read("2026年12月1日", DateKind.USE_BY).last_day == date(2026, 12, 1)


def test_the_printed_day_itself_is_in_date() -> None:
    found = read("2026.11.20")
    assert found.is_past(date(2026, 11, 20)) is False
    assert found.is_past(date(2026, 11, 21)) is True
    assert read("8.9.1").is_past(TODAY) is None


def test_an_hour_is_kept() -> None:
    found = read("26.11.21 午後3時", DateKind.USE_BY)
    assert (found.last_day, found.hour) == (date(2026, 11, 21), 15)


@given(st.dates(date(2024, 1, 1), date(2035, 12, 31)))
def test_every_way_of_printing_a_day_means_that_day(day: date) -> None:
    for printed in (
        f"{day:%Y.%m.%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
        f"{day:%y%m%d}",
        f"{day:%y}.{day.month}.{day.day}",
        format_era(day),
        format_era(day, short=True),
    ):
        assert read(printed).last_day == day


@given(st.dates(date(2024, 1, 1), date(2035, 12, 31)))
def test_a_month_ends_on_its_last_day(day: date) -> None:
    for printed in (f"{day:%Y年%m月}", f"{day:%y%m}", f"{day:%Y.%m}"):
        last_day = read(printed).last_day
        assert last_day is not None
        assert (last_day.year, last_day.month) == (day.year, day.month)
        assert (last_day + timedelta(days=1)).day == 1


@given(st.text(max_size=30), st.sampled_from(DateKind))
def test_any_print_is_read_or_asked(text: str, kind: DateKind) -> None:
    found = read(text, kind)
    assert (found.last_day is None) == (found.question is not None)
