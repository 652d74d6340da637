"""Handing out line by line: all, fewer or none, and the ledger's sum holds."""

import sqlalchemy as sa

from app.foodbank.models import Balance, Lot, LotState, Movement, Parcel
from app.foodbank.recalls.queries import portions as portions_of
from tests.foodbank.test_rounds import NOBODY, days_stored


def test_fewer_of_a_line_go_out_and_the_rest_goes_back_or_away(bank, browser_of, in_database):
    fish = bank.lot("さば水煮缶", 30, allergens="さば", shelf="B2")
    rice = bank.lot("おかゆ レトルト UDF区分3", 30, allergens="なし", shelf="A3")
    bank.request(NOBODY, days=2)
    assert bank.api("POST", "/food-requests/1/parcels", json={}).status_code == 201
    lines = in_database(
        lambda s: {x.lot_id: (n, x.quantity) for n, x in enumerate(s.get_one(Parcel, 1).lines)}
    )
    (at, packed), (rice_at, rice_packed) = lines[fish], lines[rice]
    browser = browser_of(bank.user)
    assert "数を減らして渡す" in browser.get("/food/parcels/1/left-out").text
    page = browser.get("/food/parcels/1/portions")
    unexplained = {f"lines-{at}-given": "1"}
    again = browser.submit(page, unexplained, action="/portions", status=422)
    assert "減らしたわけを選んでください" in again.text
    too_many = browser.submit(page, {f"lines-{at}-given": "999"}, action="/portions", status=422)
    assert f"詰めたのは{packed}です" in too_many.text
    all_but_one = rice_packed - 1
    not_good = {f"lines-{rice_at}-given": str(all_but_one), f"lines-{rice_at}-why": "damaged"}
    unlooked = browser.submit(page, not_good, action="/portions", status=422)
    assert "傷んでいた物のようすを選んでください" in unlooked.text
    nothing = {f"lines-{n}-{name}": said for n in (at, rice_at)
               for name, said in (("given", "0"), ("why", "not_wanted"))}  # fmt: skip
    none = browser.submit(page, nothing, action="/portions", status=422)
    assert "「箱を取り消す」を使ってください" in none.text
    typed = unexplained | {
        f"lines-{at}-why": "too_much",
        f"lines-{rice_at}-given": str(all_but_one),
    }
    typed |= {f"lines-{rice_at}-why": "damaged", f"lines-{rice_at}-condition": "damaged"}
    done = browser.submit(page, typed, action="/portions")
    assert "棚 B2 に戻した" in done.text
    assert "多い・重い" in done.text
    assert "廃棄" in done.text
    assert (bank.left(fish), bank.left(rice)) == (30 - 1, 30 - rice_packed)
    assert days_stored(in_database)["protein"] < 2
    moved, lying = in_database(
        lambda s: (
            s.scalar(sa.select(sa.func.sum(Movement.quantity))),
            s.scalar(sa.select(sa.func.sum(Balance.quantity))),
        )
    )
    assert moved == lying
    taken = in_database(lambda s: {p.lot_id: p.quantity for p in portions_of(s, [fish, rice])})
    assert taken == {fish: 1, rice: all_but_one}
    assert bank.api("POST", "/parcels/1/hand-outs", json={}).status_code == 200, "the same again"
    assert "すでにお渡し済み" in browser.get("/food/parcels/1/portions").text


def test_a_line_that_must_stay_cannot_go_in_part(bank, browser_of, in_database):
    fish = bank.lot("さば水煮缶", 30, allergens="さば", shelf="B2")
    bank.lot("おかゆ レトルト UDF区分3", 30, allergens="なし", shelf="A3")
    bank.request(NOBODY, days=2)
    bank.api("POST", "/food-requests/1/parcels", json={})
    at, packed = in_database(
        lambda s: next(
            (n, x.quantity) for n, x in enumerate(s.get_one(Parcel, 1).lines) if x.lot_id == fish
        )
    )
    in_database(lambda s: setattr(s.get_one(Lot, fish), "state", LotState.HELD))
    browser = browser_of(bank.user)
    page = browser.get("/food/parcels/1/portions")
    assert "渡した数は0にしてください" in page.text
    typed = {f"lines-{at}-given": "1", f"lines-{at}-why": "other"}
    refused = browser.submit(page, typed, action="/portions", status=409)
    assert "「さば水煮缶」は渡せません" in refused.text
    assert bank.left(fish) == 30 - packed, "nothing half-done"
