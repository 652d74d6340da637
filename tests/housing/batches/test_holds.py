"""Approved pairs are held in one go, each for itself."""

import sqlalchemy as sa

from app.housing.models import Home
from app.placements.models import Hold
from app.policy import Role
from tests.housing.batches.kit import (
    active,
    api,
    at_once,
    fix,
    hold_approved,
    made,
    name_of,
    pairs_on,
)
from tests.housing.makers import a_case, a_home


def test_nothing_is_ticked_at_first_and_the_ticked_pairs_alone_are_held(
    town, desk, browser_of, in_database
):
    browser = browser_of(desk)
    page = made(browser)
    assert not page.soup.select("[name=pairs][checked]")
    assert "取り置いた組の内見・申込へ進む" not in page.text
    assert "印をつけて" in hold_approved(browser, page, status=422).text
    page = hold_approved(browser, page, (town.urgent, town.cheap))
    assert active(in_database) == {(town.urgent.id, town.cheap.id)}
    assert "1組を取り置きました" in page.text
    assert page.soup.find("a", string="取り置いた組の内見・申込へ進む")["href"] == "/placements"
    first = page.soup.select_one("article.batch-pair")
    assert "取り置き済み" in first.get_text()
    assert not first.select("[name=pairs]")
    assert len(page.soup.select("[name=pairs]")) == 1


def test_the_same_press_twice_holds_once(town, desk, browser_of, in_database):
    browser = browser_of(desk)
    page = made(browser)
    pairs = ((town.urgent, town.cheap), (town.easy, town.dear))
    hold_approved(browser, page, *pairs)
    hold_approved(browser, page, *pairs)
    assert in_database(lambda session: session.query(Hold).count()) == 2


def test_a_pair_held_before_is_not_held_again_by_another_press(town, desk, browser_of, app,
                                                               in_database):  # fmt: skip
    made(browser_of(desk))
    body = {"pairs": [f"{town.urgent.id}-{town.cheap.id}"]}
    first, second = (api(app, desk, "POST", "/batches/1/holds", body) for _ in range(2))
    assert [first.json[0]["outcome"], second.json[0]["outcome"]] == ["held", "held"]
    assert first.json[0]["hold_id"]
    assert second.json[0]["hold_id"] is None
    assert in_database(lambda session: session.query(Hold).count()) == 1


def test_where_somebody_was_first_that_pair_is_named_and_the_others_stand(
    make, town, desk, *, browser_of, hold, in_database
):
    browser = browser_of(desk)
    page = made(browser)
    other = a_case(make, desk)
    hold(other, town.cheap)
    page = hold_approved(browser, page, (town.urgent, town.cheap), (town.easy, town.dear))
    assert active(in_database) == {(other.id, town.cheap.id), (town.easy.id, town.dear.id)}
    assert f"{town.urgent.number}と{name_of(town.cheap)}: この住戸は、すでに" in page.text
    assert "先に取られました" in page.text


def test_a_pair_that_is_not_proposed_is_not_held(town, desk, browser_of, app, in_database):
    made(browser_of(desk))
    body = {"pairs": [f"{town.late.id}-{town.cheap.id}", f"{town.easy.id}-{town.dear.id}"]}
    answer = api(app, desk, "POST", "/batches/1/holds", body)
    assert {one["outcome"] for one in answer.json} == {"not_proposed", "held"}
    assert active(in_database) == {(town.easy.id, town.dear.id)}


def test_a_household_that_has_a_home_by_now_gets_no_second_one(
    make, town, desk, *, browser_of, hold, in_database
):
    browser = browser_of(desk)
    page = made(browser)
    elsewhere = a_home(make, desk)
    hold(town.urgent, elsewhere)
    page = hold_approved(browser, page, (town.urgent, town.cheap))
    assert "もう取り置きか手続き中の住戸があります" in page.text
    assert active(in_database) == {(town.urgent.id, elsewhere.id)}


def test_a_held_pair_stays_through_solving_again_and_gives_way_to_no_lock(
    town, desk, browser_of, app
):
    browser = browser_of(desk)
    page = hold_approved(browser, made(browser), (town.urgent, town.cheap))
    page = browser.submit(page, action="/solving")
    assert pairs_on(page)[town.urgent.number] == name_of(town.cheap)
    answer = api(app, desk, "POST", "/batches/1/locks", fix(town.late, town.cheap))
    assert answer.status_code == 409
    assert "もう取り置きになっています" in answer.json["message"]


def test_two_people_who_hold_the_same_pairs_hold_them_once(
    town, desk, make, *, browser_of, app, in_database
):
    colleague = make.user(Role.CONSULTANT, organisation=make.the_organisation(desk))
    made(browser_of(desk))
    body = {"pairs": [f"{town.urgent.id}-{town.cheap.id}", f"{town.easy.id}-{town.dear.id}"]}
    answers = at_once(app, (desk, "/batches/1/holds", body), (colleague, "/batches/1/holds", body))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert in_database(lambda session: session.query(Hold).count()) == 2


def test_the_first_page_tells_of_pairs_that_wait(town, desk, browser_of):
    browser = browser_of(desk)
    page = made(browser)
    assert "2組が承認を待っています" in browser.get("/").text
    hold_approved(browser, page, (town.urgent, town.cheap), (town.easy, town.dear))
    assert "承認を待っています" not in browser.get("/").text


def test_a_pair_whose_home_went_with_its_list_is_not_held(town, desk, browser_of, app, in_database):
    made(browser_of(desk))

    def take_out(session):
        session.execute(sa.delete(Home).where(Home.id == town.cheap.id))

    in_database(take_out)
    body = {"pairs": [f"{town.urgent.id}-{town.cheap.id}", f"{town.easy.id}-{town.dear.id}"]}
    answer = api(app, desk, "POST", "/batches/1/holds", body)
    assert answer.status_code == 201
    assert [one["outcome"] for one in answer.json] == ["not_proposed", "held"]
    assert active(in_database) == {(town.easy.id, town.dear.id)}
    assert town.urgent.number not in pairs_on(browser_of(desk).get("/batches/1"))
