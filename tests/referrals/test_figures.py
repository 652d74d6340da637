"""Figures per office against sheets counted by hand."""

from datetime import timedelta

import pytest

from app.db import now
from app.policy import Role
from app.referrals.models import ReferralSheet
from tests.referrals.test_sheets import ORAL, PERSON


def on_paper(browser, office, day):
    page = browser.get("/referrals/paper/new")
    typed = {**PERSON, **ORAL, "from_office": office, "on_paper": day, "consent_on": day}
    return browser.submit(page, typed)


@pytest.fixture
def counted(make, browser_of):
    """健康課: 3 sheets in two months, one answered. 収納課: one."""
    desk = make.user(Role.CONSULTANT)
    here = browser_of(desk)
    for day in ("2026-09-10", "2026-09-20", "2026-10-01"):
        sheet = on_paper(here, "架空市 健康課", day)
    here.submit(here.get(sheet.link("答えを返す")), {"result": "informed", "done": "案内した"})
    on_paper(here, "架空市 収納課", "2026-10-02")
    return desk, here


def rows(page):
    return [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
        for row in page.soup.select("tbody tr")
    ]


def test_offices_repeaters_answers_and_months(counted):
    _desk, here = counted
    assert rows(here.get("/referrals/figures")) == [
        ["架空市 健康課 リピーター", "3", "2026年9月10日（木）", "2026年10月1日（木）", "1",
         "2026-09: 2 2026-10: 1"],
        ["架空市 収納課", "1", "2026年10月2日（金）", "2026年10月2日（金）", "0", "2026-10: 1"],
    ]  # fmt: skip
    september = rows(here.get("/referrals/figures?since=2026-09-01&until=2026-09-30"))
    assert [row[1] for row in september] == ["2"]


def test_the_file_says_what_the_page_says(counted):
    _desk, here = counted
    lines = here.raw.get("/referrals/figures.csv").get_data(as_text=True).splitlines()
    assert "架空市 健康課,3,はい,2026-09-10,2026-10-01,1,2026-09: 2、2026-10: 1" in lines[1]
    assert len(lines) == 3


def test_who_may_not_read_the_sheets_is_told_no_small_figure(counted, make, browser_of):
    desk, _here = counted
    manager = make.user(Role.ORG_ADMIN, organisation=make.the_organisation(desk))
    page = browser_of(manager).get("/referrals/figures")
    assert [row[1] for row in rows(page)] == ["3", "3件未満"]
    assert "2026年10月2日" not in page.text


def test_who_may_not_read_the_sheets_cannot_subtract_one_span_from_another(
    counted, make, browser_of
):
    desk, here = counted
    on_paper(here, "架空市 健康課", "2026-10-05")
    manager = browser_of(make.user(Role.ORG_ADMIN, organisation=make.the_organisation(desk)))
    whole = rows(manager.get("/referrals/figures"))
    assert whole[0] == ["架空市 健康課 リピーター", "4", "", "", "", ""]
    assert rows(manager.get("/referrals/figures?until=2026-10-04")) == whole
    assert rows(manager.get("/referrals/figures?since=2026-10-02&until=2026-10-02")) == whole


def test_a_sheet_whose_consent_was_taken_back_is_not_counted(counted, in_database):
    _desk, here = counted

    def take_back(session):
        session.query(ReferralSheet).filter_by(
            from_office="架空市 収納課"
        ).one().consent_withdrawn_at = now() - timedelta(minutes=1)

    in_database(take_back)
    assert "収納課" not in here.get("/referrals/figures").text
