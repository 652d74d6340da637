"""What waits today about lists: calls that are due, and lists whose day to be deleted has come."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.leads.codes import RESULT_LABELS, CallResult
from app.leads.models import Lead, LeadList
from app.leads.queries import due_order, in_tab, visible_leads
from app.pages import today_sources
from app.policy import Action, Role, Viewer
from app.wording import days_left, weekday

SHOWN = 5
DELETED_SOON = timedelta(days=14)


def leads_today(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """Two sections. People stand by the list's number: the first page lies open on many desks."""
    sections = [_calls(session, viewer, today), _ending(session, viewer, today)]
    return [section for section in sections if section["items"]]


def _calls(session: Session, viewer: Viewer, today: date) -> dict[str, Any]:
    due = (
        visible_leads(viewer)
        .where(in_tab("due", today))
        .with_only_columns(
            Lead.id, Lead.number, Lead.next_on, Lead.last_result, LeadList.name,
            sa.func.count().over().label("total"),
        )
        .order_by(*due_order())
        .limit(SHOWN)
    )  # fmt: skip
    rows = session.execute(due).all()
    total = rows[0].total if rows else 0
    return {
        "title": _("電話をかける（%(n)s人）", n=total),
        "items": [
            {
                "when": weekday(row.next_on),
                "late": row.next_on < today,
                "title": row.number,
                "url": url_for("leads.lead_page", lead_id=row.id),
                "note": row.name,
                "tag": _tag(row.last_result),
            }
            for row in rows
        ],
        "action": (_("電話の一覧"), url_for("leads.call_list")),
    }


def _tag(result: CallResult | None) -> tuple[str, str] | None:
    if result is None:
        return None
    return (RESULT_LABELS[result], "info" if result is CallResult.LATER else "")


def _ending(session: Session, viewer: Viewer, today: date) -> dict[str, Any]:
    ending = session.scalars(
        sa.select(LeadList)
        .where(
            LeadList.organisation_id.in_(viewer.organisations(Role.CONSULTANT)),
            LeadList.deleted_at.is_(None),
            LeadList.approved_by.is_(None),
            LeadList.delete_on <= today + DELETED_SOON,
        )
        .order_by(LeadList.delete_on, LeadList.id)
    ).all()
    return {
        "title": _("消す日が近い名簿"),
        "items": [
            {
                "when": weekday(one.delete_on),
                "late": one.delete_on <= today,
                "title": one.name,
                "url": url_for("leads.lead_list", lead_list_id=one.id),
                "tag": (days_left(one.delete_on), "bad" if one.delete_on <= today else "warn"),
                "action": (
                    _("確かめる"),
                    url_for("leads.deletion_page", lead_list_id=one.id),
                ),
            }
            for one in ending
        ],
    }


today_sources.append((Action.LEAD_READ, leads_today))
