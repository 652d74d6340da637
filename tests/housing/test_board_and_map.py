"""All homes at once: by state on a board, by place on a map, never for whom."""

import pytest

from app.housing.codes import HomeState
from app.policy import Role
from tests.housing.makers import a_home


@pytest.fixture
def worker(make):
    return make.user(Role.HOUSING)


@pytest.fixture
def desk(worker, browser_of):
    return browser_of(worker)


def test_the_board_has_a_column_for_each_state_and_says_what_is_left_out(desk, make, worker):
    for _ in range(14):
        a_home(make, worker)
    a_home(make, worker, name="コーポ取り置き", state=HomeState.HELD)
    page = desk.get("/homes/board")
    columns = {c.h2.get_text(" ", strip=True): c for c in page.soup.select(".board-column")}
    assert len(columns) == len(HomeState)
    assert len(columns["募集中 14件"].select(".board-home")) == 8
    assert "ほか6件を一覧で見る" in columns["募集中 14件"].text
    assert "コーポ取り置き" in columns["取り置き 1件"].text


def test_the_map_has_one_pin_a_place_and_says_what_it_cannot_show(desk, make, worker):
    a_home(make, worker, name="コーポ一")
    a_home(make, worker, name="コーポ二", municipality="海老名市", latitude=35.45)
    a_home(make, worker, name="コーポ同じ町")
    a_home(make, worker, name="コーポ不明", latitude=None, longitude=None)
    a_home(make, worker, name="コーポ満室", state=HomeState.OCCUPIED)
    page = desk.get("/homes/map")
    assert [len(p.select("a")) for p in page.soup.select(".map-places > li")] == [2, 1]
    assert "1件は、所在地から場所が分からない" in page.text
    assert "コーポ満室" not in page.text
    assert len(desk.get("/homes/map?municipality=海老名").soup.select(".map-places > li")) == 1


def test_board_and_map_take_few_statements(desk, make, worker, count_queries):
    for _ in range(3):
        a_home(make, worker)
    for path in ("/homes/board", "/homes/map"):
        desk.get(path)
        count_queries()
        desk.get(path)
        few = count_queries()
        for _ in range(10):
            a_home(make, worker)
        count_queries()
        desk.get(path)
        assert count_queries() <= few <= 14
