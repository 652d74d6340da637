"""From a list to a consultation: a recorded yes first, then a case of theirs or a new one."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.cases.models import Case
from app.db import now, today
from app.leads import services
from app.leads.models import Lead
from app.policy import Role
from tests.leads.kit import csv, line, press, taken
from tests.leads.test_access import agree, become_a_case


@pytest.fixture
def desk(make):
    return make.user(Role.CONSULTANT)


@pytest.fixture
def browser(browser_of, desk):
    browser = browser_of(desk)
    taken(browser, csv(line("A1", name="試験　千代")), source="架空県社会福祉協議会")
    return browser


def case_of(in_database):
    return in_database(lambda s: s.scalar(sa.select(Lead.case_id).where(Lead.id == 1)))


def test_without_a_yes_nobody_becomes_a_case(browser, in_database):
    assert browser.raw.get("/leads/1/case/new").status_code == 409
    page = browser.get("/leads/1/link")
    refused = browser.submit(page, action="/link", status=422)
    assert "入力してください" in refused.errors
    refused = agree(browser, agreed_on=str(today() + timedelta(days=1)), status=422)
    assert "まだ来ていない日です" in refused.errors
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count()).select_from(Case))) == 0
    values = {"case_id": 1, "state": "linked", "next_on": None}
    with pytest.raises(IntegrityError):
        in_database(lambda s: s.execute(sa.update(Lead).values(**values)))


def test_a_yes_leads_to_an_intake_that_knows_what_was_listed_and_heard(browser, in_database):
    browser.submit(browser.get("/leads/1/details"), {"new_kana": "しけん ちよ"})
    press(browser, 1, "spoke", note="家賃も遅れている")
    page = agree(browser, agreed_words="お願いします")
    assert page.h1 == "相談を受け付ける"

    def typed(name):
        field = page.soup.find(attrs={"name": name})
        return field.get("value") or field.find("option", selected=True)["value"]

    assert typed("name") == "試験　千代"
    assert typed("kana") == "しけん ちよ"
    assert (typed("municipality"), typed("address")) == ("座間市", "栗原3-18")
    assert (typed("phone"), typed("postal_code")) == ("0462-55-1111", "252-0013")
    assert typed("phone_note") == "家族に知られないようにかける"
    assert (typed("arrival"), typed("route")) == ("outreach", "outside")
    assert typed("members-0-born_on") == "1984-03-14"
    made = browser.submit(page, {"story": "家賃のこと"}, action="/case/new")
    assert "として受け付けました" in made.text
    assert "受け付ける同意: 電話で聞いた" in made.text
    assert "お願いします" in made.text
    assert "電話の名簿: 話せた" in made.text
    assert "家賃も遅れている" in made.text
    assert case_of(in_database) is not None
    lead_page = browser.get("/leads/1")
    assert "これからの電話は、相談から" in lead_page.text
    assert not lead_page.soup.select('form[action*="/claim"], form[action*="/attempts"]')


def test_an_agreement_waits_for_its_intake(browser):
    agree(browser)
    page = browser.get("/leads/1")
    assert "同意あり" in page.text
    assert page.link("相談を受け付ける") == "/leads/1/case/new"


def test_a_refused_intake_keeps_what_was_typed_and_makes_nothing(browser, in_database):
    page = agree(browser)
    refused = browser.submit(page, {"leave_by": "あした?", "story": "のこる"}, action="/case/new",
                             status=422)  # fmt: skip
    assert "のこる" in refused.soup.find(id="f-story").text
    assert case_of(in_database) is None


def test_somebody_is_tied_to_the_case_they_have(browser, make, desk, in_database):
    case = make.case(desk, name="試験 千代")
    page = browser.get("/leads/1/link")
    assert case.number in page.text
    done = agree(browser, case_number=case.number.lower(), agreed_how="counter")
    assert f"{case.number} につなぎました" in done.text
    assert "受け付ける同意: 窓口で聞いた" in done.text
    assert case_of(in_database) == case.id
    assert "A1" in done.text


def test_a_number_one_may_not_write_under_is_refused_and_nothing_is_written(
    browser, make, in_database
):
    case = make.case(make.user(Role.CONSULTANT))
    for number in (case.number, "C-1999-0001", "なし"):
        refused = agree(browser, case_number=number, status=422)
        assert "この番号の相談は見つからないか" in refused.errors
    agreed = in_database(lambda s: s.scalar(sa.select(Lead.agreed_on).where(Lead.id == 1)))
    assert agreed is None


def test_nobody_is_tied_twice(browser, in_database, make, desk):
    link = browser.get("/leads/1/link")
    become_a_case(browser)
    first = case_of(in_database)
    values = {"agreed_how": "phone", "case_number": make.case(desk).number}
    browser.submit(link, values, action="/link", status=409)
    assert browser.raw.get("/leads/1/case/new").status_code == 409
    assert "もう相談につながっています" in browser.get("/leads/1/link").text
    assert case_of(in_database) == first
    page = browser.get("/leads/1/details")
    browser.submit(page, {"best_time": "朝"}, status=409)


def test_two_who_write_the_agreement_see_each_other(browser, browser_of, make, desk):
    colleague = browser_of(make.user(Role.CONSULTANT, organisation=make.the_organisation(desk)))
    theirs = colleague.get("/leads/1/link")
    agree(browser, agreed_words="はじめの言葉")
    late = colleague.submit(theirs, {"agreed_how": "written", "agreed_words": "あとの言葉"},
                            action="/link", status=409)  # fmt: skip
    assert "はじめの言葉" in late.text
    assert "あとの言葉" in late.text


def test_a_beginning_consultation_is_no_slip(browser, in_database, desk):
    become_a_case(browser)
    assert not browser.get("/leads/1").soup.select('form[action$="/undo"]')
    last = in_database(lambda s: services.last_attempt(s, s.get_one(Lead, 1)))
    assert not services.may_take_back(last, user_id=desk.id, at=now())


def test_only_those_who_read_the_list_see_it_on_the_case(browser, make, desk, browser_of):
    page = become_a_case(browser)
    url = page.url
    assert "電話の名簿から" in browser.get(url).text
    housing = make.user(Role.HOUSING, organisation=make.the_organisation(desk))
    assert "電話の名簿から" not in browser_of(housing).get(url).text
