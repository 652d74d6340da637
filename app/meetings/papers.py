"""What is printed for a meeting: agenda, numbered sheets, minutes; by code name throughout.

Minutes of items without consent are a paper of their own, marked closed, and only people put down
for those items can ask for it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.models import Organisation
from app.cases.listing import names_of
from app.cases.plans.codes import DECISION_LABELS
from app.cases.plans.models import Plan
from app.cases.plans.records import ordinal
from app.cases.work.paper import PAPER_LABELS
from app.meetings.codes import ATTENDEE_ROLE_LABELS, LEGAL_BASIS_LABELS, MEETING_KIND_LABELS
from app.meetings.models import Meeting
from app.meetings.queries import SeenItem
from app.wording import day

SHEET = "meeting_sheet"
PAPER_LABELS[SHEET] = "会議の配付資料"


def _head(organisation: Organisation, title: str, notice: str, today: date) -> dict[str, str]:
    return {
        "title": title,
        "organisation": organisation.name,
        "made_on": day(today),
        "notice": notice,
        "contact": " ".join(filter(None, (organisation.name, organisation.phone))),
    }


def _about(meeting: Meeting) -> dict[str, Any]:
    return {
        "kind": MEETING_KIND_LABELS[meeting.kind],
        "bases": [LEGAL_BASIS_LABELS[basis] for basis in meeting.bases],
        "on": day(meeting.held_on),
        "at": f"{meeting.starts_at:%H:%M}から{meeting.minutes}分",
        "place": meeting.place or "",
    }


def _people(meeting: Meeting) -> list[dict[str, str]]:
    return [
        {
            "name": one.name,
            "belongs_to": one.belongs_to or "",
            "role": ATTENDEE_ROLE_LABELS[one.role],
        }
        for one in meeting.attendees
    ]


def agenda(
    meeting: Meeting, items: Sequence[SeenItem], organisation: Organisation, *, today: date
) -> dict[str, Any]:
    """会議次第: the data of templates/print/agenda.typ, with what this viewer may see."""
    return {
        "sheet": _head(organisation, _("会議次第"), _("取扱注意・回収"), today),
        "meeting": _about(meeting),
        "people": _people(meeting),
        "items": [
            {
                "number": str(one.shown.position),
                "code_name": one.shown.code_name,
                "about": _("支援会議（非公開）") if one.item.secret else _plan_words(one),
                "minutes": f"{one.shown.minutes}分",
            }
            for one in items
        ],
    }


def _plan_words(one: SeenItem) -> str:
    return str(_("プランの確認") if one.shown.plan_id else _("情報の共有"))


def minutes(
    session: Session,
    meeting: Meeting,
    items: Sequence[SeenItem],
    organisation: Organisation,
    *,
    closed: bool,
    today: date,
) -> dict[str, Any]:
    """会議の記録, open or closed: the data of templates/print/minutes.typ."""
    shown = [one for one in items if one.item.without_consent is closed]
    names = names_of(session, {one.shown.responsible_id for one in shown} - {None})
    title = _("支援会議の記録") if closed else _("会議の記録")
    notice = _("非公開") if closed else _("取扱注意")
    return {
        "sheet": _head(organisation, title, notice, today),
        "meeting": _about(meeting),
        "people": _people(meeting),
        "remarks": "" if closed else meeting.remarks or "",
        "items": [
            {
                "number": str(one.shown.position),
                "code_name": one.shown.code_name,
                "subject": one.shown.subject or "",
                "notes": one.shown.notes or "",
                "decision": DECISION_LABELS[one.shown.decision] if one.shown.decision else "",
                "decision_note": one.shown.decision_note or "",
                "task": one.shown.task or "",
                "responsible": names.get(one.shown.responsible_id, ""),
                "by_when": day(one.shown.by_when),
            }
            for one in shown
        ],
    }


def sheets(
    session: Session,
    seen: SeenItem,
    organisation: Organisation,
    numbers: Sequence[int],
    *,
    today: date,
) -> dict[str, Any]:
    """One sheet a participant, numbered, to be collected: templates/print/meeting_sheet.typ."""
    shown, meeting = seen.shown, seen.item.meeting
    plan = session.get(Plan, shown.plan_id) if shown.plan_id else None
    return {
        "sheet": _head(organisation, _("会議の資料"), _("会議のあと回収"), today),
        "meeting": _about(meeting),
        "code_name": shown.code_name,
        "household": f"{seen.case.household_size}人世帯" if seen.case.household_size else "",
        "subject": shown.subject or "",
        "plan": {
            "ordinal": ordinal(plan.number),
            "period": f"{day(plan.starts_on)}〜{day(plan.ends_on)}",
            "long_goal": plan.long_goal,
            "short_goal": plan.short_goal,
            "services": [
                {
                    "name": row.name,
                    "provider": row.provider or "",
                    "person_does": row.person_does or "",
                    "we_do": row.we_do or "",
                }
                for row in plan.services
            ],
        }
        if plan
        else None,
        "numbers": [f"{number}" for number in numbers],
    }
