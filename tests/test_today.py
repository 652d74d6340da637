"""The first page after signing in: what one can begin, figures, and what waits."""

from datetime import timedelta

import pytest

from app.db import today
from app.policy import Role

STARTS = {
    Role.CONSULTANT: ["新しい相談", "見守りの一覧", "きょうの回り方"],
    Role.HOUSING: ["協議会の一覧を取り込む", "募集を登録する", "品物を登録する"],
    Role.FOODBANK: ["受け入れる", "詰める", "渡す", "品物を登録する", "仕分けとシール"],
    Role.FOLLOWUP: ["見守りの一覧", "きょうの回り方"],
    Role.SORTER: ["仕分けとシール"],
    Role.ORG_ADMIN: ["利用者を加える"],
    Role.AUDITOR: ["記録を見る"],
}


@pytest.mark.parametrize(("role", "labels"), STARTS.items())
def test_each_role_begins_its_work_from_the_first_page(role, labels, make, browser_of):
    browser = browser_of(make.user(role))
    page = browser.get("/")
    buttons = page.soup.select(".starts a")
    assert [button.text.strip() for button in buttons] == labels
    assert "button-primary" in buttons[0]["class"]
    for button in buttons:
        browser.get(button["href"])


def test_figures_open_the_lists_they_count(make, browser_of):
    user = make.user(Role.CONSULTANT)
    make.case(user, leave_by=today() + timedelta(days=20))
    browser = browser_of(user)
    page = browser.get("/")
    tile = next(t for t in page.soup.select("a.tile") if "30日以内に退去" in t.text)
    assert tile.select_one(".tile-value").text == "1件"
    assert "あと20日" in browser.get(tile["href"]).text
    assert "あと20日" in page.text


def test_work_without_anything_waiting_is_told_in_one_place(make, browser_of):
    page = browser_of(make.user(Role.FOODBANK)).get("/")
    assert "きょう急ぐものはありません" in page.text
    assert "待っている依頼はありません" in page.text
