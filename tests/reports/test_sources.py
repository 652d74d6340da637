"""The source documents' tables come out of our builders as they are printed: on the page, in Excel
and on A4.
"""

import io

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from app.policy import Role
from app.reports.figures.intakes import Population, rate_table
from app.reports.sources import _year, monthly, source_tables
from app.reports.tables import text_rows

ISSUES = [70, 48, 39, 32, 31, 28, 26, 26, 23, 20]
SHARES = ["60.9%", "41.7%", "33.9%", "27.8%", "27.0%", "24.3%", "22.6%", "22.6%", "20.0%", "17.4%"]
LINES = [
    ("年度の計", "1,300", "487", "2.67"),
    ("第1四半期", "517", "101"),
    ("第2四半期", "284", "111"),
    ("第3四半期", "189", "129"),
    ("第4四半期", "310", "146"),
    ("月の平均", "40.6"),
    ("人口10万人当たり（月の平均）", "31.0"),
    ("本人・家族から", "201", "46.0%"),
    ("庁内の課から", "106", "24.3%"),
    ("庁外の機関などから", "89", "20.4%"),
    ("不明・その他", "41", "9.4%"),
    ("計", "437"),
    ("生活保護担当", "22"),
    ("こころの相談支援センター・ヌー", "4"),
    ("その他の項目", "103"),
    ("課題の計（延べ）", "446"),
    ("1人当たりの課題", "3.88"),
    ("住まい不安定（人）", "64"),
    ("割合", "21.9%"),
    ("年度の計", "282"),
]


@pytest.fixture(scope="module")
def tables():
    return {table.key: table for table in source_tables()}


def test_months_quarters_and_years_are_those_printed(tables):
    table = tables["intakes"]
    assert table.value("year", "count") == 1300
    assert table.value("year", "before") == 487
    assert [table.value(f"q{n}", "count") for n in (1, 2, 3, 4)] == [517, 284, 189, 310]
    assert [row.label for row in table.rows][:2] == ["令和2年4月", "5月"]


def test_a_table_is_headed_by_its_whole_and_not_by_its_average(tables):
    said = {key: table.headline() for key, table in tables.items()}
    assert said["intakes"] == ("年度の計", "1,300", "件")
    assert said["issues"] == ("課題の計（延べ）", "446", "件")
    assert said["routes"] == ("計", "437", "件")


def test_the_rate_depends_on_the_population_named(tables):
    """31.0 with the population printed, 31.2 with 130,075: no number is built in."""
    assert tables["intake_rate"].value("rate", "value") == 31.0
    other = Population("座間市", _year(2019).first, 130_075, "国の調査")
    again = rate_table(_year(2019), monthly()[2019], other)
    assert again.value("rate", "value") == 31.2
    assert "130,075人" in again.notes[-1]
    second = rate_table(
        _year(2020), monthly()[2020], Population("", _year(2020).first, 130_753, "")
    )
    assert second.value("rate", "value") == 82.9


def test_every_route_is_there_and_adds_up(tables):
    table = tables["routes"]
    deepest = [row for row in table.rows if row.level == 2]
    assert len(deepest) == 32
    assert sum(row.values[0] for row in deepest if row.part_of == "inside") == 106
    assert sum(row.values[0] for row in deepest if row.part_of == "outside") == 89


def test_ten_issues_and_what_they_leave_out(tables):
    table = tables["issues"]
    assert [row.values[0] for row in table.rows[:10]] == ISSUES
    assert [cells[2] for cells in text_rows(table)[:10]] == SHARES
    assert table.value("rest", "count") == 446 - 343 == 103


@pytest.fixture
def browser(make, browser_of):
    return browser_of(make.user(Role.CONSULTANT))


def test_the_page_shows_them(browser):
    page = browser.get("/reports/sources")
    rows = [
        [cell.get_text("", strip=True) for cell in row.select("th, td")]
        for row in page.soup.select("tbody tr")
    ]
    for label, *values in LINES:
        assert any(row[0] == label and row[1 : 1 + len(values)] == values for row in rows), label
    assert "いまの相談の数ではありません" in page.text
    assert len(page.soup.select("svg.chart")) == 4


def test_excel_holds_them_as_numbers(browser):
    book = load_workbook(io.BytesIO(browser.raw.get("/reports/sources.xlsx").data))
    cells = {
        (sheet.title, row[0].value): row[1].value for sheet in book for row in sheet.iter_rows()
    }
    assert cells["新規相談受付", "年度の計"] == 1300
    assert cells["相談経路", "計"] == 437
    assert cells["相談経路", "収納課"] == 13
    assert cells["初回アセスメントの課題", "その他の項目"] == 103
    assert cells["初回アセスメントの課題", "1人当たりの課題"] == 3.88
    assert cells["月の平均と人口10万人当たり", "人口10万人当たり（月の平均）"] == 31.0
    assert cells["住まい不安定（平成28〜30年度）", "割合"] == 21.9
    assert cells["家計改善支援の支援決定", "年度の計"] == 282
    for sheet in book:
        assert sheet.print_area
        assert sheet.print_title_rows


def test_paper_prints_them(browser):
    answer = browser.raw.get("/reports/sources.pdf")
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    for number in ("1,300", "487", "282", "437", "201", "106", "446", "3.88", "103", "31.0"):
        assert number in text


def test_a_program_reads_one_cell_a_line(browser):
    lines = browser.raw.get("/reports/sources.csv").data.decode("utf-8-sig").splitlines()
    assert lines[0] == "表,行,列,単位,数"
    assert "相談経路,計,平成30年度,件,437" in lines
