"""Council lists: kept as they came, read as proposed or as a person says, shown before anything
changes.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import jobs
from app.audit.models import Deed
from app.audit.services import record
from app.db import rows_changed
from app.directory.models import Partner, PartnerKind
from app.errors import ConflictError, InvalidError, NotFoundError
from app.housing.lists.columns import ListHead, head_at, missing_fields
from app.housing.lists.homes import Progress
from app.housing.lists.models import (
    CouncilListImport,
    CouncilListRow,
    ImportState,
    RowOutcome,
    SenderFound,
)
from app.housing.lists.plans import Plan, plan_rows
from app.housing.lists.reading import ListReading, read_council_list
from app.housing.lists.senders import (
    SENDER_KINDS,
    LaidOut,
    Sender,
    guess_sender,
    lay_out,
    sender_named,
)
from app.sheets import Sheet, SheetRow, Workbook, cell_text, open_sheets
from app.uploads import refusing_sheets

READ_JOB = "council_list_reading"
READ_AT_ONCE = 150_000
"""Bytes of a file that is read while the person waits: about a thousand rows."""

_COUNTS = {
    RowOutcome.NEW: "new_count",
    RowOutcome.CHANGED: "changed_count",
    RowOutcome.SAME: "same_count",
    RowOutcome.ASKED: "asked_count",
    RowOutcome.REPEAT: "repeat_count",
}
_ROWS_SEARCHED, _TOP_ROWS, _SAMPLES, _SHOWN, _MOST_SHOWN = 60, 20, 4, 40, 60
_UNSETTLED = (ImportState.MAPPING, ImportState.PREVIEW)


def keep_list(
    session: Session,
    *,
    content: bytes,
    file_name: str,
    organisation_id: int,
    user_id: int,
    today: date,
    sender_id: int | None = None,
    sender_name: str = "",
    sender_kind: PartnerKind = PartnerKind.COUNCIL,
    read_at_once: int | None = None,
) -> CouncilListImport:
    """Keep a file with every row and what would become of it. Nothing of it is a home yet.

    A file whose columns are not found is kept in the state MAPPING: a person then says which
    column is what. One of more than ``read_at_once`` bytes is read in the background.

    Raises InvalidError or TooLargeError, with the reader's own sentence and code, for a file no
    table can be read from; then nothing is kept.
    """
    name = file_name.replace("\\", "/").rpartition("/")[2][:200] or "list"
    with refusing_sheets():
        book = open_sheets(content, name)
    kept = CouncilListImport(
        organisation_id=organisation_id,
        user_id=user_id,
        file_name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        read_on=today,
        state=ImportState.READING,
        columns={},
        chosen={},
        undone={},
    )
    session.add(kept)
    _set_sender(kept, _chosen_sender(session, sender_id, sender_name, sender_kind))
    session.flush()  # rows, the job and the audit entry refer to it
    record(
        session,
        deed=Deed.CREATED,
        record_kind="council_list_import",
        record_id=kept.id,
        user_id=user_id,
        organisation_id=organisation_id,
    )
    if read_at_once is not None and len(content) > read_at_once:
        _read_later(session, kept, user_id)
    else:
        _read_and_plan(session, kept, book)
    return kept


def _read_later(session: Session, kept: CouncilListImport, user_id: int) -> None:
    key = f"{READ_JOB}:{kept.id}"
    payload = {"import_id": kept.id}
    kept.job_id = jobs.enqueue(session, READ_JOB, payload, user_id=user_id, dedupe_key=key).id


def _chosen_sender(
    session: Session, sender_id: int | None, name: str, kind: PartnerKind
) -> Sender | None:
    """The sender a person chose; None leaves it to what the list looks like."""
    if name.strip():
        return sender_named(session, name.strip(), kind, SenderFound.CHOSEN)
    if sender_id is None:
        return None
    partner = session.get(Partner, sender_id)
    if partner is None or partner.kind not in SENDER_KINDS:
        sentence = "この送り手は見つかりません。選び直してください。"
        raise InvalidError(sentence, fields={"sender_id": [sentence]})
    return Sender(partner.id, partner.name, partner.kind, SenderFound.CHOSEN)


def _set_sender(kept: CouncilListImport, sender: Sender | None) -> None:
    if sender is not None:
        kept.sender_id, kept.sender_name = sender.id, sender.name
        kept.sender_kind, kept.sender_found = sender.kind, sender.found


def _read_and_plan(session: Session, kept: CouncilListImport, book: Workbook) -> None:
    """Lay the file out, propose its sender, and show what taking it in would do."""
    chosen_sender = kept.sender_id if kept.sender_found is SenderFound.CHOSEN else None
    laid = _as_chosen(kept, book) or lay_out(
        session, book, organisation_id=kept.organisation_id, sender_id=chosen_sender
    )
    if kept.sender_found is not SenderFound.CHOSEN:
        guessed = guess_sender(
            session, laid=laid, file_name=kept.file_name, organisation_id=kept.organisation_id
        )
        _set_sender(kept, guessed)
    kept.layout_id = laid.layout.id if laid.layout is not None else None
    head = laid.head or ListHead(0, 0, {}, {})
    kept.columns = _columns(book, laid, head)
    if missing_fields(head.columns):
        kept.state = ImportState.MAPPING
        write_rows(session, kept, Plan([], {}, []))
        return
    kept.state = ImportState.PREVIEW
    reading = read_council_list(laid.sheet, today=kept.read_on, head=head)
    write_rows(session, kept, plan_rows(session, laid.sheet, reading, sender_id=kept.sender_id))


def _as_chosen(kept: CouncilListImport, book: Workbook) -> LaidOut | None:
    """The sheet and head a person set for this very file."""
    if not kept.chosen:
        return None
    sheet = book.sheets[kept.chosen["sheet"]]
    head = head_at(sheet, kept.chosen["first_row"], kept.chosen["last_row"])
    labels = dict(head.labels)
    for column in kept.chosen["fields"].values():
        labels.setdefault(column, f"（{column}列目）")
    return LaidOut(
        kept.chosen["sheet"],
        sheet,
        ListHead(head.first_row, head.last_row, dict(kept.chosen["fields"]), labels),
    )


def _columns(book: Workbook, laid: LaidOut, head: ListHead) -> dict[str, Any]:
    """The heads, which was read as which field, and the first rows to judge it by."""
    labels = head.labels
    heads = {field: labels[at] for field, at in head.columns.items() if at in labels}
    filled = [row for row in laid.sheet.rows[:_ROWS_SEARCHED] if not row.is_blank]
    return {
        "labels": [labels[at] for at in sorted(labels)],
        "heads": heads,
        "sheet": laid.index,
        "sheets": [sheet.name for sheet in book.sheets],
        "first_row": head.first_row,
        "last_row": head.last_row,
        "at": {label: at for at, label in labels.items()},
        "fields": head.columns,
        "samples": _samples([row for row in filled if row.number > head.last_row]),
        "top": [
            [row.number, [cell_text(cell)[:_SHOWN] for cell in row.cells[:_MOST_SHOWN]]]
            for row in filled[:_TOP_ROWS]
        ],
    }


def _samples(rows: Sequence[SheetRow]) -> dict[str, list[str]]:
    """The first few values of each column, as typed."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for column, cell in enumerate(row.cells, 1):
            values = found.setdefault(str(column), [])
            if len(values) < _SAMPLES and (text := cell_text(cell).strip()):
                values.append(text[:_SHOWN])
    return {column: values for column, values in found.items() if values}


def read_kept(session: Session, kept: CouncilListImport) -> tuple[Sheet, ListReading]:
    """The kept file once more, exactly as it was read for the preview.

    Raises InvalidError when columns are missing that no home can do without.
    """
    with refusing_sheets():
        book = open_sheets(kept.content, kept.file_name)
        sheet = book.sheets[kept.columns["sheet"]]
        labels = {at: label for label, at in kept.columns["at"].items()}
        head = ListHead(
            kept.columns["first_row"], kept.columns["last_row"],
            dict(kept.columns["fields"]), dict(sorted(labels.items())),
        )  # fmt: skip
        return sheet, read_council_list(sheet, today=kept.read_on, head=head)


def opened(kept: CouncilListImport) -> Workbook:
    """The kept file, for showing its first rows."""
    with refusing_sheets():
        return open_sheets(kept.content, kept.file_name)


def reread(
    session: Session,
    *,
    kept: CouncilListImport,
    sheet: int,
    first_row: int,
    last_row: int,
    fields: Mapping[str, int] | None,
    user_id: int,
) -> None:
    """Read the kept file as a person says: which sheet, which rows are the head, which column is
    what. ``fields`` None proposes the columns anew, for another sheet or another head.

    Raises ConflictError when the list was taken in or set aside meanwhile.
    """
    _still_open(session, kept)
    book = opened(kept)
    if sheet >= len(book.sheets):
        sentence = "このシートはありません。選び直してください。"
        raise InvalidError(sentence, fields={"sheet": [sentence]})
    if fields is None:
        if not first_row:
            laid = lay_out(
                session, Workbook(book.name, book.kind, (book.sheets[sheet],)),
                organisation_id=kept.organisation_id, sender_id=None,
            )  # fmt: skip
            head = laid.head or ListHead(0, 0, {}, {})
        else:
            head = head_at(book.sheets[sheet], first_row, max(first_row, last_row))
        first_row, last_row, fields = head.first_row, head.last_row, head.columns
    kept.chosen = {
        "sheet": sheet, "first_row": first_row, "last_row": max(first_row, last_row),
        "fields": dict(fields),
    }  # fmt: skip
    _read_and_plan(session, kept, book)
    note_change(session, kept, user_id, ("columns",))


def change_sender(
    session: Session,
    *,
    kept: CouncilListImport,
    sender_id: int | None,
    sender_name: str,
    sender_kind: PartnerKind,
    user_id: int,
) -> None:
    """Say who a list comes from, and plan it anew: what counts as changed or gone depends on it.

    Raises ConflictError when the list was taken in or set aside meanwhile.
    """
    _still_open(session, kept)
    sender = _chosen_sender(session, sender_id, sender_name, sender_kind)
    if sender is None:
        sentence = "送り手を選ぶか、新しい送り手の名前を入れてください。"
        raise InvalidError(sentence, fields={"sender_id": [sentence]})
    _set_sender(kept, sender)
    _read_and_plan(session, kept, opened(kept))
    note_change(session, kept, user_id, ("sender_id",))


def _still_open(session: Session, kept: CouncilListImport) -> None:
    """Hold the import for this transaction while nobody has taken it in."""
    if not move(session, kept.id, _UNSETTLED, ImportState.PREVIEW):
        raise ConflictError("この一覧は、もう取り込みが始まっています。")
    session.refresh(kept)


def write_rows(session: Session, kept: CouncilListImport, plan: Plan) -> None:
    """Replace the rows and their counts by what the plan says."""
    session.execute(sa.delete(CouncilListRow).where(CouncilListRow.import_id == kept.id))
    rows = [
        {
            "import_id": kept.id,
            "row_number": row.row,
            "outcome": row.outcome,
            "home_id": row.home.id if row.home is not None else None,
            "as_typed": row.as_typed,
            "problems": row.problems,
            "changes": row.changes,
        }
        for row in plan.rows
    ]
    if rows:
        session.execute(sa.insert(CouncilListRow), rows)
    counts = Counter(row.outcome for row in plan.rows)
    for outcome, column in _COUNTS.items():
        setattr(kept, column, counts[outcome])
    kept.problem_count = counts[RowOutcome.DOUBTFUL] + counts[RowOutcome.UNREADABLE]
    kept.gone = plan.gone
    session.flush()  # the counts are read back by statement


def get_import(
    session: Session, import_id: int, organisations: frozenset[int]
) -> CouncilListImport:
    """An import of one of these organisations. Raises NotFoundError for any other."""
    kept = session.get(CouncilListImport, import_id)
    if kept is None or kept.organisation_id not in organisations:
        raise NotFoundError("この一覧は見つかりません。「協議会の一覧」から選び直してください。")
    return kept


def refuse_list(session: Session, *, kept: CouncilListImport, user_id: int) -> None:
    """Set a list aside that nobody wants to take in. Raises ConflictError when it is too late."""
    if not move(session, kept.id, (*_UNSETTLED, ImportState.READING), ImportState.REFUSED):
        raise ConflictError("この一覧は、もう取り込みが始まっています。")
    note_change(session, kept, user_id, ("state",))


def note_change(
    session: Session, kept: CouncilListImport, user_id: int, fields: tuple[str, ...]
) -> None:
    """Write who changed what of a list itself."""
    record(
        session,
        deed=Deed.CHANGED,
        record_kind="council_list_import",
        record_id=kept.id,
        user_id=user_id,
        organisation_id=kept.organisation_id,
        fields=fields,
    )


def move(
    session: Session, import_id: int, before: tuple[ImportState, ...], after: ImportState
) -> bool:
    """Change an import's state if it is one of these: of two who try, one does."""
    changed = session.execute(
        sa.update(CouncilListImport)
        .where(CouncilListImport.id == import_id, CouncilListImport.state.in_(before))
        .values(state=after)
        .execution_options(synchronize_session="fetch")
    )
    return rows_changed(changed) == 1


def lock_lists(session: Session) -> None:
    """One list at a time: two at once would both find a home new. SQLite writes one after the
    other anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("SELECT pg_advisory_xact_lock(7325)"))


@jobs.handles(READ_JOB)
def _read_job(session: Session, payload: Mapping[str, Any], _progress: Progress) -> None:
    kept = session.get_one(CouncilListImport, int(payload["import_id"]))
    if move(session, kept.id, (ImportState.READING,), ImportState.PREVIEW):
        _read_and_plan(session, kept, opened(kept))
