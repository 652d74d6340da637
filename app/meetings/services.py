"""Holding meetings: the day, the agenda, who sits there, what is said and what is decided.

A decision on a case with consent reaches its plan and its log in the transaction that records it.
What is said about a case without consent is written into its item and nowhere else.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.models import Deed
from app.cases.models import Case, Stage
from app.cases.plans.codes import DECISION_LABELS, Decision, PlanState
from app.cases.plans.queries import current_plan, plan_of_case
from app.cases.plans.services import decide_plan
from app.cases.services import note
from app.cases.versions import check_version, flushed
from app.cases.work.models import LogMethod
from app.cases.work.services import write_log
from app.db import rows_changed
from app.errors import ConflictError
from app.meetings.codes import (
    MEETING_KIND_LABELS,
    SUPPORT_BASES,
    AttendeeRole,
    ItemBasis,
    LegalBasis,
    MeetingState,
)
from app.meetings.models import Item, Meeting
from app.meetings.queries import has_consent
from app.meetings.seating import attendee_of, pledge_for, refuse, seat_at, user_attendee

MEETING_FIELDS = ("kind", "legal_bases", "held_on", "starts_at", "minutes", "place")
NEEDS_CONSENT = (
    "本人の申込みも同意も記録されていません。"
    "同意のない相談を話し合えるのは、支援会議としてだけです。"
)
NOT_SUPPORT = "この会議は支援会議を兼ねていません。会議の根拠を直すか、別の会議に出してください。"


def place_words(meeting: Meeting) -> str:
    """「支援調整会議（随時）　12月4日」 for records outside the meeting."""
    day = meeting.held_on
    return f"{MEETING_KIND_LABELS[meeting.kind]}　{day.year}年{day.month}月{day.day}日"


def make_meeting(
    session: Session, *, organisation_id: int, values: Mapping[str, Any], user_id: int
) -> Meeting:
    """A meeting of an agency; whoever makes it sits there."""
    meeting = Meeting(organisation_id=organisation_id, made_by=user_id)
    _put(meeting, values)
    maker = session.get_one(User, user_id)
    meeting.attendees = [user_attendee(maker, AttendeeRole.CHAIR)]
    session.add(meeting)
    session.flush()  # the id is needed by the audit entry
    note(session, Deed.CREATED, "meeting", meeting.id, user_id=user_id, fields=MEETING_FIELDS)
    return meeting


def _put(meeting: Meeting, values: Mapping[str, Any]) -> None:
    bases = set(values["legal_bases"])
    for name in ("kind", "held_on", "starts_at", "minutes"):
        setattr(meeting, name, values[name])
    meeting.place = values.get("place") or None
    meeting.coordination = LegalBasis.COORDINATION in bases
    meeting.article_9 = LegalBasis.ARTICLE_9 in bases
    meeting.welfare_act = LegalBasis.WELFARE_ACT in bases
    meeting.support = bool(bases & SUPPORT_BASES)


def edit_meeting(
    session: Session, *, meeting: Meeting, version: int, values: Mapping[str, Any], user_id: int
) -> None:
    """Move a meeting or change what it stands on.

    Raises InvalidError when it would no longer carry an item that is on its agenda; the words do
    not say which, as that may be more than this person may know.
    """
    check_version(meeting, version)
    bases = set(values["legal_bases"])
    stands = sa.select(Item.id).where(Item.meeting_id == meeting.id)
    secret = session.scalar(stands.where(Item.secret).limit(1))
    if secret is not None and not bases & SUPPORT_BASES:
        refuse("legal_bases", "この会議の根拠は、いまの議題のためにはずせません。")
    flushed(session, lambda: _put(meeting, values))
    note(session, Deed.CHANGED, "meeting", meeting.id, user_id=user_id, fields=MEETING_FIELDS)


def set_state(
    session: Session, *, meeting: Meeting, version: int, state: MeetingState, user_id: int
) -> None:
    """Held, cancelled, or planned again."""
    check_version(meeting, version)

    def act() -> None:
        meeting.state = state

    flushed(session, act)
    note(session, Deed.CHANGED, "meeting", meeting.id, user_id=user_id, fields=("state",))


def write_remarks(
    session: Session, *, meeting: Meeting, version: int, remarks: str, user_id: int
) -> None:
    """What concerns no single case."""
    check_version(meeting, version)

    def act() -> None:
        meeting.remarks = remarks or None

    flushed(session, act)
    note(session, Deed.CHANGED, "meeting", meeting.id, user_id=user_id, fields=("remarks",))


# --------------------------------------------------------------------------------- agenda


def add_item(
    session: Session,
    *,
    meeting: Meeting,
    case: Case,
    basis: ItemBasis,
    subject: str,
    minutes: int,
    user_id: int,
    today: date,
) -> Item:
    """Put a case on the agenda; whoever does sits there for it.

    Without consent only as 支援会議, at a meeting that is one, by somebody who signed the pledge;
    the database refuses anything else as well. A plan that waits for a decision comes with it.
    """
    _still_planned(meeting)
    consent = has_consent(session, case, today=today)
    if basis is ItemBasis.COORDINATION and not consent:
        refuse("basis", NEEDS_CONSENT)
    if basis is ItemBasis.COORDINATION and not meeting.coordination:
        refuse("basis", "この会議は支援調整会議を兼ねていません。支援会議として出してください。")
    if basis is ItemBasis.SUPPORT and not meeting.support:
        refuse("basis", NOT_SUPPORT)
    if case.stage is Stage.CLOSED:
        refuse("case_id", "終結した相談は議題にできません。")
    plan = current_plan(session, case.id) if consent else None
    last = session.scalar(
        sa.select(sa.func.max(Item.position)).where(Item.meeting_id == meeting.id)
    )
    secret = basis is ItemBasis.SUPPORT
    item = Item(
        meeting_id=meeting.id,
        support=meeting.support,
        meeting=meeting,
        position=(last or 0) + 1,
        case_id=case.id,
        plan_id=plan.id if plan and plan.state is PlanState.SUBMITTED else None,
        basis=basis,
        secret=secret,
        without_consent=secret and not consent,
        subject=subject or None,
        minutes=minutes,
        added_by=user_id,
        seats=[],
    )
    attendee = attendee_of(session, meeting, user_id)
    pledge = pledge_for(session, meeting, attendee, secret=secret, field="basis")
    session.add(item)
    try:
        session.flush()  # the seat needs the id; of two who add the same case one is refused
    except IntegrityError as error:
        raise ConflictError(
            "この相談は、すでに議題にあります。会議を開き直してください。"
        ) from error
    seat_at(session, item, attendee, pledge)
    fields = ("basis", "subject", "minutes")
    basis_word = "支援会議" if secret else None
    note(session, Deed.CREATED, "meeting_item", item.id, user_id=user_id, fields=fields,
         basis=basis_word)  # fmt: skip
    return item


def _still_planned(meeting: Meeting) -> None:
    if meeting.state is MeetingState.CANCELLED:
        raise ConflictError("この会議は取りやめになっています。別の会議に出してください。")


def move_item(
    session: Session, *, seen: Collection[Item], item: Item, up: bool, user_id: int
) -> None:
    """One place up or down among the items this person sees."""
    order = sorted(seen, key=lambda one: (one.position, one.id))
    at = order.index(item)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(order):
        return
    other = order[to]
    if other.position == item.position:
        item.position += -1 if up else 1
    else:
        item.position, other.position = other.position, item.position
    flushed(session, lambda: None)
    note(session, Deed.CHANGED, "meeting_item", item.id, user_id=user_id, fields=("position",))


def remove_item(session: Session, *, item: Item, user_id: int) -> None:
    """Take a case off the agenda again, as long as nothing was said or decided."""
    if item.decision is not None or item.notes:
        raise ConflictError("記録か決定のある議題は、はずせません。")
    note(session, Deed.DELETED, "meeting_item", item.id, user_id=user_id, fields=("subject",))
    session.delete(item)
    session.flush()  # of two who take it off at once the second is refused by the version


def write_notes(session: Session, *, item: Item, version: int, notes: str, user_id: int) -> None:
    """What was said, kept in the item."""
    check_version(item, version)

    def act() -> None:
        item.notes = notes or None

    flushed(session, act)
    note(session, Deed.CHANGED, "meeting_item", item.id, user_id=user_id, fields=("notes",))


# ------------------------------------------------------------------------------ decisions


def decide(
    session: Session,
    *,
    item: Item,
    case: Case,
    version: int,
    decision: Decision,
    decision_note: str,
    task: str,
    responsible_id: int | None,
    by_when: date | None,
    user_id: int,
    now: datetime,
) -> None:
    """What the meeting decided, once; written to plan and log at once where there is consent.

    Of an item without consent nothing leaves: its task shows to the people put down for it alone.
    """
    check_version(item, version)
    if item.decision is not None:
        raise ConflictError("この議題は、すでに決定が記録されています。開き直してください。")
    if by_when is not None and not task:
        refuse("task", "いつまでかを入れるときは、することも入れてください。")

    def act() -> None:
        item.decision, item.decision_note = decision, decision_note or None
        item.task, item.responsible_id, item.by_when = task or None, responsible_id, by_when
        item.decided_at, item.decided_by = now, user_id

    flushed(session, act)
    fields = ("decision", "decision_note", "task", "responsible_id", "by_when")
    note(session, Deed.CHANGED, "meeting_item", item.id, user_id=user_id, fields=fields)
    if item.without_consent:
        return
    where = place_words(item.meeting)
    if item.plan_id is not None:
        plan = plan_of_case(session, case.id, item.plan_id)
        decide_plan(
            session,
            plan=plan,
            decision=decision,
            decided_on=item.meeting.held_on,
            place=MEETING_KIND_LABELS[item.meeting.kind],  # the day stands beside it
            text=decision_note,
            user_id=user_id,
        )
    text = f"{where}\n{DECISION_LABELS[decision]}"
    write_log(
        session,
        case=case,
        at=now,
        now=now,
        method=LogMethod.CONFERENCE,
        text=f"{text}\n{decision_note}" if decision_note else text,
        next_step=task or None,
        next_on=by_when,
        attendees=[responsible_id] if responsible_id else [],
        user_id=user_id,
    )


def tick_task(session: Session, *, item: Item, user_id: int, now: datetime) -> None:
    """The task of an item without consent is done; those with consent are ticked in the log."""
    done = session.execute(
        sa.update(Item)
        .where(Item.id == item.id, Item.task.is_not(None), Item.task_done_at.is_(None))
        .values(task_done_at=now)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(done) != 1:
        raise ConflictError("このことは、すでに済みになっています。")
    note(session, Deed.CHANGED, "meeting_item", item.id, user_id=user_id, fields=("task_done_at",))
