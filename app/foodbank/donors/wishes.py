"""ほしいもの: what fell short in the last weeks, as wishes donors understand.

Nothing is told of fewer than five households, neither a group nor a condition: a wish hangs where
everybody reads it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.foodbank.codes import FOOD_GROUP_LABELS, FoodGroup
from app.foodbank.donors.proposals import Short, open_cover, what_is_short
from app.foodbank.donors.words import FEWEST
from app.foodbank.kits.models import KitBuild
from app.foodbank.models import (
    FoodItem,
    FoodRequest,
    Lot,
    Parcel,
    ParcelLine,
    ParcelState,
    RequestState,
)
from app.foodbank.queries import stock_for, withheld
from app.foodbank.running_out.queries import WatchedItem, low_items
from app.policy import Viewer

EXAMPLES = {
    FoodGroup.STAPLE: "米、パックごはん、めん、シリアル",
    FoodGroup.PROTEIN: "魚や肉の缶詰、レトルトのおかず、豆",
    FoodGroup.VEGETABLE: "野菜の缶詰、乾燥野菜、野菜ジュース",
    FoodGroup.FRUIT: "果物の缶詰、ドライフルーツ、果汁100%のジュース",
    FoodGroup.INFANT: "粉ミルク、ベビーフード",
    FoodGroup.DRINK: "飲み水",
}
TYPICAL = 3


@dataclass(frozen=True)
class Example:
    """An item the bank knows, and about how many of it alone would have closed the gap."""

    name: str
    units: int
    unit: str
    kg: float


@dataclass(frozen=True)
class Wish:
    """One food group that fell short for at least five households."""

    code: str
    group: str
    words: str
    person_days: int
    kg: float | None
    examples: tuple[Example, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Wishes:
    """What is wished for, the largest gap first, and the items that run low."""

    wishes: tuple[Wish, ...]
    low: tuple[WatchedItem, ...]
    days: int


def wishes_of(
    session: Session, viewer: Viewer, organisation_id: int, *, days: int, today: date
) -> Wishes:
    """Work them out from the boxes of the last `days` days and the requests open now."""
    shorts = list(_shorts(session, organisation_id, since=today - timedelta(days), today=today))
    typical = _typical_items(session, organisation_id, since=today - timedelta(365))
    each: dict[str, list[Short]] = {}
    for one in shorts:
        each.setdefault(one.group, []).append(one)
    wishes = [
        _wish(code, some, typical.get(code, []))
        for code, some in each.items()
        if _households(some) >= FEWEST
    ]
    low = low_items(session, viewer, today=today)
    return Wishes(
        tuple(sorted(wishes, key=lambda wish: (-wish.person_days, wish.code))),
        tuple(one for one in low if one.item.organisation_id == organisation_id),
        days,
    )


def _shorts(session: Session, organisation_id: int, *, since: date, today: date) -> Iterable[Short]:
    """Of packed and handed-out boxes what they lacked, of open requests what the stock lacks.

    Requests whose food bank may no longer know what they say are left out.
    """
    rows = session.execute(
        sa.select(FoodRequest, Parcel.days_covered)
        .outerjoin(
            Parcel,
            sa.and_(Parcel.request_id == FoodRequest.id, Parcel.state != ParcelState.CANCELLED),
        )
        .where(
            FoodRequest.organisation_id == organisation_id,
            FoodRequest.needed_on >= since,
            FoodRequest.state != RequestState.CANCELLED,
        )
        .order_by(FoodRequest.needed_on, FoodRequest.id)
    ).all()
    hidden = withheld(session, [row[0] for row in rows], today=today)
    known = [(row[0], row[1]) for row in rows if row[0].id not in hidden]
    waiting = [one for one, _ in known if one.state is RequestState.OPEN]
    stock = stock_for(session, organisation_id) if waiting else ([], {})
    packed = [(one, covered) for one, covered in known if covered is not None]
    for request, covered in [*packed, *open_cover(waiting, *stock, today=today)]:
        yield from what_is_short(request, covered)


def _typical_items(
    session: Session, organisation_id: int, *, since: date
) -> dict[str, list[tuple[FoodItem, str]]]:
    """Per group the items most often packed, with the unit they are counted in; no kits."""
    kits = sa.select(Lot.item_id).join(KitBuild, KitBuild.lot_id == Lot.id)
    rows = session.execute(
        sa.select(FoodItem, sa.func.max(Lot.unit))
        .join(Lot, sa.and_(Lot.item_id == FoodItem.id, Lot.received_on >= since))
        .outerjoin(ParcelLine, ParcelLine.lot_id == Lot.id)
        .where(
            FoodItem.organisation_id == organisation_id,
            FoodItem.kcal > 0,
            FoodItem.weight_kg.is_not(None),
            FoodItem.special_formula.is_(False),
            FoodItem.id.not_in(kits),
        )
        .group_by(FoodItem.id)
        .order_by(sa.func.coalesce(sa.func.sum(ParcelLine.quantity), 0).desc(), FoodItem.name)
    )
    found: dict[str, list[tuple[FoodItem, str]]] = {}
    for item, unit in rows:
        some = found.setdefault(item.food_group, [])
        if len(some) < TYPICAL:
            some.append((item, unit))
    return found


def _households(shorts: Iterable[Short]) -> int:
    return len({one.household for one in shorts})


def _wish(code: str, shorts: Sequence[Short], items: Sequence[tuple[FoodItem, str]]) -> Wish:
    amount = sum(one.amount for one in shorts)
    examples = tuple(_example(code, amount, item, unit) for item, unit in items)
    group = FoodGroup(code)
    return Wish(
        code=code,
        group=FOOD_GROUP_LABELS[group],
        words=EXAMPLES.get(group, FOOD_GROUP_LABELS[group]),
        person_days=about(sum(one.person_days for one in shorts)),
        kg=about(sum(one.kg for one in examples) / len(examples)) if examples else None,
        examples=examples,
        terms=shared_terms(shorts),
    )


def _example(code: str, amount: float, item: FoodItem, unit: str) -> Example:
    weight = item.weight_kg or Decimal(0)
    one = float(weight * 1000) if code == FoodGroup.DRINK else float(item.kcal or 0)
    units = about(amount / one)
    return Example(item.name, units, unit, units * float(weight))


def shared_terms(shorts: Iterable[Short]) -> tuple[str, ...]:
    """The terms at least five households share, those most share first."""
    who: dict[str, set[str]] = {}
    for one in shorts:
        for term in one.terms:
            who.setdefault(term, set()).add(one.household)
    told = [term for term, homes in who.items() if len(homes) >= FEWEST]
    return tuple(sorted(told, key=lambda term: (-len(who[term]), term)))


def about(number: float) -> int:
    """A number as people wish: up to ten exactly, above that two digits, never rounded down."""
    whole = math.ceil(round(number, 6))
    step = int(10 ** max(len(str(whole)) - 2, 0))
    if whole > 10:
        step = max(step, 5)
    return math.ceil(whole / step) * step


def wish_words(wish: Wish) -> dict[str, Any]:
    """A wish as page and paper say it."""
    return {
        "group": wish.group,
        "words": wish.words,
        "people": f"約{wish.person_days:,}人の1日分",
        "kg": None if wish.kg is None else f"約{wish.kg:,}kg",
        "examples": [f"{one.name} なら約{one.units:,}{one.unit}" for one in wish.examples],
        "terms": list(wish.terms),
    }
