"""The source documents' own tables, apart from everything that is counted here."""

from flask import Response, render_template, url_for
from flask_babel import gettext as _

from app.answers import Answer, csv_answer, pdf_answer
from app.db import today
from app.policy import Action, requires
from app.printing import render_pdf
from app.reports.blueprint import bp
from app.reports.papers import source_paper
from app.reports.sources import SOURCE, source_tables
from app.reports.views import CSV_HEAD, csv_rows, drawn
from app.reports.workbook import EXCEL, as_excel


@bp.get("/reports/sources")
@requires(Action.REPORT_READ)
def source_page() -> Answer:
    """The documents' figures with their pictures."""
    return render_template(
        "reports/sources.html",
        about=SOURCE,
        drawn=drawn(source_tables()),
        excel_url=url_for("reports.source_excel"),
        print_url=url_for("reports.source_pdf"),
        csv_url=url_for("reports.source_csv"),
    )


@bp.get("/reports/sources.csv")
@requires(Action.REPORT_READ)
def source_csv() -> Answer:
    return csv_answer("sources", CSV_HEAD, csv_rows(source_tables()), today=today())


@bp.get("/reports/sources.xlsx")
@requires(Action.REPORT_READ)
def source_excel() -> Answer:
    file = as_excel(source_tables(), heading=_("もとの資料"), about=[SOURCE])
    response = Response(file, content_type=EXCEL)
    response.headers["Content-Disposition"] = 'attachment; filename="sources.xlsx"'
    return response


@bp.get("/reports/sources.pdf")
@requires(Action.REPORT_READ)
def source_pdf() -> Answer:
    data = source_paper(source_tables(), about=SOURCE, today=today())
    return pdf_answer("sources", render_pdf("report", data))
