"""On which day a task falls. Pure: days in, days out; nothing of it is stored.

An open task's day is always worked out anew from the appointments of the placement, so a moved key
date moves everything that hangs on it and nothing can drift apart.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from app.keyday.codes import CountedFrom, Phase, TaskState


class Dated(Protocol):
    """What a task's day depends on."""

    state: TaskState
    counted_from: CountedFrom
    offset_days: int
    fixed_on: date | None
    kept_on: date | None


@dataclass(frozen=True)
class Bases:
    """The two days everything is counted from, as far as they are known."""

    keys: date | None = None
    move_in: date | None = None

    def of(self, counted_from: CountedFrom) -> date | None:
        """One of the two."""
        return self.keys if counted_from is CountedFrom.KEYS else self.move_in


def day_of(task: Dated, bases: Bases) -> date | None:
    """The day a task is due: fixed by a person, or base plus offset; None while no base is known.

    What is done or not needed keeps the day it had then.
    """
    if task.state is not TaskState.OPEN:
        return task.kept_on
    if task.fixed_on is not None:
        return task.fixed_on
    base = bases.of(task.counted_from)
    return None if base is None else base + timedelta(days=task.offset_days)


def phase_of(task: Dated, bases: Bases) -> Phase:
    """Before the keys, on the day, or after: by its day where somebody fixed one, else as counted.

    The day of the move counts with the day of the keys; where both are known and apart, the days
    between belong to the day of the keys too.
    """
    if task.fixed_on is not None and bases.keys is not None:
        last = max(bases.keys, bases.move_in or bases.keys)
        return _part((task.fixed_on - bases.keys).days, (task.fixed_on - last).days)
    return part_of(task.offset_days)


def part_of(offset_days: int) -> Phase:
    """The part of what is only counted, from either day."""
    return _part(offset_days, offset_days)


def _part(after_keys: int, after_move: int) -> Phase:
    if after_keys < 0:
        return Phase.BEFORE
    return Phase.AFTER if after_move > 0 else Phase.THE_DAY


def counted_words(counted_from: CountedFrom, offset_days: int) -> str:
    """「鍵の3日前」「入居の日」「入居から14日以内」 as staff say it."""
    name = "鍵" if counted_from is CountedFrom.KEYS else "入居"
    if offset_days == 0:
        return f"{name}の日"
    return f"{name}の{-offset_days}日前" if offset_days < 0 else f"{name}の{offset_days}日後"
