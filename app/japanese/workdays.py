"""Days an office is open, and the next one when a day falls on a holiday.

Source of the rules: national holidays after 国民の祝日に関する法律 (package ``holidays``); the
year's end, 29 December to 3 January, after 地方自治法第4条の2. A town with other closing days
moves a meeting by hand.
"""

import calendar
from datetime import date, timedelta
from functools import cache

import holidays

YEARS_END = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})


@cache
def _national(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("JP", years=year))


def is_workday(day: date) -> bool:
    """Whether a town hall is open: no weekend, no national holiday, not the year's end.

    Examples
    --------
    >>> is_workday(date(2026, 11, 23)), is_workday(date(2026, 11, 24))
    (False, True)
    """
    if day.weekday() >= 5 or (day.month, day.day) in YEARS_END:
        return False
    return day not in _national(day.year)


def workday_from(day: date) -> date:
    """The day itself when offices are open, else the next one on which they are.

    Examples
    --------
    >>> workday_from(date(2026, 12, 29))
    datetime.date(2027, 1, 4)
    """
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last of that month.

    Examples
    --------
    >>> months_later(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
