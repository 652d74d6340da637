"""iCalendar (RFC 5545) of what is planned, as calendars on phones and desks read it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from app.db import JAPAN
from app.feeds.sources import Dated

REFRESH = timedelta(hours=1)


def calendar_of(dated: Iterable[Dated], *, at: datetime, outside: str, with_names: bool) -> bytes:
    """The calendar's file. `outside` is the address of this installation."""
    calendar = Calendar()
    calendar.add("prodid", "-//Tsunagi//JP")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "つなぎ")
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    host = outside.partition("//")[2]
    for one in dated:
        calendar.add_component(_event(one, at=at, outside=outside, host=host, named=with_names))
    return bytes(calendar.to_ical())


def _event(one: Dated, *, at: datetime, outside: str, host: str, named: bool) -> Event:
    event = Event()
    event.add("uid", f"{one.key}@{host}")
    event.add("dtstamp", at)
    title = f"{one.title}　{one.household}" if named and one.household else one.title
    event.add("summary", title)
    event.add("url", outside + one.url)
    event.add("class", "PRIVATE")
    if one.at is None:
        event.add("dtstart", one.on)
        event.add("dtend", one.on + timedelta(days=1))
        event.add("transp", "TRANSPARENT")  # a day, not a time that is taken
    else:
        starts = datetime.combine(one.on, one.at, tzinfo=JAPAN)
        event.add("dtstart", starts)
        event.add("dtend", starts + timedelta(minutes=one.minutes))
    return event
