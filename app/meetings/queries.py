"""Reading meetings: those of one's own agency, and those one sits in; and of those what one may.

What was said about a case without consent is for the people put down for that item and for nobody
else, whoever asks and in whatever shape: it is not even counted for the others.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.models import Case, Stage
from app.cases.plans.models import Plan
from app.cases.plans.queries import monitoring_due, waiting_plans
from app.cases.queries import access_to, open_cases, visible_cases
from app.cases.records import in_force
from app.errors import ForbiddenError, NotFoundError
from app.meetings.codes import MeetingKind, MeetingState
from app.meetings.models import Attendee, Item, Meeting, MeetingSettings, Seat, SecrecyPledge
from app.policy import (
    NO_ACCESS,
    Access,
    ConsentItem,
    Presented,
    RecipientKind,
    Role,
    Tier,
    Viewer,
    present,
)

NO_MEETING = "この会議は見つからないか、出席者に入っていません。会議の一覧から開き直してください。"
NO_ITEM = "この議題は見つからないか、出席者に入っていません。会議の画面から開き直してください。"
LEAVE_WITHIN = timedelta(days=14)

ITEM_FIELDS = (
    "id", "minutes", "plan_id", "basis", "without_consent", "subject", "notes",
    "decision", "decision_note", "task", "responsible_id", "by_when", "version",
)  # fmt: skip


@dataclass(frozen=True)
class SeenItem:
    """An item with its case, how much of it the viewer may see, and what that leaves to show."""

    item: Item
    case: Case
    access: Access
    shown: Presented


def hosts(meeting: Meeting, viewer: Viewer) -> bool:
    """Whether the viewer is a consultant of the agency that holds the meeting."""
    return meeting.organisation_id in viewer.organisations(Role.CONSULTANT)


def attends(item: Item, viewer: Viewer) -> bool:
    """Whether the viewer is put down for this item."""
    mine = {one.id for one in item.meeting.attendees if one.user_id == viewer.user_id}
    return any(seat.attendee_id in mine for seat in item.seats)


def visible_meetings(viewer: Viewer) -> sa.Select[Meeting]:
    """Meetings of the viewer's own agency, and those with an item the viewer is put down for."""
    if viewer.second_factor_missing:
        return sa.select(Meeting).where(sa.false())
    sits = (
        sa.exists()
        .where(
            Attendee.meeting_id == Meeting.id,
            Attendee.user_id == viewer.user_id,
            Seat.attendee_id == Attendee.id,
        )
        .correlate(Meeting)
    )
    own = Meeting.organisation_id.in_(viewer.organisations(Role.CONSULTANT))
    return sa.select(Meeting).where(sa.or_(own, sits))


def get_meeting(session: Session, meeting_id: int, viewer: Viewer) -> Meeting:
    """A meeting the viewer may know of. Raises NotFoundError."""
    found = session.scalar(visible_meetings(viewer).where(Meeting.id == meeting_id))
    if found is None:
        raise NotFoundError(NO_MEETING)
    return found


def hosted_meeting(session: Session, meeting_id: int, viewer: Viewer) -> Meeting:
    """A meeting the viewer's own agency holds. Raises as `get_meeting`, or ForbiddenError."""
    meeting = get_meeting(session, meeting_id, viewer)
    if not hosts(meeting, viewer):
        raise ForbiddenError("この会議を変えられるのは、開く相談機関の相談員だけです。")
    return meeting


def item_access(item: Item, case: Case, viewer: Viewer, *, today: date) -> Access:
    """How much of an item the viewer may see.

    Without consent: everything for consultants put down for it, nothing for anybody else – nobody
    with a role for homes, food or visits is ever put down for one. With consent: whoever hosts or
    is put down sees as much as of the case itself.
    """
    sits = attends(item, viewer)
    if item.without_consent:
        consulting = Role.CONSULTANT in viewer.roles()
        return Access(tier=Tier.CARE) if sits and consulting else NO_ACCESS
    if item.secret and not sits:
        return NO_ACCESS
    if not sits and not hosts(item.meeting, viewer):
        return NO_ACCESS
    return access_to(case, viewer, today=today)


def shown_item(item: Item, case: Case, access: Access, position: int) -> Presented:
    """An item by the case's code name; names of people are on no agenda."""
    values = {name: getattr(item, name) for name in ITEM_FIELDS}
    values |= {"code_name": case.code_name, "number": case.number, "position": position}
    return present("meeting_item", values, access)


def items_of(
    session: Session, meetings: Sequence[Meeting], viewer: Viewer, *, today: date
) -> list[SeenItem]:
    """The items of these meetings the viewer may know of, in the order of each agenda."""
    rows = session.execute(
        sa.select(Item, Case)
        .join(Case, Case.id == Item.case_id)
        .where(Item.meeting_id.in_([meeting.id for meeting in meetings]))
        .order_by(Item.meeting_id, Item.position, Item.id)
    ).all()
    found: list[SeenItem] = []
    places: Counter[int] = Counter()  # counted among what is seen: a gap would tell of the rest
    for item, case in rows:
        access = item_access(item, case, viewer, today=today)
        if access.sees(Tier.CODE):
            places[item.meeting_id] += 1
            shown = shown_item(item, case, access, places[item.meeting_id])
            found.append(SeenItem(item, case, access, shown))
    return found


def get_item(
    session: Session,
    meeting_id: int,
    item_id: int,
    viewer: Viewer,
    *,
    today: date,
    needs: Tier = Tier.CODE,
) -> SeenItem:
    """One item of a meeting. Raises NotFoundError, ForbiddenError for too deep a look."""
    meeting = get_meeting(session, meeting_id, viewer)
    found = items_of(session, [meeting], viewer, today=today)
    seen = next((one for one in found if one.item.id == item_id), None)
    if seen is None:
        raise NotFoundError(NO_ITEM)
    if not seen.access.sees(needs):
        raise ForbiddenError("この議題の内容は、相談員の出席者だけが見られます。")
    return seen


def has_consent(session: Session, case: Case, *, today: date) -> bool:
    """Whether the household agreed that other agencies learn its story, or applied with a plan.

    The plan is at once the application, and signing it agrees to 支援調整会議 (標準様式).
    """
    agreed = any(
        in_force(one, today=today)
        and one.recipient is RecipientKind.PARTNER
        and ConsentItem.CARE.value in one.items
        for one in case.consents
    )
    applied = sa.select(Plan.id).where(Plan.case_id == case.id, Plan.applied_on.is_not(None))
    return agreed or session.scalar(applied.limit(1)) is not None


def settings_of(session: Session, organisation_id: int) -> MeetingSettings | None:
    """An agency's settings, if it made any."""
    return session.get(MeetingSettings, organisation_id)


def pledges_of(session: Session, organisation_id: int) -> Sequence[SecrecyPledge]:
    """The roster of one agency: pledges in force first, by name."""
    return session.scalars(
        sa.select(SecrecyPledge)
        .where(SecrecyPledge.organisation_id == organisation_id)
        .order_by(SecrecyPledge.ended_on.is_not(None), SecrecyPledge.name, SecrecyPledge.id)
    ).all()


def pledge_in_force(
    session: Session, organisation_id: int, user_id: int, *, on: date
) -> SecrecyPledge | None:
    """The pledge of a user for an agency's meetings, signed by a day and not ended."""
    return session.scalar(
        sa.select(SecrecyPledge).where(
            SecrecyPledge.organisation_id == organisation_id,
            SecrecyPledge.user_id == user_id,
            SecrecyPledge.signed_on <= on,
            SecrecyPledge.ended_on.is_(None),
        )
    )


@dataclass(frozen=True)
class Suggestion:
    """A case that might belong on the agenda, and why."""

    case: Case
    why: str
    plan: Plan | None = None


def suggestions(
    session: Session, meeting: Meeting, viewer: Viewer, *, today: date
) -> list[Suggestion]:
    """Plans waiting for a decision, monitorings due by the day, homes to be left within 14 days.

    Cases already on this agenda, or before another meeting still to come, are left out; one
    discussed in secret is not, as its absence would tell.
    """
    agency = Case.organisation_id == meeting.organisation_id
    own = open_cases(visible_cases(viewer, today=today)).where(agency)
    placed = set(
        session.scalars(
            sa.select(Item.case_id)
            .join(Meeting, Meeting.id == Item.meeting_id)
            .where(
                Item.secret.is_(False),
                sa.or_(Meeting.id == meeting.id, Item.decision.is_(None)),
                Meeting.state == MeetingState.PLANNED,
            )
        )
    )
    found: dict[int, Suggestion] = {}
    for plan, case in session.execute(waiting_plans(own)).all():
        found.setdefault(case.id, Suggestion(case, "決定を待つプラン", plan))
    for _plan, case in session.execute(monitoring_due(own, until=meeting.held_on)).all():
        found.setdefault(case.id, Suggestion(case, "モニタリングの時期"))
    moved = (Stage.MOVED_IN, Stage.SETTLED)
    leaving = own.where(
        Case.leave_by <= meeting.held_on + LEAVE_WITHIN, Case.stage.not_in(moved)
    ).order_by(Case.leave_by, Case.id)
    for case in session.scalars(leaving):
        found.setdefault(case.id, Suggestion(case, "14日以内に退去"))
    return [
        one
        for one in found.values()
        if one.case.id not in placed and access_to(one.case, viewer, today=today).sees(Tier.CARE)
    ]


def days_made(
    session: Session, organisation_id: int, days: Sequence[date]
) -> set[tuple[date, MeetingKind]]:
    """On which of these days the agency has a meeting of which kind already."""
    rows = session.execute(
        sa.select(Meeting.held_on, Meeting.kind).where(
            Meeting.organisation_id == organisation_id,
            Meeting.held_on.in_(days),
            Meeting.state != MeetingState.CANCELLED,
        )
    )
    return {(row.held_on, row.kind) for row in rows}
