"""The fiscal year a report is about, its months in their order, and up to which day is counted."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from app.errors import InvalidError
from app.japanese import fiscal_year, fiscal_year_days, format_era_year, format_fiscal_year
from app.japanese.dates import last_of_month

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


@dataclass(frozen=True)
class Period:
    """A fiscal year as far as it has gone by `as_of` (inclusive).

    Months that have not begun have no figure at all, which is not the same as nought.
    """

    year: int
    as_of: date

    @cached_property
    def first(self) -> date:
        return fiscal_year_days(self.year)[0]

    @cached_property
    def last(self) -> date:
        """The last day counted."""
        return min(fiscal_year_days(self.year)[1], self.as_of)

    @property
    def label(self) -> str:
        return format_fiscal_year(self.year)

    @property
    def complete(self) -> bool:
        return self.as_of >= fiscal_year_days(self.year)[1]

    @cached_property
    def months(self) -> tuple[Month, ...]:
        """April to March."""
        return tuple(
            Month(date(self.year if month >= 4 else self.year + 1, month, 1)) for month in MONTHS
        )

    def begun(self, month: Month) -> bool:
        return month.first <= self.as_of

    def over(self, month: Month) -> bool:
        return month.last <= self.as_of

    @property
    def whole_months(self) -> int:
        """How many months are over: what an average a month is made of."""
        return sum(self.over(month) for month in self.months)

    @property
    def before(self) -> "Period":
        """The whole fiscal year before."""
        return Period(self.year - 1, fiscal_year_days(self.year - 1)[1])


def period_of(year: int, *, today: date) -> Period:
    """A fiscal year as it stands today.

    Raises InvalidError for one that has not begun or lies before the law.
    """
    if year > fiscal_year(today):
        raise InvalidError(f"{_named(year)}はまだ始まっていません。今年度までを選んでください。")
    if year < EARLIEST:
        raise InvalidError("平成27年度（2015年度）からの数字があります。年度を選び直してください。")
    return Period(year, min(today, fiscal_year_days(year)[1]))


def _named(year: int) -> str:
    return format_fiscal_year(year) if year < 9998 else "その年度"


def years_to_choose(today: date, *, earliest: int) -> list[tuple[int, str]]:
    """Fiscal years from this one back to the first with a record, in words."""
    newest = fiscal_year(today)
    oldest = max(EARLIEST, min(earliest, newest))
    return [(year, format_fiscal_year(year)) for year in range(newest, oldest - 1, -1)]
