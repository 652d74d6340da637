"""When an agency's regular meetings fall; holidays move them or leave them out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from app.japanese import is_workday, months_later, workday_from
from app.meetings.codes import LegalBasis, MeetingKind, MoveHoliday
from app.meetings.models import MeetingSettings

WEEKS_AHEAD = 5
MOVED_BY = timedelta(days=14)  # a holiday just before may move a meeting into the weeks asked for


@dataclass(frozen=True)
class Rules:
    """The regular days as plain values; the defaults are 座間市's: 月・金 and once a month."""

    weekdays: tuple[int, ...] = (0, 4)
    monthly_day: int | None = 20
    move_holiday: MoveHoliday = MoveHoliday.AFTER
    starts_at: time = time(13, 30)
    minutes: int = 60
    place: str | None = None
    legal_bases: tuple[LegalBasis, ...] = (LegalBasis.COORDINATION,)
    version: int = 0


def rules_of(row: MeetingSettings | None) -> Rules:
    """An agency's rules, or the defaults while it has set none."""
    if row is None:
        return Rules()
    return Rules(
        weekdays=tuple(row.weekdays),
        monthly_day=row.monthly_day,
        move_holiday=row.move_holiday,
        starts_at=row.starts_at,
        minutes=row.minutes,
        place=row.place,
        legal_bases=tuple(LegalBasis(code) for code in row.legal_bases),
        version=row.version,
    )


def regular_days(rules: Rules, first: date) -> list[tuple[date, MeetingKind]]:
    """The days of the coming five weeks, in order, each once for each kind."""
    last = first + timedelta(weeks=WEEKS_AHEAD)
    found = {
        (day, kind)
        for planned, kind in _planned(rules, first - MOVED_BY, last)
        if (day := _moved(planned, rules.move_holiday)) is not None and first <= day <= last
    }
    return sorted(found)


def _planned(rules: Rules, first: date, last: date) -> Iterator[tuple[date, MeetingKind]]:
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day.weekday() in rules.weekdays:
            yield day, MeetingKind.AD_HOC
    if rules.monthly_day is not None:
        for month in range(4):
            begin = months_later(first.replace(day=1), month)
            end = months_later(begin, 1) - timedelta(days=1)
            yield min(begin + timedelta(days=rules.monthly_day - 1), end), MeetingKind.REGULAR


def _moved(day: date, rule: MoveHoliday) -> date | None:
    if is_workday(day):
        return day
    return workday_from(day) if rule is MoveHoliday.AFTER else None
