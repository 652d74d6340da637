"""One item of an agenda: adding it, who sits there, what is said, what is decided."""

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.models import User
from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import FormPage, Section, attempt, changing, conflict_of, page_of
from app.cases.listing import called, names_of
from app.cases.models import Case
from app.cases.plans.codes import DECISION_LABELS
from app.cases.queries import may_change, open_cases, visible_cases
from app.db import db, now, today
from app.errors import ForbiddenError
from app.forms import Form
from app.idempotency import committed, creates
from app.meetings import queries, seating, services
from app.meetings.blueprint import bp
from app.meetings.codes import ITEM_BASIS_LABELS, MEETING_KIND_LABELS
from app.meetings.models import Item, Meeting
from app.meetings.queries import SeenItem
from app.meetings.schemas import (
    ItemSchema,
    MeetingDecisionSchema,
    NotesSchema,
    OrderSchema,
    SeatsSchema,
    ShareSchema,
)
from app.policy import Action, Role, Tier, Viewer, requires
from app.security import saw, the_viewer
from app.wording import weekday

MOST_CASES = 300


def _at(meeting_id: int) -> str:
    return url_for("meetings.meeting_page", meeting_id=meeting_id)


def item_url(item: Item) -> str:
    """The page of an item."""
    return url_for("meetings.item_page", meeting_id=item.meeting_id, item_id=item.id)


def seen_item(meeting_id: int, item_id: int, *, needs: Tier = Tier.CODE) -> SeenItem:
    """An item this viewer may know of."""
    return queries.get_item(
        db.session, meeting_id, item_id, the_viewer(), today=today(), needs=needs
    )


def working_on(meeting_id: int, item_id: int) -> SeenItem:
    """An item for writing: by the hosts who see it whole, and by whoever brought it."""
    seen, viewer = seen_item(meeting_id, item_id, needs=Tier.CARE), the_viewer()
    if not queries.hosts(seen.item.meeting, viewer) and seen.item.added_by != viewer.user_id:
        raise ForbiddenError("この議題に書けるのは、会議を開く相談機関の相談員です。")
    return seen


@bp.get("/meetings/<int:meeting_id>/items/new")
@requires(Action.MEETING_EDIT)
def new_item_page(meeting_id: int) -> Answer:
    meeting = queries.get_meeting(db.session, meeting_id, the_viewer())
    chosen = request.args.get("case_id", "")
    initial = {"case_id": chosen[:9] if chosen.isdecimal() else None}
    return _new(meeting, Form(ItemSchema(), initial=initial))


@bp.post("/meetings/<int:meeting_id>/items")
@requires(Action.MEETING_EDIT)
@creates
def add_item(meeting_id: int) -> Answer:
    viewer = the_viewer()
    meeting = queries.get_meeting(db.session, meeting_id, viewer)
    form = Form(ItemSchema(), typed=request.form)
    made: list[Item] = []

    def act(data: dict[str, Any]) -> None:
        case = changing(data.pop("case_id")).case
        made.append(
            services.add_item(
                db.session, meeting=meeting, case=case, user_id=viewer.user_id, today=today(),
                **data,
            )
        )  # fmt: skip

    status = attempt(form, act)
    if status != 200:
        return _new(queries.get_meeting(db.session, meeting_id, viewer), form), status
    flash(_("議題に加えました。出席する人を決めてください。"))
    return committed(redirect(item_url(made[0]), 303))


def _new(meeting: Meeting, form: Form) -> str:
    page = FormPage(
        title=_("議題を加える"),
        form=form,
        sections=(Section("", ("case_id", "basis", "subject", "minutes")),),
        action=url_for("meetings.add_item", meeting_id=meeting.id),
        submit=_("加える"),
        cancel_url=_at(meeting.id),
        lead=_("紙と画面には、名前ではなく符号名で出ます。"),
        changes={"case_id": {"choices": _cases(the_viewer())}},
    )
    return render_template("cases/form.html", page=page, breadcrumbs=_crumbs(meeting))


def _cases(viewer: Viewer) -> list[tuple[int, str]]:
    """The cases this viewer may write in, as they call them."""
    mine = viewer.organisations(Role.CONSULTANT)
    own = open_cases(visible_cases(viewer, today=today())).where(Case.organisation_id.in_(mine))
    found = db.session.scalars(own.order_by(Case.id.desc()).limit(MOST_CASES)).all()
    return [
        (case.id, f"{called(case, viewer, today=today())}（{case.code_name}）")
        for case in found
        if may_change(case, viewer)
    ]


def _crumbs(meeting: Meeting) -> list[tuple[str, str]]:
    title = f"{MEETING_KIND_LABELS[meeting.kind]}　{weekday(meeting.held_on)}"
    return [(_("会議"), url_for("meetings.meeting_list")), (title, _at(meeting.id))]


@bp.get("/meetings/<int:meeting_id>/items/<int:item_id>")
@requires(Action.MEETING_READ)
def item_page(meeting_id: int, item_id: int) -> Answer:
    return _item(seen_item(meeting_id, item_id))


def _item(
    seen: SeenItem,
    *,
    notes: Form | None = None,
    decision: Form | None = None,
    seats: Form | None = None,
    share: Form | None = None,
    stale: Form | None = None,
) -> str:
    """The item's page; `stale` is the form in which somebody was first."""
    item, shown, viewer = seen.item, seen.shown, the_viewer()
    meeting, care = item.meeting, seen.access.sees(Tier.CARE)
    if care:
        saw(Deed.VIEWED, "meeting_item", item.id, fields=("subject", "notes", "decision"))
    hosting = queries.hosts(meeting, viewer) or item.added_by == viewer.user_id
    sits = {seat.attendee_id for seat in item.seats}
    names = names_of(db.session, {shown.responsible_id} - {None})
    people = [(one.id, f"{one.name}（{one.belongs_to or ''}）") for one in meeting.attendees]
    users = [(one.user_id, one.name) for one in meeting.attendees
             if one.id in sits and one.user_id]  # fmt: skip
    start = {"version": item.version}
    return render_template(
        "meetings/item.html",
        seen=seen,
        shown=shown,
        meeting=meeting,
        title=shown.code_name,
        breadcrumbs=_crumbs(meeting),
        basis=ITEM_BASIS_LABELS[item.basis] if care else "",
        decision_words=DECISION_LABELS[shown.decision] if shown.decision else None,
        responsible=names.get(shown.responsible_id),
        people=[label for number, label in people if number in sits],
        care=care,
        conflict=conflict_of(
            stale, shown.values, record_kind="meeting_item", record_id=item.id
        )
        if stale
        else None,
        may_write=care and hosting,
        case_url=page_of("cases.case_page", case_id=seen.case.id)
        if care and not item.without_consent
        else None,
        notes=notes or Form(NotesSchema(), initial=start | {"notes": shown.notes}),
        decision=decision or Form(MeetingDecisionSchema(), initial=start, choices={
            "responsible_id": users}),
        seats=seats or Form(SeatsSchema(), initial={"attendees": sorted(sits)},
                            choices={"attendees": people}),
        share=share or Form(ShareSchema(), initial={"ends_on": meeting.held_on}),
        may_share=item.secret and may_change(seen.case, viewer),
    )  # fmt: skip


@bp.post("/meetings/<int:meeting_id>/items/<int:item_id>/order")
@requires(Action.MEETING_EDIT)
def move_item(meeting_id: int, item_id: int) -> Answer:
    seen, viewer = working_on(meeting_id, item_id), the_viewer()
    form = Form(OrderSchema(), typed=request.form)
    if form.load():
        meeting = seen.item.meeting
        others = queries.items_of(db.session, [meeting], viewer, today=today())
        services.move_item(
            db.session, seen=[one.item for one in others], item=seen.item,
            up=form.data["direction"] == "up", user_id=viewer.user_id,
        )  # fmt: skip
    return committed(redirect(_at(meeting_id), 303))


@bp.post("/meetings/<int:meeting_id>/items/<int:item_id>/remove")
@requires(Action.MEETING_EDIT)
def remove_item(meeting_id: int, item_id: int) -> Answer:
    seen = working_on(meeting_id, item_id)
    services.remove_item(db.session, item=seen.item, user_id=the_viewer().user_id)
    flash(_("議題からはずしました。"))
    return committed(redirect(_at(meeting_id), 303))


@bp.post("/meetings/<int:meeting_id>/items/<int:item_id>/seats")
@requires(Action.MEETING_EDIT)
def put_down(meeting_id: int, item_id: int) -> Answer:
    seen, viewer = working_on(meeting_id, item_id), the_viewer()
    people = [(one.id, f"{one.name}（{one.belongs_to or ''}）") for one in
              seen.item.meeting.attendees]  # fmt: skip
    form = Form(SeatsSchema(), typed=request.form, choices={"attendees": people})
    status = attempt(
        form,
        lambda data: seating.put_down(
            db.session, item=seen.item, attendee_ids=data["attendees"], user_id=viewer.user_id
        ),
    )
    if status != 200:
        return _item(seen_item(meeting_id, item_id), seats=form), status
    flash(_("この議題に出る人を記録しました。"))
    return committed(redirect(item_url(seen.item), 303))


@bp.post("/meetings/<int:meeting_id>/items/<int:item_id>/share")
@requires(Action.MEETING_EDIT)
@creates
def share_case(meeting_id: int, item_id: int) -> Answer:
    """Open the case to the agencies that sit there; only by whoever may write in the case."""
    seen, viewer = working_on(meeting_id, item_id), the_viewer()
    if not may_change(seen.case, viewer):
        raise ForbiddenError("共有を開けるのは、この相談の相談機関の相談員だけです。")
    form = Form(ShareSchema(), typed=request.form)
    opened_to: list[int] = []
    status = attempt(
        form,
        lambda data: opened_to.append(
            seating.share_with_agencies(
                db.session, item=seen.item, case=seen.case, user_id=viewer.user_id, today=today(),
                **data,
            )
        ),
    )  # fmt: skip
    if status != 200:
        return _item(seen_item(meeting_id, item_id), share=form), status
    flash(_("%(n)s の相談機関に、この相談を開きました。", n=opened_to[0]))
    return committed(redirect(item_url(seen.item), 303))


@bp.post("/meetings/<int:meeting_id>/items/<int:item_id>/notes")
@requires(Action.MEETING_EDIT)
def write_notes(meeting_id: int, item_id: int) -> Answer:
    seen, viewer = working_on(meeting_id, item_id), the_viewer()
    form = Form(NotesSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: services.write_notes(
            db.session, item=seen.item, user_id=viewer.user_id, **data
        ),
    )
    if status != 200:
        stale = form if status == 409 else None
        return _item(seen_item(meeting_id, item_id), notes=form, stale=stale), status
    flash(_("記録しました。"))
    return committed(redirect(item_url(seen.item), 303))


@bp.post("/meetings/<int:meeting_id>/items/<int:item_id>/decision")
@requires(Action.MEETING_EDIT)
@creates
def decide(meeting_id: int, item_id: int) -> Answer:
    seen, viewer = working_on(meeting_id, item_id), the_viewer()
    form = Form(
        MeetingDecisionSchema(), typed=request.form, choices={"responsible_id": _users(seen)}
    )
    status = attempt(
        form,
        lambda data: services.decide(
            db.session, item=seen.item, case=seen.case, user_id=viewer.user_id, now=now(), **data
        ),
    )
    if status != 200:
        stale = form if status == 409 else None
        return _item(seen_item(meeting_id, item_id), decision=form, stale=stale), status
    flash(_("決定を記録しました。"))
    return committed(redirect(item_url(seen.item), 303))


def _users(seen: SeenItem) -> list[tuple[int, str]]:
    sits = {seat.attendee_id for seat in seen.item.seats}
    ids = [one.user_id for one in seen.item.meeting.attendees if one.id in sits and one.user_id]
    rows = db.session.execute(sa.select(User.id, User.name).where(User.id.in_(ids)))
    return [(row.id, row.name) for row in rows]


@bp.post("/meetings/<int:meeting_id>/items/<int:item_id>/task-done")
@requires(Action.MEETING_EDIT)
def tick_task(meeting_id: int, item_id: int) -> Answer:
    seen = working_on(meeting_id, item_id)
    services.tick_task(db.session, item=seen.item, user_id=the_viewer().user_id, now=now())
    flash(_("済みにしました。"))
    return committed(redirect(item_url(seen.item), 303))
