"""Link-ins and decisions of a plan, and tenancies kept at 3, 6 and 12 months."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.followup.settling.models import LinkIn, WatchDecision
from app.japanese import months_later

MILESTONES = (3, 6, 12)


def link_ins_of(session: Session, plan_id: int) -> list[LinkIn]:
    """A plan's link-ins, the newest first."""
    return list(
        session.scalars(
            sa.select(LinkIn)
            .where(LinkIn.plan_id == plan_id)
            .order_by(LinkIn.day.desc(), LinkIn.id.desc())
        )
    )


def get_link_in(session: Session, link_id: int, plan_id: int) -> LinkIn:
    """A link-in of a plan the caller has opened."""
    one = session.get(LinkIn, link_id)
    if one is None or one.plan_id != plan_id:
        raise NotFoundError("このつなぎの記録は見つかりません。")
    return one


def decisions_of(session: Session, plan_id: int) -> list[WatchDecision]:
    """A plan's decisions, the newest first."""
    return list(
        session.scalars(
            sa.select(WatchDecision)
            .where(WatchDecision.plan_id == plan_id)
            .order_by(WatchDecision.id.desc())
        )
    )


@dataclass(frozen=True)
class Kept:
    """Of those who could have lived there so many months by now, how many did."""

    months: int
    reached: int
    kept: int


def kept_of(stays: Iterable[tuple[date, date | None]], today: date) -> list[Kept]:
    """入居継続 at 3, 6 and 12 months, worked out from move-ins and ends alone.

    Examples
    --------
    >>> stays = [(date(2026, 1, 10), None), (date(2026, 1, 10), date(2026, 5, 1))]
    >>> [(k.months, k.kept, k.reached) for k in kept_of(stays, date(2026, 8, 1))]
    [(3, 2, 2), (6, 1, 2), (12, 0, 0)]
    """
    known = list(stays)
    found = []
    for months in MILESTONES:
        marks = [(months_later(moved, months), ended) for moved, ended in known]
        reached = [(mark, ended) for mark, ended in marks if mark <= today]
        kept = [1 for mark, ended in reached if ended is None or ended >= mark]
        found.append(Kept(months, len(reached), len(kept)))
    return found
