"""新規相談受付: by month with quarters and the year's total, and the rate per 100,000 people.

A case counts in the month it was received (相談受付日), whoever came and whatever became of it.
The rate is the average of whole months a month for 100,000 people of a dated population, which is
named beside it: the source document's 31.2 cannot be had from the population it prints.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.reports.figures.counting import Office, by_month, within
from app.reports.periods import Month, Period
from app.reports.tables import (
    Column,
    FigureTable,
    Picture,
    Row,
    Unit,
    Value,
    add_up,
    per,
    rounded,
)
from app.wording import day

DEFINITION = (
    "相談を受け付けた日（相談受付日）の月に1件と数えます。同じ世帯がもう一度相談に来たときは、"
    "新しい相談として受け付けたものだけを数えます。終結した相談も含みます。"
    "前年度に1件も受け付けていなければ、前年度の列は出しません。"
)
RATE_DEFINITION = (
    "終わった月だけの新規受付の合計を、その月数で割り、人口で割って10万を掛けたものです。"
    "人口は、年度の途中（9月1日）までに分かっているいちばん新しいものを使います。"
)
PER_PEOPLE = 100_000
OLD = 1
"""Years after which a population is said to be old."""


@dataclass(frozen=True)
class Population:
    """A town's population on a day, and where the number is from."""

    municipality: str
    on: date
    people: int
    source: str

    @property
    def words(self) -> str:
        on = f"{self.on.year}年{self.on.month}月{self.on.day}日"
        return f"{self.municipality} {self.people:,}人（{on}現在）。出どころ：{self.source}"


def monthly_table(
    period: Period, counts: Mapping[int, int], before: Mapping[int, int] | None = None
) -> FigureTable:
    """Months, quarters and total from counts by month number; the whole year before beside them.

    Only what is over is compared: half a month is no less than a whole one of last year. A year
    before in which nobody came was not written down here, and is not told as noughts.
    """
    unwritten = before is not None and not any(before.values())
    if unwritten:
        before = None
    columns = [Column("count", period.label)]
    if before is not None:
        columns += [
            Column("before", "前年度"),
            Column("ratio", "前年度比", Unit.RATIO, 2, from_=("count", "before")),
        ]
    rows: list[Row] = []
    quarters: list[_Line] = []
    for quarter in (1, 2, 3, 4):
        months = [
            _Line(
                month.key,
                month.long_label if month.first.month in {1, 4} else month.label,
                counts.get(month.first.month, 0) if period.begun(month) else None,
                None if before is None else before.get(month.first.month, 0),
                period.over(month),
            )
            for month in period.months
            if month.quarter == quarter
        ]
        quarters.append(_sum(f"q{quarter}", f"第{quarter}四半期", months))
        rows += [line.row(part_of=f"q{quarter}", level=2) for line in months]
        rows.append(quarters[-1].row(part_of="year", level=1))
    rows.append(_sum("year", "年度の計", quarters).row())
    notes = _unfinished(period)
    if unwritten:
        notes = (*notes, f"前年度（{period.before.label}）の記録はありません。")
    if before is not None:
        notes = (*notes, f"前年度は{period.before.label}の全体です。")
    return FigureTable(
        key="intakes",
        title="新規相談受付",
        definition=DEFINITION,
        head="月",
        columns=tuple(columns),
        rows=tuple(rows),
        notes=notes,
        picture=Picture.LINES,
        shared={
            ("year", "count"): f"{period.year}:total",
            **{(m.key, "count"): f"{period.year}:{m.key}" for m in running(period)},
        },
    )


def running(period: Period) -> list[Month]:
    """The month that has begun and is not over: one, or none on the last day of a month."""
    return [m for m in period.own_months if period.begun(m) and not period.over(m)]


@dataclass(frozen=True)
class _Line:
    """A month or a sum of months: this year, last year, and whether this year's is over."""

    key: str
    label: str
    now: Value
    before: Value
    over: bool

    def row(self, *, part_of: str | None = None, level: int = 0) -> Row:
        values: tuple[Value, ...] = (self.now,)
        if self.before is not None:
            values = (self.now, self.before, per(self.now, self.before) if self.over else None)
        asks = {"month": self.key} if level == 2 and self.now is not None else {}
        return Row(self.key, self.label, values, part_of=part_of, level=level, asks=asks)


def _sum(key: str, label: str, parts: Sequence[_Line]) -> _Line:
    return _Line(
        key,
        label,
        add_up(line.now for line in parts),
        add_up(line.before for line in parts),
        all(line.over for line in parts),
    )


def _unfinished(period: Period) -> tuple[str, ...]:
    if period.complete:
        return ()
    return (f"{day(period.as_of)}までの数です。そのあとに始まる月は「—」です。",)


def rate_table(
    period: Period, counts: Mapping[int, int], population: Population | None
) -> FigureTable:
    """The average of whole months a month, and for 100,000 people of a named population.

    What they are made of stands below them: a month that runs is the difference between it and
    the year so far, which the suppression has to know.
    """
    over = [m.first.month for m in period.own_months if period.over(m)]
    total = sum(counts.get(month, 0) for month in over)
    average = per(total, len(over), 1)
    rate: Value = None
    if population is not None and over:
        rate = monthly_rate(total, len(over), population)
    notes = [] if over else ["終わった月がまだないため、平均は出せません。"]
    notes += population_notes(period, population)
    rows, shared = _made_of(period, counts, len(over), total)
    return FigureTable(
        key="intake_rate",
        title="月の平均と人口10万人当たり",
        definition=RATE_DEFINITION,
        head="項目",
        columns=(Column("value", period.label, Unit.CASES, 1),),
        rows=(
            Row("average", "月の平均", (average,), level=1, from_=("over",)),
            Row("rate", "人口10万人当たり（月の平均）", (rate,), level=1, from_=("over",)),
            *rows,
        ),
        notes=tuple(notes),
        shared=shared,
    )


def monthly_rate(number: int, months: int, population: Population) -> float:
    """Of so many in so many months, how many a month for 100,000 people."""
    return rounded(Fraction(number * PER_PEOPLE, months * population.people), 1)


def population_notes(period: Period, population: Population | None) -> list[str]:
    """Which population a rate was worked out with, and whether it is old."""
    if population is None:
        return [
            "人口が登録されていないため、10万人当たりは出せません。「人口の一覧」で、市区町村の人口を登録してください。"
        ]
    old = period.year - population.on.year > OLD
    age = (
        ["この人口は古いものです。「人口の一覧」に新しい人口を登録すると、その数で計算します。"]
        if old
        else []
    )
    return [f"人口：{population.words}", *age]


def _made_of(
    period: Period, counts: Mapping[int, int], months: int, total: int
) -> tuple[list[Row], dict[tuple[str, str], str]]:
    """The whole months the average is made of, and the month that runs beside them."""
    whole = Row("over", f"終わった{months}か月の受付", (total,), level=1, digits=0)
    year = f"{period.year}:total"
    now = running(period)
    if not now:
        return [whole], {("over", "value"): year}
    lately = counts.get(now[0].first.month, 0)
    rows = [
        replace(whole, part_of="all"),
        Row("running", f"{now[0].label}（途中）", (lately,), part_of="all", level=1, digits=0),
        Row("all", "いままでの受付", (total + lately,), digits=0),
    ]
    return rows, {("running", "value"): f"{period.year}:{now[0].key}", ("all", "value"): year}


def counted(session: Session, office: Office, period: Period) -> Mapping[int, int]:
    """Intakes by month number."""
    statement = sa.select(Case).where(
        Case.organisation_id == office.id, within(Case.received_on, period)
    )
    return by_month(session, statement, Case.received_on)
