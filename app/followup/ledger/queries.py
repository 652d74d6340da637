"""Which households stand in a business year's ledger, and the year's figures."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.cases.models import Case
from app.cases.queries import visible_cases
from app.db import moment_on
from app.followup import queries
from app.followup.codes import CONTACTS, CheckInState, HelpKind
from app.followup.ladder.models import Concern
from app.followup.models import Attempt, CheckIn, WatchPlan
from app.followup.queries import SeenPlan
from app.followup.settling.codes import DecisionKind
from app.followup.settling.models import LinkIn, WatchDecision
from app.housing.models import Home
from app.japanese import fiscal_year, fiscal_year_days, months_later
from app.placements.models import Placement
from app.policy import Viewer


def plans_of_year(session: Session, viewer: Viewer, year: int, *, today: date) -> list[SeenPlan]:
    """The households watched over at some time of a year, whose place the viewer may know.

    One whose end was put down for an earlier year stays where something was recorded in this one;
    so does one that had settled and left in this one.
    """
    first, last = fiscal_year_days(year)
    begin, end = moment_on(first), moment_on(months_later(first, 12))
    tried = sa.exists().where(
        CheckIn.plan_id == WatchPlan.id,
        Attempt.check_in_id == CheckIn.id,
        Attempt.at >= begin,
        Attempt.at < end,
    )
    worried = sa.exists().where(
        Concern.plan_id == WatchPlan.id, Concern.opened_at >= begin, Concern.opened_at < end
    )
    left = sa.exists().where(
        WatchDecision.plan_id == WatchPlan.id,
        WatchDecision.kind == DecisionKind.LEFT,
        WatchDecision.day.between(first, last),
    )
    visible = visible_cases(viewer, today=today).with_only_columns(Case.id)
    rows = session.scalars(
        sa.select(WatchPlan)
        .join(WatchPlan.placement)
        .where(
            WatchPlan.starts_on <= last,
            sa.or_(WatchPlan.ended_on.is_(None), WatchPlan.ended_on >= first, tried, worried, left),
            Placement.case_id.in_(visible),
        )
        .options(
            joinedload(WatchPlan.placement).options(
                joinedload(Placement.case), joinedload(Placement.home).joinedload(Home.property)
            )
        )
        .order_by(WatchPlan.starts_on, WatchPlan.id)
    ).unique()
    seen = [SeenPlan(plan, queries.access_of(plan, viewer, today)) for plan in rows]
    return [one for one in seen if queries.sees(one.plan, viewer, today)]


def years(session: Session, viewer: Viewer, *, today: date) -> list[int]:
    """The business years this viewer's households reach back to, the present one first."""
    visible = visible_cases(viewer, today=today).with_only_columns(Case.id)
    oldest = session.scalar(
        sa.select(sa.func.min(WatchPlan.starts_on))
        .join(WatchPlan.placement)
        .where(Placement.case_id.in_(visible))
    )
    begun = fiscal_year(min(oldest or today, today))
    return list(range(fiscal_year(today), begun - 1, -1))


@dataclass(frozen=True)
class YearFigures:
    """定期報告: what a year came to, of the households this viewer may know of."""

    households: int
    at_the_end: int
    attempts: int
    contacts: int
    visits: int
    met: int
    covered: int
    silent: int
    concerns: int
    link_ins: int


def year_figures(session: Session, plan_ids: list[int], year: int, *, today: date) -> YearFigures:
    """Counts over a year's plans. Corrected attempts do not count.

    Of the check-ins whose day has come, those met, those a later contact answered for, and those
    still silent are counted apart: the second were not met when they were due.
    """
    first, last = fiscal_year_days(year)
    begin, end = moment_on(first), moment_on(months_later(first, 12))
    tries = session.execute(
        sa.select(Attempt.id, Attempt.corrects_id, Attempt.result, Attempt.kinds)
        .join(CheckIn, CheckIn.id == Attempt.check_in_id)
        .where(CheckIn.plan_id.in_(plan_ids), Attempt.at >= begin, Attempt.at < end)
    ).all()
    corrected = {row.corrects_id for row in tries}
    standing = [row for row in tries if row.id not in corrected]
    met = [row for row in standing if row.result in CONTACTS]
    counted = session.execute(
        sa.select(CheckIn.state, sa.func.count(CheckIn.id))
        .where(CheckIn.plan_id.in_(plan_ids), CheckIn.due_on.between(first, min(last, today)))
        .group_by(CheckIn.state)
    )
    planned = {row[0]: row[1] for row in counted}
    going = sa.select(sa.func.count(WatchPlan.id)).where(
        WatchPlan.id.in_(plan_ids),
        WatchPlan.starts_on <= last,
        sa.or_(WatchPlan.ended_on.is_(None), WatchPlan.ended_on > last),
    )
    concerns = sa.select(sa.func.count(Concern.id)).where(
        Concern.plan_id.in_(plan_ids), Concern.opened_at >= begin, Concern.opened_at < end
    )
    links = sa.select(sa.func.count(LinkIn.id)).where(
        LinkIn.plan_id.in_(plan_ids), LinkIn.day.between(first, last)
    )
    return YearFigures(
        households=len(plan_ids),
        at_the_end=session.scalar(going) or 0,
        attempts=len(standing),
        contacts=len(met),
        met=planned.get(CheckInState.MET, 0),
        covered=planned.get(CheckInState.COVERED, 0),
        silent=planned.get(CheckInState.DUE, 0),
        visits=sum(HelpKind.VISIT.value in row.kinds for row in met),
        concerns=session.scalar(concerns) or 0,
        link_ins=session.scalar(links) or 0,
    )
