"""A month of the housing-support NPO, on the sample files, in a real browser.

A vacancy is logged; two months of the council's list and the safety-net register come in; what they
disagree about is decided; vacancies are confirmed by the phone list and by an agent's link; and a
household comes to the keys, with a viewing planned and a step taken back on the way.
"""

import re
from datetime import timedelta

import pytest

from app.config import ROOT
from app.db import today

pytestmark = pytest.mark.browser
DATA = ROOT / "app" / "demo" / "data"


@pytest.fixture(scope="module")
def told():
    """What earlier steps found out."""
    return {}


def hand_in(who, name):
    """Hand a list in; the words of the page that shows what it would do."""
    page = who.go("/homes/imports")
    page.get_by_label("一覧のファイル").set_input_files(DATA / name)
    who.press("読み取って確かめる")
    return page.inner_text("main")


def take_in(who):
    page = who.press("を取り込む", exact=False)
    page.get_by_role("heading", name="取り込みの報告", level=1).wait_for(timeout=30_000)
    return page.inner_text("main")


def count(text, label):
    """The figure beside a label among the tabs of a list's rows."""
    return int(re.search(rf"{label}\s*([0-9]+)", text.replace("\n", " "))[1])


def test_1_a_vacancy_is_logged_and_the_building_is_known_the_next_time(person):
    sumai = person("sumai")
    page = sumai.go("/homes/new")
    sumai.look("60-vacancy")
    page.get_by_label("物件名", exact=True).fill("コーポ架空の森")
    page.get_by_label("市区町村").fill("座間市")
    page.get_by_label("所在地").fill("相武台1丁目9-9")
    page.get_by_label("号室").fill("101")
    page.get_by_label("家賃").fill("4.1万円")
    sumai.press("登録する")
    assert "コーポ架空の森 101" in page.inner_text("h1")
    assert "41,000円" in page.inner_text("main")
    sumai.look("61-home-new")
    page = sumai.go("/homes/new")
    page.get_by_label("物件名", exact=True).press_sequentially("ｺｰﾎﾟ架空の森")
    page.locator("#known").get_by_text("コーポ架空の森").first.wait_for()
    sumai.look("62-vacancy-known")
    with page.expect_navigation():
        page.locator("#known a").first.click()
    page.get_by_label("号室").fill("102")
    page.get_by_label("家賃").fill("42000")
    sumai.press("登録する")
    assert "コーポ架空の森 102" in page.inner_text("h1")


def test_2_october_comes_in(person):
    text = hand_in(person("sumai"), "council_list_2026-10.xlsx")
    assert count(text, "新しい") == 100
    take_in(person("sumai"))


def test_3_november_has_25_new_16_gone_10_changed_and_2_repeats(person):
    sumai = person("sumai")
    text = hand_in(sumai, "council_list_2026-11.xlsx")
    sumai.look("63-november-preview")
    assert (count(text, "新しい"), count(text, "重複")) == (25, 2)
    assert "今月の一覧にない住戸（16件）" in text.replace(" ", "") or "16件" in text
    sumai.page.get_by_text("列の読み取り", exact=False).first.click()
    sumai.look("64-november-columns")
    take_in(sumai)
    sumai.look("65-november-report")


def test_4_the_register_knows_12_of_its_27_homes_and_disagrees_about_some(person):
    sumai = person("sumai")
    text = hand_in(sumai, "safetynet_export_cp932.csv")
    assert count(text, "新しい") == 15
    take_in(sumai)
    page = sumai.go("/homes/questions")
    assert page.locator("tbody tr").count() == 7
    sumai.look("66-questions")
    with page.expect_navigation():
        page.locator("tbody tr a").first.click()
    sumai.look("67-home-with-question")
    page.get_by_label("理由").first.fill("業者に電話で確かめた")
    sumai.press("A", exact=False)
    page = sumai.go("/homes/questions")
    assert page.locator("tbody tr").count() == 6


def test_5_vacancies_are_confirmed_one_tap_each_without_leaving_the_page(person, told):
    sumai = person("sumai")
    page = sumai.go("/homes/check")
    sumai.look("68-check")
    waiting = page.locator(".check-homes > li").count()
    assert waiting >= 16
    first = page.locator(".check-homes > li").first
    told["confirmed"] = first.locator("b").inner_text()
    first.get_by_role("button", name="空いている").click()
    page.get_by_text("と記録しました").first.wait_for()
    assert page.url.endswith("/homes/check")
    page.locator(".check-homes > li").nth(1).get_by_role("button", name="もうない").click()
    page.get_by_text("と記録しました").nth(1).wait_for()
    page.locator(".check-homes > li").nth(1).get_by_role("button", name="元に戻す").click()
    page.locator(".check-homes > li").nth(1).get_by_role("button", name="空いている").wait_for()
    sumai.look("69-check-answered")


def test_6_an_agent_answers_by_link_without_an_account(person, chromium, told):
    sumai = person("sumai")
    page = sumai.go("/homes/check")
    sumai.press("リンクで聞く", exact=False)
    sumai.look("70-link")
    address = page.get_by_label("リンクの番地").input_value()
    outside = chromium.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP")
    agent = outside.new_page()
    agent.goto(address)
    agent.get_by_label("もう決まりました").first.check()
    agent.get_by_role("button", name="答えを送る").click()
    agent.get_by_text("答えを受け取りました").wait_for()
    outside.close()
    sumai.go("/homes/check?show=answers")
    assert "もうない" in page.inner_text("main")
    sumai.look("71-answers")


def test_7_board_and_map_open(person):
    sumai = person("sumai")
    sumai.go("/homes/board")
    sumai.look("72-board")
    sumai.go("/homes/map")
    sumai.look("73-map")


def test_8_a_household_is_offered_a_home_and_comes_to_the_keys(person, told):
    soudan = person("soudan")
    page = soudan.go("/cases/new")
    page.get_by_label("呼び名").fill("Dさん")
    page.get_by_label("世帯の人数").fill("1")
    page.get_by_label("必要ない").check()
    soudan.press("受け付ける")
    case = soudan.number_in_url()
    page = soudan.go(f"/cases/{case}/housing-need")
    page.get_by_label("住む人数").fill("1")
    page.get_by_label("給付・扶助を使う", exact=False).check()
    page.get_by_label("市町村").fill("座間市")
    page.get_by_label("はじめの費用に出せる額").fill("300000")
    page.get_by_label("法人（居住支援法人など）", exact=False).check()
    page.get_by_label("保証会社", exact=True).check()
    soudan.press("記録する")
    soudan.go(f"/cases/{case}/candidates")
    soudan.press("探して結果を残す")
    soudan.press("取り置く", exact=False)
    soudan.look("74-hold")
    soudan.press("内見・申込へ進む")
    told["placement"] = soudan.number_in_url()
    soudan.press("記録する")
    page = soudan.go(f"/placements/{told['placement']}?step=viewing&as=plan")
    page.get_by_label("予定の日").fill((today() + timedelta(days=1)).isoformat())
    soudan.press("予定を入れる")
    soudan.look("75-viewing-planned")
    assert "内見" in soudan.go("/").inner_text("main")
    soudan.look("76-today-with-appointment")


def test_9_a_step_is_taken_back_and_the_way_goes_on_to_the_keys(person, told):
    soudan = person("soudan")
    there = f"/placements/{told['placement']}"
    page = soudan.go(f"{there}?step=application#step")
    soudan.press("記録する")
    soudan.follow("この手順を戻す")
    soudan.look("77-return")
    page.get_by_label("戻すわけ").fill("申込書を書き直すため")
    soudan.press("戻す", exact=False)
    assert "戻しました" in page.inner_text("main")
    for step in ("application", "screening", "landlord", "contract", "cost", "keys", "move_in"):
        soudan.go(f"{there}?step={step}#step")
        soudan.press("記録する")
    soudan.look("78-moved-in")
    assert "見守りの予定を作りました" in page.inner_text("main")
    soudan.go(f"{there}/costs")
    soudan.look("79-costs")
