"""The parts of a report in their order. A part is added by one line here.

A part gives its tables by name, each counted when it is called for: who shows the first of each
part, as the overview does, or some of them, as the month's paper, counts no others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial

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

Tables = Mapping[str, Callable[[], FigureTable]]
"""A part's tables by their keys, in order."""


@dataclass(frozen=True)
class Section:
    """One part: its name in addresses, its title, what it answers, and how it is counted."""

    key: str
    title: str
    lead: str
    build: Callable[[Session, Office, Period], Tables]


def _intakes(session: Session, office: Office, period: Period) -> Tables:
    year = period.year_so_far  # of a month, too, the months before it are told
    now = cache(partial(intakes.counted, session, office, year))

    def rate() -> FigureTable:
        people = population_for(session, office.municipality, year=period.year)
        return intakes.rate_table(period, now(), people)

    return {
        "intakes": lambda: intakes.monthly_table(
            year, now(), intakes.counted(session, office, period.before)
        ),
        "intake_rate": rate,
    }


def _talks(session: Session, office: Office, period: Period) -> Tables:
    year = period.year_so_far
    found = cache(partial(talks.counted, session, office, year))
    own = {month.first.month for month in period.own_months}
    return {
        "talk_months": lambda: talks.month_table(year, found()),
        "talks": lambda: talks.method_table(period, [one for one in found() if one.month in own]),
    }


def _arrivals(session: Session, office: Office, period: Period) -> Tables:
    shared = str(period.year)
    return {
        "routes": lambda: arrivals.route_table(
            period.label, arrivals.counted(session, office, period), shared=shared
        ),
        "flow": lambda: flow.flow_table(flow.counted(session, office, period), shared),
    }


def _issues(session: Session, office: Office, period: Period) -> Tables:
    def most_frequent() -> FigureTable:
        found = issues.counted(session, office, period)
        return issues.issue_table(
            period.label, found.listed, assessments=found.assessments, total=found.total
        )

    return {"issues": most_frequent}


def _plans(session: Session, office: Office, period: Period) -> Tables:
    of = (session, office, period)
    services = cache(partial(plans.known_services, session))

    def surveyed() -> FigureTable:
        people = population_for(session, office.municipality, year=period.year)
        return survey.survey_table(period, survey.surveyed(*of, services()), people)

    return {
        "plans": lambda: plans.plan_table(period.label, plans.moved(*of)),
        "services": lambda: plans.service_table(services(), plans.services_named(*of)),
        "closings": lambda: plans.closing_table(period.label, plans.closed(*of)),
        "survey": surveyed,
    }


def _ways(session: Session, office: Office, period: Period) -> Tables:
    of = (session, office, period)
    lets = cache(partial(money.lets, *of))
    return {
        "ways": lambda: ways.state_table(ways.begun(*of)),
        "days_to_keys": lambda: ways.step_table(ways.steps_reached(*of)),
        "refusals": lambda: ways.refusal_table(period.label, ways.refused(*of)),
        "misses": lambda: misses.miss_table(misses.missed(*of)),
        "holds": lambda: ways.hold_table(period.label, ways.holds_ended(*of)),
        "rents": lambda: money.rent_table(period.label, lets()),
        "fees": lambda: money.fee_table(period.label, lets()),
        "initial_costs": lambda: money.cost_table(money.paid(*of)),
    }


def _towns(session: Session, office: Office, period: Period) -> Tables:
    return {
        "towns": lambda: towns.town_table(
            towns.looking_for(session, office, period), towns.supply(session, office)
        )
    }


def _watching(session: Session, office: Office, period: Period) -> Tables:
    of = (session, office, period)
    return {
        "check_ins": lambda: watching.due_table(period.label, watching.due(*of)),
        "attempts": lambda: watching.tries_table(period.label, watching.tried(*of)),
        "concerns": lambda: watching.concern_table(watching.concerned(*of)),
        "tenancies": lambda: watching.kept_table(watching.tenancies(*of)),
        "leaving": lambda: watching.left_table(period.label, watching.left(*of)),
    }


def _food(session: Session, office: Office, period: Period) -> Tables:
    of = (session, office, period)
    return {
        "food_requests": lambda: food.asked_table(period.label, food.requested(*of)),
        "food_handed": lambda: food.handed_table(period.label, food.handed_out(*of)),
    }


def _goods(session: Session, office: Office, period: Period) -> Tables:
    of = (session, office, period)
    return {
        "goods_needs": lambda: goods.need_table(goods.needed(*of)),
        "goods_days": lambda: goods.delivery_table(goods.delivered(*of)),
        "goods_items": lambda: goods.item_table(period.label, goods.pledged(*of)),
    }


def _sheets(session: Session, office: Office, period: Period) -> Tables:
    return {"sheets": lambda: sheets.sheet_table(sheets.received(session, office, period))}


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
