"""The log: written, corrected without losing a word, its tasks, its file and its paper."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.cases.work.models import LogEntry, LogRevision
from app.db import today
from app.directory.models import Partner, PartnerKind
from app.policy import OrganisationKind, Protection, Role

LONG = ("話した。𠮷野さん👨‍👩‍👧①㈱髙﨑\n" * 200)[:3000].rstrip()


@pytest.fixture
def desk(make):
    return make.user(Role.CONSULTANT, organisation=make.organisation(OrganisationKind.CONSULTATION))


@pytest.fixture
def colleague(make, desk):
    return make.user(Role.CONSULTANT, organisation=make.the_organisation(desk), name="同僚 光子")


@pytest.fixture
def people(desk, colleague):
    return desk, colleague


@pytest.fixture
def case(make, desk):
    return make.case(desk)


def _write(browser, case, **typed):
    page = browser.get(f"/cases/{case.id}/log/new")
    return browser.submit(page, {"text": "話した", **typed})


def test_an_entry_keeps_every_character_partner_and_who_was_there(
    make, people, case, browser_of, in_database
):
    desk, colleague = people
    partner = make.save(Partner(kind=PartnerKind.CITY_SECTION, name="収納課", name_key="収納課"))
    partner = partner.id
    browser = browser_of(desk)
    _write(browser, case, text=LONG, method="outreach", minutes="45", partner="本人",
           partner_id=partner, attendees=[str(colleague.id)])  # fmt: skip
    kept = in_database(lambda s: s.scalars(sa.select(LogEntry)).one())
    assert kept.text == LONG
    text = browser.get(f"/cases/{case.id}/log").text
    for word in ("アウトリーチ（本人・収納課）", "同僚 光子", "45分", "𠮷野さん"):
        assert word in text
    page = browser.get(f"/cases/{case.id}/log/new")
    lost = browser.submit(page, {"text": "x"}, also={"partner_id": "99"}, status=422)
    assert "選び直して" in lost.errors
    lost = browser.submit(page, {"text": "x"}, also={"attendees": "999"}, status=422)
    assert "選び直して" in lost.errors


def test_a_step_with_a_day_is_a_task_until_it_is_ticked(desk, case, browser_of):
    browser = browser_of(desk)
    page = browser.get(f"/cases/{case.id}/log/new")
    refused = browser.submit(page, {"text": "x", "next_on": "2026-12-01"}, status=422)
    assert "することも入れて" in refused.errors
    yesterday = (today() - timedelta(days=1)).isoformat()
    _write(browser, case, next_step="収納課に電話", next_on=yesterday)
    _write(browser, case, next_step="まだ先のこと", next_on=(today() + timedelta(1)).isoformat())
    first = browser.get("/").text
    assert "収納課に電話" in first
    assert "まだ先のこと" not in first
    listed = browser.get(f"/cases/{case.id}/log?open_only=1")
    done = browser.submit(listed, action="/log/1/done")
    assert "済み" in done.text
    assert "収納課に電話" not in browser.get("/").text
    assert browser.submit(listed, action="/log/1/done", status=409).status == 409
    assert "収納課に電話" not in browser.get(f"/cases/{case.id}/log?open_only=1").text


def test_a_correction_keeps_what_was_said_before(desk, case, browser_of, in_database):
    browser = browser_of(desk)
    _write(browser, case, text="10時に来た")
    url = f"/cases/{case.id}/log/1/correct"
    page = browser.get(url)
    assert "入力してください" in browser.submit(page, {"text": "11時に来た"}, status=422).errors
    page = browser.submit(page, {"text": "11時に来た", "why": "時刻の誤り"})
    assert "11時に来た" in page.text
    assert "前の内容（1）" in page.text
    assert "10時に来た" in page.text
    said = in_database(lambda s: s.scalars(sa.select(LogRevision)).one().said)
    assert said["text"] == "10時に来た"
    same = browser.submit(browser.get(url), {"why": "なにも"})
    assert "前の内容（1）" in same.text


def test_only_the_author_corrects_and_a_stale_form_shows_both(desk, colleague, case, browser_of):
    browser = browser_of(desk)
    _write(browser, case, text="はじめ")
    url = f"/cases/{case.id}/log/1/correct"
    mine, theirs = browser.get(url), browser_of(desk)
    theirs.submit(theirs.get(url), {"text": "先に直した", "why": "a"})
    stale = browser.submit(mine, {"text": "あとで直した", "why": "b"}, status=409)
    assert "先に直した" in stale.text
    other = browser_of(colleague)
    assert "直す" not in [a.text[:2] for a in other.get(f"/cases/{case.id}/log").soup("a")]
    refused = other.submit(other.get(url), {"text": "ひとの記録", "why": "c"}, status=403)
    assert "書いた人だけ" in refused.text
    other.get(f"/cases/{case.id}/log/99/correct", status=404)


def test_the_log_is_filtered_paged_and_saved(desk, case, browser_of):
    browser = browser_of(desk)
    _write(browser, case, text="電話の話", method="phone")
    _write(browser, case, text="=HYPERLINK()", method="visit", minutes="30")
    url = f"/cases/{case.id}/log"
    assert "電話の話" not in browser.get(f"{url}?method=visit").text
    assert "電話の話" in browser.get(f"{url}?since={today()}&until={today()}").text
    assert "当てはまる経過はありません" in browser.get(f"{url}?until=2020-01-01").text
    assert "電話の話" in browser.get(f"{url}?since=きのう").text
    text = browser.raw.get(f"{url}.csv?method=visit").get_data().decode("utf-8-sig")
    assert "'=HYPERLINK()" in text
    assert "電話の話" not in text
    for number in range(31):
        _write(browser, case, text=f"{number}回目") if number < 2 else None
    assert "4件のうち 1–4件" in browser.get(url).text


def test_the_log_is_printed_and_a_protected_one_with_a_second_person(make, desk, browser_of):
    browser = browser_of(desk)
    for protection, status in ((Protection.NO, 200), (Protection.YES, 403)):
        case = make.case(desk, protection=protection)
        _write(browser, case, text="紙に出る 👪", next_step="次のこと")
        page = browser.get(f"/cases/{case.id}/log")
        token = page.soup.find("input", attrs={"name": "csrf_token"})["value"]
        answer = browser.raw.post(f"/cases/{case.id}/log.pdf", data={"csrf_token": token})
        assert answer.status_code == status


def test_the_log_is_for_those_who_see_the_whole_case(make, case, browser_of):
    stranger = make.user(Role.CONSULTANT)
    browser = browser_of(stranger)
    for url in ("log", "log.csv"):
        browser.get(f"/cases/{case.id}/{url}", status=404)


def test_the_api_lists_the_log(app, desk, case, browser_of):
    browser = browser_of(desk)
    _write(browser, case, text="一つめ", method="phone", next_step="次", next_on="2030-01-01")
    client, headers = app.test_client(), {"Authorization": f"Bearer {desk.token}"}
    answer = client.get(f"/api/v1/cases/{case.id}/log?method=phone", headers=headers).json
    assert answer["total"] == 1
    assert answer["items"][0]["next_on"] == "2030-01-01"
    assert (
        client.get(f"/api/v1/cases/{case.id}/log?method=visit", headers=headers).json["total"] == 0
    )
