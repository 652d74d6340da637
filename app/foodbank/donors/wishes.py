"""ほしいもの: what fell short in the last weeks, as wishes donors understand.

Nothing is told of fewer than five households, neither a group nor a condition: a wish hangs where
everybody reads it.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.foodbank.codes import FOOD_GROUP_LABELS, INGREDIENT_LABELS, Equipment, FoodGroup
from app.foodbank.donors.proposals import (
    AS_IT_IS,
    NO_OPENER,
    NO_STOVE,
    SOFT,
    Short,
    open_cover,
    what_is_short,
)
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
from app.foodbank.queries import stock_for
from app.foodbank.requests.queries import withheld
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
_STOVE = {Equipment.BURNER, Equipment.RICE_COOKER}
# What must not be needed to eat an item that meets a condition.
SPARED: dict[str, set[Equipment]] = {
    AS_IT_IS: {*_STOVE, Equipment.HOT_WATER, Equipment.MICROWAVE},
    NO_STOVE: _STOVE,
    NO_OPENER: {Equipment.CAN_OPENER},
}


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
    typical = _known_items(session, organisation_id, since=today - timedelta(365))
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


@dataclass(frozen=True)
class Known:
    """An item of the bank's, and the lot of it that came in last."""

    item: FoodItem
    lot: Lot

    def suits(self, terms: Collection[str]) -> bool:
        """Whether it meets every condition that is told, those of the kitchen in one way of eating
        it; silence about an allergen is no yes.
        """
        without = {thing for term in terms for thing in SPARED.get(term, ())}
        ways = [set(way) for way in self.item.equipment or []]
        return any(not way & without for way in ways) and all(
            self._suits(term) for term in terms if term not in SPARED
        )

    def _suits(self, term: str) -> bool:
        if term == SOFT:
            return bool(self.item.chewing_class)
        name = term.removesuffix("なし")
        codes = {code.value for code, label in INGREDIENT_LABELS.items() if label == name}
        if codes and self.item.ingredients is not None:
            return not codes & set(self.item.ingredients)
        return self.lot.allergens_known and name not in self.lot.allergens


def _known_items(session: Session, organisation_id: int, *, since: date) -> dict[str, list[Known]]:
    """Per group the items that came in since a day, those most often packed first; no kits."""
    kits = sa.select(Lot.item_id).join(KitBuild, KitBuild.lot_id == Lot.id)
    packed = (
        sa.select(Lot.item_id, sa.func.max(Lot.id).label("lot_id"),
                  sa.func.coalesce(sa.func.sum(ParcelLine.quantity), 0).label("units"))
        .outerjoin(ParcelLine, ParcelLine.lot_id == Lot.id)
        .where(Lot.organisation_id == organisation_id, Lot.received_on >= since)
        .group_by(Lot.item_id)
        .subquery()
    )  # fmt: skip
    rows = session.execute(
        sa.select(FoodItem, Lot)
        .join(packed, packed.c.item_id == FoodItem.id)
        .join(Lot, Lot.id == packed.c.lot_id)
        .where(
            # What is drunk is measured by its weight: water gives no energy.
            sa.or_(FoodItem.kcal > 0, FoodItem.food_group == FoodGroup.DRINK),
            FoodItem.weight_kg.is_not(None),
            FoodItem.special_formula.is_(False),
            FoodItem.id.not_in(kits),
        )
        .order_by(packed.c.units.desc(), FoodItem.name)
    ).unique()
    found: dict[str, list[Known]] = {}
    for item, lot in rows:
        found.setdefault(item.food_group, []).append(Known(item, lot))
    return found


def _households(shorts: Iterable[Short]) -> int:
    return len({one.household for one in shorts})


def _wish(code: str, shorts: Sequence[Short], items: Sequence[Known]) -> Wish:
    amount = sum(one.amount for one in shorts)
    terms = shared_terms(shorts)
    fitting = [_example(code, amount, one) for one in items if one.suits(terms)][:TYPICAL]
    weighed = fitting or [_example(code, amount, one) for one in items[:TYPICAL]]
    group = FoodGroup(code)
    return Wish(
        code=code,
        group=FOOD_GROUP_LABELS[group],
        words=EXAMPLES.get(group, FOOD_GROUP_LABELS[group]),
        person_days=about(sum(one.person_days for one in shorts)),
        kg=about(sum(one.kg for one in weighed) / len(weighed)) if weighed else None,
        examples=tuple(fitting),
        terms=terms,
    )


def _example(code: str, amount: float, known: Known) -> Example:
    weight = known.item.weight_kg or Decimal(0)
    one = float(weight * 1000) if code == FoodGroup.DRINK else float(known.item.kcal or 0)
    units = about(amount / one)
    return Example(known.item.name, units, known.lot.unit, units * float(weight))


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
