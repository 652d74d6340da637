"""A first talk at the counter: receiving, a lost session, assessment, household, chart, consent."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def desk(person):
    """The consultant at the counter."""
    return person("soudan")


def test_somebody_is_received_on_one_page(desk):
    page = desk.go("/cases/new")
    desk.look("people-new-case")
    assert page.get_by_label("来た人の氏名").is_hidden()
    page.get_by_label("家族", exact=True).check()
    page.get_by_label("来た人の氏名").fill("見本 長女")
    page.get_by_label("呼び名").fill("よつばさん")
    page.get_by_label("住まいについて", exact=True).check()
    page.get_by_label("いちばん困っていること：債務について").check()
    page.get_by_label("電話", exact=True).fill("０９０ー００００ー１１１１")
    desk.press("受け付ける")
    assert page.get_by_role("heading", name="よつばさん", level=1).is_visible()
    assert page.get_by_text("債務について").is_visible()
    desk.look("people-case")


def test_a_session_that_ends_loses_nothing_that_was_typed(desk):
    page = desk.go("/cases/new")
    page.get_by_label("呼び名").fill("とちゅうの人")
    page.get_by_label("話の内容").fill("長い話の\n途中だった。")
    page.get_by_label("食べるものがない", exact=True).check()
    desk.wait_until_kept("途中だった。")
    desk.context.clear_cookies()
    desk.press("受け付ける")
    page.get_by_label("利用者名").fill("soudan")
    page.get_by_label("パスワード").fill("tsunagi-demo-2026")
    desk.press("サインイン")
    assert re.search(r"/cases/new$", page.url)
    page.get_by_role("button", name="入力を戻す").click()
    assert page.get_by_label("話の内容").input_value() == "長い話の\n途中だった。"
    assert page.get_by_label("食べるものがない", exact=True).is_checked()
    desk.press("受け付ける")
    assert page.get_by_role("heading", name="とちゅうの人", level=1).is_visible()


def test_a_form_that_was_refused_before_its_session_ended_is_offered_where_it_began(desk):
    page = desk.go("/cases/1/consents/new")
    page.get_by_label("いつまで").fill("2020-01-01")
    page.get_by_label("居住支援法人").check()
    desk.press("同意を記録する")
    assert page.locator("[data-error-summary]").is_visible()
    page.get_by_label("口頭のときの記録").fill("窓口で読み上げた。")
    desk.wait_until_kept("窓口で読み上げた。")
    desk.context.clear_cookies()
    desk.press("同意を記録する")
    page.get_by_label("利用者名").fill("soudan")
    page.get_by_label("パスワード").fill("tsunagi-demo-2026")
    desk.press("サインイン")
    page.goto(page.url.split("/cases")[0] + "/cases/1/consents/new")
    page.get_by_role("button", name="入力を戻す").click()
    assert page.get_by_label("口頭のときの記録").input_value() == "窓口で読み上げた。"


def test_somebody_known_is_offered_and_the_form_stays(desk):
    page = desk.go("/cases/new")
    page.get_by_label("呼び名").fill("よつばさん")
    desk.press("受け付ける")
    assert page.get_by_role("heading", name="この人かもしれません").is_visible()
    desk.look("people-similar")
    desk.press("ちがう人です。このまま受け付ける")
    assert page.get_by_role("heading", name="よつばさん", level=1).is_visible()


def test_an_assessment_is_written_and_a_need_taken_over(desk):
    page = desk.go("/cases/1/assessments/new")
    page.get_by_label("住まい不安定", exact=True).check()
    page.get_by_label("中心になる課題：住まい不安定").check()
    page.get_by_label("本人の希望（本人の言葉で）").fill("ゆっくり眠りたい。")
    for part in page.locator("details.form-folded summary").all():
        part.click()
    desk.look("people-assessment-form")
    page.get_by_role("group", name="階段がつらい").get_by_label("はい").check()
    page.locator("#f-amounts-0-kind").select_option("debt")
    page.locator("#f-amounts-0-yen").fill("１，２００，０００")
    desk.press("まとめたとして記録する")
    assert page.get_by_text("1,200,000円").first.is_visible()
    desk.look("people-assessment")
    page.get_by_label("1階 または エレベーター").check()
    page.get_by_label("給付・扶助を使う").check()
    desk.press("確かめたので、住まいの希望に入れる")
    desk.go("/cases/1")
    assert page.get_by_text("1階 または エレベーター").is_visible()
    desk.look("people-case-assessed")
    desk.go("/cases/1/assessments")
    desk.look("people-assessments")


def test_the_household_and_its_numbers(desk):
    page = desk.go("/cases/1/members/new")
    page.get_by_label("氏名").fill("見本 花")
    page.get_by_label("生年月日").fill("S40.5.3")
    page.get_by_label("身体障害者手帳", exact=True).select_option("2")
    desk.look("people-member")
    desk.press("記録する")
    assert page.get_by_text("昭和40年5月3日生").is_visible()
    desk.look("people-household")
    desk.go("/cases/1/phones")
    page.locator("#f-phones-0-secret").check()
    desk.look("people-phones")
    desk.press("記録する")
    assert page.get_by_text("家族に知られないように").is_visible()


def test_the_chart_and_the_consent_to_sign(desk):
    page = desk.go("/cases/1/noticing")
    desk.look("people-noticing")
    page.get_by_role("group", name="返すのが苦しい").get_by_label("はい").check()
    desk.press("考えられることを見る")
    desk.look("people-noticing-result")
    page.get_by_label("（多重・過重）債務").check()
    desk.press("本人が受け入れた課題を書きとめる")
    assert page.get_by_text("（多重・過重）債務").first.is_visible()
    desk.go("/cases/1/consents/new")
    page.get_by_label("居住支援法人").check()
    desk.look("people-consent")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="署名の紙を印刷する").click()
    opened.value.close()
    assert page.get_by_role("button", name="同意を記録する").is_enabled()


def test_the_master_of_issues(person):
    keeper = person("kanri")
    keeper.go("/issues")
    keeper.look("people-issues")
    keeper.go("/issues/1")
    keeper.look("people-issue")
