"""What keeping watch adds to the page of a case: what is due next, and its part of the story."""

from datetime import date

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.closing.open_things import open_things
from app.cases.models import Case
from app.cases.panels import (
    Panel,
    PanelLine,
    TimelineEvent,
    case_panels,
)
from app.followup import queries
from app.followup.codes import (
    ATTEMPT_LABELS,
    RENT_LABELS,
    SEEN_LABELS,
    AttemptResult,
    CheckInState,
    Rent,
    Seen,
)
from app.followup.facts.queries import Fact, facts_of_one
from app.followup.ladder.codes import CONCERN_LABELS, OUTCOME_LABELS, STEP_LABELS, ConcernState
from app.followup.ladder.models import Concern
from app.followup.models import Attempt, CheckIn, WatchPlan
from app.followup.plans.codes import PlanEnd
from app.followup.records import shown_attempt, shown_concern
from app.followup.words import due_label, result_kind
from app.policy import Access, Action, Tier, Viewer, allows
from app.wording import day, moment

NEXT = 4


def open_visits(session: Session, case: Case, access: Access, _today: date) -> list[str]:
    """Check-ins still to come and open concerns, for whoever ends the consultation."""
    if not access.sees(Tier.PLACE):
        return []
    plan = queries.plan_of_case(session, case.id)
    if plan is None:
        return []
    due = [c for c in plan.check_ins if c.state is CheckInState.DUE]
    going = [c for c in queries.concerns_of(session, plan.id) if c.state is ConcernState.OPEN]
    found = []
    if due:
        found.append(str(_("これからの見守りが %(n)s回 残っています", n=len(due))))
    if going:
        found.append(str(_("「気になること」が %(n)s件 終わっていません", n=len(going))))
    return found


def watch_of_case(
    session: Session, case: Case, access: Access, viewer: Viewer, today: date
) -> Panel | None:
    """The next check-ins of a household; a plan tells that somebody lives somewhere, so: place."""
    if not access.sees(Tier.PLACE) or not allows(viewer, Action.FOLLOWUP_READ):
        return None
    plan = queries.last_plan_of_case(session, case.id)
    if plan is None:
        return None
    check_ins = plan.check_ins
    due = [c for c in check_ins if c.state is CheckInState.DUE]
    concerns = queries.concerns_of(session, plan.id)
    going = [_concern_line(c) for c in concerns if c.state is ConcernState.OPEN]
    next_ones = [_line(c, viewer, today) for c in due[:NEXT]]
    attempts = sorted((a for c in check_ins for a in c.standing), key=lambda a: (a.at, a.id))
    food = allows(viewer, Action.FOOD_REQUEST)
    facts = (
        facts_of_one(session, plan, case.id, attempts, today=today, food=food)
        if plan.ended_on is None
        else []
    )
    return Panel(
        title=_("見守り"),
        lines=[*going, *_fact_lines(facts), *next_ones],
        empty=_("予定はすべて済みました") if plan.ended_on is None else _ended(plan),
        action=(_("計画"), url_for("followup.plan_page", plan_id=plan.id)),
        events=[
            *(_event(attempt, access) for attempt in attempts),
            *(_concern_event(c, access) for c in concerns if c.closed_at is not None),
        ],
        ahead=going,
    )


def _ended(plan: WatchPlan) -> str:
    """What to say of a watch that has ended; its record and what may follow stay one press away."""
    words = _("定着しました") if plan.ended_as is PlanEnd.SETTLED else _("退去しました")
    return str(_("%(what)s（%(day)s）", what=words, day=day(plan.ended_on)))


def _fact_lines(facts: list[Fact]) -> list[PanelLine]:
    """What asks for a look, each fact by itself."""
    return [PanelLine(fact.words, tag=(_("目を向けたいこと"), "warn")) for fact in facts]


def _concern_line(concern: Concern) -> PanelLine:
    step = concern.next_step
    what = STEP_LABELS[step.kind] if step else _("分かったことを書いて終える")
    return PanelLine(
        f"{CONCERN_LABELS[concern.kind]}: {what}",
        url=url_for("followup.concern_page", concern_id=concern.id),
        note=_("%(at)sまで", at=moment(step.due_at)) if step else None,
        tag=(_("終わっていません"), "bad"),
    )


def _line(check_in: CheckIn, viewer: Viewer, today: date) -> PanelLine:
    may_record = allows(viewer, Action.VISIT_RECORD)
    return PanelLine(
        check_in.label,
        url=url_for("followup.visit_page", check_in_id=check_in.id) if may_record else None,
        note=due_label(check_in.goes_on, today),
        tag=(_("過ぎている"), "bad") if check_in.goes_on < today else None,
    )


def _event(attempt: Attempt, access: Access) -> TimelineEvent:
    shown = shown_attempt(attempt, access)
    seen = [SEEN_LABELS[Seen(item)] for item in shown["items"] or []]
    if shown.rent:
        seen.insert(0, f"家賃 {RENT_LABELS[Rent(shown.rent)]}")
    result = AttemptResult(attempt.result)
    words = ATTEMPT_LABELS[result] if shown.shows("result") else _("記録あり")
    return TimelineEvent(
        at=attempt.at,
        title=_("見守り: %(result)s", result=words),
        text="\n".join(part for part in ("、".join(seen), shown.note) if part) or None,
        kind=result_kind(result) if shown.shows("result") else "",
    )


def _concern_event(concern: Concern, access: Access) -> TimelineEvent:
    shown = shown_concern(concern, access)
    outcome = OUTCOME_LABELS[shown.outcome] if shown.outcome else ""
    return TimelineEvent(
        at=shown.closed_at,
        title=f"{CONCERN_LABELS[concern.kind]}: {outcome}",
        text=shown.found,
    )


case_panels.append(watch_of_case)
open_things.append(open_visits)
