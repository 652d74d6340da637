"""Shelves and what moves between them, through the front door."""

import pytest
import sqlalchemy as sa

from app.foodbank.models import Movement, MovementKind, Shelf
from app.policy import OrganisationKind, Role
from tests.foodbank.kit import Bank


@pytest.fixture
def helper(bank, browser_of):
    return browser_of(bank.user)


def on_shelves(in_database, lot_id):
    """What lies where, and that the movements say the same."""
    rows = in_database(
        lambda s: s.execute(
            sa.text(
                "SELECT shelves.code, balances.quantity,"
                " (SELECT sum(quantity) FROM movements WHERE movements.lot_id = balances.lot_id"
                " AND movements.shelf_id = balances.shelf_id)"
                " FROM balances JOIN shelves ON shelves.id = balances.shelf_id WHERE lot_id = :lot"
            ),
            {"lot": lot_id},
        ).all()
    )
    assert all(quantity == moved for _code, quantity, moved in rows)
    return {code: quantity for code, quantity, _moved in rows if quantity}


def act(helper, lot_id, deed, status=200, **typed):
    page = helper.get(f"/food/lots/{lot_id}")
    return helper.submit(page, typed, action=f"/{deed}", status=status)


def test_a_shelf_is_made_renamed_and_no_longer_used(helper, bank, in_database):
    page = helper.submit(
        helper.get("/food/shelves"), {"code": "ｂ２", "place": "倉庫1階", "storage": "chilled"},
        action="/food/shelves",
    )  # fmt: skip
    assert "棚 B2" in page.text
    assert "もうあります" in helper.submit(
        page, {"code": "B2"}, action="/food/shelves", status=422
    ).errors  # fmt: skip
    old = helper.get("/food/shelves/1/edit")
    shelf = helper.submit(old, {"code": "冷蔵1"}, action="/edit")
    assert shelf.h1 == "棚 冷蔵1"
    refused = helper.submit(old, {"code": "冷蔵2"}, action="/edit", status=409)
    assert "冷蔵1" in refused.text
    assert refused.soup.find("input", {"value": "冷蔵2"}), "what was typed is still there"
    lot = bank.lot(shelf="冷蔵1")
    sent = {"csrf_token": old.form()["method"], "idempotency_key": "to-retire-it"}
    token = helper.get("/food/shelves/1/edit").form().find("input", {"name": "csrf_token"})
    sent["csrf_token"] = token["value"]
    assert helper.raw.post("/food/shelves/1/retirement", data=sent).status_code == 409
    act(helper, lot, "transfer", to_shelf="C1")
    helper.submit(helper.get("/food/shelves/1"), action="/retirement")
    assert in_database(lambda s: s.get_one(Shelf, 1).active) is False
    helper.submit(helper.get("/food/shelves/1"), action="/use")
    helper.submit(helper.get("/food/shelves/1"), action="/retirement")
    act(helper, lot, "transfer", to_shelf="冷蔵1", quantity="1")
    assert in_database(lambda s: s.get_one(Shelf, 1).active), "in use as soon as something is there"


def test_part_or_all_of_a_lot_moves_and_nothing_is_lost_on_the_way(helper, bank, in_database):
    lot = bank.lot("ツナ缶 3缶", 10, shelf="A1")
    page = act(helper, lot, "transfer", to_shelf="B1", quantity="３")
    assert page.h1 == "棚 B1"
    assert "3個" in page.text
    assert on_shelves(in_database, lot) == {"A1": 7, "B1": 3}
    act(helper, lot, "transfer", from_shelf_id="1", to_shelf="B1")
    assert on_shelves(in_database, lot) == {"B1": 10}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"to_shelf": "B1", "quantity": "11"}, "quantity"),
        ({"to_shelf": "B1", "quantity": "0"}, "quantity"),
        ({"to_shelf": "A1"}, "to_shelf"),
        ({"to_shelf": ""}, "to_shelf"),
    ],
)
def test_a_move_that_cannot_be_meant_is_told_at_its_field(helper, bank, in_database, typed, field):
    lot = bank.lot(shelf="A1")
    page = act(helper, lot, "transfer", status=422, **typed)
    assert page.soup.find(id=f"error-{field}")
    assert on_shelves(in_database, lot) == {"A1": 10}


def test_the_same_press_moves_once(helper, bank, in_database):
    lot = bank.lot(shelf="A1")
    page = helper.get(f"/food/lots/{lot}")
    for _ in range(3):
        helper.submit(page, {"to_shelf": "B1", "quantity": "2"}, action="/transfer")
    assert on_shelves(in_database, lot) == {"A1": 8, "B1": 2}


def test_cold_food_does_not_lie_on_a_warm_shelf(helper, bank, in_database):
    helper.submit(helper.get("/food/shelves"), {"code": "常1", "storage": "ambient"},
                  action="/food/shelves")  # fmt: skip
    form = helper.get("/food/receive/form")
    typed = {"item_name": "豆腐", "date_printed": "2026.12.1", "date_kind": "use_by",
             "quantity": "5", "allergens": "大豆", "storage": "chilled"}  # fmt: skip
    warm = helper.submit(form, typed | {"shelf": "常1"}, status=422)
    assert "冷蔵の棚" in warm.errors
    helper.submit(form, typed | {"shelf": "冷1"})
    refused = act(helper, 1, "transfer", status=422, to_shelf="常1")
    assert refused.soup.find(id="error-to_shelf")
    assert on_shelves(in_database, 1) == {"冷1": 5}


def test_a_wrong_number_asks_whether_it_changed_now_or_was_written_wrong(helper, bank, in_database):
    lot = bank.lot(shelf="A1")
    unsaid = act(helper, lot, "correction", status=422, right_quantity="8", correction_reason="x")
    assert unsaid.soup.find(id="error-what")
    now = {"what": "now", "correction_reason": "2つつぶれていた"}
    act(helper, lot, "correction", right_quantity="8", **now)
    same = act(helper, lot, "correction", status=422, right_quantity="8", **now)
    assert "同じ数" in same.errors
    act(helper, lot, "correction", right_quantity="0", **now)
    assert on_shelves(in_database, lot) == {}
    kinds = sa.select(Movement.kind, Movement.quantity).order_by(Movement.id)
    assert in_database(lambda s: s.execute(kinds).all())[1:] == [
        (MovementKind.CORRECTION, -2), (MovementKind.CORRECTION, -8),
    ]  # fmt: skip


def test_a_lot_on_two_shelves_is_corrected_on_the_one_named(helper, bank, in_database):
    lot = bank.lot(shelf="A1")
    act(helper, lot, "transfer", to_shelf="B1", quantity="4")
    now = {"what": "now", "right_quantity": "1", "correction_reason": "なくなっていた"}
    assert act(helper, lot, "correction", status=422, **now).soup.find(id="error-found_on")
    act(helper, lot, "correction", found_on="2", **now)
    assert on_shelves(in_database, lot) == {"A1": 6, "B1": 1}


def test_what_goes_back_to_its_donor_leaves_the_books_with_a_reason(helper, bank, in_database):
    lot = bank.lot(shelf="A1")
    page = act(helper, lot, "give-back", given_quantity="4", give_back_reason="表示の誤り")
    assert "寄贈者へ返却" in page.text
    assert on_shelves(in_database, lot) == {"A1": 6}


def handed_out(bank):
    request = bank.request()
    parcel = bank.api("POST", f"/food-requests/{request}/parcels", json={}).json
    bank.api("POST", f"/parcels/{parcel['id']}/hand-outs", json={})
    return parcel


def test_what_a_household_brings_back_lies_again_only_when_it_is_good(helper, bank, in_database):
    lot = bank.lot(quantity=40, shelf="A1")
    parcel = handed_out(bank)
    out = sum(line["quantity"] for line in parcel["lines"])
    assert out == 2
    url = f"/food/parcels/{parcel['id']}/returns/new"
    typed = {"lot_id": str(lot), "quantity": "1", "condition": "good", "shelf": "戻り1"}
    too_many = typed | {"quantity": str(out + 1)}
    refused = helper.submit(helper.get(url), too_many, action="/returns", status=422)
    assert refused.soup.find(id="error-quantity")
    back = helper.submit(helper.get(url), typed, action="/returns")
    assert "×1 を棚に戻しました" in back.text
    assert on_shelves(in_database, lot) == {"A1": 40 - out, "戻り1": 1}
    told = helper.submit(helper.get(url), typed | {"condition": "opened"}, action="/returns")
    assert "廃棄" in told.text
    assert on_shelves(in_database, lot) == {"A1": 40 - out, "戻り1": 1}
    assert "すべて戻って" in told.text, "never more than went out"


def test_nothing_comes_back_from_a_parcel_nobody_has(helper, bank):
    bank.lot(quantity=40)
    parcel = bank.api("POST", f"/food-requests/{bank.request()}/parcels", json={}).json
    page = helper.get(f"/food/parcels/{parcel['id']}/returns/new")
    assert "まだ渡していない" in page.text


def test_shelves_and_lots_of_another_food_bank_are_not_there(helper, bank, browser_of):
    lot = bank.lot(shelf="A1")
    other = bank.make.organisation(OrganisationKind.FOOD_BANK)
    user = bank.make.user(Role.FOODBANK, organisation=other)
    stranger = browser_of(Bank(bank.make, bank.in_database, bank.app, user).user)
    assert "棚 A1" not in stranger.get("/food/shelves").text
    for url in ("/food/shelves/1", "/food/shelves/1/edit", f"/food/lots/{lot}/stickers.pdf"):
        stranger.get(url, status=404)


@pytest.mark.once
def test_labels_and_stickers_come_as_paper(helper, bank):
    lot = bank.lot("髙級ツナ缶", shelf="A1")
    for url in ("/food/shelves/labels.pdf", "/food/shelves/labels.pdf?shelf=1&large=1",
                f"/food/lots/{lot}/stickers.pdf?count=3&skip=5"):  # fmt: skip
        paper = helper.raw.get(url)
        assert paper.status_code == 200
        assert paper.data.startswith(b"%PDF"), url


def test_a_shelf_renamed_while_it_is_counted_is_still_counted(helper, bank):
    lot = bank.lot(shelf="A1")
    helper.submit(helper.get("/food/shelves/1"), action="/food/stocktakes")
    helper.submit(helper.get("/food/shelves/1/edit"), {"code": "A9"}, action="/edit")
    page = helper.get(helper.get("/food/shelves/1").link("この棚を数える"))
    field = page.soup.select_one("input[name$=counted]")["name"]
    helper.submit(page, {field: "9"}, action="/shelves/")
    helper.submit(helper.get("/food/stocktakes/1"), action="/close")
    assert bank.left(lot) == 9


def test_the_api_moves_and_takes_back_by_the_same_rules(bank):
    lot = bank.lot(quantity=40, shelf="A1")
    made = bank.api("POST", "/shelves", json={"code": "b1", "storage": "ambient"})
    assert (made.status_code, made.json["code"]) == (201, "B1")
    body = {"from_shelf_id": 1, "to_shelf": "B1", "quantity": 4}
    moved = bank.api("POST", f"/lots/{lot}/transfers", json=body).json
    assert {one["shelf"]: one["quantity"] for one in moved["balances"]} == {"A1": 36, "B1": 4}
    lying = bank.api("GET", f"/shelves/{made.json['id']}").json["lying"]
    assert lying == [{"lot_id": lot, "quantity": 4}]
    assert [one["code"] for one in bank.api("GET", "/shelves").json] == ["A1", "B1"]
    parcel = handed_out(bank)
    body = {"lot_id": lot, "quantity": 1, "condition": "good"}
    assert bank.api("POST", f"/parcels/{parcel['id']}/returns", json=body).json["kept"] is True
    refused = bank.api("POST", f"/parcels/{parcel['id']}/returns", json=body | {"quantity": 99})
    assert "quantity" in refused.json["errors"]
