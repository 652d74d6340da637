"""プラン: made, decided, monitored, evaluated; the services they name; how consultations ended.

Each table counts from the dated rows of `cases/plans` and `cases/closing`, one statement each. The
services stand under the columns of the national survey (支援状況調査), which counts them in plans
a meeting decided on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.closing.models import Closing
from app.cases.models import OUTCOME_LABELS, Outcome
from app.cases.plans.codes import (
    REACHED_LABELS,
    SERVICE_KIND_LABELS,
    SURVEY_COLUMN_LABELS,
    Decision,
    Reached,
    ServiceKind,
    SurveyColumn,
)
from app.cases.plans.models import (
    Plan,
    PlanDecision,
    PlanEvaluation,
    PlanMonitoring,
    PlanService,
)
from app.cases.plans.queries import KnownService, list_services
from app.reports.figures.counting import Office, cases_of, counts_by, during, within
from app.reports.figures.simple import Split, split_table
from app.reports.periods import Period
from app.reports.tables import Column, FigureTable, Picture, Row

PLANS_DEFINITION = (
    "作成は、プランを記録した日が期間に入るもの。その相談の1つ目が初回、2つ目からが再プランです。"
    "支援決定は、会議で初めて「支援決定」か「確認」となった日、モニタリングと評価は、行った日で"
    "数えます。同じプランを何度モニタリングしても、モニタリングしたプランは1件です。"
)
SERVICES_DEFINITION = (
    "期間に支援決定となったプランに書かれた事業・サービスを、プラン1つにつき1件と数えます（延べ）。"
    "1つのプランにいくつも書かれるため、プランの数より多くなります。"
    "まとまりは、国の支援状況調査の項目です。"
)
CLOSINGS_DEFINITION = (
    "期間に終結した相談を、終わり方ごとに1件と数えます。"
    "そのあと再開した相談も、終結したときの数に入っています。"
)
MADE = "plans:made"
"""The plans made, as more than one table counts them."""
GIVEN = (Decision.APPROVED, Decision.CONFIRMED)


@dataclass(frozen=True)
class Moves:
    """How many plans were made (first of their case, or again), decided, monitored; evaluated by
    how far their goal was reached.
    """

    first: int
    again: int
    decided: int
    monitored: int
    evaluated: Mapping[Reached, int]


def plan_table(period: str, moves: Moves) -> FigureTable:
    """The steps of plans below each other; they are no sums of each other."""
    made = moves.first + moves.again
    rows = [
        Row("made", "作成したプラン", (made,), level=1, asks={"plan": "made"}),
        Row("first", "初回プラン", (moves.first,), part_of="made", level=2),
        Row("again", "再プラン", (moves.again,), part_of="made", level=2),
        Row("decided", "支援決定したプラン", (moves.decided,), level=1, asks={"plan": "decided"}),
        Row(
            "monitored",
            "モニタリングしたプラン",
            (moves.monitored,),
            level=1,
            asks={"plan": "monitored"},
        ),
        Row(
            "evaluated",
            "評価したプラン",
            (sum(moves.evaluated.values()),),
            level=1,
            asks={"plan": "evaluated"},
        ),
    ]
    rows += [
        Row(
            reached.value,
            f"目標を{REACHED_LABELS[reached]}",
            (moves.evaluated.get(reached, 0),),
            part_of="evaluated",
            level=2,
            asks={"reached": reached.value},
        )
        for reached in Reached
    ]
    return FigureTable(
        key="plans",
        title="プランの動き",
        definition=PLANS_DEFINITION,
        head="項目",
        columns=(Column("count", period),),
        rows=tuple(rows),
        picture=Picture.BARS,
        shared={("made", "count"): MADE},
    )


def service_table(known: Sequence[KnownService], counts: Mapping[str, int]) -> FigureTable:
    """Services under their survey column, their kind across; a code no list knows stays itself."""
    listed = {one.code: one for one in known}
    columns = tuple(
        Column(kind.value, label, part_of="total") for kind, label in SERVICE_KIND_LABELS.items()
    )
    rows: list[Row] = []
    inside = [
        (of.column if (of := listed.get(code)) else SurveyColumn.NONE, code)
        for code in sorted(counts, key=lambda code: (-counts[code], code))
    ]
    for column in SurveyColumn:
        codes = [code for of, code in inside if of is column]
        lines = [_by_kind(listed.get(code), counts[code]) for code in codes]
        label = SURVEY_COLUMN_LABELS[column]
        if column is SurveyColumn.NONE:
            label = "国の調査にないもの"
        rows.append(Row(column.value, label, _added(lines), part_of="total", level=1))
        rows += [
            Row(
                f"{column.value}:{code}",
                listed[code].name if code in listed else code,
                line,
                part_of=column.value,
                level=2,
                asks={"service": code},
                ranked=True,
            )
            for code, line in zip(codes, lines, strict=True)
        ]
    whole = _added([row.values for row in rows if row.level == 1])
    rows.append(Row("total", "計（延べ）", whole))
    return FigureTable(
        key="services",
        title="プランの事業・サービス",
        definition=SERVICES_DEFINITION,
        head="国の調査の項目・事業",
        columns=(Column("total", "計"), *columns),
        rows=tuple(rows),
        picture=Picture.BARS,
    )


def _by_kind(service: KnownService | None, count: int) -> tuple[int, ...]:
    kind = service.kind if service else ServiceKind.LOCAL
    return (count, *(count if one is kind else 0 for one in SERVICE_KIND_LABELS))


def _added(lines: Sequence[Sequence[object]]) -> tuple[int, ...]:
    if not lines:
        return (0,) * (1 + len(SERVICE_KIND_LABELS))
    return tuple(
        sum(value for value in column if isinstance(value, int))
        for column in zip(*lines, strict=True)
    )


def closing_table(period: str, counts: Mapping[str, int]) -> FigureTable:
    """Endings by outcome, in the order staff choose from."""
    parts = [
        Split(one.value, label, counts.get(one.value, 0), asks={"outcome": one.value})
        for one, label in OUTCOME_LABELS.items()
    ]
    older = sum(count for code, count in counts.items() if code not in set(Outcome))
    if older:
        parts.append(Split("older", "前の言い方の記録", older))
    return split_table(
        key="closings",
        title="終結",
        definition=CLOSINGS_DEFINITION,
        head="終わり方",
        label=period,
        whole="終結の計",
        parts=parts,
    )


def moved(session: Session, office: Office, period: Period) -> Moves:
    """The plans of the office's cases: four statements."""
    own = Plan.case_id.in_(cases_of(office))
    made = counts_by(
        session,
        sa.select(Plan.number, sa.func.count())
        .where(own, during(Plan.created_at, period))
        .group_by(Plan.number),
    )
    decisions = decided_in(period)
    decided = session.scalar(
        sa.select(sa.func.count())
        .select_from(decisions)
        .join(Plan, Plan.id == decisions.c.plan_id)
        .where(own)
    )
    monitored = session.scalar(
        sa.select(sa.func.count(PlanMonitoring.plan_id.distinct()))
        .join(Plan, Plan.id == PlanMonitoring.plan_id)
        .where(own, within(PlanMonitoring.monitored_on, period))
    )
    evaluated = counts_by(
        session,
        sa.select(PlanEvaluation.reached, sa.func.count())
        .join(Plan, Plan.id == PlanEvaluation.plan_id)
        .where(own, within(PlanEvaluation.evaluated_on, period))
        .group_by(PlanEvaluation.reached),
    )
    first = made.get(1, 0)
    return Moves(first, sum(made.values()) - first, decided or 0, monitored or 0, evaluated)


def decided_in(period: Period) -> sa.Subquery:
    """`plan_id` and `decided_on` of the plans a meeting decided on for the first time in the
    period.
    """
    day = sa.func.min(PlanDecision.decided_on)
    return (
        sa.select(PlanDecision.plan_id, sa.type_coerce(day, sa.Date()).label("decided_on"))
        .where(PlanDecision.decision.in_(GIVEN))
        .group_by(PlanDecision.plan_id)
        .having(day.between(period.first, period.last))
        .subquery("decided")
    )


def services_named(session: Session, office: Office, period: Period) -> dict[str, int]:
    """In how many plans decided on in the period each service stands: one statement."""
    decided = decided_in(period)
    return counts_by(
        session,
        sa.select(PlanService.service, sa.func.count(PlanService.plan_id.distinct()))
        .join(decided, decided.c.plan_id == PlanService.plan_id)
        .join(Plan, Plan.id == PlanService.plan_id)
        .where(Plan.case_id.in_(cases_of(office)))
        .group_by(PlanService.service),
    )


def closed(session: Session, office: Office, period: Period) -> dict[str, int]:
    """Endings of the office's cases by outcome: one statement."""
    return counts_by(
        session,
        sa.select(Closing.outcome, sa.func.count())
        .where(Closing.case_id.in_(cases_of(office)), within(Closing.closed_on, period))
        .group_by(Closing.outcome),
    )


def known_services(session: Session) -> list[KnownService]:
    """The services with their kind and survey column, as the installation has them now."""
    return list_services(session)
