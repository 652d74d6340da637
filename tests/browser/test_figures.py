"""Figures from the consultation to the paper: at the desk, and on the phone of a manager."""

import io

import pytest
from openpyxl import load_workbook

from app.db import today
from app.japanese import fiscal_year
from app.reports.periods import Month
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser

NAMES = ("架空 数子", "例題 表太")


@pytest.fixture(scope="module")
def month():
    """The month these tests run in, which is the one the consultations are received in."""
    return Month(today().replace(day=1))


def test_1_two_are_received_and_found_behind_the_row_that_counts_them(person, month):
    desk = person("soudan")
    for name in NAMES:
        page = desk.go("/cases/new")
        page.get_by_label("氏名").first.fill(name)
        desk.press("受け付ける", exact=False)
    desk.go("/reports")
    assert page.get_by_role("link", name=month.long_label).is_visible()  # nothing to unfold here
    desk.look("figures-overview")
    desk.follow("新規相談")
    assert page.locator("#intakes svg").is_visible()
    desk.look("figures-part")
    with page.expect_navigation():
        page.locator("#intakes tbody th a").last.click()
    assert "2件" in page.inner_text("main")
    for name in NAMES:
        assert page.locator("td", has_text=name).is_visible()
    desk.look("figures-cases")
    desk.go(f"/reports/{month.year}/routes")
    desk.look("figures-flow")


def test_2_the_month_comes_on_a4(person, month):
    desk = person("soudan")
    page = desk.go("/reports")
    with page.expect_navigation():
        page.get_by_role("link", name=month.long_label).click()
    assert page.locator("h1").inner_text() == f"{month.long_label}の数字"
    desk.look("figures-month")
    href = page.get_by_role("link", name="紙に出す").get_attribute("href")
    paper = page.request.get(f"{desk.site}{href}")
    assert (paper.status, paper.headers["content-type"]) == (200, "application/pdf")
    assert paper.body().startswith(b"%PDF")
    assert month.code in paper.headers["content-disposition"]


def test_3_a_view_is_kept_on_the_phone_and_opened_by_one_tap(person, month):
    desk = person("soudan")
    page = desk.go("/reports")
    page.set_viewport_size(PHONE)
    this_month = page.get_by_role("link", name=month.long_label)
    assert not this_month.is_visible()  # folded away, with the figures on the first screen
    assert page.get_by_role("heading", name="新規相談").bounding_box()["y"] < PHONE["height"]
    page.get_by_text("年度・四半期・月を選ぶ").click()
    this_month.wait_for()
    with page.expect_navigation():
        this_month.click()
    desk.follow("この見方を残す")
    page.get_by_label("名前").fill("今月の新規相談と住まい")
    for part in ("新規相談", "住まい探し"):
        page.get_by_label(part, exact=True).check()
    desk.look("figures-view-form")
    page.set_viewport_size(PHONE)
    desk.press("残す")
    assert page.get_by_text("「今月の新規相談と住まい」を残しました").is_visible()
    desk.look("figures-views")

    desk.go("/reports")
    page.set_viewport_size(PHONE)
    desk.follow("今月の新規相談と住まい")
    assert page.locator("h1").inner_text() == f"{month.long_label}の数字"
    assert page.locator(".figure h2").all_inner_texts() == ["新規相談", "住まい探し"]
    assert page.locator("nav a[aria-current]", has_text="今月の新規相談と住まい").is_visible()
    desk.look("figures-view")


def test_4_the_report_is_kept_and_taken_as_excel(person, tmp_path):
    desk = person("soudan")
    page = desk.go("/reports")
    page.get_by_label("種類").select_option(label="速報")
    desk.press("いまの数字を残す")
    assert "あとから変わることはありません" in page.inner_text("main")
    desk.look("figures-kept")
    with page.expect_download() as waited:
        page.get_by_role("link", name="Excel").click()
    path = tmp_path / "report.xlsx"
    waited.value.save_as(path)
    book = load_workbook(io.BytesIO(path.read_bytes()))
    cells = {row[0]: row[1] for row in book["新規相談受付"].iter_rows(values_only=True) if row[0]}
    assert cells["年度の計"] == len(NAMES)


def test_5_the_manager_reads_what_was_kept_and_a_guest_of_another_office_none_of_it(person):
    manager, guest = person("kanri"), person("shakyo")
    page = manager.go("/reports")
    assert "人数が少ないため伏せている数" in page.inner_text("main")
    manager.look("figures-hidden")
    for path in ("homes", "routes", "council"):
        manager.go(f"/reports/{fiscal_year(today())}/{path}")
        manager.look(f"figures-hidden-{path}")
    page = guest.go("/reports")
    assert "例題社会福祉協議会" in page.inner_text("main")
    assert page.get_by_text("まだありません。").is_visible()
    guest.look("figures-guest")
    guest.go("/reports/recruit")
    guest.look("figures-recruit")
