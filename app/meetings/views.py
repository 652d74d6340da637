"""The list of meetings, one meeting with its agenda, making and moving it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import FormPage, Section, attempt, conflict_of, page_of
from app.cases.plans.codes import DECISION_LABELS
from app.db import db, today
from app.errors import InvalidError
from app.forms import Form
from app.idempotency import committed, creates
from app.meetings import queries, services
from app.meetings.blueprint import bp
from app.meetings.codes import (
    ATTENDEE_ROLE_LABELS,
    ITEM_BASIS_LABELS,
    LEGAL_BASIS_LABELS,
    MEETING_KIND_LABELS,
    MEETING_STATE_LABELS,
    MeetingKind,
    MeetingState,
)
from app.meetings.days import regular_days, rules_of
from app.meetings.listing import PER_PAGE, listed, meeting_rows, number_of
from app.meetings.models import Meeting
from app.meetings.schemas import MeetingSchema, RemarksSchema
from app.policy import Action, Tier, Viewer, allows, requires
from app.security import acting_organisation, saw, the_viewer
from app.wording import weekday

STATE_KINDS = {MeetingState.PLANNED: "info", MeetingState.HELD: "good", MeetingState.CANCELLED: ""}


@bp.get("/meetings")
@requires(Action.MEETING_READ)
def meeting_list() -> Answer:
    """What is coming, or what was held."""
    viewer, past = the_viewer(), request.args.get("past") == "1"
    page = number_of(request.args.get("page", ""))
    found, total = listed(db.session, viewer, past=past, page=page, today=today())
    first = PER_PAGE * (page - 1)
    more = first + PER_PAGE < total
    return render_template(
        "meetings/list.html",
        rows=meeting_rows(db.session, found, viewer, today=today()),
        tabs=[
            {"label": _("これから"), "url": url_for("meetings.meeting_list"), "current": not past},
            {"label": _("済んだ会議"), "url": url_for("meetings.meeting_list", past=1),
             "current": past},
        ],
        days=[] if past else _open_days(viewer),
        total=total,
        first=first + 1 if found else 0,
        last=first + len(found),
        previous_url=url_for("meetings.meeting_list", past=int(past), page=page - 1)
        if page > 1
        else None,
        next_url=url_for("meetings.meeting_list", past=int(past), page=page + 1) if more else None,
        past=past,
    )  # fmt: skip


def _open_days(viewer: Viewer) -> list[dict[str, Any]]:
    """Regular days of the coming weeks for which no meeting was made yet."""
    if not allows(viewer, Action.MEETING_EDIT):
        return []
    organisation_id = acting_organisation(viewer, Action.MEETING_EDIT)
    rules = rules_of(queries.settings_of(db.session, organisation_id))
    days = regular_days(rules, today())
    made = queries.days_made(db.session, organisation_id, [day for day, _kind in days])
    return [
        {
            "label": f"{weekday(day)}　{MEETING_KIND_LABELS[kind]}",
            "url": url_for("meetings.new_meeting_page", on=day.isoformat(), kind=kind.value),
        }
        for day, kind in days
        if (day, kind) not in made
    ]


@bp.get("/meetings/new")
@requires(Action.MEETING_EDIT)
def new_meeting_page() -> Answer:
    """The form begins with the agency's rules and with the day that was pressed."""
    rules = rules_of(queries.settings_of(db.session, _mine()))
    form = Form(MeetingSchema(), typed=request.args)
    form.load()
    day = request.args.get("on", "")
    kind = request.args.get("kind", "")
    initial = {
        "kind": kind if kind in set(MeetingKind) else MeetingKind.AD_HOC,
        "legal_bases": rules.legal_bases,
        "held_on": day,
        "starts_at": f"{rules.starts_at:%H:%M}",
        "minutes": rules.minutes,
        "place": rules.place,
    }
    return _form(Form(MeetingSchema(), initial=initial), None)


def _mine() -> int:
    return acting_organisation(the_viewer(), Action.MEETING_EDIT)


@bp.post("/meetings/new")
@requires(Action.MEETING_EDIT)
@creates
def make_meeting() -> Answer:
    form = Form(MeetingSchema(), typed=request.form)
    made: list[Meeting] = []
    organisation_id, who = _mine(), the_viewer().user_id
    status = attempt(
        form,
        lambda data: made.append(
            services.make_meeting(
                db.session, organisation_id=organisation_id, values=data, user_id=who
            )
        ),
    )
    if status != 200:
        return _form(form, None), status
    flash(_("会議を作りました。議題と出席者を入れてください。"))
    return committed(redirect(_at(made[0].id), 303))


@bp.get("/meetings/<int:meeting_id>/edit")
@requires(Action.MEETING_EDIT)
def edit_meeting_page(meeting_id: int) -> Answer:
    meeting = queries.hosted_meeting(db.session, meeting_id, the_viewer())
    return _form(Form(MeetingSchema(), initial=_now(meeting)), meeting)


def _now(meeting: Meeting) -> dict[str, Any]:
    names = ("version", "kind", "held_on", "minutes", "place")
    values = {name: getattr(meeting, name) for name in names}
    return values | {"legal_bases": meeting.bases, "starts_at": f"{meeting.starts_at:%H:%M}"}


@bp.post("/meetings/<int:meeting_id>/edit")
@requires(Action.MEETING_EDIT)
def edit_meeting(meeting_id: int) -> Answer:
    viewer = the_viewer()
    meeting = queries.hosted_meeting(db.session, meeting_id, viewer)
    form = Form(MeetingSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: services.edit_meeting(
            db.session, meeting=meeting, version=data["version"], values=data,
            user_id=viewer.user_id,
        ),
    )  # fmt: skip
    if status != 200:
        meeting = queries.hosted_meeting(db.session, meeting_id, viewer)
        return _form(form, meeting, stale=status == 409), status
    flash(_("会議を書きかえました。"))
    return committed(redirect(_at(meeting_id), 303))


def _form(form: Form, meeting: Meeting | None, *, stale: bool = False) -> str:
    page = FormPage(
        title=_("会議を書きかえる") if meeting else _("新しい会議"),
        form=form,
        sections=(
            Section("", ("kind", "legal_bases", ("held_on", "starts_at", "minutes"), "place")),
        ),
        action=url_for("meetings.edit_meeting", meeting_id=meeting.id)
        if meeting
        else url_for("meetings.make_meeting"),
        submit=_("記録する"),
        cancel_url=_at(meeting.id) if meeting else url_for("meetings.meeting_list"),
        version=meeting.version if meeting and stale else None,
        conflict=conflict_of(form, _now(meeting), record_kind="meeting", record_id=meeting.id)
        if meeting and stale
        else None,
    )
    crumbs = [(_("会議"), url_for("meetings.meeting_list"))]
    return render_template("cases/form.html", page=page, breadcrumbs=crumbs)


def _at(meeting_id: int) -> str:
    return url_for("meetings.meeting_page", meeting_id=meeting_id)


# ----------------------------------------------------------------------------- one meeting


@bp.get("/meetings/<int:meeting_id>")
@requires(Action.MEETING_READ)
def meeting_page(meeting_id: int) -> Answer:
    return show_meeting(meeting_id, Form(RemarksSchema()))


def show_meeting(meeting_id: int, remarks: Form, *, stale: bool = False) -> str:
    """The meeting with the items this viewer may know of."""
    viewer, day = the_viewer(), today()
    meeting = queries.get_meeting(db.session, meeting_id, viewer)
    seen = queries.items_of(db.session, [meeting], viewer, today=day)
    hosting = queries.hosts(meeting, viewer)
    for one in seen:
        if one.access.sees(Tier.CARE):
            saw(Deed.VIEWED, "meeting_item", one.item.id, fields=("subject", "decision"))
    return render_template(
        "meetings/meeting.html",
        meeting=meeting,
        title=f"{MEETING_KIND_LABELS[meeting.kind]}　{weekday(meeting.held_on)}",
        state=(MEETING_STATE_LABELS[meeting.state], STATE_KINDS[meeting.state]),
        bases=[LEGAL_BASIS_LABELS[basis] for basis in meeting.bases],
        items=[_row(one, meeting) for one in seen],
        minutes=sum(one.item.minutes for one in seen),
        attendees=[
            {"name": one.name, "belongs_to": one.belongs_to,
             "role": ATTENDEE_ROLE_LABELS[one.role]}
            for one in meeting.attendees
        ] if hosting or viewer.user_id in {one.user_id for one in meeting.attendees} else [],
        suggested=_suggested(meeting, viewer) if hosting else [],
        may_add=allows(viewer, Action.MEETING_EDIT) and meeting.state is MeetingState.PLANNED,
        hosting=hosting,
        closed_minutes=any(one.item.without_consent for one in seen),
        remarks=remarks,
        conflict=conflict_of(
            remarks, {"remarks": meeting.remarks}, record_kind="meeting", record_id=meeting_id
        )
        if stale
        else None,
    )  # fmt: skip


def _row(one: queries.SeenItem, meeting: Meeting) -> dict[str, Any]:
    shown, names = one.shown, {person.id: person.name for person in meeting.attendees}
    care = one.access.sees(Tier.CARE)
    return {
        "shown": shown,
        "care": care,
        "basis": ITEM_BASIS_LABELS[one.item.basis] if care else "",
        "secret": one.item.secret,
        "decision": DECISION_LABELS[shown.decision] if shown.decision else None,
        "people": [names[seat.attendee_id] for seat in one.item.seats],
        "url": url_for("meetings.item_page", meeting_id=meeting.id, item_id=one.item.id),
        "case_url": page_of("cases.case_page", case_id=one.case.id)
        if care and not one.item.without_consent
        else None,
    }


def _suggested(meeting: Meeting, viewer: Viewer) -> list[dict[str, Any]]:
    if meeting.state is not MeetingState.PLANNED or not meeting.coordination:
        return []
    found = queries.suggestions(db.session, meeting, viewer, today=today())
    return [{"case": one.case, "why": one.why} for one in found]


@bp.post("/meetings/<int:meeting_id>/state")
@requires(Action.MEETING_EDIT)
def set_state(meeting_id: int) -> Answer:
    """Held, cancelled, or planned again."""
    viewer = the_viewer()
    meeting = queries.hosted_meeting(db.session, meeting_id, viewer)
    wanted, version = request.form.get("state", ""), request.form.get("version", "")
    if wanted not in set(MeetingState) or not version.isdecimal():
        raise InvalidError(_("会議を開き直して、もう一度押してください。"))
    services.set_state(
        db.session, meeting=meeting, version=int(version[:9]), state=MeetingState(wanted),
        user_id=viewer.user_id,
    )  # fmt: skip
    flash(_("会議を「%(state)s」にしました。", state=MEETING_STATE_LABELS[MeetingState(wanted)]))
    return committed(redirect(_at(meeting_id), 303))


@bp.post("/meetings/<int:meeting_id>/remarks")
@requires(Action.MEETING_EDIT)
def write_remarks(meeting_id: int) -> Answer:
    viewer = the_viewer()
    meeting = queries.hosted_meeting(db.session, meeting_id, viewer)
    form = Form(RemarksSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: services.write_remarks(
            db.session, meeting=meeting, user_id=viewer.user_id, **data
        ),
    )
    if status != 200:
        return show_meeting(meeting_id, form, stale=status == 409), status
    flash(_("連絡事項を記録しました。"))
    return committed(redirect(_at(meeting_id), 303))
