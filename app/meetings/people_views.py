"""Who comes to a meeting, who signed the secrecy pledge, and an agency's regular days."""

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.models import RoleMembership, User
from app.answers import Answer
from app.cases.frame import FormPage, Section, attempt, conflict_of
from app.cases.listing import names_of
from app.db import db, today
from app.errors import NotFoundError
from app.forms import Form
from app.idempotency import committed, creates
from app.meetings import queries, roster, seating
from app.meetings.blueprint import bp
from app.meetings.codes import ATTENDEE_ROLE_LABELS
from app.meetings.days import Rules, rules_of
from app.meetings.models import Meeting, SecrecyPledge
from app.meetings.schemas import AttendeeSchema, PledgeSchema, SettingsSchema
from app.policy import Action, Role, requires
from app.security import acting_organisation, the_viewer

SITTING = (Role.CONSULTANT, Role.HOUSING, Role.FOODBANK, Role.FOLLOWUP)


def _users() -> list[tuple[int, str]]:
    """Everybody who may sit at a meeting, with where they belong."""
    found = db.session.scalars(
        sa.select(User)
        .where(User.active, User.memberships.any(RoleMembership.role.in_(SITTING)))
        .order_by(User.name, User.id)
    ).all()
    return [(user.id, f"{user.name}（{seating.belongs_to(user)}）") for user in found]


def _user(user_id: int | None) -> User | None:
    """A user chosen in a form; one that is not among the choices is not found."""
    if user_id is None:
        return None
    if user_id not in {number for number, _label in _users()}:
        raise NotFoundError(_("この利用者は見つかりません。一覧から選び直してください。"))
    return db.session.get_one(User, user_id)


# ------------------------------------------------------------------------------ attendees


@bp.get("/meetings/<int:meeting_id>/attendees")
@requires(Action.MEETING_EDIT)
def attendee_page(meeting_id: int) -> Answer:
    meeting = queries.hosted_meeting(db.session, meeting_id, the_viewer())
    return _attendees(meeting, Form(AttendeeSchema()))


def _attendees(meeting: Meeting, form: Form) -> str:
    held = [p for p in queries.pledges_of(db.session, meeting.organisation_id) if not p.ended_on]
    signed = {p.user_id for p in held if p.user_id and p.signed_on <= meeting.held_on}
    outside = {p.id for p in held if p.user_id is None}
    here = {one.user_id for one in meeting.attendees}
    page = FormPage(
        title=_("出席者"),
        form=form,
        sections=(
            Section(_("加える"), ("user_id", "pledge_id", ("name", "belongs_to"), "role")),
        ),
        action=url_for("meetings.add_attendee", meeting_id=meeting.id),
        submit=_("加える"),
        cancel_url=url_for("meetings.meeting_page", meeting_id=meeting.id),
        changes={
            "user_id": {"choices": [one for one in _users() if one[0] not in here]},
            "pledge_id": {
                "choices": [(p.id, f"{p.name}（{p.belongs_to or ''}）") for p in held
                            if p.user_id is None]
            },
        },
    )  # fmt: skip
    return render_template(
        "meetings/attendees.html",
        meeting=meeting,
        page=page,
        rows=[
            {
                "one": one,
                "role": ATTENDEE_ROLE_LABELS[one.role],
                "signed": one.user_id in signed or one.pledge_id in outside,
                "remove_url": url_for(
                    "meetings.remove_attendee", meeting_id=meeting.id, attendee_id=one.id
                ),
            }
            for one in meeting.attendees
        ],
        support=meeting.support,
    )


@bp.post("/meetings/<int:meeting_id>/attendees/new")
@requires(Action.MEETING_EDIT)
@creates
def add_attendee(meeting_id: int) -> Answer:
    viewer = the_viewer()
    meeting = queries.hosted_meeting(db.session, meeting_id, viewer)
    form = Form(AttendeeSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: seating.add_attendee(
            db.session,
            meeting=meeting,
            user=_user(data["user_id"]),
            pledge=_outside_pledge(meeting, data["pledge_id"]),
            name=data["name"],
            place=data["belongs_to"],
            role=data["role"],
            user_id=viewer.user_id,
        ),
    )
    if status != 200:
        return _attendees(queries.hosted_meeting(db.session, meeting_id, viewer), form), status
    flash(_("出席者に加えました。議題ごとに出る人を決めてください。"))
    return committed(redirect(url_for("meetings.attendee_page", meeting_id=meeting_id), 303))


def _outside_pledge(meeting: Meeting, pledge_id: int | None) -> SecrecyPledge | None:
    if pledge_id is None:
        return None
    held = queries.pledges_of(db.session, meeting.organisation_id)
    found = next((p for p in held if p.id == pledge_id and not p.ended_on), None)
    if found is None or found.user_id is not None:
        raise NotFoundError(_("この誓約は見つかりません。名簿から選び直してください。"))
    return found


@bp.post("/meetings/<int:meeting_id>/attendees/<int:attendee_id>/remove")
@requires(Action.MEETING_EDIT)
def remove_attendee(meeting_id: int, attendee_id: int) -> Answer:
    viewer = the_viewer()
    meeting = queries.hosted_meeting(db.session, meeting_id, viewer)
    seating.remove_attendee(
        db.session, meeting=meeting, attendee_id=attendee_id, user_id=viewer.user_id
    )
    flash(_("出席者から外しました。"))
    return committed(redirect(url_for("meetings.attendee_page", meeting_id=meeting_id), 303))


# --------------------------------------------------------------------------------- roster


@bp.get("/meetings/pledges")
@requires(Action.MEETING_EDIT)
def pledge_page() -> Answer:
    return _pledges(Form(PledgeSchema(), initial={"signed_on": today()}))


def _pledges(form: Form) -> str:
    rows = queries.pledges_of(db.session, _mine())
    names = names_of(db.session, {row.recorded_by for row in rows})
    mine = the_viewer().user_id
    page = FormPage(
        title=_("守秘の誓約の名簿"),
        form=form,
        sections=(Section(_("誓約を記録する"), ("user_id", ("name", "belongs_to"), "signed_on")),),
        action=url_for("meetings.record_pledge"),
        submit=_("記録する"),
        cancel_url=url_for("meetings.meeting_list"),
        changes={"user_id": {"choices": [one for one in _users() if one[0] != mine]}},
    )
    return render_template("meetings/pledges.html", page=page, rows=rows, names=names)


def _mine() -> int:
    return acting_organisation(the_viewer(), Action.MEETING_EDIT)


@bp.post("/meetings/pledges/new")
@requires(Action.MEETING_EDIT)
@creates
def record_pledge() -> Answer:
    form = Form(PledgeSchema(), typed=request.form)
    organisation_id, who = _mine(), the_viewer().user_id
    status = attempt(
        form,
        lambda data: roster.record_pledge(
            db.session,
            organisation_id=organisation_id,
            user=_user(data["user_id"]),
            name=data["name"],
            belongs_to=data["belongs_to"],
            signed_on=data["signed_on"],
            user_id=who,
            today=today(),
        ),
    )
    if status != 200:
        return _pledges(form), status
    flash(_("誓約を記録しました。支援会議の議題に出られます。"))
    return committed(redirect(url_for("meetings.pledge_page"), 303))


@bp.post("/meetings/pledges/<int:pledge_id>/end")
@requires(Action.MEETING_EDIT)
def end_pledge(pledge_id: int) -> Answer:
    pledge = db.session.get(SecrecyPledge, pledge_id)
    if pledge is None or pledge.organisation_id != _mine():
        raise NotFoundError(_("この誓約は見つかりません。名簿から選び直してください。"))
    roster.end_pledge(db.session, pledge=pledge, user_id=the_viewer().user_id, today=today())
    flash(_("誓約を終わりにしました。これからの支援会議の議題からも外れました。"))
    return committed(redirect(url_for("meetings.pledge_page"), 303))


# ------------------------------------------------------------------------------- settings


def _managed() -> int:
    return acting_organisation(the_viewer(), Action.MEETING_MANAGE)


@bp.get("/meetings/settings")
@requires(Action.MEETING_MANAGE)
def settings_page() -> Answer:
    rules = rules_of(queries.settings_of(db.session, _managed()))
    return _settings(Form(SettingsSchema(), initial=_now(rules)))


def _now(rules: Rules) -> dict[str, Any]:
    return vars(rules) | {"starts_at": f"{rules.starts_at:%H:%M}"}


@bp.post("/meetings/settings")
@requires(Action.MEETING_MANAGE)
def save_settings() -> Answer:
    form = Form(SettingsSchema(), typed=request.form)
    organisation_id, who = _managed(), the_viewer().user_id
    status = attempt(
        form,
        lambda data: roster.save_settings(
            db.session, organisation_id=organisation_id, version=data["version"], values=data,
            user_id=who,
        ),
    )  # fmt: skip
    if status != 200:
        return _settings(form, stale=status == 409), status
    flash(_("会議の決まりを記録しました。"))
    return committed(redirect(url_for("meetings.settings_page"), 303))


def _settings(form: Form, *, stale: bool = False) -> str:
    organisation_id = _managed()
    rules = rules_of(queries.settings_of(db.session, organisation_id))
    page = FormPage(
        title=_("会議の決まり"),
        form=form,
        sections=(
            Section(_("いつ"), ("weekdays", "monthly_day", "move_holiday")),
            Section(_("どのように"), (("starts_at", "minutes"), "place", "legal_bases")),
        ),
        action=url_for("meetings.save_settings"),
        submit=_("記録する"),
        cancel_url=url_for("pages.today_page"),
        lead=_("会議の一覧に、この決まりで候補の日が出ます。"),
        version=rules.version if stale else None,
        conflict=conflict_of(
            form, _now(rules), record_kind="meeting_settings", record_id=organisation_id
        )
        if stale
        else None,
    )
    return render_template("cases/form.html", page=page, breadcrumbs=[])
