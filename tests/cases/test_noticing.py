"""The noticing chart: usable before there is a case, and nothing is decided by it."""

import pytest
import sqlalchemy as sa

from app.cases.assessments.models import Assessment, Issue
from app.cases.models import Case
from app.cases.noticing.models import NoticingChart
from app.cases.noticing.questions import QUESTION_LABELS
from app.policy import OrganisationKind, Role


@pytest.fixture
def desk(make, browser_of):
    """A consultant with a case, and their browser."""
    user = make.user(Role.CONSULTANT, organisation=make.organisation(OrganisationKind.CONSULTATION))
    return user, make.case(user), browser_of(user)


def _ticked(in_database):
    saved = in_database(lambda s: s.scalars(sa.select(Assessment)).all())
    ids = [tick.issue_id for one in saved for tick in one.issues]
    return set(in_database(lambda s: s.scalars(sa.select(Issue.code).where(Issue.id.in_(ids)))))


def test_there_are_about_twelve_short_questions():
    assert 10 <= len(QUESTION_LABELS) <= 14
    assert all(len(words) <= 40 for words in QUESTION_LABELS.values())


def test_a_chart_before_there_is_a_case_suggests_and_then_belongs_to_it(desk, in_database):
    _user, _case, browser = desk
    page = browser.submit(browser.get("/noticing"), {"debt": "yes", "mind": "sometimes"})
    for words in ("（多重・過重）債務", "家計改善支援", "その他メンタルヘルス", "はい"):
        assert words in page.text
    assert page.text.index("債務") < page.text.index("その他メンタルヘルス")
    form = browser.get(page.link("この人の相談を受け付ける"))
    browser.submit(form, {"alias": "ゆき"})
    case_id = in_database(lambda s: s.scalar(sa.select(Case.id).where(Case.alias == "ゆき")))
    chart = in_database(lambda s: s.scalars(sa.select(NoticingChart)).one())
    assert (chart.case_id, chart.answers) == (case_id, {"debt": "yes", "mind": "sometimes"})
    assert _ticked(in_database) == set()
    browser.get(f"/noticing/{chart.id}", status=404)
    browser.get(f"/cases/{case_id}/noticing/{chart.id}")


def test_suggestions_become_issues_only_when_the_person_accepts_them(desk, in_database):
    _user, case, browser = desk
    page = browser.submit(browser.get(f"/cases/{case.id}/noticing"), {"debt": "yes", "work": "yes"})
    refused = browser.submit(page, {}, action="/issues", status=422)
    assert "一つ以上" in refused.errors
    debt = in_database(lambda s: s.scalar(sa.select(Issue.id).where(Issue.code == "debt")))
    after = browser.submit(page, {"issues": [str(debt)]}, action="/issues")
    assert "（多重・過重）債務" in after.text
    assert _ticked(in_database) == {"debt"}
    again = browser.get(f"/cases/{case.id}/noticing")
    again = browser.get(again.soup.select_one(".card a")["href"])
    assert "もう書いてあります" in again.text
    work = in_database(lambda s: s.scalar(sa.select(Issue.id).where(Issue.code == "job_finding")))
    browser.submit(again, {"issues": [str(work)]}, action="/issues")
    assert _ticked(in_database) == {"debt", "job_finding"}


def test_what_the_chart_did_not_suggest_cannot_be_accepted_from_it(desk, in_database):
    _user, case, browser = desk
    page = browser.submit(browser.get(f"/cases/{case.id}/noticing"), {"debt": "yes"})
    other = in_database(lambda s: s.scalar(sa.select(Issue.id).where(Issue.code == "violence")))
    refused = browser.submit(page, {"issues": [str(other)]}, action="/issues", status=422)
    assert "示した課題から" in refused.errors
    assert _ticked(in_database) == set()


def test_the_rules_are_those_of_the_master(desk, make, browser_of, in_database):
    user, _case, browser = desk
    admin = make.user(Role.ORG_ADMIN, organisation=make.the_organisation(user))
    keeper = browser_of(admin)
    number = in_database(lambda s: s.scalar(sa.select(Issue.id).where(Issue.code == "disaster")))
    url = f"/issues/{number}"
    changed = {"questions": ["roof"], "services": "被災者の窓口、義援金"}
    keeper.submit(keeper.get(url), changed, action=url)
    page = browser.submit(browser.get("/noticing"), {"roof": "yes"})
    assert "被災" in page.text
    assert "義援金" in page.text


def test_no_answers_point_nowhere_and_a_chart_is_its_writers_alone(desk, make, browser_of):
    user, case, browser = desk
    page = browser.submit(browser.get("/noticing"))
    assert "示すものはありません" in page.text
    other = make.user(Role.CONSULTANT, organisation=make.the_organisation(user))
    browser_of(other).get("/noticing/1", status=404)
    browser.get(f"/cases/{case.id}/noticing/1", status=404)


@pytest.mark.parametrize("url", ["/noticing", "/cases/{}/noticing"])
def test_an_answer_that_is_none_is_refused(desk, url):
    _user, case, browser = desk
    page = browser.get(url.format(case.id))
    assert browser.submit(page, {"debt": "perhaps"}, status=422).errors


@pytest.mark.parametrize("number", ["9" * 25, "-1", "0", "x", "2"])
def test_a_chart_that_is_not_there_does_not_stop_anybody(desk, in_database, number):
    _user, _case, browser = desk
    page = browser.get(f"/cases/new?chart={number}")
    browser.submit(page, {"alias": "ゆき"})
    assert in_database(lambda s: s.scalar(sa.select(Case.id).where(Case.alias == "ゆき")))
