"""Council lists: kept as they came, shown before anything changes, taken in once and whole.

A double click, two browsers or two jobs take a list in once: the state of the import changes by
one guarded UPDATE in the transaction that writes the homes.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import jobs
from app.audit.models import Deed
from app.audit.services import record
from app.db import now, rows_changed
from app.errors import ConflictError, NotFoundError
from app.housing.codes import HomeState
from app.housing.lists.homes import HomeWriter
from app.housing.lists.models import CouncilListImport, CouncilListRow, ImportState, RowOutcome
from app.housing.lists.plans import OPEN_TO_LISTS, PlannedRow, plan_rows
from app.housing.lists.reading import ListReading, read_council_list
from app.housing.models import Home
from app.sheets import Sheet, open_sheets
from app.uploads import refusing_sheets

AT_ONCE = 200
"""Rows that are taken in while the person waits; longer lists go to the background."""

JOB_KIND = "council_list"
Progress = Callable[[int, int], None]

_COUNTS = {
    RowOutcome.NEW: "new_count",
    RowOutcome.CHANGED: "changed_count",
    RowOutcome.SAME: "same_count",
    RowOutcome.REPEAT: "repeat_count",
}


def keep_list(
    session: Session,
    *,
    content: bytes,
    file_name: str,
    organisation_id: int,
    user_id: int,
    today: date,
    sender_id: int | None = None,
) -> CouncilListImport:
    """Keep a file with every row and what would become of it. Nothing of it is a home yet.

    Raises InvalidError or TooLargeError, with the reader's own sentence and code, for a file no
    homes can be read from; then nothing is kept.
    """
    name = file_name.replace("\\", "/").rpartition("/")[2][:200] or "list"
    sheet, reading = _read(content, name, today)
    kept = CouncilListImport(
        organisation_id=organisation_id,
        user_id=user_id,
        sender_id=sender_id,
        file_name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        read_on=today,
        columns=_mapping(reading),
    )
    session.add(kept)
    session.flush()  # rows and the audit entry refer to it
    _write_rows(session, kept, plan_rows(session, sheet, reading))
    record(
        session,
        deed=Deed.CREATED,
        record_kind="council_list_import",
        record_id=kept.id,
        user_id=user_id,
        organisation_id=organisation_id,
    )
    return kept


def _read(content: bytes, name: str, today: date) -> tuple[Sheet, ListReading]:
    with refusing_sheets():
        sheet = open_sheets(content, name).first
        return sheet, read_council_list(sheet, today=today)


def _mapping(reading: ListReading) -> dict[str, Any]:
    """The heads in their order, and which of them was read as which field."""
    labels = reading.head.labels
    heads = {field: labels[at] for field, at in reading.columns.items() if at in labels}
    return {"labels": [labels[at] for at in sorted(labels)], "heads": heads}


def _write_rows(session: Session, kept: CouncilListImport, planned: list[PlannedRow]) -> None:
    """Replace the rows and their counts by what the plan says."""
    session.execute(sa.delete(CouncilListRow).where(CouncilListRow.import_id == kept.id))
    session.add_all(
        CouncilListRow(
            import_id=kept.id,
            row_number=row.row,
            outcome=row.outcome,
            home_id=row.home.id if row.home is not None else None,
            as_typed=row.as_typed,
            problems=row.problems,
            changes=row.changes,
        )
        for row in planned
    )
    counts = Counter(row.outcome for row in planned)
    for outcome, column in _COUNTS.items():
        setattr(kept, column, counts[outcome])
    kept.problem_count = counts[RowOutcome.DOUBTFUL] + counts[RowOutcome.UNREADABLE]
    kept.gone = _gone(session, kept, {row.home.id for row in planned if row.home is not None})
    session.flush()  # the counts are read back by statement


def _gone(session: Session, kept: CouncilListImport, listed: set[int]) -> list[int]:
    """Homes of this sender's list before that this one leaves out and nobody stopped meanwhile.

    The list before is the last one taken in from the same sender with the same columns, so that a
    register of another office does not make a council's homes disappear.
    """
    before = previous_list(session, kept)
    if before is None:
        return []
    rows = sa.select(CouncilListRow.home_id).where(CouncilListRow.import_id == before)
    homes = sa.select(Home.id).where(
        Home.id.in_(rows), Home.state == HomeState.VACANT, Home.id.not_in(listed)
    )
    return sorted(session.scalars(homes))


def previous_list(session: Session, kept: CouncilListImport) -> int | None:
    """The list taken in before this one from the same sender, in the same layout."""
    columns = sa.select(CouncilListImport.id, CouncilListImport.columns).where(
        CouncilListImport.state == ImportState.TAKEN_IN,
        CouncilListImport.id != kept.id,
        CouncilListImport.organisation_id == kept.organisation_id,
        CouncilListImport.sender_id.is_(None)
        if kept.sender_id is None
        else CouncilListImport.sender_id == kept.sender_id,
    )
    labels = kept.columns.get("labels")
    latest = columns.order_by(CouncilListImport.taken_in_at.desc(), CouncilListImport.id.desc())
    for import_id, used in session.execute(latest.limit(24)):
        if used.get("labels") == labels:
            found: int = import_id
            return found
    return None


def get_import(
    session: Session, import_id: int, organisations: frozenset[int]
) -> CouncilListImport:
    """An import of one of these organisations. Raises NotFoundError for any other."""
    kept = session.get(CouncilListImport, import_id)
    if kept is None or kept.organisation_id not in organisations:
        raise NotFoundError("この一覧は見つかりません。「協議会の一覧」から選び直してください。")
    return kept


def start_taking_in(session: Session, *, kept: CouncilListImport, user_id: int) -> bool:
    """Hand a long list to the background; False when somebody already did.

    Raises ConflictError for a list that was set aside.
    """
    if kept.state is ImportState.REFUSED:
        raise ConflictError(
            "この一覧は取り込まないことにしました。もう一度ファイルを選んでください。"
        )
    if not _move(session, kept.id, (ImportState.PREVIEW,), ImportState.TAKING_IN):
        return False
    payload = {"import_id": kept.id, "user_id": user_id}
    key = f"{JOB_KIND}:{kept.id}"
    job = jobs.enqueue(session, JOB_KIND, payload, user_id=user_id, dedupe_key=key)
    session.execute(
        sa.update(CouncilListImport).where(CouncilListImport.id == kept.id).values(job_id=job.id)
    )
    session.refresh(kept)
    return True


def take_in(
    session: Session, *, import_id: int, user_id: int, progress: Progress | None = None
) -> bool:
    """Make and change the homes of a list, all in the caller's transaction; False when done before.

    The file is read again and compared with the homes as they are now.
    """
    before = (ImportState.PREVIEW, ImportState.TAKING_IN)
    if not _move(session, import_id, before, ImportState.TAKEN_IN):
        return False
    if session.get_bind().dialect.name == "postgresql":
        # Two lists at once would both find a home new; SQLite writes one after the other anyway.
        session.execute(sa.text("SELECT pg_advisory_xact_lock(7325)"))
    kept = session.get_one(CouncilListImport, import_id, populate_existing=True)
    sheet, reading = _read(kept.content, kept.file_name, kept.read_on)
    planned = plan_rows(session, sheet, reading)
    _check_rows(session, kept, planned)
    writer = HomeWriter(session, kept=kept, user_id=user_id)
    for done, row in enumerate(planned, 1):
        writer.write(row)
        if progress is not None and done % 10 == 0:
            progress(done, len(planned))
    session.flush()  # rows refer to new homes
    _write_rows(session, kept, planned)
    _mark_fresh(session, kept, planned)
    kept.taken_in_at = now()
    record(
        session,
        deed=Deed.CHANGED,
        record_kind="council_list_import",
        record_id=kept.id,
        user_id=user_id,
        organisation_id=kept.organisation_id,
        fields=("state",),
    )
    return True


def _check_rows(session: Session, kept: CouncilListImport, planned: list[PlannedRow]) -> None:
    """Hold the second reading against the first: not one row may have gone missing."""
    rows = session.scalar(sa.select(sa.func.count()).where(CouncilListRow.import_id == kept.id))
    if rows != len(planned):
        raise ConflictError(
            "確かめたときと読み取り結果が違います。もう一度ファイルを選んでください。"
        )


def _mark_fresh(session: Session, kept: CouncilListImport, planned: list[PlannedRow]) -> None:
    """A newer list confirms the vacancies it repeats and asks about those it leaves out.

    The same list once more says nothing new, so it changes nothing.
    """
    if not kept.gone and not any(row.taken_in for row in planned):
        return
    listed = [row.home.id for row in planned if row.home is not None]
    open_homes = sa.update(Home).where(Home.state.in_(OPEN_TO_LISTS))
    session.execute(
        open_homes.where(
            Home.id.in_(listed),
            sa.or_(Home.confirmed_on.is_(None), Home.confirmed_on < kept.read_on),
        ).values(confirmed_on=kept.read_on)
    )
    session.execute(open_homes.where(Home.id.in_(listed)).values(missing_since=None))
    session.execute(
        sa.update(Home)
        .where(Home.id.in_(kept.gone), Home.missing_since.is_(None))
        .values(missing_since=kept.read_on)
    )


def refuse_list(session: Session, *, kept: CouncilListImport, user_id: int) -> None:
    """Set a list aside that nobody wants to take in. Raises ConflictError when it is too late."""
    if not _move(session, kept.id, (ImportState.PREVIEW,), ImportState.REFUSED):
        raise ConflictError("この一覧は、もう取り込みが始まっています。")
    record(
        session,
        deed=Deed.CHANGED,
        record_kind="council_list_import",
        record_id=kept.id,
        user_id=user_id,
        fields=("state",),
    )


def _move(
    session: Session, import_id: int, before: tuple[ImportState, ...], after: ImportState
) -> bool:
    changed = session.execute(
        sa.update(CouncilListImport)
        .where(CouncilListImport.id == import_id, CouncilListImport.state.in_(before))
        .values(state=after)
        .execution_options(synchronize_session="fetch")
    )
    return rows_changed(changed) == 1


@jobs.handles(JOB_KIND)
def _take_in_job(session: Session, payload: Mapping[str, Any], progress: Progress) -> None:
    take_in(
        session,
        import_id=int(payload["import_id"]),
        user_id=int(payload["user_id"]),
        progress=progress,
    )
