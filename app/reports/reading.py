"""What one viewer reads of one fiscal year: live and exact, or the last kept report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.errors import ForbiddenError, NotFoundError
from app.japanese import fiscal_year
from app.policy import Viewer
from app.reports import queries, services
from app.reports.codes import SNAPSHOT_LABELS
from app.reports.figures.counting import Office
from app.reports.models import ReportSnapshot
from app.reports.periods import Period, period_of
from app.reports.sections import SECTIONS, section_named
from app.reports.services import Part
from app.reports.tables import HIDDEN, FigureTable
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
        return [
            table.title
            for table in self.tables
            if HIDDEN in (values := [value for row in table.rows for value in row.values])
            and not any(isinstance(value, int | float) and value for value in values)
        ]

    @property
    def state(self) -> str:
        """「確定　2026年4月30日まで」; live figures are 「いまの数」."""
        until = f"{day(self.period.as_of)}まで"
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
            raise NotFoundError("この数字の部分は見つかりません。一覧から選んでください。")
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


def read(
    session: Session,
    viewer: Viewer,
    *,
    year: int,
    today: date,
    office_id: int | None = None,
    only: str | None = None,
    most: int | None = None,
) -> Reading:
    """A fiscal year for a viewer; `only` builds one part of it, `most` so many tables of each.

    Raises InvalidError for a year that has not begun, NotFoundError for a part there is not.
    """
    office, offices = office_for(session, viewer, office_id)
    period = period_of(year, today=today)
    if not queries.reads_exact(viewer, office):
        snapshot = queries.newest_snapshot(session, office, year=year)
        if snapshot is None:
            return Reading(office, offices, period, exact=False, parts=[])
        return _of(snapshot, office, offices, exact=False)
    sections = SECTIONS
    if only is not None:
        section = section_named(only)
        if section is None:
            raise NotFoundError("この数字の部分は見つかりません。一覧から選んでください。")
        sections = (section,)
    parts = services.live(session, office, period, sections=sections, most=most)
    return Reading(office, offices, period, exact=True, parts=parts)


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
    content = snapshot.exact if exact else snapshot.public
    period = Period(snapshot.year, snapshot.as_of)
    return Reading(office, offices, period, exact, services.kept(content), snapshot)


def defined(session: Session, today: date) -> list[Part]:
    """Every part with its tables and nobody counted in them: what each figure means."""
    nobody = Office(0, "", "")
    return services.live(session, nobody, period_of(fiscal_year(today), today=today))
