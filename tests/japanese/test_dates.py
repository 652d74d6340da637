"""Dates are read as people write them, and impossible ones are refused with a sentence."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.japanese import (
    Precision,
    age_on,
    age_reached_on,
    fiscal_year,
    fiscal_year_days,
    format_era,
    format_fiscal_year,
    parse_built,
    parse_date,
)

TODAY = date(2026, 11, 20)
JAPANESE_DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2070, 12, 31))


@pytest.mark.parametrize(
    ("written", "meant", "precision"),
    [
        ("R8.11.9", date(2026, 11, 9), Precision.DAY),
        ("Ｒ２.８.３", date(2020, 8, 3), Precision.DAY),
        ("令和8年10月17日", date(2026, 10, 17), Precision.DAY),
        ("令和 8 年 9 月 1 日（火）", date(2026, 9, 1), Precision.DAY),
        ("２０２６/１０/２", date(2026, 10, 2), Precision.DAY),
        ("20261009", date(2026, 10, 9), Precision.DAY),
        ("2019.1.16", date(2019, 1, 16), Precision.DAY),
        ("2026−12−15", date(2026, 12, 15), Precision.DAY),
        ("2026-12-15 00:00:00", date(2026, 12, 15), Precision.DAY),
        ("H13.2", date(2001, 2, 1), Precision.MONTH),
        ("S58.9", date(1983, 9, 1), Precision.MONTH),
        ("H27.4～", date(2015, 4, 1), Precision.MONTH),
        ("2026年12月", date(2026, 12, 1), Precision.MONTH),
        ("平成元年", date(1989, 1, 1), Precision.YEAR),
        ("大正5年3月1日", date(1916, 3, 1), Precision.DAY),
        ("昭和64年1月7日", date(1989, 1, 7), Precision.DAY),
    ],
)
def test_reads_what_people_write(written: str, meant: date, precision: Precision) -> None:
    read = parse_date(written, today=TODAY)
    assert (read.value, read.precision, read.problem) == (meant, precision, None)
    assert read.as_typed == written


@pytest.mark.parametrize(
    "written",
    [
        "平成40年",
        "令和0年",
        "昭和64年1月8日",
        "平成31年5月1日",
        "令和元年4月30日",
        "2026年2月30日",
        "2026年13月",
        "20261332",
        "1789年",
        "2126年1月1日",
        "8.9.1",
        "12/15",
        "13/45",
        "来週",
    ],
)
def test_what_cannot_be_a_date_becomes_a_question(written: str) -> None:
    read = parse_date(written, today=TODAY)
    assert read.value is None
    assert read.problem is not None
    assert read.problem.endswith("。")


def test_an_era_year_past_its_end_offers_the_year_it_must_mean() -> None:
    read = parse_date("平成40年3月", today=TODAY)
    assert read.candidates == (date(2028, 3, 1),)
    assert "令和10年" in (read.problem or "")


def test_a_day_without_year_offers_this_year_and_the_next() -> None:
    assert parse_date("12月15日", today=TODAY).candidates == (
        date(2026, 12, 15),
        date(2027, 12, 15),
    )


def test_blank_is_neither_a_date_nor_a_problem() -> None:
    read = parse_date("　", today=TODAY)
    assert (read.value, read.problem) == (None, None)
    assert parse_date(None, today=TODAY).value is None


def test_a_date_cell_is_taken_as_it_is() -> None:
    assert parse_date(datetime(2026, 10, 9, 12, 0), today=TODAY).value == date(2026, 10, 9)  # noqa: DTZ001 - Excel cells carry no zone
    assert parse_date(date(1700, 1, 1), today=TODAY).value == date(1700, 1, 1)


def test_the_last_day_of_what_was_written() -> None:
    assert parse_date("2028年2月", today=TODAY).last_day == date(2028, 2, 29)
    assert parse_date("令和8年", today=TODAY).last_day == date(2026, 12, 31)
    assert parse_date("R8.9.1", today=TODAY).last_day == date(2026, 9, 1)


@given(JAPANESE_DAYS)
def test_an_era_date_comes_back_as_the_same_day(day: date) -> None:
    assert parse_date(format_era(day), today=TODAY).value == day
    assert parse_date(format_era(day, short=True), today=TODAY).value == day


@given(st.text(max_size=40))
def test_no_text_makes_reading_a_date_fail(text: str) -> None:
    read = parse_date(text, today=TODAY)
    assert read.value is None or read.problem is None
    parse_built(text, today=TODAY)


def test_era_names_start_with_gannen() -> None:
    assert format_era(date(2019, 5, 1)) == "令和元年5月1日"
    assert format_era(date(2019, 4, 30), short=True) == "H31.4.30"
    with pytest.raises(ValueError, match="和暦"):
        format_era(date(1872, 12, 31))


def test_the_fiscal_year_runs_from_april_to_march() -> None:
    assert fiscal_year(date(2027, 3, 31)) == 2026
    assert fiscal_year(date(2026, 4, 1)) == 2026
    assert fiscal_year_days(2026) == (date(2026, 4, 1), date(2027, 3, 31))
    assert format_fiscal_year(2019) == "令和元年度"
    assert format_fiscal_year(2018) == "平成30年度"


def test_an_age_is_reached_the_day_before_the_birthday() -> None:
    assert age_on(date(2008, 4, 1), date(2026, 3, 30)) == 17
    assert age_on(date(2008, 4, 1), date(2026, 3, 31)) == 18
    assert age_reached_on(date(1961, 1, 1), 65) == date(2025, 12, 31)
    assert age_on(date(2026, 1, 1), date(2026, 1, 1)) == 0


@pytest.mark.parametrize("year", [2026, 2028])
def test_someone_born_on_a_leap_day_grows_older_on_28_february(year: int) -> None:
    assert age_reached_on(date(2008, 2, 29), year - 2008) == date(year, 2, 28)


@given(st.dates(date(1920, 1, 1), date(2020, 1, 1)), st.integers(1, 99))
def test_the_day_an_age_is_reached_is_the_first_with_that_age(birth: date, age: int) -> None:
    reached = age_reached_on(birth, age)
    assert age_on(birth, reached) == age
    assert age_on(birth, date.fromordinal(reached.toordinal() - 1)) == age - 1


def test_nobody_has_an_age_before_birth() -> None:
    with pytest.raises(ValueError, match="生年月日"):
        age_on(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("written", "year", "month", "estimate"),
    [
        ("築52年", 1974, None, True),
        ("H13.2", 2001, 2, False),
        ("2008/08", 2008, 8, False),
        ("平成元年10月", 1989, 10, False),
        ("築年月：H1.2", 1989, 2, False),
        ("新築", 2026, None, True),
        ("昭和55年", 1980, None, False),
        ("不明", None, None, False),
        (None, None, None, False),
        (date(1999, 5, 1), 1999, 5, False),
    ],
)
def test_reads_the_age_of_a_building(
    written: str | date | None, year: int | None, month: int | None, estimate: bool
) -> None:
    built = parse_built(written, today=TODAY)
    assert (built.year, built.month, built.is_estimate) == (year, month, estimate)
    assert built.problem is None


def test_an_unreadable_age_of_a_building_is_asked_about() -> None:
    assert parse_built("かなり古い", today=TODAY).problem is not None
