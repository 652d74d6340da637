"""Things taken in on one screen, corrected, found again, and shown only as far as one may see."""

import io

import pytest
from marshmallow import ValidationError

from app.db import today
from app.goods.items.schemas import PledgeSchema
from app.policy import Protection, Role
from tests.goods.kit import DAYS, Goods, picture


@pytest.fixture
def goods(make, in_database):
    return Goods(make, in_database)


def _pledge(browser, status=200, **typed):
    page = browser.get("/goods/items/new")
    return browser.submit(
        page, {"kind": "fridge", "label": "2ドア 白", **typed}, action="/goods/items", status=status
    )


def test_a_thing_is_taken_in_on_one_screen_with_a_picture(goods, browser_of):
    browser = browser_of(goods.helper)
    page = _pledge(
        browser, width_cm="６０cm", donor="㈱架空家具", window_until=str(today() + DAYS),
        donor_address="神奈川県座間市入谷西1-1", files=(io.BytesIO(picture()), "冷蔵庫.jpg"),
    )  # fmt: skip
    assert page.h1 == "冷蔵庫　2ドア 白"
    assert "幅60×奥行？×高さ？cm" in page.text
    assert "立てたまま運ぶ" in page.text
    assert "㈱架空家具" in page.text
    assert page.soup.find("img", alt="写真 1")
    photo = page.soup.find("img", alt="写真 1")["src"]
    assert browser.raw.get(photo).content_type == "image/jpeg"
    gone = browser.submit(page, action="/remove")
    assert not gone.soup.find("img", alt="写真 1")
    assert browser.submit(gone, action="/put-back").soup.find("img", alt="写真 1")
    more = {"files": (io.BytesIO(picture()), "銘板.jpg")}
    assert browser.submit(page, more, action="/goods/items/1/photos").soup.find("img", alt="写真 2")
    listed = browser.get("/goods?show=ending&q=白")
    assert "モノ-0001" in listed.text
    assert "モノ-0001" not in browser.get("/goods?group=bedding").text
    assert "モノ-0001" in browser.get("/goods?q=モノ-0001&kind=nonsense").text


def test_the_same_thing_of_the_same_day_is_asked_and_both_are_kept_if_said_so(goods, browser_of):
    browser = browser_of(goods.helper)
    _pledge(browser, donor="架空 花子")
    asked = _pledge(browser, status=422, donor="架空 花子")
    assert "モノ-0001" in asked.errors
    assert browser.submit(asked, {"again": "1"}, action="/goods/items").h1 == "冷蔵庫　2ドア 白"
    assert browser.get("/goods/items/2").status == 200


def test_bad_input_is_told_at_its_field_and_nothing_is_lost(goods, browser_of):
    browser = browser_of(goods.helper)
    page = _pledge(browser, status=422, width_cm="2m")
    assert "cm の数字だけで" in page.errors
    assert page.typed("/goods/items")["width_cm"] == "2m"
    assert "選んだ写真は残っていません" in page.text
    said = _pledge(browser, status=422, weight_kg="1.5", made_year="R5", donor_floor="1階").errors
    assert "例 38" in said
    assert "西暦4けた" in said
    assert "階の数字だけ" in said
    turned = _pledge(browser, status=422, window_from="2026-12-05", window_until="2026-12-01")
    assert "「いつから」より後の日" in turned.errors
    later = _pledge(browser, status=422, made_year="2199")
    assert "まだ来ていない年です" in later.errors
    ahead = _pledge(browser, status=422, safety="good", safety_on=str(today() + DAYS))
    assert "まだ来ていない日です" in ahead.errors
    broken = _pledge(browser, status=422, files=(io.BytesIO(b"no picture"), "x.jpg"))
    assert "画像として開けません" in broken.errors
    assert "この条件の品物はありません" in browser.get("/goods").text


@pytest.mark.once
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0", "1以上500以下"), ("-1", "1以上500以下"), ("1000000000", "1以上500以下"),
        ("9" * 30, "cm の数字だけ"), ("十", "cm の数字だけ"), ("2m", "cm の数字だけ"),
        ("55.5", "cm の数字だけ"),
    ],
)  # fmt: skip
def test_a_size_that_is_none_is_refused_in_words(typed, sentence):
    with pytest.raises(ValidationError) as refused:
        PledgeSchema().load({"kind": "bed", "label": "x", "width_cm": typed})
    assert sentence in str(refused.value.messages["width_cm"])


@pytest.mark.once
@pytest.mark.parametrize("typed", ["60", "６０", " 60cm ", "60CM", "６０ｃｍ", "60㎝", 60])
def test_a_size_is_read_as_people_write_it(typed):
    loaded = PledgeSchema().load({"kind": "bed", "label": "x", "width_cm": typed})
    assert loaded["width_cm"] == 60


def test_who_only_reads_sees_no_donor_and_who_fetches_sees_where(goods, make, browser_of):
    item_id = goods.item()
    donor, address = "架空の里", "相武台1-2-3"
    seen = {
        role: browser_of(make.user(role)).get(f"/goods/items/{item_id}").text
        for role in (Role.FOLLOWUP, Role.CONSULTANT, Role.HOUSING)
    }
    assert donor not in seen[Role.FOLLOWUP]
    assert donor in seen[Role.CONSULTANT]
    assert address not in seen[Role.CONSULTANT] + seen[Role.FOLLOWUP]
    assert address in seen[Role.HOUSING]
    follower = browser_of(make.user(Role.FOLLOWUP))
    assert donor not in follower.raw.get("/goods.csv").get_data(as_text=True)
    assert "この条件の品物はありません" in follower.get("/goods?q=架空の里").text
    assert donor in browser_of(goods.helper).raw.get("/goods.csv").get_data(as_text=True)


@pytest.mark.parametrize("protection", [Protection.NO, Protection.YES])
def test_who_carries_sees_a_number_and_where_it_is_handed_over(
    make, in_database, browser_of, protection
):
    goods = Goods(make, in_database, protection=protection)
    item_id, need_id = goods.kept()
    page = browser_of(goods.helper).get(f"/goods/items/{item_id}")
    assert f"必要-{need_id:04}" in page.text
    assert goods.case.number not in page.text
    assert goods.case.name not in page.text
    assert goods.home.property.address not in page.text
    assert goods.home.property.address in browser_of(goods.staff).get(page.url).text
    listed = browser_of(goods.helper).get("/goods?show=reserved")
    assert f"必要-{need_id:04}" in listed.text
    assert goods.case.number in browser_of(goods.staff).get("/goods?show=reserved").text


def test_two_who_correct_a_thing_see_both_versions(goods, browser_of):
    item_id = goods.item()
    first, second = browser_of(goods.helper), browser_of(goods.staff)
    opened = second.get(f"/goods/items/{item_id}/edit")
    here = f"/goods/items/{item_id}/edit"
    assert "3ドア" in first.submit(first.get(here), {"label": "3ドア"}, action=here).h1
    page = second.submit(opened, {"label": "2ドア 黒"}, action=here, status=409)
    assert "3ドア" in page.text
    assert page.typed(here)["label"] == "2ドア 黒"


@pytest.mark.parametrize("check", ["recall", "safety"])
def test_a_thing_found_unsafe_is_freed_at_once_and_tells(goods, browser_of, check):
    item_id, need_id = goods.kept()
    browser = browser_of(goods.helper)
    here = f"/goods/items/{item_id}/edit"
    page = browser.submit(browser.get(here), {check: "bad"}, action=here)
    assert "取り置きを外しました" in page.text
    assert "使えないと分かった" in page.text
    assert goods.state(item_id) == ("pledged", False)
    assert goods.need_state(need_id) == "open"
