"""相談の回数: entries of the log by month and by way, as times (延べ) and households (実).

Households are counted once a month, a quarter, a year and a way, so they are no sums of each
other. An entry that was corrected counts once, as it reads now; none is ever taken away.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.work.models import LOG_METHOD_LABELS, LogEntry, LogMethod
from app.db import moment_on
from app.reports.figures.counting import Office, cases_of, during
from app.reports.periods import Month, Period
from app.reports.tables import Column, FigureTable, Picture, Row, Unit, Value, per

DEFINITION = (
    "支援経過に書いたことを、1件につき1回と数えます（延べ）。月は、書いた日ではなく、したことの日の月です。"
    "直した経過は、直したあとの内容で1回です。相手が本人か、貸主や関係機関かは分けていません。"
    "「会議・所内協議」には世帯と話していないものも入ります。見守りの訪問と電話は「見守り」の表で数えます。"
    "実世帯は、何回あっても1世帯です。月ごと・方法ごとに数えるため、足しても年度の計になりません。"
)
GROUPS: Mapping[str, tuple[str, tuple[LogMethod, ...]]] = {
    "met": (
        "会って",
        (LogMethod.MEETING, LogMethod.VISIT, LogMethod.OUTREACH, LogMethod.ACCOMPANY),
    ),
    "spoke": ("電話・メール", (LogMethod.PHONE, LogMethod.MAIL)),
    "among_us": ("会議・所内協議", (LogMethod.CONFERENCE, LogMethod.OFFICE)),
}
"""The ways of contact together, as they are read: face to face, from afar, and among staff."""


@dataclass(frozen=True)
class Talk:
    """How often a household was spoken to or about in one way in a month (its number)."""

    case_id: int
    month: int
    method: LogMethod
    times: int


def month_table(period: Period, talks: Sequence[Talk]) -> FigureTable:
    """Months, quarters and the year: times in all and by group, and households."""
    rows: list[Row] = []
    for quarter in (1, 2, 3, 4):
        months = [month for month in period.months if month.quarter == quarter]
        rows += [
            Row(
                month.key,
                month.long_label if month.first.month in {1, 4} else month.label,
                _line(period, [month], talks),
                part_of=f"q{quarter}",
                level=2,
            )
            for month in months
        ]
        label = f"第{quarter}四半期"
        rows.append(
            Row(f"q{quarter}", label, _line(period, months, talks), part_of="year", level=1)
        )
    rows.append(Row("year", "年度の計", _line(period, period.months, talks)))
    return FigureTable(
        key="talk_months",
        title="相談の回数（月）",
        definition=DEFINITION,
        head="月",
        columns=(
            Column("times", "延べ回数", Unit.TIMES),
            *(
                Column(key, label, Unit.TIMES, part_of="times")
                for key, (label, _methods) in GROUPS.items()
            ),
            Column("homes", "実世帯", Unit.HOUSEHOLDS, adds=False, at_most="times"),
        ),
        rows=tuple(rows),
        picture=Picture.LINES,
        shared={
            ("year", "times"): f"{period.year}:talks",
            ("year", "homes"): f"{period.year}:talks:homes",
            **{("year", key): f"{period.year}:talks:{key}" for key in GROUPS},
        },
    )


def _line(period: Period, months: Sequence[Month], talks: Iterable[Talk]) -> tuple[Value, ...]:
    """Times in all, by group, and households; nothing at all where no month has begun."""
    numbers = {month.first.month for month in months if period.begun(month)}
    if not numbers:
        return (None,) * (2 + len(GROUPS))
    inside = [one for one in talks if one.month in numbers]
    by = _by_method(inside)
    groups = [sum(by[method] for method in methods) for _label, methods in GROUPS.values()]
    return (sum(groups), *groups, _households(inside))


def method_table(period: Period, talks: Sequence[Talk]) -> FigureTable:
    """Ways of contact in their groups, each with the households it reached."""
    by = _by_method(talks)
    rows: list[Row] = []
    for key, (label, methods) in GROUPS.items():
        inside = [one for one in talks if one.method in methods]
        rows.append(
            Row(key, label, _told(sum(by[m] for m in methods), inside), part_of="total", level=1)
        )
        rows += [
            Row(
                method.value,
                LOG_METHOD_LABELS[method],
                _told(by[method], [one for one in talks if one.method is method]),
                part_of=key,
                level=2,
                asks={"talk": method.value},
            )
            for method in methods
        ]
    rows.append(Row("total", "計", _told(sum(by.values()), talks)))
    return FigureTable(
        key="talks",
        title="相談の回数（方法）",
        definition=DEFINITION,
        head="方法",
        columns=(
            Column("times", "延べ回数", Unit.TIMES),
            Column("homes", "実世帯", Unit.HOUSEHOLDS, adds=False, at_most="times"),
            Column("each", "1世帯当たり", Unit.TIMES, 1, from_=("times", "homes")),
        ),
        rows=tuple(rows),
        picture=Picture.BARS,
        shared={
            ("total", "times"): f"{period.year}:talks",
            ("total", "homes"): f"{period.year}:talks:homes",
            **{(key, "times"): f"{period.year}:talks:{key}" for key in GROUPS},
        },
    )


def _told(times: int, talks: Iterable[Talk]) -> tuple[Value, ...]:
    homes = _households(talks)
    return times, homes, per(times, homes, 1)


def _by_method(talks: Iterable[Talk]) -> Counter[LogMethod]:
    found: Counter[LogMethod] = Counter()
    for one in talks:
        found[one.method] += one.times
    return found


def _households(talks: Iterable[Talk]) -> int:
    return len({one.case_id for one in talks})


def counted(session: Session, office: Office, period: Period) -> list[Talk]:
    """The log of the office's cases by case, month and way: one statement.

    A month is told by its first and last moment in Japan; the database would cut days at nine.
    """
    begun = [month for month in period.months if period.begun(month)]
    number = sa.case(
        *(
            (LogEntry.at < moment_on(month.last + timedelta(days=1)), month.first.month)
            for month in begun
        )
    )
    entries = (
        sa.select(LogEntry.case_id, LogEntry.method, number.label("month"))
        .where(LogEntry.case_id.in_(cases_of(office)), during(LogEntry.at, period))
        .subquery()
    )
    key = (entries.c.case_id, entries.c.month, entries.c.method)
    rows = session.execute(sa.select(*key, sa.func.count()).group_by(*key))
    return [Talk(*row) for row in rows]
