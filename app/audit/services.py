"""Writing the audit log: changes in the change's own transaction, looks before the page leaves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry, Deed


@dataclass(frozen=True)
class Look:
    """Somebody is about to see, print or export something of tier T2 or deeper."""

    deed: Deed
    record_kind: str
    record_id: int | None
    fields: tuple[str, ...] = ()


def record(
    session: Session,
    *,
    deed: Deed,
    record_kind: str,
    record_id: int | None = None,
    user_id: int | None = None,
    organisation_id: int | None = None,
    fields: Iterable[str] = (),
    basis: str | None = None,
    request_id: str | None = None,
) -> AuditEntry:
    """Add one entry to the caller's transaction, so that no change stands without its entry."""
    entry = AuditEntry(
        deed=deed,
        record_kind=record_kind,
        record_id=record_id,
        user_id=user_id,
        organisation_id=organisation_id,
        fields=sorted(set(fields)),
        basis=basis,
        request_id=request_id,
    )
    session.add(entry)
    return entry


def record_looks(
    session: Session,
    looks: Sequence[Look],
    *,
    user_id: int | None,
    organisation_id: int | None,
    request_id: str | None,
) -> None:
    """Add the looks of one request, a long list in one statement."""
    session.execute(
        sa.insert(AuditEntry),
        [
            {
                "deed": look.deed,
                "record_kind": look.record_kind,
                "record_id": look.record_id,
                "fields": sorted(set(look.fields)),
                "user_id": user_id,
                "organisation_id": organisation_id,
                "request_id": request_id,
            }
            for look in looks
        ],
    )
