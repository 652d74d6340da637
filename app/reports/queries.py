"""Populations, offices one may report for, and kept reports."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from app.accounts.models import Organisation, User
from app.policy import Role, Viewer
from app.reports.figures.counting import Office
from app.reports.figures.intakes import Population as Counted
from app.reports.models import Population, ReportSnapshot

READERS = (Role.CONSULTANT, Role.ORG_ADMIN, Role.HOUSING)


def population_for(session: Session, municipality: str, *, year: int) -> Counted | None:
    """The newest population known by 1 September of a fiscal year, the last entered of one day.

    One of the middle of the year, not of today: else the rate of a past year would change with
    every new number. None where there is none yet by that day.
    """
    row = session.scalar(
        sa.select(Population)
        .where(Population.municipality == municipality, Population.on_day <= date(year, 9, 1))
        .order_by(Population.on_day.desc(), Population.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    return Counted(row.municipality, row.on_day, row.people, row.source)


def populations(session: Session) -> Sequence[tuple[Population, str | None]]:
    """Every population with who entered it, by municipality, the newest first."""
    rows = session.execute(
        sa.select(Population, User.name)
        .outerjoin(User, User.id == Population.added_by)
        .order_by(Population.municipality, Population.on_day.desc(), Population.id.desc())
    )
    return [(population, name) for population, name in rows]


def offices_of(session: Session, viewer: Viewer) -> list[Office]:
    """The organisations whose figures the viewer may read, consultants' own first."""
    ids = viewer.organisations(*READERS)
    rows = session.scalars(
        sa.select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.id)
    )
    offices = [Office(one.id, one.name, one.municipality) for one in rows]
    own = viewer.organisations(Role.CONSULTANT)
    return sorted(offices, key=lambda office: office.id not in own)


def reads_exact(viewer: Viewer, office: Office) -> bool:
    """Whether small numbers are told: to those who may read the consultations behind them."""
    return office.id in viewer.organisations(Role.CONSULTANT)


def keeps(viewer: Viewer, office: Office) -> bool:
    """Whether the viewer may keep the office's reports: what they may in another does not count."""
    return office.id in viewer.organisations(Role.CONSULTANT, Role.ORG_ADMIN)


def snapshots_of(
    session: Session, office: Office, *, year: int | None = None
) -> Sequence[tuple[ReportSnapshot, str]]:
    """Kept reports without their contents, the newest day first, with who made them."""
    statement = (
        sa.select(ReportSnapshot, User.name)
        .join(User, User.id == ReportSnapshot.made_by)
        .where(ReportSnapshot.organisation_id == office.id)
        .options(defer(ReportSnapshot.exact), defer(ReportSnapshot.public))
        .order_by(ReportSnapshot.as_of.desc(), ReportSnapshot.id.desc())
    )
    if year is not None:
        statement = statement.where(ReportSnapshot.year == year)
    return [(snapshot, name) for snapshot, name in session.execute(statement)]


def newest_snapshot(session: Session, office: Office, *, year: int) -> ReportSnapshot | None:
    """The last word on a fiscal year."""
    return session.scalar(
        sa.select(ReportSnapshot)
        .where(ReportSnapshot.organisation_id == office.id, ReportSnapshot.year == year)
        .order_by(ReportSnapshot.as_of.desc(), ReportSnapshot.id.desc())
        .limit(1)
    )
