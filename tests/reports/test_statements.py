"""Each part of a report asks the database as often for hundreds of households as for a dozen."""

import pytest
import time_machine

from app.policy import OrganisationKind, Role
from app.reports.sections import SECTIONS
from tests.reports.years import Years

FRAME = 7  # who is signed in, what they may read, the note that they looked
OVERVIEW = 26  # the first table of each part, what was kept, saved views, the first consultation
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


@pytest.mark.parametrize("town", [{"years": 1, "a_year": 13}, {"years": 5, "a_year": 52}])
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
