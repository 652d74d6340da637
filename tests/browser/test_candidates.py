"""A consultant looks for a home with somebody beside them, in a real browser.

What is tried answers while it is typed and stands in the address; three homes of two groups are
laid side by side; both papers come. Each page is held to axe and to its width, at the desk and on
the phone.
"""

import re
from datetime import timedelta

import pytest

from app.config import ROOT
from app.db import today
from tests.browser.conftest import Person

pytestmark = pytest.mark.browser
DATA = ROOT / "app" / "demo" / "data"


# Sends a form as its button would, whose paper opens in a tab of its own.
SEND = """async form => {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, {method: "POST", body});
  return [answer.status, answer.headers.get("content-type"), (await answer.text()).slice(0, 4)];
}"""


@pytest.fixture(scope="module")
def told():
    """What earlier steps found out."""
    return {}


def counts(page):
    """合う, あと一歩, まだ分からない, as they stand beside the fields."""
    words = page.locator("#live-counts").inner_text().replace("\n", "")
    return [int(number) for number in re.findall(r"(\d+)件", words)]


def mark(page):
    """Leave a sign in the page that a reload would wipe out."""
    page.evaluate("window.notReloaded = true")


def changed(page, before):
    """Wait until the counts are others than before, without a reload; what they are now."""
    page.wait_for_function(
        "before => document.querySelector('#live-counts').innerText !== before", arg=before
    )
    assert page.evaluate("window.notReloaded") is True
    return counts(page)


def words_of_counts(page):
    return page.locator("#live-counts").inner_text()


def answers(page):
    """Wait for what the page asks for by itself."""
    return page.expect_response(lambda response: "/candidates" in response.url)


def test_1_homes_come_in_and_a_household_says_what_it_needs(person, told):
    sumai = person("sumai")
    sumai.go("/homes/imports")
    sumai.page.get_by_label("一覧のファイル").set_input_files(DATA / "council_list_2026-10.xlsx")
    sumai.press("読み取って確かめる")
    sumai.press("を取り込む", exact=False)
    sumai.page.get_by_role("heading", name="取り込みの報告", level=1).wait_for(timeout=30_000)
    soudan = person("soudan")
    page = soudan.go("/cases/new")
    page.get_by_label("呼び名").fill("やまももさん")
    page.get_by_label("世帯の人数").fill("1")
    page.get_by_label("住まいについて", exact=True).check()
    page.get_by_label("必要ない").check()
    soudan.press("受け付ける")
    told["case"] = soudan.number_in_url()
    page = soudan.go(f"/cases/{told['case']}/housing-need")
    page.get_by_label("住む人数").fill("1")
    page.get_by_label("給付・扶助を使う", exact=False).check()
    page.get_by_label("はじめの費用に出せる額").fill("200000")
    page.get_by_label("市町村").fill("座間市")
    page.get_by_label("2階までなら", exact=False).check()
    soudan.press("記録する")


def test_2_conditions_answer_while_they_are_typed(person, told):
    soudan = person("soudan")
    page = soudan.go(f"/cases/{told['case']}/candidates")
    soudan.look("70-candidates")
    mark(page)
    before, said = counts(page), words_of_counts(page)
    page.locator("#f-rent").press_sequentially("４.５万円")
    after = changed(page, said)
    assert sum(after[:1] + after[2:]) > sum(before[:1] + before[2:])
    assert "rent=" in page.url
    assert page.evaluate("document.activeElement.id") == "f-rent"
    assert page.locator("#f-rent").input_value() == "４.５万円"
    soudan.look("71-candidates-tried")
    page.reload()
    assert counts(page) == after


def test_3_what_cannot_be_meant_is_said_while_the_hands_stay_where_they_are(person, told):
    soudan = person("soudan")
    page = soudan.go(f"/cases/{told['case']}/candidates")
    mark(page)
    page.locator("#f-rent").press_sequentially("-1")
    page.locator("#error-rent").wait_for()
    assert page.evaluate("document.activeElement.id") == "f-rent"
    soudan.look("72-candidates-refused")
    page.locator("#f-rent").fill("45000")
    page.locator("#error-rent").wait_for(state="detached")
    page.locator("#f-preset").select_option("cheap")
    page.get_by_text("重んじること 安さ").first.wait_for()
    assert page.evaluate("window.notReloaded") is True
    soudan.press("試す")  # the button alone does the same
    assert page.locator("#f-rent").input_value() == "45000"


def test_4_the_run_is_kept_with_what_was_tried(person, told):
    soudan = person("soudan")
    soudan.press("この条件で残す")
    soudan.look("73-candidates-kept")
    assert "家賃の上限 45,000円" in soudan.page.inner_text("main")


def test_5_three_homes_of_two_groups_are_laid_side_by_side(person, told):
    soudan = person("soudan")
    page, chosen = soudan.page, 0
    for tab in ("まだ分からない", "あと一歩"):
        page.locator(".tabs a", has_text=tab).click()
        page.locator(".tab[aria-current]", has_text=tab).wait_for()
        for _ in range(2 if tab == "まだ分からない" else 1):
            with answers(page):
                page.locator("[data-tick]:not(:checked)").first.check()
            chosen += 1
            page.locator("#compare", has_text=f"選んだ住戸 {chosen}件").wait_for()
    soudan.look("74-candidates-ticked")
    soudan.press("3件をくらべる")
    assert page.locator(".compare thead h2").count() == 3
    assert "上限とくらべて" in page.inner_text(".compare")
    told["compare"] = page.url.removeprefix(soudan.site)
    soudan.look("75-compare")
    soudan.follow("ちがうところだけ見る")
    soudan.look("76-compare-differences")


@pytest.mark.parametrize("button", ["この表を紙にする（A4）", "1件ずつの紙にする（A4）"])
def test_6_both_papers_come(person, told, button):
    soudan = person("soudan")
    page = soudan.go(told["compare"])
    form = page.locator("form", has=page.get_by_role("button", name=button))
    status, kind, head = form.evaluate(SEND)
    assert (status, kind, head) == (200, "application/pdf", "%PDF")


def test_7_the_map_gathers_homes_and_is_reached_by_keyboard(person, told):
    soudan = person("soudan")
    page = soudan.go(f"/cases/{told['case']}/candidates?group=map")
    page.locator(".map-pin").first.wait_for()
    assert page.locator(".map-pin-many").count() > 0
    page.locator(".map-pin-many").first.focus()
    page.keyboard.press("Enter")
    page.locator(".leaflet-popup a").first.wait_for()
    soudan.look("77-candidates-map")
    mark(page)
    said = words_of_counts(page)
    page.locator("#f-rent").press_sequentially("60000")
    changed(page, said)
    page.locator(".map-pin").first.wait_for()


def test_8_without_a_script_the_same_ways_are_open(chromium, site, told):
    soudan = Person(chromium, site, "soudan", scripts=False)
    soudan.go(f"/cases/{told['case']}/candidates?move_by={today() + timedelta(days=90)}")
    soudan.page.locator("#f-rent").fill("45000")
    soudan.press("試す")
    assert "rent=45000" in soudan.page.url
    page = soudan.turn_to("まだ分からない")
    for tick in page.locator("[data-tick]").all()[:2]:
        tick.check()
    soudan.press("選んだ住戸をくらべる")
    assert page.locator(".compare thead h2").count() == 2
    soudan.close()
