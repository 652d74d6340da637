"""What one viewer reads: live and exact – a fiscal year, a quarter, a month –, or the last kept
report of a year.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from app.errors import ForbiddenError, NotFoundError
from app.japanese import fiscal_year
from app.policy import Viewer
from app.reports import queries, services
from app.reports.codes import SNAPSHOT_LABELS
from app.reports.figures import arrivals
from app.reports.figures.counting import Office
from app.reports.models import ReportSnapshot
from app.reports.periods import Period, period_of
from app.reports.sections import SECTIONS, Section, section_named
from app.reports.services import Part
from app.reports.tables import FigureTable
from app.wording import day


@dataclass(frozen=True)
class Reading:
    """A report as it is drawn. `snapshot` is None for live figures; `parts` may be empty."""

    office: Office
    offices: Sequence[Office]
    period: Period
    exact: bool
    parts: Sequence[Part]
    snapshot: ReportSnapshot | None = None

    @property
    def tables(self) -> list[FigureTable]:
        return [table for part in self.parts for table in part.tables]

    @property
    def untold(self) -> list[str]:
        """The titles of tables of which no number but noughts is left to tell."""
        return [table.title for table in self.tables if table.untold]

    @property
    def state(self) -> str:
        """「確定　2026年4月30日まで」; live figures are 「いまの数」."""
        until = f"{day(self.period.last)}まで"
        if self.snapshot is None:
            return f"いまの数　{until}"
        return f"{SNAPSHOT_LABELS[self.snapshot.kind]}　{until}"

    @property
    def heading(self) -> str:
        return f"{self.period.label}　{self.state}"

    def part(self, key: str) -> Part:
        """One part. Raises NotFoundError."""
        found = next((part for part in self.parts if part.key == key), None)
        if found is None:
            raise NotFoundError(NO_PART)
        return found


def office_for(session: Session, viewer: Viewer, wanted: int | None) -> tuple[Office, list[Office]]:
    """The office asked for, or the first. Raises ForbiddenError where there is none to read."""
    offices = queries.offices_of(session, viewer)
    if not offices:
        raise ForbiddenError("数字を読める組織がありません。組織の管理者に相談してください。")
    chosen = next((office for office in offices if office.id == wanted), None)
    if chosen is None and wanted is not None:
        raise NotFoundError("この組織の数字は見つかりません。")
    return chosen or offices[0], offices


def office_to_keep(session: Session, viewer: Viewer, wanted: int | None) -> Office:
    """The office whose report is to be kept. Raises as `office_for`, and where others keep it."""
    office, _offices = office_for(session, viewer, wanted)
    if not queries.keeps(viewer, office):
        raise ForbiddenError("この組織の数字を残せるのは、その組織の相談員と管理者です。")
    return office


NO_PART = "この数字の部分は見つかりません。一覧から選んでください。"
ONLY_YEARS = (
    "月や四半期の数字は、相談を担当する方だけが開けます。年度を選ぶと、残した数字を読めます。"
)


def read(
    session: Session,
    viewer: Viewer,
    *,
    year: int,
    today: date,
    office_id: int | None = None,
    of: str = "",
    parts: Sequence[str] = (),
    build: bool = True,
    most: int | None = None,
) -> Reading:
    """A fiscal year, or the month or quarter `of` it, for a viewer; `parts` builds those alone,
    `most` so many tables of each, and without `build` no live figure is worked out.

    A month is told to whoever reads exact figures and to nobody else: small numbers that a year
    hides could be worked out from its months.

    Raises InvalidError for what has not begun, NotFoundError for a part there is not,
    ForbiddenError for a month asked for by others.
    """
    office, offices = office_for(session, viewer, office_id)
    period = period_of(year, today=today, of=of)
    sections = _sections(parts)
    if not queries.reads_exact(viewer, office):
        if period.span is not None:
            raise ForbiddenError(ONLY_YEARS)
        snapshot = queries.newest_snapshot(session, office, year=year)
        if snapshot is None:
            return Reading(office, offices, period, exact=False, parts=[])
        whole = _of(snapshot, office, offices, exact=False)
        return replace(whole, parts=[one for one in whole.parts if not parts or one.key in parts])
    wanted = sections if build else ()
    found = services.live(session, office, period, sections=wanted, most=most)
    return Reading(office, offices, period, exact=True, parts=found)


def _sections(parts: Sequence[str]) -> Sequence[Section]:
    """The sections asked for, in the report's order. Raises NotFoundError."""
    if any(section_named(key) is None for key in parts):
        raise NotFoundError(NO_PART)
    return [section for section in SECTIONS if not parts or section.key in parts]


def read_kept(session: Session, viewer: Viewer, snapshot_id: int) -> Reading:
    """A kept report. Raises NotFoundError for another office's as for one that is not there."""
    snapshot = session.get(ReportSnapshot, snapshot_id)
    offices = queries.offices_of(session, viewer)
    office = next((one for one in offices if snapshot and one.id == snapshot.organisation_id), None)
    if snapshot is None or office is None:
        raise NotFoundError("この報告は見つかりません。一覧から選んでください。")
    return _of(snapshot, office, offices, exact=queries.reads_exact(viewer, office))


def _of(
    snapshot: ReportSnapshot, office: Office, offices: Sequence[Office], *, exact: bool
) -> Reading:
    period = Period(snapshot.year, snapshot.as_of)
    if exact:
        return Reading(office, offices, period, exact, services.kept(snapshot.exact), snapshot)
    parts = [
        replace(part, tables=[_outside(table) for table in part.tables])
        for part in services.kept(snapshot.public)
    ]
    return Reading(office, offices, period, exact, parts, snapshot)


def _outside(table: FigureTable) -> FigureTable:
    return arrivals.without_small_names(table) if table.key == "routes" else table


def defined(session: Session, today: date) -> list[Part]:
    """Every part with its tables and no number in them, not even of what belongs to no office, as
    vacant homes: what each figure means.
    """
    nobody = Office(0, "", "")
    parts = services.live(session, nobody, period_of(fiscal_year(today), today=today))
    return [replace(part, tables=[_emptied(table) for table in part.tables]) for part in parts]


def _emptied(table: FigureTable) -> FigureTable:
    width = len(table.columns)
    return replace(table, rows=tuple(replace(row, values=(None,) * width) for row in table.rows))
