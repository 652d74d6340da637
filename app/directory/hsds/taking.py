"""What would become of a file of partners, and taking it in.

The preview is the real thing undone: each row is written within a savepoint that is given back, so
that what is promised and what is done come from the same lines of code. Taking in compares with
what was promised and refuses, showing the new preview, when the directory has moved on meanwhile.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from marshmallow import EXCLUDE, ValidationError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.db import rows_changed
from app.directory.access import kinds_kept, kinds_seen
from app.directory.hsds.models import ExchangeState, PartnerImport, RowOutcome
from app.directory.hsds.reading import Said, read_zip
from app.directory.models import PARTNER_KIND_LABELS, Partner, PartnerKind
from app.directory.schemas import PartnerSchema, schema_of
from app.directory.services import add_partner, change_partner, name_key
from app.errors import ConflictError, DomainError, InvalidError, NotFoundError
from app.forms import flatten
from app.policy import Viewer


def keep_file(session: Session, *, content: bytes, file_name: str, viewer: Viewer) -> PartnerImport:
    """Keep a file with what would become of each organisation in it; no partner changes.

    Raises TooLargeError and InvalidError as `read_zip` does; then nothing is kept.
    """
    name = file_name.replace("\\", "/").rpartition("/")[2][:200] or "hsds.zip"
    rows, notes = _previewed(session, content, name, viewer)
    kept = PartnerImport(
        user_id=viewer.user_id, file_name=name, content=content, rows=rows, notes=notes
    )
    session.add(kept)
    session.flush()  # the audit entry and the address refer to it
    _note(session, Deed.CREATED, kept)
    return kept


def take_in(session: Session, *, kept: PartnerImport, viewer: Viewer, at: datetime) -> bool:
    """Write every readable row, all in this transaction; False when the preview is no longer true.

    Then the new preview is kept and nothing was written. Raises ConflictError for a settled file.
    """
    if kept.content is None:
        raise _settled()
    content = kept.content
    rows, notes = _previewed(session, content, kept.file_name, viewer)
    if rows != kept.rows:
        kept.rows, kept.notes = rows, notes
        session.flush()  # so that the page shows what is true now
        return False
    _settle(session, kept, ExchangeState.TAKEN_IN, at)
    said, _notes = read_zip(content, kept.file_name)
    kept.rows = _write_all(session, said, viewer)
    session.flush()  # a rival is told by the unique keys here, before the answer is made
    return True


def drop(session: Session, *, kept: PartnerImport, at: datetime) -> None:
    """Leave a file be. Raises ConflictError for a settled one."""
    _settle(session, kept, ExchangeState.DROPPED, at)


def get_import(session: Session, import_id: int, viewer: Viewer) -> PartnerImport:
    """A file the viewer handed in. Raises NotFoundError, also for somebody else's."""
    kept = session.get(PartnerImport, import_id)
    if kept is None or kept.user_id != viewer.user_id:
        raise NotFoundError("このファイルは見つかりません。もう一度選んでください。")
    return kept


def imports_of(session: Session, viewer: Viewer, most: int = 20) -> Sequence[PartnerImport]:
    """The files the viewer handed in, the newest first."""
    return session.scalars(
        sa.select(PartnerImport)
        .where(PartnerImport.user_id == viewer.user_id)
        .order_by(PartnerImport.id.desc())
        .limit(most)
    ).all()


def _settled() -> ConflictError:
    return ConflictError("このファイルは、もう片づいています。画面を読み込み直してください。")


def _settle(session: Session, kept: PartnerImport, state: ExchangeState, at: datetime) -> None:
    """Only one of two presses settles a file; its bytes are not needed any more."""
    done = session.execute(
        sa.update(PartnerImport)
        .where(PartnerImport.id == kept.id, PartnerImport.state == ExchangeState.PREVIEW)
        .values(state=state, settled_at=at, content=None)
    )
    if rows_changed(done) != 1:
        raise _settled()
    session.refresh(kept)
    _note(session, Deed.CHANGED, kept)


def _note(session: Session, deed: Deed, kept: PartnerImport) -> None:
    record(
        session, deed=deed, record_kind="partner_import", record_id=kept.id, user_id=kept.user_id
    )


# ------------------------------------------------------------------------------------- writing


def _previewed(
    session: Session, content: bytes, name: str, viewer: Viewer
) -> tuple[list[dict[str, Any]], list[str]]:
    said, notes = read_zip(content, name)
    trial = session.begin_nested()
    try:
        rows = _write_all(session, said, viewer)
    finally:
        trial.rollback()
    return rows, notes


def _write_all(session: Session, said: Sequence[Said], viewer: Viewer) -> list[dict[str, Any]]:
    """Each organisation in a savepoint of its own, those above before their sections."""
    here = {one.number for one in said}
    order = sorted(said, key=lambda one: (one.parent in here, one.line))
    rows = [_row(session, one, viewer) for one in order]
    return sorted(rows, key=lambda row: row["line"])


def _row(session: Session, said: Said, viewer: Viewer) -> dict[str, Any]:
    row: dict[str, Any] = {
        "line": said.line, "name": said.name[:200], "outcome": RowOutcome.UNREADABLE.value,
        "changed": [], "reasons": list(said.reasons), "by_name": False,
    }  # fmt: skip
    if said.reasons:
        return row
    try:
        with session.begin_nested():
            row |= _write(session, said, viewer)
    except DomainError as error:
        row["reasons"] = [
            f"{_place(name)}{message}" for name, messages in error.fields.items()
            for message in messages
        ] or [error.message]  # fmt: skip
    return row


def _place(name: str) -> str:
    """The label of a field, with the row where it has rows: 「だれに 2行目: 」."""
    head, *rest = name.split("-")
    label = schema_of(PartnerKind.GUARANTOR_COMPANY).fields.get(head)
    words = "" if label is None else str(label.metadata.get("label", head))
    line = f" {int(rest[0]) + 1}行目" if rest and rest[0].isdigit() else ""
    return f"{words}{line}: " if words else ""


def _write(session: Session, said: Said, viewer: Viewer) -> dict[str, Any]:
    partner, by_name = _found(session, said, viewer)
    kind = partner.kind if partner else said.kind or PartnerKind.OTHER
    if kind not in kinds_kept(viewer) or (partner and said.kind not in {None, kind}):
        label = PARTNER_KIND_LABELS[said.kind or PartnerKind.OTHER]
        raise InvalidError(
            f"「{label}」としては、あなたの役割では書けません。担当する組織に渡してください。"
        )
    values = _loaded(session, said, kind, by_name=by_name)
    if partner is None:
        add_partner(session, kind=kind, values=values, user_id=viewer.user_id, uuid=said.number)
        return {"outcome": RowOutcome.NEW.value}
    before = {name: getattr(partner, name, None) for name in SCALARS}
    changed = change_partner(
        session, partner=partner, version=partner.version, values=values, user_id=viewer.user_id
    )
    outcome = RowOutcome.CHANGED if changed else RowOutcome.SAME
    told = [
        {"name": name, "before": _short(before.get(name)), "after": _short(getattr(partner, name))}
        for name in sorted(changed)
        if name != "name_key"
    ]
    return {"outcome": outcome.value, "changed": told, "by_name": by_name}


SCALARS = (
    "name", "kana", "does", "phone", "fax", "email", "web", "office", "postal_code", "address",
    "contact_hours", "note", "troubles", "checked_on",
)  # fmt: skip
_LONGEST = 60


def _short(value: Any) -> str | None:
    """A value beside what it becomes; rows and answers are only named."""
    if value is not None and not isinstance(value, str | date):
        return None
    text = "" if value is None else str(value)
    return f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text


def _found(session: Session, said: Said, viewer: Viewer) -> tuple[Partner | None, bool]:
    """The partner of this number; else the one of this kind and name, if only one bears it.

    A name finds none of a kind the viewer does not see: refusing its row would tell who gives food.
    """
    partner = session.scalar(sa.select(Partner).where(Partner.uuid == said.number))
    if partner is not None or not said.name:
        return partner, False
    query = sa.select(Partner).where(
        Partner.name_key == name_key(said.name), Partner.kind.in_(kinds_seen(viewer))
    )
    if said.kind is not None:
        query = query.where(Partner.kind == said.kind)
    if said.parent:
        query = query.where(Partner.parent.has(Partner.uuid == said.parent))
    same = session.scalars(query.limit(2)).all()
    return (same[0], True) if len(same) == 1 else (None, False)


def _loaded(session: Session, said: Said, kind: PartnerKind, *, by_name: bool) -> Mapping[str, Any]:
    """The values through the schema of every page; only what the file speaks of is kept."""
    schema: PartnerSchema = schema_of(kind)
    values = {name: value for name, value in said.values.items() if name in schema.fields}
    if by_name:  # a stranger's file says nothing by what it lacks
        values = {name: value for name, value in values.items() if value}
    if said.parent is not None and said.parent != "":
        values["parent_id"] = _parent(session, said.parent)
    try:
        loaded = schema.load(dict(values), unknown=EXCLUDE)
    except ValidationError as error:
        raise InvalidError(
            "読み取れない項目があります。", fields=flatten(error.messages_dict)
        ) from error
    found = {name: value for name, value in loaded.items() if name in values}
    if said.parent is None and not by_name:
        found["parent_id"] = None
    return found


def _parent(session: Session, number: str) -> int:
    found = session.scalar(
        sa.select(Partner.id).where(Partner.uuid == number, Partner.kind != PartnerKind.DONOR)
    )
    if found is None:
        raise InvalidError("上の組織が、このファイルにもここにもありません。")
    return found
