"""次に探すもの: what one home more would do, told without a household in it."""

import pytest

from app.policy import Role
from tests.housing.batches.kit import Town, made
from tests.housing.makers import a_home

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
