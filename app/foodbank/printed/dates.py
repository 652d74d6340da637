"""The date on a pack, as printed: 賞味期限 (best before) and 消費期限 (use by).

Rules: the day itself is inclusive, Japan time. A year and month is legal when the shelf life
exceeds three months and means the last day of that month; on a use-by date, which is about days,
it is itself doubtful. "8.9.1" may be Reiwa 8 or 2008: nobody can tell from the pack alone, so it
is asked, never guessed.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.japanese import Precision, narrow, parse_date
from app.japanese.dates import exact_date, last_of_month


class DateKind(StrEnum):
    """What the date is about: quality or safety."""

    BEST_BEFORE = "賞味期限"
    USE_BY = "消費期限"


_FIRST_REIWA = 2018
"""Reiwa 1 is 2019: add a Reiwa year to this."""

_LONGEST_SHELF_LIFE = 10
"""Years. A two-digit year that would be Reiwa and lie further ahead is a western year."""

_HEADING = re.compile(r"^(?:賞味期限|消費期限|期限|賞味|消費)[:：]?")
_HOUR = re.compile(r"(午前|午後|AM|PM)?(\d{1,2})時(?:まで)?$")
_SHORT = re.compile(r"(\d{1,2})[./\-年](\d{1,2})(?:[./\-月](\d{1,2})?日?)?")
_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{2})?")
_UNREADABLE = frozenset({"不明", "読めない", "判読不能", "かすれ", "?", "-", "なし", "無し"})


@dataclass(frozen=True)
class PrintedDate:
    """A printed date. ``last_day`` is the last day it may be given out as in date, or None while a
    ``question`` is open; ``candidates`` are its possible last days. ``hour`` is set when the pack
    prints one (the food is then in date only until that hour of the last day).
    """

    as_printed: str
    last_day: date | None = None
    precision: Precision | None = None
    hour: int | None = None
    question: str | None = None
    candidates: tuple[date, ...] = ()

    def is_past(self, today: date) -> bool | None:
        """Whether the last day is over; None while the date is not known."""
        return None if self.last_day is None else today > self.last_day


def parse_printed_date(text: str | date | None, *, kind: DateKind, today: date) -> PrintedDate:
    """Read the date of a pack; never raises, never guesses.

    ``today`` decides which short years are plausible; ``kind`` which precision is.
    """
    if isinstance(text, date):
        return PrintedDate(text.isoformat(), text, Precision.DAY)
    printed = text or ""
    plain = _HEADING.sub("", narrow(printed).replace(" ", "").upper())
    if not plain or plain in _UNREADABLE:
        return PrintedDate(printed, question="期限がありません。現物の表示を見て入れてください。")
    hour = None
    if found := _HOUR.search(plain):
        hour = int(found[2]) + (12 if found[1] in {"午後", "PM"} and int(found[2]) < 12 else 0)
        plain = plain[: found.start()]
    meanings = _short_meanings(plain, today)
    if meanings is None:
        return _long(plain, printed, hour, kind, today)
    if len(meanings) != 1:
        return PrintedDate(printed, question=_doubt(printed, meanings), candidates=tuple(meanings))
    [(last_day, precision)] = meanings.items()
    return _checked(PrintedDate(printed, last_day, precision, hour), kind)


def _short_meanings(plain: str, today: date) -> dict[date, Precision] | None:
    """The possible last days of a date with a two-digit year; None when there is none."""
    written = _SHORT.fullmatch(plain) or _DIGITS.fullmatch(plain)
    if written is None:
        return None
    short, month = int(written[1]), int(written[2])
    day = int(written[3]) if written[3] else None
    years = [(2000 + short, month, day)]
    if short > 0 and _FIRST_REIWA + short <= today.year + _LONGEST_SHELF_LIFE:
        years.append((_FIRST_REIWA + short, month, day))
    if plain.isdigit() and plain.startswith("20") and len(plain) == 6:
        years.append((int(plain[:4]), int(plain[4:]), None))
    meanings = {}
    for year, of_month, of_day in years:
        try:
            first, precision = exact_date(year, of_month or 13, of_day)
        except ValueError:
            continue
        is_month = precision is Precision.MONTH
        meanings[last_of_month(first.year, first.month) if is_month else first] = precision
    return meanings or None


def _doubt(printed: str, meanings: dict[date, Precision]) -> str:
    days = "か".join(f"{day.year}年{day.month}月{day.day}日" for day in meanings)
    return f"「{printed}」は{days}か分かりません。現物の表示を見て選んでください。"


def _long(plain: str, printed: str, hour: int | None, kind: DateKind, today: date) -> PrintedDate:
    """A date with a four-digit year or an era."""
    read = parse_date(plain, today=today)
    if read.value is None or read.precision is Precision.YEAR:
        sentence = f"「{printed}」は期限として読めません。現物の表示を見て入れ直してください。"
        return PrintedDate(printed, question=sentence, candidates=read.candidates)
    return _checked(PrintedDate(printed, read.last_day, read.precision, hour), kind)


def _checked(date_read: PrintedDate, kind: DateKind) -> PrintedDate:
    """A use-by date without a day is asked about: year and month are for shelf lives over 3
    months.
    """
    if kind is not DateKind.USE_BY or date_read.precision is not Precision.MONTH:
        return date_read
    return PrintedDate(
        date_read.as_printed,
        question=(
            f"消費期限が「{date_read.as_printed}」で、日がありません。"
            "賞味期限の間違いでないか、現物の表示を確かめてください。"
        ),
        candidates=(date_read.last_day,) if date_read.last_day else (),
    )
