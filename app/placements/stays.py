"""Temporary stays: until when, longer with a reason, and leaving. None ever ends by itself.

A shelter is for three months, at most six (生活困窮者自立支援法の居住支援事業); other temporary
homes have no rule of their own here and start with the same three months.
"""

from calendar import monthrange
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.errors import ConflictError, InvalidError
from app.housing.codes import HomeKind, HomeState
from app.placements.codes import PlacementState
from app.placements.models import Placement, StayExtension
from app.placements.services import note, tell_over

USUAL_MONTHS = 3
LONGEST_MONTHS = {HomeKind.SHELTER: 6}
WARN_DAYS = (30, 14, 7, 0)


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last of that month.

    Examples
    --------
    >>> months_after(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def usual_end(kind: HomeKind, moved_in_on: date) -> date:
    """The day a stay ends when nobody decides otherwise."""
    return months_after(moved_in_on, USUAL_MONTHS)


def latest_end(placement: Placement) -> date | None:
    """The last day a stay may be extended to; None where no rule limits it."""
    months = LONGEST_MONTHS.get(placement.home.kind)
    if months is None or placement.moved_in_on is None:
        return None
    return months_after(placement.moved_in_on, months)


def extended(session: Session, placement: Placement) -> bool:
    """Whether a stay was ever extended."""
    found = sa.select(StayExtension.id).where(StayExtension.placement_id == placement.id).limit(1)
    return session.scalar(found) is not None


def extend_stay(
    session: Session,
    *,
    placement: Placement,
    until: date,
    reason: str,
    user_id: int,
) -> StayExtension:
    """Make a stay longer. Raises InvalidError for a day that is not later or past the limit."""
    before = _staying(placement)
    if until <= before:
        sentence = "いまの終わりの日より後の日付を入れてください。"
        raise InvalidError(sentence, fields={"until": [sentence]})
    latest = latest_end(placement)
    if latest is not None and until > latest:
        sentence = f"{latest.year}年{latest.month}月{latest.day}日までしか延ばせません。"
        raise InvalidError(sentence, fields={"until": [sentence]})
    extension = StayExtension(
        placement_id=placement.id, before=before, until=until, reason=reason, user_id=user_id
    )
    session.add(extension)
    placement.stay_until = until
    session.flush()  # of two people extending at once the second is refused by the version
    note(session, Deed.CHANGED, "placement", placement.id, user_id, "stay_until")
    return extension


def end_stay(
    session: Session,
    *,
    placement: Placement,
    left_on: date,
    reason: str,
    user_id: int,
    today: date,
) -> None:
    """退去: the household has left, and the home is free again."""
    _staying(placement)
    if left_on > today:
        sentence = "まだ来ていない日は記録できません。"
        raise InvalidError(sentence, fields={"left_on": [sentence]})
    if placement.moved_in_on is not None and left_on < placement.moved_in_on:
        sentence = "入居した日より後の日付を入れてください。"
        raise InvalidError(sentence, fields={"left_on": [sentence]})
    placement.state = PlacementState.ENDED
    placement.ended_on = left_on
    placement.end_reason = reason
    placement.home.state = HomeState.VACANT
    session.flush()  # the home may be held again in this transaction
    note(session, Deed.CHANGED, "placement", placement.id, user_id, "state", "ended_on")
    tell_over(session, placement, user_id)


def _staying(placement: Placement) -> date:
    if not placement.temporary:
        raise InvalidError("一時的な住まいではないため、滞在の期限はありません。")
    if placement.state is not PlacementState.MOVED_IN or placement.stay_until is None:
        raise ConflictError("この滞在は、まだ始まっていないか、すでに終わっています。")
    return placement.stay_until
