"""What features put into somebody's calendar. They register, as they do for the first page.

    from app.feeds.sources import Dated, calendar_sources

    def visits(session, viewer, today) -> list[Dated]: ...  # within `window(today)`

    calendar_sources.append((Action.FOLLOWUP_READ, visits))

A source asks `policy` itself what the viewer may know. `title` must be fit for a telephone's lock
screen: no name, no address, no reason. `household` is shown only where the person asked for it,
and is None for a household in hiding.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from app.policy import Action, Viewer

BACK, AHEAD = timedelta(days=31), timedelta(days=400)
"""A year ahead, for the last check-in after a move lies that far; a month back, to look up."""


@dataclass(frozen=True)
class Dated:
    """Something planned. `key` stays the same when it moves, so that a calendar moves it too."""

    key: str
    on: date
    title: str
    url: str
    at: time | None = None
    minutes: int = 60
    household: str | None = None
    case_id: int | None = None


CalendarSource = Callable[[Session, Viewer, date], list[Dated]]
calendar_sources: list[tuple[Action, CalendarSource]] = []


def window(today: date) -> tuple[date, date]:
    """The first and the last day a calendar shows."""
    return today - BACK, today + AHEAD
