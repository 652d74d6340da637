"""What households were left without, and how often they were spoken to, counted by hand."""

from datetime import date

import pytest
import time_machine

from app.cases.closing.models import Closing
from app.housing.models import MatchRun, RunMiss
from app.placements.codes import PlacementState, StepKind
from app.policy import Role
from tests.reports.kit import a_way, rows_of

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
