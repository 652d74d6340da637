"""What a phone tells once it has the network again: booked, or kept until somebody decides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.cases.consents.models import Consent
from app.cases.models import Case
from app.db import now
from app.foodbank.late.models import LateHandOut, Settlement, Trouble
from app.foodbank.models import (
    HandOut,
    Lot,
    LotState,
    Movement,
    MovementKind,
    Parcel,
    ParcelState,
    Pickup,
)
from app.foodbank.recalls.models import RecallPerson, RecallPortion
from app.foodbank.requests import services as requests
from app.foodbank.stock import move
from app.policy import Role
from tests.foodbank.kit import TODAY, Bank, consultant_elsewhere, give_consent, make_case


def packed(bank: Bank, **lot: Any) -> dict[str, Any]:
    """A parcel of whatever is proposed."""
    bank.lot("おかゆ レトルト UDF区分3", lot.pop("quantity", 20), **lot)
    answer = bank.api("POST", f"/food-requests/{bank.request()}/parcels", json={})
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def tell(bank: Bank, parcel: dict[str, Any], **said: Any) -> Any:
    key = said.pop("key", None)
    report = {"handed_at": datetime.now(UTC).isoformat()} | said
    return bank.api("POST", f"/parcels/{parcel['id']}/late-hand-outs", json=report, key=key)


def late_of(bank: Bank) -> list[dict[str, Any]]:
    rows = bank.in_database(lambda s: s.execute(sa.select(LateHandOut.__table__)).mappings().all())
    return [dict(row) for row in rows]


def test_what_was_handed_out_hours_ago_is_booked_at_its_own_time(bank: Bank) -> None:
    parcel = packed(bank)
    bank.in_database(
        lambda s: s.execute(
            sa.update(Parcel).values(created_at=datetime.now(UTC) - timedelta(hours=5))
        )
    )
    at = datetime.now(UTC) - timedelta(hours=3)
    answer = tell(bank, parcel, handed_at=at.isoformat())
    assert (answer.status_code, answer.json["outcome"]) == (201, "recorded")
    assert bank.in_database(lambda s: s.scalars(sa.select(HandOut.at)).one()) == at
    assert tell(bank, parcel).json["outcome"] == "again"
    assert late_of(bank) == []


@pytest.mark.parametrize("hours", [-24 * 400, 30])
def test_a_wrong_clock_cannot_hand_out_before_packing_or_tomorrow(bank: Bank, hours: int) -> None:
    parcel = packed(bank)
    at = datetime.now(UTC) + timedelta(hours=hours)
    assert tell(bank, parcel, handed_at=at.isoformat()).json["outcome"] == "recorded"
    found, made = bank.in_database(
        lambda s: s.execute(sa.select(HandOut.at, Parcel.created_at).join(Parcel)).one()
    )
    assert made <= found <= datetime.now(UTC)


@pytest.mark.parametrize("at", ["2026-11-28T10:00:00", "さっき"])
def test_a_time_without_its_zone_is_refused_in_words(bank: Bank, at: str) -> None:
    refused = tell(bank, packed(bank), handed_at=at)
    assert refused.status_code == 422
    assert "時差のついた時刻" in refused.json["errors"]["handed_at"][0]


def test_recalled_food_that_was_given_is_booked_and_told_of(bank: Bank) -> None:
    parcel = packed(bank)
    bank.in_database(
        lambda s: s.execute(sa.update(Lot).values(state=LotState.RECALLED, state_reason="異物"))
    )
    refused = bank.api("POST", f"/parcels/{parcel['id']}/hand-outs", json={})
    assert refused.status_code == 409
    answer = tell(bank, parcel)
    assert answer.json["outcome"] == "reported"
    assert "おかゆ" in answer.json["sentence"]
    assert "責任者に知らせて" in answer.json["sentence"]
    assert bank.in_database(lambda s: s.scalar(sa.select(sa.func.count(HandOut.id)))) == 1
    assert [late["trouble"] for late in late_of(bank)] == [Trouble.UNSAFE]


def test_a_parcel_cancelled_meanwhile_is_booked_and_a_person_confirms(
    bank: Bank, browser_of: Any
) -> None:
    parcel = packed(bank)
    line = parcel["lines"][0]
    bank.api("POST", f"/parcels/{parcel['id']}/cancel")
    key, at = "late-key-0001", datetime.now(UTC).isoformat()
    answer = tell(bank, parcel, key=key, handed_at=at)
    assert answer.json["outcome"] == "reported"
    assert tell(bank, parcel, key=key, handed_at=at).json == answer.json
    assert bank.left(line["lot_id"]) == 20 - line["quantity"]
    total = bank.in_database(lambda s: s.scalar(sa.select(sa.func.sum(Movement.quantity))))
    assert total == bank.left(line["lot_id"])

    browser = browser_of(bank.user)
    assert "取り消した箱が渡った" in browser.get("/").text
    page, second = (browser.get(f"/food/late/{late_of(bank)[0]['id']}") for _ in range(2))
    refused = browser.submit(page, button="このままでよい", action="/settle", status=422)
    assert "確かめたこと・したことを書いてください" in refused.text
    words = {"words": "本人に電話で聞いた"}
    browser.submit(refused, words, button="このままでよい", action="/settle")
    assert late_of(bank)[0]["settlement"] == Settlement.LEFT
    browser.submit(second, words, button="このままでよい", action="/settle", status=409)
    assert "電話で聞いた" in browser.get(f"/food/late/{late_of(bank)[0]['id']}").text


def test_what_was_booked_late_after_a_cancellation_may_still_come_back(bank: Bank) -> None:
    parcel = packed(bank)
    line = parcel["lines"][0]
    bank.api("POST", f"/parcels/{parcel['id']}/cancel", json={})
    tell(bank, parcel)
    before = bank.left(line["lot_id"])
    back = {"lot_id": line["lot_id"], "quantity": line["quantity"], "condition": "good"}
    for status in (201, 422):
        answer = bank.api("POST", f"/parcels/{parcel['id']}/returns", json=back)
        assert answer.status_code == status, answer.json
    assert bank.left(line["lot_id"]) == before + line["quantity"]


def test_a_request_packed_anew_keeps_its_second_parcel(bank: Bank) -> None:
    parcel = packed(bank, quantity=60)
    bank.api("POST", f"/parcels/{parcel['id']}/cancel")
    request = bank.in_database(lambda s: s.get_one(Parcel, parcel["id"]).request_id)
    second = bank.api("POST", f"/food-requests/{request}/parcels", json={}).json
    assert tell(bank, parcel).json["outcome"] == "reported"
    states = bank.in_database(
        lambda s: s.execute(sa.select(Parcel.id, Parcel.state, Parcel.request_id)).all()
    )
    assert {(n, state) for n, state, _ in states} == {
        (parcel["id"], ParcelState.HANDED_OUT),
        (second["id"], ParcelState.PACKED),
    }
    assert len({asked for _, _, asked in states}) == 2


def test_what_is_not_on_the_shelf_any_more_is_counted_first(bank: Bank, browser_of: Any) -> None:
    parcel = packed(bank)
    bank.api("POST", f"/parcels/{parcel['id']}/cancel")
    line = parcel["lines"][0]

    def book(quantity: int, key: str) -> None:
        bank.in_database(
            lambda s: move(
                s,
                lot_id=line["lot_id"],
                shelf_id=line["shelf_id"],
                quantity=quantity,
                kind=MovementKind.CORRECTION,
                key=key,
                user_id=bank.user.id,
            )
        )

    book(-20, "all-gone")
    assert "まだ在庫から引けません" in tell(bank, parcel).json["sentence"]
    browser = browser_of(bank.user)
    assert browser.get("/food").link("圏外で渡した箱の確認 1件") == "/food/late"
    page = browser.get(f"/food/late/{late_of(bank)[0]['id']}")
    refused = browser.submit(page, button="たしかに渡した", action="/settle", status=422)
    assert "棚卸し" in refused.text
    assert late_of(bank)[0]["settlement"] is None
    book(20, "counted")
    browser.submit(refused, button="たしかに渡した", action="/settle")
    assert (late_of(bank)[0]["settlement"], late_of(bank)[0]["booked"]) == ("booked", True)
    assert bank.left(line["lot_id"]) == 20 - line["quantity"]


def test_a_recall_that_came_between_finds_who_got_it(bank: Bank) -> None:
    parcel = packed(bank)
    lot = parcel["lines"][0]["lot_id"]
    recall = bank.api("POST", "/recalls", json={"lot_ids": [lot]}).json
    asked = {"lot_ids": [lot], "danger": "異物", "advice": "食べないで"}
    assert bank.api("POST", f"/recalls/{recall['id']}/lots", json=asked).status_code < 300
    people = sa.select(RecallPerson.id)
    assert bank.in_database(lambda s: s.scalars(people).all()) == []  # it was pulled
    assert "おかゆ" in tell(bank, parcel).json["sentence"]
    assert len(bank.in_database(lambda s: s.scalars(people).all())) == 1
    portion = bank.in_database(lambda s: s.scalars(sa.select(RecallPortion)).one())
    assert (portion.parcel_id, portion.quantity) == (parcel["id"], parcel["lines"][0]["quantity"])
    assert portion.person_id is not None


def test_two_phones_with_different_words_are_both_kept(bank: Bank, browser_of: Any) -> None:
    bank.lot("ツナ缶 3缶", 9)
    parcel = packed(bank)
    lines = bank.in_database(lambda s: [line.id for line in s.get_one(Parcel, parcel["id"]).lines])
    assert len(lines) == 2
    assert tell(bank, parcel).json["outcome"] == "recorded"
    assert tell(bank, parcel, left_out=lines).status_code == 422  # that would be no hand-out
    assert tell(bank, parcel, left_out=lines[:1]).json["outcome"] == "reported"
    late = late_of(bank)[0]
    assert late["trouble"] == Trouble.DIFFERENT
    assert late["left_out"] == lines[:1]
    browser = browser_of(bank.user)
    page = browser.get(f"/food/late/{late['id']}")
    assert "在庫からも引く" not in page.text  # it is in the books already
    browser.submit(page, also={"settlement": "booked"}, action="/settle", status=422)


def test_consent_that_ended_is_told_after_the_fact(bank: Bank, make: Any) -> None:
    owner = consultant_elsewhere(make)
    case = make_case(make, owner)
    consent = give_consent(make, case, owner)
    bank.lot("おかゆ レトルト UDF区分3", 20)
    asked = bank.in_database(
        lambda s: (
            requests.request_for_case(
                s,
                case=s.get_one(Case, case.id),
                organisation_id=bank.user.organisation_id,
                days=1,
                needed_on=TODAY,
                pickup=Pickup.COUNTER,
                place="",
                remark="",
                user_id=owner.id,
                today=TODAY,
            ).id
        )
    )
    parcel = bank.api("POST", f"/food-requests/{asked}/parcels", json={}).json
    bank.in_database(
        lambda s: s.execute(
            sa.update(Consent)
            .where(Consent.id == consent.id)
            .values(withdrawn_at=now(), withdrawn_by=owner.id)
        )
    )
    assert bank.api("POST", f"/parcels/{parcel['id']}/hand-outs", json={}).status_code == 403
    assert "同意が終わって" in tell(bank, parcel).json["sentence"]
    assert late_of(bank)[0]["trouble"] == Trouble.CONSENT


def test_of_another_bank_nothing_is_told(bank: Bank, make: Any, browser_of: Any) -> None:
    parcel = packed(bank)
    bank.api("POST", f"/parcels/{parcel['id']}/cancel")
    tell(bank, parcel)
    stranger = browser_of(make.user(Role.FOODBANK))
    stranger.get(f"/food/late/{late_of(bank)[0]['id']}", status=404)
    assert parcel["number"] not in stranger.get("/food/late").text


def test_the_worker_may_look_after_the_parcels_only(bank: Bank, visitor: Any) -> None:
    answer = visitor.raw.get("/food/parcels/worker.js")
    assert answer.status_code == 200
    assert answer.headers["Service-Worker-Allowed"] == "/food/parcels"
    assert "javascript" in answer.content_type
    assert visitor.raw.get("/food/parcels/standing").status_code == 303


def test_the_pages_script_sends_with_the_persons_own_session(bank: Bank, browser_of: Any) -> None:
    parcel, raw = packed(bank), browser_of(bank.user).raw
    token = raw.get("/food/parcels/standing").json["token"]
    where, key = f"/food/parcels/{parcel['id']}/late", {"Idempotency-Key": "late:0123456789"}
    report = {"handed_at": datetime.now(UTC).isoformat()}
    assert raw.post(where, json=report, headers=key).json["code"] == "csrf"
    headers = key | {"X-CSRFToken": token}
    wrong = raw.post(where, json={"handed_at": "きのう"}, headers=headers)
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["handed_at"])
    assert raw.post(where, json=report, headers=headers).json["outcome"] == "recorded"
    assert raw.post(where, json=report, headers=headers).json["outcome"] == "recorded"
