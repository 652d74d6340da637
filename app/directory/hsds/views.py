"""Pages: the directory as a file, handing one in, what it would do, and what it did."""

from collections import Counter
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.db import db, now, today
from app.directory import queries
from app.directory.access import kinds_kept, kinds_seen
from app.directory.blueprint import bp, list_crumb
from app.directory.hsds import taking
from app.directory.hsds.models import (
    EXCHANGE_STATE_LABELS,
    ROW_OUTCOME_LABELS,
    ExchangeState,
    PartnerImport,
    RowOutcome,
)
from app.directory.hsds.writing import hsds_zip
from app.directory.models import PARTNER_KIND_LABELS, PartnerKind
from app.directory.schemas import schema_of
from app.errors import InvalidError, TooLargeError
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import saw, the_viewer
from app.uploads import uploaded_file

TAGS = {"new": "good", "changed": "info", "same": "", "unreadable": "bad"}
SHOWN = 300


@bp.get("/partners/hsds.zip")
@requires(Action.DIRECTORY_READ)
def hsds_file() -> Response:
    viewer = the_viewer()
    partners = queries.whole_partners(db.session, kinds_seen(viewer))
    saw(Deed.EXPORTED, "partner", None)
    response = Response(hsds_zip(partners, viewer), content_type="application/zip")
    name = f"hsds-{today()}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/partners/exchange")
@requires(Action.DIRECTORY_EDIT)
def exchange_page() -> Answer:
    return _exchange([])


def _exchange(errors: list[tuple[str | None, str]]) -> str:
    viewer = the_viewer()
    return render_template(
        "directory/exchange.html",
        breadcrumbs=list_crumb(),
        errors=errors,
        kinds=[PARTNER_KIND_LABELS[kind] for kind in kinds_kept(viewer)],
        imports=[_summary(one) for one in taking.imports_of(db.session, viewer)],
    )


def _summary(kept: PartnerImport) -> dict[str, Any]:
    counts = Counter(row["outcome"] for row in kept.rows)
    return {
        "kept": kept,
        "url": url_for("directory.exchange_preview", import_id=kept.id),
        "state": EXCHANGE_STATE_LABELS[kept.state],
        "waits": kept.state is ExchangeState.PREVIEW,
        "counts": {outcome.value: counts[outcome.value] for outcome in RowOutcome},
    }


@bp.post("/partners/exchange")
@requires(Action.DIRECTORY_EDIT)
@creates
def upload_partners() -> Answer:
    try:
        content, name = uploaded_file()
        kept = taking.keep_file(db.session, content=content, file_name=name, viewer=the_viewer())
    except (InvalidError, TooLargeError) as error:
        db.session.rollback()
        messages = error.fields.get("file") or [error.message]
        return _exchange([("file", message) for message in messages]), error.status
    return committed(redirect(url_for("directory.exchange_preview", import_id=kept.id), 303))


@bp.get("/partners/exchange/<int:import_id>")
@requires(Action.DIRECTORY_EDIT)
def exchange_preview(import_id: int) -> Answer:
    return _preview(taking.get_import(db.session, import_id, the_viewer()))


def _preview(kept: PartnerImport, *, moved_on: bool = False) -> str:
    order = [RowOutcome.UNREADABLE, RowOutcome.CHANGED, RowOutcome.NEW, RowOutcome.SAME]
    rows = sorted(kept.rows, key=lambda row: (order.index(RowOutcome(row["outcome"])), row["line"]))
    return render_template(
        "directory/exchange_preview.html",
        breadcrumbs=[
            *list_crumb(),
            (_("ファイル"), url_for("directory.exchange_page")),
        ],
        one=_summary(kept),
        rows=[_drawn(row) for row in rows[:SHOWN]],
        left=max(0, len(rows) - SHOWN),
        labels=ROW_OUTCOME_LABELS,
        moved_on=moved_on,
    )


def _drawn(row: dict[str, Any]) -> dict[str, Any]:
    """A row in words: what would change by the labels of the form."""
    fields = schema_of(PartnerKind.GUARANTOR_COMPANY).fields
    changed = [
        {**one, "label": str(fields[one["name"]].metadata.get("label"))}
        for one in row["changed"]
        if one["name"] in fields
    ]
    outcome = RowOutcome(row["outcome"])
    return {**row, "changed": changed, "tag": (ROW_OUTCOME_LABELS[outcome], TAGS[outcome.value])}


@bp.post("/partners/exchange/<int:import_id>/take")
@requires(Action.DIRECTORY_EDIT)
@creates
def take_partners_in(import_id: int) -> Answer:
    kept = taking.get_import(db.session, import_id, the_viewer())
    if not taking.take_in(db.session, kept=kept, viewer=the_viewer(), at=now()):
        return committed(_preview(kept, moved_on=True), 409)
    flash(_("取り込みました。行ごとの結果は下のとおりです。"))
    return committed(redirect(url_for("directory.exchange_preview", import_id=kept.id), 303))


@bp.post("/partners/exchange/<int:import_id>/drop")
@requires(Action.DIRECTORY_EDIT)
def drop_partners(import_id: int) -> Answer:
    kept = taking.get_import(db.session, import_id, the_viewer())
    taking.drop(db.session, kept=kept, at=now())
    flash(_("取り込まないことにしました。つなぎ先は変わっていません。"))
    return committed(redirect(url_for("directory.exchange_page"), 303))
