"""From a row to the consultations it counted: for those who may read them, and nobody else."""

from datetime import date

import pytest
import time_machine

from app.cases.models import Route
from app.placements.codes import PlacementState, RefusalReason
from app.policy import Protection, Role
from tests.reports.kit import a_way, rows_of

MAY = date(2026, 5, 1)
REFUSED = "/reports/2026/cases?refusal=landlord_other"


@pytest.fixture(autouse=True)
def june():
    with time_machine.travel("2026-06-15T10:00:00+09:00", tick=False):
        yield


@pytest.fixture
def worker(make):
    return make.user(Role.CONSULTANT)


def a_refusal(make, worker, **values):
    case = make.case(worker, received_on=MAY, **values)
    a_way(make, worker, case, state=PlacementState.REFUSED, ended_on=MAY,
          refusal=RefusalReason.LANDLORD_OTHER)  # fmt: skip
    return case


def test_every_link_of_a_page_opens_what_it_counted(browser_of, make, worker):
    inside = {"route": Route.INSIDE, "received_on": MAY}
    cases = [
        make.case(worker, **inside, route_detail="収納課"),
        make.case(worker, **inside, route_detail="収納課"),
        make.case(worker, **inside),
    ]
    make.case(worker, received_on=date(2026, 3, 31), route=Route.INSIDE)
    make.case(make.user(Role.CONSULTANT), **inside)
    browser = browser_of(worker)
    page = browser.get("/reports/2026/routes")
    numbers = [case.number for case in cases]
    for name, listed in (
        ("庁内の課から", numbers), ("収納課", numbers[:2]), ("課・機関の記録なし", numbers[2:]),
    ):  # fmt: skip
        assert sorted(rows_of(browser.get(page.link(name)))) == sorted(listed)
    months = browser.get("/reports/2026/intakes").soup.select_one("#intakes")
    may = browser.get(months.select_one("a:-soup-contains('5月')")["href"])
    assert sorted(rows_of(may)) == sorted(numbers)


@pytest.mark.parametrize(
    "ask",
    ["plan=made", "plan=decided", "plan=monitored", "plan=evaluated", "reached=partly",
     "service=rent-benefit", "outcome=housed", "way=open", "food=met", "food=unmet", "month=m04",
     "miss=rent", "miss=accepts&group=elderly", "talk=phone"],
)  # fmt: skip
def test_nothing_counted_is_an_empty_list(ask, browser_of, worker):
    page = browser_of(worker).get(f"/reports/2026/cases?{ask}")
    assert "0件です" in page.text
    assert "示せる相談はありません" in page.text


def test_a_household_in_hiding_is_counted_and_not_listed(browser_of, make, worker):
    colleague = make.user(Role.CONSULTANT, organisation=make.the_organisation(worker))
    seen, hidden = (
        a_refusal(make, worker, protection=protection)
        for protection in (Protection.NO, Protection.YES)
    )
    page = browser_of(colleague).get(REFUSED)
    assert list(rows_of(page)) == [seen.number]
    assert "ほかに 1件ありますが" in page.text
    assert sorted(rows_of(browser_of(worker).get(REFUSED))) == sorted([seen.number, hidden.number])


def test_who_does_not_read_the_cases_gets_no_list(browser_of, make, worker):
    a_refusal(make, worker)
    organisation = make.the_organisation(worker)
    for role in (Role.ORG_ADMIN, Role.HOUSING):
        browser = browser_of(make.user(role, organisation=organisation))
        assert "相談を担当する方だけ" in browser.get(REFUSED, status=403).text
    stranger = browser_of(make.user(Role.CONSULTANT))
    assert "0件です" in stranger.get(REFUSED).text
    stranger.get(f"{REFUSED}&office={worker.organisation_id}", status=404)


@pytest.mark.parametrize(
    "ask",
    ["", "refusal=x", "name=x", "month=m13", "issue=x", "plan=x", "route=x&named=y", "miss=x",
     "miss=accepts&group=x", "talk=x"],
)  # fmt: skip
def test_what_no_row_asks_for_is_not_there(ask, browser_of, worker):
    browser_of(worker).get(f"/reports/2026/cases?{ask}", status=404)
