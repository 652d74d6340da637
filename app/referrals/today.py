"""What waits today about sheets: those that came in, those nobody answered, answers to read."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db import JAPAN
from app.japanese import is_workday
from app.pages import today_sources
from app.policy import Action, Viewer
from app.referrals import queries
from app.referrals.access import READERS
from app.referrals.codes import STATE_LABELS, RecipientState
from app.referrals.models import ReferralRecipient, ReferralSheet
from app.wording import weekday

ANSWER_WITHIN = 5
"""Working days after which an unanswered sheet is asked after."""
SHOWN = 20


def working_days_before(day: date, days: int) -> date:
    """The day `days` working days earlier: no weekend, no holiday, not the year's end."""
    while days:
        day -= timedelta(days=1)
        days -= is_workday(day)
    return day


def sheets_today(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """Three sections; names stay on the sheets themselves."""
    late = working_days_before(today, ANSWER_WITHIN)
    own = viewer.organisations(*READERS)
    made, state = queries.made_here(viewer), ReferralRecipient.state
    came = sa.and_(
        queries.in_force(today),
        ReferralRecipient.organisation_id.in_(own),
        state.in_([RecipientState.SENT, RecipientState.RECEIVED]),
    )
    # Nobody can answer a sheet they may no longer read; what came on paper is ours to answer.
    waiting = sa.and_(
        made,
        queries.in_force(today),
        ReferralSheet.from_office.is_(None),
        state.in_([RecipientState.SENT, RecipientState.RECEIVED]),
    )
    asked = [
        row for row in _rows(session, waiting)
        if row[0].sent_at is not None and row[0].sent_at.astimezone(JAPAN).date() <= late
    ]  # fmt: skip
    answered = sa.and_(made, state == RecipientState.ANSWERED)
    sections = [
        _section(_("届いたシート"), _rows(session, came), today, late),
        _section(_("答えがまだのシート（5営業日より前に送った）"), asked, today, late),
        _section(_("答えが来たシート"), _rows(session, answered), today, late),
    ]
    return [section for section in sections if section["items"]]


def _rows(session: Session, which: Any) -> list[tuple[ReferralSheet, ReferralRecipient]]:
    found = session.execute(
        sa.select(ReferralSheet, ReferralRecipient)
        .join(ReferralRecipient, ReferralRecipient.sheet_id == ReferralSheet.id)
        .where(which)
        .order_by(ReferralSheet.sent_at, ReferralRecipient.id)
        .limit(SHOWN)
    )
    return [(sheet, one) for sheet, one in found.unique()]


def _section(title: str, rows: Any, today: date, late: date) -> dict[str, Any]:
    return {
        "title": title,
        "items": [
            {
                "when": weekday(sheet.sent_at.astimezone(JAPAN).date()),
                "late": one.state is not RecipientState.ANSWERED
                and sheet.sent_at.astimezone(JAPAN).date() <= late,
                "title": f"{sheet.number}　{one.office}",
                "url": url_for("referrals.sheet_page", sheet_id=sheet.id),
                "note": STATE_LABELS[one.state],
            }
            for sheet, one in rows
        ],
        "action": (_("一覧"), url_for("referrals.sheet_list")),
    }


today_sources.append((Action.REFERRAL_READ, sheets_today))
