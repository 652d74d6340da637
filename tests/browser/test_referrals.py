"""A sheet from counter to counter, in two real browsers, at the desk and on the phone."""

import pytest

from app.demo.people import SHAKYO

pytestmark = pytest.mark.browser


def test_a_sheet_goes_there_and_its_answer_comes_back(person):
    here, there = person("soudan"), person("shakyo")
    page = here.go("/cases/new")
    page.get_by_label("氏名").first.fill("架空 髙子")
    here.press("受け付ける", exact=False)
    case = page.url
    here.follow("つなぐ")
    here.look("referral-form")
    page.get_by_label("口頭（聞き取った内容を記録）").check()
    page.get_by_label("口頭のときの記録").fill("読み上げ、はいと答えた")
    page.locator("#f-recipients-0-to").select_option(label=f"{SHAKYO}（このシステムで届く）")
    page.get_by_label("債務について").first.check()
    page.get_by_label("聞いたこと").fill("借金のことで眠れない")
    page.get_by_label("送り先に頼みたいこと").fill("家計の相談をお願いします")
    here.press("送る")
    here.look("referral-sent")
    number = page.locator("h1").inner_text()

    theirs = there.go("/")
    there.follow(number)
    there.press("受け取った")
    there.look("referral-received")
    there.follow("答えを返す")
    theirs.get_by_label("支援を始めた").check()
    theirs.get_by_label("したこと").fill("家計表を一緒に作った")
    there.look("referral-answer")
    there.press("答えを返す")

    page.goto(case)
    assert "家計表を一緒に作った" in page.inner_text("main")
    here.go("/referrals?side=out")
    here.look("referral-list")
    there.go("/referrals/figures")
    there.look("referral-figures")
    here.go("/referrals/paper/new")
    here.look("referral-paper")
