"""Donors with what was agreed, food drives, and what a kilogram is reckoned at."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.directory.models import Partner, PartnerKind
from app.foodbank.donors.models import DonorAgreement
from app.foodbank.donors.queries import in_force
from app.foodbank.models import Lot
from app.policy import OrganisationKind, Role
from tests.foodbank.kit import TODAY, consultant_elsewhere

FORM = {
    "item_name": "玄米 髙﨑農園",
    "date_printed": "2026.12.20",
    "quantity": "10",
    "allergens": "なし",
    "weight_kg": "30",
    "donor": "まぼろし農園",
}


@pytest.fixture
def helper(bank, browser_of):
    return browser_of(bank.user)


@pytest.fixture
def donor(make):
    return make.save(
        Partner(
            kind=PartnerKind.DONOR, name="まぼろし農園", name_key="まぼろし農園", phone="0000000000"
        )
    )


def receive(helper, status=200, **values):
    page = helper.get("/food/receive/form")
    return helper.submit(page, FORM | values, action="/food/receive", status=status)


def agree(helper, donor, status=200, **values):
    page = helper.get(f"/food/donors/{donor.id}")
    typed = {"starts_on": "2026-04-01", **values}
    return helper.submit(page, typed, action="/agreements", status=status)


AGREEMENTS = [
    DonorAgreement(id=3, starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 30)),
    DonorAgreement(id=2, starts_on=date(2026, 1, 1)),
    DonorAgreement(id=1, starts_on=date(2025, 1, 1), ends_on=date(2025, 3, 31)),
]


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (date(2024, 12, 31), None),
        (date(2025, 3, 31), 1),
        (date(2025, 4, 1), None),
        (date(2026, 5, 31), 2),
        (date(2026, 6, 30), 3),
        (date(2026, 7, 1), None),
    ],
)
def test_the_agreement_begun_last_holds_until_its_end(day, wanted):
    found = in_force(AGREEMENTS, day)
    assert (found and found.id) == wanted


def test_the_agreement_of_the_day_stands_on_the_lot_and_warns_of_too_few_days(
    helper, donor, bank, browser_of
):
    page = agree(helper, donor, least_days="60", recall_contact="品質の窓口", document="つづり 12")
    assert "未確認（渡す前に、寄贈者に聞いてください）" in page.text
    page = receive(helper)
    assert "まぼろし農園との協定では、受け入れの日に期限まで60日以上です" in page.text
    assert "この物は29日でした" in page.text
    page = helper.get("/food/lots/1")
    assert "協定の日数に足りません" in page.text
    assert "品質の窓口" in page.text
    assert "協定の日数に足りません" not in receive(helper, date_printed="2027.5.1").text
    bank.api("POST", "/recalls", json={"lot_ids": [1]})
    bank.api("POST", "/recalls/1/lots", json={"lot_ids": [1], "danger": "x", "advice": "y"})
    recall = helper.get("/food/recalls/1").text
    assert "まぼろし農園 への連絡先（協定から）: 品質の窓口" in recall
    seen = browser_of(consultant_elsewhere(bank.make)).get("/food/lots/1").text
    assert "まぼろし農園" in seen
    assert "品質の窓口" not in seen
    assert "つづり" not in seen


def test_an_agreement_is_put_right_once_and_begins_once_a_day(helper, donor, bank):
    agree(helper, donor, conditions="転売しない")
    again = agree(helper, donor, status=422, least_days="5")
    assert "同じ日から始まる協定" in again.errors
    assert again.soup.find(id="f-least_days")["value"] == "5"
    assert agree(helper, donor, status=422, ends_on="2026-03-01").soup.find(id="error-ends_on")
    old = helper.get("/food/agreements/1")
    helper.submit(old, {"pass_on": "no", "document": "=1+1"})
    conflict = helper.submit(old, {"conditions": "転売・配布しない"}, status=409)
    assert "ほかの人の更新と重なりました" in conflict.text
    assert "渡さない" in conflict.text
    told = bank.api("GET", f"/donors/{donor.id}/agreements").json
    assert [(one["pass_on"], one["conditions"], one["version"]) for one in told] == [
        (False, "転売しない", 2)
    ]
    made = bank.api(
        "POST", f"/donors/{donor.id}/agreements", json={"starts_on": "2026-05-01", "least_days": 30}
    )
    assert (made.status_code, made.json["pass_on"]) == (201, None)


def test_a_value_is_told_only_after_somebody_said_what_a_kilogram_is_worth(helper, donor, bank):
    receive(helper)
    receive(helper, item_name="りんご", weight_kg="")
    page = helper.get("/food/donors")
    assert "30kg" in page.text
    assert "ほか重さ不明 1ロット" in page.text
    assert "円" not in page.text
    form = helper.get("/food/donors/rate")
    refused = helper.submit(form, {"yen_per_kg": "500"}, status=422)
    assert refused.soup.find(id="error-source")
    said = {"yen_per_kg": "500", "as_of": "2026-04-01", "source": "見本の調査"}
    page = helper.submit(form, said)
    assert "15,000円" in page.text
    assert "1kgあたり500円（2026年4月1日（水）、見本の調査）" in page.text
    assert helper.submit(form, said | {"yen_per_kg": "900"}, status=409)
    assert "15,000円" in helper.get(f"/food/donors/{donor.id}").text
    row = helper.raw.get("/food/donors.csv").get_data(as_text=True).splitlines()[1]
    assert row.startswith("まぼろし農園,0000000000,2,30.0,30.0,1,")
    assert bank.api("GET", "/donors").json[0]["kg"] == 30.0


def test_a_drive_is_chosen_while_it_runs_and_adds_up(helper, bank, in_database):
    assert not helper.get("/food/receive/form").soup.find(id="f-drive_id")
    page = helper.get("/food/drives")
    typed = {"name": "秋のドライブ", "place": "見本市役所", "ends_on": str(TODAY)}
    page = helper.submit(page, typed)
    assert "同じ名前" in helper.submit(page, typed, status=422).errors
    over = {"name": "夏", "place": "駅", "starts_on": "2026-07-01", "ends_on": "2026-07-02"}
    assert bank.api("POST", "/food-drives", json=over).status_code == 201
    receive(helper, drive_id="1", donor="")
    form = helper.get("/food/receive/form")
    assert form.soup.find(id="f-drive_id").find("option", selected=True)["value"] == "1"
    refused = receive(helper, status=422, drive_id="2")
    assert refused.soup.find(id="error-drive_id")
    page = helper.get("/food/drives/1")
    assert "30kg" in page.text
    assert "玄米 髙﨑農園" in page.text
    assert "秋のドライブ" in helper.get("/food/lots/1").text
    later = {"ends_on": str(TODAY + timedelta(days=1))}
    helper.submit(page, later, action="/food/drives/1")
    helper.submit(page, later | {"name": "秋"}, action="/food/drives/1", status=409)
    assert [one["lots"] for one in bank.api("GET", "/food-drives").json] == [1, 0]
    lots = in_database(lambda s: s.scalars(sa.select(Lot.drive_id)).all())
    assert list(lots) == [1]


def test_another_food_bank_sees_neither_gifts_nor_agreements_nor_drives(
    helper, donor, bank, browser_of
):
    agree(helper, donor, conditions="まわりに配らない")
    receive(helper)
    drive = {"name": "夏", "place": "駅", "starts_on": "2026-07-01", "ends_on": "2026-07-02"}
    bank.api("POST", "/food-drives", json=drive)
    other = bank.make.organisation(OrganisationKind.FOOD_BANK)
    stranger = browser_of(bank.make.user(Role.FOODBANK, organisation=other))
    assert "まわりに配らない" not in stranger.get(f"/food/donors/{donor.id}").text
    for url in ("/food/donors", "/food/donors.csv", f"/food/donors/{donor.id}", "/food/drives"):
        text = stranger.raw.get(url).get_data(as_text=True)
        assert "30kg" not in text
        assert "30.0" not in text
        assert "駅" not in text
    for url in ("/food/agreements/1", "/food/drives/1", "/food/donors/99999999999"):
        stranger.get(url, status=404)
