"""The parts of a report in their order. A part is added by one line here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.reports.figures import arrivals, intakes, issues
from app.reports.figures.counting import Office
from app.reports.periods import Period
from app.reports.queries import population_for
from app.reports.tables import FigureTable

Tables = Sequence[FigureTable]


@dataclass(frozen=True)
class Section:
    """One part: its name in addresses, its title, what it answers, and how it is counted."""

    key: str
    title: str
    lead: str
    build: Callable[[Session, Office, Period], Tables]


def _intakes(session: Session, office: Office, period: Period) -> Tables:
    now = intakes.counted(session, office, period)
    before = intakes.counted(session, office, period.before)
    people = population_for(session, office.municipality, year=period.year)
    return [intakes.monthly_table(period, now, before), intakes.rate_table(period, now, people)]


def _arrivals(session: Session, office: Office, period: Period) -> Tables:
    return [arrivals.route_table(period.label, arrivals.counted(session, office, period))]


def _issues(session: Session, office: Office, period: Period) -> Tables:
    found = issues.counted(session, office, period)
    return [
        issues.issue_table(
            period.label, found.listed, assessments=found.assessments, total=found.total
        )
    ]


SECTIONS: tuple[Section, ...] = (
    Section("intakes", "新規相談", "何件の相談を受け付けたか", _intakes),
    Section("routes", "相談経路", "どこから、だれの紹介で来たか", _arrivals),
    Section("issues", "課題", "はじめのアセスメントで何に困っていたか", _issues),
)


def section_named(key: str) -> Section | None:
    """The part with this name in the address."""
    return next((section for section in SECTIONS if section.key == key), None)
