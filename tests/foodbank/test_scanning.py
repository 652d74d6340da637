"""Codes scanned or typed: barcodes and their check digit, labels of our own, and what opens."""

import pytest

from app.errors import InvalidError
from app.foodbank.scanning.jan import read_jan
from app.policy import OrganisationKind, Role
from tests.foodbank.kit import TODAY

JAN = "4974429249424"
GOOD = {"item_name": "ツナ缶 3缶", "date_kind": "best_before", "date_printed": "2027.9",
        "quantity": "12", "shelf": "A3", "allergens": "大豆"}  # fmt: skip


@pytest.fixture
def helper(bank, browser_of):
    return browser_of(bank.user)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(JAN, JAN), ("４９７４ ４２９２－４９４２４", JAN), ("49968712", "49968712"), ("", None),
     ("036000291452", "0036000291452")],
)  # fmt: skip
def test_a_code_is_kept_in_one_spelling(typed, kept):
    assert read_jan(typed) == kept


@pytest.mark.parametrize("typed", ["4974429249425", "123", "４９７４", "49744292494x4"])
def test_a_code_that_is_none_is_told_with_what_to_do(typed):
    with pytest.raises(InvalidError, match="もう一度読み取るか"):
        read_jan(typed)


def test_a_barcode_met_once_opens_the_form_with_what_rarely_changes(helper):
    first = helper.get("/food/receive", query_string={"q": JAN, "shelf": "B9"})
    assert "はじめて" in first.text
    form = helper.get(first.link("新しい品目"))
    done = helper.submit(form, GOOD | {"shelf": "B9"})
    assert done.h1 == "受け入れました"
    again = helper.get("/food/receive", query_string={"q": "４９７４４２９２４９４２４"})
    assert again.h1 == "受け入れの記録"
    field = {one["name"]: one.get("value") for one in again.form().find_all("input")}
    assert (field["item_name"], field["jan"], field["shelf"]) == ("ツナ缶 3缶", JAN, "B9")
    assert "2027.9" in [chip["data-fill"] for chip in again.soup.select("[data-fill]")]


def test_a_wrong_check_digit_is_told_at_the_field_and_opens_nothing(helper):
    page = helper.get("/food/receive", query_string={"q": "4974429249425"})
    assert "検査数字" in page.soup.find(id="error-q").get_text()
    page = helper.get("/food/scan", query_string={"code": "4974429249425"})
    assert "検査数字" in page.soup.find(id="error-code").get_text()


def test_one_barcode_never_means_two_foods(helper, bank):
    helper.submit(helper.get("/food/receive/form"), GOOD | {"jan": JAN})
    other = GOOD | {"item_name": "さば缶", "jan": JAN}
    refused = helper.submit(helper.get("/food/receive/form"), other, status=422)
    assert "「ツナ缶 3缶」のもの" in refused.soup.find(id="error-jan").get_text()
    assert bank.api("GET", "/lots").json["total"] == 1
    item = helper.get("/food/items/1")
    helper.submit(item, action="/removal")
    helper.submit(helper.get("/food/receive/form"), other)
    refused = helper.submit(helper.get("/food/items/1"), {"jan": JAN}, action="/jans", status=422)
    assert "「さば缶」のもの" in refused.soup.find(id="error-jan").get_text()
    taught = helper.submit(helper.get("/food/items/1"), {"jan": "49968712"}, action="/jans")
    assert "49968712" in taught.text


def test_twenty_more_of_the_same_is_one_press(helper, bank):
    done = helper.submit(helper.get("/food/receive/form"), GOOD)
    for _ in range(2):  # the same press
        more = helper.submit(done, {"more": "20"}, action="/more")
    assert "20" in more.text
    assert [bank.left(one) for one in (1, 2)] == [12, 20]
    assert bank.api("GET", "/lots").json["total"] == 2
    helper.submit(done, {"more": "0"}, action="/more", status=422)
    helper.submit(
        helper.get("/food/lots/1"), {"state": "recalled", "state_reason": "異物"}, action="/state"
    )
    page = helper.get("/food/lots/1/received")
    helper.submit(page, {"more": "5"}, action="/more", status=409)


def test_a_newer_box_in_hand_points_to_the_older_one(helper, bank):
    old = bank.lot("ツナ缶 3缶", 4, shelf="Z9", last_day=TODAY.replace(month=12))
    done = helper.submit(helper.get("/food/receive/form"), GOOD)
    assert "古い方はこちら" in done.text
    assert "Z9" in done.text
    page = helper.get("/food/lots/2")
    assert page.link("古い方を開く") == f"/food/lots/{old}"
    assert "古い方" not in helper.get(f"/food/lots/{old}").text


def test_whatever_has_a_code_opens_and_nobody_elses(helper, bank, browser_of):
    helper.submit(helper.get("/food/receive/form"), GOOD | {"jan": JAN})
    request = bank.request()
    bank.api("POST", f"/food-requests/{request}/parcels", json={})
    opens = {"ａ３": "/food/shelves/1", "棚 A3": "/food/shelves/1", "l-00001": "/food/lots/1",
             "P-0001": "/food/parcels/1", JAN: "/food/lots",
             "https://tsunagi.example.jp/food/lots/1": "/food/lots/1"}  # fmt: skip
    for code, url in opens.items():
        assert helper.get("/food/scan", query_string={"code": code}).url == url, code
    other = bank.make.organisation(OrganisationKind.FOOD_BANK)
    stranger = browser_of(bank.make.user(Role.FOODBANK, organisation=other))
    for code in ("A3", "L-00001", "P-0001"):
        page = stranger.get("/food/scan", query_string={"code": code})
        assert "見つかりません" in page.text
    assert "まだどの品目" in stranger.get("/food/scan", query_string={"code": JAN}).text
