"""The way to the keys, refusals, holds and rents, against households counted by hand."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.cases.needs.models import HousingNeed, RentBasis
from app.housing.codes import CostCode
from app.placements.codes import (
    FailedCondition,
    HoldEnd,
    Payer,
    PlacementState,
    RefusalReason,
    StepKind,
)
from app.placements.models import Hold, Placement, PlacementCost
from app.policy import Role
from tests.reports.kit import a_home, a_way, at, rows_of

RECEIVED = date(2026, 4, 1)
MAY = date(2026, 5, 1)


@pytest.fixture(autouse=True)
def june():
    with time_machine.travel("2026-06-15T10:00:00+09:00", tick=False):
        yield


@pytest.fixture
def worker(make):
    return make.user(Role.CONSULTANT)


def a_household(make, worker, *, people=None, days=None, **values):
    """A household received on 1 April with a way; `days` to the keys and the move."""
    case = make.case(worker, received_on=RECEIVED)
    if people:
        make.save(HousingNeed(case_id=case.id, people=people, rent_basis=RentBasis.AGREED,
                              agreed_rent=40000))  # fmt: skip
    steps = {}
    if days is not None:
        day = RECEIVED + timedelta(days=days)
        steps = {StepKind.KEYS: day, StepKind.MOVE_IN: day}
        values = {"state": PlacementState.MOVED_IN, "moved_in_on": day} | values
    return a_way(make, worker, case, steps=steps, **values)


def page_rows(browser_of, worker, table):
    return rows_of(browser_of(worker).get("/reports/2026/homes"), table)


def test_days_to_the_keys(browser_of, make, worker):
    for days in (10, 20, 30, 40, 50):
        a_household(make, worker, days=days)
    a_household(make, worker, days=3, temporary=True)  # still looking
    earlier = a_way(
        make, worker, make.case(worker, received_on=date(2026, 1, 1)),
        steps={StepKind.KEYS: date(2026, 3, 1)}, state=PlacementState.ENDED,
        ended_on=date(2026, 4, 1),
    )  # fmt: skip
    again = make.session.get_one(type(earlier), earlier.id).case  # its second keys are no first
    a_way(make, worker, again, steps={StepKind.KEYS: MAY})
    rows = page_rows(browser_of, worker, "days_to_keys")
    assert rows["鍵の受け取り"] == ["5", "20", "30", "40"]
    assert rows["内見"] == ["0", "—", "—", "—"]


def test_ways_by_how_they_stand(browser_of, make, worker):
    a_household(make, worker)
    a_household(make, worker, days=10)
    a_household(make, worker, days=10, temporary=True)
    a_household(make, worker, days=10, begun=date(2026, 3, 31))
    rows = page_rows(browser_of, worker, "ways")
    assert rows["手続き中"] == ["1", "1", "0"]
    assert rows["入居して住んでいる"] == ["2", "1", "1"]
    assert rows["始めた手続きの計"] == ["3", "2", "1"]


def test_ways_of_a_past_year_stand_as_it_ended(browser_of, make, worker):
    """Two were over by 31 March and one lived there; what came of the others is this year's."""
    march, no = date(2026, 3, 1), {"state": PlacementState.REFUSED}
    a_household(make, worker, days=10, begun=march)
    a_household(make, worker, begun=march, ended_on=RECEIVED, **no)
    left = {"state": PlacementState.ENDED, "moved_in_on": march, "begun": march}
    a_household(make, worker, ended_on=RECEIVED, **left)
    a_household(make, worker, ended_on=date(2026, 3, 31), **left)
    a_household(make, worker, begun=march, ended_on=date(2026, 3, 31), **no)
    browser = browser_of(worker)
    page = browser.get("/reports/2025/homes")
    rows = rows_of(page, "ways")
    assert {name: cells[0] for name, cells in rows.items()} == {
        "手続き中": "2",
        "入居して住んでいる": "1",
        "不成立": "1",
        "退去した": "1",
        "始めた手続きの計": "5",
    }
    assert "2件です" in browser.get(page.link("手続き中")).text


def test_refusals_by_who_and_why(browser_of, make, worker):
    no = {"state": PlacementState.REFUSED, "ended_on": MAY}
    reasons = [RefusalReason.LANDLORD_GROUP] * 2 + [RefusalReason.SCREENING]
    for reason in reasons:
        a_household(make, worker, refusal=reason, **no)
    for condition in (FailedCondition.FLOOR, FailedCondition.FLOOR, None):
        a_household(make, worker, refusal=RefusalReason.CONDITION, failed_condition=condition, **no)
    a_household(make, worker, refusal=RefusalReason.COST, **no | {"ended_on": date(2026, 3, 1)})
    page = browser_of(worker).get("/reports/2026/homes")
    assert "期間の前に始めた手続きもあるため" in page.soup.select_one("#refusals").text
    rows = page_rows(browser_of, worker, "refusals")
    assert rows["貸主"] == rows["貸主が断った（入居者の条件）"] == ["2", "33.3%"]
    assert rows["保証会社"] == ["1", "16.7%"]
    assert rows["支援する側"] == rows["条件が合わなかった"] == ["3", "50.0%"]
    assert rows["階・段差"] == ["2", "33.3%"]
    assert rows["記録なし"] == ["1", "16.7%"]
    assert rows["不成立の計"] == ["6", "100.0%"]


def test_holds_that_expired(browser_of, make, worker):
    case = make.case(worker, received_on=RECEIVED)
    ends = [HoldEnd.EXPIRED, HoldEnd.EXPIRED, HoldEnd.PLACED, None]
    for end in ends:
        home = make.save(a_home(worker))
        make.save(Hold(home_id=home.id, case_id=case.id, user_id=worker.id, ended_as=end,
                       organisation_id=worker.organisation_id, ends_at=at(MAY),
                       ended_at=at(MAY) if end else None))  # fmt: skip
    rows = page_rows(browser_of, worker, "holds")
    assert rows["期限切れ"] == ["2", "66.7%"]
    assert rows["終わった取り置きの計"] == ["3", "100.0%"]


def test_rents_against_the_ceiling(browser_of, make, worker):
    """One person in 座間市: 41,000 yen a month, and 37,000 in 15 m² and less."""
    for rent, area, people in (
        (41000, 25, 1), (46000, 25, 1), (46001, 25, 1), (41000, 15, 1), (None, 25, 1),
        (45000, 25, None),
    ):  # fmt: skip
        a_household(make, worker, days=10, people=people, home={"rent": rent, "area": area})
    rows = page_rows(browser_of, worker, "rents")
    assert rows["限度額まで"] == ["1", "16.7%"]
    assert rows["限度額＋5,000円まで"] == ["2", "33.3%"]
    assert rows["限度額＋5,000円より上"] == ["1", "16.7%"]
    assert rows["比べられない"] == ["2", "33.3%"]
    assert rows["家賃の真ん中（中央値）"] == ["43,500", "—"]


def test_fees_and_what_was_paid_before_the_keys(browser_of, make, worker):
    for home in ({"fee": 3000}, {"fee": 5000}, {"fee": 4000, "fee_included": True}, {"fee": 0}, {}):
        a_household(make, worker, days=10, home={"rent": 40000, **home})
    in_order = sa.select(Placement).order_by(Placement.id)
    first, second, third, none, later = make.session.scalars(in_order).all()
    later.moved_in_on = date(2026, 6, 16)  # tomorrow
    for way, lines in (
        (first, [(Payer.SELF, 30000), (Payer.BENEFIT, 90000), (Payer.SELF, 10000)]),
        (second, [(Payer.SELF, 0), (Payer.BENEFIT, 60000)]),
        (third, [(Payer.SELF, 20000), (Payer.LOAN, None)]),
        (later, [(Payer.SELF, 99999)]),
    ):
        way.costs = [
            PlacementCost(position=n, code=CostCode.DEPOSIT, amount=yen, payer=payer)
            for n, (payer, yen) in enumerate(lines)
        ]
    make.save(none)
    page = browser_of(worker).get("/reports/2026/homes")
    rows = rows_of(page, "fees")
    assert rows["家賃のほかにかかる"] == rows["かからない・家賃に含む"] == ["2", "50.0%"]
    assert rows["分からない"] == ["0", "0.0%"]
    assert rows["共益費の真ん中（かかる世帯）"] == ["4,000", "—"]
    assert rows["家賃と共益費の真ん中"] == ["41,500", "—"]  # 40,000 twice, 43,000 and 45,000
    assert rows_of(page, "initial_costs") == {
        "初期費用の計": ["2", "77,500", "95,000", "112,500"],  # 60,000 and 130,000
        "うち本人": ["2", "25,000", "30,000", "35,000"],  # 40,000 and 20,000
        "うち給付": ["2", "67,500", "75,000", "82,500"],
    }
