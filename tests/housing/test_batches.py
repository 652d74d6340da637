"""Everybody at once: making a batch, reading it, locking pairs, and holding the approved ones."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest

from app import jobs
from app.audit.models import AuditEntry, Deed
from app.cases.models import Case, Dwelling, StayAwayZone, TeamMember
from app.db import now, today
from app.errors import InvalidError
from app.housing import pauses
from app.housing.batches import making, services
from app.housing.batches.models import MatchBatch
from app.housing.codes import PauseCause
from app.housing.models import Home
from app.housing.proposals import batch_inputs
from app.placements.models import Hold
from app.placements.services import place_hold
from app.policy import Protection, Role
from matching.errors import MatchingInputError
from tests.housing.makers import a_case, a_home
from tests.test_printing import text_of


@pytest.fixture
def desk(make):
    return make.user(Role.CONSULTANT)


@pytest.fixture
def town(make, desk):
    """Three households for two homes: only the cheap one will do for the first and the third."""
    return Town(make, desk)


class Town:
    def __init__(self, make, desk):
        soon = today() + timedelta(days=5)
        self.urgent = a_case(make, desk, need={"agreed_rent": 40000}, leave_by=soon)
        self.easy = a_case(make, desk, need={"agreed_rent": 60000},
                           leave_by=today() + timedelta(days=20))  # fmt: skip
        self.late = a_case(make, desk, need={"agreed_rent": 40000})
        self.cheap = a_home(make, desk, rent=38000)
        self.dear = a_home(make, desk, rent=55000)


def made(browser):
    page = browser.get("/batches")
    return browser.submit(page, action="/batches")


def pairs_on(page):
    """Case number to the home's name, in the order of the page."""
    return {
        article.select_one(".batch-head h3").get_text().split("　")[0]: article.select_one(
            ".home-title a"
        ).get_text(strip=True)
        for article in page.soup.select("article.batch-pair")
    }


def name_of(home):
    return f"{home.property.name} {home.room}"


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


@pytest.fixture
def hold(desk, in_database):
    """Holds a home for a case outside any batch."""

    def place(case, home):
        def do(session):
            place_hold(
                session,
                home=session.get_one(Home, home.id),
                case=session.get_one(Case, case.id),
                user_id=desk.id,
                organisation_id=desk.organisation_id,
                at=now(),
            )

        in_database(do)

    return place


# ------------------------------------------------------------------------------------ policies


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


# --------------------------------------------------------------------------------------- locks


def lock(browser, page, case, home, *, kind="この組はなし", reason="本人が断った", **more):
    """Press one of the two buttons below a pair."""
    for form in page.soup.select("form.batch-lock"):
        values = {i["name"]: i.get("value") for i in form.find_all("input")}
        if (values["case_id"], values["home_id"]) == (str(case.id), str(home.id)):
            code = {"この組はなし": "never", "この組を固定": "fixed"}[kind]
            also = values | {"reason": reason, "kind": code}
            return browser.submit(page, also=also, action="/locks", **more)
    raise AssertionError("no form for this pair")


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
        (desk, "/batches/1/locks", _fix(town.urgent, town.cheap)),
        (colleague, "/batches/1/locks", _fix(town.late, town.cheap)),
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]


def _fix(case, home):
    return {"case_id": case.id, "home_id": home.id, "kind": "fixed", "reason": "会議"}


# --------------------------------------------------------------------------------------- holds


def hold_approved(browser, page, *pairs, **more):
    ticked = [f"{case.id}-{home.id}" for case, home in pairs]
    return browser.submit(page, also={"pairs": ticked}, action="/holds", **more)


def active(in_database):
    return in_database(
        lambda session: {
            (hold.case_id, hold.home_id)
            for hold in session.query(Hold).filter(Hold.ended_at.is_(None))
        }
    )


def test_nothing_is_ticked_at_first_and_the_ticked_pairs_alone_are_held(
    town, desk, browser_of, in_database
):
    browser = browser_of(desk)
    page = made(browser)
    assert not page.soup.select("[name=pairs][checked]")
    assert "印をつけて" in hold_approved(browser, page, status=422).text
    page = hold_approved(browser, page, (town.urgent, town.cheap))
    assert active(in_database) == {(town.urgent.id, town.cheap.id)}
    assert "1組を取り置きました" in page.text
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
    answer = api(app, desk, "POST", "/batches/1/locks", _fix(town.late, town.cheap))
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


# ------------------------------------------------------------------------------------- privacy


def test_a_household_in_hiding_is_taken_in_by_its_team_alone(make, desk, browser_of):
    hidden = a_case(make, desk, team=False, protection=Protection.YES)
    plain = a_case(make, desk)
    a_home(make, desk)
    a_home(make, desk)
    page = made(browser_of(desk))
    assert list(pairs_on(page)) == [plain.number]
    assert hidden.number not in page.text
    assert "ほかに1世帯あります" in page.text


def test_a_colleague_reads_the_batch_without_the_household_in_hiding(make, desk, browser_of, app):
    hidden = a_case(make, desk, protection=Protection.YES)
    plain = a_case(make, desk, need={"agreed_rent": 38000})
    home = a_home(make, desk, rent=38000)
    colleague = make.user(Role.CONSULTANT, organisation=make.the_organisation(desk))
    mine = made(browser_of(desk))
    assert list(pairs_on(mine)) == [hidden.number]
    browser = browser_of(colleague)
    page = browser.get("/batches/1")
    assert not pairs_on(page)
    assert hidden.number not in page.text
    assert name_of(home) not in page.text
    for tile in page.soup.select(".batch-policies .tile-value"):
        assert tile.get_text(strip=True) == "0世帯が入れる"
    assert "承認を待っています" not in browser.get("/").text
    file = browser.raw.get("/batches/1/pairs.csv").get_data(as_text=True)
    assert plain.number in file
    assert hidden.number not in file
    assert name_of(home) not in file
    choices = browser.get(f"/batches/1/households/{plain.id}").text
    assert "ほかの世帯の行き先がなくなります" in choices
    browser.get(f"/batches/1/households/{hidden.id}", status=404)
    body = {"pairs": [f"{hidden.id}-{home.id}"]}
    answer = api(app, colleague, "POST", "/batches/1/holds", body)
    assert answer.json[0]["outcome"] == "not_proposed"
    refused = api(app, colleague, "POST", "/batches/1/locks", _fix(hidden, home))
    assert refused.status_code == 404


def test_another_organisation_does_not_learn_of_a_batch(town, desk, make, browser_of):
    made(browser_of(desk))
    stranger = browser_of(make.user(Role.CONSULTANT))
    stranger.get("/batches/1", status=404)
    assert "記録 1" not in stranger.get("/batches").text


def test_a_home_near_a_place_to_stay_away_from_is_in_no_pair_and_the_zone_is_stored_nowhere(
    make, desk, browser_of, in_database
):
    case = a_case(make, desk, protection=Protection.YES)
    near = a_home(make, desk)
    far = a_home(make, desk, latitude=35.60, longitude=139.60)
    make.save(
        StayAwayZone(case_id=case.id, latitude=35.4993, longitude=139.4085, radius_m=1234,
                     recorded_by=desk.id)
    )  # fmt: skip
    page = made(browser_of(desk))
    assert pairs_on(page) == {case.number: name_of(far)}
    assert name_of(near) not in browser_of(desk).get(f"/batches/1/households/{case.id}").text

    def everything(session):
        batch = session.get_one(MatchBatch, 1)
        return str((batch.inputs, batch.asked, batch.answer))

    assert "1234" not in in_database(everything)


def test_a_housing_worker_reads_no_groups_and_no_sleeping_place(make, desk, browser_of):
    worker = make.user(Role.HOUSING, organisation=make.the_organisation(desk))
    street = a_case(make, desk, dwelling=Dwelling.STREET, need={"groups": ["dv"]})
    soon = a_case(make, desk, leave_by=today() + timedelta(days=40))
    for case in (street, soon):
        make.save(TeamMember(case_id=case.id, user_id=worker.id, since=today()))
    a_home(make, desk, accepts=[("dv", "yes")])
    a_home(make, desk, accepts=[("dv", "yes")])
    mine = made(browser_of(desk))
    assert list(pairs_on(mine)) == [street.number, soon.number]
    page = browser_of(worker).get("/batches/1")
    assert list(pairs_on(page)) == [soon.number, street.number]
    assert "路上" not in page.text
    assert "避難" not in page.text


def test_looks_at_a_batch_are_written_down(town, desk, browser_of, in_database):
    browser = browser_of(desk)
    made(browser)
    browser.raw.get("/batches/1/pairs.csv")
    browser.raw.get("/batches/1/meeting.pdf")

    def deeds(session):
        rows = session.query(AuditEntry).filter(AuditEntry.record_kind == "case",
                                                AuditEntry.record_id == town.urgent.id)  # fmt: skip
        return {row.deed for row in rows}

    assert {Deed.VIEWED, Deed.EXPORTED, Deed.PRINTED} <= in_database(deeds)


def test_the_paper_names_no_household_in_hiding(make, desk, browser_of):
    hidden = a_case(make, desk, protection=Protection.YES, dwelling=Dwelling.STREET)
    plain = a_case(make, desk, name="架空 花子")
    for _ in range(2):
        a_home(make, desk)
    browser = browser_of(desk)
    made(browser)
    text = text_of(browser.raw.get("/batches/1/meeting.pdf").data)
    assert plain.number in text
    assert hidden.number not in text
    assert "花子" not in text


# --------------------------------------------------------------------- replaying, jobs, the past


def test_a_batch_replays_to_the_same_answer_after_a_lock(town, desk, browser_of, in_database):
    browser = browser_of(desk)
    page = made(browser)
    assert in_database(lambda s: services.replays(s.get_one(MatchBatch, 1)))
    lock(browser, page, town.urgent, town.cheap)
    assert in_database(lambda s: services.replays(s.get_one(MatchBatch, 1)))


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
    assert closed.number not in page.text


def test_many_households_are_a_job_whose_page_shows_how_far_it_is(
    town, desk, browser_of, monkeypatch, app
):
    monkeypatch.setattr(making.make_batch, "__kwdefaults__", {"at_once": 2})
    browser = browser_of(desk)
    page = made(browser)
    assert "組み合わせています" in page.text
    assert browser.raw.get("/batches/1/pairs.csv").status_code == 409
    assert api(app, desk, "GET", "/batches/1").json["state"] == "working"
    with app.app_context():
        jobs.run_due()
    assert len(pairs_on(browser.get("/batches/1"))) == 2


def test_a_page_takes_as_many_statements_for_six_households_as_for_three(
    make, town, desk, browser_of, count_queries
):
    browser = browser_of(desk)
    counts = []
    for _ in range(2):
        made(browser)
        number = len(counts) + 1
        browser.get(f"/batches/{number}")
        count_queries()
        browser.get(f"/batches/{number}")
        counts.append(count_queries())
        Town(make, desk)
    assert counts[1] <= counts[0] <= 25, counts


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


def test_a_partner_on_the_team_finds_the_batch_and_reads_that_household_alone(
    town, desk, make, browser_of
):
    partner = make.user(Role.HOUSING)
    made(browser_of(desk))
    assert "記録 1" not in browser_of(partner).get("/batches").text
    make.save(TeamMember(case_id=town.easy.id, user_id=partner.id, since=today()))
    browser = browser_of(partner)
    assert "記録 1" in browser.get("/batches").text
    page = browser.get("/batches/1")
    assert pairs_on(page) == {town.easy.number: name_of(town.dear)}
    assert town.urgent.number not in page.text
    assert town.late.number not in page.text


def test_what_changed_names_nobody_who_may_not_be_named(make, desk, browser_of):
    long_ago = {"received_on": today() - timedelta(days=100)}  # nobody like them is expected
    hidden = a_case(make, desk, protection=Protection.YES, need={"agreed_rent": 38000}, **long_ago)
    plain = a_case(make, desk, need={"agreed_rent": 50000}, **long_ago)
    cheap, dear = a_home(make, desk, rent=38000), a_home(make, desk, rent=45000)
    colleague = make.user(Role.CONSULTANT, organisation=make.the_organisation(desk))
    browser = browser_of(desk)
    page = made(browser)
    assert pairs_on(page)[plain.number] == name_of(dear)
    page = lock(browser, page, hidden, cheap)
    assert pairs_on(page) == {plain.number: name_of(cheap)}
    told = browser_of(colleague).get("/batches/1").soup.select_one("#moves").get_text()
    assert f"{plain.number}は、ほかの組が変わったため、{name_of(cheap)}に変わります" in told
    assert hidden.number not in told
    assert "ほかの世帯" not in told


def test_an_answer_stored_for_a_repeat_is_not_given_to_whoever_sees_less_by_now(
    make, desk, app, in_database
):
    case = a_case(make, desk, protection=Protection.YES)
    a_home(make, desk)
    headers = {"Authorization": f"Bearer {desk.token}", "Idempotency-Key": "the-same-key"}

    def ask():
        return app.test_client().post("/api/v1/batches", headers=headers)

    first = ask()
    assert first.json["pairs"][0]["case_id"] == case.id
    assert ask().json == first.json
    in_database(lambda session: session.query(TeamMember).delete())
    assert ask().status_code == 403
    assert api(app, desk, "GET", "/batches/1").json["pairs"] == []


def test_the_api_goes_the_whole_way(town, desk, app):
    batch = api(app, desk, "POST", "/batches").json
    assert batch["state"] == "ready"
    pairs = [(one["case_id"], one["home_id"]) for one in batch["pairs"]]
    assert pairs == [(town.urgent.id, town.cheap.id), (town.easy.id, town.dear.id)]
    assert batch["without"][0]["case_id"] == town.late.id
    url = f"/batches/{batch['id']}"
    locked = api(app, desk, "POST", f"{url}/locks",
                 _fix(town.urgent, town.cheap) | {"kind": "never"})  # fmt: skip
    assert locked.status_code == 201
    assert len(locked.json["moves"]) == 2
    [lock] = locked.json["locks"]
    undone = api(app, desk, "POST", f"{url}/locks/{lock['id']}/undo")
    assert undone.json["pairs"] == batch["pairs"]
    assert api(app, desk, "POST", f"{url}/locks/{lock['id']}/undo").status_code == 409
    assert api(app, desk, "POST", f"{url}/locks/99/undo").status_code == 404
    fit = api(app, desk, "POST", f"{url}/policy", {"policy": "fit"}).json
    assert [one["code"] for one in fit["policies"] if one["chosen"]] == ["fit"]


def test_a_batch_is_made_and_replayed_from_the_command_line(town, desk, app, in_database):
    runner = app.test_cli_runner()
    said = runner.invoke(args=["match", "--all", "--user", desk.login]).output
    assert town.urgent.number in said
    assert name_of(town.cheap) in said
    plain = runner.invoke(args=["match", "--all", "--user", desk.login, "--json"]).output
    assert json.loads(plain)["batch"] == 2
    assert "同じ答え" in runner.invoke(args=["match", "--replay-batch", "1"]).output
    assert "--user" in runner.invoke(args=["match", "--all"]).output

    def spoil(session):
        batch = session.get_one(MatchBatch, 1)
        batch.answer = {**batch.answer, "kept": [999]}
        session.get_one(MatchBatch, 2).rule_version = "batch-0"

    in_database(spoil)
    for number, words in ((1, "違う答え"), (2, "以前の規則"), (9, "ないか")):
        result = runner.invoke(args=["match", "--replay-batch", str(number)])
        assert (result.exit_code, words in result.output) == (1, True), words


def test_nobody_is_matched_from_the_command_line_when_there_is_nobody(desk, app):
    result = app.test_cli_runner().invoke(args=["match", "--all", "--user", desk.login])
    assert result.exit_code == 1
    assert "組み合わせる世帯がありません" in result.output


def test_a_job_that_cannot_go_on_says_so_on_the_page(town, desk, browser_of, monkeypatch, app):
    monkeypatch.setattr(making.make_batch, "__kwdefaults__", {"at_once": 2})

    def broken(*_args, **_kwargs):
        raise InvalidError("決めたことが食い違っています。")

    monkeypatch.setattr(services, "fill", broken)
    browser = browser_of(desk)
    made(browser)
    with app.app_context():
        jobs.run_due()
    assert "決めたことが食い違っています" in browser.get("/batches/1").text
    refused = api(app, desk, "POST", "/batches/1/locks", _fix(town.urgent, town.cheap))
    assert refused.status_code == 409


def test_groups_are_named_as_homes_to_look_for_only_to_those_who_read_them(make, desk, browser_of):
    worker = make.user(Role.HOUSING, organisation=make.the_organisation(desk))
    case = a_case(make, desk, need={"groups": ["foreign"]})
    make.save(TeamMember(case_id=case.id, user_id=worker.id, since=today()))
    mine = made(browser_of(desk))
    assert "外国籍の方可" in mine.text
    theirs = browser_of(worker).get("/batches/1")
    assert case.number in theirs.text
    assert "外国籍" not in theirs.text


# ----------------------------------------------------------------------------------------- kit


def api(app, user, method, path, body=None):
    headers = {"Authorization": f"Bearer {user.token}", "Idempotency-Key": f"key-{next(_KEYS):08}"}
    return app.test_client().open(f"/api/v1{path}", method=method, headers=headers, json=body)


def at_once(app, *requests):
    with ThreadPoolExecutor(len(requests)) as pool:
        sent = [pool.submit(api, app, user, "POST", path, body) for user, path, body in requests]
        return [one.result() for one in sent]


_KEYS = count()
