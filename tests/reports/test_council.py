"""協議会の資料: nobody is in it, and what was refused often is a question."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from app.cases.models import Route
from app.policy import Role
from app.reports.council import _questions, _sums
from app.reports.figures.arrivals import route_table
from app.reports.sources import source_tables
from app.reports.tables import HIDDEN, Column, FigureTable, Row

PATH = "/reports/2026/council"


@pytest.fixture
def browser(make, browser_of):
    return browser_of(make.user(Role.CONSULTANT))


def test_without_a_kept_report_there_is_no_sheet(browser):
    assert "まだ残されていません" in browser.get(PATH).text
    assert "紙を作れません" in browser.get(f"{PATH}.pdf", status=404).text


@pytest.mark.parametrize("year", [1, 2014, 9999])
def test_a_year_there_is_not_is_said(year, browser):
    for path in (f"/reports/{year}/council", f"/reports/{year}/council.pdf"):
        assert "年度" in browser.get(path, status=422).text


def test_the_sheet_is_made_of_the_kept_report(browser):
    page = browser.get("/reports")
    kept = {"kind": "preliminary", "as_of": "2026-11-01"}
    browser.submit(page, kept, action="/reports/kept")
    assert "速報" in browser.get(PATH).text
    pdf = browser.raw.get(f"{PATH}.pdf").data
    pages = PdfReader(io.BytesIO(pdf)).pages
    text = "".join(page.extract_text().replace("\n", "") for page in pages)
    assert "話し合いたいこと" in text
    assert "新規相談受付" in text
    assert "前年度（令和7年度）の記録はありません。" in text
    assert "家賃の真ん中（中央値）（円）" in text
    assert "入居申込" in text
    assert "保証審査" not in text
    assert "世帯（世帯）" not in text
    assert text.count("逆算できてしまう数") == 1  # said once, not under each table


def test_a_table_of_hidden_numbers_alone_is_named_and_not_shown(make, browser_of):
    """Two consultations of one route: every number of the routes but the noughts is hidden."""
    worker = make.user(Role.CONSULTANT)
    for _ in range(2):
        make.case(worker, received_on=date(2026, 5, 1), route=Route.OWN)
    browser = browser_of(worker)
    browser.submit(
        browser.get("/reports"),
        {"kind": "preliminary", "as_of": "2026-11-01"},
        action="/reports/kept",
    )
    page = browser.get(PATH)
    assert page.soup.select_one("#routes") is None
    assert "人数が少ないため出していない表：新規相談受付、相談経路" in page.text
    assert page.soup.select_one("#rents") is not None


def refusals(*rows):
    return FigureTable("refusals", "", "", "", (Column("count", "件"),), rows)


def test_only_what_came_often_is_asked_and_sums_are_not():
    table = refusals(
        Row("landlord:elderly", "高齢を理由に断られた", (7,), part_of="landlord", level=2),
        Row("landlord:other", "そのほか", (HIDDEN,), part_of="landlord", level=2),
        Row("landlord", "貸主", (12,), part_of="total", level=1),
        Row("condition:rent", "家賃が合わなかった", (9,), part_of="total", level=2),
        Row("person:far", "遠かった", (4,), part_of="total", level=2),
        Row("total", "計", (30,)),
    )
    first, second = _questions(table)
    assert first.startswith("「家賃が合わなかった」ため")
    assert "9件" in first
    assert "見守り・代理納付" in second
    assert list(_questions(None)) == []


def test_sections_and_organisations_that_sent_somebody_are_left_out():
    routes = next(table for table in source_tables() if table.key == "routes")
    assert [row.level for row in _sums(routes).rows] == [1, 1, 1, 1, 0]
    assert route_table("", []).empty
