"""What a household needs: proposed from what is known of it, taken in one tap, edited, closed."""

from datetime import date

import pytest

from app.cases.models import Member
from app.db import today
from app.goods.models import GoodsNeed
from app.policy import Protection, Role
from tests.goods.kit import Goods
from tests.keyday.kit import KEYS_ON


@pytest.fixture
def goods(make, in_database):
    return Goods(make, in_database, household_size=2)


def _join(make, goods, *born):
    for number, day in enumerate(born):
        make.save(Member(case_id=goods.case.id, position=number, born_on=day))


def test_what_is_usually_needed_is_taken_in_one_tap_and_never_twice(goods, make, browser_of):
    _join(make, goods, date(1950, 1, 1), date(today().year - 1, 1, 1))
    browser = browser_of(goods.staff)
    page = browser.get(goods.needs_url)
    assert "布団 ×2" in page.text
    assert "ベビーベッド" in page.text
    assert "風呂いす（介護用）" in page.text
    assert "学習机" not in page.text
    rival = browser.get(goods.needs_url)
    page = browser.submit(page, action="/usual")
    count = goods.in_database(lambda s: s.query(GoodsNeed).count())
    assert "布団 ×2" in page.text
    assert "0件を加えました" in browser.submit(rival, action="/usual").text
    assert goods.in_database(lambda s: s.query(GoodsNeed).count()) == count
    assert "まだない" in page.text
    assert "/goods/usual" not in page.response.get_data(as_text=True)
    assert page.soup.find("a", string="置き場を測ってください")["href"].endswith("/measures")


def test_who_ticks_nothing_of_what_is_usually_needed_gets_nothing(goods, browser_of):
    browser = browser_of(goods.staff)
    page = browser.get(goods.needs_url)
    assert "何も加えていません" in browser.submit(page, {"lines": []}, action="/usual").text
    assert goods.in_database(lambda s: s.query(GoodsNeed).count()) == 0


def test_a_need_is_edited_met_without_us_and_opened_again(goods, browser_of):
    browser = browser_of(goods.staff)
    page = browser.submit(
        browser.get(f"{goods.needs_url}/needs/new"),
        {"kind": "fridge", "space_width_cm": "60", "note": "退院したばかり"}, action="/needs",
    )  # fmt: skip
    assert "冷蔵庫" in page.text
    item_id = goods.item()
    page = browser.submit(browser.get(goods.needs_url), action="/reservation")
    assert goods.state(item_id) == ("pledged", True)
    assert "取り置き中" in page.text
    here = "/goods/needs/1"
    wrong = browser.submit(browser.get(here), {"kind": "bed"}, action=here, status=422)
    assert "先に取り置きを外して" in wrong.errors
    stale = browser.get(here)
    browser.submit(browser.get(here), {"detail": "一人用"}, action=here)
    both = browser.submit(stale, {"detail": "家族用"}, action=here, status=409)
    assert "一人用" in both.text
    assert both.typed(here)["detail"] == "家族用"
    missing = browser.submit(browser.get(here), action="/met", status=422)
    assert "選んでください" in missing.errors or "入力してください" in missing.errors
    page = browser.submit(browser.get(here), {"met_by": "bought"}, action="/met")
    assert "買った" in page.text
    assert goods.state(item_id) == ("pledged", False)
    browser.submit(browser.get(here), action="/reopening")
    browser.submit(browser.get(here), action="/withdrawn")
    assert goods.need_state(1) == "withdrawn"


def test_what_was_delivered_is_not_simply_opened_again(goods, browser_of):
    _item, need_id = goods.delivered()
    page = browser_of(goods.staff).get(f"/goods/needs/{need_id}")
    assert "「まだない」に戻す" not in page.text
    assert "届けた" in page.text


def test_the_note_the_spaces_and_the_keys_are_not_for_everybody(make, in_database, browser_of):
    goods = Goods(make, in_database, protection=Protection.YES)
    need_id = goods.need(note="暴力から逃れている", space_width_cm=63)
    desk = make.the_organisation(goods.staff)
    housing = browser_of(make.user(Role.HOUSING, organisation=desk))
    for url in (f"/goods/needs/{need_id}", goods.needs_url):
        page = housing.get(url).text
        assert "冷蔵庫" in page
        assert "暴力" not in page
        assert "幅63" not in page
        assert f"{KEYS_ON.day}日" not in page
    kept = housing.submit(housing.get(f"/goods/needs/{need_id}"), {"detail": "一人用"},
                          action=f"/goods/needs/{need_id}")  # fmt: skip
    assert "一人用" in kept.text
    told = browser_of(goods.staff).get(f"/goods/needs/{need_id}").text
    assert "暴力から逃れている" in told
    assert "幅63" in told
    assert f"{KEYS_ON.day}日" in told
    assert browser_of(make.user()).get(f"/goods/needs/{need_id}", status=404).status == 404


def test_an_empty_home_is_measured_and_two_who_measure_are_told(goods, make, browser_of):
    browser, url = browser_of(goods.staff), f"/placements/{goods.id}/measures"
    first = browser.get(url)
    assert "まだだれも測っていません" in first.text
    wrong = browser.submit(first, {"door_width_cm": "0"}, action=url, status=422)
    assert "1以上500以下" in wrong.errors
    rival = browser.get(url)
    browser.submit(first, {"door_width_cm": "78", "lift": "no"}, action=url)
    late = browser.submit(rival, {"door_width_cm": "80"}, action=url, status=409)
    assert "78" in late.text
    browser.submit(late, {"fridge_width_cm": "60"}, action=url)
    assert "が測りました" in browser.get(url).text
    assert browser_of(make.user()).get(url, status=404).status == 404


def test_the_usual_list_is_kept_by_its_keepers(make, browser_of):
    browser = browser_of(make.user(Role.ORG_ADMIN))
    line = browser.get("/goods/usual/new")
    twice = browser.submit(line, {"for_whom": "elder", "kind": "bed", "source": "市"},
                           action="/usual", status=422)  # fmt: skip
    assert "すでにひな形にあります" in twice.errors
    page = browser.submit(twice, {"kind": "heater"}, action="/goods/usual")
    lines = page.soup.select("a[href^='/goods/usual/']")
    here = next(a["href"] for a in lines if "暖房器具（65歳" in a.text.replace("\n", ""))
    stale = browser.get(here)
    same = browser.submit(browser.get(here), {"kind": "bed"}, action=here, status=422)
    assert "すでにひな形にあります" in same.errors
    browser.submit(browser.get(here), {"active": []}, action=here)
    assert browser.submit(stale, {"source": "県"}, action=here, status=409)
    assert browser.get("/goods/usual/9999", status=404).status == 404
    assert "使わない" in browser.get("/goods/usual").text
