"""The council's sheet: a page to look it over, and A4 to hand out."""

from flask import render_template, url_for

from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.db import db, today
from app.errors import NotFoundError
from app.policy import Action, requires
from app.printing import render_pdf
from app.reports import queries
from app.reports.asking import asked_office
from app.reports.blueprint import bp
from app.reports.council import council_sheet
from app.reports.papers import drawn as drawn_tables
from app.reports.periods import period_of
from app.reports.reading import office_for
from app.reports.views import drawn
from app.security import saw, the_viewer
from app.wording import day


@bp.get("/reports/<int:year>/council")
@requires(Action.REPORT_READ)
def council_page(year: int) -> Answer:
    """What the sheet says; nothing where no report was kept."""
    period = period_of(year, today=today())
    office, _offices = office_for(db.session, the_viewer(), asked_office())
    sheet = council_sheet(db.session, office, year=year)
    saw(Deed.VIEWED, "report", office.id, fields=("council",))
    return render_template(
        "reports/council.html",
        sheet=sheet,
        title=period.label,
        drawn=drawn(sheet.tables) if sheet else [],
        print_url=url_for("reports.council_pdf", year=year, office=asked_office()),
        back_url=url_for("reports.year_page", year=year, office=asked_office()),
        keeps=queries.keeps(the_viewer(), office),
        keep_url=url_for("reports.year_page", year=year, office=asked_office(), _anchor="keep"),
    )


@bp.get("/reports/<int:year>/council.pdf")
@requires(Action.REPORT_READ)
def council_pdf(year: int) -> Answer:
    """A4 for the meeting."""
    period = period_of(year, today=today())
    office, _offices = office_for(db.session, the_viewer(), asked_office())
    sheet = council_sheet(db.session, office, year=year)
    if sheet is None:
        raise NotFoundError("この年度の数字がまだ残されていないため、紙を作れません。")
    saw(Deed.PRINTED, "report", office.id, fields=("council",))
    data = {
        "sheet": {
            "title": f"居住支援協議会の資料（{period.label}）",
            "organisation": office.name,
            "made_on": day(today()),
        },
        "state": sheet.state,
        "tables": drawn_tables(sheet.tables),
        "notes": list(sheet.notes),
        "questions": list(sheet.questions),
        "homes": sheet.looked_for,
        "things": [
            "　".join(part for part in (one["kind"], one["count"], one["by"]) if part)
            for one in sheet.things
        ],
    }
    return pdf_answer(f"council-{year}", render_pdf("council", data))
