"""Behind a row: the consultations it counted, as far as the viewer may know of them.

What a row `asks` becomes a condition on cases here, the same one it was counted by. A list tells
of each case in it what the row is about – its route, an issue, a refusal – and so holds only cases
of which the viewer may know that much; the others are counted and not listed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.assessments.codes import AssessmentState
from app.cases.assessments.models import Assessment, AssessmentIssue, Issue
from app.cases.closing.models import Closing
from app.cases.intake.codes import SOURCE_KIND_LABELS
from app.cases.models import OUTCOME_LABELS, ROUTE_LABELS, Case, Outcome, Route
from app.cases.plans.codes import REACHED_LABELS, Reached
from app.cases.plans.models import Plan, PlanEvaluation, PlanMonitoring, PlanService
from app.cases.plans.queries import list_services
from app.cases.queries import placed_to, seen_to
from app.cases.work.models import LOG_METHOD_LABELS, LogEntry, LogMethod
from app.db import how_many
from app.directory.models import Partner
from app.errors import ForbiddenError, NotFoundError
from app.foodbank.models import FoodRequest, RequestState
from app.housing.models import MatchRun, RunMiss
from app.placements.codes import REFUSAL_LABELS, PlacementState, RefusalReason
from app.placements.models import Placement
from app.policy import Protection, Tier, Viewer
from app.reports import queries
from app.reports.figures import misses, towns
from app.reports.figures.counting import Office, during, within
from app.reports.figures.plans import decided_in
from app.reports.figures.ways import STATE_WORDS, state_on
from app.reports.periods import Period

Condition = sa.ColumnElement[bool]
NOT_FOUND = "この一覧は見つかりません。表の行から開き直してください。"
NOT_YOURS = "一覧は、相談を担当する方だけが開けます。"


@dataclass(frozen=True)
class Behind:
    """What was asked for in words, the cases to list, and how many there are in all."""

    words: str
    listed: sa.Select[Case]
    count: int
    all: int

    @property
    def unlisted(self) -> int:
        """How many may not be listed for this viewer."""
        return self.all - self.count


def behind(
    session: Session,
    viewer: Viewer,
    office: Office,
    period: Period,
    asked: Mapping[str, str],
    *,
    today: date,
) -> Behind:
    """The cases a row counted, newest first.

    Raises ForbiddenError for whoever does not read exact figures, NotFoundError for what no row
    asks for.
    """
    if not queries.reads_exact(viewer, office):
        raise ForbiddenError(NOT_YOURS)
    key = next((key for key in ASKS if key in asked), None)
    if key is None:
        raise NotFoundError(NOT_FOUND)
    try:
        words, condition = ASKS[key](session, asked, period)
    except (KeyError, ValueError) as error:
        raise NotFoundError(NOT_FOUND) from error
    counted = sa.select(Case).where(Case.organisation_id == office.id, condition)
    listed = counted.where(seen_to(viewer, Tier.CARE, today=today))
    if key in OF_A_PLACE:
        listed = listed.where(placed_to(viewer, today=today))
    newest = listed.order_by(Case.received_on.desc(), Case.id.desc())
    return Behind(words, newest, how_many(session, listed), how_many(session, counted))


# --------------------------------------------------------------------- one function for each ask

Answer = tuple[str, Condition]


def _route(_session: Session, asked: Mapping[str, str], period: Period) -> Answer:
    route = Route(asked["route"])
    came = sa.and_(Case.route == route, within(Case.received_on, period))
    if "named" not in asked:
        return f"相談経路：{ROUTE_LABELS[route]}", came
    named = asked["named"]
    kinds = [kind for kind, label in SOURCE_KIND_LABELS.items() if label == named]
    partner = sa.select(Partner.name).where(Partner.id == Case.route_partner_id).scalar_subquery()
    told = sa.func.coalesce(partner, Case.route_detail)
    by_kind = Case.source_kind.in_(kinds) if named else Case.source_kind.is_(None)
    words = f"相談経路：{ROUTE_LABELS[route]}　{named or '課・機関の記録なし'}"
    return words, sa.and_(came, sa.or_(told == named, sa.and_(told.is_(None), by_kind)))


def _month(_session: Session, asked: Mapping[str, str], period: Period) -> Answer:
    month = next((one for one in period.months if one.key == asked["month"]), None)
    if month is None:
        raise KeyError(asked["month"])
    last = min(month.last, period.last)
    return f"{month.long_label}の新規相談", Case.received_on.between(month.first, last)


def _issue(session: Session, asked: Mapping[str, str], period: Period) -> Answer:
    named = sa.select(Issue.name).where(Issue.code == asked["issue"], Issue.team_only.is_(False))
    name = session.scalar(named)
    if name is None:
        raise KeyError(asked["issue"])
    ticked = (
        sa.select(Assessment.case_id)
        .join(AssessmentIssue, AssessmentIssue.assessment_id == Assessment.id)
        .join(Issue, Issue.id == AssessmentIssue.issue_id)
        .where(
            Issue.code == asked["issue"],
            Assessment.round == 1,
            Assessment.state == AssessmentState.DONE,
            within(Assessment.assessed_on, period),
        )
    )
    return f"課題：{name}", Case.id.in_(ticked)


def _plan(_session: Session, asked: Mapping[str, str], period: Period) -> Answer:
    decided = decided_in(period)
    ways: Mapping[str, tuple[str, Any]] = {
        "made": ("作成したプラン", during(Plan.created_at, period)),
        "decided": ("支援決定したプラン", Plan.id.in_(sa.select(decided.c.plan_id))),
        "monitored": (
            "モニタリングしたプラン",
            Plan.id.in_(
                sa.select(PlanMonitoring.plan_id).where(within(PlanMonitoring.monitored_on, period))
            ),
        ),
        "evaluated": (
            "評価したプラン",
            Plan.id.in_(
                sa.select(PlanEvaluation.plan_id).where(within(PlanEvaluation.evaluated_on, period))
            ),
        ),
    }
    words, condition = ways[asked["plan"]]
    return words, Case.id.in_(sa.select(Plan.case_id).where(condition))


def _reached(_session: Session, asked: Mapping[str, str], period: Period) -> Answer:
    reached = Reached(asked["reached"])
    found = (
        sa.select(Plan.case_id)
        .join(PlanEvaluation, PlanEvaluation.plan_id == Plan.id)
        .where(PlanEvaluation.reached == reached, within(PlanEvaluation.evaluated_on, period))
    )
    return f"目標を{REACHED_LABELS[reached]}", Case.id.in_(found)


def _service(session: Session, asked: Mapping[str, str], period: Period) -> Answer:
    code, decided = asked["service"], decided_in(period)
    names = {one.code: one.name for one in list_services(session)}
    found = (
        sa.select(Plan.case_id)
        .join(decided, decided.c.plan_id == Plan.id)
        .join(PlanService, PlanService.plan_id == Plan.id)
        .where(PlanService.service == code)
    )
    return f"プランの事業：{names.get(code, code)}", Case.id.in_(found)


def _outcome(_session: Session, asked: Mapping[str, str], period: Period) -> Answer:
    outcome = Outcome(asked["outcome"])
    found = sa.select(Closing.case_id).where(
        Closing.outcome == outcome.value, within(Closing.closed_on, period)
    )
    return f"終結：{OUTCOME_LABELS[outcome]}", Case.id.in_(found)


def _way(_session: Session, asked: Mapping[str, str], period: Period) -> Answer:
    state = PlacementState(asked["way"])
    found = sa.select(Placement.case_id).where(
        state_on(period.last) == state, during(Placement.created_at, period)
    )
    return f"入居の手続き：{STATE_WORDS[state]}", Case.id.in_(found)


def _refusal(_session: Session, asked: Mapping[str, str], period: Period) -> Answer:
    reason = RefusalReason(asked["refusal"])
    found = sa.select(Placement.case_id).where(
        Placement.state == PlacementState.REFUSED,
        Placement.refusal == reason,
        within(Placement.ended_on, period),
    )
    return f"不成立：{REFUSAL_LABELS[reason]}", Case.id.in_(found)


def _food(_session: Session, asked: Mapping[str, str], period: Period) -> Answer:
    words, states = {
        "met": ("食料を渡した依頼", (RequestState.HANDED_OUT,)),
        "unmet": ("食料を渡せていない依頼", (RequestState.OPEN, RequestState.PACKED)),
    }[asked["food"]]
    found = sa.select(FoodRequest.case_id).where(
        FoodRequest.state.in_(states), within(FoodRequest.needed_on, period)
    )
    return words, Case.id.in_(found)


def _miss(_session: Session, asked: Mapping[str, str], period: Period) -> Answer:
    condition = asked["miss"]
    group = misses.group_asked(asked.get("group"))
    if condition not in misses.CONDITION_WORDS:
        raise KeyError(condition)
    runs = misses.runs_in_vain(sa.true(), period)
    found = (
        sa.select(MatchRun.case_id)
        .join(RunMiss, RunMiss.run_id == MatchRun.id)
        .where(RunMiss.condition == condition, RunMiss.subject == group, MatchRun.id.in_(runs))
    )
    return f"惜しかった条件：{misses.words_of(condition, group)}", Case.id.in_(found)


def _talk(_session: Session, asked: Mapping[str, str], period: Period) -> Answer:
    method = LogMethod(asked["talk"])
    found = sa.select(LogEntry.case_id).where(
        LogEntry.method == method, during(LogEntry.at, period)
    )
    return f"相談の回数：{LOG_METHOD_LABELS[method]}", Case.id.in_(found)


def _town(session: Session, asked: Mapping[str, str], period: Period) -> Answer:
    """Households in hiding wish no town here, as in the table."""
    town = asked["town"]
    looking = towns.looked(session, period, Case.protection == Protection.NO)
    found = [one.case_id for one in looking if town in (one.towns or ())]
    return f"住まいを探している世帯：{town}", Case.id.in_(found)


ASKS: Mapping[str, Callable[[Session, Mapping[str, str], Period], Answer]] = {
    "route": _route,
    "month": _month,
    "issue": _issue,
    "plan": _plan,
    "reached": _reached,
    "service": _service,
    "outcome": _outcome,
    "way": _way,
    "refusal": _refusal,
    "food": _food,
    "miss": _miss,
    "talk": _talk,
    "town": _town,
}
BESIDE = ("named", "group")
"""What an ask says further."""
OF_A_PLACE = frozenset({"way", "refusal"})
"""Asks that tell of a home: of a household in hiding only to its team."""
