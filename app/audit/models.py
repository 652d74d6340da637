"""The audit log. The database itself refuses to change or delete an entry."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code, Id, JsonList, Name, Timestamps, code_column, in_codes


class Deed(StrEnum):
    """What was done with a record."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    VIEWED = "viewed"
    LISTED = "listed"
    SEARCHED = "searched"
    PRINTED = "printed"
    EXPORTED = "exported"
    REFUSED = "refused"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_FAILED = "sign_in_failed"


DEED_LABELS = {
    Deed.CREATED: "登録",
    Deed.CHANGED: "変更",
    Deed.DELETED: "削除",
    Deed.VIEWED: "閲覧",
    Deed.LISTED: "一覧",
    Deed.SEARCHED: "検索",
    Deed.PRINTED: "印刷",
    Deed.EXPORTED: "書き出し",
    Deed.REFUSED: "拒否",
    Deed.SIGNED_IN: "サインイン",
    Deed.SIGNED_OUT: "サインアウト",
    Deed.SIGN_IN_FAILED: "サインイン失敗",
}


class AuditEntry(Timestamps, Base):
    """One deed of one person on one record. `fields` are names of fields, never their values."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        in_codes("deed", Deed),
        sa.Index("ix_audit_entries_record", "record_kind", "record_id"),
    )

    id: Mapped[Id]
    # No foreign keys: the log must outlive what it speaks of.
    user_id: Mapped[int | None] = mapped_column(index=True)
    organisation_id: Mapped[int | None] = mapped_column(index=True)
    deed: Mapped[Deed] = code_column(Deed)
    record_kind: Mapped[Code]
    record_id: Mapped[int | None]
    fields: Mapped[JsonList] = mapped_column(default=list)
    basis: Mapped[Name | None]
    request_id: Mapped[Code | None]
