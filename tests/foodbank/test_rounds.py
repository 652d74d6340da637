"""A day's boxes at once: fair, explained, swapped safely, packed each for itself, printed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.cases.consents.models import Consent
from app.cases.models import Case
from app.cases.needs.services import save_food_profile
from app.foodbank.models import (
    Balance,
    FoodRequest,
    ItemJan,
    Movement,
    Parcel,
    Pickup,
    RequestState,
)
from app.foodbank.requests import services as requests
from app.foodbank.requests.views import read_pick
from app.policy import OrganisationKind, Role
from tests.foodbank.kit import KETTLE, TODAY, consultant_elsewhere, give_consent, make_case

NOBODY = KETTLE | {"allergies": [], "people": [{"age": 30, "months": None}], "carry_kg": None}


def open_numbers(in_database):
    return set(
        in_database(
            lambda s: s.scalars(
                sa.select(FoodRequest.number).where(FoodRequest.state == RequestState.OPEN)
            ).all()
        )
    )


def test_a_day_is_proposed_swapped_set_aside_and_packed(bank, browser_of, in_database):
    tuna = bank.lot("ツナ缶 3缶", 3, last_day=TODAY + timedelta(days=20))
    other = bank.lot("さば水煮缶", 30, allergens="さば", shelf="B2")
    first, second, third = bank.request(NOBODY), bank.request(NOBODY), bank.request()
    browser = browser_of(bank.user)
    page = browser.get("/food/rounds")
    assert "3箱をぜんぶ詰めた" in page.text
    assert "お湯・レンジの箱" in page.text
    assert "小麦 なし" in page.text
    picks = page.soup.select("details table tbody tr")
    assert [row.th.get_text(strip=True) for row in picks] == sorted(
        row.th.get_text(strip=True) for row in picks
    )
    tuna_lines = page.soup.select(f"option[value^='{tuna}-']")
    assert tuna_lines, "the lot that expires first is used"
    swap = page.soup.select_one(f"select[name=line-{first}] option[value^='{other}-']")
    values = {f"line-{first}": [swap["value"]], "only": str(first)}
    packed = browser.submit(page, values, action="/rounds/parcels")
    assert "1箱を詰めました" in packed.text
    assert open_numbers(in_database) == {f"F-{second:04d}", f"F-{third:04d}"}
    aside = browser.get(f"/food/rounds?aside={third}")
    assert "1箱をぜんぶ詰めた" in aside.text
    assert "あとにした依頼（1）" in aside.text
    browser.submit(aside, {}, action="/rounds/parcels")
    assert open_numbers(in_database) == {f"F-{third:04d}"}
    lying, moved = in_database(
        lambda s: (
            s.scalar(sa.select(sa.func.sum(Balance.quantity))),
            s.scalar(sa.select(sa.func.sum(Movement.quantity))),
        )
    )
    assert lying == moved < 33
    again = browser.submit(aside, {"idempotency_key": "another-1"}, action="/rounds/parcels")
    assert "詰める箱がありません" in again.text


def test_a_lost_race_leaves_only_that_box_to_do_again_and_says_why(bank, browser_of, in_database):
    bank.lot("ツナ缶 3缶", 4)
    fish = bank.lot("さば水煮缶", 40, allergens="さば", shelf="B2")
    first, second = bank.request(NOBODY), bank.request(NOBODY)
    browser = browser_of(bank.user)
    page = browser.get("/food/rounds")
    shelf_id = page.soup.select_one(f"option[value^='{fish}-']")["value"].split("-")[1]
    greedy = f"{fish}-{shelf_id}-41"
    answer = browser.submit(page, {f"line-{first}": [greedy]}, action="/rounds/parcels")
    assert f"F-{first:04d} は詰めていません。選んだ物の在庫が変わりました" in answer.text
    assert open_numbers(in_database) == {f"F-{first:04d}"}
    assert bank.left(fish) > 0
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count()).select_from(Parcel))) == 1
    assert second


def days_stored(in_database):
    return in_database(lambda s: s.scalars(sa.select(Parcel)).one().days_covered)


def test_a_line_left_out_is_missing_from_the_days_shown_and_stored(bank, browser_of, in_database):
    fish = bank.lot("さば水煮缶", 30, allergens="さば", shelf="B2")
    bank.lot("おかゆ レトルト UDF区分3", 30, allergens="なし", shelf="A3")
    asked = bank.request(NOBODY, days=2)
    browser = browser_of(bank.user)
    page = browser.get(f"/food/requests/{asked}/proposal")
    chosen = [o["value"] for o in page.soup.select("select[name=line] option[selected]")]
    fewer = [value for value in chosen if not value.startswith(f"{fish}-")]
    assert len(fewer) < len(chosen)
    path = f"/food/requests/{asked}/cover?line=" + "&line=".join([*fewer, "", "9-9-9", "nonsense"])
    assert "主菜・たんぱく（0.0日分）" in browser.raw.get(path).text
    heavy = browser.raw.get(f"/food/requests/{asked}/cover?short=1&line={fish}-1-30")
    assert "主食（0.0日分）" in heavy.text
    browser.submit(browser.get("/food/rounds"), {f"line-{asked}": fewer}, action="/rounds/parcels")
    days = days_stored(in_database)
    assert days["protein"] == 0
    assert days["staple"] > 0
    parcel_id = in_database(lambda s: s.scalars(sa.select(Parcel.id)).one())
    assert "いちばん少ないのは" in browser.get(f"/food/parcels/{parcel_id}").text


def test_a_newer_lot_in_hand_or_in_the_box_says_where_the_older_one_lies(bank, browser_of, make):
    old = bank.lot("ツナ缶 3缶", 3, last_day=TODAY + timedelta(days=40), shelf="C7")
    new = bank.lot("ツナ缶 3缶", 9, last_day=TODAY + timedelta(days=90), shelf="A1")
    foreign = bank.lot("乾パン 100g", 3, allergens="小麦", shelf="D1")
    browser, asked = browser_of(bank.user), bank.request()
    assert "手に取った物を確かめる" in browser.get(f"/food/requests/{asked}/proposal").text

    def told(**chosen):
        query = "&".join(f"{name}={value}" for name, value in chosen.items())
        return browser.raw.get(f"/food/requests/{asked}/cover?{query}").text

    older = "までの物が棚 C7 にあります（残り3個）"
    assert older in told(line=f"{new}-2-2")
    assert older in told(line=f"{new}-2-2", short=1)
    assert "古い方はこちら" not in told(line=f"{old}-1-2")
    number = bank.api("GET", f"/lots/{new}").json["number"]
    assert older in told(code=number)
    assert "いまの案に入っていません" in told(code=number)
    assert "これより古い物で、箱に入れていない物はありません" in told(
        code=number, line=f"{old}-1-3"
    )
    assert "これより古い物で、箱に入れていない物はありません" in told(code=f"L-{old:05d}")
    assert "この箱に入れられません" in told(code=f"L-{foreign:05d}")
    item_id = bank.api("GET", f"/lots/{foreign}").json["item_id"]
    make.save(
        ItemJan(organisation_id=bank.user.organisation_id, item_id=item_id, jan="4901234567894")
    )
    assert "この世帯に渡せる物が、いま棚にありません" in told(code="4901234567894")
    assert "この番号の物は見つかりません" in told(code="999")


def test_what_is_left_out_at_the_table_is_taken_off_the_days(bank, browser_of, in_database):
    bank.lot("さば水煮缶", 30, allergens="さば", shelf="B2")
    bank.lot("おかゆ レトルト UDF区分3", 30, allergens="なし", shelf="A3")
    bank.request(NOBODY, days=2)
    browser = browser_of(bank.user)
    page = browser.get("/food/rounds")
    chosen = [option["value"] for option in page.soup.select("option[selected]")]
    browser.submit(page, {"line-1": chosen}, action="/rounds/parcels")
    before = days_stored(in_database)
    assert before["protein"] == 2
    line_id = in_database(
        lambda s: next(
            x.id for x in s.scalars(sa.select(Parcel)).one().lines if x.shelf.code == "B2"
        )
    )
    answer = bank.api("POST", "/parcels/1/hand-outs", json={"left_out": [line_id]})
    assert answer.status_code == 201, answer.json
    assert days_stored(in_database)["protein"] == 0
    assert days_stored(in_database)["staple"] == before["staple"] > 0


@pytest.mark.once
@pytest.mark.parametrize("value", ["3-9999999999-1", "9999999999-3-1", "3-3-0", "3-3--1", "３-3-1"])
def test_a_choice_no_page_offered_is_no_choice(value):
    assert read_pick(value) is None


def test_what_consent_no_longer_covers_is_in_no_box_count_or_paper(bank, browser_of, make):
    bank.lot()
    desk = consultant_elsewhere(make)
    case = make_case(make, desk)
    consent = give_consent(make, case, desk)
    body = {"days": 1, "needed_on": str(TODAY), "organisation_id": bank.user.organisation_id}
    made = browser_of(desk).raw.post(
        f"/api/v1/cases/{case.id}/food-requests",
        json=body,
        headers={"Authorization": f"Bearer {desk.token}", "Idempotency-Key": "round-consent"},
    )
    assert made.status_code == 201
    browser = browser_of(bank.user)
    assert case.code_name in browser.get("/food/rounds").text
    make.save(consent, withdrawn_on=TODAY) if False else consent

    bank.in_database(lambda s: s.delete(s.get_one(Consent, consent.id)))
    page = browser.get("/food/rounds")
    assert case.code_name not in page.text
    assert "詰める依頼はありません" in page.text
    assert bank.api("GET", "/food-rounds").json["boxes"] == []


@pytest.mark.once
def test_papers_of_the_day_and_who_may_open_them(bank, browser_of, make):
    bank.lot()
    bank.request()
    browser = browser_of(bank.user)
    assert browser.raw.get("/food/rounds/pick-list.pdf").data.startswith(b"%PDF")
    browser.submit(browser.get("/food/rounds"), {}, action="/rounds/parcels")
    for path in ("/food/rounds/labels.pdf", "/food/parcels/1/allergens.pdf"):
        assert browser.raw.get(path).data.startswith(b"%PDF"), path
    stranger = make.user(Role.FOODBANK, organisation=make.organisation(OrganisationKind.FOOD_BANK))
    assert browser_of(stranger).raw.get("/food/parcels/1/allergens.pdf").status_code == 404
    assert "詰める依頼はありません" in browser_of(stranger).get("/food/rounds?until=nonsense").text
    desk = consultant_elsewhere(make)
    assert browser_of(desk).raw.get("/food/rounds").status_code == 403


def test_the_api_proposes_and_packs_the_same_and_repeats_nothing(bank):
    bank.lot(quantity=60)
    first, second = bank.request(NOBODY), bank.request(NOBODY)
    found = bank.api("GET", "/food-rounds", query_string={"until": str(TODAY)}).json
    assert [box["request"]["id"] for box in found["boxes"]] == [first, second]
    assert found["picks"][0]["boxes"] == 2
    assert found == bank.api("GET", "/food-rounds").json
    sent = {"request_ids": [second]}
    once = bank.api("POST", "/food-rounds/parcels", json=sent, key="round-once-1")
    assert (once.status_code, len(once.json["packed"])) == (201, 1)
    assert once.json == bank.api("POST", "/food-rounds/parcels", json=sent, key="round-once-1").json
    rest = bank.api("POST", "/food-rounds/parcels", json={}).json
    assert [parcel["request_id"] for parcel in rest["packed"]] == [first]
    assert rest["problems"] == []
    late = bank.api("POST", "/food-rounds/parcels", json={"request_ids": [second, 999]}).json
    assert late["packed"] == []
    assert [(one["request_id"], one["code"]) for one in late["problems"]] == [
        (second, "not_in_round"), (999, "not_in_round"),
    ]  # fmt: skip


def test_a_request_follows_the_gas_that_was_opened(bank, make, browser_of):
    desk = make.user(Role.CONSULTANT, organisation=make.organisation(OrganisationKind.CONSULTATION))
    case = make_case(make, desk)
    give_consent(make, case, desk)
    headers = {"Authorization": f"Bearer {desk.token}"}
    raw = browser_of(desk).raw
    body = {"days": 1, "needed_on": str(TODAY), "organisation_id": bank.user.organisation_id}
    raw.post(f"/api/v1/cases/{case.id}/food-requests", json=body,
             headers=headers | {"Idempotency-Key": "round-gas-1"})  # fmt: skip
    browser = browser_of(bank.user)
    assert "お湯・レンジの箱" in browser.get("/food/rounds").text
    profile = {"version": 1, "allergies": ["小麦"], "allergies_asked": True,
               "equipment": ["burner", "potable_water"], "carry_kg": "5"}  # fmt: skip
    saved = raw.put(f"/api/v1/cases/{case.id}/food-profile", json=profile, headers=headers)
    assert saved.status_code == 200, saved.text
    assert "調理できる箱" in browser.get("/food/rounds").text


def test_an_allergy_told_after_packing_is_looked_at_when_the_box_is_handed_over(
    bank, make, in_database
):
    desk = make.user(Role.CONSULTANT, organisation=make.organisation(OrganisationKind.CONSULTATION))
    case = make_case(make, desk)
    give_consent(make, case, desk)
    bank.lot("おかゆ レトルト UDF区分3", 30, allergens="卵")

    def ask(session):
        requests.request_for_case(
            session, case=session.get_one(Case, case.id), days=1, needed_on=TODAY,
            organisation_id=bank.user.organisation_id, pickup=Pickup.COUNTER, place="",
            remark="", user_id=desk.id, today=TODAY,
        )  # fmt: skip

    def tell(session):
        save_food_profile(
            session, case=session.get_one(Case, case.id), version=1, user_id=desk.id,
            profile={"allergies": ["小麦", "卵"], "equipment": []},
        )  # fmt: skip

    in_database(ask)
    assert bank.api("POST", "/food-requests/1/parcels", json={}).status_code == 201
    packed_for = in_database(lambda s: s.get_one(FoodRequest, 1).household)
    in_database(tell)
    refused = bank.api("POST", "/parcels/1/hand-outs", json={})
    assert (refused.status_code, refused.json["code"]) == (409, "unsafe")
    now_ = in_database(lambda s: s.get_one(FoodRequest, 1).household)
    assert now_ == packed_for | {"allergies": ["小麦", "卵"]}, "the rest stays as it was packed for"
    assert bank.api("POST", "/parcels/1/cancel").status_code == 200
    now_ = in_database(lambda s: s.get_one(FoodRequest, 1).household)
    assert (now_["allergies"], now_["equipment"]) == (["小麦", "卵"], []), "to be packed anew"


def test_what_nobody_asked_is_prompted_and_what_came_is_shown_beside_what_was_asked(
    bank, make, browser_of
):
    bank.lot(quantity=60)
    desk = make.user(Role.CONSULTANT, organisation=make.organisation(OrganisationKind.CONSULTATION))
    case = make_case(make, desk)
    give_consent(make, case, desk)
    counter = browser_of(desk)
    known = counter.get(f"/cases/{case.id}/food-requests/new")
    assert "まだ聞いていないこと" not in known.text
    assert "お湯・レンジの箱" in known.text
    stranger = make.case(desk, household_size=2)
    give_consent(make, stranger, desk)
    page = counter.get(f"/cases/{stranger.id}/food-requests/new")
    for words in ("アレルギーの有無", "使える設備", "2人の年齢", "一度に持てる重さ"):
        assert words in page.text
    asked = counter.submit(known, {"days": "1"}, action="/food-requests")
    assert "箱に入れたもの" not in asked.text
    browser = browser_of(bank.user)
    browser.submit(browser.get("/food/rounds"), {}, action="/rounds/parcels")
    shown = counter.get(asked.response.request.path)
    assert "箱に入れたもの" in shown.text
    assert "頼んだ1日分のうち、いちばん少ないのは" in shown.text
    assert "ツナ缶" in shown.text
