"""Agreeing on a time for a visit."""

from datetime import date, time

from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.versions import check_version, flushed
from app.errors import ConflictError
from app.followup.codes import CheckInState
from app.followup.dayplan.models import VisitTime
from app.followup.dayplan.queries import checked_day, time_of
from app.followup.models import CheckIn
from app.followup.plans.services import note


def agree_on(
    session: Session,
    *,
    check_in: CheckIn,
    version: int,
    on: date,
    opens: time | None,
    closes: time | None,
    minutes: int,
    user_id: int,
    today: date,
) -> VisitTime:
    """Keep the time agreed for a visit; an earlier one of the same visit gives way.

    Raises InvalidError for a day past or more than two weeks ahead, ConflictError for a visit that
    is done or called off, StaleError when somebody was first.
    """
    if check_in.state is not CheckInState.DUE:
        raise ConflictError("この見守りは終わっています。時間は約束できません。")
    checked_day(on, today)
    agreed = time_of(session, check_in.id)
    check_version(agreed, version)
    kept = agreed or VisitTime(check_in_id=check_in.id)

    def act() -> None:
        kept.on, kept.minutes, kept.set_by = on, minutes, user_id
        kept.opens, kept.closes = _minute(opens), _minute(closes)
        session.add(kept)
        if check_in.visit_on is not None:  # moved before: what the household was told counts now
            check_in.visit_on = None if on == check_in.due_on else on

    flushed(session, act)  # the audit entry names it
    deed = Deed.CREATED if agreed is None else Deed.CHANGED
    note(session, deed, "visit_time", kept.id, user_id, "on", "opens", "closes", "minutes")
    return kept


def _minute(at: time | None) -> int | None:
    return None if at is None else at.hour * 60 + at.minute
