"""What a report is about – a fiscal year, one of its quarters or one of its months –, the months of
the year in their order, and up to which day is counted.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from app.errors import InvalidError
from app.japanese import (
    Precision,
    fiscal_year,
    fiscal_year_days,
    format_era_year,
    format_fiscal_year,
    narrow,
    parse_date,
)
from app.japanese.dates import last_of_month
from app.reports.codes import RelativePeriod

EARLIEST = 2015
"""生活困窮者自立支援法 came into force on 1 April 2015; nothing was counted under it before."""

MONTHS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)


@dataclass(frozen=True)
class Month:
    """A month of a fiscal year."""

    first: date

    @property
    def key(self) -> str:
        return f"m{self.first.month:02}"

    @property
    def code(self) -> str:
        """As addresses have it: 「2026-10」."""
        return f"{self.first.year}-{self.first.month:02}"

    @property
    def year(self) -> int:
        return fiscal_year(self.first)

    @property
    def label(self) -> str:
        return f"{self.first.month}月"

    @property
    def long_label(self) -> str:
        """「平成31年4月」, the era as it was in that month."""
        return f"{format_era_year(self.last)}{self.first.month}月"

    @property
    def last(self) -> date:
        return last_of_month(self.first.year, self.first.month)

    @property
    def quarter(self) -> int:
        return MONTHS.index(self.first.month) // 3 + 1

    @property
    def before(self) -> "Month":
        """The month before, which may lie in the fiscal year before."""
        year, month = self.first.year, self.first.month
        return Month(date(year - 1, 12, 1) if month == 1 else date(year, month - 1, 1))


@dataclass(frozen=True)
class Quarter:
    """Three months of a fiscal year; the first begins in April."""

    year: int
    number: int

    @property
    def key(self) -> str:
        return f"q{self.number}"

    @property
    def code(self) -> str:
        """As addresses have it: 「2026-Q3」."""
        return f"{self.year}-Q{self.number}"

    @cached_property
    def months(self) -> tuple[Month, ...]:
        return tuple(month for month in months_of(self.year) if month.quarter == self.number)

    @property
    def first(self) -> date:
        return self.months[0].first

    @property
    def last(self) -> date:
        return self.months[-1].last

    @property
    def label(self) -> str:
        return f"第{self.number}四半期"

    @property
    def long_label(self) -> str:
        return f"{format_fiscal_year(self.year)}{self.label}"

    @property
    def before(self) -> "Quarter":
        """The quarter before, which may lie in the fiscal year before."""
        return (
            Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)
        )


Span = Month | Quarter


def months_of(year: int) -> tuple[Month, ...]:
    """The months of a fiscal year, April to March."""
    return tuple(Month(date(year if month >= 4 else year + 1, month, 1)) for month in MONTHS)


@dataclass(frozen=True)
class Period:
    """A fiscal year, or the `span` of it, as far as it has gone by `as_of` (inclusive).

    Months that have not begun have no figure at all, which is not the same as nought.
    """

    year: int
    as_of: date
    span: Span | None = None

    @cached_property
    def first(self) -> date:
        return self.span.first if self.span else fiscal_year_days(self.year)[0]

    @cached_property
    def _end(self) -> date:
        return self.span.last if self.span else fiscal_year_days(self.year)[1]

    @cached_property
    def last(self) -> date:
        """The last day counted."""
        return min(self._end, self.as_of)

    @property
    def label(self) -> str:
        return self.span.long_label if self.span else format_fiscal_year(self.year)

    @property
    def code(self) -> str | None:
        """The span as addresses have it; None for the whole year."""
        return self.span.code if self.span else None

    @property
    def complete(self) -> bool:
        return self.as_of >= self._end

    @cached_property
    def months(self) -> tuple[Month, ...]:
        """All of the fiscal year's, April to March, whatever the span."""
        return months_of(self.year)

    @property
    def own_months(self) -> tuple[Month, ...]:
        """The months of the span."""
        return tuple(month for month in self.months if self.first <= month.first <= self._end)

    def begun(self, month: Month) -> bool:
        return month.first <= self.as_of

    def over(self, month: Month) -> bool:
        return month.last <= self.as_of

    @property
    def whole_months(self) -> int:
        """How many of its months are over: what an average a month is made of."""
        return sum(self.over(month) for month in self.own_months)

    @property
    def before(self) -> "Period":
        """The whole fiscal year before."""
        return Period(self.year - 1, fiscal_year_days(self.year - 1)[1])

    @property
    def year_so_far(self) -> "Period":
        """The fiscal year up to this period's last day."""
        return Period(self.year, self.last) if self.span else self

    @property
    def previous(self) -> "Period | None":
        """The month before a month, the quarter before a quarter, the year before a year; None
        where the law was not there yet.
        """
        if self.span is None:
            return self.before if self.year > EARLIEST else None
        span = self.span.before
        return Period(span.year, span.last, span) if span.year >= EARLIEST else None


HOW_TO_ASK = "「2026-10」「令和8年10月」か「2026-Q3」のように書いてください。"
_QUARTER = re.compile(r"(\d{4})-?Q([1-4])")


def span_named(words: str, *, today: date) -> Span:
    """The month or quarter somebody asks for.

    Raises InvalidError for what is none: 令和元年4月 was 平成31年4月.
    """
    if found := _QUARTER.fullmatch(narrow(words).upper()):
        quarter = Quarter(int(found[1]), int(found[2]))
        if not EARLIEST - 1 <= quarter.year <= today.year + 1:
            raise InvalidError(f"{found[1]}年度の四半期はありません。{HOW_TO_ASK}")
        return quarter
    read = parse_date(words, today=today)
    if read.value is None:
        raise InvalidError(read.problem or f"期間を読み取れません。{HOW_TO_ASK}")
    if read.precision is not Precision.MONTH:
        raise InvalidError(f"月か四半期を選んでください。{HOW_TO_ASK}")
    return Month(read.value)


def period_of(year: int, *, today: date, of: str = "") -> Period:
    """A fiscal year as it stands today, or the month or quarter `of` it.

    Raises InvalidError for what has not begun, lies before the law or in another year.
    """
    if year > fiscal_year(today):
        raise InvalidError(f"{_named(year)}はまだ始まっていません。今年度までを選んでください。")
    if year < EARLIEST:
        raise InvalidError("平成27年度（2015年度）からの数字があります。年度を選び直してください。")
    if not of:
        return Period(year, min(today, fiscal_year_days(year)[1]))
    span = span_named(of, today=today)
    if span.year != year:
        raise InvalidError(
            f"{span.long_label}は{_named(year)}ではありません。"
            f"{_named(span.year)}を開いて選び直してください。"
        )
    if span.first > today:
        raise InvalidError(
            f"{span.long_label}はまだ始まっていません。きょうまでの期間を選んでください。"
        )
    return Period(year, min(today, span.last), span)


def named_period(name: RelativePeriod, today: date) -> tuple[int, Span | None]:
    """Fiscal year and span that a name means today: 先月 in April lies in the year before."""
    this_month = Month(today.replace(day=1))
    this_quarter = Quarter(this_month.year, this_month.quarter)
    spans: dict[RelativePeriod, Span] = {
        RelativePeriod.THIS_MONTH: this_month,
        RelativePeriod.LAST_MONTH: this_month.before,
        RelativePeriod.THIS_QUARTER: this_quarter,
        RelativePeriod.LAST_QUARTER: this_quarter.before,
    }
    if span := spans.get(name):
        return span.year, span
    return fiscal_year(today) - (name is RelativePeriod.LAST_YEAR), None


def name_of(period: Period, today: date) -> RelativePeriod:
    """The name that means a period today; the nearest where none does."""
    for name in RelativePeriod:
        if named_period(name, today) == (period.year, period.span):
            return name
    if isinstance(period.span, Month):
        return RelativePeriod.LAST_MONTH
    return RelativePeriod.LAST_QUARTER if period.span else RelativePeriod.LAST_YEAR


def period_until(as_of: date, *, today: date) -> Period:
    """The fiscal year up to a day. Raises InvalidError for one to come or before the law."""
    sentence = None
    if as_of > today:
        sentence = "まだ来ていない日までの数字は残せません。きょうまでの日を選んでください。"
    elif fiscal_year(as_of) < EARLIEST:
        sentence = "平成27年度（2015年度）からの日を選んでください。"
    if sentence:
        raise InvalidError(sentence, fields={"as_of": [sentence]})
    return Period(fiscal_year(as_of), as_of)


def spans_begun(year: int, *, today: date) -> tuple[list[Quarter], list[Month]]:
    """The quarters and months of a fiscal year that can be asked for."""
    quarters = [Quarter(year, number) for number in (1, 2, 3, 4)]
    months = [month for month in months_of(year) if month.first <= today]
    return [quarter for quarter in quarters if quarter.first <= today], months


def _named(year: int) -> str:
    return format_fiscal_year(year) if year < 9998 else "その年度"


def years_to_choose(today: date, *, earliest: int) -> list[tuple[int, str]]:
    """Fiscal years from this one back to the first with a record, in words."""
    newest = fiscal_year(today)
    oldest = max(EARLIEST, min(earliest, newest))
    return [(year, format_fiscal_year(year)) for year in range(newest, oldest - 1, -1)]
