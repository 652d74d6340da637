"""What came in, whom it reached and what is wished for, told so that nobody can be recognised."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.cases.consents.models import Consent
from app.cases.models import Case
from app.directory.models import Partner, PartnerKind
from app.foodbank.donors.figures import months_of, worst_days
from app.foodbank.donors.flows import Box, Reach, reach_of
from app.foodbank.donors.proposals import Short
from app.foodbank.donors.thanks import reach_words, weight_words
from app.foodbank.donors.wishes import Known, about, shared_terms
from app.foodbank.kits import services as kits
from app.foodbank.models import FoodItem, FoodRequest, Lot, Parcel, ParcelState, Pickup
from app.foodbank.requests import services as requests
from app.foodbank.stock import dispose
from app.policy import OrganisationKind, Role
from tests.foodbank.kit import KETTLE, TODAY, give_consent, make_case

RICE = "アルファ米 白飯 100g"


@pytest.fixture
def helper(bank, browser_of):
    return browser_of(bank.user)


# ---------------------------------------------------------------------------- pure counting


@pytest.mark.parametrize(
    ("reach", "told"),
    [
        (Reach(), ["5世帯未満", "5世帯未満"]),
        (Reach(visits=4, homes=4), ["5世帯未満", "5世帯未満"]),
        (Reach(visits=60, homes=4), ["60世帯", "5世帯未満"]),
        (Reach(visits=12, homes=8, table=4), ["12世帯", "8世帯", "12kg"]),
        # Ten of twelve told apart would leave the two with a case.
        (Reach(visits=12, homes=2, table=10, aliases=10), ["12世帯", "5世帯未満", "12kg"]),
        # Whoever comes ten times under four aliases is fewer than five.
        (Reach(visits=12, homes=2, table=10, aliases=4), ["12世帯", "5世帯未満"]),
        (Reach(visits=1200, homes=8, table=5), ["1,200世帯", "8世帯", "5世帯", "12kg"]),
    ],
)
def test_outside_no_number_below_five_is_told_or_can_be_worked_out(reach, told):
    assert [value for _label, value in reach_words(reach, "12kg")] == told


def test_a_household_is_counted_once_a_day_and_whoever_has_no_case_each_time():
    monday, tuesday = date(2026, 11, 2), date(2026, 11, 3)
    rice = {1: 2}
    found = [
        Box(monday, 7, rice), Box(monday, 7, rice), Box(tuesday, 7, rice), Box(tuesday, 8, {2: 1}),
        Box(monday, None, rice, "みどり"), Box(monday, None, rice, "みどり"),
    ]  # fmt: skip
    assert reach_of(found) == Reach(parcels=6, visits=5, homes=2, table=2, aliases=1)
    assert reach_of(found, {1}) == Reach(parcels=5, visits=4, homes=1, table=2, aliases=1)


@pytest.mark.parametrize(
    ("units", "words"),
    [
        ({}, "ありません"),
        ({1: 3}, "6kg"),
        ({2: 3}, "重さの分からない物"),
        ({1: 3, 2: 1}, "6kgと、重さの分からない物"),
    ],
)
def test_what_nobody_can_weigh_is_neither_nothing_nor_0kg(units, words):
    assert weight_words(units, {1: Decimal(2), 2: Decimal(0)}) == words


@pytest.mark.parametrize(
    ("number", "wished"),
    [(0.2, 1), (7, 7), (10, 10), (11, 15), (42.1, 45), (118, 120), (1234, 1300)],
)
def test_wishes_are_round_and_never_less_than_the_gap(number, wished):
    assert about(number) == wished


def test_a_condition_is_told_when_five_households_share_it_and_not_when_one_asks_five_times():
    many = [Short("staple", f"case:{n}", 1, 1, ("小麦なし", "卵なし")) for n in range(5)]
    once = [Short("staple", "case:1", 1, 1, ("そばなし",)) for _ in range(5)]
    assert shared_terms([*many[:4], *once]) == ()
    assert shared_terms([*many, *once]) == ("卵なし", "小麦なし")


@pytest.mark.parametrize(
    ("covered", "days"), [(None, 0), ({}, 0), ({"staple": 2.5, "fruit": 1}, 1), ({"fruit": 9}, 3)]
)
def test_days_received_are_those_of_the_worst_group_and_no_more_than_asked(covered, days):
    assert worst_days(covered, 3) == days


def test_months_go_over_the_turn_of_the_year():
    found = list(months_of(date(2026, 11, 30), date(2027, 1, 1)))
    assert found == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


# ------------------------------------------------------------------------ through the front


def hand_out(bank, lot, quantity=1, household=None, alias="みどり"):
    lines = {"lines": [{"lot_id": lot, "shelf_id": 1, "quantity": quantity}]}
    packed = bank.api(
        "POST", f"/food-requests/{bank.request(household, alias=alias)}/parcels", json=lines
    )
    assert packed.status_code == 201, packed.text
    bank.api("POST", f"/parcels/{packed.json['id']}/hand-outs", json={})
    return packed.json["id"]


def given_by(bank, in_database, donor, *lots):
    def give(session):
        for lot in lots:
            session.get_one(Lot, lot).donor_id = donor.id
        session.commit()

    in_database(give)


def test_the_letter_follows_a_gift_through_kits_returns_and_waste(helper, bank, in_database):
    donor = bank.make.save(
        Partner(kind=PartnerKind.DONOR, name="㈱髙﨑まぼろし", name_key="㈱髙﨑まぼろし")
    )
    rice = bank.lot(RICE, 100, allergens="なし")  # 0.12 kg each
    given_by(bank, in_database, donor, rice)
    kit = in_database(
        lambda s: (
            made := kits.build(
                s, organisation_id=bank.user.organisation_id, name="朝のセット", kits=10,
                shelf="A1", parts=[(rice, 1, 2)], user_id=bank.user.id, today=TODAY,
            )
        ) and (s.commit() or made.lot_id)
    )  # fmt: skip
    parcel = hand_out(bank, rice, 3)
    hand_out(bank, kit, 4)
    back = {"lot_id": rice, "quantity": 1, "condition": "opened", "shelf": "A1"}
    assert bank.api("POST", f"/parcels/{parcel}/returns", json=back).status_code == 201
    page = helper.get(f"/food/donors/{donor.id}/thanks")
    assert "12kg" in page.text
    assert page.text.count("5世帯未満") == 2
    assert "お渡しした重さ" not in page.text
    assert "0.1kg" in page.text  # opened packs that came back were thrown away
    for _ in range(3):
        hand_out(bank, rice, 1)
    page = helper.get(f"/food/donors/{donor.id}/thanks")
    assert "お渡しした重さ" not in page.text  # five boxes under one alias
    for alias in ("あか", "あお", "しろ", "くろ"):
        hand_out(bank, rice, 2, alias=alias)
    page = helper.get(f"/food/donors/{donor.id}/thanks")
    assert "9世帯" in page.text
    assert "2.5kg" in page.text  # 2 + 8 in kits + 11 packs
    in_database(
        lambda s: (
            dispose(s, lot=s.get_one(Lot, kit), reason="試験", user_id=bank.user.id) and s.commit()
        )
    )
    assert "1.6kg" in helper.get(f"/food/donors/{donor.id}/thanks").text  # 6 kits of two, one pack
    pdf = helper.raw.get(f"/food/donors/{donor.id}/thanks.pdf?first=2026-11-01&last=2026-11-30")
    assert pdf.data.startswith(b"%PDF")
    late = helper.get(f"/food/donors/{donor.id}/thanks?first=2026-10-01&last=2026-10-31")
    assert "この期間に受け入れた物はありません" in late.text
    wrong = f"/food/donors/{donor.id}/thanks.pdf?first=2026-11-02&last=2026-11-01"
    assert helper.get(wrong, status=422).soup.find(id="error-last")


def test_figures_tell_kilograms_households_and_asked_against_received(
    helper, bank, browser_of, in_database
):
    rice = bank.lot(RICE, 100, allergens="なし")
    for _ in range(2):
        hand_out(bank, rice, 5)
    bank.request()  # waits: one day asked for, none received
    months = bank.api("GET", "/food-figures?first=2026-10-01&last=2026-11-30").json
    assert [one["month"] for one in months] == ["2026-10-01", "2026-11-01", None]
    whole = months[-1]
    assert (whole["received_kg"], whole["handed_kg"], whole["disposed_kg"]) == (12, 1.2, 0)
    assert (whole["parcels"], whole["visits"], whole["homes"], whole["table"]) == (2, 2, 0, 2)
    assert (whole["requests"], whole["asked_days"], whole["covered_days"]) == (3, 3, 0)
    page = helper.get("/food/figures")
    assert "3日のうち0日" in page.text
    rows = helper.raw.get("/food/figures.csv").get_data(as_text=True).splitlines()
    assert rows[-1] == "期間の計,12.0,0,1.2,0.0,2,2,0,2,3,3,0.0"
    for url in ("/food/figures", "/food/figures.csv"):
        assert helper.get(f"{url}?first=2026-11-30&last=2026-11-01", status=422).errors
    other = bank.make.organisation(OrganisationKind.FOOD_BANK)
    stranger = browser_of(bank.make.user(Role.FOODBANK, organisation=other))
    assert "期間の計,0.0,0,0.0,0.0,0,0,0,0,0,0,0" in stranger.raw.get("/food/figures.csv").get_data(
        as_text=True
    )


def box_of(session, bank, alias, covered, household=KETTLE):
    """A box handed out that covered so many days of each group."""
    request = requests.request_at_table(
        session, alias=alias, organisation_id=bank.user.organisation_id, days=3,
        needed_on=TODAY, pickup=Pickup.COUNTER, place="", remark="", household=household,
        user_id=bank.user.id, today=TODAY,
    )  # fmt: skip
    session.add(
        Parcel(number=f"P-{alias}", request_id=request.id, packed_by=bank.user.id,
               state=ParcelState.HANDED_OUT, rule_version="x", days_covered=covered,
               weight_kg=Decimal(1))
    )  # fmt: skip
    request.state = "handed_out"


def test_wishes_name_what_five_households_missed_and_nothing_of_fewer(
    helper, bank, in_database, browser_of
):
    lot = bank.lot(RICE, 10, allergens="なし")
    full = {"staple": 3, "protein": 3, "vegetable": 3, "fruit": 3}

    def boxes(session):
        item = session.get_one(Lot, lot).item
        item.low_at = 99
        for n in range(4):
            box_of(session, bank, f"人{n}", full | {"staple": 1, "fruit": 0})
        box_of(session, bank, "ひと4", full | {"staple": 1}, KETTLE | {"allergies": ["卵"]})
        session.commit()

    in_database(boxes)
    page = helper.get("/food/wishes")
    assert [card.get_text() for card in page.soup.select("main .card h2")] == [
        "主食", "少なくなっている品目",
    ]  # fmt: skip
    assert "約20人の1日分" in page.text  # 5 households × 2 people × 2 days
    assert f"{RICE} なら約" in page.text
    assert "お湯か電子レンジで食べられる" in page.text
    assert "小麦なし" not in page.text  # four of them
    assert "あと89" in page.text
    wish = bank.api("GET", "/food-wishes?days=90").json[0]
    assert (wish["code"], wish["person_days"]) == ("staple", 20)
    # two days of five households of 67 and 64: half of 2,100 and 2,300 kcal is staple food
    kcal = in_database(lambda s: s.get_one(FoodItem, 1).kcal)
    assert wish["examples"][0]["units"] == about(2 * 5 * (2100 + 2300) / 2 / kcal)
    assert bank.api("GET", "/food-wishes?days=60").status_code == 422
    assert helper.raw.get("/food/wishes.pdf?days=90").data.startswith(b"%PDF")
    other = bank.make.organisation(OrganisationKind.FOOD_BANK)
    stranger = browser_of(bank.make.user(Role.FOODBANK, organisation=other))
    assert "5世帯以上で足りなかった食品はありません" in stranger.get("/food/wishes").text


def test_water_is_wished_for_by_its_weight(bank, in_database):
    bank.lot("水 2L×6", 10, allergens="なし")  # 12 kg, no energy
    dry = KETTLE | {"equipment": ["hot_water"]}
    covered = {"staple": 3, "protein": 3, "vegetable": 3, "fruit": 3, "drink": 1}

    def boxes(session):
        for n in range(5):
            box_of(session, bank, f"人{n}", covered, dry)
        session.commit()

    in_database(boxes)
    wish = bank.api("GET", "/food-wishes").json[0]
    assert (wish["code"], wish["person_days"]) == ("drink", 20)
    # ten people, two days, a litre each: 20 kg, which is two boxes
    assert [(one["name"], one["units"]) for one in wish["examples"]] == [("水 2L×6", 2)]
    assert wish["kg"] == 25


def test_open_requests_wish_for_what_the_stock_lacks_as_long_as_consent_lasts(
    helper, bank, in_database
):
    owner = bank.make.user(
        Role.CONSULTANT, organisation=bank.make.organisation(OrganisationKind.CONSULTATION)
    )
    cases = [make_case(bank.make, owner) for _ in range(5)]
    given: list[Consent] = [give_consent(bank.make, case, owner) for case in cases]

    def ask(session):
        for case in cases:
            requests.request_for_case(
                session, case=session.get_one(Case, case.id),
                organisation_id=bank.user.organisation_id, days=2, needed_on=TODAY,
                pickup=Pickup.COUNTER, place="", remark="", user_id=owner.id, today=TODAY,
            )  # fmt: skip
        session.commit()

    in_database(ask)
    page = helper.get("/food/wishes?days=90")
    assert "小麦なし" in page.text
    assert "約20人の1日分" in page.text
    assert "パックごはん" in page.text
    assert in_database(lambda s: s.query(FoodRequest).count()) == 5
    given[0].ends_on = TODAY - timedelta(days=1)
    bank.make.save(given[0])
    assert "人の1日分" not in helper.get("/food/wishes?days=90").text


@pytest.mark.parametrize(
    ("terms", "suits"),
    [
        ((), True),
        (("そのまま食べられる",), True),
        (("そのまま食べられる", "缶切りがいらない"), False),
        (("お湯か電子レンジで食べられる", "缶切りがいらない"), True),
        (("小麦なし",), False),
        (("卵なし", "豚肉なし"), True),
        (("ナッツなし",), False),
        (("やわらかい",), False),
    ],
)
def test_an_example_meets_the_conditions_it_stands_beside(terms, suits):
    item = FoodItem(equipment=[["hot_water"], ["can_opener"]], ingredients=["nuts"])
    lot = Lot(allergens=["小麦"], allergens_known=True)
    assert Known(item, lot).suits(terms) is suits
