"""The log beyond its first writing: finding entries, correcting one, ticking a task."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.models import Case
from app.cases.services import note
from app.cases.versions import check_version, flushed
from app.cases.work.models import LogEntry, LogRevision
from app.cases.work.services import check_entry
from app.db import moment_on, rows_changed
from app.errors import ConflictError, ForbiddenError, NotFoundError

PER_PAGE = 30
CORRECTED = ("at", "method", "minutes", "partner", "partner_id", "attendees", "text", "next_step",
             "next_on")  # fmt: skip
NO_ENTRY = "この経過は見つかりません。経過の一覧から選び直してください。"


def entries_of(case_id: int, chosen: Mapping[str, Any]) -> sa.Select[LogEntry]:
    """The entries of a case as chosen, newest first; days are Japan's days, both inclusive."""
    found = sa.select(LogEntry).where(LogEntry.case_id == case_id)
    if chosen.get("method") is not None:
        found = found.where(LogEntry.method == chosen["method"])
    if chosen.get("since") is not None:
        found = found.where(LogEntry.at >= moment_on(chosen["since"], time()))
    if chosen.get("until") is not None:
        found = found.where(LogEntry.at < moment_on(chosen["until"] + timedelta(days=1)))
    if chosen.get("open_only"):
        found = found.where(LogEntry.next_step.is_not(None), LogEntry.next_done_at.is_(None))
    return found.order_by(LogEntry.at.desc(), LogEntry.id.desc())


def entry_of(session: Session, case: Case, entry_id: int) -> LogEntry:
    """One entry of this case. Raises NotFoundError."""
    entry = session.get(LogEntry, entry_id)
    if entry is None or entry.case_id != case.id:
        raise NotFoundError(NO_ENTRY)
    return entry


def revisions_of(session: Session, ids: Sequence[int]) -> dict[int, list[LogRevision]]:
    """What entries said before, the newest first."""
    rows = session.scalars(
        sa.select(LogRevision).where(LogRevision.entry_id.in_(ids)).order_by(LogRevision.id.desc())
    )
    found: dict[int, list[LogRevision]] = {}
    for row in rows:
        found.setdefault(row.entry_id, []).append(row)
    return found


def correct_entry(
    session: Session,
    *,
    entry: LogEntry,
    version: int,
    values: Mapping[str, Any],
    why: str,
    user_id: int,
    now: datetime,
) -> None:
    """Correct an entry; what it said goes into a revision of its own and is never lost.

    Raises ForbiddenError for anybody but its author, StaleError, InvalidError as for a new one.
    """
    if entry.author_id != user_id:
        raise ForbiddenError(
            "経過を直せるのは、書いた人だけです。違うことは新しい経過に書いてください。"
        )
    check_version(entry, version)
    check_entry(
        text=values["text"], at=values["at"], next_step=values.get("next_step"),
        next_on=values.get("next_on"), now=now,
    )  # fmt: skip
    wanted = {name: None if values.get(name) == "" else values.get(name) for name in CORRECTED}
    wanted["attendees"] = list(values.get("attendees") or [])
    changed = [name for name, value in wanted.items() if getattr(entry, name) != value]
    if not changed:
        return
    said = {name: _plain(getattr(entry, name)) for name in CORRECTED}

    def act() -> None:
        session.add(LogRevision(entry_id=entry.id, said=said, why=why, changed_by=user_id))
        for name in changed:
            setattr(entry, name, wanted[name])

    flushed(session, act)
    note(session, Deed.CHANGED, "case_log", entry.id, user_id=user_id, fields=changed)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def tick_step(session: Session, *, entry: LogEntry, user_id: int, now: datetime) -> None:
    """The next step is done. Raises ConflictError when it was ticked already or there is none."""
    done = session.execute(
        sa.update(LogEntry)
        .where(
            LogEntry.id == entry.id,
            LogEntry.next_step.is_not(None),
            LogEntry.next_done_at.is_(None),
        )
        .values(next_done_at=now, next_done_by=user_id, version=LogEntry.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(done) != 1:
        raise ConflictError("このことは、すでに済みになっています。")
    note(session, Deed.CHANGED, "case_log", entry.id, user_id=user_id, fields=("next_done_at",))


def steps_due(cases: sa.Select[Case], *, until: date) -> sa.Select[LogEntry, Case]:
    """Tasks of these cases that are due by a day and not ticked, the longest due first."""
    ids = cases.with_only_columns(Case.id).order_by(None)
    return (
        sa.select(LogEntry, Case)
        .join(Case, Case.id == LogEntry.case_id)
        .where(
            LogEntry.next_on <= until,
            LogEntry.next_done_at.is_(None),
            LogEntry.case_id.in_(ids),
        )
        .order_by(LogEntry.next_on, LogEntry.id)
    )
