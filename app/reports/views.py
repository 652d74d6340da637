"""The year's figures: an overview, one part at a time, and all of it as Excel, CSV and A4."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, render_template, request, url_for

from app.answers import Answer, csv_answer, pdf_answer
from app.audit.models import Deed
from app.db import db, today
from app.forms import Form
from app.japanese import fiscal_year
from app.policy import Action, requires
from app.printing import render_pdf
from app.reports import queries
from app.reports.blueprint import bp
from app.reports.charts import picture_of
from app.reports.codes import SNAPSHOT_LABELS
from app.reports.figures.counting import first_day
from app.reports.papers import paper
from app.reports.periods import years_to_choose
from app.reports.reading import Reading, defined, read
from app.reports.schemas import SnapshotSchema
from app.reports.tables import FigureTable, text_rows
from app.reports.workbook import EXCEL, as_excel
from app.security import saw, the_viewer
from app.wording import day


def asked_office() -> int | None:
    """The organisation in the address."""
    return request.args.get("office", type=int)


@bp.get("/reports")
@requires(Action.REPORT_READ)
def this_year() -> Answer:
    """This fiscal year's figures."""
    return overview(fiscal_year(today()))


@bp.get("/reports/<int:year>")
@requires(Action.REPORT_READ)
def year_page(year: int) -> Answer:
    return overview(year)


def overview(year: int, form: Form | None = None) -> str:
    """The parts with their first table, what is kept of the year, and the form to keep it now."""
    reading = _read(year, Deed.VIEWED, most=1)
    first = first_day(db.session, reading.office)
    return render_template(
        "reports/overview.html",
        **frame_of(reading),
        years=years_to_choose(today(), earliest=first.year if first else today().year),
        parts=[(part, drawn(part.tables[:1]), _at(reading, part.key)) for part in reading.parts],
        kinds=SNAPSHOT_LABELS,
        snapshots=queries.snapshots_of(db.session, reading.office, year=year),
        form=form or Form(SnapshotSchema(), initial={"as_of": reading.period.last}),
    )


def _read(year: int, deed: Deed, *, only: str | None = None, most: int | None = None) -> Reading:
    reading = read(
        db.session,
        the_viewer(),
        year=year,
        today=today(),
        office_id=asked_office(),
        only=only,
        most=most,
    )
    saw(deed, "report", reading.office.id, fields=("exact",) if reading.exact else ("public",))
    return reading


def _at(reading: Reading, key: str) -> str:
    return url_for("reports.section_page", year=reading.period.year, key=key, office=asked_office())


def frame_of(reading: Reading) -> dict[str, Any]:
    """What every page of a report shows round its tables."""
    year, office = reading.period.year, asked_office()
    return {
        "reading": reading,
        "offices": [
            (one, url_for("reports.year_page", year=year, office=one.id)) for one in reading.offices
        ],
        "excel_url": url_for("reports.year_excel", year=year, office=office),
        "print_url": url_for("reports.year_pdf", year=year, office=office),
    }


def drawn(
    tables: list[FigureTable] | Any, links: Callable[[Mapping[str, str]], str] | None = None
) -> list[dict[str, Any]]:
    """Tables in words with their pictures, as the template takes them; `links` leads from what a
    row asks for to its list.
    """
    return [
        {
            "table": table,
            "rows": list(zip(table.rows, text_rows(table), strict=True)),
            "picture": picture_of(table),
            "links": {
                r.key: links(r.asks) for r in table.rows if links and r.asks and any(r.values)
            },
        }
        for table in tables
    ]


def _lists(reading: Reading) -> Callable[[Mapping[str, str]], str] | None:
    """Where the lists behind rows are, for whoever reads live and exact figures."""
    if not reading.exact or reading.snapshot is not None:
        return None
    year, office = reading.period.year, asked_office()
    return lambda asks: url_for(
        "reports.cases_page", year=year, office=office, **dict[str, Any](asks)
    )


@bp.get("/reports/definitions")
@requires(Action.REPORT_READ)
def definitions_page() -> Answer:
    """How every figure is counted, on one page."""
    return render_template("reports/definitions.html", parts=defined(db.session, today()))


@bp.get("/reports/<int:year>/<key>")
@requires(Action.REPORT_READ)
def section_page(year: int, key: str) -> Answer:
    """One part with all its tables, their pictures and how it is counted."""
    reading = _read(year, Deed.VIEWED, only=key)
    part = reading.part(key)
    return render_template(
        "reports/section.html",
        **frame_of(reading),
        part=part,
        drawn=drawn(part.tables, _lists(reading)),
        csv_url=url_for("reports.section_csv", year=year, key=key, office=asked_office()),
        back_url=url_for("reports.year_page", year=year, office=asked_office()),
    )


@bp.get("/reports/<int:year>/<key>.csv")
@requires(Action.REPORT_READ)
def section_csv(year: int, key: str) -> Answer:
    """One part's tables below each other, each with its name in front."""
    reading = _read(year, Deed.EXPORTED, only=key)
    tables = reading.part(key).tables
    return csv_answer(f"{key}-{year}", CSV_HEAD, csv_rows(tables), today=today())


CSV_HEAD = ("表", "行", "列", "単位", "数")


def csv_rows(tables: Any) -> list[list[Any]]:
    """One cell a line: what programs read without knowing the table's shape."""
    return [
        [table.title, row.label, column.label, table.row_unit(row, column)[0].value, value]
        for table in tables
        for row in table.rows
        for column, value in zip(table.columns, row.values, strict=True)
    ]


@bp.get("/reports/<int:year>.xlsx")
@requires(Action.REPORT_READ)
def year_excel(year: int) -> Answer:
    """Every table of the year, a sheet each."""
    return excel_answer(_read(year, Deed.EXPORTED))


def excel_answer(reading: Reading) -> Response:
    """A report as a file; the name says the year and the day, never the office's cases."""
    about = [reading.office.name, f"作成日：{day(today())}"]
    response = Response(
        as_excel(reading.tables, heading=reading.heading, about=about), content_type=EXCEL
    )
    name = f"report-{reading.period.year}-{reading.period.as_of}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/reports/<int:year>.pdf")
@requires(Action.REPORT_READ)
def year_pdf(year: int) -> Answer:
    """The year so far on A4."""
    reading = _read(year, Deed.PRINTED)
    name = f"report-{year}-{reading.period.as_of}"
    return pdf_answer(name, render_pdf("report", paper(reading, today=today())))
