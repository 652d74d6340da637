"""Views kept under a name: opened by one tap, changed by one hand, put away and brought back."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts.models import RoleMembership
from app.policy import Role
from app.reports.codes import RelativePeriod
from app.reports.models import ReportView
from app.reports.periods import Month, Quarter, named_period
from app.reports.saved.services import MOST_VIEWS

LIST = "/reports/views"
JUNE = "2026-06-15T10:00:00+09:00"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(JUNE, tick=False) as clock:
        yield clock


@pytest.fixture
def worker(make):
    return make.user(Role.CONSULTANT)


def save(browser, name="市長への報告", *, status=200, at=f"{LIST}/new", to=LIST, **values):
    typed = {"name": name, "period": "last_month", "sends": "never", **values}
    page = browser.get(at)
    typed.setdefault("organisation_id", page.soup.select("#f-organisation_id option")[-1]["value"])
    return browser.submit(page, typed, action=to, status=status)


def test_a_view_opens_what_its_name_means_on_the_day(browser_of, worker, clock):
    browser = browser_of(worker)
    form = browser.get("/reports/views/new?of=2026-05&part=intakes")
    assert form.soup.select_one("option[value=last_month][selected]")
    assert form.soup.select_one("input[value=intakes][checked]")
    assert form.soup.select_one("#f-organisation_id option[selected]")["value"]
    page = save(browser, parts=["intakes", "homes"])
    assert "「市長への報告」を残しました" in page.text
    path = page.soup.select_one("tbody th a")["href"]
    opened = browser.get(path)
    assert opened.h1 == "令和8年5月の数字"
    assert [h.text for h in opened.soup.select(".figure h2")] == ["新規相談", "住まい探し"]
    assert opened.soup.select_one(f"nav a[href='{path}'][aria-current]").text == "市長への報告"
    year = browser.get("/reports/2026")
    assert year.soup.select_one(f"nav a[href='{path}']").get("aria-current") is None
    clock.move_to("2026-04-01T10:00:00+09:00")
    assert browser_of(worker).get(path).h1 == "令和8年3月の数字"
    change = save(
        browser_of(worker), "昨年度の経路", at=f"{path}/edit", to=f"{path}/edit",
        period="last_year", parts=["routes"],
    )  # fmt: skip
    assert "「昨年度の経路」を書きかえました" in change.text
    assert "相談経路" in browser_of(worker).get(path).h1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "　"}, "入力してください"),
        ({"name": "あ" * 41}, "40文字まで"),
        ({"name": "髙い"}, "同じ名前の見方があります"),
        ({"organisation_id": "2"}, "この組織の数字は読めません"),
        ({"parts": ["intakes", "gone"]}, "「gone」という部分はありません"),
        ({"sends": "weekly"}, "先に「自分の設定」→「朝のメール」"),
        ({"sends": "monthly"}, "1〜28で入れてください"),
        ({"sends": "monthly", "day_of_month": "29"}, "1以上28以下"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(wrong, words, browser_of, make, worker):
    make.user(Role.CONSULTANT)  # of organisation 2
    browser = browser_of(worker)
    save(browser, "髙い")
    page = save(browser, **{"name": "高い", "period": "this_year", **wrong}, status=422)
    assert words in page.soup.select_one(".error-summary").text
    assert page.soup.select_one("option[value=this_year][selected]")
    assert len(browser.get(LIST).soup.select("tbody tr")) == 1


def statements(browser, count_queries):
    """How many statements the list and the first page of the figures send."""
    for path in (LIST, "/reports"):
        browser.get(path)  # some things are looked up once
    count_queries()
    browser.get(LIST)
    browser.get("/reports")
    return count_queries()


def test_there_are_so_many_and_a_double_tap_makes_one(browser_of, worker, count_queries):
    """And for the last one the pages ask the database no more often than for the first."""
    browser = browser_of(worker)
    form = browser.get(f"{LIST}/new")
    typed = {"name": "0", "period": "this_year", "organisation_id": str(worker.organisation_id)}
    for _tap in range(2):
        browser.submit(form, typed, action=LIST)
    sent = statements(browser, count_queries)
    for n in range(1, MOST_VIEWS):
        save(browser, str(n))
    assert statements(browser, count_queries) <= sent
    page = save(browser, "多すぎる", status=422)
    assert f"{MOST_VIEWS}個まで" in page.text
    assert "見方を作る" not in browser.get(LIST).soup.select_one("main").text


def test_two_changes_at_once_are_shown_beside_each_other(browser_of, worker):
    browser, other = browser_of(worker), browser_of(worker)
    save(browser)
    form = other.get(f"{LIST}/1/edit")
    save(browser, "先の名前", at=f"{LIST}/1/edit", to=f"{LIST}/1/edit")
    page = other.submit(form, {"name": "後の名前"}, action=f"{LIST}/1/edit", status=409)
    assert "先の名前" in page.soup.select_one("table").text
    assert page.soup.select_one("#f-name")["value"] == "後の名前"
    again = other.submit(page, {}, action=f"{LIST}/1/edit")
    assert "「後の名前」を書きかえました" in again.text
    stale = other.submit(form, {}, action=f"{LIST}/1/delete", status=409)
    assert "先に書きかえられました" in stale.text


def test_a_deleted_view_comes_back_for_ten_minutes(browser_of, worker, clock):
    browser = browser_of(worker)
    save(browser)
    gone = browser.submit(browser.get(f"{LIST}/1/edit"), {}, action=f"{LIST}/1/delete")
    assert "まだ残した見方はありません" in gone.text
    browser.get(f"{LIST}/1", status=404)
    back = browser.submit(gone, {}, action=f"{LIST}/1/restore")
    assert "元に戻しました" in back.text
    gone = browser.submit(browser.get(f"{LIST}/1/edit"), {}, action=f"{LIST}/1/delete")
    save(browser)
    assert "同じ名前" in browser.submit(gone, {}, action=f"{LIST}/1/restore", status=409).text
    clock.shift(timedelta(minutes=11))
    assert "10分のあいだ" in browser.submit(gone, {}, action=f"{LIST}/1/restore", status=409).text


def test_views_are_their_owners_alone(browser_of, make, worker):
    save(browser_of(worker))
    colleague = browser_of(make.user(Role.CONSULTANT, organisation=make.the_organisation(worker)))
    assert "市長への報告" not in colleague.get(LIST).text
    assert "市長への報告" not in colleague.get("/reports").text
    for path in (f"{LIST}/1", f"{LIST}/1/edit"):
        colleague.get(path, status=404)
    assert "市長への報告" not in colleague.get(f"{LIST}?gone=1").text
    colleague.get(f"{LIST}?gone=-{10**30}")
    browser_of(make.user(Role.FOODBANK)).get(LIST, status=403)


def test_what_can_no_longer_be_opened_says_why(browser_of, make, worker, in_database):
    other = make.organisation()
    browser = browser_of(worker)
    save(browser, parts=["intakes", "homes"])

    def changed(**values):
        in_database(lambda s: s.execute(sa.update(ReportView).values(**values)))

    changed(parts=["intakes", "gone"])
    page = browser.get(f"{LIST}/1")
    assert "もうありません" in page.text
    assert "新規相談" in page.h1
    changed(organisation_id=other.id, parts=[])
    page = browser.get(f"{LIST}/1")
    assert "いまは読めません" in page.text
    assert page.h1 == "市長への報告"
    assert "いまは読めない組織" in browser.get(LIST).text
    changed(organisation_id=worker.organisation_id)
    in_database(lambda s: s.execute(sa.update(RoleMembership).values(role=Role.ORG_ADMIN)))
    page = browser_of(worker).get(f"{LIST}/1")
    assert "相談を担当する方だけ" in page.text
    assert "相談を担当する方だけ" in save(browser_of(worker), "月", status=422).text
    save(browser_of(worker), "年", period="this_year")
    assert "まだ残されていません" in browser_of(worker).get(f"{LIST}/2").text


@pytest.mark.once
def test_a_name_is_a_period_of_the_day():
    april = date(2026, 4, 1)
    found = {name: named_period(name, april) for name in RelativePeriod}
    assert found == {
        RelativePeriod.THIS_MONTH: (2026, Month(april)),
        RelativePeriod.LAST_MONTH: (2025, Month(date(2026, 3, 1))),
        RelativePeriod.THIS_QUARTER: (2026, Quarter(2026, 1)),
        RelativePeriod.LAST_QUARTER: (2025, Quarter(2025, 4)),
        RelativePeriod.THIS_YEAR: (2026, None),
        RelativePeriod.LAST_YEAR: (2025, None),
    }
