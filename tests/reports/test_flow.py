"""Routes to where they got to, the picture of it, and counts that stand in two tables."""

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from bs4 import BeautifulSoup

from app.cases.models import Outcome, Route, Stage
from app.policy import Role
from app.reports.charts import picture_of, small_picture_of
from app.reports.drawing import cut
from app.reports.figures.arrivals import route_table
from app.reports.figures.flow import Reached, flow_table
from app.reports.sections import SECTIONS
from app.reports.suppression import suppressed_together
from app.reports.tables import HIDDEN, Column, FigureTable, Picture, Row
from tests.reports.kit import rows_of

MAY = date(2026, 5, 1)


@pytest.fixture(autouse=True)
def june():
    with time_machine.travel("2026-06-15T10:00:00+09:00", tick=False):
        yield


@pytest.fixture
def worker(make):
    return make.user(Role.CONSULTANT)


def test_each_consultation_stands_in_one_cell(browser_of, make, worker, in_database):
    came = [
        (Route.OWN, Stage.INTAKE, None),
        (Route.OWN, Stage.CLOSED, Outcome.HOUSED),
        (Route.OWN, Stage.CLOSED, Outcome.SETTLED),
        (Route.INSIDE, Stage.MOVED_IN, None),
        (Route.INSIDE, Stage.CLOSED, Outcome.DIED),
        (Route.UNKNOWN, Stage.CLOSED, Outcome.REFERRED),
    ]
    for route, stage, outcome in came:
        case = make.case(worker, received_on=MAY, route=route)
        _put(in_database, case, stage, outcome)
    make.case(worker, received_on=date(2026, 3, 31), route=Route.OWN)

    page = browser_of(worker).get("/reports/2026/routes")
    rows = rows_of(page, "flow")
    assert rows["本人・家族から"] == ["3", "1", "0", "2", "0", "0", "0"]
    assert rows["庁内の課から"] == ["2", "0", "1", "0", "0", "0", "1"]
    assert rows["計"] == ["6", "1", "1", "2", "1", "0", "1"]
    svg = page.soup.select_one("#flow svg")
    assert len(svg.find_all("path")) == 5  # a band for each number that is not nought
    assert "本人・家族から 3" in svg.get_text()


def _put(in_database, case, stage, outcome):
    def change(session):
        row = session.get_one(type(case), case.id)
        row.stage, row.outcome = stage, outcome.value if outcome else None

    in_database(change)


def test_a_number_hidden_in_one_table_is_not_told_by_another():
    """Of 20 + 3 the 20 is hidden beside the 3, and the other table must not give it back."""
    routes = [(Route.OWN, "", 20), (Route.INSIDE, "収納課", 3)]
    reached = {(Route.OWN, Reached.GOING_ON): 20, (Route.INSIDE, Reached.GOING_ON): 3}
    first, second = suppressed_together(
        [route_table("令和8年度", routes, shared="x"), flow_table(reached, "x")]
    )
    assert first.value("inside", "count") == first.value("own", "count") == HIDDEN
    assert second.value("inside", "total") == second.value("own", "total") == HIDDEN
    assert first.value("total", "count") == second.value("total", "total") == 23
    assert picture_of(second) is None  # hidden numbers have no band, and there is no other


def test_every_table_is_defined_on_one_page(browser_of, make, worker):
    browser = browser_of(worker)
    page = browser.get("/reports/definitions")
    for section in SECTIONS:
        shown = browser.get(f"/reports/2026/{section.key}")
        for figure in shown.soup.select("section.figure"):
            assert page.soup.select_one(f"#{section.key}-{figure['id']} dd").get_text(strip=True)
    assert "同じ世帯でも" in browser_of(make.user(Role.HOUSING)).get("/reports/definitions").text


@pytest.mark.once
def test_bars_are_told_apart_and_none_are_drawn_of_nothing():
    one, other = (cut(f"限度額＋5,000円{ending}") for ending in ("まで", "より上"))
    assert (one, other) == ("限度額＋5,000円まで", "限度額＋5,000円より上")
    assert cut("その他メンタルヘルスの課題") == "その他メンタルヘルス…"
    bare = FigureTable(
        "misses", "", "", "", (Column("homes", "世帯"),), (Row("all", "対象の世帯", (7,)),),
        picture=Picture.BARS,
    )  # fmt: skip
    assert picture_of(bare) is None


def test_many_bars_become_the_longest_few_and_the_rest_is_told():
    rows = tuple(Row(str(n), f"品{n}", (n,), part_of="all", level=1) for n in range(1, 8))
    many = FigureTable(
        "goods", "", "", "", (Column("needed", "必要"),), (*rows, Row("all", "計", (28,))),
        picture=Picture.BARS,
    )  # fmt: skip
    picture, left_out = small_picture_of(many)
    said = BeautifulSoup(picture, "xml").find_all("text", {"text-anchor": "end"})
    assert [one.text for one in said] == ["品7", "品6", "品5", "品4", "品3"]
    assert left_out == "多いほうから5つ（全部で7つ）"
    few, nothing = small_picture_of(replace(many, rows=rows[:2]))
    said = BeautifulSoup(few, "xml").find_all("text", {"text-anchor": "end"})
    assert [one.text for one in said] == ["品1", "品2"]
    assert nothing == ""


@pytest.mark.once
def test_no_picture_is_drawn_of_hidden_numbers_and_noughts():
    """Bars, or a line along the axis, would say that nobody came."""
    months = tuple(
        Row(f"m{n}", f"{n}月", (value,), part_of="all", level=1)
        for n, value in ((4, 0), (5, HIDDEN), (6, None))
    )
    for kind in (Picture.LINES, Picture.BARS):
        table = FigureTable(
            "intakes", "", "", "", (Column("now", "令和8年度"),),
            (*months, Row("all", "計", (8,))), picture=kind,
        )  # fmt: skip
        assert picture_of(table) is None
        assert picture_of(replace(table, rows=(*table.rows[:2], replace(months[2], values=(6,)))))
