"""Odd ledgers, labels put right, infants by the month, barcodes, and what the API answers."""

import io
from datetime import date

import pytest
import sqlalchemy as sa

from app.cases.models import Member
from app.cases.needs.models import FoodProfile
from app.foodbank.commands import import_food_ledger
from app.foodbank.models import FoodRequest, Lot, LotState, Pickup, RequestState
from app.foodbank.requests import services as requests
from app.policy import OrganisationKind, Role
from app.reference.food_items import find_food
from tests.foodbank.kit import KETTLE, TODAY, consultant_elsewhere, give_consent, make_case

ODD = (
    "品名,数量,期限の種類,期限,保管,棚,アレルゲン表示\r\n"
    ",3,賞味期限,2027.9.1,常温,A1,なし\r\n"
    "ツナ缶 3缶,約20,賞味期限,2027.9.1,どこか,A1,大豆\r\n"
    "ツナ缶 3缶,999999,期限,2027.9.1,常温,A1,大豆\r\n"
)


@pytest.fixture
def odd_lots(bank, in_database):
    answer = bank.api(
        "POST", "/imports/food-ledgers", data={"file": (io.BytesIO(ODD.encode()), "odd.csv")}
    )
    assert answer.json["lots"] == 3
    return in_database(lambda s: [lot.id for lot in s.scalars(sa.select(Lot).order_by(Lot.id))])


def test_what_a_ledger_leaves_open_is_asked_and_then_taken_in(bank, odd_lots, browser_of):
    browser = browser_of(bank.user)
    nameless, uncounted, endless = odd_lots
    answers = (
        (nameless, {"item_name": "さば水煮缶"}),
        (uncounted, {"quantity": "19", "shelf": "B1", "storage": "ambient"}),
        (endless, {"quantity": "12", "shelf": "B2", "date_kind": "best_before"}),
    )
    for lot_id, typed in answers:
        lot = bank.api("GET", f"/lots/{lot_id}").json
        assert (lot["state"], lot["offerable"]) == ("question", False)
        page = browser.get(f"/food/lots/{lot_id}")
        browser.submit(page, typed, action="/answer")
        assert bank.api("GET", f"/lots/{lot_id}").json["offerable"] is True
    assert bank.api("GET", f"/lots/{nameless}").json["item_name"] == "さば水煮缶"
    assert [bank.left(lot_id) for lot_id in odd_lots] == [3, 19, 12]


def test_a_label_put_right_counts_from_then_on(bank, browser_of):
    lot_id = bank.lot(allergens="不明")
    assert bank.api("GET", f"/lots/{lot_id}").json["allergens_known"] is False
    browser = browser_of(bank.user)
    page = browser.get(f"/food/lots/{lot_id}")
    wrong = browser.submit(page, {"allergens": "よめない"}, action="/allergens", status=422)
    assert wrong.soup.find(id="error-allergens")
    browser.submit(wrong, {"allergens": "大豆・まぐろ・さば"}, action="/allergens", status=422)
    browser.submit(wrong, {"allergens": "大豆"}, action="/allergens")
    assert bank.api("GET", f"/lots/{lot_id}").json["allergens"] == ["大豆"]


def test_a_known_barcode_leads_straight_to_the_form(bank, browser_of):
    body = {
        "item_name": "ツナ缶 3缶",
        "date_kind": "best_before",
        "date_printed": "2027.9",
        "quantity": 2,
        "allergens": "大豆",
        "jan": "4981283179330",
    }
    assert bank.api("POST", "/lots", json=body).status_code == 201
    browser = browser_of(bank.user)
    assert browser.get("/food/receive?q=4981283179330").h1 == "受け入れの記録"
    assert "はじめてです" in browser.get("/food/receive?q=4902102072618").text
    assert "まだありません" in browser.get("/food/receive?q=なにか").text


def test_a_pack_without_a_readable_date_waits_for_a_second_look(bank, browser_of):
    browser = browser_of(bank.user)
    typed = {"item_name": "ツナ缶 3缶", "quantity": "3", "allergens": "大豆"}
    page = browser.get("/food/receive/form")
    done = browser.submit(page, typed | {"date_printed": "かすれ", "date_unreadable": ["1"]})
    assert "このままでは出せません" in done.text
    assert "確かめる" in done.text


def test_infants_are_counted_by_the_month_and_older_people_by_the_year(make, in_database):
    worker = consultant_elsewhere(make)
    case = make_case(make, worker)
    case.members = [
        Member(position=0, born_on=date(2026, 4, 22)),
        Member(position=1, born_on=date(1992, 1, 1)),
        Member(position=2, age=70, age_on=date(2024, 11, 1)),
    ]
    case.household_size = 4
    facts = in_database(
        lambda s: requests.snapshot(s, case, needed_on=TODAY, pickup=Pickup.DELIVERY)
    )
    assert facts["people"] == [
        {"age": 0, "months": 6},
        {"age": 34, "months": None},
        {"age": 72, "months": None},
        {"age": None, "months": None},
    ]
    assert facts["carry_kg"] is None


def test_nobody_asked_about_allergies_is_told_and_treated_as_allergic(bank):
    bank.lot("乾パン 100g", 30, allergens="小麦・ごま")
    safe = bank.lot("おかゆ レトルト UDF区分3", 30, allergens="なし")
    proposal = bank.api(
        "GET", f"/food-requests/{bank.request(KETTLE | {'allergies': None})}/proposal"
    ).json
    assert {line["lot_id"] for line in proposal["lines"]} == {safe}
    assert any("アレルギーの有無" in note for note in proposal["notes"])


def test_what_somebody_does_not_eat_needs_known_ingredients(bank):
    bank.lot("おかゆ レトルト UDF区分3", 30, allergens="なし")
    rice = bank.lot("精米 5kg", 3, allergens="なし")
    household = KETTLE | {
        "forbidden": ["pork"],
        "allergies": [],
        "equipment": ["kitchen", "potable_water"],
        "carry_kg": None,
    }
    proposal = bank.api("GET", f"/food-requests/{bank.request(household)}/proposal").json
    assert {line["lot_id"] for line in proposal["lines"]} == {rice}


def test_the_api_asks_for_a_case_packs_and_cancels(bank, make, app, in_database):
    bank.lot(quantity=30)
    worker = consultant_elsewhere(make)
    case = make_case(make, worker)
    give_consent(make, case, worker, organisation_id=bank.user.organisation_id)
    body = {
        "organisation_id": bank.user.organisation_id,
        "days": 2,
        "needed_on": TODAY.isoformat(),
    }
    headers = {"Authorization": f"Bearer {worker.token}", "Idempotency-Key": "case-food-key"}
    client = app.test_client()
    path = f"/api/v1/cases/{case.id}/food-requests"
    made = client.post(path, json=body, headers=headers)
    assert made.status_code == 201, made.json
    assert "秘密" not in made.get_data(as_text=True)
    assert made.json["household"]["allergies"] == ["小麦"]
    parcel = bank.api("POST", f"/food-requests/{made.json['id']}/parcels", json={}).json
    assert bank.api("GET", f"/parcels/{parcel['id']}").json == parcel
    assert bank.api("POST", f"/parcels/{parcel['id']}/cancel").json["state"] == "cancelled"
    twice = bank.api("POST", f"/parcels/{parcel['id']}/cancel")
    assert twice.status_code == 409
    state = in_database(lambda s: s.get_one(FoodRequest, made.json["id"]).state)
    assert state is RequestState.OPEN


def test_the_api_table_request_and_its_end_on_the_page(bank, browser_of):
    body = {"alias": "青い傘", "ages": "40", "days": 1, "needed_on": "2026-11-22"}
    made = bank.api("POST", "/food-requests", json=body)
    assert made.json["code_name"] == "青い傘"
    late = bank.api("POST", "/food-requests", json=body | {"needed_on": "2026-11-20"})
    assert late.json["errors"]["needed_on"]
    browser = browser_of(bank.user)
    page = browser.get(f"/food/requests/{made.json['id']}/proposal")
    assert "安全に渡せる物がありません" in page.text
    listed = browser.submit(page, action="/cancel")
    assert "取り消しました" in listed.text
    assert browser.get(f"/food/requests/{made.json['id']}/proposal").h1 == "詰める"


def test_a_case_that_is_no_food_banks_choice_or_closed_cannot_ask(bank, make, browser_of):
    worker = consultant_elsewhere(make)
    case = make_case(make, worker)
    browser = browser_of(worker)
    page = browser.get(f"/cases/{case.id}/food-requests/new")
    wrong = browser.submit(
        page,
        {"organisation_id": [str(worker.organisation_id)]},
        action="/food-requests",
        status=422,
    )
    assert "団体を選んでください" in wrong.errors


def test_an_own_food_bank_needs_no_consent(make, browser_of):
    organisation = make.organisation(OrganisationKind.CONSULTATION, OrganisationKind.FOOD_BANK)
    worker = make.user(Role.CONSULTANT, organisation=organisation)
    case = make_case(make, worker)
    case.food_profile = FoodProfile(allergies=[], allergies_asked=False, equipment=[], carry_kg=5)
    browser = browser_of(worker)
    page = browser.get(f"/cases/{case.id}/food-requests/new")
    assert browser.submit(page, action="/food-requests").h1 == "食料の依頼"


def test_somebody_else_changed_the_item_first(bank, browser_of):
    lot_id = bank.lot()
    browser = browser_of(bank.user)
    item_id = bank.api("GET", f"/lots/{lot_id}").json["item_id"]
    page = browser.get(f"/food/items/{item_id}")
    browser.submit(page, {"kcal": "500"})
    assert "確認済み" in browser.get("/food/items").text
    stale = browser.submit(page, {"kcal": "100"}, status=409)
    assert "ほかの人が先に" in stale.text


def test_the_command_refuses_a_broken_file_with_a_sentence(bank, app, tmp_path):
    file = tmp_path / "x.csv"
    file.write_bytes(b"%PDF-1.7")
    refused = app.test_cli_runner().invoke(
        import_food_ledger, [str(file), "--user", bank.user.login]
    )
    assert refused.exit_code == 1
    assert "PDF" in refused.output


@pytest.mark.parametrize(
    ("name", "group", "kcal"),
    [
        ("精米 10kg", "staple", 34200),
        ("カップ麺　みそ", "staple", None),
        ("ツナ缶　３缶", "protein", 570),
        ("水ようかん 60g", None, None),
        ("離乳食 9か月 にんじん", None, None),
    ],
)
def test_a_resembling_name_takes_over_only_what_it_may(name, group, kcal):
    found = find_food(name)
    assert (found and found.food_group, found and found.kcal) == (group, kcal)


def test_a_lot_whose_date_passed_while_it_lay_here_is_past(bank, in_database):
    lot_id = bank.lot(last_day=TODAY)

    def age(session):
        session.get_one(Lot, lot_id).last_day = date(2026, 11, 20)

    in_database(age)
    assert in_database(lambda s: s.get_one(Lot, lot_id).state) is LotState.OFFERABLE
    lot = bank.api("GET", f"/lots/{lot_id}").json
    assert (lot["state"], lot["offerable"]) == ("past", False)
    assert bank.api("GET", "/lots?state=offerable").json["total"] == 0
    assert bank.api("GET", f"/food-requests/{bank.request()}/proposal").json["lines"] == []
