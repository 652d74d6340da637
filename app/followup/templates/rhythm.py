"""From a template's numbers to days. Pure: a start and an end in, days with their labels out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.followup.codes import CheckInKind
from app.followup.templates.codes import HolidayRule, Unit
from app.followup.templates.models import WatchTemplate
from app.japanese import is_workday, months_later

NEAR_A_REVIEW = timedelta(days=3)
"""A routine look so near a review is that review: nobody is rung twice in three days."""

SHORTEST_MONTH = 28
RETURNED = "もどった翌日"


@dataclass(frozen=True)
class Due:
    """One check-in to plan: the rhythm's own day, the day it is due, and what it is called."""

    planned_for: date
    due_on: date
    kind: CheckInKind
    label: str


@dataclass(frozen=True)
class Phase:
    """So often until so many months after the start; `every` is at least 1."""

    every: int
    unit: Unit
    until_months: int


@dataclass(frozen=True)
class Rhythm:
    """When to look in, as plain values."""

    first_days: tuple[int, ...]
    phases: tuple[Phase, ...]
    reviews: tuple[int, ...]
    holiday: HolidayRule
    extra: bool = False

    @property
    def months(self) -> int:
        """How long it lasts by itself, in months that hold its first days as well."""
        first = -(-max(self.first_days, default=0) // SHORTEST_MONTH)
        return max([first, *(p.until_months for p in self.phases), *self.reviews])


def rhythm_of(template: WatchTemplate, *, extra: bool = False) -> Rhythm:
    """A template's version as plain values; `extra` for add-ons, whose label tells nothing."""
    return Rhythm(
        first_days=tuple(template.first_days),
        phases=tuple(
            Phase(p["every"], Unit(p["unit"]), p["until_months"]) for p in template.phases
        ),
        reviews=tuple(template.reviews),
        holiday=template.holiday,
        extra=extra,
    )


def due_days(rhythm: Rhythm, start: date, end: date) -> list[Due]:
    """The check-ins after `start` up to `end`, one a day, in order.

    The last phase goes on to `end` when that is later than the template says.

    Examples
    --------
    >>> first = Rhythm((1, 3, 7), (Phase(7, Unit.DAY, 1),), (1,), HolidayRule.KEEP)
    >>> [(due.due_on - date(2026, 11, 2)).days for due in
    ...  due_days(first, date(2026, 11, 2), date(2026, 12, 2))]
    [1, 3, 7, 14, 21, 30]
    """
    reviews = [
        Due(day, day, CheckInKind.REVIEW, _review(months))
        for months in rhythm.reviews
        if (day := months_later(start, months)) <= end
    ]
    routine = [
        one
        for one in _routine(rhythm, start, end)
        if not any(abs(one.planned_for - r.planned_for) <= NEAR_A_REVIEW for r in reviews)
    ]
    moved = (
        replace(one, due_on=moved_day(one.due_on, rhythm.holiday, after=start))
        for one in (*reviews, *routine)
    )
    return one_a_day(moved)


def one_a_day(dues: Iterable[Due]) -> list[Due]:
    """At most one on each day: a review before a return, a return before the rhythm."""
    order = (CheckInKind.REVIEW, CheckInKind.RETURN, CheckInKind.EXTRA, CheckInKind.ROUTINE)
    best: dict[date, Due] = {}
    for one in dues:
        there = best.get(one.due_on)
        if there is None or order.index(one.kind) < order.index(there.kind):
            best[one.due_on] = one
    return [best[day] for day in sorted(best)]


def moved_day(day: date, rule: HolidayRule, *, after: date) -> date:
    """The day offices are open, before or after; never back to the day of the move or earlier."""
    if rule is HolidayRule.KEEP or is_workday(day):
        return day
    step = timedelta(days=-1 if rule is HolidayRule.BEFORE else 1)
    moved = day
    while not is_workday(moved):
        moved += step
    return moved if moved > after else moved_day(day, HolidayRule.AFTER, after=after)


def _routine(rhythm: Rhythm, start: date, end: date) -> Iterator[Due]:
    last = start
    for offset in sorted(set(rhythm.first_days)):
        last = start + timedelta(days=offset)
        if last <= end:
            yield Due(last, last, CheckInKind.ROUTINE, _label(rhythm, start, last))
    for number, phase in enumerate(rhythm.phases):
        is_last = number == len(rhythm.phases) - 1
        until = months_later(start, phase.until_months)
        for day in _steps(phase, start, last, end if is_last and not rhythm.extra else until):
            last = day
            if day <= end:
                yield Due(day, day, CheckInKind.ROUTINE, _label(rhythm, start, day))


def _steps(phase: Phase, start: date, last: date, until: date) -> Iterator[date]:
    """Days of a phase after `last`; months are counted from the start, so the day stays."""
    after: Callable[[int], date]
    if phase.unit is Unit.MONTH:
        begun = 0
        while months_later(start, begun) <= last:
            begun += 1
        # A month's look follows the one before by most of a month, not by a day.
        if (months_later(start, begun) - last).days < NEAR_A_REVIEW.days:
            begun += 1
        after = lambda n: months_later(start, begun + n * phase.every)  # noqa: E731
    else:
        after = lambda n: last + timedelta(days=phase.every * (n + 1))  # noqa: E731
    number = 0
    while (day := after(number)) <= until:
        yield day
        number += 1


def _review(months: int) -> str:
    return f"{months // 12}年の振り返り" if months % 12 == 0 else f"{months}か月の振り返り"


def _label(rhythm: Rhythm, start: date, day: date) -> str:
    if rhythm.extra:
        return "追加の見守り"
    days = (day - start).days
    if days == 1:
        return "入居の翌日"
    months = _months_between(start, day)
    if months:
        return f"{months}か月目"
    if days % 7 == 0:
        return "1週間" if days == 7 else f"{days // 7}週目"
    return f"{days}日目"


def _months_between(start: date, day: date) -> int:
    """Whole months when the day is exactly so many after the start, else 0."""
    months = (day.year - start.year) * 12 + day.month - start.month
    return months if months > 0 and months_later(start, months) == day else 0


def within(dues: Sequence[Due], resting: Sequence[tuple[date, date]]) -> list[Due]:
    """Leave out what falls into a rest, and look in on the day after each rest.

    A rest that was called off has no day at all.
    """
    kept = list(dues)
    for first, last in resting:
        if last < first:
            continue
        back = last + timedelta(days=1)
        kept.append(Due(back, back, CheckInKind.RETURN, RETURNED))
    return one_a_day(
        one for one in kept if not any(first <= one.due_on <= last for first, last in resting)
    )
