"""Who sits at a meeting and at which of its items, and the numbered sheets they are handed.

At an item discussed as 支援会議 nobody sits without the secrecy pledge; at one without consent no
user but consultants. Both are checked here, the first by the database as well.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import NoReturn

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.models import Deed
from app.cases.consents.services import disclose_to_meeting
from app.cases.models import Case
from app.cases.services import note
from app.db import rows_changed
from app.errors import ConflictError, InvalidError
from app.meetings.codes import LEGAL_BASIS_LABELS, SUPPORT_BASES, AttendeeRole
from app.meetings.models import Attendee, Item, Meeting, PaperCopy, Seat, SecrecyPledge
from app.meetings.queries import pledge_in_force
from app.policy import OrganisationKind, Role

NO_PLEDGE = "守秘の誓約の記録がない人は、支援会議の議題に出られません。先に名簿に記録してください。"
ONLY_CONSULTANTS = "同意のない相談の議題に出られるのは、相談員と、誓約をした外部の人だけです。"


def refuse(name: str, sentence: str) -> NoReturn:
    """Refuse a form for what stands in one field."""
    raise InvalidError(sentence, fields={name: [sentence]})


def seat_at(session: Session, item: Item, attendee: Attendee, pledge_id: int | None) -> None:
    """Put one attendee down for one item."""
    session.add(
        Seat(
            item_id=item.id,
            attendee_id=attendee.id,
            meeting_id=item.meeting_id,
            secret=item.secret,
            pledge_id=pledge_id if item.secret else None,
        )
    )
    session.flush()  # the database compares pledge and secrecy at once
    session.expire(item, ["seats"])


def attendee_of(session: Session, meeting: Meeting, user_id: int) -> Attendee:
    """The user's place at the meeting, made when there is none."""
    found = next((one for one in meeting.attendees if one.user_id == user_id), None)
    if found is None:
        found = user_attendee(session.get_one(User, user_id), AttendeeRole.CONSULTANT)
        meeting.attendees.append(found)
        session.flush()  # a seat needs the id
    return found


def pledge_for(
    session: Session, meeting: Meeting, attendee: Attendee, *, secret: bool, field: str
) -> int | None:
    """The pledge a person sits there with; for a secret item there must be one."""
    if not secret:
        return None
    if attendee.user_id is not None:
        pledge = pledge_in_force(
            session, meeting.organisation_id, attendee.user_id, on=meeting.held_on
        )
        number = pledge.id if pledge else None
    else:
        number = attendee.pledge_id
    if number is None:
        refuse(field, f"{attendee.name}さん：{NO_PLEDGE}")
    return number


# -------------------------------------------------------------------------------- people


def add_attendee(
    session: Session,
    *,
    meeting: Meeting,
    user: User | None,
    name: str,
    place: str,
    role: AttendeeRole,
    pledge: SecrecyPledge | None,
    user_id: int,
) -> Attendee:
    """Put somebody down for the meeting: a user, one of the roster, or a name from outside."""
    if user is not None:
        attendee = user_attendee(user, role)
    elif pledge is not None:
        attendee = Attendee(
            name=pledge.name, belongs_to=pledge.belongs_to, role=role, pledge_id=pledge.id
        )
    elif name:
        attendee = Attendee(name=name, belongs_to=place or None, role=role)
    else:
        refuse("user_id", "利用者か、外部の人の名前を入れてください。")
    if user is not None and any(one.user_id == user.id for one in meeting.attendees):
        raise ConflictError("この人は、すでに出席者に入っています。")
    meeting.attendees.append(attendee)
    session.flush()  # the id is needed by the audit entry
    fields = ("user_id",) if user else ("name", "belongs_to")
    note(session, Deed.CREATED, "meeting_attendee", attendee.id, user_id=user_id, fields=fields)
    return attendee


def user_attendee(user: User, role: AttendeeRole) -> Attendee:
    """A user as one of a meeting."""
    return Attendee(user_id=user.id, name=user.name, belongs_to=belongs_to(user), role=role)


def belongs_to(user: User) -> str:
    """The organisations of a user, each once."""
    return "・".join(dict.fromkeys(m.organisation.name for m in user.memberships))[:200]


def remove_attendee(session: Session, *, meeting: Meeting, attendee_id: int, user_id: int) -> None:
    """Take somebody off the meeting and off every item of it."""
    attendee = next((one for one in meeting.attendees if one.id == attendee_id), None)
    if attendee is None:
        raise ConflictError("この人は、すでに出席者から外れています。")
    if attendee.user_id == user_id:
        raise InvalidError("自分は外せません。ほかの出席者に頼んでください。")
    note(session, Deed.DELETED, "meeting_attendee", attendee.id, user_id=user_id, fields=("name",))
    meeting.attendees.remove(attendee)
    session.flush()  # its seats go with it


def put_down(session: Session, *, item: Item, attendee_ids: Collection[int], user_id: int) -> None:
    """Who sits there for an item; whoever decides this stays put down.

    Raises InvalidError for somebody without the pledge, and for users who are no consultants at
    an item without consent: homes and food never sit there.
    """
    meeting = item.meeting
    known = {one.id: one for one in meeting.attendees}
    mine = attendee_of(session, meeting, user_id).id
    wanted = [known[number] for number in {*attendee_ids} & set(known)]
    if mine not in {one.id for one in wanted} and any(s.attendee_id == mine for s in item.seats):
        wanted.append(next(one for one in meeting.attendees if one.id == mine))
    present = {seat.attendee_id for seat in item.seats}
    for seat in list(item.seats):
        if seat.attendee_id not in {one.id for one in wanted}:
            item.seats.remove(seat)
    session.flush()  # seats given up go before new ones come
    for attendee in sorted(wanted, key=lambda one: one.id):
        if attendee.id in present:
            continue
        if item.without_consent and not _consulting(session, attendee):
            refuse("attendees", f"{attendee.name}さん：{ONLY_CONSULTANTS}")
        pledge = pledge_for(session, meeting, attendee, secret=item.secret, field="attendees")
        seat_at(session, item, attendee, pledge)
    session.expire(item, ["seats"])
    note(session, Deed.CHANGED, "meeting_item", item.id, user_id=user_id, fields=("seats",))


def _consulting(session: Session, attendee: Attendee) -> bool:
    if attendee.user_id is None:
        return True
    user = session.get_one(User, attendee.user_id)
    return any(one.role is Role.CONSULTANT for one in user.memberships)


def share_with_agencies(
    session: Session, *, item: Item, case: Case, ends_on: date, user_id: int, today: date
) -> int:
    """Open a case discussed as 支援会議 to the agencies put down for it; returns to how many.

    Only those that do not have it already get it, from today to the given day.
    """
    if not item.secret:
        raise InvalidError("支援会議の議題でだけ、共有を開けます。")
    seats = {seat.attendee_id for seat in item.seats}
    users = [one.user_id for one in item.meeting.attendees if one.id in seats and one.user_id]
    agencies = {
        membership.organisation_id
        for user in session.scalars(sa.select(User).where(User.id.in_(users)))
        for membership in user.memberships
        if membership.role is Role.CONSULTANT
        and OrganisationKind.CONSULTATION in membership.organisation.kinds
    } - {case.organisation_id}
    have = {
        d.organisation_id for d in case.disclosures if d.starts_on <= today and d.ends_on >= ends_on
    }
    bases = [one for one in item.meeting.bases if one in SUPPORT_BASES]
    words = "・".join(LEGAL_BASIS_LABELS[one] for one in bases)
    for organisation_id in sorted(agencies - have):
        disclose_to_meeting(
            session,
            case=case,
            organisation_id=organisation_id,
            legal_basis=f"{words}　{item.meeting.held_on.isoformat()}"[:200],
            starts_on=today,
            ends_on=ends_on,
            user_id=user_id,
        )
    session.expire(case, ["disclosures"])
    return len(agencies - have)


# -------------------------------------------------------------------------------- papers


def number_copies(session: Session, *, item: Item, copies: int, user_id: int) -> list[PaperCopy]:
    """Take the next numbers for sheets that are handed out and collected again."""
    last = session.scalar(
        sa.select(sa.func.max(PaperCopy.number)).where(PaperCopy.item_id == item.id)
    )
    made = [
        PaperCopy(item_id=item.id, number=(last or 0) + n + 1, printed_by=user_id)
        for n in range(copies)
    ]
    session.add_all(made)
    session.flush()  # the unique number decides between two who print at once
    note(session, Deed.PRINTED, "meeting_paper", item.id, user_id=user_id, fields=("number",))
    return made


def collect_copies(session: Session, *, item: Item, user_id: int, now: datetime) -> int:
    """Every sheet still out is back; returns how many."""
    collected = session.execute(
        sa.update(PaperCopy)
        .where(PaperCopy.item_id == item.id, PaperCopy.collected_at.is_(None))
        .values(collected_at=now, collected_by=user_id)
        .execution_options(synchronize_session=False)
    )
    note(session, Deed.CHANGED, "meeting_paper", item.id, user_id=user_id, fields=("collected_at",))
    return rows_changed(collected)
