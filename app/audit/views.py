"""The page for auditors: who did, saw, printed and exported what."""

import sqlalchemy as sa
from flask import Blueprint, Response, render_template, request

from app.audit.models import DEED_LABELS, AuditEntry, Deed
from app.audit.words import KIND_LABELS, field_words, kind_words
from app.db import db
from app.policy import Action, requires

bp = Blueprint("audit", __name__)
PER_PAGE = 100


@bp.get("/audit")
@requires(Action.AUDIT_READ)
def entry_list() -> Response | str:
    """Newest first; filtered by deed, record and person. Ids and field names, never values."""
    statement = sa.select(AuditEntry)
    chosen = request.args.get("deed", "")
    if chosen in set(Deed):
        statement = statement.where(AuditEntry.deed == Deed(chosen))
    kind = request.args.get("kind", "")[:40]
    if kind:
        statement = statement.where(AuditEntry.record_kind == kind)
    for name, column in (("record", AuditEntry.record_id), ("user", AuditEntry.user_id)):
        value = request.args.get(name, type=int)
        if value is not None and abs(value) < 2**31:
            statement = statement.where(column == value)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(statement.subquery())) or 0
    page = max(request.args.get("page", 1, type=int), 1)
    first = min((page - 1) * PER_PAGE, 10_000_000)
    entries = db.session.scalars(
        statement.order_by(AuditEntry.id.desc()).limit(PER_PAGE).offset(first)
    ).all()
    return render_template(
        "audit/list.html",
        entries=entries,
        total=total,
        first=first,
        page=page,
        per_page=PER_PAGE,
        deed_labels=DEED_LABELS,
        kind_labels=KIND_LABELS,
        kind_words=kind_words,
        field_words=field_words,
        chosen={"deed": chosen, "kind": kind, **_numbers()},
        names=user_names({entry.user_id for entry in entries if entry.user_id}),
    )


def _numbers() -> dict[str, str]:
    return {name: request.args.get(name, "")[:12] for name in ("record", "user")}


def user_names(ids: set[int]) -> dict[int, str]:
    """Names of staff for the ids of a page; read by table because accounts lie above this."""
    users = sa.table("users", sa.column("id"), sa.column("name"))
    rows = db.session.execute(sa.select(users.c.id, users.c.name).where(users.c.id.in_(ids)))
    return {row.id: row.name for row in rows}
