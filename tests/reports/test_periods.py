"""Reports of a month and of a quarter: what is counted, who reads them, and what is refused."""

import io
from datetime import date

import pypdf
import pytest
import time_machine
from openpyxl import load_workbook

from app.cases.models import Route
from app.cases.work.models import LogEntry, LogMethod
from app.errors import InvalidError
from app.japanese import fiscal_year
from app.policy import Role
from app.reports.brief import Beside, side_by_side
from app.reports.periods import Month, Period, Quarter, period_of, span_named
from app.reports.tables import Column, FigureTable, Row
from tests.reports.kit import at, rows_of

TODAY = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def june():
    with time_machine.travel("2026-06-15T10:00:00+09:00", tick=False):
        yield


@pytest.fixture
def worker(make):
    """Whose desk received two in April, three in May and one in June."""
    user = make.user(Role.CONSULTANT)
    for day in ("04-01", "04-30", "05-01", "05-02", "05-31", "06-01"):
        make.case(user, received_on=date.fromisoformat(f"2026-{day}"))
    return user


@pytest.mark.once
@pytest.mark.parametrize(
    ("of", "first", "last", "label"),
    [
        ("", "2026-04-01", "2026-06-15", "令和8年度"),
        ("2026-05", "2026-05-01", "2026-05-31", "令和8年5月"),
        ("令和８年６月", "2026-06-01", "2026-06-15", "令和8年6月"),
        ("2026-Q1", "2026-04-01", "2026-06-15", "令和8年度第1四半期"),
    ],
)
def test_a_span_lies_inside_its_year_and_ends_today(of, first, last, label):
    period = period_of(2026, today=TODAY, of=of)
    assert (str(period.first), str(period.last), period.label) == (first, last, label)


@pytest.mark.once
def test_what_came_before_a_span_may_lie_in_the_year_before():
    assert Month(date(2026, 1, 1)).before == Month(date(2025, 12, 1))
    assert Quarter(2026, 1).before == Quarter(2025, 4)
    assert Quarter(2026, 4).last == date(2027, 3, 31)
    april = Period(2015, date(2015, 4, 30), Month(date(2015, 4, 1)))
    assert april.previous is None
    may = Period(2026, date(2026, 5, 31), Month(date(2026, 5, 1)))
    assert may.previous.span == Month(date(2026, 4, 1))


@pytest.mark.once
@pytest.mark.parametrize(
    ("of", "words"),
    [
        ("2026-07", "令和8年7月はまだ始まっていません"),
        ("2026-Q2", "令和8年度第2四半期はまだ始まっていません"),
        ("2026-03", "令和8年3月は令和8年度ではありません。令和7年度を開いて"),
        ("2025-Q4", "令和7年度を開いて"),
        ("令和元年4月", "平成31年（2019年）のことでしょうか"),
        ("2026-13", "13月はありません"),
        ("2026-05-01", "月か四半期を選んでください"),
        ("2026", "月か四半期を選んでください"),
        ("2026-Q5", "読めません"),
        ("先月", "読めません"),
    ],
)
def test_spans_there_are_not_are_said(of, words):
    with pytest.raises(InvalidError, match=words):
        period_of(2026, today=TODAY, of=of)


@pytest.mark.once
def test_april_2019_is_found_in_the_first_year_of_reiwa():
    span = span_named("平成31年4月", today=TODAY)
    assert fiscal_year(span.first) == 2019
    assert period_of(2019, today=TODAY, of=span.code).label == "平成31年4月"


def test_a_month_counts_its_days_and_keeps_its_address(browser_of, worker):
    browser = browser_of(worker)
    page = browser.get("/reports?of=2026-05")
    assert page.h1 == "令和8年5月の数字"
    assert page.soup.select_one("nav [aria-current]:-soup-contains('5月')")
    assert page.soup.select_one(".figure-headline").get_text(" ", strip=True) == "5月 3 件"
    quarter = browser.get("/reports?of=2026-Q1").soup.select_one(".figure-headline")
    assert quarter.get_text(" ", strip=True) == "第1四半期 6 件"
    assert "この期間に数えるものはありませんでした。" in page.text
    links = {a["href"] for a in page.soup.select("main a") if "/reports/2026" in a["href"]}
    kept = {link for link in links if "of=2026-05" in link}
    assert {link.partition("?")[0] for link in kept} >= {
        "/reports/2026.pdf", "/reports/2026.xlsx", "/reports/2026/intakes", "/reports/2026/goods",
    }  # fmt: skip
    rows = rows_of(browser.get("/reports/2026/intakes?of=2026-05"))
    assert rows["令和8年4月"][0] == "2"  # the year's months stay, up to this one
    assert rows["5月"][0] == "3"
    assert rows["6月"][0] == "—"
    assert rows["年度の計"] == ["5"]  # nothing is known of the year before: no noughts for it
    assert rows["月の平均"] == ["3.0"]
    routes = browser.get("/reports/2026/routes?of=2026-05")
    assert rows_of(routes, "routes")["計"][0] == "3"
    assert rows_of(browser.get("/reports/2026/routes?of=2026-Q1"), "routes")["計"][0] == "6"
    april = routes.soup.select_one("details nav a:-soup-contains('4月')")["href"]
    assert browser.get(april).h1 == routes.h1
    assert april.startswith("/reports/2026/routes?")
    behind = browser.get(routes.soup.select_one("#routes tbody a")["href"])
    assert "表の行に数えられている相談は 3件" in behind.text
    assert "令和8年5月" in behind.text
    csv = browser.raw.get("/reports/2026/routes.csv?of=2026-05")
    assert "routes-2026-05" in csv.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(browser.raw.get("/reports/2026.xlsx?of=2026-05").data))
    assert "令和8年5月" in book["相談経路"]["A1"].value


def text_of(browser, path):
    answer = browser.raw.get(path)
    assert answer.status_code == 200
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_paper_of_a_month_tells_the_month_before_and_the_year_so_far(browser_of, make, worker):
    make.case(worker, received_on=date(2026, 5, 3), route=Route.INSIDE, route_detail="収納課")
    browser = browser_of(worker)
    text = text_of(browser, "/reports/2026.pdf?of=2026-05")
    assert "月の報告（令和8年5月）" in text
    assert "新規相談 4 件 4月 2" in text
    assert "経路 5月 4月 4〜5月" in text
    assert "庁内の課から 1 0 1" in text
    assert "計 4 2 6" in text
    assert "終結の計 0 0 0 数えるものはありませんでした。" in text
    april = text_of(browser, "/reports/2026.pdf?of=2026-04")
    assert "経路 4月 3月" in april
    assert "計 2 0" in april
    quarter = text_of(browser, "/reports/2026.pdf?of=2026-Q1&part=routes&part=sheets")
    assert "四半期の報告（令和8年度第1四半期）" in quarter
    assert "経路 4〜6月 1〜3月" in quarter
    assert "食料" not in quarter
    first = text_of(browser, "/reports/2015.pdf?of=2015-04")
    assert "経路 4月 本人" in first


@pytest.mark.once
def test_rows_of_several_periods_stand_in_one_order():
    """A town looked for in May only stands with the towns, not behind their sum."""

    def towns(*labels):
        rows = tuple(Row(label, label, (1,)) for label in labels)
        return FigureTable("towns", "", "", "", (Column("homes", "世帯"),), rows)

    periods = [towns("座間市", "大和市", "計", "実世帯"), towns("綾瀬市", "計", "実世帯")]
    told = side_by_side(Beside("towns"), periods, ["5月", "4月"])
    assert [row.label for row in told.rows] == ["座間市", "大和市", "綾瀬市", "計", "実世帯"]


def test_talks_of_a_month_leave_the_months_before_standing(browser_of, make, worker, in_database):
    case = make.case(worker, received_on=date(2026, 4, 1))
    for day in (date(2026, 4, 2), date(2026, 5, 7), date(2026, 5, 8)):
        make.save(LogEntry(case_id=case.id, at=at(day), method=LogMethod.PHONE, text="x",
                           author_id=worker.id))  # fmt: skip
    page = browser_of(worker).get("/reports/2026/talks?of=2026-05")
    assert rows_of(page, "talk_months")["令和8年4月"][0] == "1"
    assert rows_of(page, "talk_months")["5月"][0] == "2"
    assert rows_of(page, "talk_months")["6月"][0] == "—"
    assert rows_of(page, "talks")["計"][0] == "2"


def test_a_month_there_is_not_is_answered_with_a_sentence(browser_of, worker):
    browser = browser_of(worker)
    for path in ("/reports/2026", "/reports/2026/routes", "/reports/2026/cases", "/reports"):
        page = browser.get(f"{path}?of=2027-02&route=own", status=422)
        assert "令和9年2月はまだ始まっていません" in page.text
    assert browser.get("/reports/2026?of=%00%ff", status=422)


def test_whoever_reads_kept_reports_reads_no_month(browser_of, make, worker):
    manager = browser_of(
        make.user(Role.ORG_ADMIN, organisation=make.the_organisation(worker)),
    )
    assert not manager.get("/reports/2026").soup.select("nav a[href*='of=']")
    for path in ("/reports/2026", "/reports/2026/intakes", "/reports/2026/intakes.csv"):
        page = manager.get(f"{path}?of=2026-05", status=403)
        assert "相談を担当する方だけ" in page.text
