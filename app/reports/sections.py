"""The parts of a report in their order. A part is added by one line here.

A part gives its tables one after the other, each counted when it is taken: who shows the first of
each part, as the overview does, counts no others.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.reports.figures import (
    arrivals,
    flow,
    food,
    goods,
    intakes,
    issues,
    misses,
    money,
    plans,
    sheets,
    survey,
    talks,
    towns,
    watching,
    ways,
)
from app.reports.figures.counting import Office
from app.reports.periods import Period
from app.reports.queries import population_for
from app.reports.tables import FigureTable

Tables = Iterable[FigureTable]


@dataclass(frozen=True)
class Section:
    """One part: its name in addresses, its title, what it answers, and how it is counted."""

    key: str
    title: str
    lead: str
    build: Callable[[Session, Office, Period], Tables]


def _intakes(session: Session, office: Office, period: Period) -> Iterator[FigureTable]:
    year = period.year_so_far  # of a month, too, the months before it are told
    now = intakes.counted(session, office, year)
    before = intakes.counted(session, office, period.before)
    yield intakes.monthly_table(year, now, before)
    people = population_for(session, office.municipality, year=period.year)
    yield intakes.rate_table(period, now, people)


def _talks(session: Session, office: Office, period: Period) -> Iterator[FigureTable]:
    year = period.year_so_far
    found = talks.counted(session, office, year)
    yield talks.month_table(year, found)
    own = {month.first.month for month in period.own_months}
    yield talks.method_table(period, [one for one in found if one.month in own])


def _arrivals(session: Session, office: Office, period: Period) -> Iterator[FigureTable]:
    shared = str(period.year)
    found = arrivals.counted(session, office, period)
    yield arrivals.route_table(period.label, found, shared=shared)
    yield flow.flow_table(flow.counted(session, office, period), shared)


def _issues(session: Session, office: Office, period: Period) -> Iterator[FigureTable]:
    found = issues.counted(session, office, period)
    yield issues.issue_table(
        period.label, found.listed, assessments=found.assessments, total=found.total
    )


def _plans(session: Session, office: Office, period: Period) -> Iterator[FigureTable]:
    yield plans.plan_table(period.label, plans.moved(session, office, period))
    named = plans.services_named(session, office, period)
    services = plans.known_services(session)
    yield plans.service_table(services, named)
    yield plans.closing_table(period.label, plans.closed(session, office, period))
    people = population_for(session, office.municipality, year=period.year)
    columns = survey.surveyed(session, office, period, services)
    yield survey.survey_table(period, columns, people)


def _ways(session: Session, office: Office, period: Period) -> Iterator[FigureTable]:
    yield ways.state_table(ways.begun(session, office, period))
    yield ways.step_table(ways.steps_reached(session, office, period))
    yield ways.refusal_table(period.label, ways.refused(session, office, period))
    yield misses.miss_table(misses.missed(session, office, period))
    yield ways.hold_table(period.label, ways.holds_ended(session, office, period))
    lets = money.lets(session, office, period)
    yield money.rent_table(period.label, lets)
    yield money.fee_table(period.label, lets)
    yield money.cost_table(money.paid(session, office, period))


def _towns(session: Session, office: Office, period: Period) -> Iterator[FigureTable]:
    looking = towns.looking_for(session, office, period)
    yield towns.town_table(looking, towns.supply(session, office))


def _watching(session: Session, office: Office, period: Period) -> Iterator[FigureTable]:
    yield watching.due_table(period.label, watching.due(session, office, period))
    yield watching.tries_table(period.label, watching.tried(session, office, period))
    yield watching.concern_table(watching.concerned(session, office, period))
    yield watching.kept_table(watching.tenancies(session, office, period))
    yield watching.left_table(period.label, watching.left(session, office, period))


def _food(session: Session, office: Office, period: Period) -> Iterator[FigureTable]:
    yield food.handed_table(period.label, food.handed_out(session, office, period))
    yield food.asked_table(period.label, food.requested(session, office, period))


def _goods(session: Session, office: Office, period: Period) -> Iterator[FigureTable]:
    yield goods.need_table(goods.needed(session, office, period))
    yield goods.delivery_table(goods.delivered(session, office, period))
    yield goods.item_table(period.label, goods.pledged(session, office, period))


def _sheets(session: Session, office: Office, period: Period) -> Iterator[FigureTable]:
    found = sheets.received(session, office, period)
    yield sheets.sheet_table(found, first=period.first, last=period.last)


SECTIONS: tuple[Section, ...] = (
    Section("intakes", "新規相談", "何件の相談を受け付けたか", _intakes),
    Section("talks", "相談の回数", "何回、どうやって話したか", _talks),
    Section("routes", "相談経路", "どこから来て、どこまで来たか", _arrivals),
    Section("issues", "課題", "はじめのアセスメントで何に困っていたか", _issues),
    Section("plans", "プランと終結", "どんな支援を決め、どう終わったか", _plans),
    Section("homes", "住まい探し", "鍵までに何日かかり、なぜ断られたか", _ways),
    Section("towns", "住まいの足りないところ", "どの町で探していて、何戸空いているか", _towns),
    Section("watching", "見守り", "会えているか、住み続けられているか", _watching),
    Section("food", "食料", "頼まれた食料を渡せたか", _food),
    Section("goods", "物資", "必要な家具・日用品がそろったか", _goods),
    Section("sheets", "つなぐシート", "どの課・機関がつないでくれたか", _sheets),
)


def section_named(key: str) -> Section | None:
    """The part with this name in the address."""
    return next((section for section in SECTIONS if section.key == key), None)
