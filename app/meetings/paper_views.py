"""Papers of a meeting and the calendar file, each with what the asker may see and no more."""

from datetime import timedelta
from typing import Any

from flask import Response, flash, redirect, request
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.cases.work.services import use_print_approval
from app.db import db, moment_on, now, today
from app.errors import NotFoundError
from app.idempotency import committed, creates
from app.meetings import papers, queries, seating
from app.meetings.blueprint import bp
from app.meetings.calendar import calendar
from app.meetings.codes import MEETING_KIND_LABELS, MeetingState
from app.meetings.item_views import item_url, working_on
from app.meetings.models import Meeting
from app.policy import Action, Tier, requires
from app.printing import render_pdf
from app.security import saw, the_viewer

MOST_COPIES = 30


def _seen(meeting_id: int) -> tuple[Meeting, list[queries.SeenItem], Organisation]:
    meeting = queries.get_meeting(db.session, meeting_id, the_viewer())
    items = queries.items_of(db.session, [meeting], the_viewer(), today=today())
    organisation = db.session.get_one(Organisation, meeting.organisation_id)
    return meeting, [one for one in items if one.access.sees(Tier.CARE)], organisation


def _print(template: str, name: str, data: dict[str, Any], items: list[queries.SeenItem]) -> Answer:
    for one in items:
        saw(Deed.PRINTED, "meeting_item", one.item.id, fields=("subject", "notes", "decision"))
    return pdf_answer(name, render_pdf(template, data))


@bp.get("/meetings/<int:meeting_id>/agenda.pdf")
@requires(Action.MEETING_EDIT)
def print_agenda(meeting_id: int) -> Answer:
    meeting, items, organisation = _seen(meeting_id)
    data = papers.agenda(meeting, items, organisation, today=today())
    return _print("agenda", f"agenda-{meeting.held_on}", data, items)


@bp.get("/meetings/<int:meeting_id>/minutes.pdf")
@requires(Action.MEETING_EDIT)
def print_minutes(meeting_id: int) -> Answer:
    meeting, items, organisation = _seen(meeting_id)
    data = papers.minutes(db.session, meeting, items, organisation, closed=False, today=today())
    told = [one for one in items if not one.item.without_consent]
    return _print("minutes", f"minutes-{meeting.held_on}", data, told)


@bp.get("/meetings/<int:meeting_id>/closed-minutes.pdf")
@requires(Action.MEETING_EDIT)
def print_closed_minutes(meeting_id: int) -> Answer:
    """Only for people put down for such an item; for all others there is no such paper."""
    meeting, items, organisation = _seen(meeting_id)
    told = [one for one in items if one.item.without_consent]
    if not told:
        raise NotFoundError(queries.NO_MEETING)
    data = papers.minutes(db.session, meeting, items, organisation, closed=True, today=today())
    return _print("minutes", f"closed-{meeting.held_on}", data, told)


@bp.post("/meetings/<int:meeting_id>/items/<int:item_id>/sheets.pdf")
@requires(Action.MEETING_EDIT)
@creates
def print_sheets(meeting_id: int, item_id: int) -> Answer:
    """One numbered sheet for each who sits there."""
    seen, viewer = working_on(meeting_id, item_id), the_viewer()
    use_print_approval(
        db.session, case=seen.case, paper=papers.SHEET, user_id=viewer.user_id, at=now()
    )
    copies = min(max(len(seen.item.seats), 1), MOST_COPIES)
    made = seating.number_copies(db.session, item=seen.item, copies=copies, user_id=viewer.user_id)
    organisation = db.session.get_one(Organisation, seen.item.meeting.organisation_id)
    numbers = [one.number for one in made]
    data = papers.sheets(db.session, seen, organisation, numbers, today=today())
    name = f"sheets-{meeting_id}-{item_id}"
    return committed(pdf_answer(name, render_pdf("meeting_sheet", data)))


@bp.post("/meetings/<int:meeting_id>/items/<int:item_id>/collected")
@requires(Action.MEETING_EDIT)
def collect_sheets(meeting_id: int, item_id: int) -> Answer:
    seen, viewer = working_on(meeting_id, item_id), the_viewer()
    back = seating.collect_copies(db.session, item=seen.item, user_id=viewer.user_id, now=now())
    flash(_("%(n)s枚の回収を記録しました。", n=back))
    return committed(redirect(item_url(seen.item), 303))


@bp.get("/meetings/calendar.ics")
@requires(Action.MEETING_READ)
def calendar_file() -> Answer:
    """Meetings from a month ago on, for one's own calendar: kind, place and time, nobody's name."""
    since = today() - timedelta(days=31)
    found = db.session.scalars(
        queries.visible_meetings(the_viewer())
        .where(Meeting.held_on >= since, Meeting.state != MeetingState.CANCELLED)
        .order_by(Meeting.held_on, Meeting.id)
    ).all()
    events = [
        (
            f"meeting-{one.id}@{request.host}",
            moment_on(one.held_on, one.starts_at),
            one.minutes,
            MEETING_KIND_LABELS[one.kind],
            one.place or "",
        )
        for one in found
    ]
    response = Response(calendar(events, at=now()), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="meetings.ics"'
    return response
