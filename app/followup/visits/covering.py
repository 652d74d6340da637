"""Older silence answered by a later contact: settled in sight, never counted as done in time.

Who was met today was silent before and is well: what is still due from before names the check-in
of that contact and is 「あとの連絡で確かめた」. A look back is a talk of its own, so only another
look back answers for one. Ladders stay open until a person closes them.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.audit.models import Deed
from app.audit.services import record
from app.db import JAPAN
from app.followup.codes import CONTACTS, OWN_WORD, CheckInKind, CheckInState
from app.followup.ladder.codes import ConcernKind
from app.followup.ladder.models import Concern
from app.followup.models import Attempt, CheckIn

LOOKS = frozenset({CheckInKind.ROUTINE, CheckInKind.RETURN, CheckInKind.EXTRA})
"""Of one kind here: a look in, for whatever reason it was planned."""


def _day(at: datetime) -> date:
    return at.astimezone(JAPAN).date()


def answered_kinds(kind: CheckInKind) -> frozenset[CheckInKind]:
    """Which older check-ins a contact at one of this kind answers for."""
    return LOOKS | {CheckInKind.REVIEW} if kind is CheckInKind.REVIEW else LOOKS


def cover_older(session: Session, *, plan_id: int, contact: Attempt) -> list[int]:
    """Settle what was due up to the day of a contact and is still silent; gives the check-ins."""
    if contact.result not in OWN_WORD:
        return []
    kind = session.get_one(CheckIn, contact.check_in_id).kind
    older = session.scalars(
        sa.select(CheckIn)
        .where(
            CheckIn.plan_id == plan_id,
            CheckIn.id != contact.check_in_id,
            CheckIn.state == CheckInState.DUE,
            CheckIn.due_on <= _day(contact.at),
            CheckIn.kind.in_(answered_kinds(kind)),
        )
        .order_by(CheckIn.id)
        .execution_options(populate_existing=True)
    ).all()
    for row in older:
        row.state, row.answered_by = CheckInState.COVERED, contact.check_in_id
        _note(session, row, contact.user_id)
    session.flush()  # what reads the list next must not find them due
    return [row.id for row in older]


def due_again(check_in: CheckIn, at: datetime) -> None:
    """Nobody was met after all. The limit that has passed opened its one concern, which may be
    closed by now: silence is borne until tomorrow at the most, and then opens another.
    """
    check_in.state, check_in.answered_by = CheckInState.DUE, None
    check_in.escalate_on = max(check_in.escalate_on, _day(at) + timedelta(days=1))


def cover_anew(session: Session, *, check_in: CheckIn, user_id: int, at: datetime) -> None:
    """After a correction: what a check-in answered for is due again unless a contact still answers.

    Every contact of the plan that stands is asked once more, the oldest first.
    """
    loose = session.scalars(
        sa.select(CheckIn)
        .where(CheckIn.answered_by == check_in.id)
        .execution_options(populate_existing=True)
    ).all()
    for row in loose:
        due_again(row, at)
    session.flush()  # the contacts below look for what is due
    for contact in own_contacts(session, check_in.plan_id):
        cover_older(session, plan_id=check_in.plan_id, contact=contact)
    for row in loose:
        if row.state is CheckInState.DUE:
            _note(session, row, user_id)


def own_contacts(session: Session, plan_id: int) -> Iterable[Attempt]:
    """Contacts of a plan that nobody corrected and that found nothing worrying, oldest first."""
    later = aliased(Attempt)
    return session.scalars(
        sa.select(Attempt)
        .join(CheckIn, CheckIn.id == Attempt.check_in_id)
        .where(
            CheckIn.plan_id == plan_id,
            Attempt.result.in_(OWN_WORD),
            ~sa.exists().where(later.corrects_id == Attempt.id),
        )
        .order_by(Attempt.at, Attempt.id)
    ).all()


def answer_to(session: Session, concern: Concern) -> Attempt | None:
    """The contact that shows what a concern about silence asks; None for a worry.

    For somebody not reached it is the contact of that check-in or of the one that answered it; for
    a silence or an alarm the first after it began. It closes nothing: a person does.
    """
    if concern.kind is ConcernKind.WORRY:
        return None
    contacts = own_contacts(session, concern.plan_id)
    if concern.kind is ConcernKind.NO_CONTACT and concern.check_in is not None:
        asked = {concern.check_in.id, concern.check_in.answered_by}
        return next((one for one in contacts if one.check_in_id in asked), None)
    return next((one for one in contacts if one.at > concern.opened_at), None)


def is_met(check_in: CheckIn) -> bool:
    """Whether a standing attempt of this very check-in is a contact."""
    return any(one.result in CONTACTS for one in check_in.standing)


def _note(session: Session, row: CheckIn, user_id: int) -> None:
    record(
        session,
        deed=Deed.CHANGED,
        record_kind="check_in",
        record_id=row.id,
        user_id=user_id,
        fields=("state",),
    )
