"""Kept reports: made once, read and printed as they were."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.db import db, today
from app.errors import DomainError
from app.forms import Form
from app.idempotency import committed, creates
from app.japanese import fiscal_year
from app.policy import Action, requires
from app.printing import render_pdf
from app.reports import services
from app.reports.asking import asked_office
from app.reports.blueprint import bp
from app.reports.papers import paper
from app.reports.periods import period_until
from app.reports.reading import Reading, office_to_keep, read_kept
from app.reports.schemas import SnapshotSchema
from app.reports.views import drawn, excel_answer, overview
from app.security import saw, the_viewer


@bp.post("/reports/kept")
@requires(Action.REPORT_KEEP)
@creates
def keep_report() -> Answer:
    form = Form(SnapshotSchema(), typed=request.form)
    office = office_to_keep(db.session, the_viewer(), asked_office())
    if not form.load():
        return overview(fiscal_year(today()), form), 422
    try:
        snapshot = services.keep(
            db.session,
            office=office,
            period=period_until(form.data["as_of"], today=today()),
            kind=form.data["kind"],
            reason=form.data["reason"],
            user_id=current_user.id,
        )
    except DomainError as error:
        db.session.rollback()
        form.refuse(error.fields or {"kind": [error.message]})
        return overview(fiscal_year(today()), form), error.status
    flash(_("いまの数字を残しました。あとから変わることはありません。"))
    return committed(redirect(url_for("reports.kept_page", snapshot_id=snapshot.id), 303))


def _read(snapshot_id: int, deed: Deed) -> Reading:
    reading = read_kept(db.session, the_viewer(), snapshot_id)
    saw(deed, "report_snapshot", snapshot_id, fields=("exact" if reading.exact else "public",))
    return reading


@bp.get("/reports/kept/<int:snapshot_id>")
@requires(Action.REPORT_READ)
def kept_page(snapshot_id: int) -> Answer:
    """All of a kept report on one page."""
    reading = _read(snapshot_id, Deed.VIEWED)
    return render_template(
        "reports/kept.html",
        reading=reading,
        parts=[(part, drawn(part.tables)) for part in reading.parts],
        excel_url=url_for("reports.kept_excel", snapshot_id=snapshot_id),
        print_url=url_for("reports.kept_pdf", snapshot_id=snapshot_id),
        back_url=url_for("reports.year_page", year=reading.period.year, office=reading.office.id),
    )


@bp.get("/reports/kept/<int:snapshot_id>.xlsx")
@requires(Action.REPORT_READ)
def kept_excel(snapshot_id: int) -> Answer:
    return excel_answer(_read(snapshot_id, Deed.EXPORTED))


@bp.get("/reports/kept/<int:snapshot_id>.pdf")
@requires(Action.REPORT_READ)
def kept_pdf(snapshot_id: int) -> Answer:
    reading = _read(snapshot_id, Deed.PRINTED)
    return pdf_answer(f"report-{snapshot_id}", render_pdf("report", paper(reading, today=today())))
