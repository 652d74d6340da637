"""What must never be handed to a household: hard rules, checked for the day the food is eaten.

An empty answer of `unsafe_reasons` is the only thing that makes a lot safe; everything not known
about a lot counts against it as soon as it matters to somebody who eats.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from matching.lots import DateKind, Equipment, FoodGroup, FoodHousehold, Lot, Storage

# 特定原材料: the eight of 2025, and cashew, which joins them by the amendment of December 2025.
MANDATORY_ALLERGENS = frozenset(
    {"shrimp", "crab", "walnut", "wheat", "buckwheat", "egg", "milk", "peanut", "cashew"}
)
# Botanical pairs that cross-react both ways (消費者庁「食物アレルギー表示に関する情報」).
CROSS_REACTIVE = (frozenset({"cashew", "pistachio"}), frozenset({"walnut", "pecan"}))
HONEY = "honey"
NEVER_WITH_CHEWING = frozenset({"mochi", "nuts"})
MILK_ONLY_BEFORE_MONTH = 5  # milk only to 5 months


def unsafe_reasons(household: FoodHousehold, lot: Lot, day: date) -> tuple[str, ...]:
    """Return every reason why a lot must not be eaten by a household on a day.

    Parameters
    ----------
    household : FoodHousehold
    lot : Lot
    day : date
        The day it is eaten, not only the day it is picked up.

    Returns
    -------
    tuple of str
        Codes in a fixed order: held, recalled, none_left, allergen, may_contain,
        allergens_unknown, needs_equipment, no_infant, not_for_infant_month, special_formula,
        other_formula, honey, too_hard, chewing_unknown, forbidden, may_be_forbidden,
        ingredients_unknown, past, date_unknown, needs_fridge, needs_freezer. Empty means safe.

    References
    ----------
    食品表示法・食品表示基準 (allergens, dates); 日本介護食品協議会「ユニバーサルデザインフード」
    (chewing classes); 消費者庁「1歳未満の乳児に蜂蜜を与えないで」.

    Examples
    --------
    >>> from matching.eaters import Eater
    >>> from matching.lots import DateKind
    >>> day = date(2026, 11, 21)
    >>> home = FoodHousehold(eaters=(Eater(),), eat_from=day, days=3, allergies=frozenset({"egg"}))
    >>> rice = Lot(lot_id=1, item_id=1, name="アルファ米", group=FoodGroup.STAPLE, kcal=360,
    ...            weight_g=100, quantity=5, date_kind=DateKind.BEST_BEFORE, last_day=day,
    ...            requires=(frozenset({Equipment.HOT_WATER}),))
    >>> unsafe_reasons(home, rice, day)
    ('allergens_unknown', 'needs_equipment')
    """
    return (
        *_stock(lot),
        *_allergens(household, lot),
        *_cooking(household, lot),
        *_infants(household, lot),
        *_chewing(household, lot),
        *_ingredients(household, lot),
        *_dates(lot, day),
        *_storage(household, lot, day),
    )


def reacts_to(allergies: frozenset[str] | None) -> frozenset[str]:
    """Return every allergen a household must be kept from, cross-reactions included.

    Examples
    --------
    >>> sorted(reacts_to(frozenset({"pistachio"})))
    ['cashew', 'pistachio']
    """
    named = MANDATORY_ALLERGENS if allergies is None else allergies
    return named.union(*(pair for pair in CROSS_REACTIVE if pair & named))


def usable_days(household: FoodHousehold, lot: Lot) -> int:
    """Return on how many of the parcel's days, counted from the first, a lot may be eaten.

    Examples
    --------
    >>> from matching.eaters import Eater
    >>> from matching.lots import DateKind
    >>> day = date(2026, 11, 21)
    >>> home = FoodHousehold(eaters=(Eater(),), eat_from=day, days=5)
    >>> tofu = Lot(lot_id=1, item_id=1, name="豆腐", group=FoodGroup.PROTEIN, kcal=200,
    ...            weight_g=300, quantity=5, date_kind=DateKind.USE_BY, last_day=day,
    ...            storage=Storage.CHILLED)
    >>> usable_days(home, tofu)
    1
    """
    safe = 0
    while safe < household.days:
        if unsafe_reasons(household, lot, household.eat_from + timedelta(days=safe)):
            break
        safe += 1
    return safe


def eats(household: FoodHousehold, lot: Lot) -> tuple[int, ...]:
    """Return the positions of the infants an infant food suits; empty for other food."""
    if lot.infant_months is None:
        return ()
    first, last = lot.infant_months
    first = first if lot.formula else max(first, MILK_ONLY_BEFORE_MONTH)
    return tuple(
        place
        for place, infant in enumerate(household.infants)
        if infant.age_months is not None and first <= infant.age_months <= last
    )


def _stock(lot: Lot) -> Iterator[str]:
    if lot.held:
        yield "held"
    if lot.recalled:
        yield "recalled"
    if not lot.quantity:
        yield "none_left"


def _allergens(household: FoodHousehold, lot: Lot) -> Iterator[str]:
    avoid = reacts_to(household.allergies)
    if lot.contains & avoid:
        yield "allergen"
    if lot.may_contain & avoid:
        yield "may_contain"
    unsaid = household.allergies is not None and lot.silent_on & avoid
    if avoid and (not lot.allergens_known or unsaid):
        yield "allergens_unknown"


def _cooking(household: FoodHousehold, lot: Lot) -> Iterator[str]:
    there = household.cooks_with
    if lot.requires and not any(needed <= there for needed in lot.requires):
        yield "needs_equipment"


def _infants(household: FoodHousehold, lot: Lot) -> Iterator[str]:
    infants = household.infants
    infant_food = lot.infant_months is not None or lot.group == FoodGroup.INFANT or lot.formula
    if infant_food:
        if not infants:
            yield "no_infant"
        elif not eats(household, lot):
            yield "not_for_infant_month"
    in_use = household.formula_item
    if lot.special_formula and lot.item_id != in_use:
        yield "special_formula"
    if lot.formula and in_use is not None and lot.item_id != in_use:
        yield "other_formula"
    if infants and HONEY in lot.ingredients | lot.doubtful:
        yield "honey"
    if infants and infant_food and not (lot.formula or lot.ingredients_known):
        yield "ingredients_unknown"


def _chewing(household: FoodHousehold, lot: Lot) -> Iterator[str]:
    if not household.chewing or eats(household, lot):
        return
    if lot.chewing is None:
        yield "chewing_unknown"
    elif lot.chewing < household.chewing or NEVER_WITH_CHEWING & (lot.ingredients | lot.doubtful):
        yield "too_hard"


def _ingredients(household: FoodHousehold, lot: Lot) -> Iterator[str]:
    if lot.ingredients & household.forbidden:
        yield "forbidden"
    if lot.doubtful & household.forbidden:
        yield "may_be_forbidden"
    if household.forbidden and not lot.ingredients_known:
        yield "ingredients_unknown"


def _dates(lot: Lot, day: date) -> Iterator[str]:
    if lot.last_day is not None:
        if lot.last_day < day:
            yield "past"
    elif lot.date_kind != DateKind.NOT_REQUIRED:
        yield "date_unknown"


def _storage(household: FoodHousehold, lot: Lot, day: date) -> Iterator[str]:
    """Let what cannot be kept cold be eaten on the day it is picked up only."""
    if day == (household.pick_up or household.eat_from):
        return
    there = household.cooks_with
    if lot.storage == Storage.CHILLED and Equipment.FRIDGE not in there:
        yield "needs_fridge"
    if lot.storage == Storage.FROZEN and Equipment.FREEZER not in there:
        yield "needs_freezer"
