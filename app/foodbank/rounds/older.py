"""「古い方はこちら」 while a box is packed: an older lot of the same food that lies on a shelf.

A hint and no barrier. Only what this household may eat is told, and only where some of it is not in
the box already.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.foodbank.models import FoodRequest, Lot, LotState
from app.foodbank.proposals import refusals
from app.foodbank.queries import left_of, standing_is
from app.foodbank.scanning.queries import found_by, item_of_jan
from app.policy import Viewer


@dataclass(frozen=True)
class Older:
    """An older lot, where it lies and how many of it are free."""

    lot: Lot
    shelf: str
    free: int


def older_beside(
    session: Session, request: FoodRequest, given: Sequence[tuple[Lot, int]], *, today: date
) -> list[Older]:
    """Of each food in a box the oldest usable lot that was passed over, if any."""
    newest: dict[int, date] = {}
    chosen = Counter({lot.id: units for lot, units in given})
    for lot, units in given:
        if units and lot.last_day is not None:
            newest[lot.item_id] = max(newest.get(lot.item_id, date.min), lot.last_day)
    found: dict[int, Older] = {}
    for lot in _usable(session, request, list(newest), today=today):
        free = _free(lot, chosen)
        if lot.last_day is not None and lot.last_day < newest[lot.item_id] and free > 0:
            shelf = next(b.shelf.code for b in lot.balances if b.quantity)
            found.setdefault(lot.item_id, Older(lot, shelf, free))
    return list(found.values())


def _free(lot: Lot, chosen: Counter[int]) -> int:
    """How many of a lot lie here and are not in the box."""
    return sum(balance.quantity for balance in lot.balances) - chosen[lot.id]


def _usable(
    session: Session, request: FoodRequest, items: Sequence[int], *, today: date
) -> list[Lot]:
    """Lots of some items that this request may have today, first to expire first."""
    if not items:
        return []
    lots = session.scalars(
        sa.select(Lot)
        .where(
            Lot.organisation_id == request.organisation_id,
            Lot.item_id.in_(items),
            standing_is(LotState.OFFERABLE, today),
            left_of(Lot.id) > 0,
        )
        .order_by(Lot.last_day.asc().nulls_last(), Lot.id)
    ).unique()
    found = list(lots)
    refused = refusals(request, found, today=today)
    return [lot for lot in found if lot.id not in refused]


@dataclass(frozen=True)
class Scanned:
    """What a code read at the box stands for: a lot, or the food of a barcode; and what to take."""

    name: str
    last_day: date | None
    in_box: bool
    refused: str | None
    first: Older | None


def scanned(
    session: Session,
    request: FoodRequest,
    viewer: Viewer,
    code: str,
    given: Sequence[tuple[Lot, int]],
    *,
    today: date,
) -> Scanned | None:
    """Look a code up for somebody with a pack in hand; None for what stands for no food here."""
    page, values = found_by(session, code, viewer) or ("", {})
    lot = session.get(Lot, values["lot_id"]) if page == "foodbank.lot_page" else None
    if lot is not None and lot.organisation_id != request.organisation_id:
        return None
    item = lot.item if lot else item_of_jan(session, values.get("q", ""), viewer)
    if item is None or item.organisation_id != request.organisation_id:
        return None
    usable = _usable(session, request, [item.id], today=today)
    chosen = Counter({one.id: units for one, units in given})
    first = next(
        (x for x in usable if lot is None or (_older(x, lot) and _free(x, chosen) > 0)), None
    )
    return Scanned(
        name=item.name,
        last_day=lot.last_day if lot else None,
        in_box=any(units and lot_is(one, lot, item.id) for one, units in given),
        refused=_refused(request, lot, usable, today=today),
        first=None if first is None else _lies(first),
    )


def _refused(
    request: FoodRequest, lot: Lot | None, usable: Sequence[Lot], *, today: date
) -> str | None:
    if lot is not None:
        return refusals(request, [lot], today=today).get(lot.id)
    return None if usable else str(_("この世帯に渡せる物が、いま棚にありません。"))


def lot_is(one: Lot, lot: Lot | None, item_id: int) -> bool:
    """Whether a lot of the box is the one read, or one of the food read."""
    return one.id == lot.id if lot is not None else one.item_id == item_id


def _older(one: Lot, lot: Lot) -> bool:
    return None not in (one.last_day, lot.last_day) and (one.last_day or date.max) < (
        lot.last_day or date.min
    )


def _lies(lot: Lot) -> Older:
    there = [balance for balance in lot.balances if balance.quantity]
    return Older(lot, there[0].shelf.code, sum(balance.quantity for balance in there))
