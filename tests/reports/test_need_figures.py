"""What households were left without, and how often they were spoken to, counted by hand."""

import itertools
from datetime import date, datetime

import pytest
import time_machine
from bs4 import BeautifulSoup

from app.cases.closing.models import Closing
from app.cases.needs.models import HousingNeed, RentBasis
from app.cases.work.models import LogEntry, LogMethod, LogRevision
from app.housing.codes import HomeKind, HomeState
from app.housing.models import MatchRun, RunMiss
from app.placements.codes import PlacementState, StepKind
from app.policy import Protection, Role
from app.reports.charts import picture_of
from app.reports.figures.talks import Talk, method_table, month_table
from app.reports.figures.towns import Looking, Supply, town_table
from app.reports.periods import Period
from app.reports.services import kept
from app.reports.suppression import suppressed, suppressed_together
from app.reports.tables import HIDDEN, as_json
from tests.reports.kit import a_home, a_way, at, rows_of

APRIL, MAY, JUNE = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
LAST_YEAR = date(2026, 3, 31)


@pytest.fixture(autouse=True)
def june():
    with time_machine.travel("2026-06-15T10:00:00+09:00", tick=False):
        yield


@pytest.fixture
def worker(make):
    return make.user(Role.CONSULTANT)


def a_run(make, worker, case, misses, on=MAY):
    """A run with {condition or (condition, group): homes it kept out alone}."""
    run = make.save(MatchRun(case_id=case.id, user_id=worker.id, rule_version="homes-3", run_on=on,
                             inputs={}, result={}))  # fmt: skip
    for key, homes in misses.items():
        condition, subject = (key, "") if isinstance(key, str) else key
        make.save(RunMiss(run_id=run.id, condition=condition, subject=subject, homes=homes))


def test_conditions_that_all_but_housed_somebody(browser_of, make, worker):
    elderly = ("accepts", "elderly")
    cases = [make.case(worker, received_on=APRIL) for _n in range(7)]
    waiting, sheltered, moving, moved, elsewhere, gone, earlier = cases
    a_run(make, worker, waiting, {"rent": 9, "floor": 9})  # an older answer counts no more
    a_run(make, worker, waiting, {"rent": 4, elderly: 1}, on=JUNE)
    a_run(make, worker, waiting, {"rent": 9}, on=date(2026, 6, 16))  # nor does tomorrow's
    a_run(make, worker, sheltered, {"rent": 2})
    a_way(make, worker, sheltered, temporary=True, moved_in_on=MAY, state=PlacementState.MOVED_IN)
    a_run(make, worker, moving, {elderly: 3})
    a_way(make, worker, moving)  # under way, no keys yet
    a_run(make, worker, moved, {"rent": 5})
    a_way(make, worker, moved, steps={StepKind.KEYS: JUNE})
    for case, outcome in ((elsewhere, "housed"), (gone, "stopped")):
        a_run(make, worker, case, {"pet": 1})
        make.save(Closing(case_id=case.id, closed_on=JUNE, outcome=outcome, changes=[],
                          open_things=[], closed_by=worker.id))  # fmt: skip
    a_run(make, worker, earlier, {"rent": 5}, on=LAST_YEAR)
    stranger = make.user(Role.CONSULTANT)
    a_run(make, stranger, make.case(stranger), {"rent": 5})

    browser = browser_of(worker)
    page = browser.get("/reports/2026/homes")
    rows = rows_of(page, "misses")
    assert rows == {
        "家賃": ["2", "50.0%", "6"],
        "受け入れ（高齢者）": ["2", "50.0%", "4"],
        "ペット": ["1", "25.0%", "1"],
        "対象の世帯": ["4", "—", "—"],
    }
    listed = rows_of(browser.get(page.link("受け入れ（高齢者）")))
    assert sorted(listed) == sorted([waiting.number, moving.number])


def test_how_often_and_how_households_were_spoken_to(browser_of, make, worker):
    one, two = (make.case(worker, received_on=LAST_YEAR) for _n in range(2))
    stranger = make.user(Role.CONSULTANT)
    for case, method, moment in (
        (one, LogMethod.MEETING, "2026-04-01T00:10"),  # in Japan; still March elsewhere
        (one, LogMethod.PHONE, "2026-04-30T23:50"),
        (one, LogMethod.PHONE, "2026-05-01T00:10"),
        (two, LogMethod.PHONE, "2026-05-02T10:00"),
        (two, LogMethod.OFFICE, "2026-06-15T09:00"),
        (two, LogMethod.VISIT, "2026-03-31T23:50"),
        (make.case(stranger), LogMethod.VISIT, "2026-05-01T10:00"),
    ):
        entry = make.save(LogEntry(
            case_id=case.id, at=datetime.fromisoformat(f"{moment}+09:00"), method=method,
            text="話した", author_id=worker.id,
        ))  # fmt: skip
        make.save(LogRevision(entry_id=entry.id, said={}, why="誤り", changed_by=worker.id))

    browser = browser_of(worker)
    page = browser.get("/reports/2026/talks")
    rows = rows_of(page, "talk_months")
    assert rows["令和8年4月"] == ["2", "1", "1", "0", "1"]
    assert rows["5月"] == ["2", "0", "2", "0", "2"]
    assert rows["第1四半期"] == rows["年度の計"] == ["5", "1", "3", "1", "2"]
    assert rows["7月"] == rows["第2四半期"] == ["—"] * 5  # not begun is not nought
    rows = rows_of(page, "talks")
    assert rows["会って"] == rows["面談"] == ["1", "1", "1.0"]
    assert rows["電話"] == ["3", "2", "1.5"]
    assert rows["訪問"] == ["0", "0", "—"]
    assert rows["計"] == ["5", "2", "2.5"]
    assert list(rows_of(browser.get(page.link("面談")))) == [one.number]


def test_few_households_are_hidden_however_often_they_were_spoken_to():
    """Eighty calls tell nothing, four households do; and months are no sum of households."""
    talks = [Talk(case, 4 + case % 2, LogMethod.PHONE, 20) for case in range(4)]
    talks += [Talk(case, 6, LogMethod.PHONE, 1) for case in range(20)]
    year = Period(2026, date(2027, 3, 31))
    months, methods = suppressed_together([month_table(year, talks), method_table(year, talks)])
    assert months.value("m04", "times") == 40
    assert months.value("m04", "homes") == months.value("m05", "homes") == HIDDEN
    assert months.value("year", "homes") == methods.value("phone", "homes") == 20
    assert methods.value("met", "times") == 0


def looks(make, worker, towns, *, groups=(), need_on=MAY, **values):
    """A household with a housing need that names these towns."""
    case = make.case(worker, received_on=APRIL, **values)
    make.save(HousingNeed(case_id=case.id, rent_basis=RentBasis.AGREED, agreed_rent=40000,
                          municipalities=list(towns), groups=list(groups),
                          created_at=at(need_on)))  # fmt: skip
    return case


def test_towns_where_homes_are_wished(browser_of, make, worker):
    both = looks(make, worker, ["座間市", "大和市", "座間市"], groups=["elderly"])
    zama = looks(make, worker, ["座間市"])
    looks(make, worker, ["架空町"])
    looks(make, worker, [])
    for unsafe in (Protection.YES, Protection.UNKNOWN):
        looks(make, worker, ["座間市"], protection=unsafe)
    a_way(make, worker, looks(make, worker, ["座間市"]), steps={StepKind.KEYS: JUNE})
    gone = looks(make, worker, ["座間市"])
    make.save(Closing(case_id=gone.id, closed_on=JUNE, outcome="stopped", changes=[],
                      open_things=[], closed_by=worker.id))  # fmt: skip
    make.case(worker, received_on=APRIL)  # nobody asked what home it wants
    looks(make, make.user(Role.CONSULTANT), ["座間市"])
    for facts in ({}, {"state": HomeState.OCCUPIED}, {"kind": HomeKind.SHELTER}):
        make.save(a_home(worker, **facts))
    make.save(a_home(worker)).property.municipality = "厚木市"
    make.session.commit()

    browser = browser_of(worker)
    page = browser.get("/reports/2026/towns")
    rows = rows_of(page, "towns")
    assert rows == {
        "座間市": ["2", "1", "1", "2"],  # of four homes there one is let and one a shelter
        "大和市": ["1", "1", "0", "0"],
        "架空町": ["1", "0", "1", "0"],
        "希望のない市区町村": ["0", "0", "0", "1"],
        "どこでもよい・まだ聞いていない": ["1", "0", "1", "—"],
        "市区町村を出さない": ["2", "0", "2", "—"],
        "計（延べ）": ["7", "2", "5", "3"],
        "実世帯": ["6", "1", "5", "—"],
    }
    svg = page.soup.select_one("#towns svg[role=img]")
    assert svg.select_one("title").get_text().startswith("希望の市区町村と空いている住戸の地図")
    assert "2世帯・空き2戸" in svg.get_text()
    assert "地図に置いていない市区町村：架空町 1世帯" in svg.get_text()
    assert sorted(rows_of(browser.get(page.link("座間市")))) == sorted([both.number, zama.number])


def test_words_of_a_map_lie_on_nothing_else():
    """Towns of one kept report, near each other and far away; hidden numbers have no circle."""
    wished = {"座間市": 9, "大和市": 8, "海老名市": 7, "綾瀬市": 6, "厚木市": 5, "伊賀市": 2}
    wished["架空の長い長い長い長い名前の市"] = 5
    looking = [
        Looking(n, frozenset([town]), needs_care=False)
        for n, town in enumerate(t for town, count in wished.items() for t in [town] * count)
    ]
    table = suppressed(town_table(looking, Supply("神奈川県", {})))
    kept_again = kept({"parts": [{"key": "", "title": "", "lead": "", "tables": [as_json(table)]}]})
    svg = BeautifulSoup(picture_of(kept_again[0].tables[0]), "xml")
    under = [
        [float(rect[name]) for name in ("x", "y", "width", "height")]
        for rect in svg.find_all("rect")[1:]
    ]
    assert len(under) == len(wished) - 1
    for (x, y, wide, high), (x2, y2, wide2, high2) in itertools.combinations(under, 2):
        assert x + wide <= x2 or x2 + wide2 <= x or y + high <= y2 or y2 + high2 <= y
    texts = svg.get_text()
    assert "架空の長い長い長い長…" in texts
    assert "×世帯" in texts
    assert "2世帯・" not in texts
    dashed = svg.find_all("circle", {"stroke-dasharray": True})
    assert len(dashed) == texts.count("×世帯")
