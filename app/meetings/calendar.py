"""Meetings as an iCalendar file (RFC 5545): lines of at most 75 octets, CRLF, text escaped."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

Event = tuple[str, datetime, int, str, str]
"""A unique name, the beginning, how many minutes, what, where."""


def calendar(events: Iterable[Event], *, at: datetime) -> bytes:
    """The file's bytes; `at` is when it was made."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tsunagi//JA", "CALSCALE:GREGORIAN"]
    for name, begins, minutes, what, where in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{name}",
            f"DTSTAMP:{_moment(at)}",
            f"DTSTART:{_moment(begins)}",
            f"DTEND:{_moment(begins + timedelta(minutes=minutes))}",
            f"SUMMARY:{_text(what)}",
            *([f"LOCATION:{_text(where)}"] if where else []),
            "CLASS:PRIVATE",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    for sign in ("\\", ";", ","):
        value = value.replace(sign, f"\\{sign}")
    return value.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """A long line goes on after CRLF and a blank, never within a character."""
    parts: list[bytes] = []
    current = b""
    for sign in line:
        octets = sign.encode()
        if len(current) + len(octets) > (75 if not parts else 74):
            parts.append(current)
            current = b""
        current += octets
    parts.append(current)
    return b"\r\n ".join(parts) + b"\r\n"
