"""Is it still vacant: one call for all homes of a contact, one tap an answer, a link instead."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.audit.models import AuditEntry
from app.config import settings
from app.db import now, today
from app.directory.models import Partner, PartnerKind
from app.housing.codes import HomeState
from app.housing.freshness.models import AnswerLink, CheckAnswer, VacancyCheck
from app.housing.lists.models import HomeStatement, QuestionState
from app.housing.models import Home
from app.policy import Role
from tests.housing.makers import HEAD, a_home, csv_list, from_sender

LONG_AGO = timedelta(days=45)


@pytest.fixture
def worker(make):
    return make.user(Role.HOUSING)


@pytest.fixture
def desk(worker, browser_of):
    return browser_of(worker)


@pytest.fixture
def agent(make):
    return make.save(
        Partner(
            kind=PartnerKind.REALTOR,
            name="㈱架空不動産",
            name_key="架空不動産",
            phone="046-000-1111",
        )
    )


def stale(make, worker, **values):
    return a_home(make, worker, **{"confirmed_on": today() - LONG_AGO, **values})


def home_now(in_database, home):
    return in_database(lambda s: s.get_one(Home, home.id))


def cards(page):
    return {c.h2.get_text(strip=True): c for c in page.soup.select(".check-card")}


# ------------------------------------------------------------------------------- phoning


def test_homes_of_one_contact_stand_together_with_its_number(desk, make, worker, agent):
    stale(make, worker, name="コーポ一", agent_id=agent.id)
    stale(make, worker, name="コーポ二", agent_id=agent.id, contact_phone="090-0000-2222")
    stale(make, worker, name="コーポ三", contact_phone="046-000-3333")
    a_home(make, worker, name="コーポ確認済み", agent_id=agent.id)
    found = cards(desk.get("/homes/check"))
    assert set(found) == {"㈱架空不動産", "連絡先の名前が分かりません"}
    card = found["㈱架空不動産"]
    assert [li.b.text for li in card.select("li")] == ["コーポ一 101", "コーポ二 101"]
    phones = [a["href"] for a in card.select("a[href^=tel]")]
    assert phones == ["tel:046-000-1111", "tel:090-0000-2222"]  # the agent's, then a home's own


def test_one_tap_writes_the_answer_and_ten_minutes_later_it_is_off_the_list(
    desk, make, worker, agent, in_database
):
    home = stale(make, worker, agent_id=agent.id, missing_since=today())
    page = desk.submit(
        desk.get("/homes/check"), action=f"/homes/{home.id}/confirm", button="空いている"
    )
    kept = home_now(in_database, home)
    assert (kept.confirmed_on, kept.missing_since) == (today(), None)
    assert "と記録しました" in page.text
    with time_machine.travel(now() + timedelta(minutes=11), tick=True):
        assert "いま確かめる住戸はありません" in desk.get("/homes/check").text


def test_an_answer_tapped_by_mistake_is_taken_back_with_all_that_was_before(
    desk, make, worker, agent, in_database
):
    home = stale(make, worker, agent_id=agent.id, missing_since=today() - timedelta(days=3))
    page = desk.submit(
        desk.get("/homes/check"), action=f"/homes/{home.id}/confirm", button="もうない"
    )
    assert home_now(in_database, home).state is HomeState.STOPPED
    page = desk.submit(page, action="/undo")
    kept = home_now(in_database, home)
    assert kept.state is HomeState.VACANT
    assert kept.confirmed_on == today() - LONG_AGO
    assert kept.missing_since == today() - timedelta(days=3)
    assert "空いている" in page.text


def test_nothing_is_taken_back_after_ten_minutes_or_over_a_later_change(
    desk, make, worker, in_database
):
    home = stale(make, worker, contact_phone="046-000-1111")
    page = desk.submit(
        desk.get("/homes/check"), action=f"/homes/{home.id}/confirm", button="もうない"
    )
    in_database(lambda s: setattr(s.get_one(Home, home.id), "rent", 41000))
    answer = desk.submit(page, action="/undo", status=409)
    assert "そのあとで住戸が変わった" in answer.text
    assert home_now(in_database, home).state is HomeState.STOPPED
    with time_machine.travel(now() + timedelta(minutes=11), tick=True):
        answer = desk.submit(page, action="/undo", status=409)
    assert "10分以内" in answer.text
    assert in_database(lambda s: s.scalar(sa.select(VacancyCheck.undone_at))) is None


def test_nothing_is_taken_back_over_a_list_that_left_the_home_out(desk, make, worker, in_database):
    home = stale(make, worker, contact_phone="046-000-1111")
    page = desk.submit(
        desk.get("/homes/check"), action=f"/homes/{home.id}/confirm", button="空いている"
    )
    in_database(lambda s: s.execute(sa.update(Home).values(missing_since=today())))
    desk.submit(page, action="/undo", status=409)
    assert home_now(in_database, home).missing_since == today()


def test_taking_an_answer_back_asks_again_what_the_answer_had_settled(desk, in_database):
    row = csv_list("コーポ相武,101,座間市相武台1-2-3,1K,22,40000,,,,,")
    stopped = csv_list("コーポ相武,101,座間市相武台1-2-3,1K,22,40000,,,,,,0", head=f"{HEAD},空室")
    from_sender(desk, row, "a.csv", "試験協議会")
    from_sender(desk, stopped, "b.csv", "見本不動産")
    asked = sa.select(sa.func.count(HomeStatement.id)).where(
        HomeStatement.question == QuestionState.OPEN, HomeStatement.field == "vacancy"
    )
    assert in_database(lambda s: s.scalar(asked)) == 1
    home_id = in_database(lambda s: s.scalar(sa.select(Home.id)))
    in_database(lambda s: s.execute(sa.update(Home).values(confirmed_on=today() - LONG_AGO)))
    page = desk.submit(
        desk.get("/homes/check"), action=f"/homes/{home_id}/confirm", button="もうない"
    )
    assert in_database(lambda s: s.scalar(asked)) == 0
    desk.submit(page, action="/undo")
    assert in_database(lambda s: s.scalar(asked)) == 1
    noted = sa.select(sa.func.count(AuditEntry.id)).where(
        AuditEntry.record_kind == "home", AuditEntry.record_id == home_id,
        AuditEntry.deed == "changed",
    )  # fmt: skip
    assert in_database(lambda s: s.scalar(noted)) >= 2  # the answer, and its being taken back


def test_an_answer_given_again_since_is_not_taken_back(desk, make, worker, in_database):
    home = stale(make, worker, contact_phone="046-000-1111")
    page = desk.get(f"/homes/{home.id}")
    desk.submit(page, action="/confirm", button="空いている")
    first = in_database(lambda s: s.scalar(sa.select(VacancyCheck.id)))
    desk.submit(desk.get(f"/homes/{home.id}"), action="/confirm", button="空いている")
    form = page.form("/confirm")
    token = {"csrf_token": form.find(attrs={"name": "csrf_token"})["value"]}
    assert desk.raw.post(f"/homes/checks/{first}/undo", data=token).status_code == 409
    assert home_now(in_database, home).confirmed_on == today()


def test_a_call_nobody_took_is_remembered_and_the_contact_goes_to_the_end(
    make, worker, agent, browser_of, in_database
):
    desk = browser_of(worker)
    first = stale(make, worker, name="コーポ先", agent_id=agent.id, missing_since=today())
    stale(make, worker, name="コーポ後", contact_phone="046-000-3333")
    page = desk.get("/homes/check")
    assert next(iter(cards(page))) == "㈱架空不動産"
    page = desk.submit(page, action=f"/homes/{first.id}/confirm", button="出なかった")
    assert list(cards(page))[-1] == "㈱架空不動産"
    assert "きょうは出なかった" in page.text
    assert home_now(in_database, first).confirmed_on == today() - LONG_AGO
    with time_machine.travel(now() + timedelta(days=1), tick=True):
        card = cards(browser_of(worker).get("/homes/check"))["㈱架空不動産"]
    assert "出なかった" in card.select_one("li").text
    assert "きょうは出なかった" not in card.text


def test_one_answer_for_all_homes_of_a_contact(desk, make, worker, agent, in_database):
    homes = [stale(make, worker, agent_id=agent.id) for _ in range(3)]
    desk.submit(
        desk.get("/homes/check"), action="/homes/check/contact", button="3件ぜんぶ空いている"
    )
    assert [home_now(in_database, home).confirmed_on for home in homes] == [today()] * 3


def test_a_home_on_its_way_to_a_household_is_not_asked_about(desk, make, worker, in_database):
    held = stale(make, worker, state=HomeState.HELD)
    assert "いま確かめる住戸はありません" in desk.get("/homes/check").text
    other = stale(make, worker)
    page = desk.get("/homes/check")
    in_database(lambda s: setattr(s.get_one(Home, other.id), "state", HomeState.HELD))
    answer = desk.submit(page, action=f"/homes/{other.id}/confirm", button="もうない", status=409)
    assert "取り置き" in answer.text
    assert home_now(in_database, held).state is HomeState.HELD


def test_the_list_takes_few_statements_however_long_it_is(desk, make, worker, agent, count_queries):
    stale(make, worker, agent_id=agent.id)
    desk.get("/homes/check")
    count_queries()
    desk.get("/homes/check")
    few = count_queries()
    for number in range(25):
        stale(make, worker, contact_phone=f"046-000-{number:04}")
        stale(make, worker, agent_id=agent.id)
    count_queries()
    page = desk.get("/homes/check")
    assert count_queries() <= few <= 14
    assert len(cards(page)) <= 20
    assert "連絡先の名前" in desk.get(page.link("次へ")).text


def test_only_the_housing_organisation_sees_whom_to_phone(make, browser_of):
    for role in (Role.CONSULTANT, Role.FOODBANK, Role.FOLLOWUP, Role.AUDITOR):
        browser_of(make.user(role)).get("/homes/check", status=403)


# ---------------------------------------------------------------------------------- links


class Asked:
    """Homes of one agent, and the link the housing organisation made for them."""

    def __init__(self, make, worker, agent, desk, in_database):
        self.make, self.worker, self.agent = make, worker, agent
        self.desk, self.in_database = desk, in_database

    def about(self, *names):
        """Make the homes and the link; the homes, and the path the agent opens."""
        homes = [stale(self.make, self.worker, name=n, agent_id=self.agent.id) for n in names]
        page = self.desk.submit(self.desk.get("/homes/check"), action="/homes/links")
        address = page.soup.find(id="f-address")["value"]
        return homes, "/" + address.split("/", 3)[3]

    def now(self, home):
        return home_now(self.in_database, home)

    def link(self):
        return self.in_database(lambda s: s.scalar(sa.select(AnswerLink)))


@pytest.fixture
def asked(make, worker, agent, desk, in_database):
    return Asked(make, worker, agent, desk, in_database)


def test_an_agent_answers_without_an_account_and_the_home_follows(asked, desk, visitor):
    (kept, gone), path = asked.about("コーポ残り", "コーポ決まり")
    page = visitor.get(path)
    assert "コーポ残り 101" in page.text
    page = visitor.submit(
        page,
        {
            "answers-0-answer": "vacant",
            "answers-0-note": "家賃は4万円になりました",
            "answers-1-answer": "gone",
        },
        action="/answer/",
    )
    assert "答えを受け取りました" in page.text
    assert asked.now(kept).confirmed_on == today()
    assert asked.now(kept).rent == 39000  # words are read by a person, never guessed
    assert asked.now(gone).state is HomeState.STOPPED
    told = desk.get("/homes/check?show=answers")
    assert "家賃は4万円になりました" in told.text
    assert "コーポ決まり" in told.text
    assert "業者・貸主から届いた答え（2件）" in desk.get("/").text
    for _ in range(2):
        told = desk.submit(told, action="/seen")
    assert "読んでいない答えはありません" in told.text


def test_the_same_answers_sent_twice_are_written_once(asked, visitor, in_database):
    _homes, path = asked.about("コーポ一")
    page = visitor.get(path)
    for _ in range(2):
        visitor.submit(page, {"answers-0-answer": "vacant"}, action="/answer/")
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(VacancyCheck.id)))) == 1


def test_an_answer_can_be_corrected_until_the_link_ends(asked, visitor):
    (home,), path = asked.about("コーポ一")
    visitor.submit(visitor.get(path), {"answers-0-answer": "gone"}, action="/answer/")
    assert asked.now(home).state is HomeState.STOPPED
    visitor.submit(visitor.get(path), {"answers-0-answer": "vacant"}, action="/answer/")
    assert asked.now(home).state is HomeState.VACANT


def test_an_ended_or_expired_link_shows_no_home_and_takes_no_answer(asked, desk, visitor):
    (home,), path = asked.about("コーポ秘密")
    page = visitor.get(path)
    with time_machine.travel(now() + timedelta(days=15), tick=True):
        assert "コーポ秘密" not in visitor.get(path, status=410).text
        visitor.submit(page, {"answers-0-answer": "gone"}, action="/answer/", status=410)
    desk.submit(desk.get(f"/homes/links/{asked.link().id}"), action="/end")
    assert "コーポ秘密" not in visitor.get(path, status=410).text
    visitor.submit(page, {"answers-0-answer": "gone"}, action="/answer/", status=410)
    assert asked.now(home).state is HomeState.VACANT


def test_a_page_left_open_over_night_still_takes_the_answer(asked, visitor):
    (home,), path = asked.about("コーポ一")
    page = visitor.get(path)
    with time_machine.travel(now() + timedelta(days=2), tick=True):
        visitor.submit(page, {"answers-0-answer": "gone"}, action="/answer/")
    assert asked.now(home).state is HomeState.STOPPED


def test_a_changed_or_foreign_address_opens_nothing(asked, visitor, in_database):
    _homes, path = asked.about("コーポ一")
    body, signature = path.rsplit(".", 1)
    for wrong in (f"{body}x.{signature}", f"{body}.{signature[:-2]}", "/answer/1", "/answer/a.b.c"):
        assert visitor.raw.get(wrong).status_code == 404, wrong
    link = asked.link()
    in_database(lambda s: setattr(s.get_one(AnswerLink, link.id), "nonce", "another"))
    visitor.get(path, status=404)


def test_a_link_answers_for_its_own_homes_only(asked, make, worker, visitor):
    _homes, path = asked.about("コーポ一")
    other = stale(make, worker, contact_phone="046-000-9999")
    visitor.submit(
        visitor.get(path),
        {"answers-0-home_id": other.id, "answers-0-answer": "gone"},
        action="/answer/",
    )
    assert asked.now(other).state is HomeState.VACANT


def test_a_home_held_meanwhile_stays_held_whatever_the_agent_answers(
    asked, desk, visitor, in_database
):
    (home,), path = asked.about("コーポ進行")
    page = visitor.get(path)
    in_database(lambda s: setattr(s.get_one(Home, home.id), "state", HomeState.HELD))
    visitor.submit(page, {"answers-0-answer": "gone"}, action="/answer/")
    assert asked.now(home).state is HomeState.HELD
    shown = visitor.get(path)
    assert "いまは確認の必要がありません" in shown.text
    assert "取り置き" not in shown.text
    assert "コーポ進行" in desk.get("/homes/check?show=answers").text


def test_a_link_is_for_one_contact_alone(worker, make, agent, app):
    mine = stale(make, worker, agent_id=agent.id)
    other = stale(make, worker, contact_phone="046-000-9999")
    answer = app.test_client().post(
        "/api/v1/vacancies/links",
        json={"homes": [mine.id, other.id]},
        headers={"Authorization": f"Bearer {worker.token}", "Idempotency-Key": "link-0001"},
    )
    assert answer.status_code == 422
    assert answer.json["code"] == "contacts_differ"


def test_links_belong_to_the_organisation_that_made_them(asked, make, browser_of):
    asked.about("コーポ一")
    stranger = browser_of(make.user(Role.HOUSING))
    number = asked.link().id
    for path in (f"/homes/links/{number}", f"/homes/links/{number}/vacancy-check.pdf"):
        stranger.get(path, status=404)


def test_the_paper_for_the_fax_is_made_and_noted(asked, desk, in_database):
    asked.about("コーポ髙﨑𠮷")
    answer = desk.raw.get(f"/homes/links/{asked.link().id}/vacancy-check.pdf")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    printed = sa.select(sa.func.count(AuditEntry.id)).where(
        AuditEntry.deed == "printed", AuditEntry.record_kind == "answer_link"
    )
    assert in_database(lambda s: s.scalar(printed)) == 1


# ------------------------------------------------------------------------------------ api


def test_the_api_tells_whom_to_ask_and_writes_the_answer_once(
    make, worker, agent, app, in_database
):
    home = stale(make, worker, agent_id=agent.id)
    client = app.test_client()
    token = {"Authorization": f"Bearer {worker.token}"}
    told = client.get("/api/v1/vacancies/to-ask", headers=token).json
    assert told["items"] == [
        {"name": "㈱架空不動産", "phones": ["046-000-1111"], "homes": [home.id]}
    ]
    for _ in range(2):
        answer = client.post(
            f"/api/v1/homes/{home.id}/checks",
            json={"answer": "vacant"},
            headers={**token, "Idempotency-Key": "check-0001"},
        )
        assert answer.status_code == 201
    checks = in_database(lambda s: s.scalars(sa.select(VacancyCheck)).all())
    assert [check.answer for check in checks] == [CheckAnswer.VACANT]
    wrong = client.post(
        f"/api/v1/homes/{home.id}/checks",
        json={"answer": "maybe"},
        headers={**token, "Idempotency-Key": "check-0002"},
    )
    assert wrong.status_code == 422


# ------------------------------------------------------------ other offices, other addresses


def press(browser, url):
    token = browser.get("/homes/check").soup.find("input", attrs={"name": "csrf_token"})["value"]
    return browser.raw.post(url, data={"csrf_token": token}).status_code


def test_another_organisation_neither_reads_away_nor_takes_back_an_answer(
    asked, desk, visitor, browser_of
):
    make = asked.make
    (home,), path = asked.about("コーポ一")
    visitor.submit(visitor.get(path), {"answers-0-answer": "gone"}, action="/answer/")
    own = stale(make, asked.worker, contact_phone="046-000-9999")
    desk.submit(desk.get(f"/homes/{own.id}"), {"answer": "gone"}, action="/confirm")
    stranger_worker = make.user(Role.HOUSING)
    stale(make, stranger_worker, contact_phone="046-000-8888")  # so that the page has a form
    stranger = browser_of(stranger_worker)
    for check in asked.in_database(lambda s: s.scalars(sa.select(VacancyCheck)).all()):
        for what in ("seen", "undo"):
            assert press(stranger, f"/homes/checks/{check.id}/{what}") == 404, what
    assert "コーポ一" in desk.get("/homes/check?show=answers").text
    assert {asked.now(home).state, asked.now(own).state} == {HomeState.STOPPED}


def test_the_address_of_a_link_is_the_installation_s_own_whatever_host_was_asked(
    app, asked, desk, monkeypatch
):
    asked.about("コーポ一")
    monkeypatch.setitem(app.config, "PUBLIC_URL", "https://tsunagi.example.jp")
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["tsunagi.example.jp", "localhost"])
    page = desk.get(f"/homes/links/{asked.link().id}")
    address = page.soup.find(id="f-address")["value"]
    assert address.startswith("https://tsunagi.example.jp/answer/")
    assert desk.raw.get("/homes", headers={"Host": "tsunagi.example.jp"}).status_code in {200, 303}
    refused = desk.raw.get("/homes", headers={"Host": "evil.example"})
    assert refused.status_code == 400
    assert "読み取れませんでした" in refused.text
    assert "default-src 'none'" in refused.headers["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["x" * 5000, "a b", "[::1", "あ", "\x7f", "evil.example:99999"])
def test_a_host_that_is_none_is_refused_or_ignored_calmly(visitor, host):
    for path in ("/sign-in", "/homes", "/nope", "/api/v1/homes"):
        assert visitor.raw.get(path, headers={"Host": host}).status_code < 500, path


@pytest.mark.parametrize("url", ["tsunagi.example.jp", "ftp://a", "https://", "https://a/b"])
def test_a_public_address_that_is_none_stops_the_start(url, tmp_path):
    with pytest.raises(ValueError, match="PUBLIC_URL"):
        settings(database_url="sqlite://", data_dir=tmp_path, secret_key="k", public_url=url)
