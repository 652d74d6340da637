"""国の支援状況調査に書く数: those of the municipal table that no other table of the report tells.

The survey's published columns name what is counted without saying how (`SOURCE`); what is read
into them here is said in the definition and marked 要確認. What nobody records is left empty.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.closing.models import Closing
from app.cases.plans.codes import Change, SurveyColumn
from app.cases.plans.models import Plan, PlanEvaluation, PlanService
from app.cases.plans.queries import KnownService
from app.reports.figures.counting import Office, cases_of, during, within
from app.reports.figures.intakes import Population, monthly_rate, population_notes, running
from app.reports.figures.plans import MADE, decided_in
from app.reports.periods import Period
from app.reports.tables import Column, FigureTable, Row, Unit, Value

SOURCE = "生活困窮者自立支援制度 支援状況調査（自治体別集計表）"
DEFINITION = (
    f"{SOURCE}の項目のうち、ほかの表にないものです。新規相談受付件数は「新規相談」、プラン作成件数は"
    "「プランの動き」、事業ごとの件数は「プランの事業・サービス」にあります。10万人当たりは、終わった月"
    "だけの合計を月数と人口で割ったものです。就労支援対象者数は、期間に支援決定となったプランに、就労準備"
    "支援・就労訓練事業・自立相談支援機関による就労支援・生保受給者等就労自立促進のどれかを書いた相談の数"
    "です（要確認：調査の手引きで確かめてください）。増収者数は、期間のプランの評価か終結で「就労収入が"
    "増加」とした相談の数です（要確認）。就労者数は、就職した日を記録していないため空欄です。"
)
OF_WORK = (
    SurveyColumn.WORK_PREPARATION,
    SurveyColumn.WORK_TRAINING,
    SurveyColumn.WORK_SUPPORT,
    SurveyColumn.WORK_PROMOTION,
)


@dataclass(frozen=True)
class SoFar:
    """A number of the period, and how much of it falls into months that are over."""

    whole: int
    over: int


@dataclass(frozen=True)
class Surveyed:
    """What the survey asks for beyond the other tables."""

    plans: SoFar
    targets: SoFar
    raised_with_plan: int
    raised_without: int


def survey_table(period: Period, found: Surveyed, people: Population | None) -> FigureTable:
    """The columns as rows, in the survey's order; below each what its rate is made of."""
    raised = found.raised_with_plan + found.raised_without
    plans = _row("plans", "プラン作成件数", found.plans.whole)
    targets = _row("targets", "就労支援対象者数（要確認）", found.targets.whole, Unit.PEOPLE)
    rows = (
        *_lines(period, people, plans, found.plans),
        *_lines(period, people, targets, found.targets),
        _row("employed", "就労者数", None, Unit.PEOPLE),
        _row("raised", "増収者数（要確認）", raised, Unit.PEOPLE),
        _part("raised", "with", "うちプラン作成者", found.raised_with_plan),
        _part("raised", "without", "うちプランのない人", found.raised_without),
    )
    return FigureTable(
        key="survey",
        title="国の支援状況調査に書く数",
        definition=DEFINITION,
        head="調査の項目",
        columns=(Column("value", period.label, Unit.NONE),),
        rows=rows,
        notes=tuple(population_notes(period, people)),
        shared={("plans", "value"): MADE},
    )


def _row(key: str, label: str, value: Value, unit: Unit = Unit.CASES) -> Row:
    return Row(key, label, (value,), level=1, unit=unit)


def _part(of: str, key: str, label: str, value: int) -> Row:
    return Row(f"{of}:{key}", label, (value,), part_of=of, level=2)


def _lines(period: Period, people: Population | None, whole: Row, number: SoFar) -> Iterator[Row]:
    """A number, its months that are over and the one that runs, and the rate of the former."""
    yield whole
    made_of = whole.key
    if running(period):
        made_of = f"{whole.key}:over"
        yield _part(whole.key, "over", "終わった月", number.over)
        yield _part(whole.key, "running", "途中の月", number.whole - number.over)
    rate: Value = None
    if people is not None and (months := period.whole_months):
        rate = monthly_rate(number.over, months, people)
    words = f"{whole.label.removesuffix('（要確認）')}（人口10万人当たり・月の平均）"
    yield Row(f"{whole.key}_rate", words, (rate,), level=1, digits=1, from_=(made_of,))


def surveyed(
    session: Session, office: Office, period: Period, services: Collection[KnownService]
) -> Surveyed:
    """What the office's cases have for the survey: four statements."""
    last = max((month.last for month in period.own_months if period.over(month)), default=None)
    in_time = during(Plan.created_at, Period(period.year, last)) if last else sa.false()
    made, over = session.execute(
        sa.select(sa.func.count(), sa.func.count(sa.case((in_time, 1)))).where(
            Plan.case_id.in_(cases_of(office)), during(Plan.created_at, period)
        )
    ).one()
    targets = _targets(session, office, period, services)
    in_whole_months = sum(last is not None and on <= last for on in targets.values())
    with_plan, without = _raised(session, office, period)
    return Surveyed(
        plans=SoFar(made, over),
        targets=SoFar(len(targets), in_whole_months),
        raised_with_plan=with_plan,
        raised_without=without,
    )


def _targets(
    session: Session, office: Office, period: Period, services: Collection[KnownService]
) -> dict[int, date]:
    """The cases with a plan decided on in the period that names support for work, and since when:
    one statement.
    """
    codes = [one.code for one in services if one.column in OF_WORK]
    decided = decided_in(period)
    rows = session.execute(
        sa.select(Plan.case_id, sa.func.min(decided.c.decided_on))
        .join(decided, decided.c.plan_id == Plan.id)
        .join(PlanService, PlanService.plan_id == Plan.id)
        .where(Plan.case_id.in_(cases_of(office)), PlanService.service.in_(codes))
        .group_by(Plan.case_id)
    )
    return {row[0]: row[1] for row in rows}


def _raised(session: Session, office: Office, period: Period) -> tuple[int, int]:
    """Cases whose income from work has risen, with and without a plan: two statements."""
    evaluated = (
        sa.select(Plan.case_id, sa.literal(1), PlanEvaluation.changes)
        .join(PlanEvaluation, PlanEvaluation.plan_id == Plan.id)
        .where(Plan.case_id.in_(cases_of(office)), within(PlanEvaluation.evaluated_on, period))
    )
    planned = sa.exists().where(Plan.case_id == Closing.case_id)
    ended = sa.select(Closing.case_id, planned, Closing.changes).where(
        Closing.case_id.in_(cases_of(office)), within(Closing.closed_on, period)
    )
    risen = {
        case_id: bool(has_plan)
        for statement in (evaluated, ended)
        for case_id, has_plan, changes in session.execute(statement)
        if Change.WORK_INCOME.value in changes
    }
    return sum(risen.values()), len(risen) - sum(risen.values())
