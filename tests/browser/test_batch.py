"""The meeting: ten households, one pair fixed, one refused, the approved ones held in one go."""

from datetime import timedelta

import pytest

from app.accounts.models import User
from app.cases.models import Dwelling
from app.db import today
from app.housing.codes import Acceptance, Group, GuarantorRule
from tests.factories import Factory, SignIn
from tests.housing.makers import a_case, a_home

pytestmark = [pytest.mark.browser, pytest.mark.slow]
GROUND = {"floor_need": "ground"}


@pytest.fixture(scope="module", autouse=True)
def town(site_app):
    """Ten households of all kinds and eight homes, two of them on the ground floor."""
    make = Factory(site_app)
    user = make.session.query(User).filter_by(login="soudan").one()
    desk = SignIn(user.id, user.login, user.name, user.memberships[0].organisation_id, "")
    day, waited = today(), today() - timedelta(days=1)
    for number, (left, rent, more, facts) in enumerate((
        (9, 41000, GROUND | {"groups": ["elderly"]}, {"dwelling": Dwelling.STREET}),
        (3, 45000, {}, {"dwelling": Dwelling.NET_CAFE}),
        (30, 41000, GROUND, {}),
        (None, 52000, {}, {"dwelling": Dwelling.ACQUAINTANCE}),
        (14, 48000, {"people": 2, "min_area": 30}, {"household_size": 2}),
        (60, 41000, {}, {}),
        (None, 39000, GROUND, {}),
        (21, 60000, {"people": 3, "min_rooms": 2}, {"household_size": 3}),
        (7, 43000, {}, {"dwelling": Dwelling.CAR}),
        (None, 36000, {}, {}),
    )):  # fmt: skip
        a_case(
            make,
            desk,
            need={"agreed_rent": rent, "funds": 300000, **more},
            leave_by=None if left is None else day + timedelta(days=left),
            received_on=waited - timedelta(days=13 * number),
            **facts,
        )
    for name, rent, facts in (
        ("コーポ相武", 40000, {"floor": 1}),
        ("ハイツ広野", 40500, {"floor": 1}),
        ("メゾン栗原", 44000, {"floor": 2}),
        ("第二青葉荘", 38500, {"floor": 2}),
        ("サンコーポ入谷", 47000, {"floor": 2, "area": 34, "rooms": 2, "layout": "2DK"}),
        ("グリーンハイム", 58000, {"floor": 3, "area": 46, "rooms": 3, "layout": "3DK"}),
        ("相模ハイツ", 42500, {"floor": 2, "guarantor_rule": GuarantorRule.COMPANY}),
        ("桜アパート", 51000, {"floor": 2}),
    ):
        accepts = [(Group.ELDERLY, Acceptance.CONDITIONAL, "watching")]
        a_home(make, desk, name=name, rent=rent, deposit=rent, accepts=accepts, **facts)
    make.close()


def pairs(page):
    """Who is proposed which home, as the page says it."""
    rows = page.locator("article.batch-pair").all()
    return {row.locator("h3").first.inner_text(): row.locator(".home-title a").inner_text()
            for row in rows}  # fmt: skip


def decide(page, row, button, reason):
    """Open the lock form of one pair, say why and press."""
    row.get_by_text("この組を固定する・なしにする").click()
    row.get_by_label("理由").fill(reason)
    with page.expect_navigation():
        row.get_by_role("button", name=button).click()


def test_1_one_press_matches_ten_households(person):
    soudan = person("soudan")
    page = soudan.go("/cases")
    page = soudan.follow("一括で組み合わせる")
    soudan.look("80-batches")
    soudan.press("いま組み合わせる")
    soudan.look("81-batch")
    assert len(pairs(page)) >= 7
    assert page.locator(".batch-policies > li").count() == 3
    assert page.locator("[name=pairs]:checked").count() == 0
    assert "路上" in page.inner_text("main")


def test_2_a_pair_is_fixed_and_one_is_refused_and_little_else_changes(person):
    soudan = person("soudan")
    page = soudan.page
    before = pairs(page)
    page.locator("article.batch-pair [name=pairs]").nth(4).check()
    ticked = page.locator("[name=pairs]:checked").get_attribute("value")
    assert "承認した組 1組" in page.inner_text("#holds")
    decide(page, page.locator("article.batch-pair").nth(1), "この組を固定", "本人が内見して決めた")
    assert pairs(page) == before
    assert page.locator("[name=pairs]:checked").get_attribute("value") == ticked
    page.locator("[name=pairs]:checked").uncheck()
    decide(page, page.locator("article.batch-pair").first, "この組はなし", "病院から遠い")
    after = pairs(page)
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert 1 <= len(changed) <= 3
    assert "前の組み合わせがなくなったため" in page.locator("#moves").inner_text()
    soudan.look("82-batch-after-locks")


def test_3_what_a_choice_takes_from_somebody_is_said_before_it_is_made(person):
    soudan = person("soudan")
    page = soudan.page
    with page.expect_navigation():
        page.get_by_role("link", name="ほかの住戸").first.click()
    assert "がこれをと" in page.inner_text("main")
    soudan.look("83-batch-household")
    soudan.follow("組の一覧に戻る")


def test_4_the_approved_pairs_are_held_in_one_go(person):
    soudan = person("soudan")
    page = soudan.page
    for number in range(3):
        page.locator("article.batch-pair [name=pairs]").nth(number).check()
    soudan.look("84-batch-ticked")
    soudan.press("承認した組をまとめて取り置く")
    assert "3組を取り置きました" in page.inner_text("main")
    assert page.get_by_text("取り置き済み").count() == 3
    soudan.look("85-batch-held")
    page = soudan.go("/placements")
    assert "取り置き中（3室）" in page.inner_text("main")


def test_5_the_first_page_tells_of_the_pairs_that_wait(person):
    soudan = person("soudan")
    page = soudan.go("/")
    assert "組が承認を待っています" in page.inner_text("main")
    soudan.look("86-today-with-batch")
