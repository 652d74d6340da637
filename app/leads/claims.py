"""Two people never call the same number at once: whoever presses first holds it for a while.

The database decides, in one statement: a row a number, taken over only when its time has passed.
Somebody with two loans stands on a list twice, and two of a family may share a number; the number
is what is held.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.db import JAPAN, UtcDateTime, insert_or_update
from app.errors import ConflictError
from app.leads.models import Lead, LeadClaim, LeadList
from app.leads.numbers import call_key

HELD_FOR = timedelta(minutes=15)
TRIED = 40


def claim(
    session: Session, *, lead: Lead, organisation_id: int, user_id: int, at: datetime
) -> LeadClaim:
    """Hold somebody's number until `at` + 15 minutes; holding it again makes it longer.

    Nobody rings two numbers at once, so any other one held is let go. Raises ConflictError (code
    `claimed`) while somebody else holds it.
    """
    _take_or_say(session, lead, organisation_id, user_id, at)
    _let_others_go(session, lead, user_id)
    return session.scalars(_of(lead, organisation_id)).one()


def pass_through(
    session: Session, *, lead: Lead, organisation_id: int, user_id: int, at: datetime
) -> None:
    """Make sure nobody else is calling, and let go of the number. Raises as `claim`."""
    _take_or_say(session, lead, organisation_id, user_id, at)
    release(session, lead=lead, organisation_id=organisation_id, user_id=user_id)


def _take_or_say(
    session: Session, lead: Lead, organisation_id: int, user_id: int, at: datetime
) -> None:
    if not _take(session, lead, organisation_id, user_id, at):
        raise ConflictError(_held_words(session, lead, organisation_id), code="claimed")


def _let_others_go(session: Session, lead: Lead, user_id: int) -> None:
    session.execute(
        sa.delete(LeadClaim).where(
            LeadClaim.user_id == user_id, LeadClaim.call_key != call_key(lead)
        )
    )


def _take(session: Session, lead: Lead, organisation_id: int, user_id: int, at: datetime) -> bool:
    table = LeadClaim.__table__
    values = {"lead_id": lead.id, "user_id": user_id, "until": at + HELD_FOR}
    held = insert_or_update(session, LeadClaim).values(
        organisation_id=organisation_id, call_key=call_key(lead), **values
    )
    taken = session.scalar(
        held.on_conflict_do_update(
            index_elements=["organisation_id", "call_key"],
            set_=values,
            where=sa.or_(
                table.c.until <= sa.literal(at, UtcDateTime()), table.c.user_id == user_id
            ),
        ).returning(table.c.id)
    )
    return taken is not None


def _of(lead: Lead, organisation_id: int) -> sa.Select[LeadClaim]:
    return (
        sa.select(LeadClaim)
        .where(LeadClaim.organisation_id == organisation_id, LeadClaim.call_key == call_key(lead))
        .execution_options(populate_existing=True)
    )


def _held_words(session: Session, lead: Lead, organisation_id: int) -> str:
    row = session.execute(
        sa.select(User.name, LeadClaim.until)
        .join(User, User.id == LeadClaim.user_id)
        .where(LeadClaim.organisation_id == organisation_id, LeadClaim.call_key == call_key(lead))
    ).first()
    if row is None:
        return "いま、ほかの人がかけ終わったところです。画面を開き直してください。"
    until = row.until.astimezone(JAPAN)
    return f"いま{row.name}さんがかけています（{until:%H:%M}まで）。終わるまで待ってください。"


def release(session: Session, *, lead: Lead, organisation_id: int, user_id: int) -> None:
    """Let go of a number one holds; nothing happens when one does not."""
    session.execute(
        sa.delete(LeadClaim).where(
            LeadClaim.organisation_id == organisation_id,
            LeadClaim.call_key == call_key(lead),
            LeadClaim.user_id == user_id,
        )
    )


def claim_next(
    session: Session,
    *,
    due: sa.Select[Lead],
    order: list[Any],
    user_id: int,
    at: datetime,
) -> int | None:
    """Hold the first of `due` whose number nobody else holds; None when there is none.

    Somebody may press at the same moment and be first with one of them: then the next is tried.
    """
    held = sa.exists().where(
        LeadClaim.organisation_id == LeadList.organisation_id,
        LeadClaim.call_key == Lead.call_digits,
        LeadClaim.until > at,
        LeadClaim.user_id != user_id,
    )
    free = due.add_columns(LeadList.organisation_id).where(sa.not_(held)).order_by(*order)
    for lead, organisation_id in session.execute(free.limit(TRIED)).all():
        if _take(session, lead, organisation_id, user_id, at):
            _let_others_go(session, lead, user_id)
            return int(lead.id)
    return None
