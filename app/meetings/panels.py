"""What meetings add to a case's page and to today's; a case never gets an item without consent."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.panels import Panel, PanelLine, case_panels
from app.cases.plans.codes import DECISION_LABELS
from app.meetings.codes import MEETING_KIND_LABELS, MeetingState
from app.meetings.models import Item, Meeting
from app.meetings.queries import attends, items_of, visible_meetings
from app.pages import today_sources
from app.policy import Access, Action, Role, Tier, Viewer, allows
from app.wording import weekday

NEWEST = 5


def meetings_of_case(
    session: Session, case: Case, access: Access, viewer: Viewer, _today: date
) -> Panel | None:
    """Where the case is or was discussed with its consent; what was decided is in the log."""
    if not access.sees(Tier.CARE) or not allows(viewer, Action.MEETING_EDIT):
        return None
    rows = session.execute(
        sa.select(Item, Meeting)
        .join(Meeting, Meeting.id == Item.meeting_id)
        .where(
            Item.case_id == case.id,
            Item.secret.is_(False),
            Meeting.id.in_(visible_meetings(viewer).with_only_columns(Meeting.id)),
        )
        .order_by(Meeting.held_on.desc(), Item.id.desc())
        .limit(NEWEST)
    ).all()
    if not rows:
        return None
    return Panel(title=_("会議"), lines=[_line(item, meeting) for item, meeting in rows])


def _line(item: Item, meeting: Meeting) -> PanelLine:
    words = DECISION_LABELS[item.decision] if item.decision else _("決定を待っています")
    return PanelLine(
        f"{MEETING_KIND_LABELS[meeting.kind]}　{weekday(meeting.held_on)}",
        url=url_for("meetings.item_page", meeting_id=meeting.id, item_id=item.id),
        tag=(words, "good" if item.decision else "warn"),
    )


def meetings_today(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """Today's meetings of those one sits in or holds, and tasks from closed items."""
    own = viewer.organisations(Role.CONSULTANT)
    meetings = session.scalars(
        visible_meetings(viewer)
        .where(Meeting.state == MeetingState.PLANNED, Meeting.held_on == today)
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
    sections = [
        {
            "title": _("きょうの会議"),
            "items": [
                {
                    "when": f"{one.starts_at:%H:%M}",
                    "title": MEETING_KIND_LABELS[one.kind],
                    "url": url_for("meetings.meeting_page", meeting_id=one.id),
                    "note": one.place,
                }
                for one in meetings
            ],
        }
    ]
    if own:
        sections.append(
            {"title": _("支援会議で決まったこと"), "items": _tasks(session, viewer, today)}
        )
    return [section for section in sections if section["items"]]


def _tasks(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """Tasks of items without consent, for the people put down for them and nobody else."""
    open_ = sa.select(Item.meeting_id).where(
        Item.without_consent, Item.by_when.is_not(None), Item.task_done_at.is_(None)
    )
    meetings = session.scalars(visible_meetings(viewer).where(Meeting.id.in_(open_))).all()
    if not meetings:
        return []
    seen = [
        one
        for one in items_of(session, meetings, viewer, today=today)
        if one.item.without_consent
        and one.item.by_when is not None
        and one.item.task_done_at is None
        and attends(one.item, viewer)
    ]
    return [
        {
            "when": weekday(one.item.by_when),
            "late": one.item.by_when is not None and one.item.by_when < today,
            "title": f"{one.shown.code_name}　{one.shown.task}",
            "url": url_for(
                "meetings.item_page", meeting_id=one.item.meeting_id, item_id=one.item.id
            ),
        }
        for one in sorted(seen, key=lambda one: (one.item.by_when or today, one.item.id))
    ]


case_panels.append(meetings_of_case)
today_sources.append((Action.MEETING_READ, meetings_today))
