"""次に探すもの: what one home more would do, told without a household in it."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from pypdf import PdfReader

from app.db import today
from app.foodbank.models import FoodRequest, Parcel, ParcelState, Pickup, RequestState
from app.goods.codes import GoodsKind
from app.goods.models import GoodsNeed
from app.policy import ConsentItem, OrganisationKind, RecipientKind, Role
from tests.foodbank.kit import KETTLE
from tests.housing.batches.kit import Town, made
from tests.housing.makers import a_case, a_home

PATH = "/reports/recruit"


@pytest.fixture
def desk(make):
    return make.user(Role.CONSULTANT)


def test_without_an_assignment_nothing_is_guessed(desk, browser_of):
    page = browser_of(desk).get(PATH)
    assert "まだ「一括の組み合わせ」をしていない" in page.text
    assert "足りないものはありません" in page.text


def test_the_home_that_would_house_one_more_is_named_and_nobody_else(desk, make, browser_of):
    town = Town(make, desk)
    browser = browser_of(desk)
    made(browser)
    page = browser.get(PATH)
    assert "家賃40,000円以下" in page.text
    assert "部屋が1件あれば、あと1世帯の行き先ができます" in page.text
    assert "行き先のない世帯は1世帯" in page.text
    for case in (town.urgent, town.easy, town.late):
        assert case.number not in page.text


def test_where_everybody_has_a_home_nothing_is_looked_for(desk, make, browser_of):
    Town(make, desk)
    a_home(make, desk, rent=40000)
    browser = browser_of(desk)
    made(browser)
    text = browser.get(PATH).text
    assert "行き先のない世帯はありません" in text
    assert "0世帯" not in text


def test_the_condition_that_keeps_somebody_out_is_named(desk, make, browser_of):
    Town(make, desk)
    a_home(make, desk, rent=43000)
    made(browser_of(desk))
    page = browser_of(desk).get(PATH)
    assert "家賃を3,000円下げると、1世帯が合います。（1戸）" in page.text.replace(" ", "")


def test_who_reads_no_cases_reads_of_five_households_or_more(desk, make, browser_of):
    Town(make, desk)
    made(browser_of(desk))
    manager = browser_of(make.user(Role.ORG_ADMIN, organisation=make.the_organisation(desk)))
    page = manager.get(PATH)
    assert "5世帯以上に当てはまる条件はありません" in page.text
    assert "行き先のない世帯は" not in page.text
    assert "件あれば" not in page.text
    assert "合います" not in page.text


def test_two_looks_tell_no_single_household(desk, make, browser_of):
    """Of seven households whoever reads no cases is told as of five, of eight or nine alike."""
    Town(make, desk)
    a_home(make, desk, rent=43000)
    for _ in range(6):
        a_case(make, desk, need={"agreed_rent": 40000})
    made(browser_of(desk))
    manager = browser_of(make.user(Role.ORG_ADMIN, organisation=make.the_organisation(desk)))
    exact, told = (browser.get(PATH).text for browser in (browser_of(desk), manager))
    assert "家賃を3,000円下げると、7世帯が合います。" in exact
    assert "家賃を3,000円下げると、5世帯以上が合います。" in told
    assert "暮らせる世帯：9世帯" in exact
    assert "暮らせる世帯：5世帯以上" in told


def short_of_food_and_things(make, desk, households):
    """Households whose boxes held staple food for one day of three, who need a fridge in ten days
    and a washer in two months.
    """
    bank = make.organisation(OrganisationKind.FOOD_BANK)
    for n in range(households):
        case = make.case(desk)
        make.consent(case, RecipientKind.FOOD_BANK, ConsentItem.FOOD_NEEDS)
        request = make.save(FoodRequest(
            number=f"R{n}", case_id=case.id, code_name="もも", days=3, household=KETTLE,
            organisation_id=bank.id, requested_by=desk.id, needed_on=today(),
            pickup=Pickup.COUNTER, state=RequestState.HANDED_OUT,
        ))  # fmt: skip
        make.save(Parcel(
            number=f"P{n}", request_id=request.id, packed_by=desk.id, rule_version="1",
            state=ParcelState.HANDED_OUT, weight_kg=Decimal(1),
            days_covered={"staple": 1, "protein": 3, "vegetable": 3, "fruit": 3},
        ))  # fmt: skip
        for kind, days in ((GoodsKind.FRIDGE, 10), (GoodsKind.WASHER, 60)):
            make.save(GoodsNeed(case_id=case.id, user_id=desk.id, kind=kind,
                                needed_on=today() + timedelta(days)))  # fmt: skip


@pytest.mark.parametrize(("households", "told"), [(5, True), (4, False)])
def test_donors_are_told_what_helps_this_week(households, told, desk, make, browser_of):
    short_of_food_and_things(make, desk, households)
    manager = browser_of(make.user(Role.ORG_ADMIN, organisation=make.the_organisation(desk)))
    page = manager.get(PATH)
    week = page.soup.select_one("#week").get_text()
    assert ("約20人の1日分です。お湯か電子レンジで食べられる" in week) is told
    assert ("冷蔵庫を約5点。" in week) is told
    assert "洗濯機" in page.text
    assert "洗濯機" not in week  # nobody needs it within two weeks
    pdf = manager.raw.get(f"{PATH}/week.pdf").data
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages)
    assert ("主食" in text) is told
    assert "冷蔵庫" in text


def test_a_week_in_which_nothing_is_short_says_so(desk, browser_of):
    pdf = browser_of(desk).raw.get(f"{PATH}/week.pdf").data
    assert "足りないものはありません" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
