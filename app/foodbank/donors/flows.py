"""What came in, reached households and was disposed of, in kilograms and households.

Kits are seen through: what is handed out in a kit is counted with the lots it was made of. A lot
weighs what somebody weighed, otherwise its item's weight times the units that came in; where
neither is known nothing is guessed, and how many lots that were is told beside the sum.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db import JAPAN
from app.foodbank.evidence.queries import Period
from app.foodbank.kits.models import KitBuild, KitPart
from app.foodbank.models import (
    FoodItem,
    FoodRequest,
    HandOut,
    Lot,
    Movement,
    MovementKind,
    Parcel,
    ParcelLine,
)
from app.japanese import narrow

NONE = Decimal(0)


def _standing(kind: MovementKind) -> tuple[sa.ColumnElement[bool], ...]:
    """Movements of a kind that nobody reversed."""
    undone = sa.select(Movement.reverses_id).where(Movement.reverses_id.is_not(None))
    return Movement.kind == kind, Movement.id.not_in(undone)


def came_units() -> sa.Subquery:
    """How many units of each lot came in, corrections of the receipt counted."""
    return (
        sa.select(Movement.lot_id, sa.func.sum(Movement.quantity).label("units"))
        .where(*_standing(MovementKind.RECEIPT))
        .group_by(Movement.lot_id)
        .subquery()
    )


def gift_kg(came: sa.Subquery) -> sa.ColumnElement[Decimal | None]:
    """What all of a lot weighed, in kg; needs Lot, FoodItem and `came` in the statement."""
    return sa.func.coalesce(Lot.weight_kg, FoodItem.weight_kg * came.c.units)


def no_kit() -> sa.ColumnElement[bool]:
    """Kits came from nobody: their parts did."""
    return Lot.id.not_in(sa.select(KitBuild.lot_id))


def within(period: Period) -> sa.ColumnElement[bool]:
    """Lots that came in within a period; those of a ledger without a day by when it was read."""
    start, end = period.moments
    return sa.or_(
        Lot.received_on.between(period.first, period.last),
        sa.and_(Lot.received_on.is_(None), Lot.created_at >= start, Lot.created_at < end),
    )


@dataclass(frozen=True)
class Gift:
    """One lot that came in."""

    lot_id: int
    day: date
    item: str
    unit: str
    units: int
    kg: Decimal | None


def gifts(session: Session, period: Period, *where: sa.ColumnElement[bool]) -> list[Gift]:
    """What came in within a period, first come first."""
    came = came_units()
    rows = session.execute(
        sa.select(
            Lot.id, Lot.received_on, Lot.created_at, FoodItem.name, Lot.unit, came.c.units,
            gift_kg(came),
        )
        .join(FoodItem, FoodItem.id == Lot.item_id)
        .outerjoin(came, came.c.lot_id == Lot.id)
        .where(Lot.organisation_id == period.organisation_id, within(period), no_kit(), *where)
        .order_by(Lot.received_on, Lot.id)
    )  # fmt: skip
    return [
        Gift(lot_id, on or at.astimezone(JAPAN).date(), item, unit, int(units or 0), kg)
        for lot_id, on, at, item, unit, units, kg in rows
    ]


def unit_weights(
    session: Session, organisation_id: int, *where: sa.ColumnElement[bool]
) -> dict[int, Decimal]:
    """What one unit of each lot weighs, in kg; lots nobody can weigh are 0."""
    came = came_units()
    rows = session.execute(
        sa.select(Lot.id, Lot.weight_kg, FoodItem.weight_kg, came.c.units)
        .join(FoodItem, FoodItem.id == Lot.item_id)
        .outerjoin(came, came.c.lot_id == Lot.id)
        .where(Lot.organisation_id == organisation_id, *where)
    )
    return {
        lot_id: weighed / int(units) if weighed is not None and units else usual or NONE
        for lot_id, weighed, usual, units in rows
    }


@dataclass(frozen=True)
class Box:
    """A parcel that reached somebody: when, whose case (none: at the table), so many of each lot.

    What was left at the table or came back later is not in it.
    """

    day: date
    case_id: int | None
    units: Mapping[int, int]
    alias: str = ""  # at the table, by `alias_key`

    def kg(self, weights: Mapping[int, Decimal]) -> Decimal:
        """What it weighed of the lots in `weights`."""
        return sum((n * weights.get(lot, NONE) for lot, n in self.units.items()), NONE)


def alias_key(code_name: str) -> str:
    """One key for an alias however it is typed; it may still stand for several people."""
    return narrow(code_name).strip().casefold()


def boxes(session: Session, period: Period, *where: sa.ColumnElement[bool]) -> list[Box]:
    """Every parcel handed out within a period, `where` on its request; three statements."""
    start, end = period.moments
    handed = sa.select(HandOut.parcel_id).where(HandOut.at >= start, HandOut.at < end)
    rows = session.execute(
        sa.select(
            HandOut.parcel_id, HandOut.at, HandOut.left_out, FoodRequest.case_id,
            FoodRequest.code_name, ParcelLine.id, ParcelLine.lot_id, ParcelLine.quantity,
        )
        .join(Parcel, Parcel.id == HandOut.parcel_id)
        .join(FoodRequest, FoodRequest.id == Parcel.request_id)
        .join(ParcelLine, ParcelLine.parcel_id == Parcel.id)
        .where(
            FoodRequest.organisation_id == period.organisation_id,
            HandOut.at >= start,
            HandOut.at < end,
            *where,
        )
        .order_by(HandOut.at, HandOut.parcel_id)
    )  # fmt: skip
    kits = _kit_parts(session, period.organisation_id)
    back = {
        (box or 0, lot): int(units)
        for box, lot, units in session.execute(
            sa.select(Movement.parcel_id, Movement.lot_id, sa.func.sum(Movement.quantity))
            .where(Movement.parcel_id.in_(handed), *_standing(MovementKind.RETURNED))
            .group_by(Movement.parcel_id, Movement.lot_id)
        )
    }
    told: dict[int, tuple[date, int | None, str]] = {}
    inside: dict[int, Counter[int]] = {}
    for parcel, at, left, case_id, code_name, line, lot, quantity in rows:
        alias = alias_key(code_name) if case_id is None else ""
        told[parcel] = at.astimezone(JAPAN).date(), case_id, alias
        amounts = inside.setdefault(parcel, Counter())
        if line not in left:
            amounts[lot] += quantity
    for (box, lot), units in back.items():
        if box in inside:
            inside[box][lot] -= units
    return [
        Box(on, case_id, _opened(inside[box], kits), alias)
        for box, (on, case_id, alias) in told.items()
    ]


def added_up(
    session: Session, period: Period, *where: sa.ColumnElement[bool]
) -> tuple[list[Box], Counter[int]]:
    """What `boxes` tells where only sums are asked for: boxes without what is in them, and how
    many units of each lot reached somebody. Added up in the database, so that a year of boxes
    costs a row each and not one for every line; only boxes of which something was left at the
    table or came back are opened. Three statements, and those of `boxes` for the opened ones.
    """
    start, end = period.moments
    inside = (
        FoodRequest.organisation_id == period.organisation_id,
        HandOut.at >= start,
        HandOut.at < end,
        *where,
    )
    came_back = sa.exists().where(
        Movement.parcel_id == HandOut.parcel_id, *_standing(MovementKind.RETURNED)
    )
    opened = sa.or_(sa.cast(HandOut.left_out, sa.String) != "[]", came_back)
    told = session.execute(
        sa.select(HandOut.at, FoodRequest.case_id, FoodRequest.code_name, opened)
        .join(Parcel, Parcel.id == HandOut.parcel_id)
        .join(FoodRequest, FoodRequest.id == Parcel.request_id)
        .where(*inside)
        .order_by(HandOut.at, HandOut.parcel_id)
    ).all()
    lots = session.execute(
        sa.select(ParcelLine.lot_id, sa.func.sum(ParcelLine.quantity))
        .join(HandOut, HandOut.parcel_id == ParcelLine.parcel_id)
        .join(Parcel, Parcel.id == HandOut.parcel_id)
        .join(FoodRequest, FoodRequest.id == Parcel.request_id)
        .where(*inside, ~opened)
        .group_by(ParcelLine.lot_id)
    )
    kits = _kit_parts(session, period.organisation_id)
    units = _opened({lot: int(count) for lot, count in lots}, kits)
    if any(one for _at, _case, _name, one in told):
        for box in boxes(session, period, *where, opened):
            units.update(box.units)
    return [
        Box(at.astimezone(JAPAN).date(), case, {}, alias_key(name) if case is None else "")
        for at, case, name, _opened_one in told
    ], units


def _kit_parts(session: Session, organisation_id: int) -> dict[int, list[tuple[int, int]]]:
    """What each kit of a lot holds: (lot, how many); no kit lies in a kit."""
    rows = session.execute(
        sa.select(KitBuild.lot_id, KitPart.lot_id, KitPart.per_kit)
        .join(KitPart, KitPart.build_id == KitBuild.id)
        .join(Lot, Lot.id == KitBuild.lot_id)
        .where(Lot.organisation_id == organisation_id)
    )
    found: dict[int, list[tuple[int, int]]] = {}
    for kit, part, per_kit in rows:
        found.setdefault(kit, []).append((part, per_kit))
    return found


def _opened(
    units: Mapping[int, int], kits: Mapping[int, Sequence[tuple[int, int]]]
) -> Counter[int]:
    opened: Counter[int] = Counter()
    for lot, count in units.items():
        for part, per_kit in kits.get(lot, [(lot, 1)]):
            opened[part] += count * per_kit
    return +opened  # what came back whole is not there


@dataclass(frozen=True)
class Reach:
    """How many households boxes reached.

    `visits` (延べ) are a household's days, `homes` (実) households with a case, each once. Whoever
    comes to the table without a case cannot be told apart, so each `table` box is a visit;
    `aliases` is how many different ones those came under.
    """

    parcels: int = 0
    visits: int = 0
    homes: int = 0
    table: int = 0
    aliases: int = 0


def reach_of(found: Iterable[Box], lots: Collection[int] | None = None) -> Reach:
    """Whom boxes reached, or those among them with some of `lots`."""
    chosen = [box for box in found if lots is None or not box.units.keys().isdisjoint(lots)]
    table = sum(box.case_id is None for box in chosen)
    days = {(box.case_id, box.day) for box in chosen if box.case_id is not None}
    aliases = {box.alias for box in chosen if box.case_id is None}
    homes = {case for case, _ in days}
    return Reach(len(chosen), len(days) + table, len(homes), table, len(aliases))


def disposals(session: Session, period: Period) -> list[tuple[date, int, int]]:
    """(day, lot, units) of everything thrown away within a period, kits by their parts."""
    start, end = period.moments
    rows: Any = session.execute(
        sa.select(Movement.created_at, Movement.lot_id, -Movement.quantity)
        .join(Lot, Lot.id == Movement.lot_id)
        .where(
            Lot.organisation_id == period.organisation_id,
            Movement.created_at >= start,
            Movement.created_at < end,
            *_standing(MovementKind.DISPOSAL),
        )
    )
    kits = _kit_parts(session, period.organisation_id)
    return [
        (at.astimezone(JAPAN).date(), part, units * per_kit)
        for at, lot, units in rows
        for part, per_kit in kits.get(lot, [(lot, 1)])
    ]
