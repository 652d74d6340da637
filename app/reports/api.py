"""Figures in the JSON API: what there is to read, a part with its tables, definitions, kept reports
and populations. Whoever reads kept reports on the pages reads nothing else here.
"""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, url_for

from app.api import Blueprint
from app.audit.models import Deed
from app.db import db, today
from app.errors import NotFoundError
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.reports import queries, services
from app.reports.codes import SnapshotKind
from app.reports.figures.counting import first_day
from app.reports.models import Population, ReportSnapshot
from app.reports.periods import period_until, years_to_choose
from app.reports.reading import Reading, defined, office_for, office_to_keep, read, read_kept
from app.reports.schemas import (
    AskedOfficeSchema,
    AskedPartSchema,
    AskedSnapshotsSchema,
    FigurePartSchema,
    PopulationAnswerSchema,
    PopulationSchema,
    ReportPartAnswerSchema,
    ReportsAnswerSchema,
    SnapshotAnswerSchema,
    SnapshotLineSchema,
    SnapshotSchema,
)
from app.reports.sections import SECTIONS
from app.reports.services import Part
from app.reports.tables import as_json
from app.security import saw, the_viewer

bp = Blueprint("reports_api", __name__, url_prefix="/api/v1", description="数字")
NOTHING_KEPT = "この年度の数字は、まだ残されていません。"


@bp.get("/reports")
@bp.arguments(AskedOfficeSchema, location="query")
@bp.response(200, ReportsAnswerSchema)
@requires(Action.REPORT_READ)
def reports(asked: Mapping[str, Any]) -> Any:
    """The offices you may read, the fiscal years of one of them, and the parts of a report.

    `exact` says whether you read live figures, months and quarters, or kept reports alone.
    """
    viewer = the_viewer()
    office, offices = office_for(db.session, viewer, asked["office"])
    first = first_day(db.session, office)
    years = years_to_choose(today(), earliest=first.year if first else today().year)
    return {
        "offices": [
            {"id": one.id, "name": one.name, "exact": queries.reads_exact(viewer, one)}
            for one in offices
        ],
        "office": office.id,
        "years": [year for year, _label in years],
        "parts": [{"key": one.key, "title": one.title, "lead": one.lead} for one in SECTIONS],
    }


@bp.get("/reports/definitions")
@bp.response(200, FigurePartSchema(many=True))
@requires(Action.REPORT_READ)
def definitions() -> Any:
    """How every figure is counted: the parts with their tables, no number in them."""
    return [_part(part) for part in defined(db.session, today())]


@bp.get("/reports/<int:year>/<key>")
@bp.arguments(AskedPartSchema, location="query")
@bp.response(200, ReportPartAnswerSchema)
@requires(Action.REPORT_READ)
def report_part(asked: Mapping[str, Any], year: int, key: str) -> Any:
    """One part of a fiscal year, or of the month (2026-10) or quarter (2026-Q3) `of` it.

    403 for a month where you read kept reports alone.
    """
    reading = read(
        db.session,
        the_viewer(),
        year=year,
        today=today(),
        office_id=asked["office"],
        of=asked["of"],
        parts=(key,),
    )
    if not reading.parts and not reading.exact and reading.snapshot is None:
        raise NotFoundError(NOTHING_KEPT)
    part = reading.part(key)
    saw(Deed.EXPORTED, "report", reading.office.id, fields=(_depth(reading),))
    return {**_about(reading), "part": _part(part)}


def _depth(reading: Reading) -> str:
    return "exact" if reading.exact else "public"


def _about(reading: Reading) -> dict[str, Any]:
    period = reading.period
    return {
        "office": reading.office.id,
        "year": period.year,
        "of": period.code,
        "label": period.label,
        "first": period.first,
        "last": period.last,
        "exact": reading.exact,
        "snapshot": reading.snapshot.id if reading.snapshot else None,
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "key": part.key,
        "title": part.title,
        "lead": part.lead,
        "tables": [as_json(table) for table in part.tables],
    }


# ---------------------------------------------------------------------------------- kept reports


@bp.get("/report-snapshots")
@bp.arguments(AskedSnapshotsSchema, location="query")
@bp.response(200, SnapshotLineSchema(many=True))
@requires(Action.REPORT_READ)
def snapshots(asked: Mapping[str, Any]) -> Any:
    """An office's kept reports, the newest day first; without `year` of all years."""
    office, _offices = office_for(db.session, the_viewer(), asked["office"])
    found = queries.snapshots_of(db.session, office, year=asked["year"])
    return [_line(snapshot) for snapshot, _name in found]


def _line(snapshot: ReportSnapshot) -> dict[str, Any]:
    names = ("id", "year", "as_of", "kind", "reason", "digest", "created_at")
    return {
        "organisation": snapshot.organisation_id,
        "office": snapshot.office,
        **{name: getattr(snapshot, name) for name in names},
    }


@bp.get("/report-snapshots/<int:snapshot_id>")
@bp.response(200, SnapshotAnswerSchema)
@requires(Action.REPORT_READ)
def snapshot(snapshot_id: int) -> Any:
    """A kept report with all its tables, as much as you may read of it."""
    reading = read_kept(db.session, the_viewer(), snapshot_id)
    saw(Deed.EXPORTED, "report_snapshot", snapshot_id, fields=(_depth(reading),))
    return _kept(reading)


def _kept(reading: Reading) -> dict[str, Any]:
    line = _line(reading.snapshot) if reading.snapshot else {}
    parts = [_part(part) for part in reading.parts]
    return {**line, "exact": reading.exact, "parts": parts}


@bp.post("/report-snapshots")
@bp.arguments(AskedOfficeSchema, location="query")
@bp.arguments(SnapshotSchema)
@bp.alt_response(201, schema=SnapshotLineSchema, success=True)
@requires(Action.REPORT_KEEP)
@creates
def keep_report(asked: Mapping[str, Any], data: Mapping[str, Any]) -> Response:
    """Keep the report of a fiscal year as it is on a day. Nothing changes it afterwards."""
    viewer = the_viewer()
    office = office_to_keep(db.session, viewer, asked["office"])
    made = services.keep(
        db.session,
        office=office,
        period=period_until(data["as_of"], today=today()),
        kind=SnapshotKind(data["kind"]),
        reason=data["reason"],
        user_id=viewer.user_id,
    )
    answer = jsonify(SnapshotLineSchema().dump(_line(made)))
    answer.headers["Location"] = url_for("reports_api.snapshot", snapshot_id=made.id)
    return committed(answer, 201)


# ----------------------------------------------------------------------------------- populations


@bp.get("/populations")
@bp.response(200, PopulationAnswerSchema(many=True))
@requires(Action.REPORT_READ)
def populations() -> Any:
    """Every population on its day with its source, by municipality, the newest first."""
    return [_population(one) for one, _name in queries.populations(db.session)]


def _population(one: Population) -> dict[str, Any]:
    return {name: getattr(one, name) for name in PopulationAnswerSchema().fields}


@bp.post("/populations")
@bp.arguments(PopulationSchema)
@bp.alt_response(201, schema=PopulationAnswerSchema, success=True)
@requires(Action.MASTER_EDIT)
@creates
def add_population(data: Mapping[str, Any]) -> Response:
    """A town's population on a day; numbers that are there stay."""
    made = services.add_population(
        db.session, user_id=the_viewer().user_id, today=today(), **dict(data)
    )
    return committed(jsonify(PopulationAnswerSchema().dump(_population(made))), 201)
