"""Pairs that are fixed or ruled out, and how little else changes."""

from app.policy import Role
from tests.housing.batches.kit import api, at_once, fix, lock, made, name_of, pairs_on
from tests.housing.makers import a_case, a_home


def test_a_refused_pair_changes_as_little_as_can_be_and_says_what(town, desk, browser_of):
    browser = browser_of(desk)
    page = lock(browser, made(browser), town.urgent, town.cheap)
    assert pairs_on(page) == {
        town.easy.number: name_of(town.dear),
        town.late.number: name_of(town.cheap),
    }
    moves = page.soup.select_one("#moves").get_text()
    assert f"{town.urgent.number}は、前の組み合わせがなくなったため、行き先がなくなります" in moves
    assert f"{town.late.number}は、" in moves
    assert town.easy.number not in moves
    locks = page.soup.find("caption", string=lambda text: "決めたこと" in (text or "")).parent
    assert "本人が断った" in locks.get_text()


def test_a_lock_is_taken_back_and_everything_is_as_before(town, desk, browser_of):
    browser = browser_of(desk)
    page = made(browser)
    before = pairs_on(page)
    refused = lock(browser, page, town.urgent, town.cheap)
    after = browser.submit(refused, action="/undo")
    assert pairs_on(after) == before
    again = browser.submit(refused, action="/undo", status=409)
    assert "もう取り消されています" in again.text


def test_a_fixed_pair_stands_before_priority(town, desk, browser_of):
    browser = browser_of(desk)
    made(browser)
    page = browser.get(f"/batches/1/households/{town.late.id}")
    assert f"{town.urgent.number}の行き先がなくなります" in page.text
    page = lock(browser, page, town.late, town.cheap, kind="この組を固定", reason="会議で決めた")
    assert pairs_on(page) == {
        town.easy.number: name_of(town.dear),
        town.late.number: name_of(town.cheap),
    }
    assert f"この組がなければ、{town.urgent.number}に行き先ができます" in page.text


def test_locks_that_contradict_each_other_are_refused_with_a_sentence(town, desk, browser_of, app):
    made(browser_of(desk))

    def lock_by(case, home, kind):
        body = {"case_id": case.id, "home_id": home.id, "kind": kind, "reason": "会議"}
        return api(app, desk, "POST", "/batches/1/locks", body)

    assert lock_by(town.urgent, town.cheap, "fixed").status_code == 201
    for case, home, kind, status, words in (
        (town.urgent, town.cheap, "never", 409, "先にそれを取り消して"),
        (town.late, town.cheap, "fixed", 409, "ほかの世帯に固定"),
        (town.easy, town.cheap, "fixed", 409, "ほかの世帯に固定"),
        (town.late, town.dear, "fixed", 422, "提案できる住戸から"),
    ):
        answer = lock_by(case, home, kind)
        assert (answer.status_code, words in answer.json["message"]) == (status, True), words
    lock_by(town.easy, town.dear, "fixed")
    answer = lock_by(town.easy, town.cheap, "fixed")
    assert answer.status_code == 409


def test_one_household_cannot_be_fixed_twice(make, desk, browser_of, app):
    case = a_case(make, desk)
    homes = [a_home(make, desk) for _ in range(2)]
    made(browser_of(desk))
    answers = [
        api(app, desk, "POST", "/batches/1/locks",
            {"case_id": case.id, "home_id": home.id, "kind": "fixed", "reason": "会議"})
        for home in homes
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [201, 409]
    assert "この世帯は、もうほかの住戸に固定" in answers[1].json["message"]


def test_a_lock_wants_a_reason(town, desk, browser_of):
    browser = browser_of(desk)
    page = lock(browser, made(browser), town.urgent, town.cheap, reason=" ", status=422)
    assert "理由" in page.text


def test_a_home_taken_meanwhile_is_out_after_solving_again(town, desk, browser_of, hold, app):
    browser = browser_of(desk)
    page = made(browser)
    hold(town.urgent, town.cheap)
    page = browser.submit(page, action="/solving")
    assert pairs_on(page) == {town.easy.number: name_of(town.dear)}
    body = {"case_id": town.late.id, "home_id": town.cheap.id, "kind": "fixed", "reason": "会議"}
    answer = api(app, desk, "POST", "/batches/1/locks", body)
    assert answer.status_code == 409
    assert "もう募集していません" in answer.json["message"]


def test_two_people_who_lock_one_home_are_told_apart(town, desk, make, browser_of, app):
    colleague = make.user(Role.CONSULTANT, organisation=make.the_organisation(desk))
    made(browser_of(desk))
    answers = at_once(
        app,
        (desk, "/batches/1/locks", fix(town.urgent, town.cheap)),
        (colleague, "/batches/1/locks", fix(town.late, town.cheap)),
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
