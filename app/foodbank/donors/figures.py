"""食料の実績: by month and in all, kilograms, parcels, households, and asked against received."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.foodbank.donors.flows import (
    NONE,
    Box,
    Gift,
    Reach,
    boxes,
    disposals,
    gifts,
    reach_of,
    unit_weights,
)
from app.foodbank.evidence.queries import Period
from app.foodbank.models import FoodRequest, Parcel, ParcelState, RequestState


@dataclass(frozen=True)
class Asked:
    """One request: days asked for, and days its box covered in its worst food group."""

    day: date
    asked: int
    covered: float


@dataclass(frozen=True)
class Figures:
    """What happened in a month (`month` is its first day) or, with none, in the whole period."""

    month: date | None
    received_kg: Decimal
    unweighed: int
    handed_kg: Decimal
    disposed_kg: Decimal
    reach: Reach
    requests: int
    asked_days: int
    covered_days: float

    @property
    def covered_share(self) -> int | None:
        """Days received in the worst group out of 100 asked for; None when nobody asked."""
        return round(100 * self.covered_days / self.asked_days) if self.asked_days else None


@dataclass(frozen=True)
class _Everything:
    received: Sequence[Gift]
    boxes: Sequence[Box]
    disposed: Sequence[tuple[date, int, int]]
    asked: Sequence[Asked]
    weights: Mapping[int, Decimal]


def asked_for(session: Session, period: Period, *, today: date) -> list[Asked]:
    """Requests that were due within the period; what is not handed out covers no day yet."""
    rows = session.execute(
        sa.select(FoodRequest.needed_on, FoodRequest.days, Parcel.days_covered)
        .outerjoin(
            Parcel,
            sa.and_(Parcel.request_id == FoodRequest.id, Parcel.state == ParcelState.HANDED_OUT),
        )
        .where(
            FoodRequest.organisation_id == period.organisation_id,
            FoodRequest.needed_on.between(period.first, min(period.last, today)),
            FoodRequest.state != RequestState.CANCELLED,
        )
    )
    return [Asked(on, days, worst_days(covered, days)) for on, days, covered in rows]


def worst_days(covered: Mapping[str, float] | None, asked: int) -> float:
    """Days the worst food group of a box lasts, at most those asked for; 0 without a box."""
    return min(min(covered.values(), default=0.0), float(asked)) if covered else 0.0


def figures(session: Session, period: Period, *, today: date) -> tuple[list[Figures], Figures]:
    """Each month of a period, and the whole: a household of two months is one of the period."""
    found = _Everything(
        gifts(session, period),
        boxes(session, period),
        disposals(session, period),
        asked_for(session, period, today=today),
        unit_weights(session, period.organisation_id),
    )
    months = [
        _figures(_of_month(found, month), month)
        for month in months_of(period.first, min(period.last, today))
    ]
    return months, _figures(found, None)


def months_of(first: date, last: date) -> Iterator[date]:
    """The first days of all months from one day to another."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        year, number = divmod(month.month, 12)
        month = date(month.year + year, number + 1, 1)


def _of_month(found: _Everything, month: date) -> _Everything:
    def here(day: date) -> bool:
        return (day.year, day.month) == (month.year, month.month)

    return _Everything(
        [one for one in found.received if here(one.day)],
        [one for one in found.boxes if here(one.day)],
        [one for one in found.disposed if here(one[0])],
        [one for one in found.asked if here(one.day)],
        found.weights,
    )


def _figures(found: _Everything, month: date | None) -> Figures:
    return Figures(
        month=month,
        received_kg=_sum(one.kg or NONE for one in found.received),
        unweighed=sum(one.kg is None for one in found.received),
        handed_kg=_sum(box.kg(found.weights) for box in found.boxes),
        disposed_kg=_sum(found.weights.get(lot, NONE) * n for _day, lot, n in found.disposed),
        reach=reach_of(found.boxes),
        requests=len(found.asked),
        asked_days=sum(one.asked for one in found.asked),
        covered_days=round(sum(one.covered for one in found.asked), 1),
    )


def _sum(weights: Iterable[Decimal]) -> Decimal:
    return sum(weights, NONE)
