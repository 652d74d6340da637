"""What was seen of a lot when it came in, and of its packs when they were handed over."""

import io
from decimal import Decimal

import pytest
import sqlalchemy as sa
from marshmallow import ValidationError

from app.foodbank.models import Lot, LotState, ParcelLine
from app.foodbank.tracing.codes import Condition
from app.foodbank.tracing.schemas import Celsius
from app.policy import Role

FORM = {
    "item_name": "もめん豆腐",
    "date_printed": "2026.12.20",
    "quantity": "10",
    "shelf": "R1",
    "storage": "chilled",
    "allergens": "大豆",
    "maker": "髙﨑食品㈱",
    "lot_code": "LOT-7A/２",
    "weight_kg": "3.5",
    "temperature": "4.5",
    "condition": "good",
    "checks": ["storage", "date"],
}


@pytest.fixture
def helper(bank, browser_of):
    return browser_of(bank.user)


def receive(helper, status=200, **values):
    page = helper.get("/food/receive/form")
    return helper.submit(page, FORM | values, action="/food/receive", status=status)


def newest(in_database):
    return in_database(lambda s: s.scalars(sa.select(Lot).order_by(Lot.id.desc())).first())


def test_what_was_seen_is_kept_as_typed_and_told_on_the_lot_and_by_the_api(
    helper, bank, in_database
):
    receive(helper)
    lot = newest(in_database)
    page = helper.get(f"/food/lots/{lot.id}")
    assert (lot.maker, lot.lot_code) == ("髙﨑食品㈱", "LOT-7A/２")
    assert (lot.weight_kg, lot.temperature) == (Decimal("3.5"), Decimal("4.5"))
    assert (lot.state, lot.checks) == (LotState.OFFERABLE, ["date", "storage"])
    for words in ("髙﨑食品㈱", "3.5kg", "4.5℃", "期限・保管の方法・温度", bank.user.name):
        assert words in page.text
    told = bank.api("GET", f"/lots/{lot.id}").json
    assert (told["temperature"], told["condition"]) == (4.5, "good")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"temperature": "12"}, "12℃でした（10℃まで）"),
        ({"storage": "frozen", "temperature": "−9℃"}, "-9℃でした（-15℃まで）"),
        ({"condition": "unfit"}, "ふくらみ・もれ・におい"),
    ],
)
def test_what_came_in_too_warm_or_unfit_is_held(helper, in_database, values, why):
    page = receive(helper, **values)
    assert newest(in_database).state is LotState.HELD
    assert why in page.text


def test_a_slip_keeps_what_was_typed(helper, in_database):
    page = receive(helper, status=422, temperature="ぬるい", weight_kg="0")
    assert page.soup.find(id="f-temperature")["value"] == "ぬるい"
    assert page.soup.find(id="error-weight_kg")
    assert newest(in_database) is None


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "read"),
    [("−18℃", "-18.0"), ("マイナス１８度", "-18.0"), ("▲2", "-2.0"), ("4.44", "4.4")],
)
def test_temperatures_as_people_write_them(text, read):
    assert Celsius().deserialize(text) == Decimal(read)


@pytest.mark.once
@pytest.mark.parametrize("text", ["ぬるい", "99", "1e1", "--4", True])
def test_what_is_no_temperature_is_refused(text):
    with pytest.raises(ValidationError):
        Celsius().deserialize(text)


def test_the_record_is_put_right_by_one_at_a_time(helper, bank, browser_of, in_database):
    receive(helper)
    lot = newest(in_database)
    mine, theirs = (one.get(f"/food/lots/{lot.id}/receipt") for one in (helper, helper))
    helper.submit(theirs, {"maker": "架空製菓"}, action="/receipt")
    both = helper.submit(mine, {"temperature": "14"}, action="/receipt", status=409)
    assert "架空製菓" in both.text
    assert both.soup.find(id="f-temperature")["value"] == "14"
    helper.submit(both, {"maker": "架空製菓"}, action="/receipt")
    fresh = newest(in_database)
    assert (fresh.maker, fresh.state) == ("架空製菓", LotState.HELD)
    stranger = browser_of(bank.make.user(Role.FOODBANK))
    stranger.get(f"/food/lots/{lot.id}/receipt", status=404)


def test_a_ledger_with_such_columns_fills_them_and_keeps_what_it_cannot_read(bank, in_database):
    head = "品名,数量,期限の種類,期限,保管,アレルゲン,製造者,ロット番号,重量,受入温度,確認者"
    row = "牛乳 1L,6,消費期限,2026.12.20,冷蔵,乳,架空乳業,A1,6.2kg,{},見本 花子"
    for name, temperature in (("a", "5℃"), ("b", "冷")):
        content = f"{head}\n{row.format(temperature)}\n".encode()
        data = {"file": (io.BytesIO(content), f"{name}.csv")}
        assert bank.api("POST", "/imports/food-ledgers", data=data).status_code == 201
        lot = newest(in_database)
        assert (lot.maker, lot.lot_code, lot.checked_by) == ("架空乳業", "A1", "見本 花子")
        assert lot.weight_kg == Decimal("6.2")
        assert lot.temperature == (Decimal(5) if name == "a" else None)
    assert lot.as_typed["受入温度"] == "冷"


def test_the_condition_seen_stands_on_what_was_handed_over(bank, in_database):
    for name in ("アルファ米 白飯 100g", "ツナ缶 3缶"):
        bank.lot(name, 20, allergens="なし")
    wanted = bank.request()
    parcel = bank.api("POST", f"/food-requests/{wanted}/parcels", json={}).json
    left = parcel["lines"][0]["id"]
    said = {"left_out": [left], "condition_seen": True}
    assert bank.api("POST", f"/parcels/{parcel['id']}/hand-outs", json=said).status_code == 201
    seen = in_database(
        lambda s: {one.id: one.condition_seen for one in s.scalars(sa.select(ParcelLine))}
    )
    assert seen.pop(left) is None
    assert set(seen.values()) == {Condition.GOOD}
