"""Everybody at once: who is taken in, in which order, what is said of the rest."""

from datetime import timedelta

from app.cases.models import Case, Dwelling
from app.db import today
from app.housing import pauses
from app.housing.batches.models import MatchBatch
from app.housing.codes import PauseCause
from app.housing.proposals import batch_inputs
from matching.errors import MatchingInputError
from tests.housing.batches.kit import api, made, name_of, pairs_on
from tests.housing.makers import a_case, a_home


def test_the_pressing_household_gets_the_only_home_it_can_take(town, desk, browser_of):
    page = made(browser_of(desk))
    assert pairs_on(page) == {
        town.urgent.number: name_of(town.cheap),
        town.easy.number: name_of(town.dear),
    }
    without = page.soup.select_one(".batch-without").get_text()
    assert town.late.number in without
    assert "1室ありますが" in without
    assert "期限まで5日" in page.text
    assert f"この組がなければ、{town.late.number}に行き先ができます" in page.text
    assert "家賃40,000円以下" in page.text


def test_pressing_twice_makes_one_batch(town, desk, browser_of, in_database):
    browser = browser_of(desk)
    page = browser.get("/batches")
    for _ in range(2):
        browser.submit(page, action="/batches")
    assert in_database(lambda session: session.query(MatchBatch).count()) == 1


def test_with_nobody_to_match_the_page_says_what_is_missing(make, desk, browser_of, app):
    make.case(by=desk)  # without a housing need
    page = browser_of(desk).get("/batches")
    assert "組み合わせる世帯がありません" in page.text
    answer = api(app, desk, "POST", "/batches")
    assert (answer.status_code, answer.json["code"]) == (422, "nobody")


def test_without_homes_the_batch_says_what_to_look_for(make, desk, browser_of):
    case = a_case(make, desk)
    page = made(browser_of(desk))
    assert not pairs_on(page)
    assert "いまの空きに、入れる住戸がありません" in page.text
    assert "家賃45,000円以下" in page.soup.select_one(".batch-without").get_text()
    assert case.number in page.text


def test_whoever_sleeps_in_the_street_comes_before_the_others(make, desk, browser_of):
    roof = a_case(make, desk)
    street = a_case(make, desk, dwelling=Dwelling.STREET)
    a_home(make, desk)
    page = made(browser_of(desk))
    assert list(pairs_on(page)) == [street.number]
    assert "路上" in page.soup.select_one("article.batch-pair").get_text()
    assert roof.number in page.soup.select_one(".batch-without").get_text()


def test_whoever_waited_long_is_lifted_and_the_page_says_so(make, desk, browser_of):
    a_case(make, desk, leave_by=today() + timedelta(days=70), dwelling=Dwelling.NET_CAFE)
    waited = a_case(make, desk, received_on=today() - timedelta(days=200))
    a_home(make, desk)
    page = made(browser_of(desk))
    assert list(pairs_on(page)) == [waited.number]
    assert "待ち200日" in page.text
    assert "長く待ったため4段くり上げ" in page.text


def test_a_household_that_has_a_home_is_not_taken_in(town, desk, browser_of, hold):
    hold(town.urgent, town.cheap)
    page = made(browser_of(desk))
    assert pairs_on(page) == {town.easy.number: name_of(town.dear)}
    assert town.urgent.number not in page.text


def test_the_three_policies_stand_side_by_side_and_can_be_changed(town, desk, browser_of):
    browser = browser_of(desk)
    page = made(browser)
    tiles = page.soup.select(".batch-policies .tile")
    assert [tile.select_one(".tile-value").get_text(strip=True) for tile in tiles] == [
        "2世帯が入れる"
    ] * 3
    page = browser.submit(page, action="/policy", button="できるだけ多く")
    chosen = page.soup.select_one(".batch-policies .tile-good").get_text()
    assert "できるだけ多く" in chosen
    assert len(pairs_on(page)) == 2


def test_a_policy_names_who_gains_and_who_loses(make, desk, browser_of):
    first = a_case(make, desk, leave_by=today() + timedelta(days=3), need={"agreed_rent": 60000})
    second = a_case(make, desk, need={"agreed_rent": 100000})
    a_home(make, desk, rent=60000)
    page = made(browser_of(desk))
    assert list(pairs_on(page)) == [first.number]
    fit = page.soup.select(".batch-policies .tile")[2].get_text(" ", strip=True)
    assert f"いまより入れる: {second.number}" in fit
    assert f"入れなくなる: {first.number}" in fit


def test_a_home_is_kept_for_those_who_are_likely_to_come_and_nobody_is_named(
    make, desk, browser_of
):
    closed = a_case(make, desk, stage="closed", closed_on=today(), need={"agreed_rent": 38000})
    a_case(make, desk, need={"agreed_rent": 60000})
    cheap = a_home(make, desk, rent=38000)
    a_home(make, desk, rent=38500)
    page = made(browser_of(desk))
    kept = page.soup.find("h2", string="これから来る方のために残す住戸").find_parent("section")
    assert name_of(cheap) in kept.get_text()
    policies = page.soup.select_one(".batch-policies").get_text()
    assert "これから来る方のための住戸も残します" in policies
    assert closed.number not in page.text


def test_whoever_is_likely_to_come_takes_no_home_from_anybody_present(make, desk, browser_of):
    for _ in range(3):
        a_case(make, desk, stage="closed", closed_on=today(), leave_by=today())
    case = a_case(make, desk)
    home = a_home(make, desk)
    page = made(browser_of(desk))
    assert pairs_on(page) == {case.number: name_of(home)}
    assert "これから来る方のために残す住戸" not in page.text


def test_a_home_paused_for_a_household_is_in_none_of_its_pairs(make, desk, browser_of, in_database):
    case = a_case(make, desk)
    home = a_home(make, desk)

    def pause(session):
        pauses.pause_home(
            session,
            case=session.get_one(Case, case.id),
            cause=PauseCause.HOUSEHOLD,
            user_id=desk.id,
            today=today(),
            home_id=home.id,
        )

    browser = browser_of(desk)
    page = made(browser)
    assert pairs_on(page) == {case.number: name_of(home)}
    in_database(pause)
    assert not pairs_on(browser.submit(page, action="/solving"))
    assert not pairs_on(made(browser))


def test_a_need_that_no_home_could_answer_stops_nobody_else(make, desk, browser_of, monkeypatch):
    odd, fine = a_case(make, desk), a_case(make, desk)
    a_home(make, desk)
    read = batch_inputs.household_need

    def refuse(session, case, *rest):
        if case.id == odd.id:
            raise MatchingInputError("人数が正しくありません。")
        return read(session, case, *rest)

    monkeypatch.setattr(batch_inputs, "household_need", refuse)
    page = made(browser_of(desk))
    assert list(pairs_on(page)) == [fine.number]
    assert "住まいの希望の内容が合っていません" in page.text
    assert odd.number in page.text
