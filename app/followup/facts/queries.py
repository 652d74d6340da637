"""Late rent, nobody met, more food asked for: each a fact with its day, for many plans at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db import JAPAN
from app.followup.codes import CONTACTS, Rent
from app.followup.models import Attempt, CheckIn, WatchPlan
from app.foodbank.models import FoodRequest, RequestState

RECENT = timedelta(days=60)
NOT_MET = timedelta(days=30)
LATE = (Rent.LATE, Rent.UNPAID)


@dataclass(frozen=True)
class Fact:
    """One fact in words, with the day it is from."""

    words: str
    day: date


def facts_of(
    session: Session, plans: Mapping[WatchPlan, int], *, today: date, food: bool
) -> Mapping[int, list[Fact]]:
    """The facts of each plan, given with its case, the newest first.

    `food` only for who may read food requests. Rent counts as last told; nobody met as tried and
    not reached in thirty days; food as asked for more often in the last sixty days than in the
    sixty before. Nothing is weighed or added up.
    """
    tries = _attempts(session, [plan.id for plan in plans])
    asked = _food(session, plans.values(), today) if food else {}
    return {
        plan.id: told_of(plan, tries[plan.id], asked.get(case_id), today)
        for plan, case_id in plans.items()
    }


def facts_of_one(
    session: Session,
    plan: WatchPlan,
    case_id: int,
    tries: Sequence[Attempt],
    *,
    today: date,
    food: bool,
) -> list[Fact]:
    """The same of one plan whose standing attempts, oldest first, were read already."""
    asked = _food(session, [case_id], today) if food else {}
    return told_of(plan, tries, asked.get(case_id), today)


def told_of(
    plan: WatchPlan, tries: Sequence[Attempt], food: Fact | None, today: date
) -> list[Fact]:
    """The facts in the order of their days, the newest first."""
    found = [*_rent(tries), *_contact(plan, tries, today)]
    if food is not None:
        found.append(food)
    return sorted(found, key=lambda fact: fact.day, reverse=True)


def _attempts(session: Session, plan_ids: Iterable[int]) -> dict[int, list[Attempt]]:
    """The attempts of each plan that no later one corrected, oldest first."""
    rows = session.execute(
        sa.select(CheckIn.plan_id, Attempt)
        .join(Attempt, Attempt.check_in_id == CheckIn.id)
        .where(CheckIn.plan_id.in_(plan_ids))
        .order_by(Attempt.at, Attempt.id)
    ).all()
    corrected = {attempt.corrects_id for _plan, attempt in rows}
    found: dict[int, list[Attempt]] = defaultdict(list)
    for plan_id, attempt in rows:
        if attempt.id not in corrected:
            found[plan_id].append(attempt)
    return found


def _day(attempt: Attempt) -> date:
    return attempt.at.astimezone(JAPAN).date()


def _rent(tries: Sequence[Attempt]) -> list[Fact]:
    told = [a for a in tries if a.rent is not None]
    if not told or told[-1].rent not in LATE:
        return []
    day = _day(told[-1])
    words = "家賃が遅れている" if told[-1].rent is Rent.LATE else "家賃が払えていない"
    return [Fact(f"{words}（{_short(day)}に聞いた）", day)]


def _contact(plan: WatchPlan, tries: Sequence[Attempt], today: date) -> list[Fact]:
    last = max((_day(a) for a in tries if a.result in CONTACTS), default=plan.starts_on)
    since = [a for a in tries if _day(a) > last]
    if not since or today - last < NOT_MET:
        return []
    words = f"{_short(last)}から会えていない（試み{len(since)}回）"
    return [Fact(words, _day(since[-1]))]


def _food(session: Session, case_ids: Iterable[int], today: date) -> dict[int, Fact]:
    """Of the cases that asked for more food than before, how often and when last."""
    day = FoodRequest.needed_on
    recent = sa.func.sum(sa.case((day > today - RECENT, 1), else_=0))
    before = sa.func.sum(sa.case((day <= today - RECENT, 1), else_=0))
    rows = session.execute(
        sa.select(FoodRequest.case_id, recent, before, sa.func.max(day))
        .where(
            FoodRequest.case_id.in_(list(case_ids)),
            FoodRequest.state != RequestState.CANCELLED,
            day > today - 2 * RECENT,
            day <= today,
        )
        .group_by(FoodRequest.case_id)
        .having(sa.and_(recent > before, recent > 1))
    )
    return {
        case_id: Fact(
            f"食料の依頼が増えた（60日で{now_}回、その前の60日は{then}回、最後は{_short(last)}）",
            last,
        )
        for case_id, now_, then, last in rows
    }


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"
