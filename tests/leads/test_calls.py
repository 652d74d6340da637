"""Calling: who is due first, one person at a time, what each result plans, slips taken back."""

import threading
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.cases.versions import StaleError
from app.db import now, separate_session, today
from app.errors import ConflictError
from app.japanese import workday_from
from app.leads import claims, services
from app.leads.codes import CallResult
from app.leads.models import Lead, LeadAttempt, LeadClaim
from app.policy import Role
from tests.leads.kit import csv, line, press, taken


@pytest.fixture
def desk(make):
    return make.user(Role.CONSULTANT, name="見本 かけ子")


@pytest.fixture
def browser(browser_of, desk):
    browser = browser_of(desk)
    rows = (
        line("A1", name="試験 一", phone="0462-55-0001", status="償還中"),
        line("A2", name="試験 二", phone="0462-55-0002", status="滞納3か月"),
        line("A3", name="試験 三", phone="0462-55-0002", status="連絡不能"),
        line("A4", name="試験 四", phone="", status="猶予"),
    )
    taken(browser, csv(*rows))
    return browser


@pytest.fixture
def colleague(make, desk, browser_of):
    user = make.user(Role.CONSULTANT, organisation=make.the_organisation(desk), name="見本 次子")
    return browser_of(user)


def listed(page):
    return [link.text for link in page.soup.select(".lead-people .lead-name > a")]


def call(browser, lead_id, *, status=200):
    page = browser.get(f"/leads/{lead_id}")
    return browser.submit(page, action="/claim", status=status)


def lead(in_database, lead_id):
    def read(session):
        one = session.get_one(Lead, lead_id)
        names = ("state", "next_on", "calls", "misses", "reached", "last_result", "call_digits")
        return {name: getattr(one, name) for name in names}

    return in_database(read)


# ------------------------------------------------------------------------------ the list


def test_arrears_come_first_and_a_promise_before_them(browser):
    assert listed(browser.get("/leads")) == ["試験 二", "試験 三", "試験 一"]
    press(browser, 1, "later", next_on=str(today()))
    page = browser.get("/leads")
    assert listed(page) == ["試験 一", "試験 二", "試験 三"]
    assert "約束" in page.soup.select_one(".lead-people > li").text


def test_the_tabs_hold_everybody_once_and_count_them(browser):
    press(browser, 1, "spoke")
    press(browser, 2, "refused")
    page = browser.get("/leads")
    counts = [tab.select_one(".tab-count").text for tab in page.soup.select(".tab")]
    assert counts == ["1件", "1件", "1件", "1件", "4件"]
    found = {tab: listed(browser.get(f"/leads?tab={tab}")) for tab in ("coming", "letter", "done")}
    assert found == {"coming": ["試験 一"], "letter": ["試験 四"], "done": ["試験 二"]}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("words=二", ["試験 二"]),
        ("words=a3", ["試験 三"]),
        ("words=0462550001", ["試験 一"]),
        ("words=55-0001", ["試験 一"]),
        ("words=しけん+三", ["試験 三"]),
        ("words=%25", []),
        ("status=滞納3か月", ["試験 二"]),
        ("list_id=1&status=連絡不能", ["試験 三"]),
        ("list_id=99", []),
        ("result=absent", []),
    ],
)
def test_the_list_is_searched_and_narrowed(browser, asked, names):
    page = browser.get(f"/leads?tab=all&{asked}")
    assert listed(page) == names


def test_the_list_leaves_as_a_file_without_numbers_and_streets(browser):
    press(browser, 1, "absent")
    file = browser.raw.get("/leads.csv?tab=all").get_data(as_text=True)
    assert "A1,試験 一,償還中,これから,1,留守" in file
    assert "0462" not in file
    assert "栗原" not in file


# ------------------------------------------------------------------------------ one caller


def test_the_number_rings_for_whoever_holds_it_and_for_nobody_else(browser, colleague):
    assert not browser.get("/leads/1").soup.select('a[href^="tel:"]')
    page = call(browser, 1)
    assert page.soup.select_one('a[href^="tel:"]')["href"] == "tel:0462550001"
    theirs = colleague.get("/leads/1")
    assert "いま見本 かけ子さんがかけています" in theirs.text
    assert not theirs.soup.select('a[href^="tel:"], form[action*="attempts"]')
    assert "見本 かけ子さんが電話中" in colleague.get("/leads").text


def test_two_loans_with_one_number_are_not_rung_twice_at_once(browser, colleague):
    page = colleague.get("/leads/3")
    call(browser, 2)
    refused = colleague.submit(page, action="/claim", status=409)
    assert "いま見本 かけ子さんがかけています" in refused.text


def test_a_result_while_somebody_else_rings_is_refused_and_the_note_kept(browser, colleague):
    page = colleague.get("/leads/1")
    call(browser, 1)
    also = {"result": "spoke"}
    refused = colleague.submit(page, {"note": "折り返しが来た"}, action="/attempts", also=also,
                               status=409)  # fmt: skip
    assert "いま見本 かけ子さんがかけています" in refused.errors
    assert "まだ電話していません" in refused.text


def test_letting_go_ringing_another_and_time_free_a_number(browser, colleague, in_database):
    page = call(browser, 1)
    browser.submit(page, action="/release")
    call(colleague, 1)
    call(colleague, 2)
    call(browser, 1)
    ended = now() - timedelta(seconds=1)
    in_database(lambda s: s.execute(sa.update(LeadClaim).values(until=ended)))
    assert "tel:0462550001" in str(call(colleague, 1).soup)


def test_the_next_person_is_another_one_for_everybody_who_presses(browser, colleague):
    first = browser.submit(browser.get("/leads"), action="/leads/next")
    second = colleague.submit(colleague.get("/leads"), action="/leads/next")
    assert [first.h1.split()[1], second.h1.split()[1]] == ["二", "一"]
    again = browser.submit(browser.get("/leads"), action="/leads/next")
    assert again.h1.split()[1] == "二"
    press(browser, 2, "refused")
    press(browser, 3, "refused")
    nobody = browser.submit(browser.get("/leads"), action="/leads/next")
    assert "いまかける人はいません" in nobody.text


def test_somebody_without_a_number_is_not_held(browser):
    page = browser.get("/leads/1")
    token = {name: page.form("/claim").find("input", {"name": name})["value"]
             for name in ("csrf_token", "idempotency_key")}  # fmt: skip
    refused = browser.raw.post("/leads/4/claim", data=token)
    assert refused.status_code == 409
    assert "番号がありません" in refused.get_data(as_text=True)


def test_of_many_who_press_at_once_the_database_lets_one_ring(app, browser, make, desk):
    users = [make.user(Role.CONSULTANT, organisation=make.the_organisation(desk)).id
             for _ in range(6)]  # fmt: skip
    barrier, said = threading.Barrier(len(users)), []

    def press_at_once(user_id, lead_id):
        with app.app_context():
            barrier.wait()
            try:
                with separate_session(write=True) as session:
                    claims.claim(session, lead=session.get_one(Lead, lead_id), at=now(),
                                 organisation_id=desk.organisation_id, user_id=user_id)  # fmt: skip
                said.append("mine")
            except ConflictError as error:
                said.append(error.code)

    numbers = [2, 3] * 3  # two loans with one telephone number
    threads = [threading.Thread(target=press_at_once, args=pair)
               for pair in zip(users, numbers, strict=True)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["claimed"] * 5 + ["mine"]


def test_of_many_who_take_the_next_each_gets_another(app, browser, make, desk, in_database):
    taken(browser, csv(*(line(f"B{n}", phone=f"0462-56-{n:04}") for n in range(8))),
          list_name="もう一つ")  # fmt: skip
    users = [make.user(Role.CONSULTANT, organisation=make.the_organisation(desk))
             for _ in range(6)]  # fmt: skip
    barrier, got = threading.Barrier(len(users)), []

    def take(user):
        client = app.test_client()
        headers = {
            "Authorization": f"Bearer {user.token}",
            "Idempotency-Key": f"next-press-{user.id}",
        }
        barrier.wait()
        answer = client.post("/leads/next", headers=headers)
        got.append(answer.headers["Location"])

    threads = [threading.Thread(target=take, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(got)) == 6
    keys = in_database(lambda s: s.scalars(sa.select(LeadClaim.call_key)).all())
    assert len(set(keys)) == 6


# --------------------------------------------------------------------------------- results


@pytest.mark.parametrize(
    ("result", "days", "stands"),
    [
        ("spoke", 30, ("open", True)),
        ("absent", 1, ("open", False)),
        ("later", 3, ("open", True)),
        ("letter", 14, ("open", False)),
        ("wrong_number", None, ("open", False)),
        ("refused", None, ("declined", True)),
    ],
)
def test_each_result_plans_the_next_call(browser, in_database, result, days, stands):
    press(browser, 1, result)
    now_ = lead(in_database, 1)
    wanted = None if days is None else workday_from(today() + timedelta(days=days))
    assert now_["next_on"] == wanted
    assert (now_["state"], now_["reached"]) == stands
    assert now_["calls"] == (0 if result == "letter" else 1)


def test_after_three_absences_in_a_row_a_week_goes_by():
    day = date(2026, 11, 26)  # a Thursday
    planned = [services.next_call(CallResult.ABSENT, day, misses=n) for n in (1, 2, 3, 4)]
    assert planned == [date(2026, 11, 27)] * 2 + [date(2026, 12, 3)] * 2
    assert services.next_call(CallResult.ABSENT, date(2026, 11, 27), misses=1).day == 30


def test_a_wrong_number_is_not_rung_again_until_there_is_another(browser, in_database):
    press(browser, 1, "wrong_number")
    assert lead(in_database, 1)["call_digits"] is None
    assert "試験 一" in listed(browser.get("/leads?tab=letter"))
    taken(browser, csv(line("A1", name="試験 一", phone="(0462)55-0001")), list_id="1")
    assert lead(in_database, 1)["call_digits"] is None
    page = browser.get("/leads/1/details")
    browser.submit(page, {"new_phone": "090-1111-2222"})
    now_ = lead(in_database, 1)
    assert (now_["call_digits"], now_["next_on"]) == ("09011112222", today())
    assert "名簿の番号: 0462-55-0001" in browser.get("/leads/1").text


def test_a_day_and_no_more_win_over_the_usual(browser, in_database):
    on = today() + timedelta(days=9)
    press(browser, 1, "absent", next_on=str(on))
    assert lead(in_database, 1)["next_on"] == on
    press(browser, 2, "spoke", no_more="1")
    assert lead(in_database, 2)["state"] == "done"
    press(browser, 2, "spoke")
    assert lead(in_database, 2)["state"] == "open"


@pytest.mark.parametrize(
    ("result", "values", "said"),
    [
        ("absent", {"next_on": "2020-01-01"}, "きょうから1年以内"),
        ("absent", {"next_on": "きのう"}, "次にかける日"),
        ("refused", {"next_on": str(today())}, "次の日を空にしてください"),
        ("later", {"next_on": str(today()), "no_more": "1"}, "どちらか一つ"),
        ("linked", {}, "結果"),
        ("taken_back", {}, "結果"),
    ],
)
def test_what_makes_no_sense_is_refused_and_kept(browser, in_database, result, values, said):
    page = press(browser, 1, result, status=422, note="消えないメモ", **values)
    assert said in page.errors
    assert "消えないメモ" in page.soup.find(id="f-note").text
    assert lead(in_database, 1)["calls"] == 0


def test_of_two_who_record_the_second_sees_what_the_first_did(browser, colleague, in_database):
    page = colleague.get("/leads/1")
    press(browser, 1, "spoke", note="はじめの人のメモ")
    refused = colleague.submit(page, {"note": "あとの人"}, action="/attempts",
                               also={"result": "refused"}, status=409)  # fmt: skip
    assert "ほかの人が先に記録しました" in refused.text
    assert "はじめの人のメモ" in refused.text
    assert refused.soup.find(id="f-note").text.strip() == "あとの人"
    assert lead(in_database, 1)["state"] == "open"


def test_one_press_sent_twice_is_one_call(browser, in_database):
    page = browser.get("/leads/1")
    for _ in range(2):
        browser.submit(page, action="/leads/1/attempts", also={"result": "absent"})
    assert lead(in_database, 1)["calls"] == 1


# ------------------------------------------------------------------------------- slips


def test_a_slip_is_taken_back_and_stays_written(browser, in_database):
    before = lead(in_database, 1)
    press(browser, 1, "wrong_number")
    page = browser.submit(browser.get("/leads/1"), action="/attempts/undo")
    assert lead(in_database, 1) == before
    titles = [event.select_one("b").text for event in page.soup.select(".timeline > li")]
    assert titles == ["取り消し", "番号違い"]
    assert not page.soup.select('form[action$="/attempts/undo"]')


def test_only_ones_own_last_result_of_ten_minutes_is_taken_back(browser, colleague, in_database):
    press(browser, 1, "absent")
    assert not colleague.get("/leads/1").soup.select('form[action$="/attempts/undo"]')
    page = browser.get("/leads/1")

    def later(session):
        one = session.get_one(Lead, 1)
        with pytest.raises(ConflictError):
            services.take_back(session, lead=one, version=one.version, user_id=1,
                               at=now() + timedelta(minutes=11))  # fmt: skip

    in_database(later)
    press(colleague, 1, "refused")
    browser.submit(page, action="/attempts/undo", status=409)
    assert lead(in_database, 1)["state"] == "declined"


def test_the_database_refuses_to_change_a_call(browser, in_database):
    press(browser, 1, "absent")
    with pytest.raises(DBAPIError, match="never changed"):
        in_database(lambda s: s.execute(sa.update(LeadAttempt).values(result="spoke")))


# ------------------------------------------------------------------------------ what is heard


def test_until_somebody_asked_the_family_knows_nothing(browser):
    text = call(browser, 1).text
    assert "本人と確かめるまで、用件を言わない" in text
    assert "留守電に残さない" in text
    page = browser.get("/leads/1/details")
    values = {"secret": "no", "voicemail": "yes", "best_time": "夜7時から", "care_note": "耳が遠い"}
    text = browser.submit(page, values).text
    assert "用件を言わない" not in text
    assert "留守電に残さない" not in text
    assert "つながりやすい時間: 夜7時から" in text
    assert "耳が遠い" in text
    browser.submit(browser.get("/leads/1/details"), {"secret": "yes"})
    assert "家族に知られず" in browser.get("/leads?tab=all&words=一").text


def test_what_was_heard_is_refused_when_stale_or_unreadable(browser, colleague):
    theirs = colleague.get("/leads/1/details")
    page = browser.get("/leads/1/details")
    refused = browser.submit(page, {"new_phone": "わからない"}, status=422)
    assert "電話番号として読めません" in refused.errors
    browser.submit(page, {"best_time": "朝"})
    conflict = colleague.submit(theirs, {"best_time": "夜"}, status=409)
    assert "ほかの人の更新と重なりました" in conflict.text
    assert "朝" in conflict.text
    browser_said = colleague.submit(conflict, {"best_time": "昼"})
    assert "つながりやすい時間: 昼" in browser_said.text


def test_a_stale_version_is_refused_by_the_service(browser, in_database, desk):
    def stale(session):
        one = session.get_one(Lead, 1)
        with pytest.raises(StaleError):
            services.take_back(session, lead=one, version=99, user_id=desk.id, at=now())

    in_database(stale)


def test_nobody_is_due_on_lists_of_others(browser, make, browser_of):
    other = browser_of(make.user(Role.CONSULTANT))
    assert "まだ名簿がありません" in other.get("/leads").text
    assert other.raw.get("/leads/1").status_code == 404
