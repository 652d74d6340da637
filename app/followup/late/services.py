"""Taking in a visit hours after it happened. What happened is recorded or kept, never refused.

A plan may have changed meanwhile, or somebody else may have met the household: the visit is then
kept beside the plan until a named person decides. A worry never waits for that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.db import JAPAN, moment_on, rows_changed
from app.errors import ConflictError, InvalidError
from app.followup.codes import CONTACTS, AttemptResult, CheckInState
from app.followup.late import queries
from app.followup.late.models import LateVisit, Settlement, Trouble
from app.followup.models import Attempt, CheckIn
from app.followup.plans.services import note
from app.followup.visits import services as visits

RECORDED = "訪問を記録しました。"
AGAIN = "この訪問は、もう届いています。"
SENTENCES = {
    Trouble.RECORDED: "ほかの人が先に記録していました。この訪問は預かっています。"
    "「圏外で記録した訪問の確認」で、どちらも残すかを決めてください。",
    Trouble.CANCELLED: "計画が変わり、この見守りは取りやめになっていました。訪問は預かっています。"
    "「圏外で記録した訪問の確認」で、記録に残すかを決めてください。",
    Trouble.ENDED: "この世帯の見守りは終わっていました。この訪問は預かっています。"
    "「圏外で記録した訪問の確認」で、記録に残すかを決めてください。",
}
WORRY = "気になることを記録し、順番を始めました。きょうのうちに、相談の担当へ伝えてください。"
SETTLED = "この訪問のことは、ほかの人がもう決めました。画面を開き直してください。"


@dataclass(frozen=True)
class Taken:
    """What became of a late visit: `recorded`, `again`, or `reported` to be settled."""

    outcome: str
    sentence: str


def tell(
    session: Session,
    *,
    check_in: CheckIn,
    happened_at: datetime,
    on: date | None,
    again: bool = False,
    user_id: int,
    now: datetime,
    **said: Any,
) -> Taken:
    """Record a visit that has happened, or keep it where the plan contradicts it.

    `said` is what `visits.record_attempt` takes. A device's clock may be wrong: nothing happened
    after now or before the move.
    """
    visits.as_it_is(session, check_in)
    at = _moment(check_in, happened_at, on, now)
    if _told(session, check_in, user_id, at):
        return Taken("again", AGAIN)
    worried = said["result"] is AttemptResult.WORRYING
    trouble = None if worried else _trouble(check_in, said["result"])
    if trouble is not None:
        _keep(session, check_in, trouble=trouble, at=at, user_id=user_id, said=said)
        return Taken("reported", SENTENCES[trouble])
    if worried:
        visits.book(session, check_in=check_in, at=at, user_id=user_id, now=now, **said)
        return Taken("reported", WORRY)
    visits.record_attempt(
        session, check_in=check_in, on=None, happened_at=at, user_id=user_id, now=now, **said
    )
    return Taken("recorded", RECORDED)


def _moment(check_in: CheckIn, happened_at: datetime, on: date | None, now: datetime) -> datetime:
    """When it happened: the moment of the press, or noon of the earlier day somebody chose.

    The seconds stay those of the press: two visits of one earlier day are two, one told twice is
    one.
    """
    at, press = happened_at, happened_at.astimezone(JAPAN)
    if on is not None and on != press.date():
        at = moment_on(on, time(12, 0, press.second, press.microsecond))
    return min(max(at, moment_on(check_in.plan.starts_on)), now)


def _told(session: Session, check_in: CheckIn, user_id: int, at: datetime) -> bool:
    """Whether this phone's visit came before: its first answer may never have reached it."""
    booked = any(one.at == at and one.user_id == user_id for one in check_in.attempts)
    return booked or queries.told_before(session, check_in.id, user_id, at) is not None


def _trouble(check_in: CheckIn, result: AttemptResult) -> Trouble | None:
    if check_in.state is CheckInState.CANCELLED:
        return Trouble.CANCELLED if check_in.plan.ended_on is None else Trouble.ENDED
    if check_in.state is CheckInState.MET and result in CONTACTS:
        return Trouble.RECORDED
    return None


def _keep(
    session: Session,
    check_in: CheckIn,
    *,
    trouble: Trouble,
    at: datetime,
    user_id: int,
    said: Mapping[str, Any],
) -> None:
    kept = LateVisit(
        check_in_id=check_in.id,
        user_id=user_id,
        happened_at=at,
        trouble=trouble,
        result=said["result"],
        kinds=[code.value for code in said["kinds"]],
        rent=said["rent"],
        items=[code.value for code in said["items"]],
        note=said["note"],
        linked_to=said["linked_to"],
    )
    session.add(kept)
    session.flush()  # the audit entry names it
    note(session, Deed.CREATED, "late_visit", kept.id, user_id, "result", "note")


def settle(
    session: Session,
    *,
    late: LateVisit,
    settlement: Settlement,
    words: str,
    user_id: int,
    now: datetime,
) -> Attempt | None:
    """Decide what becomes of a late visit: one more record, or nothing, with the reason.

    The record is its visitor's, at the time it happened; the plan's days stay as they are. Raises
    InvalidError without a reason, ConflictError when somebody decided meanwhile.
    """
    if settlement is Settlement.LEFT and not words:
        sentence = "確かめたことを書いてください（例 同じ訪問を二人で記録していた）。"
        raise InvalidError(sentence, fields={"words": [sentence]})
    changed = session.execute(
        sa.update(LateVisit)
        .where(LateVisit.id == late.id, LateVisit.settlement.is_(None))
        .values(
            settlement=settlement,
            settled_at=now,
            settled_by=user_id,
            words=words or None,
            version=LateVisit.version + 1,
        )
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(changed) != 1:
        raise ConflictError(SETTLED)
    note(session, Deed.CHANGED, "late_visit", late.id, user_id, "settlement")
    if settlement is Settlement.LEFT:
        return None
    return visits.book(
        session,
        check_in=late.check_in,
        at=late.happened_at,
        result=late.result,
        kinds=late.kinds,
        rent=late.rent,
        items=late.items,
        note=late.note,
        linked_to=late.linked_to,
        user_id=late.user_id,
        now=now,
    )
