"""A day's visits as pages, papers and programs read them, each value through policy."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.cases.listing import called
from app.cases.records import shown_case
from app.db import JAPAN
from app.followup.codes import ATTEMPT_LABELS
from app.followup.dayplan.codes import WHY_LABELS
from app.followup.dayplan.models import VisitTime
from app.followup.dayplan.proposals import Apart, DayPlan, Planned, hour
from app.followup.models import CheckIn
from app.followup.queries import access_of
from app.followup.records import taken
from app.followup.words import due_label, home_line
from app.policy import Access, Presented, Viewer, present

MAP = "https://maps.gsi.go.jp/#16/{lat:.5f}/{lon:.5f}/"
TIME_FIELDS = ("id", "version", "check_in_id", "on", "opens", "closes", "minutes", "set_by")


def shown_time(agreed: VisitTime, access: Access) -> Presented:
    """A time agreed, with its hours as people read them."""
    hours = {name: _hour(getattr(agreed, name)) for name in ("opens", "closes")}
    return present("visit_time", taken(agreed, TIME_FIELDS) | hours, access)


def _hour(at: int | None) -> str | None:
    found = hour(at)
    return None if found is None else f"{found:%H:%M}"


def agreed_words(agreed: VisitTime | None) -> str:
    """「13:00〜14:00の約束」"""
    if agreed is None or (agreed.opens is None and agreed.closes is None):
        return ""
    opens, closes = _hour(agreed.opens) or "", _hour(agreed.closes) or ""
    return str(_("%(opens)s〜%(closes)sの約束", opens=opens, closes=closes))


def way_words(metres: int) -> str:
    """How far, for the screen: never nearer than the points are known."""
    if metres < 1000:
        return str(_("およそ%(n)sm", n=round(metres, -2) or 100)) if metres else ""
    return str(_("およそ%(n)skm", n=f"{metres / 1000:.1f}"))


def stop_row(stop: Planned, viewer: Viewer, today: date) -> dict[str, Any]:
    """A visit in its place, for the page."""
    visit = stop.visit
    lies = stop.check_in.plan.placement.home.property
    return visit_row(stop.check_in, viewer, today) | {
        "arrives": stop.arrives,
        "leaves": stop.leaves,
        "way": _way(stop),
        "because": stop.because,
        "late": visit.late > 0,
        "beyond": visit.beyond,
        "home": home_line(stop.check_in.plan.placement),
        "map": MAP.format(lat=lies.latitude, lon=lies.longitude),
    }


def _way(stop: Planned) -> str:
    if not stop.visit.metres:
        return ""
    far = way_words(stop.visit.metres)
    return str(_("%(far)s・%(n)s分ほど", far=far, n=stop.visit.travel_minutes))


def apart_row(one: Apart, viewer: Viewer, today: date) -> dict[str, Any]:
    """A visit in no order; nothing on this line tells where."""
    return visit_row(one.check_in, viewer, today) | {
        "why": WHY_LABELS[one.why],
        "agreed": agreed_words(one.agreed),
    }


def visit_row(check_in: CheckIn, viewer: Viewer, today: date) -> dict[str, Any]:
    """Who, what, the telephone and what was tried today."""
    case = check_in.plan.placement.case
    access = access_of(check_in.plan, viewer, today)
    tried = [a for a in check_in.standing if a.at.astimezone(JAPAN).date() == today]
    return {
        "called": called(case, viewer, today=today),
        "label": check_in.label,
        "due": due_label(check_in.goes_on, today),
        "overdue": check_in.goes_on < today,
        "phone": shown_case(case, access).phone,
        "tried": _("きょう%(what)s", what=ATTEMPT_LABELS[tried[-1].result]) if tried else "",
        "visit_url": url_for("followup.visit_page", check_in_id=check_in.id),
        "time_url": url_for("followup.visit_time_page", check_in_id=check_in.id),
    }


def told(plan: DayPlan) -> dict[str, Any]:
    """A day for the API."""
    return {
        "on": plan.on,
        "stops": [_told_stop(stop) for stop in plan.stops],
        "apart": [_named(one.check_in) | {"why": one.why.value} for one in plan.apart],
        "metres": plan.metres,
        "late": plan.late,
        "ends": plan.ends,
        "proved": plan.proved,
    }


def _told_stop(stop: Planned) -> dict[str, Any]:
    visit = stop.visit
    return _named(stop.check_in) | {
        "arrives": stop.arrives,
        "leaves": stop.leaves,
        "travel_minutes": visit.travel_minutes,
        "metres": visit.metres,
        "waits": visit.waits,
        "late": visit.late,
        "because": stop.because,
        "beyond_hours": visit.beyond,
    }


def _named(check_in: CheckIn) -> dict[str, Any]:
    case = check_in.plan.placement.case
    return {
        "check_in_id": check_in.id,
        "case_id": case.id,
        "case_number": case.number,
        "label": check_in.label,
    }
