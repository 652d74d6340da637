"""The list behind a row of figures."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.listing import PER_PAGE, CaseRow, rows_of
from app.cases.models import STAGE_LABELS
from app.cases.records import case_title
from app.db import db, today
from app.policy import Action, requires
from app.reports.asking import asked as address_asked
from app.reports.asking import asked_office
from app.reports.blueprint import bp
from app.reports.drill import ASKS, BESIDE, behind
from app.reports.periods import period_of
from app.reports.reading import office_for
from app.security import saw, the_viewer

LONGEST = 200
FIELDS = ("number", "code_name", "name", "alias", "stage", "received_on")


@bp.get("/reports/<int:year>/cases")
@requires(Action.REPORT_READ)
def cases_page(year: int) -> Answer:
    """The consultations one row counted, fifty at a time."""
    viewer, day = the_viewer(), today()
    office, _offices = office_for(db.session, viewer, asked_office())
    address = address_asked()
    period = period_of(year, today=day, of=address.of)
    asked = _asked()
    found = behind(db.session, viewer, office, period, asked, today=day)
    page = max(min(request.args.get("page", 1, type=int), 1 + found.count // PER_PAGE), 1)
    start = (page - 1) * PER_PAGE
    rows = rows_of(db.session, found.listed, viewer, today=day, limit=PER_PAGE, offset=start)
    saw(Deed.VIEWED, "report", office.id, fields=("exact",))
    for row in rows:
        saw(Deed.LISTED, "case", row.shown.id, fields=FIELDS)

    def at(number: int) -> str:
        return address.url("reports.cases_page", year=year, page=number, **asked)

    return render_template(
        "reports/cases.html",
        period=period.year_so_far if "month" in asked else period,
        office=office,
        found=found,
        rows=[_row(row) for row in rows],
        first=start + 1,
        last=start + len(rows),
        previous_url=at(page - 1) if page > 1 else None,
        next_url=at(page + 1) if start + len(rows) < found.count else None,
        back_url=address.url("reports.year_page", year=year),
    )


def _asked() -> dict[str, Any]:
    """What the address asks for, and nothing else: it goes into the links to further pages. A
    control sign is part of no name, and PostgreSQL refuses NUL.
    """
    return {
        key: "".join(sign for sign in value[:LONGEST] if sign.isprintable())
        for key, value in request.args.items()
        if key in ASKS or key in BESIDE
    }


def _row(row: CaseRow) -> dict[str, Any]:
    return {
        "shown": row.shown,
        "title": case_title(row.shown),
        "stage": STAGE_LABELS[row.shown.stage],
        "team": "、".join(row.team) or _("まだいません"),
        "url": url_for("cases.case_page", case_id=row.shown.id),
    }
