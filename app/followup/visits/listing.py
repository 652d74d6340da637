"""Today's list: what is most urgent first, one household once, capped so that nothing nags."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.listing import called
from app.db import now
from app.followup import queries
from app.followup.codes import CheckInState
from app.followup.ladder.codes import CONCERN_LABELS, STEP_LABELS, ConcernKind
from app.followup.ladder.models import Concern
from app.followup.models import CheckIn, WatchPlan
from app.followup.words import due_label, home_line, moved_words
from app.policy import Action, Viewer, allows
from app.wording import moment

MOST = 12
"""So many households a person is shown for a day; the rest is counted and one press away."""


@dataclass
class Household:
    """One household on the list: its concerns and check-ins that are due."""

    plan: WatchPlan
    concerns: list[Concern] = field(default_factory=list)
    check_ins: list[CheckIn] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        """Whether a later contact shows what the most urgent concern asks: it may be ended."""
        concern = self.concerns[0]
        return (
            concern.kind is ConcernKind.NO_CONTACT
            and concern.check_in is not None
            and concern.check_in.state in (CheckInState.MET, CheckInState.COVERED)
        )

    def urgency(self) -> tuple[int, datetime | date, int]:
        """Concerns by their next deadline, then the longest overdue."""
        if self.concerns:
            step = self.concerns[0].next_step
            return 0, step.due_at if step else self.concerns[0].opened_at, self.plan.id
        return 1, self.check_ins[0].due_on, self.plan.id


def households(concerns: Iterable[Concern], check_ins: Iterable[CheckIn]) -> list[Household]:
    """Whatever is open, household by household, the most urgent first."""
    found: dict[int, Household] = {}
    for concern in concerns:
        found.setdefault(concern.plan_id, Household(concern.plan)).concerns.append(concern)
    for check_in in check_ins:
        found.setdefault(check_in.plan_id, Household(check_in.plan)).check_ins.append(check_in)
    with_concern = sorted((h for h in found.values() if h.concerns), key=Household.urgency)
    without = sorted((h for h in found.values() if not h.concerns), key=Household.urgency)
    return [*with_concern, *without]


def due_today(
    session: Session, viewer: Viewer, today: date, *, until: date, mine: bool
) -> tuple[list[Household], list[CheckIn]]:
    """Households with something due, and check-ins of the days after; `mine` those I look after."""
    found = queries.due_check_ins(session, viewer, today=today, until=until)
    concerns = queries.open_concerns(session, viewer, today=today)
    if mine:
        found = [c for c in found if c.visitor == viewer.user_id]
        # Whoever goes there today in somebody's place has to know what is open there.
        visited = {c.plan_id for c in found if c.goes_on <= today}
        concerns = [
            c for c in concerns if c.plan.assigned_to == viewer.user_id or c.plan_id in visited
        ]
    due = households(concerns, (c for c in found if c.goes_on <= today))
    return due, sorted((c for c in found if c.goes_on > today), key=lambda c: (c.goes_on, c.id))


def line_of(household: Household, viewer: Viewer, today: date) -> dict[str, Any]:
    """One line of the list, as `ui.todo` takes it."""
    plan = household.plan
    title = called(plan.placement.case, viewer, today=today)
    note = home_line(plan.placement)
    if household.concerns:
        return _concern_line(household, title, note)
    first = household.check_ins[0]
    tries = len(first.standing)
    more = len(household.check_ins) - 1
    return {
        "when": due_label(first.goes_on, today),
        "late": first.goes_on < today,
        "title": f"{title}　{first.label}",
        "url": _visit_url(first, viewer),
        "note": note
        + moved_words(first)
        + (_("　ほかに過ぎた見守り%(n)s回", n=more) if more else ""),
        "tag": (_("不在 %(n)s回", n=tries), "bad") if tries else None,
    }


def _concern_line(household: Household, title: str, note: str) -> dict[str, Any]:
    concern = household.concerns[0]
    step = concern.next_step
    answered = household.answered
    late = step is not None and step.due_at <= now() and not answered
    what = STEP_LABELS[step.kind] if step else _("分かったことを書いて終える")
    if answered:
        what = _("会えています。読んで終える")
    return {
        "when": _by_when(step.due_at) if step and not answered else _("結果待ち"),
        "late": late,
        "title": f"{title}　{what}",
        "url": url_for("followup.concern_page", concern_id=concern.id),
        "note": note,
        "tag": (CONCERN_LABELS[concern.kind], "bad"),
    }


def _by_when(at: datetime) -> str:
    words = moment(at).partition("年")[2]
    return str(_("%(at)sまで", at=words))


def _visit_url(check_in: CheckIn, viewer: Viewer) -> str:
    if allows(viewer, Action.VISIT_RECORD):
        return url_for("followup.visit_page", check_in_id=check_in.id)
    return url_for("followup.plan_page", plan_id=check_in.plan_id)


def coming_line(check_in: CheckIn, viewer: Viewer, today: date) -> dict[str, Any]:
    """A check-in of the days after today."""
    title = called(check_in.plan.placement.case, viewer, today=today)
    return {
        "when": due_label(check_in.goes_on, today),
        "title": f"{title}　{check_in.label}",
        "url": _visit_url(check_in, viewer),
        "note": home_line(check_in.plan.placement) + moved_words(check_in),
    }


def chosen() -> tuple[bool, bool]:
    """What the address bar asks for: mine alone, and everything without the cap."""
    return request.args.get("whose") == "mine", request.args.get("show") == "all"
