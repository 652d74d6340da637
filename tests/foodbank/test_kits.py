"""Kits: what goes in decides what may be done with them, and comes out again when taken apart."""

from datetime import date, timedelta

import pytest

from app.foodbank.kits.following import refresh_kits
from app.foodbank.kits.models import KitBuild
from app.foodbank.models import FoodItem, Lot, LotState
from tests.foodbank.kit import TODAY

SOON, LATE = TODAY + timedelta(days=30), TODAY + timedelta(days=300)


@pytest.fixture
def helper(bank, browser_of):
    return browser_of(bank.user)


@pytest.fixture
def tuna(bank):
    return bank.lot("ツナ缶 3缶", 10, allergens="大豆", last_day=LATE, shelf="A1")


@pytest.fixture
def noodles(bank):
    return bank.lot("カップ麺 しょうゆ", 30, allergens="小麦・卵", last_day=SOON, shelf="B1")


def build(helper, status=200, name="初日セット", kits="5", shelf="K1", **per_kit):
    page = helper.get("/food/kits/new")
    typed = {"name": name, "kits": kits, "shelf": shelf}
    for food, number in per_kit.items():
        label = next(one for one in page.soup.find_all("label") if food in one.get_text())
        typed[page.soup.find(id=label["for"])["name"]] = number
    return helper.submit(page, typed, action="/food/kits", status=status)


def the_kit(in_database):
    return in_database(lambda s: s.get_one(KitBuild, 1).lot)


def test_lots_become_kits_with_the_earliest_date_and_all_their_allergens(
    helper, bank, tuna, noodles, in_database
):
    page = build(helper, ツナ缶="1", カップ麺="２")
    assert "5セット作りました" in page.text
    assert (bank.left(tuna), bank.left(noodles)) == (5, 20)
    kit = the_kit(in_database)
    assert (kit.last_day, kit.state) == (SOON, LotState.OFFERABLE)
    assert set(kit.allergens) == {"小麦", "卵", "大豆"}
    assert kit.allergens_known
    kcal = in_database(lambda s: [s.get_one(Lot, one).item.kcal for one in (tuna, noodles, kit.id)])
    assert kcal[2] == kcal[0] + 2 * kcal[1]
    assert bank.left(kit.id) == 5


def test_kits_taken_apart_give_back_what_went_in(helper, bank, tuna, noodles, in_database):
    page = build(helper, ツナ缶="1", カップ麺="2")
    helper.submit(page, {"kits": "2"}, action="/apart")
    assert (bank.left(tuna), bank.left(noodles), bank.left(the_kit(in_database).id)) == (7, 24, 3)
    page = helper.get("/food/kits/1")
    refused = helper.submit(page, {"kits": "4"}, action="/apart", status=422)
    assert refused.soup.find(id="error-kits")
    helper.submit(helper.get(helper.get("/food/kits").link("初日セット")), {"kits": "3"})
    assert (bank.left(tuna), bank.left(noodles)) == (10, 30)


def test_an_unknown_part_leaves_the_kit_unknown(helper, bank, tuna, in_database):
    bank.lot("なぞの缶", 10, allergens="不明")
    build(helper, ツナ缶="1", なぞの缶="1")
    kit = the_kit(in_database)
    assert not kit.allergens_known
    item = in_database(lambda s: s.get_one(FoodItem, kit.item_id))
    assert item.kcal is None
    assert item.equipment is None


def test_what_happens_to_a_part_happens_to_the_kit(helper, bank, tuna, noodles, in_database):
    build(helper, ツナ缶="1", カップ麺="2")
    lot = f"/food/lots/{tuna}"
    assert helper.get(lot).link("初日セット") == "/food/kits/1"
    helper.submit(
        helper.get(lot), {"allergens": "大豆・えび", "allergen_source": "label"},
        action="/allergens",
    )  # fmt: skip
    assert "えび" in the_kit(in_database).allergens
    helper.submit(helper.get(lot), {"state": "recalled", "state_reason": "異物"}, action="/state")
    kit = the_kit(in_database)
    assert kit.state is LotState.RECALLED
    page = helper.get(f"/food/lots/{kit.id}")
    refused = helper.submit(page, {"state": "offerable"}, action="/state", status=409)
    assert "止まっています" in refused.text
    helper.submit(helper.get(lot), {"state": "offerable"}, action="/state")
    helper.submit(page, {"state": "offerable"}, action="/state")
    assert the_kit(in_database).state is LotState.OFFERABLE


def test_a_fact_put_right_on_an_item_reaches_the_kits_it_is_in(helper, tuna, noodles, in_database):
    build(helper, ツナ缶="1", カップ麺="2")
    item = in_database(lambda s: s.get_one(Lot, tuna).item_id)
    page = helper.get(f"/food/items/{item}")
    helper.submit(page, {"kcal": "100", "ways": ["burner"]}, action=f"/items/{item}")
    kit = in_database(lambda s: s.get_one(FoodItem, the_kit(in_database).item_id))
    assert kit.equipment == [["burner", "hot_water"]]


def test_a_name_stands_for_one_recipe(helper, bank, tuna, noodles):
    build(helper, kits="1", ツナ缶="1", カップ麺="2")
    assert "別の名前" in build(helper, 422, kits="1", ツナ缶="2").errors
    assert "別の名前" in build(helper, 422, name="ツナ缶 3缶", kits="1", ツナ缶="1").errors
    build(helper, kits="1", ツナ缶="1", カップ麺="2")
    assert bank.left(tuna) == 8


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kits": "11", "ツナ缶": "1"}, "足りません"),
        ({"kits": "1"}, "1つ以上"),
        ({"kits": "0", "ツナ缶": "1"}, "1以上"),
        ({"kits": "1", "name": "", "ツナ缶": "1"}, "入力して"),
    ],
)
def test_what_cannot_be_built_changes_nothing_and_keeps_what_was_typed(
    helper, bank, tuna, typed, sentence
):
    status = 409 if sentence == "足りません" else 422
    page = build(helper, status, **typed)
    assert sentence in page.text
    assert page.soup.find("input", {"name": "kits"})["value"] == typed["kits"]
    assert bank.left(tuna) == 10


def test_what_may_not_go_out_or_differs_in_cold_is_no_part(bank, helper, tuna):
    """Sent past the page, which does not offer it."""
    past = bank.lot("古い缶", 5, last_day=date(2026, 11, 1))
    milk = bank.lot("粉ミルク はじめて 800g", 5)
    parts = [{"lot_id": milk, "shelf_id": 1, "per_kit": 1}]
    answer = bank.api("POST", "/kits", json={"name": "x", "kits": 1, "parts": parts})
    assert "乳児の物" in answer.json["message"]
    parts = [{"lot_id": past, "shelf_id": 1, "per_kit": 1}]
    answer = bank.api("POST", "/kits", json={"name": "x", "kits": 1, "parts": parts})
    assert answer.status_code == 422
    assert "出せる物では" in answer.json["message"]
    parts[0] |= {"lot_id": tuna, "shelf_id": 99}
    answer = bank.api("POST", "/kits", json={"name": "x", "kits": 1, "parts": parts})
    assert "棚があります" in answer.json["message"]
    parts = [{"lot_id": tuna, "shelf_id": 1, "per_kit": 1}] * 2
    made = bank.api("POST", "/kits", json={"name": "x", "kits": 2, "parts": parts})
    assert made.status_code == 201
    assert bank.left(tuna) == 6
    assert bank.left(made.json["lot_id"]) == 2


def test_what_a_kit_contains_is_put_right_on_its_parts(helper, bank, tuna):
    build(helper, ツナ缶="1")
    kit = bank.api("GET", "/lots?q=初日").json["items"][0]
    page = helper.get(f"/food/lots/{kit['id']}")
    assert page.link("セットの中身") == "/food/kits/1"
    token = page.form()  # sent past the page, which has no such form for a kit
    sent = {name: token.find("input", {"name": name})["value"] for name in ("csrf_token",)}
    sent |= {"idempotency_key": "a-kits-label", "allergens": "なし", "allergen_source": "label"}
    answer = helper.raw.post(f"/food/lots/{kit['id']}/allergens", data=sent)
    assert answer.status_code == 422
    assert "中身" in answer.get_data(as_text=True)


def test_a_part_that_turns_out_to_have_come_in_unfit_stops_the_kit(helper, tuna, in_database):
    build(helper, ツナ缶="1")
    page = helper.get(f"/food/lots/{tuna}/receipt")
    helper.submit(page, {"condition": "unfit"}, action="/receipt")
    kit = the_kit(in_database)
    assert kit.state is LotState.HELD
    assert "ツナ缶" in kit.state_reason


def test_a_part_whose_date_is_no_longer_known_stops_the_kit(helper, tuna, in_database):
    build(helper, ツナ缶="1")

    def unread(session):
        lot = session.get_one(Lot, tuna)
        lot.last_day = None
        refresh_kits(session, lot)

    in_database(unread)
    assert the_kit(in_database).state is LotState.HELD
