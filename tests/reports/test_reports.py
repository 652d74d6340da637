"""The year's figures against cases counted by hand, who reads them exactly, and what is kept."""

import hashlib
import io
import json
from datetime import date

import pytest
import sqlalchemy as sa
import time_machine
from openpyxl import load_workbook

from app.cases.models import Route
from app.policy import Role
from app.reports.figures.intakes import Population, monthly_rate, monthly_table, rate_table
from app.reports.models import ReportSnapshot
from app.reports.periods import Period
from app.reports.suppression import suppressed_together
from app.reports.tables import HIDDEN, per, share
from tests.reports.kit import rows_of

TODAY = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def june():
    with time_machine.travel("2026-06-15T10:00:00+09:00", tick=False):
        yield


@pytest.fixture
def worker(make):
    return make.user(Role.CONSULTANT)


@pytest.fixture
def intakes(make, worker):
    """Six in April 2026, two in May, one in June; three of the year before; one of
    somebody else's."""
    days = [date(2026, 4, n) for n in range(1, 7)]
    days += [date(2026, 5, 1), date(2026, 5, 31), date(2026, 6, 15)]
    days += [date(2025, 4, 3), date(2025, 6, 30), date(2026, 3, 31)]
    for n, day in enumerate(days):
        route = {"route": Route.INSIDE, "route_detail": "収納課"} if n < 6 else {}
        make.case(worker, received_on=day, **route)
    make.case(make.user(Role.CONSULTANT), received_on=date(2026, 4, 1))


def keep(browser, kind="preliminary", as_of="2026-05-31", status=200, **values):
    page = browser.get("/reports")
    return browser.submit(
        page, {"kind": kind, "as_of": as_of, **values}, action="/reports/kept", status=status
    )


def test_months_are_counted_as_by_hand(browser_of, worker, intakes):
    rows = rows_of(browser_of(worker).get("/reports/2026/intakes"))
    assert rows["令和8年4月"] == ["6", "1", "6.00"]
    assert rows["5月"] == ["2", "0", "—"]
    assert rows["6月"] == ["1", "1", "—"]  # not over: not compared
    assert rows["7月"][0] == "—"  # not begun is not nought
    assert rows["第1四半期"] == ["9", "2", "—"]
    assert rows["年度の計"] == ["9", "3", "—"]
    assert rows["月の平均"] == ["4.0"]  # April and May are over, June is not


def test_a_first_year_is_not_set_beside_noughts(browser_of, make, worker):
    make.case(worker, received_on=date(2026, 4, 2))
    rows = rows_of(browser_of(worker).get("/reports/2026/intakes"), "intakes")
    assert rows["年度の計"] == ["1"]


def test_routes_are_counted_as_by_hand(browser_of, worker, intakes):
    rows = rows_of(browser_of(worker).get("/reports/2026/routes"), "routes")
    assert rows["庁内の課から"] == ["6", "66.7%"]
    assert rows["収納課"] == ["6", "66.7%"]
    assert rows["計"] == ["9", "100.0%"]


def test_without_a_population_no_rate_is_invented(browser_of, make, worker):
    for day in (date(2018, 4, 3), date(2019, 3, 31)):
        make.case(worker, received_on=day)
    browser, path = browser_of(worker), "/reports/2018/intakes"
    page = browser.get(path)
    assert rows_of(page)["月の平均"] == ["0.2"]
    assert rows_of(page)["人口10万人当たり（月の平均）"] == ["—"]
    assert "人口を登録してください" in page.text
    manager = browser_of(make.user(Role.ORG_ADMIN))
    typed = {"municipality": "座間市", "source": "試験の統計", "certainty": "official"}
    for on_day, people in (("2018-10-01", 1), ("2018-09-01", 100_000), ("2018-08-31", 1)):
        add_population(manager, typed | {"on_day": on_day, "people": people})
    page = browser.get(path)
    assert rows_of(page)["人口10万人当たり（月の平均）"] == ["0.2"]
    assert "座間市 100,000人（" in page.text
    assert "現在）。出どころ：試験の統計" in page.text
    assert "古いもの" not in page.text
    assert "この人口は古いものです" in browser.get("/reports/2026/intakes").text


def add_population(browser, typed, status=200):
    path = "/reports/populations"
    return browser.submit(browser.get(path), typed, action=path, status=status)


@pytest.mark.parametrize(
    ("year", "words"),
    [(2027, "まだ始まっていません"), (9999, "まだ始まっていません"), (2014, "平成27年度")],
)
def test_years_there_are_not(year, words, browser_of, worker):
    page = browser_of(worker).get(f"/reports/{year}", status=422)
    assert words in page.text


def test_an_empty_year_divides_by_nothing(browser_of, worker):
    browser = browser_of(worker)
    for key in ("intakes", "routes", "issues"):
        assert "この期間に数えるものはありませんでした" in browser.get(f"/reports/2020/{key}").text
    assert browser.raw.get("/reports/2020.pdf").status_code == 200
    assert browser.raw.get("/reports/2020.xlsx").status_code == 200


def test_the_first_year_of_reiwa_begins_in_heisei():
    months = Period(2019, date(2020, 3, 31)).months
    assert (months[0].long_label, months[1].long_label) == ("平成31年4月", "令和元年5月")
    assert Period(2019, date(2020, 3, 31)).label == "令和元年度"


def test_others_read_only_what_was_kept_and_nothing_small(browser_of, make, worker, intakes):
    manager = make.user(Role.ORG_ADMIN, organisation=make.the_organisation(worker))
    assert "まだ残されていません" in browser_of(manager).get("/reports/2026").text
    keep(browser_of(worker), as_of="2026-06-15")
    page = browser_of(manager).get("/reports/2026/intakes")
    rows = rows_of(page)
    assert rows["令和8年4月"][0] in {"6", HIDDEN}
    assert rows["5月"][0] == rows["6月"][0] == HIDDEN
    assert "伏せて" in browser_of(manager).get("/reports/2026").text
    # A case more changes what its consultants read, and not what the others do.
    make.case(worker, received_on=TODAY)
    assert rows_of(browser_of(worker).get("/reports/2026/intakes"))["6月"][0] == "2"
    assert rows_of(browser_of(manager).get("/reports/2026/intakes")) == rows
    for path in ("/reports/2026.xlsx", "/reports/2026/intakes.csv"):
        assert browser_of(manager).raw.get(path).status_code == 200
    book = load_workbook(io.BytesIO(browser_of(manager).raw.get("/reports/2026.xlsx").data))
    assert HIDDEN in {cell.value for row in book["新規相談受付"] for cell in row}


def test_two_kept_reports_cannot_be_subtracted(browser_of, make, worker, intakes):
    """Ten more came by 15 June than by the end of May, of whom one from inside the town hall."""
    for n in range(4):
        make.case(worker, received_on=date(2026, 5, 2 + n))
    keep(browser_of(worker))
    for n in range(9):
        route = {"route": Route.INSIDE, "route_detail": "収納課"} if n == 0 else {}
        make.case(worker, received_on=TODAY, **route)
    keep(browser_of(worker), as_of="2026-06-15")
    outside = browser_of(make.user(Role.ORG_ADMIN, organisation=make.the_organisation(worker)))
    page = outside.get("/reports/kept/2")
    first = rows_of(outside.get("/reports/kept/1"), "routes")
    then = rows_of(page, "routes")
    assert first["庁内の課から"][0] == "6"
    assert then["庁内の課から"] == [HIDDEN, HIDDEN]
    assert then["計"][0] == "22"
    assert "伏せた表があります" not in page.text
    assert rows_of(browser_of(worker).get("/reports/kept/2"), "routes")["庁内の課から"][0] == "7"


def test_a_check_number_cannot_be_guessed_from_the_figures(
    browser_of, worker, intakes, in_database
):
    """The same figures kept twice have two numbers, and each fits what was kept."""
    for _ in range(2):
        keep(browser_of(worker))
    one, two = in_database(lambda s: s.execute(sa.select(ReportSnapshot)).scalars().all())
    assert one.exact["parts"] == two.exact["parts"]
    assert one.digest != two.digest
    for kept in (one, two):
        written = json.dumps(kept.exact, ensure_ascii=False, sort_keys=True).encode()
        assert hashlib.sha256(written).hexdigest().startswith(kept.digest)
        assert "seal" not in kept.public


def test_a_report_in_which_next_to_nothing_can_be_told_says_so(browser_of, make, worker):
    make.case(worker, received_on=date(2026, 5, 1))
    keep(browser_of(worker))
    outside = browser_of(make.user(Role.ORG_ADMIN, organisation=make.the_organisation(worker)))
    assert "すべて伏せました：新規相談受付" in outside.get("/reports/kept/1").text
    assert "伏せました：" not in browser_of(worker).get("/reports/kept/1").text


@pytest.mark.once
def test_an_average_does_not_tell_a_month_that_is_hidden():
    """Of April 60 and May 2 neither the average nor what it is made of may give the 2 back."""
    counts, june = {4: 60, 5: 2, 6: 30}, Period(2026, TODAY)
    tables = [monthly_table(june, counts), rate_table(june, counts, None)]
    months, rate = suppressed_together(tables)
    assert months.value("m05", "count") == HIDDEN
    told = {months.value("m04", "count"), rate.value("over", "value")}
    assert HIDDEN in told
    assert (rate.value("over", "value") == HIDDEN) is (rate.value("average", "value") == HIDDEN)
    assert "62" not in "".join(rate.notes)


def test_another_offices_figures_are_not_there(browser_of, make, worker, intakes):
    other = make.user(Role.CONSULTANT)
    stranger = browser_of(other)
    keep(browser_of(worker))
    assert stranger.get(f"/reports/2026?office={worker.organisation_id}", status=404)
    assert stranger.get("/reports/kept/1", status=404)
    assert rows_of(stranger.get("/reports/2026/intakes"))["年度の計"][0] == "0"


def test_a_final_report_is_made_once_and_never_changes(
    browser_of, worker, intakes, make, in_database
):
    browser = browser_of(worker)
    assert "あとから変わることはありません" in keep(browser, "final").text
    assert "もうあります" in keep(browser, "final", status=409).text
    before = rows_of(browser.get("/reports/kept/1"))
    make.case(worker, received_on=date(2026, 5, 2))
    assert rows_of(browser.get("/reports/kept/1")) == before
    assert "理由" in keep(browser, "corrected", status=422).text
    page = keep(browser, "corrected", reason="5月2日の受付が漏れていた。")
    assert "5月2日の受付が漏れていた。" in page.text
    assert rows_of(page, "intakes")["5月"][0] == "3"
    for statement in ("UPDATE report_snapshots SET year = 2020", "DELETE FROM report_snapshots"):
        with pytest.raises(sa.exc.DatabaseError, match="append-only"):
            in_database(lambda s, text=statement: s.execute(sa.text(text)))


@pytest.mark.parametrize(
    ("kind", "as_of", "words"),
    [
        ("final", "2026-06-15", "月の末日"),
        ("final", "2026-06-30", "まだ来ていない"),
        ("preliminary", "2014-03-31", "平成27年度"),
        ("preliminary", "2月30日", "という日はありません"),
        ("corrected", "2026-04-30", "理由"),
    ],
)
def test_what_cannot_be_kept_is_said(kind, as_of, words, browser_of, worker):
    browser = browser_of(worker)
    assert words in keep(browser, kind, as_of, status=422).text
    assert "まだありません" in browser.get("/reports").text


def test_a_correction_needs_its_final_report(browser_of, worker):
    page = keep(browser_of(worker), "corrected", reason="なんとなく", status=422)
    assert "先に「確定」" in page.text


def test_populations_are_added_and_never_changed(browser_of, make):
    browser = browser_of(make.user(Role.ORG_ADMIN))
    typed = {"municipality": "座間市", "on_day": "2025-10-01", "people": "１３１，０００"}
    typed |= {"source": "国勢調査（速報）", "certainty": "official"}
    page = add_population(browser, typed)
    assert "131,000" in page.text
    assert "130,753" in page.text
    for wrong in (
        {"people": "0"}, {"people": "-1"}, {"on_day": "2027-01-01"}, {"source": ""},
        {"source": " "}, {"municipality": "　"},
    ):  # fmt: skip
        add_population(browser, typed | wrong, status=422)


@pytest.mark.once
@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(1, 16, 6.3), (3, 32, 9.4), (446, 892, 50.0), (0, 7, 0.0)]
)
def test_halves_of_a_share_go_up_as_they_do_on_paper(part, whole, percent):
    assert share(part, whole) == percent


@pytest.mark.once
def test_halves_of_an_average_and_of_a_rate_go_up():
    assert per(1, 8) == 0.13
    assert monthly_rate(3, 12, Population("架空市", date(2026, 9, 1), 100_000, "")) == 0.3  # 0.25
