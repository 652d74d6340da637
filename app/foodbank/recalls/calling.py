"""Reaching those who got recalled food: results that are never changed, and slips taken back."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.audit.models import Deed
from app.cases.versions import check_version, flushed
from app.errors import ConflictError
from app.foodbank.models import HandOut
from app.foodbank.recalls.models import (
    PersonState,
    Recall,
    RecallAttempt,
    RecallLot,
    RecallPerson,
    RecallPortion,
    RecallResult,
    RecallState,
)
from app.foodbank.recalls.queries import last_attempt
from app.foodbank.recalls.services import ENDED
from app.foodbank.stock import note

TAKEN_BACK_WITHIN = timedelta(minutes=10)
STANDS_AFTER = {
    RecallResult.SPOKE: PersonState.TOLD,
    RecallResult.MET: PersonState.TOLD,
    RecallResult.TO_DESK: PersonState.PASSED_ON,
}


def record_result(
    session: Session, *, person: RecallPerson, values: dict[str, Any], user_id: int, at: datetime
) -> RecallAttempt:
    """Add one attempt (the values of `RecallResultSchema`). Whoever was told stays told.

    Raises StaleError when somebody recorded something since the page was opened, ConflictError
    once the recall is closed.
    """
    check_version(person, values["version"])
    _hold_open(session, person)

    def act() -> RecallAttempt:
        attempt = RecallAttempt(
            person_id=person.id,
            user_id=user_id,
            at=at,
            result=values["result"],
            food=values["food"],
            unwell=values["unwell"],
            note=values["note"] or None,
        )
        session.add(attempt)
        if person.state is not PersonState.TOLD:
            person.state = STANDS_AFTER.get(values["result"], PersonState.TRYING)
        flag_modified(person, "state")  # every result moves the version on
        return attempt

    attempt = flushed(session, act)
    note(session, Deed.CREATED, "recall_attempt", attempt.id, user_id, "result", "food")
    return attempt


def _hold_open(session: Session, person: RecallPerson) -> None:
    state = session.scalar(
        sa.select(Recall.state).where(Recall.id == person.recall_id).with_for_update()
    )
    if state is not RecallState.OPEN:
        raise ConflictError(ENDED, code="recall_ended")


def may_take_back(attempt: RecallAttempt | None, *, user_id: int, at: datetime) -> bool:
    """A slip may be taken back by whoever made it, for ten minutes."""
    return (
        attempt is not None and attempt.user_id == user_id and at - attempt.at <= TAKEN_BACK_WITHIN
    )


def take_back(
    session: Session, *, person: RecallPerson, version: int, user_id: int, at: datetime
) -> RecallAttempt:
    """Undo one's own last result by a further row; the person stands as the rest says."""
    check_version(person, version)
    _hold_open(session, person)
    last = last_attempt(session, person.id)
    if last is None or not may_take_back(last, user_id=user_id, at=at):
        raise ConflictError("取り消せるのは、自分が10分以内に記録した最後の結果だけです。")

    def act() -> RecallAttempt:
        undone = RecallAttempt(
            person_id=person.id,
            user_id=user_id,
            at=at,
            result=RecallResult.TAKEN_BACK,
            takes_back_id=last.id,
        )
        session.add(undone)
        session.flush()  # what stands is looked up without it
        person.state = _standing(session, person)
        flag_modified(person, "state")
        return undone

    undone = flushed(session, act)
    note(session, Deed.CREATED, "recall_attempt", undone.id, user_id, "result")
    return undone


def _standing(session: Session, person: RecallPerson) -> PersonState:
    undone = sa.select(RecallAttempt.takes_back_id).where(RecallAttempt.takes_back_id.is_not(None))
    results = session.scalars(
        sa.select(RecallAttempt.result)
        .where(
            RecallAttempt.person_id == person.id,
            *(RecallAttempt.created_at > moment for moment in _found_to_have_it(person)),
            RecallAttempt.result != RecallResult.TAKEN_BACK,
            RecallAttempt.id.not_in(undone),
        )
        .order_by(RecallAttempt.id)
    ).all()
    states = [STANDS_AFTER.get(result, PersonState.TRYING) for result in results]
    if PersonState.TOLD in states:
        return PersonState.TOLD
    return states[-1] if states else PersonState.WAITING


def _found_to_have_it(person: RecallPerson) -> tuple[sa.ScalarSelect[datetime], ...]:
    """When the last of their lots joined the recall and the last of their parcels was booked:
    what they were told before that did not speak of it.
    """
    mine = RecallPortion.person_id == person.id
    lot = sa.and_(
        RecallLot.recall_id == RecallPortion.recall_id, RecallLot.lot_id == RecallPortion.lot_id
    )
    parcel = HandOut.parcel_id == RecallPortion.parcel_id
    return (
        sa.select(sa.func.max(RecallLot.created_at))
        .join(RecallPortion, lot)
        .where(mine)
        .scalar_subquery(),
        sa.select(sa.func.max(HandOut.created_at))
        .join(RecallPortion, parcel)
        .where(mine)
        .scalar_subquery(),
    )
