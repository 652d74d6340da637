"""In gloves, on a phone: taken in by barcode, carried to a shelf, counted, made into kits."""

import pytest

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser
JAN = "4974429249424"


def test_a_box_is_taken_in_by_its_barcode_carried_counted_and_made_into_kits(person):
    helper = person("shokuryo")
    take_in_by_barcode(helper)
    carry(helper)
    count(helper)
    make_kits(helper)


def take_in_by_barcode(helper):
    """A scanner types the digits and ends with Enter; the second time everything is filled in."""
    page = helper.go("/food/receive")
    page.set_viewport_size(PHONE)
    scan(page, JAN)
    helper.follow("新しい品目を受け入れる")
    assert page.get_by_label("JAN（任意）").input_value() == JAN
    page.get_by_label("JAN（任意）").press("Enter")  # a scanner's Enter does not send the form
    assert page.get_by_role("heading", name="受け入れの記録", level=1).is_visible()
    page.get_by_label("品名").fill("ツナ缶 3缶")
    chip = page.locator("[data-fill-on]").nth(1)
    chip.click()
    page.keyboard.type("9.20")
    assert page.get_by_label("期限（表示のまま）").input_value() == f"{chip.inner_text()[:5]}9.20"
    page.get_by_label("数量").fill("12")
    page.get_by_label("棚", exact=True).fill("A1")
    page.get_by_role("textbox", name="アレルギー表示").fill("大豆")
    helper.press("受け入れる")
    helper.look("stock-received")
    page.set_viewport_size(PHONE)
    helper.press("この数を加える")
    page = helper.go("/food/receive")
    scan(page, JAN)
    assert page.get_by_label("品名").input_value() == "ツナ缶 3缶"
    helper.look("stock-receive-again")


def scan(page, code):
    page.get_by_label("品名かバーコード").fill(code)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def carry(helper):
    page = helper.go("/food/shelves/1")
    helper.look("stock-shelf")
    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="移す").first.click()
    page.get_by_label("移す先の棚").fill("B2")
    helper.press("移す")
    assert page.get_by_role("heading", name="棚 B2", level=1).is_visible()


def count(helper):
    page = helper.page
    helper.press("この棚を数える")
    helper.follow("棚 B2")
    page.set_viewport_size(PHONE)
    page.get_by_label("ツナ缶 3缶").fill("11")
    helper.look("stock-count")
    helper.press("この棚を記録する")
    helper.press("締めて在庫に合わせる")


def make_kits(helper):
    page = helper.go("/food/kits/new")
    page.get_by_label("セットの名前").fill("初日セット")
    page.get_by_label("作るセットの数").fill("2")
    page.get_by_label("ツナ缶 3缶").first.fill("3")
    helper.look("stock-kit-new")
    helper.press("セットを作る（棚から引く）")
    helper.follow("ロットの画面")
    helper.look("stock-lot")
