"""A list from the file to a consultation: taken in at the desk, rung by tapping on the phone."""

from datetime import timedelta

import pytest

from app.config import ROOT
from app.db import today
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser

SAMPLE = ROOT / "app" / "demo" / "data" / "special_loan_leads_cp932.csv"


def test_a_list_is_taken_in_two_are_rung_by_tapping_and_one_becomes_a_case(person):
    desk = person("soudan")
    take_in(desk)
    name = ring_two(desk)
    begin_a_consultation(desk, name)
    for tab in ("all", "done"):
        desk.go(f"/leads?tab={tab}")
        desk.look(f"leads-{tab}")
    desk.go("/leads/1")
    desk.look("leads-letter")
    desk.go("/")
    desk.look("leads-today")


def take_in(desk):
    """The sample as it came, looked at and taken in."""
    page = desk.go("/leads")
    desk.look("leads-none")
    desk.follow("名簿を取り込む")
    page.get_by_label("名簿のファイル").set_input_files(SAMPLE)
    page.get_by_label("新しい名簿の名前").fill("特例貸付の借受人")
    page.get_by_label("だれから受け取りましたか").fill("架空県社会福祉協議会")
    desk.look("leads-upload")
    desk.press("読み取って確かめる")
    desk.look("leads-preview")
    desk.press("60人を取り込む")
    desk.look("leads-report")
    desk.follow("電話をかける")
    desk.look("leads-list")


def ring_two(desk):
    """One is away, one speaks and has something to mind; the name of the second."""
    page = desk.page
    page.set_viewport_size(PHONE)
    desk.press("次の人にかける")
    first = page.locator("h1").inner_text()
    assert page.locator('a[href^="tel:"]').is_visible()
    desk.look("leads-ringing")
    page.set_viewport_size(PHONE)
    desk.press("留守", exact=False)
    assert page.get_by_text(f"{first}さん: 留守").is_visible()

    desk.press("次の人にかける")
    second = page.locator("h1").inner_text()
    page.get_by_label("メモ（任意）").fill("家賃も遅れている")
    desk.press("話せた", exact=False)
    assert page.locator("h1").inner_text() == second
    desk.follow("聞いたことを書く")
    page.get_by_label("家族に知られないようにかける").select_option("yes")
    desk.look("leads-details")
    page.set_viewport_size(PHONE)
    desk.press("記録する")
    desk.look("leads-spoken")
    return second


def begin_a_consultation(desk, name):
    """Somebody says yes and is received, with what was listed and heard."""
    page = desk.page
    page.set_viewport_size(PHONE)
    desk.follow("相談につなぐ")
    page.get_by_label("電話で聞いた").check()
    page.get_by_label("本人の言葉").fill("お願いします")
    desk.look("leads-agreement")
    page.set_viewport_size(PHONE)
    desk.press("同意を記録して進む")
    assert page.get_by_label("氏名").first.input_value() == name
    desk.look("leads-intake")
    page.set_viewport_size(PHONE)
    desk.press("受け付ける")
    assert page.get_by_text("電話の名簿: 話せた").is_visible()
    desk.look("leads-case")


def test_a_list_with_its_figures_and_its_end(person):
    desk = person("soudan")
    page = desk.go("/leads/lists")
    desk.look("leads-lists")
    desk.follow("特例貸付の借受人")
    desk.look("leads-figures")
    page.get_by_text("消す日を変える").click()
    page.get_by_label("名簿を消す日").fill(str(today() + timedelta(days=30)))
    desk.press("この日にする")
    desk.follow("消すことを認める")
    desk.look("leads-deletion")
    desk.press("認める")
    assert page.get_by_text("例題 花子さんが").is_visible()
    desk.look("leads-approved")


def test_a_colleague_sees_who_is_ringing(person):
    desk, colleague = person("soudan"), person("soudan2")
    desk.go("/leads")
    desk.press("次の人にかける")
    number = desk.number_in_url()
    page = colleague.go(f"/leads/{number}")
    assert page.get_by_text("いま例題 花子さんがかけています").is_visible()
    colleague.look("leads-held")
    colleague.go("/leads")
    colleague.look("leads-held-list")
