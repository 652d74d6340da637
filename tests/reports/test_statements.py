"""Each part of a report asks the database as often for hundreds of households as for a dozen."""

from datetime import date

import pytest
import time_machine

from app.policy import OrganisationKind, Role
from app.reports.figures.counting import Office
from app.reports.periods import Period
from app.reports.sections import SECTIONS
from tests.reports.years import Years

FRAME = 7  # who is signed in, what they may read, the note that they looked
OVERVIEW = 22  # the first table of each part, what was kept, saved views, the first consultation
PAPERS = {"": 47, "?of=2026-05": 85, "?of=2026-Q1": 60}
OWN = {
    "intakes": 3, "talks": 1, "routes": 2, "issues": 3, "plans": 12, "homes": 8, "towns": 3,
    "watching": 5, "food": 6, "goods": 3, "sheets": 1,
}  # fmt: skip


@pytest.fixture(autouse=True)
def june():
    with time_machine.travel("2026-06-15T10:00:00+09:00", tick=False):
        yield


def a_town(make, in_database, *, years, a_year):
    worker = make.user(Role.CONSULTANT)
    bank = make.organisation(OrganisationKind.FOOD_BANK)
    in_database(
        lambda session: Years(
            session, office=worker.organisation_id, bank=bank.id, user=worker.id
        ).fill(first_year=2027 - years, years=years, a_year=a_year)
    )
    return worker


@pytest.mark.parametrize("town", [{"years": 2, "a_year": 13}, {"years": 5, "a_year": 52}])
def test_statements_for_each_part(browser_of, make, in_database, count_queries, town):
    browser = browser_of(a_town(make, in_database, **town))
    browser.get("/reports/2026")
    count_queries()
    browser.get("/reports/2026")
    assert count_queries() - FRAME == OVERVIEW
    sent = {}
    for section in SECTIONS:
        page = browser.get(f"/reports/2026/{section.key}")
        sent[section.key] = count_queries() - FRAME
        assert page.soup.select_one("tbody tr")
    assert sent == OWN


@pytest.mark.parametrize("town", [{"years": 2, "a_year": 13}, {"years": 5, "a_year": 52}])
def test_statements_for_each_paper(browser_of, make, in_database, count_queries, town):
    """A month's paper sets three periods side by side and still counts only what it prints."""
    browser = browser_of(a_town(make, in_database, **town))
    browser.get("/reports/2026.pdf")
    count_queries()
    sent = {}
    for of in ("", "?of=2026-05", "?of=2026-Q1"):
        browser.get(f"/reports/2026.pdf{of}")
        sent[of] = count_queries() - FRAME
    assert sent == PAPERS


def test_each_table_is_found_under_its_own_name(in_database):
    nobody, period = Office(0, "", ""), Period(2025, date(2026, 3, 31))

    def keys(session):
        return [
            (key, count().key)
            for section in SECTIONS
            for key, count in section.build(session, nobody, period).items()
        ]

    assert all(name == key for name, key in in_database(keys))
