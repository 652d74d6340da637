"""The parts of a report in their order. A part is added by one line here."""

from collections.abc import Callable, Sequence
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


def _talks(session: Session, office: Office, period: Period) -> Tables:
    found = talks.counted(session, office, period)
    return [talks.month_table(period, found), talks.method_table(period, found)]


def _arrivals(session: Session, office: Office, period: Period) -> Tables:
    shared = str(period.year)
    found = arrivals.counted(session, office, period)
    return [
        arrivals.route_table(period.label, found, shared=shared),
        flow.flow_table(flow.counted(session, office, period), shared),
    ]


def _issues(session: Session, office: Office, period: Period) -> Tables:
    found = issues.counted(session, office, period)
    return [
        issues.issue_table(
            period.label, found.listed, assessments=found.assessments, total=found.total
        )
    ]


def _plans(session: Session, office: Office, period: Period) -> Tables:
    named = plans.services_named(session, office, period)
    services = plans.known_services(session)
    people = population_for(session, office.municipality, year=period.year)
    return [
        plans.plan_table(period.label, plans.moved(session, office, period)),
        plans.service_table(services, named),
        plans.closing_table(period.label, plans.closed(session, office, period)),
        survey.survey_table(period, survey.surveyed(session, office, period, services), people),
    ]


def _ways(session: Session, office: Office, period: Period) -> Tables:
    lets = money.lets(session, office, period)
    return [
        ways.state_table(ways.begun(session, office, period)),
        ways.step_table(ways.steps_reached(session, office, period)),
        ways.refusal_table(period.label, ways.refused(session, office, period)),
        misses.miss_table(misses.missed(session, office, period)),
        ways.hold_table(period.label, ways.holds_ended(session, office, period)),
        money.rent_table(period.label, lets),
        money.fee_table(period.label, lets),
        money.cost_table(money.paid(session, office, period)),
    ]


def _towns(session: Session, office: Office, period: Period) -> Tables:
    return [
        towns.town_table(towns.looking_for(session, office, period), towns.supply(session, office))
    ]


def _watching(session: Session, office: Office, period: Period) -> Tables:
    return [
        watching.due_table(period.label, watching.due(session, office, period)),
        watching.tries_table(period.label, watching.tried(session, office, period)),
        watching.concern_table(watching.concerned(session, office, period)),
        watching.kept_table(watching.tenancies(session, office, period)),
        watching.left_table(period.label, watching.left(session, office, period)),
    ]


def _food(session: Session, office: Office, period: Period) -> Tables:
    return [
        food.handed_table(period.label, food.handed_out(session, office, period)),
        food.asked_table(period.label, food.requested(session, office, period)),
    ]


def _goods(session: Session, office: Office, period: Period) -> Tables:
    return [
        goods.need_table(goods.needed(session, office, period)),
        goods.delivery_table(goods.delivered(session, office, period)),
        goods.item_table(period.label, goods.pledged(session, office, period)),
    ]


def _sheets(session: Session, office: Office, period: Period) -> Tables:
    found = sheets.received(session, office, period)
    return [sheets.sheet_table(found, first=period.first, last=period.last)]


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
