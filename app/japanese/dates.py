"""Dates, eras and ages as people in Japan write and count them.

One page may say "R8.11.9", "令和8年10月17日", "２０２６/１０/２" and "20261009". All of them are
read here, in one place, and nothing is guessed: what has two readings or no reading comes back
without a value and with a sentence that says what to ask. Dates are Japan's dates; ``today`` is
always an argument.

Sources of the rules: start of the eras 1912-07-30, 1926-12-25, 1989-01-08, 2019-05-01 (the cabinet
orders on era names); the Gregorian calendar since 1873-01-01 (太政官布告 337 of Meiji 5); an age
is reached the day before the birthday (年齢計算ニ関スル法律 and article 143 of the Civil Code);
the fiscal year runs from April to March (article 208 of the Local Autonomy Act).
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.japanese.text import narrow


class Precision(StrEnum):
    """How much of a date was written."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class Era:
    """An era with its inclusive first day and, once it has ended, its inclusive last day."""

    name: str
    letter: str
    first: date
    last: date | None

    def year_of(self, year: int) -> int:
        """The western year of the era's year ``year`` (元年 is 1)."""
        return self.first_year + year - 1

    @property
    def first_year(self) -> int:
        """The western year called 元年. Meiji began in 1868, five years before its first usable
        day.
        """
        return 1868 if self.letter == "M" else self.first.year


ERAS = (
    Era("令和", "R", date(2019, 5, 1), None),
    Era("平成", "H", date(1989, 1, 8), date(2019, 4, 30)),
    Era("昭和", "S", date(1926, 12, 25), date(1989, 1, 7)),
    Era("大正", "T", date(1912, 7, 30), date(1926, 12, 24)),
    Era("明治", "M", date(1873, 1, 1), date(1912, 7, 29)),
)
"""Newest first. Meiji is usable from 1873, when Japan took the Gregorian calendar."""

_ERA_BY_SIGN = {sign: era for era in ERAS for sign in (era.name, era.letter)}
_SEPARATOR = r"[./\-]"
_ERA_DATE = re.compile(
    rf"(令和|平成|昭和|大正|明治|[RHSTM])\.?(元|\d{{1,2}})(?:年|{_SEPARATOR}|$)"
    rf"(?:(\d{{1,2}})(?:月|{_SEPARATOR}|$)(?:(\d{{1,2}})日?)?)?"
)
_WESTERN_DATE = re.compile(
    rf"(\d{{4}})(?:年|{_SEPARATOR}|$)(?:(\d{{1,2}})(?:月|{_SEPARATOR}|$)(?:(\d{{1,2}})日?)?)?"
)
_PLAIN_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_SHORT_YEAR = re.compile(rf"\d{{1,2}}{_SEPARATOR}\d{{1,2}}{_SEPARATOR}\d{{1,2}}")
_WITHOUT_YEAR = re.compile(r"(\d{1,2})(?:月|/)(\d{1,2})日?")
_TAIL = re.compile(
    r"(?:\([月火水木金土日祝](?:曜日?)?\)|T?\d{1,2}:\d{2}(?::\d{2})?|[~〜]|頃|ごろ)+$"
)
_HOW_TO_WRITE = "「2026/10/9」か「R8.10.9」のように書いてください。"
_YEARS_AHEAD = 50
_YEARS_BACK = 150


@dataclass(frozen=True)
class ParsedDate:
    """What was read from one cell.

    ``value`` is the first day of what was written (1 December for 2026年12月) or None. ``problem``
    is a sentence for the person who has to decide; it is None for a date that was read and for a
    blank. ``candidates`` are possible meanings to offer as buttons, never to take by themselves.
    """

    as_typed: str
    value: date | None = None
    precision: Precision | None = None
    problem: str | None = None
    candidates: tuple[date, ...] = ()

    @property
    def last_day(self) -> date | None:
        """The last day covered by what was written: 31 December for 2026年12月."""
        if self.value is None or self.precision is Precision.DAY:
            return self.value
        month = self.value.month if self.precision is Precision.MONTH else 12
        return last_of_month(self.value.year, month)


class _NoSuchDateError(ValueError):
    """A date that cannot exist; the message is the sentence for the reader."""

    def __init__(self, sentence: str, candidates: tuple[date, ...] = ()) -> None:
        super().__init__(sentence)
        self.candidates = candidates


def parse_date(text: str | date | None, *, today: date) -> ParsedDate:
    """Read one date as typed; never raises, never guesses.

    A ``date`` or ``datetime`` (an Excel date cell) is taken as it is. Years more than 150 years
    back or 50 years ahead of ``today`` are taken for typing errors.
    """
    if isinstance(text, datetime):
        return ParsedDate(text.date().isoformat(), text.date(), Precision.DAY)
    if isinstance(text, date):
        return ParsedDate(text.isoformat(), text, Precision.DAY)
    as_typed = text or ""
    plain = _TAIL.sub("", narrow(as_typed).replace(" ", ""))
    if not plain:
        return ParsedDate(as_typed)
    try:
        return _read(plain, as_typed, today)
    except _NoSuchDateError as error:
        return ParsedDate(as_typed, problem=str(error), candidates=error.candidates)


def _read(plain: str, as_typed: str, today: date) -> ParsedDate:
    if found := _ERA_DATE.fullmatch(plain.upper()):
        value, precision = _from_era(*found.groups())
    elif (found := _WESTERN_DATE.fullmatch(plain)) or (found := _PLAIN_DIGITS.fullmatch(plain)):
        year, month, day = (int(part) if part else None for part in found.groups())
        value, precision = exact_date(year or 0, month, day)
    elif found := _WITHOUT_YEAR.fullmatch(plain):
        raise _without_year(int(found[1]), int(found[2]), as_typed, today)
    elif _SHORT_YEAR.fullmatch(plain):
        raise _NoSuchDateError(
            f"「{as_typed}」は年が2桁以下で、和暦か西暦か分かりません。年を4桁か「R8」の形で書いてください。"
        )
    else:
        raise _NoSuchDateError(f"「{as_typed}」は日付として読めません。{_HOW_TO_WRITE}")
    if not today.year - _YEARS_BACK <= value.year <= today.year + _YEARS_AHEAD:
        raise _NoSuchDateError(
            f"「{as_typed}」は{value.year}年になります。年を確かめて書き直してください。"
        )
    return ParsedDate(as_typed, value, precision)


def exact_date(year: int, month: int | None, day: int | None) -> tuple[date, Precision]:
    """The first day of a western year, month or day, with its precision.

    Raises a ValueError whose message is a Japanese sentence when the calendar has no such day.
    """
    written = f"{year}年" + (f"{month}月" if month else "") + (f"{day}日" if day else "")
    if not 1 <= year <= 9999:
        raise _NoSuchDateError(f"{written}はありません。{_HOW_TO_WRITE}")
    if month is None:
        return date(year, 1, 1), Precision.YEAR
    if not 1 <= month <= 12:
        raise _NoSuchDateError(f"{month}月はありません。月を確かめて書き直してください。")
    if day is None:
        return date(year, month, 1), Precision.MONTH
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise _NoSuchDateError(
            f"{year}年{month}月{day}日はありません（{month}月は{last}日まで）。日を確かめて書き直してください。"
        )
    return date(year, month, day), Precision.DAY


def _from_era(sign: str, year: str, month: str | None, day: str | None) -> tuple[date, Precision]:
    """A date inside its own era only: 平成40年 and 昭和64年1月8日 never existed."""
    era = _ERA_BY_SIGN[sign]
    number = 1 if year == "元" else int(year)
    if number == 0:
        raise _NoSuchDateError(f"{era.name}0年はありません。最初の年は元年（1年）です。")
    try:
        value, precision = exact_date(
            era.year_of(number), int(month) if month else None, int(day) if day else None
        )
    except _NoSuchDateError as error:  # in the words that were typed, not in another year's
        western, typed = f"{era.year_of(number)}年", f"{era.name}{year}年"
        raise _NoSuchDateError(str(error).replace(western, typed)) from error
    if precision is Precision.DAY:
        end = value
    elif precision is Precision.MONTH:
        end = last_of_month(value.year, value.month)
    else:
        end = date(value.year, 12, 31)
    if end < era.first or (era.last is not None and value > era.last):
        limit = f"{era.first.year}年{era.first.month}月{era.first.day}日から"
        if era.last is not None:
            limit += f"{era.last.year}年{era.last.month}月{era.last.day}日まで"
        written = f"{era.name}{year}年" + (f"{month}月" if month else "")
        written += f"{day}日" if day else ""
        raise _NoSuchDateError(
            f"{written}はありません（{era.name}は{limit}）。"
            f"{format_era_year(value)}（{value.year}年）のことでしょうか。確かめてください。",
            (value,),
        )
    return value, precision


def _without_year(month: int, day: int, as_typed: str, today: date) -> _NoSuchDateError:
    """The question for "12/15": both years it may mean are offered."""
    candidates = []
    for year in (today.year, today.year + 1):
        try:
            candidates.append(exact_date(year, month, day)[0])
        except _NoSuchDateError:
            continue
    if not candidates:
        return _NoSuchDateError(f"「{as_typed}」という日はありません。月日を確かめてください。")
    return _NoSuchDateError(
        f"「{as_typed}」には年がありません。年も書いてください。", tuple(candidates)
    )


def last_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def era_of(day: date) -> Era:
    """The era a day belongs to; a ValueError before 1873, when eras did not use this calendar."""
    for era in ERAS:
        if day >= era.first:
            return era
    raise ValueError("1873年1月1日より前の日は和暦で表せません。")


def format_era_year(day: date) -> str:
    """ "令和8年", "平成元年"."""
    era = era_of(day)
    number = day.year - era.first_year + 1
    return f"{era.name}{'元' if number == 1 else number}年"


def format_era(day: date, *, short: bool = False) -> str:
    """ "令和8年11月9日", or "R8.11.9" for narrow columns (``short``)."""
    if not short:
        return f"{format_era_year(day)}{day.month}月{day.day}日"
    era = era_of(day)
    return f"{era.letter}{day.year - era.first_year + 1}.{day.month}.{day.day}"


def fiscal_year(day: date) -> int:
    """The western year in which the fiscal year of ``day`` began: 2026 for 2027-03-31."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_days(year: int) -> tuple[date, date]:
    """First and last day, both inclusive, of the fiscal year that began in April of ``year``."""
    return date(year, 4, 1), date(year + 1, 3, 31)


def format_fiscal_year(year: int) -> str:
    """ "令和8年度". 2019 is 令和元年度 although its April was still Heisei: offices name it so."""
    return f"{format_era_year(date(year, 12, 31))}度"


def age_reached_on(birth: date, age: int) -> date:
    """The day on which someone reaches ``age``: the day before the birthday
    (年齢計算ニ関スル法律).
    """
    year = birth.year + age
    if (birth.month, birth.day) == (2, 29):
        return date(year, 3, 1) - timedelta(days=1 if not calendar.isleap(year) else 2)
    return date(year, birth.month, birth.day) - timedelta(days=1)


def age_on(birth: date, day: date) -> int:
    """Completed years on ``day``; a ValueError when ``day`` lies before the birth."""
    if day < birth:
        raise ValueError("生年月日より前の日の年齢は数えられません。")
    age = day.year - birth.year
    while age > 0 and age_reached_on(birth, age) > day:
        age -= 1
    return age + 1 if age_reached_on(birth, age + 1) <= day else age


@dataclass(frozen=True)
class Built:
    """When a building was finished. ``is_estimate`` marks a year counted back from "築52年"."""

    as_typed: str
    year: int | None = None
    month: int | None = None
    is_estimate: bool = False
    problem: str | None = None


_AGE_OF_BUILDING = re.compile(r"築(\d{1,3})年(?:以上|弱|強)?")
_BUILT_NOISE = re.compile(r"^(?:築年月?:?|竣工:?)|(?:築|竣工|建築|新築)$")
_NOT_KNOWN = frozenset({"不明", "未確認", "不詳", "-", "?"})


def parse_built(text: str | date | int | None, *, today: date) -> Built:
    """Read the age of a building: "築52年", "H13.2", "昭和49年7月", "2008/08", "新築", "不明".

    An age gives only an approximate year, counted from the year of ``today`` (the month of the
    list). A stated "不明" is an answer, not a mistake, and raises no question.
    """
    as_typed = "" if text is None else str(text)
    if isinstance(text, date):
        return Built(as_typed, text.year, text.month)
    plain = narrow(as_typed).replace(" ", "")
    if not plain or plain in _NOT_KNOWN:
        return Built(as_typed)
    if found := _AGE_OF_BUILDING.fullmatch(plain):
        return Built(as_typed, today.year - int(found[1]), is_estimate=True)
    if plain == "新築":
        return Built(as_typed, today.year, is_estimate=True)
    read = parse_date(_BUILT_NOISE.sub("", plain), today=today)
    if read.value is None:
        sentence = read.problem or f"「{as_typed}」は築年月として読めません。{_HOW_TO_WRITE}"
        return Built(as_typed, problem=sentence)
    month = None if read.precision is Precision.YEAR else read.value.month
    return Built(as_typed, read.value.year, month)
