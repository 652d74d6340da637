"""Plans, their services and how consultations ended, against cases counted by hand."""

from datetime import date

import pytest
import time_machine

from app.cases.closing.models import Closing
from app.cases.plans.codes import After, Decision, PlanState, Progress, Reached, ServiceKind
from app.cases.plans.codes import SurveyColumn as Column
from app.cases.plans.models import (
    Plan,
    PlanDecision,
    PlanEvaluation,
    PlanMonitoring,
    PlanService,
    Service,
)
from app.policy import Role
from app.reports.models import Population
from tests.reports.kit import at, rows_of

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
LAST_YEAR = date(2026, 3, 31)


@pytest.fixture(autouse=True)
def june():
    with time_machine.travel("2026-06-15T10:00:00+09:00", tick=False):
        yield


@pytest.fixture
def worker(make):
    return make.user(Role.CONSULTANT)


def a_plan(make, worker, case=None, *, number=1, made=MAY, decided=(), services=()):
    """A plan; `decided` as (decision, day), `services` as codes."""
    case = case or make.case(worker, received_on=LAST_YEAR)
    return make.save(
        Plan(
            case_id=case.id, number=number, long_goal="長い", short_goal="短い", starts_on=made,
            ends_on=date(2027, 3, 31), made_by=worker.id, created_at=at(made),
            state=PlanState.EVALUATED,
            services=[
                PlanService(position=n, service=code, name=code, starts_on=made, ends_on=JUNE)
                for n, code in enumerate(services)
            ],
            decisions=[
                PlanDecision(decision=said, decided_on=day, place="会議", recorded_by=worker.id)
                for said, day in decided
            ],
        )
    )  # fmt: skip


def ended(make, worker, outcome, day=MAY, **values):
    case = make.case(worker, received_on=LAST_YEAR)
    make.save(Closing(case_id=case.id, closed_on=day, outcome=outcome, changes=[], open_things=[],
                      closed_by=worker.id, **values))  # fmt: skip


def test_plans_are_counted_by_their_days(browser_of, make, worker):
    first = a_plan(make, worker, decided=[(Decision.POSTPONED, MAY), (Decision.APPROVED, JUNE)])
    case = make.case(worker, received_on=LAST_YEAR)
    a_plan(make, worker, case, made=LAST_YEAR, decided=[(Decision.APPROVED, LAST_YEAR)])
    again = a_plan(make, worker, case, number=2, decided=[(Decision.CONFIRMED, MAY)])
    old = a_plan(make, worker, made=LAST_YEAR,
                 decided=[(Decision.APPROVED, LAST_YEAR), (Decision.APPROVED, MAY)])  # fmt: skip
    for plan, day in ((first, MAY), (first, JUNE), (again, LAST_YEAR)):
        make.save(PlanMonitoring(plan_id=plan.id, monitored_on=day, progress=Progress.ON_TRACK,
                                 text="順調", author_id=worker.id))  # fmt: skip
    for plan, reached in ((first, Reached.REACHED), (old, Reached.PARTLY)):
        make.save(PlanEvaluation(plan_id=plan.id, evaluated_on=JUNE, reached=reached, changes=[],
                                 after=After.CLOSE, author_id=worker.id))  # fmt: skip
    stranger = make.user(Role.CONSULTANT)
    a_plan(make, stranger, decided=[(Decision.APPROVED, MAY)])

    rows = rows_of(browser_of(worker).get("/reports/2026/plans"), "plans")
    assert rows["作成したプラン"] == ["2"]
    assert (rows["初回プラン"], rows["再プラン"]) == (["1"], ["1"])
    assert rows["支援決定したプラン"] == ["2"]  # the old one had been decided last year
    assert rows["モニタリングしたプラン"] == ["1"]
    assert rows["評価したプラン"] == ["2"]
    assert rows["目標を達成した"] == rows["目標を一部達成した"] == ["1"]
    assert rows["目標をまだ達成していない"] == ["0"]


def test_services_stand_under_their_survey_column(browser_of, make, worker):
    make.save(Service(code="own", name="地域の食堂", kind=ServiceKind.LOCAL, starts_on=LAST_YEAR,
                      survey_column=Column.WORK_PREPARATION))  # fmt: skip
    yes = [(Decision.APPROVED, MAY)]
    a_plan(make, worker, decided=yes, services=["rent-benefit", "own", "rent-benefit"])
    a_plan(make, worker, decided=yes, services=["rent-benefit", "moving-benefit", "gone-by"])
    a_plan(make, worker, services=["rent-benefit"])  # no meeting decided on it

    rows = rows_of(browser_of(worker).get("/reports/2026/plans"), "services")
    assert rows["住居確保給付金"] == ["3", "3", "0", "0"]
    assert rows["住居確保給付金（家賃補助）"] == ["2", "2", "0", "0"]  # twice in a plan is once
    assert rows["就労準備支援"] == rows["地域の食堂"] == ["1", "0", "0", "1"]
    assert rows["gone-by"] == ["1", "0", "0", "1"]
    assert rows["計（延べ）"] == ["5", "3", "0", "2"]


def test_endings_are_counted_by_outcome(browser_of, make, worker):
    ended(make, worker, "housed")
    ended(make, worker, "housed", reopened_on=JUNE, reopened_by=worker.id)
    ended(make, worker, "referred")
    ended(make, worker, "housed", LAST_YEAR)
    ended(make, worker, "古い言い方")

    rows = rows_of(browser_of(worker).get("/reports/2026/plans"), "closings")
    assert rows["住まいが決まった"] == ["2", "50.0%"]
    assert rows["ほかの機関・制度につないだ"] == ["1", "25.0%"]
    assert rows["前の言い方の記録"] == ["1", "25.0%"]
    assert rows["終結の計"] == ["4", "100.0%"]


def test_columns_of_the_national_survey(browser_of, make, worker):
    """April and May are over: three plans in two months, two people to be helped into work."""
    yes, work = [(Decision.APPROVED, MAY)], ["work-support", "work-preparation"]
    first = a_plan(make, worker, decided=yes, services=work)
    a_plan(make, worker, decided=[(Decision.APPROVED, JUNE)], services=["work-training"])
    a_plan(make, worker, decided=yes, services=["rent-benefit"])
    a_plan(make, worker, services=work, made=JUNE)  # no meeting decided on it
    make.save(PlanEvaluation(plan_id=first.id, evaluated_on=JUNE, reached=Reached.REACHED,
                             changes=["work_income", "health"], after=After.CLOSE,
                             author_id=worker.id))  # fmt: skip
    own = make.session.get_one(Plan, first.id).case_id
    for case_id, changes in (
        (own, ["work_income"]), (make.case(worker).id, ["work_income"]),
        (make.case(worker).id, ["other_income"]),
    ):  # fmt: skip
        make.save(Closing(case_id=case_id, closed_on=JUNE, outcome="housed", changes=changes,
                          open_things=[], closed_by=worker.id))  # fmt: skip
    make.save(Population(municipality="座間市", on_day=date(2026, 5, 1), people=10_000,
                         source="試験の統計", certainty="official"))  # fmt: skip
    page = browser_of(worker).get("/reports/2026/plans")
    table = page.soup.select("#survey tbody tr")
    assert [[cell.get_text("", strip=True) for cell in row.select("th, td")] for row in table] == [
        ["プラン作成件数（件）", "4"],
        ["終わった月", "3"],
        ["途中の月", "1"],
        ["プラン作成件数（人口10万人当たり・月の平均）", "15.0"],
        ["就労支援対象者数（要確認）（人）", "2"],
        ["終わった月", "1"],
        ["途中の月", "1"],
        ["就労支援対象者数（人口10万人当たり・月の平均）", "5.0"],
        ["就労者数（人）", "—"],
        ["増収者数（要確認）（人）", "2"],
        ["うちプラン作成者", "1"],
        ["うちプランのない人", "1"],
    ]
