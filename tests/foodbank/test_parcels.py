"""From a request to the hand-out: safe, explained, taken through the ledger, once."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import now
from app.foodbank import stock
from app.foodbank.models import Balance, FoodRequest, HandOut, Lot, LotState, Movement
from app.placements.models import Placement
from app.policy import OrganisationKind, Protection, Role
from tests.foodbank.kit import KETTLE, TODAY, consultant_elsewhere, give_consent, make_case
from tests.placements.households import a_home


def books(in_database):
    return in_database(
        lambda s: (
            s.scalar(sa.select(sa.func.sum(Balance.quantity))),
            s.scalar(sa.select(sa.func.sum(Movement.quantity))),
        )
    )


def test_a_kettle_and_a_wheat_allergy_get_a_safe_dated_explained_parcel(
    bank, browser_of, in_database
):
    bank.import_sample()
    request_id = bank.request(days=3)
    browser = browser_of(bank.user)
    page = browser.get(f"/food/requests/{request_id}/proposal")
    assert "小麦 なし" in page.text
    assert "ガスなし・お湯だけ" in page.text
    assert "小麦なし（表示を確認済み）" in page.text
    assert "主食が" in page.text
    packed = browser.submit(page, action="/parcels")
    assert packed.h1.startswith("お渡し P-")

    def lines(session):
        parcel = session.scalars(sa.select(FoodRequest)).one().parcel
        return [(line.lot.item.name, line.lot, line.quantity, line.reason) for line in parcel.lines]

    found = in_database(lines)
    assert found
    for name, lot, quantity, reason in found:
        assert "小麦" not in lot.allergens + lot.may_contain, name
        assert lot.allergens_known, name
        assert lot.last_day >= TODAY, name
        assert lot.state is LotState.OFFERABLE
        assert quantity > 0
        assert "まで" in reason
    assert "精米 5kg" not in {name for name, *_ in found}
    lying, moved = books(in_database)
    assert lying == moved == 3396 - sum(quantity for _, _, quantity, _ in found)


def test_a_line_is_swapped_for_a_safe_equivalent_or_left_out(bank, browser_of):
    bank.lot("ツナ缶 3缶", 30, last_day=TODAY + timedelta(days=20))
    other = bank.lot("さば水煮缶", 30, allergens="さば")
    bank.lot("乾パン 100g", 30, allergens="小麦・ごま")
    request_id = bank.request()
    browser = browser_of(bank.user)
    page = browser.get(f"/food/requests/{request_id}/proposal")
    options = page.soup.select("select[name=line] option")
    assert not [o for o in options if "乾パン" in o.get_text()]
    chosen = next(o["value"] for o in options if "さば" in o.get_text())
    browser.submit(page, {"line": [chosen, ""]}, action="/parcels")
    assert bank.left(other) < 30


def test_an_unsafe_line_is_refused_whoever_sends_it(bank, in_database):
    bread = bank.lot("乾パン 100g", 30, allergens="小麦・ごま")
    request_id = bank.request()
    shelf_id = in_database(lambda s: s.scalars(sa.select(Balance.shelf_id)).one())
    line = {"lot_id": bread, "shelf_id": shelf_id, "quantity": 1}
    answer = bank.api("POST", f"/food-requests/{request_id}/parcels", json={"lines": [line]})
    assert answer.status_code == 409
    assert answer.json["code"] == "unsafe"
    assert "アレルギー" in answer.json["message"]
    assert bank.left(bread) == 30


def test_more_than_can_be_carried_is_refused(bank, in_database):
    lot_id = bank.lot("おかゆ レトルト UDF区分3", 30, allergens="なし")
    shelf_id = in_database(lambda s: s.scalars(sa.select(Balance.shelf_id)).one())
    line = {"lot_id": lot_id, "shelf_id": shelf_id, "quantity": 25}
    request_id = bank.request()
    answer = bank.api("POST", f"/food-requests/{request_id}/parcels", json={"lines": [line]})
    assert (answer.status_code, answer.json["code"]) == (422, "too_heavy")


def test_an_optional_allergen_is_not_absent_because_a_label_is_silent(bank):
    bank.lot("おかゆ レトルト UDF区分3", 30, allergens="なし")
    rice = bank.lot("精米 5kg", 3, allergens="なし")
    household = KETTLE | {
        "allergies": ["大豆"],
        "equipment": ["rice_cooker", "potable_water"],
        "carry_kg": None,
    }
    proposal = bank.api("GET", f"/food-requests/{bank.request(household)}/proposal").json
    assert {line["lot_id"] for line in proposal["lines"]} == {rice}
    assert any("表示が任意" in note for note in proposal["notes"])


def test_stock_gone_meanwhile_brings_a_new_proposal(bank, browser_of, in_database):
    lot_id = bank.lot(quantity=3)
    browser = browser_of(bank.user)
    page = browser.get(f"/food/requests/{bank.request()}/proposal")
    in_database(
        lambda s: stock.dispose(
            s, lot=s.get_one(Lot, lot_id), reason="落とした", user_id=bank.user.id
        )
    )
    again = browser.submit(page, action="/parcels", status=409)
    assert "詰められませんでした" in again.text
    assert again.h1.startswith("箱の案")


def test_a_request_is_packed_once_though_the_button_is_pressed_twice(bank, in_database):
    lot_id = bank.lot(quantity=30)
    path = f"/food-requests/{bank.request()}/parcels"
    first = bank.api("POST", path, json={}, key="pack-this-once")
    again = bank.api("POST", path, json={}, key="pack-this-once")
    other = bank.api("POST", path, json={})
    assert first.json == again.json
    assert (other.status_code, other.json["code"]) == (409, "already_packed")
    taken = sum(line["quantity"] for line in first.json["lines"])
    assert bank.left(lot_id) == 30 - taken
    lying, moved = books(in_database)
    assert lying == moved


def packed(bank, **values):
    bank.lot(quantity=30, **values)
    bank.lot("おかゆ レトルト UDF区分3", 30, allergens="なし", shelf="B1")
    return bank.api("POST", f"/food-requests/{bank.request()}/parcels", json={}).json


def test_a_parcel_is_handed_out_on_a_phone_and_pressed_again_says_so_calmly(bank, browser_of):
    parcel = packed(bank)
    browser = browser_of(bank.user)
    page = browser.get(f"/food/parcels/{parcel['id']}")
    assert "2人（67歳・64歳）" in page.text
    assert "小麦 なし" in page.text
    done = browser.submit(page, action="/hand-out")
    assert "お渡しを記録しました" in done.text
    again = browser.submit(page, action="/hand-out")
    assert "すでにお渡し済みです" in again.text
    fresh_key = {"idempotency_key": "another-phone-key"}
    other = browser.submit(page, fresh_key, action="/hand-out")
    assert "もう一度は記録していません" in other.text
    assert "お渡し済み 1／1" in browser.get("/food/parcels").text


def test_two_phones_at_once_hand_out_once(bank, in_database):
    parcel = packed(bank)
    answers = []

    def press(number):
        path = f"/parcels/{parcel['id']}/hand-outs"
        answers.append(bank.api("POST", path, json={}, key=f"phone-{number}-key").status_code)

    phones = [threading.Thread(target=press, args=(number,)) for number in range(4)]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    assert sorted(answers) == [200, 200, 200, 201]
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count()).select_from(HandOut))) == 1


def test_what_is_left_out_goes_back_to_its_shelf(bank, browser_of, in_database):
    parcel = packed(bank)
    line = parcel["lines"][0]
    before = bank.left(line["lot_id"])
    browser = browser_of(bank.user)
    page = browser.get(f"/food/parcels/{parcel['id']}")
    page = browser.get(page.link("渡せないものがある"))
    done = browser.submit(page, {"left_out": [str(line["id"])]})
    assert "渡さなかった物" in done.text
    assert bank.left(line["lot_id"]) == before + line["quantity"]
    lying, moved = books(in_database)
    assert lying == moved
    differs = bank.api("POST", f"/parcels/{parcel['id']}/hand-outs", json={})
    assert (differs.status_code, differs.json["code"]) == (409, "already_handed_out")


def test_leaving_everything_is_no_hand_out(bank, browser_of):
    parcel = packed(bank)
    everything = [line["id"] for line in parcel["lines"]]
    path = f"/parcels/{parcel['id']}/hand-outs"
    assert bank.api("POST", path, json={"left_out": everything}).status_code == 422
    browser = browser_of(bank.user)
    page = browser.get(f"/food/parcels/{parcel['id']}/left-out")
    wrong = browser.submit(page, {"left_out": [str(n) for n in everything]}, status=422)
    assert "箱を取り消す" in wrong.errors


@pytest.mark.parametrize("state", [LotState.RECALLED, LotState.HELD])
def test_a_lot_stopped_after_packing_is_not_handed_over(state, bank, browser_of, in_database):
    parcel = packed(bank)
    line = parcel["lines"][0]
    in_database(
        lambda s: stock.set_state(
            s, lot=s.get_one(Lot, line["lot_id"]), state=state, reason="", user_id=bank.user.id
        )
    )
    path = f"/parcels/{parcel['id']}/hand-outs"
    refused = bank.api("POST", path, json={})
    assert (refused.status_code, refused.json["code"]) == (409, "unsafe")
    page = browser_of(bank.user).get(f"/food/parcels/{parcel['id']}")
    assert "渡せない品が入っています" in page.text
    assert bank.api("POST", path, json={"left_out": [line["id"]]}).status_code == 201


def test_a_cancelled_parcel_goes_back_and_can_be_packed_anew(bank, browser_of, in_database):
    parcel = packed(bank)
    browser = browser_of(bank.user)
    page = browser.get(f"/food/parcels/{parcel['id']}/cancel")
    listed = browser.submit(page)
    assert "棚に戻しました" in listed.text
    assert books(in_database) == (60, 60)
    again = bank.api("POST", f"/food-requests/{parcel['request_id']}/parcels", json={})
    assert again.status_code == 201
    late = bank.api("POST", f"/parcels/{parcel['id']}/hand-outs", json={})
    assert late.status_code == 409


def test_the_sheet_is_a_pdf(bank, browser_of):
    parcel = packed(bank)
    answer = browser_of(bank.user).raw.get(f"/food/parcels/{parcel['id']}.pdf")
    assert answer.content_type == "application/pdf"
    assert answer.data.startswith(b"%PDF")


# ------------------------------------------------------------------------------- from a case


def ask(browser, case, bank, status=200, **values):
    page = browser.get(f"/cases/{case.id}/food-requests/new")
    typed = {"organisation_id": [str(bank.user.organisation_id)]} | values
    return browser.submit(page, typed, action="/food-requests", status=status)


def test_a_case_asks_with_consent_and_nobody_at_the_food_bank_learns_a_name(bank, make, browser_of):
    bank.import_sample()
    worker = consultant_elsewhere(make)
    case = make_case(make, worker)
    browser = browser_of(worker)
    refused = ask(browser, case, bank, status=403)
    assert "同意" in refused.errors
    assert refused.link("同意を記録する")
    give_consent(make, case, worker)
    done = ask(browser, case, bank)
    assert "2人（67歳・64歳）" in done.text
    assert "受け取りの番号 F-0001" in " ".join(done.text.split())
    helper = browser_of(bank.user)
    listed = helper.get("/food/requests")
    proposal = helper.get(listed.link("F-"))
    parcel = helper.submit(proposal, action="/parcels")
    pages = [helper.get("/"), listed, proposal, parcel, helper.get("/food/parcels")]
    assert "F-0001" in pages[-1].text
    for page in pages:
        for secret in ("秘密", "ヒミツ", "相武台"):
            assert secret not in page.response.get_data(as_text=True), page.url


def test_a_consent_withdrawn_closes_the_request_for_the_food_bank(bank, make, browser_of):
    bank.lot()
    worker = consultant_elsewhere(make)
    case = make_case(make, worker)
    consent = give_consent(make, case, worker)
    ask(browser_of(worker), case, bank)
    ask(browser_of(worker), case, bank)
    first, second = (row["id"] for row in bank.api("GET", "/food-requests").json)
    parcel = bank.api("POST", f"/food-requests/{first}/parcels", json={}).json
    consent.ends_on = TODAY - timedelta(days=1)
    make.save(consent)
    refused = bank.api("GET", f"/food-requests/{second}/proposal")
    assert (refused.status_code, refused.json["code"]) == (403, "consent_ended")
    assert bank.api("GET", "/food-requests").json == []
    assert bank.api("POST", f"/parcels/{parcel['id']}/hand-outs", json={}).status_code == 403
    listed = browser_of(bank.user).get("/food/parcels")
    assert "同意が終わったため渡せません" in listed.text
    assert "67歳" not in listed.text
    assert bank.api("POST", f"/parcels/{parcel['id']}/cancel").status_code == 200


def test_lists_tell_nothing_of_a_household_whose_consent_has_ended(bank, make, browser_of):
    owner = consultant_elsewhere(make)
    case = make_case(make, owner)
    consent = give_consent(make, case, owner)
    consent.ends_on = TODAY
    make.save(consent)
    browser = browser_of(owner)
    page = browser.get(f"/cases/{case.id}/food-requests/new")
    browser.submit(
        page, {"organisation_id": str(bank.user.organisation_id)}, action="food-requests"
    )
    helper = browser_of(bank.user)
    assert "67歳" in helper.get("/food/requests").text
    assert "67歳" in helper.get("/").text
    assert "詰める 1件" in helper.get("/food").text
    consent.withdrawn_at = now()
    make.save(consent)
    for path in ("/food/requests", "/", "/food/parcels"):
        assert "67歳" not in helper.get(path).text
    assert "詰める 0件" in helper.get("/food").text
    assert bank.api("GET", "/food-requests").json == []


def test_a_consent_for_another_food_bank_is_none_for_this_one(bank, make, browser_of):
    worker = consultant_elsewhere(make)
    case = make_case(make, worker)
    other = make.organisation(OrganisationKind.FOOD_BANK)
    give_consent(make, case, worker, organisation_id=other.id)
    ask(browser_of(worker), case, bank, status=403)


def test_a_protected_household_is_met_at_a_point_never_at_its_address(bank, make, browser_of):
    worker = consultant_elsewhere(make)
    case = make_case(make, worker, protection=Protection.YES)
    give_consent(make, case, worker)
    browser = browser_of(worker)
    without = ask(browser, case, bank, status=422, pickup=["delivery"])
    assert "待ち合わせ" in without.errors
    told = ask(browser, case, bank, status=422, pickup=["delivery"], place="座間市相武台1-24-5 201")
    assert "住所は書けません" in told.errors
    for line in ("place", "note"):
        words = {line: "座間市相武台1-24-5 201"}
        told = ask(browser, case, bank, status=422, pickup=["counter"], **words)
        assert told.soup.find(id=f"error-{line}")
    home = a_home(make, worker)
    make.save(Placement(home_id=home.id, case_id=case.id, organisation_id=worker.organisation_id))
    for place in (home.property.address, f"{home.property.name} 101"):
        told = ask(browser, case, bank, status=422, pickup=["delivery"], place=place)
        assert "住所は書けません" in told.errors, "nor where it is about to live"
    done = ask(browser, case, bank, pickup=["delivery"], place="相武台前駅の改札")
    assert "相武台前駅の改札" in done.text


def test_the_table_takes_any_alias_and_reads_ages_as_written(bank, browser_of):
    bank.import_sample()
    browser = browser_of(bank.user)
    page = browser.get("/food/requests/new")
    wrong = browser.submit(page, {"alias": "赤い帽子", "ages": "六十七"}, status=422)
    assert wrong.soup.find(id="error-ages")
    done = browser.submit(wrong, {"ages": "３４、7か月、不明", "equipment": ["burner"]})
    assert "3人（34歳・7か月）" in done.text
    assert "アレルギー 未確認" in done.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"pickup": "counter", "carry_kg": ""}, (10, False)),
        ({"pickup": "counter", "carry_kg": "4"}, (4, True)),
        ({"pickup": "delivery", "carry_kg": ""}, (None, False)),
    ],
)
def test_nobody_at_the_table_is_planned_more_than_a_usual_box_unasked(
    bank, browser_of, in_database, typed, kept
):
    browser = browser_of(bank.user)
    page = browser.get("/food/requests/new")
    browser.submit(page, {"alias": "あお", "ages": "67", "place": "駅前"} | typed)
    facts = in_database(lambda s: s.scalars(sa.select(FoodRequest)).one().household)
    assert (facts["carry_kg"], facts["carry_asked"]) == kept


def test_the_hand_out_calls_people_at_the_table_by_their_alias(bank, browser_of, in_database):
    browser = browser_of(bank.user)
    assert browser.get("/food/parcels").soup.find("a", string="詰める")["href"] == "/food/requests"
    parcel = packed(bank)
    alias = in_database(lambda s: s.scalars(sa.select(FoodRequest)).one().code_name)
    assert f"{parcel['number']} {alias}" in browser.get("/").text
    assert alias in browser.get("/food/parcels").text
    assert alias in browser.get(f"/food/parcels/{parcel['id']}").text


def test_the_first_page_says_what_waits(bank, browser_of):
    bank.import_sample()
    packed(bank)
    bank.request()
    browser = browser_of(bank.user)
    text = browser.get("/").text
    for words in ("詰める", "渡す", "期限が14日以内", "確かめること", "P-"):
        assert words in text
    assert "詰める 1件" in browser.get("/food").text


def test_other_roles_see_stock_or_nothing(bank, make, browser_of):
    parcel = packed(bank)
    consultant = browser_of(make.user(Role.CONSULTANT))
    assert consultant.get("/food").h1 == "食料"
    consultant.get(f"/food/parcels/{parcel['id']}", status=403)
    other_bank = browser_of(make.user(Role.FOODBANK))
    other_bank.get(f"/food/parcels/{parcel['id']}", status=404)
    browser_of(make.user(Role.HOUSING)).get("/food", status=403)


def test_many_packers_share_the_last_of_the_stock_without_inventing_any(bank, in_database):
    lot_id = bank.lot("おかゆ レトルト UDF区分3", 20, allergens="なし")
    requests = [bank.request() for _ in range(8)]
    start, answers = threading.Barrier(len(requests)), []

    def press(request_id):
        start.wait()
        answer = bank.api("POST", f"/food-requests/{request_id}/parcels", json={})
        answers.append((answer.status_code, answer.json))

    hands = [threading.Thread(target=press, args=(number,)) for number in requests]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    packed_lines = [
        line["quantity"] for status, body in answers if status == 201 for line in body["lines"]
    ]
    assert {status for status, _ in answers} <= {201, 409, 422}
    assert packed_lines
    assert bank.left(lot_id) == 20 - sum(packed_lines) >= 0
    lying, moved = books(in_database)
    assert lying == moved
