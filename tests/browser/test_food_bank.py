"""The food bank's day on a telephone: food comes in, is packed, is handed out without network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page

from app.db import separate_session
from app.foodbank.late.models import LateHandOut
from app.foodbank.models import Balance, HandOut, Movement, Parcel
from tests.browser.conftest import PHONE, Person

pytestmark = pytest.mark.browser
KEPT = "n => Number(document.documentElement.dataset.parcelsKept) === n"
HELD = "words => document.querySelector('[data-parcels-queue]').textContent.includes(words)"


@pytest.fixture
def helper(person: Callable[[str], Person]) -> Person:
    one = person("shokuryo")
    one.page.set_viewport_size(PHONE)
    return one


@pytest.fixture(scope="module")
def parcels() -> list[int]:
    """The ids of the parcels packed on the way."""
    return []


def ask(site_app: Flask, statement: Any) -> list[Any]:
    with site_app.app_context(), separate_session(write=False) as session:
        return list(session.scalars(statement))


def look(helper: Person, name: str) -> None:
    helper.look(name)
    helper.page.set_viewport_size(PHONE)


def test_food_comes_in(helper: Person) -> None:
    page = helper.go("/food/receive/form?name=おかゆ レトルト UDF区分3")
    page.get_by_label("期限（表示のまま）").fill("2027.9.20")
    page.get_by_label("数量").fill("400")
    page.get_by_label("棚", exact=True).fill("A1")
    page.get_by_role("textbox", name="アレルギー表示").fill("なし")
    look(helper, "80-food-receive")
    helper.press("受け入れる")
    assert "400個 受け入れました" in page.inner_text("main")


@pytest.mark.parametrize("alias", ["みどり", "あお", "きいろ"])
def test_it_is_packed_for_somebody_at_the_table(
    helper: Person, parcels: list[int], alias: str
) -> None:
    page = helper.go("/food/requests/new")
    page.get_by_label("呼び名").fill(alias)
    page.get_by_label("食べる人の年齢").fill("67")
    page.get_by_label("アレルギーの有無を聞いた").check()
    look(helper, f"81-table-request-{len(parcels)}")
    helper.press("案をつくる")
    helper.press("詰めた（在庫から引く）")
    parcels.append(helper.number_in_url())


def tick_all_and_hand_out(page: Page) -> None:
    for tick in page.locator("[data-tick]").all():
        tick.check()
    page.get_by_role("button", name="ぜんぶ渡した").click()
    page.wait_for_url("**/food/parcels")


def test_two_are_handed_out_without_network_and_sent_when_there_is_one(
    helper: Person, parcels: list[int], site_app: Flask
) -> None:
    page = helper.go("/food/parcels")
    page.wait_for_function(KEPT, arg=2 + 2 * len(parcels))
    look(helper, "82-parcels")
    helper.context.set_offline(True)
    for number, parcel in enumerate(parcels[:2], 1):
        page.locator(f"main a[href$='/food/parcels/{parcel}']").click()
        page.wait_for_url(f"**/food/parcels/{parcel}")
        tick_all_and_hand_out(page)
        page.wait_for_function(HELD, arg=f"{number}件 預かっています")
    page.screenshot(path="tests/browser/screenshots/83-kept-phone.png", full_page=True)
    assert page.locator("li[data-handed-out]").count() == 2
    page.goto(f"{helper.site}/food/parcels/{parcels[0]}")
    page.get_by_text("この箱は渡しました").wait_for()
    assert page.get_by_role("button", name="ぜんぶ渡した").is_hidden()
    page.screenshot(path="tests/browser/screenshots/84-kept-parcel-phone.png", full_page=True)
    page.goto(f"{helper.site}/food/parcels/999")
    assert "いまは圏外です" in page.inner_text("h1")
    assert ask(site_app, sa.select(HandOut.id)) == []

    page.goto(f"{helper.site}/food/parcels")
    helper.context.set_offline(False)
    page.wait_for_function(HELD, arg="お渡しを記録しました")
    page.screenshot(path="tests/browser/screenshots/85-sent-phone.png", full_page=True)
    handed = ask(site_app, sa.select(HandOut.parcel_id).order_by(HandOut.parcel_id))
    assert handed == parcels[:2]
    moved = ask(site_app, sa.select(sa.func.sum(Movement.quantity)))
    assert moved == ask(site_app, sa.select(sa.func.sum(Balance.quantity)))


def test_what_was_undone_meanwhile_is_kept_for_a_person(
    helper: Person, parcels: list[int], person: Callable[[str], Person], site_app: Flask
) -> None:
    page = helper.go("/food/parcels")
    page.wait_for_function(KEPT, arg=4)
    helper.context.set_offline(True)
    page.goto(f"{helper.site}/food/parcels/{parcels[2]}")
    other = person("ryoho")
    other.go(f"/food/parcels/{parcels[2]}/cancel")
    other.press("取り消す")
    tick_all_and_hand_out(page)
    helper.context.set_offline(False)
    page.wait_for_function(HELD, arg="取り消されて")
    assert ask(site_app, sa.select(Parcel.state).where(Parcel.id == parcels[2])) == ["handed_out"]
    assert len(ask(site_app, sa.select(LateHandOut.id))) == 1
    helper.go("/food/late")
    look(helper, "86-late")
    helper.follow("P-")
    look(helper, "87-late-page")
    page.get_by_label("確かめたこと").fill("その場にいた田辺さんに聞いた")
    helper.press("記録はこのままでよい")
    assert ask(site_app, sa.select(HandOut.parcel_id)).count(parcels[2]) == 1


def test_a_recall_finds_exactly_who_has_it(helper: Person, parcels: list[int]) -> None:
    page = helper.go("/food/recalls/new")
    page.get_by_label("回収のお知らせ").fill(
        "おかゆ レトルト UDF区分3（賞味期限 2027.9.20）に異物混入のおそれがあるため回収します。"
    )
    helper.press("対象を探す")
    look(helper, "88-recall-draft")
    for lot in page.get_by_role("checkbox").all():
        lot.check()
    page.get_by_label("回収のわけ").fill("異物が入ったおそれ")
    page.on("dialog", lambda asked: asked.accept())
    helper.press("この対象で回収する")
    look(helper, "89-recall")
    said = page.inner_text("main")
    for parcel in parcels:
        assert f"P-{parcel:04d}" in said
    helper.follow("みどり")
    look(helper, "90-recall-call")
    with page.expect_navigation():
        page.locator("main button[name=result]").first.click()
    look(helper, "91-recall-called")


def test_nothing_of_the_day_stays_after_signing_out(helper: Person) -> None:
    page = helper.go("/food/parcels")
    page.wait_for_function("() => caches.keys().then(k => k.some(n => n.startsWith('parcels:')))")
    page.locator("details.viewer summary").click()
    page.get_by_role("button", name="サインアウト").click()
    page.wait_for_url("**/sign-in")
    page.wait_for_function("() => caches.keys().then(k => !k.some(n => n.startsWith('parcels:')))")
