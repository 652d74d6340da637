"""What waits today on the way to the keys: appointments, stays that end, holds, placements."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db import JAPAN
from app.pages import today_sources
from app.placements import queries, stays, steps
from app.placements.codes import STEP_LABELS
from app.placements.models import Placement
from app.placements.panels import appointed_at, home_name
from app.policy import Action, Viewer
from app.wording import days_left, moment, weekday

SHOWN = 6
AHEAD = 7


def placements_today(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """Appointments of the coming week, stays near their end, and everything on its way."""
    holds = queries.active_holds(session, viewer, today=today)
    placements = queries.open_placements(session, viewer, today=today)
    items: list[dict[str, Any]] = [
        {
            "when": moment(hold.ends_at),
            "late": hold.ends_at.astimezone(JAPAN).date() <= today,
            "title": f"{home_name(hold.home)}（{hold.case.number}）",
            "url": url_for("placements.hold_page", hold_id=hold.id),
            "tag": (_("取り置き"), "warn"),
        }
        for hold in holds[:SHOWN]
    ]
    items += [
        {"when": _next(placement), "title": _title(placement), "url": _url(placement)}
        for placement in placements[:SHOWN]
    ]
    sections = [
        _appointments(placements, today),
        _stays(queries.stays(session, viewer, today=today), today),
        {
            "title": _("取り置きと手続き"),
            "items": items,
            "empty": _("取り置きも手続きもありません"),
            "action": (_("一覧"), url_for("placements.placement_list")),
        },
    ]
    return [section for section in sections if section["items"] or "empty" in section]


def _title(placement: Placement) -> str:
    return f"{home_name(placement.home)}（{placement.case.number}）"


def _url(placement: Placement) -> str:
    return url_for("placements.placement_page", placement_id=placement.id)


def _next(placement: Placement) -> str:
    ahead = steps.next_steps(placement)
    return str(_("次: %(step)s", step=STEP_LABELS[ahead[0]]) if ahead else _("手続き中"))


def _appointments(placements: list[Placement], today: date) -> dict[str, Any]:
    """Viewings, contracts and keys that are agreed; one whose day has passed waits for a result."""
    found = [
        (step.planned_on, placement, step)
        for placement in placements
        for step in placement.planned
        if step.planned_on is not None and (step.planned_on - today).days <= AHEAD
    ]
    return {
        "title": _("予定（7日以内）"),
        "items": [
            {
                "when": appointed_at(step),
                "title": f"{steps.labels_of(placement)[step.kind]}　{_title(placement)}",
                "url": _url(placement),
                "late": on < today,
                "note": _("結果を記録してください") if on < today else step.meeting_place,
            }
            for on, placement, step in sorted(found, key=lambda one: (one[0], one[2].id))
        ],
    }


def _stays(going: list[Placement], today: date) -> dict[str, Any]:
    """From 30 days before its end a stay is told of, more urgently at 14 and 7, until it is left.

    Nothing ends by itself: one that is over stays here, late, until somebody has moved on.
    """
    soon = [
        (placement, (placement.stay_until - today).days)
        for placement in going
        if placement.stay_until is not None
    ]
    return {
        "title": _("終わりが近い一時入居"),
        "items": [
            {
                "when": days_left(placement.stay_until),
                "title": _title(placement),
                "url": _url(placement),
                "late": left <= 0,
                "tag": _urgency(left),
                "note": _("%(day)sまで。次の住まいか延長を決めてください。",
                          day=weekday(placement.stay_until)),
            }
            for placement, left in soon
            if left <= stays.WARN_DAYS[0]
        ],
    }  # fmt: skip


def _urgency(left: int) -> tuple[str, str]:
    """How near the end is: past, the last day, within 7, 14 or 30 days."""
    if left < 0:
        return _("期限切れ"), "bad"
    if left == 0:
        return _("きょうまで"), "bad"
    within = next(days for days in reversed(stays.WARN_DAYS) if left <= days)
    return _("%(n)d日以内", n=within), "warn" if within <= stays.WARN_DAYS[1] else "info"


today_sources.append((Action.PLACEMENT_STEP, placements_today))
