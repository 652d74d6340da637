"""A year's, quarter's or month's figures: an overview, one part at a time, Excel, CSV and A4."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, render_template

from app.answers import Answer, csv_answer, pdf_answer
from app.audit.models import Deed
from app.db import db, today
from app.forms import Form
from app.japanese import fiscal_year
from app.policy import Action, requires
from app.printing import render_pdf
from app.reports import queries
from app.reports.asking import Asked, asked
from app.reports.blueprint import bp
from app.reports.brief import brief
from app.reports.charts import picture_of, small_picture_of
from app.reports.codes import SNAPSHOT_LABELS
from app.reports.figures.counting import first_day
from app.reports.models import ReportView
from app.reports.papers import brief_paper, paper
from app.reports.periods import span_named, spans_begun, years_to_choose
from app.reports.reading import Reading, defined, read
from app.reports.saved.addresses import address_of
from app.reports.saved.services import views_of
from app.reports.schemas import SnapshotSchema
from app.reports.tables import FigureTable, text_rows
from app.reports.workbook import EXCEL, as_excel
from app.security import saw, the_viewer
from app.wording import day


@bp.get("/reports")
@requires(Action.REPORT_READ)
def this_year() -> Answer:
    """This fiscal year's figures, or the year of the month asked for."""
    of = asked().of
    return overview(span_named(of, today=today()).year if of else fiscal_year(today()))


@bp.get("/reports/<int:year>")
@requires(Action.REPORT_READ)
def year_page(year: int) -> Answer:
    return overview(year)


def overview(year: int, form: Form | None = None) -> str:
    """The parts with their first table, what is kept of the year, and the form to keep it now."""
    asked_for = asked()
    reading = _read(year, Deed.VIEWED, asked_for, most=1)
    first = first_day(db.session, reading.office)
    return render_template(
        "reports/overview.html",
        **frame_of(reading, asked_for),
        years=years_to_choose(today(), earliest=first.year if first else today().year),
        parts=[
            (
                part,
                [(table, *small_picture_of(table)) for table in part.tables[:1]],
                asked_for.url("reports.section_page", year=year, key=part.key),
            )
            for part in reading.parts
        ],
        views=_views(asked_for.with_(office=reading.office.id), year),
        kinds=SNAPSHOT_LABELS,
        keeps=queries.keeps(the_viewer(), reading.office),
        snapshots=queries.snapshots_of(db.session, reading.office, year=year),
        form=form or Form(SnapshotSchema(), initial={"as_of": reading.period.last}),
    )


def _views(shown: Asked, year: int) -> list[tuple[ReportView, bool]]:
    """One's views, each with whether it leads to the page that is shown."""
    here = shown.url("reports.year_page", year=year)
    found = views_of(db.session, the_viewer().user_id)
    return [(view, address_of(view, today()) == here) for view in found]


def _read(
    year: int, deed: Deed, asked_for: Asked, *, build: bool = True, most: int | None = None
) -> Reading:
    reading = read(
        db.session,
        the_viewer(),
        year=year,
        today=today(),
        office_id=asked_for.office,
        of=asked_for.of,
        parts=asked_for.parts,
        build=build,
        most=most,
    )
    saw(deed, "report", reading.office.id, fields=("exact",) if reading.exact else ("public",))
    return reading


def frame_of(reading: Reading, asked_for: Asked) -> dict[str, Any]:
    """What every page of a report shows round its tables."""
    year = reading.period.year
    return {
        "reading": reading,
        "asked": asked_for,
        "spans": spans_begun(year, today=today()) if reading.exact else None,
        "excel_url": asked_for.url("reports.year_excel", year=year),
        "print_url": asked_for.url("reports.year_pdf", year=year),
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


def _lists(reading: Reading, asked_for: Asked) -> Callable[[Mapping[str, str]], str] | None:
    """Where the lists behind rows are, for whoever reads live and exact figures."""
    if not reading.exact or reading.snapshot is not None:
        return None
    year = reading.period.year
    return lambda asks: asked_for.url("reports.cases_page", year=year, **dict[str, Any](asks))


@bp.get("/reports/definitions")
@requires(Action.REPORT_READ)
def definitions_page() -> Answer:
    """How every figure is counted, on one page."""
    return render_template("reports/definitions.html", parts=defined(db.session, today()))


@bp.get("/reports/<int:year>/<key>")
@requires(Action.REPORT_READ)
def section_page(year: int, key: str) -> Answer:
    """One part with all its tables, their pictures and how it is counted."""
    asked_for = asked()
    reading = _read(year, Deed.VIEWED, asked_for.with_(parts=(key,)))
    part = reading.part(key)
    return render_template(
        "reports/section.html",
        **frame_of(reading, asked_for),
        part=part,
        drawn=drawn(part.tables, _lists(reading, asked_for)),
        csv_url=asked_for.url("reports.section_csv", year=year, key=key),
        back_url=asked_for.url("reports.year_page", year=year),
    )


@bp.get("/reports/<int:year>/<key>.csv")
@requires(Action.REPORT_READ)
def section_csv(year: int, key: str) -> Answer:
    """One part's tables below each other, each with its name in front."""
    reading = _read(year, Deed.EXPORTED, asked().with_(parts=(key,)))
    tables = reading.part(key).tables
    return csv_answer(f"{key}-{_named(reading)}", CSV_HEAD, csv_rows(tables), today=today())


def _named(reading: Reading) -> str:
    """The period as names of files have it."""
    return reading.period.code or str(reading.period.year)


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
    """Every table, a sheet each."""
    return excel_answer(_read(year, Deed.EXPORTED, asked()))


def excel_answer(reading: Reading) -> Response:
    """A report as a file; the name says the period and the day, never the office's cases."""
    about = [reading.office.name, f"作成日：{day(today())}"]
    response = Response(
        as_excel(reading.tables, heading=reading.heading, about=about), content_type=EXCEL
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{_file(reading)}.xlsx"'
    return response


@bp.get("/reports/<int:year>.pdf")
@requires(Action.REPORT_READ)
def year_pdf(year: int) -> Answer:
    """The year so far on A4, with all its tables; a month or quarter in short."""
    asked_for = asked()
    if asked_for.of:
        return _brief(year, asked_for)
    reading = _read(year, Deed.PRINTED, asked_for)
    return pdf_answer(_file(reading), render_pdf("report", paper(reading, today=today())))


def _brief(year: int, asked_for: Asked) -> Response:
    reading = _read(year, Deed.PRINTED, asked_for, build=False)
    told = brief(db.session, reading.office, reading.period, parts=asked_for.parts)
    data = brief_paper(reading, told, today=today())
    return pdf_answer(_file(reading), render_pdf("brief", data))


def _file(reading: Reading) -> str:
    return f"report-{_named(reading)}-{reading.period.last}"
