"""What runs low and what runs out of time, with who could still eat it."""

from datetime import timedelta

import pytest

from app.cases.models import Case
from app.foodbank.models import Pickup
from app.foodbank.requests import services as requests
from app.policy import OrganisationKind, Role
from tests.foodbank.kit import KETTLE, TODAY, consultant_elsewhere, give_consent, make_case

SOON = TODAY + timedelta(days=5)


@pytest.fixture
def helper(bank, browser_of):
    return browser_of(bank.user)


def watch(helper, item, number):
    helper.submit(helper.get(f"/food/items/{item}"), {"low_at": number}, action=f"/items/{item}")


def test_too_few_of_an_item_are_told_and_only_what_may_go_out_counts(helper, bank):
    bank.lot("ツナ缶 3缶", 10)
    bank.lot("ツナ缶 3缶", 50, last_day=TODAY - timedelta(days=1))
    watch(helper, 1, "10")
    assert "下回っている品目はありません" in helper.get("/food/low").text
    watch(helper, 1, "12")
    page = helper.get("/food/low")
    assert page.soup.find("td", {"data-label": "足りない数"}).get_text(strip=True) == "2"
    assert "足りないもの" in helper.get("/").text
    assert "ツナ缶 3缶,10,12,2" in helper.raw.get("/food/low.csv").get_data(as_text=True)
    low = bank.api("GET", "/food-items/low").json
    assert [(one["item_name"], one["missing"]) for one in low] == [("ツナ缶 3缶", 2)]
    page = helper.submit(
        helper.get("/food/items/1"), {"low_at": "0"}, action="/items/1", status=422
    )
    assert page.soup.find(id="error-low_at")


def test_a_lot_about_to_expire_names_those_who_could_safely_eat_it(helper, bank):
    bank.lot("カップ麺 しょうゆ", 10, last_day=SOON, allergens="小麦")
    bank.lot("ツナ缶 3缶", 10, last_day=SOON, allergens="大豆")
    bank.request()  # みどり, 小麦 allergy, hot water
    page = helper.get("/food/expiring")
    noodles, tuna = page.soup.select(".line")
    assert "安全に食べられる人はいません" in noodles.get_text()
    assert "みどり" in tuna.get_text()


def test_a_request_whose_consent_has_ended_is_named_nowhere(helper, bank, in_database):
    bank.lot("ツナ缶 3缶", 10, last_day=SOON, allergens="大豆")
    owner = consultant_elsewhere(bank.make)
    case = make_case(bank.make, owner)
    given = give_consent(bank.make, case, owner)
    in_database(
        lambda s: requests.request_for_case(
            s, case=s.get_one(Case, case.id), organisation_id=bank.user.organisation_id, days=1,
            needed_on=TODAY, pickup=Pickup.COUNTER, place="", remark="", user_id=owner.id,
            today=TODAY,
        ) and s.commit()
    )  # fmt: skip
    assert case.code_name in helper.get("/food/expiring").text
    given.ends_on = TODAY - timedelta(days=1)
    bank.make.save(given)
    page = helper.get("/food/expiring")
    assert case.code_name not in page.text
    assert "待っている依頼はありません" in page.text


def test_neither_stock_nor_requests_of_another_food_bank(helper, bank, browser_of):
    bank.lot("ツナ缶 3缶", 10, last_day=SOON)
    bank.request(KETTLE)
    watch(helper, 1, "50")
    other = bank.make.organisation(OrganisationKind.FOOD_BANK)
    stranger = browser_of(bank.make.user(Role.FOODBANK, Role.CONSULTANT, organisation=other))
    for url in ("/food/expiring", "/food/low", "/food/low.csv"):
        text = stranger.raw.get(url).get_data(as_text=True)
        assert "ツナ缶" not in text
        assert "みどり" not in text
