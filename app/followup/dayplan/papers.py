"""The sheet to carry: case numbers, and of a household in hiding neither name nor place."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.cases.listing import named_outside
from app.cases.records import shown_case
from app.followup.dayplan.codes import WHY_LABELS, Why
from app.followup.dayplan.proposals import Apart, DayPlan, Planned
from app.followup.dayplan.words import agreed_words, way_words
from app.followup.models import CheckIn
from app.followup.queries import access_of
from app.followup.words import home_line
from app.policy import Viewer
from app.wording import day


def sheet(
    plan: DayPlan, viewer: Viewer, office: Organisation, *, names: bool, today: date
) -> dict[str, Any]:
    """What `day_plan.typ` takes; names only where they were asked for and nobody is in hiding."""
    return {
        "sheet": {
            "title": f"{plan.on.month}月{plan.on.day}日の回り方",
            "organisation": office.name,
            "made_on": day(today),
            "contact": f"{office.name}　{office.phone or ''}".strip(),
            "notice": _("取扱注意"),
        },
        "who": viewer.name,
        "sum": _sum(plan),
        "stops": [_stop(stop, viewer, names=names, today=today) for stop in plan.stops],
        "apart": [_apart(one, viewer, names=names, today=today) for one in plan.apart],
    }


def _sum(plan: DayPlan) -> str:
    if not plan.stops:
        return ""
    parts = [_("%(n)s世帯", n=len(plan.stops)), way_words(plan.metres),
             _("%(at)sごろ終わり", at=plan.ends)]  # fmt: skip
    return "・".join(str(part) for part in parts if part)


def _who(check_in: CheckIn, viewer: Viewer, *, names: bool, today: date) -> str:
    case = check_in.plan.placement.case
    name = named_outside(case, viewer, today=today) if names else None
    return f"{case.number}　{name}" if name else case.number


def _stop(stop: Planned, viewer: Viewer, *, names: bool, today: date) -> dict[str, Any]:
    check_in = stop.check_in
    case, access = check_in.plan.placement.case, access_of(check_in.plan, viewer, today)
    return {
        "arrives": stop.arrives,
        "who": _who(check_in, viewer, names=names, today=today),
        "label": check_in.label,
        "home": home_line(check_in.plan.placement),
        "phone": shown_case(case, access).phone or "",
        "note": stop.because,
    }


def _apart(one: Apart, viewer: Viewer, *, names: bool, today: date) -> dict[str, Any]:
    """A line of somebody in no order; whoever is in hiding has a number, a time and no more."""
    placement = one.check_in.plan.placement
    hidden = one.why is Why.HIDDEN
    return {
        "who": _who(one.check_in, viewer, names=names, today=today),
        "label": one.check_in.label,
        "agreed": agreed_words(one.agreed),
        "home": _("行き先は画面で確かめてください") if hidden else home_line(placement),
        # A sheet lies about: it does not say of a number that somebody hides.
        "why": _("順番に入れていません") if hidden else WHY_LABELS[one.why],
    }
