"""What to hand to whom: a request's snapshot and the stock, put to the matching library.

The only module here that speaks to `matching`. A proposal is worked out afresh each time it is
looked at and never stored: what a person packed is a parcel.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.errors import InvalidError
from app.foodbank.codes import FOOD_GROUP_LABELS
from app.foodbank.codes import FoodGroup as Group
from app.foodbank.items import missing_facts
from app.foodbank.models import Balance, FoodItem, FoodRequest, LotState
from app.foodbank.models import Lot as StockLot
from app.foodbank.printed.labels import Labelling, allergens_on
from matching import lots as shelf
from matching.eaters import Eater
from matching.errors import FoodError
from matching.food_safety import unsafe_reasons
from matching.lots import DateKind, Equipment, FoodGroup, FoodHousehold, Storage
from matching.parcel_days import days_of
from matching.parcel_words import (
    ALLERGEN_WORDS,
    EQUIPMENT_WORDS,
    GROUP_WORDS,
    REFUSED_WORDS,
    refused_sentence,
)
from matching.parcels import (
    GroupDays,
    Line,
    Parcel,
    Swap,
    days_notes,
    more_of,
    plan_parcel,
    swaps,
)

RULE_VERSION = "parcel-2026.12"
MOST_SWAPS = 8

_ALLERGEN_CODES = {words: code for code, words in ALLERGEN_WORDS.items()}
# The case's 台所 is a stove and a sink: no promise of a rice cooker or a fridge.
_KITCHEN = "kitchen"
_STORAGES = {"ambient": Storage.ROOM, "chilled": Storage.CHILLED, "frozen": Storage.FROZEN}
_NO_FACTS = "品目の内容（エネルギー・重さ・設備）が未確認です。"


@dataclass(frozen=True)
class Choice:
    """So many of a lot from a shelf, with why it suits. `value` is what a form sends back."""

    lot_id: int
    shelf_id: int
    quantity: int
    name: str
    shelf: str
    weight_g: int
    sentence: str
    last_day: date | None

    @property
    def value(self) -> str:
        return f"{self.lot_id}-{self.shelf_id}-{self.quantity}"


@dataclass(frozen=True)
class ProposedLine:
    """A line of the proposal and what could go in its place, safe equivalents only."""

    choice: Choice
    group: str
    instead: tuple[Choice, ...]


@dataclass(frozen=True)
class GroupCover:
    """For how many of the days wanted a food group lasts."""

    code: str
    label: str
    days: float


@dataclass(frozen=True)
class Cover:
    """How far what was chosen reaches, and what it leaves open."""

    groups: tuple[GroupCover, ...]
    notes: tuple[str, ...]

    @property
    def worst(self) -> GroupCover:
        return min(self.groups, key=lambda group: group.days)

    @property
    def bars(self) -> list[dict[str, str | float]]:
        """As a table of bars takes it."""
        return [{"label": group.label, "value": group.days} for group in self.groups]

    @property
    def stored(self) -> dict[str, float]:
        """Days by group; of several infants the one who has least."""
        worst_last = sorted(self.groups, key=lambda group: -group.days)
        return {group.code: group.days for group in worst_last}


@dataclass(frozen=True)
class Proposal:
    """What could be packed now for one request, and what it leaves open."""

    lines: tuple[ProposedLine, ...]
    cover: tuple[GroupCover, ...]
    worst: GroupCover
    weight_g: int
    notes: tuple[str, ...]
    refused: tuple[tuple[str, int], ...]
    days: int


def propose(
    request: FoodRequest, balances: Sequence[Balance], lots: Mapping[int, StockLot], *, today: date
) -> Proposal:
    """The parcel the stock allows today. `lots` are the balances' lots by id."""
    household = household_of(request, today=today)
    usable = [b for b in balances if not missing_facts(lots[b.lot_id].item)]
    stock = [
        lot_of(lots[balance.lot_id], number=number, quantity=balance.quantity, today=today)
        for number, balance in enumerate(usable)
    ]
    try:
        parcel = plan_parcel(household, stock)
    except FoodError as error:
        raise InvalidError(error.message) from error
    lines = tuple(
        proposed_line(line, _other_ways(parcel, line, household, stock), usable, lots)
        for line in parcel.lines
    )
    refused = _refused(parcel, len(balances) - len(usable))
    return in_words(request, household, parcel, lines=lines, refused=refused)


def _other_ways(
    parcel: Parcel, line: Line, household: FoodHousehold, stock: Sequence[shelf.Lot]
) -> list[Swap]:
    """What a person may choose for a line: more of it where the engine held back, or another."""
    lot = stock[line.lot_id]  # lots are numbered by their place
    given = sum(other.quantity for other in parcel.lines if other.lot_id == line.lot_id)
    more = more_of(parcel, line, household, lot, lot.quantity - given)
    return [*([more] if more else []), *swaps(parcel, line, household, stock)]


def in_words(
    request: FoodRequest,
    household: FoodHousehold,
    parcel: Parcel,
    *,
    lines: tuple[ProposedLine, ...],
    refused: tuple[tuple[str, int], ...] = (),
) -> Proposal:
    """The engine's parcel as people read it."""
    cover = _in_days(parcel.days)
    return Proposal(
        lines=lines,
        cover=cover,
        worst=min(cover, key=lambda group: group.days),
        weight_g=parcel.weight_g,
        notes=(*parcel.notes, *label_notes(household)),
        refused=refused,
        days=request.days,
    )


def _in_days(days: Sequence[GroupDays]) -> tuple[GroupCover, ...]:
    return tuple(
        GroupCover(group.group.value, GROUP_WORDS[group.group], round(group.days, 1))
        for group in days
    )


def covered(request: FoodRequest, given: Sequence[tuple[StockLot, int]], *, today: date) -> Cover:
    """How many days units of lots reach, whoever chose them: what a person left out is not there.

    What must not be handed out, or whose content nobody has confirmed, counts for nothing.
    """
    household = household_of(request, today=today)
    days = days_of(
        household,
        [
            (lot_of(lot, number=lot.id, quantity=units, today=today), units)
            for lot, units in given
            if units and not missing_facts(lot.item)
        ],
    )
    return Cover(_in_days(days), (*days_notes(household, days), *label_notes(household)))


def weight_g(given: Sequence[tuple[StockLot, int]]) -> int:
    """What units of lots weigh together."""
    return sum(units * round((lot.item.weight_kg or 0) * 1000) for lot, units in given)


def proposed_line(
    line: Line,
    instead: Sequence[Swap],
    balances: Sequence[Balance],
    lots: Mapping[int, StockLot],
) -> ProposedLine:
    """A line of the engine's in the stock's words; its lots are numbered by their balance."""

    def choice(number: int, quantity: int, weight_g: int, sentence: str) -> Choice:
        balance = balances[number]
        lot = lots[balance.lot_id]
        return Choice(
            lot_id=lot.id,
            shelf_id=balance.shelf_id,
            quantity=quantity,
            name=lot.item.name,
            shelf=balance.shelf.code,
            weight_g=weight_g,
            sentence=sentence,
            last_day=lot.last_day,
        )

    return ProposedLine(
        choice=choice(line.lot_id, line.quantity, line.weight_g, line.sentence),
        group=FOOD_GROUP_LABELS[Group(line.group.value)],
        instead=tuple(
            choice(swap.lot_id, swap.quantity, swap.weight_g, swap.sentence)
            for swap in _first_of_each(instead)
        ),
    )


def _first_of_each(instead: Sequence[Swap]) -> list[Swap]:
    """Of each food the swap that expires first; a long list of the same food helps nobody."""
    found: dict[str, Swap] = {}
    for swap in instead:
        found.setdefault(swap.name, swap)
    return list(found.values())[:MOST_SWAPS]


def _refused(parcel: Parcel, without_facts: int) -> tuple[tuple[str, int], ...]:
    """Why lots are not in, each reason with how many lots it keeps out; most frequent first."""
    counts = Counter(REFUSED_WORDS[refused.reasons[0]] for refused in parcel.refused)
    if without_facts:
        counts[_NO_FACTS.rstrip("。")] = without_facts
    return tuple(counts.most_common())


def label_notes(household: FoodHousehold) -> list[str]:
    """What a label need not name says nothing by its absence, so such lots are left out."""
    optional = _optional_on(household.eat_from) & (household.allergies or frozenset())
    if not optional:
        return []
    words = "・".join(sorted(ALLERGEN_WORDS.get(code, code) for code in optional))
    return [
        f"{words}は表示が任意のため、表示にない品も「入っていない」とは言えません。"
        "作り手に確かめた物か、原材料が1つだけの物に限っています。"
    ]


# --------------------------------------------------------------------------------- safety


def refusals(request: FoodRequest, lots: Iterable[StockLot], *, today: date) -> dict[int, str]:
    """For each lot that must not be handed over for this request today: why, in a sentence."""
    household = household_of(request, today=today)
    found = {}
    for lot in lots:
        if missing_facts(lot.item):
            found[lot.id] = _NO_FACTS
            continue
        reasons = unsafe_reasons(
            household, lot_of(lot, number=lot.id, quantity=1, today=today), household.eat_from
        )
        if reasons:
            found[lot.id] = refused_sentence(reasons)
    return found


def carry_limit_g(request: FoodRequest) -> int | None:
    """What can be carried, in grams; None for a delivery or when nobody said."""
    return household_of(request, today=request.needed_on).carry_g


def must_not(request: FoodRequest) -> list[str]:
    """What must not be missed, for the alarm on screen and paper: allergens and no stove."""
    household = household_of(request, today=request.needed_on)
    words = []
    if household.allergies is None:
        words.append("アレルギー 未確認")
    elif household.allergies:
        names = sorted(ALLERGEN_WORDS.get(code, code) for code in household.allergies)
        words.append("・".join(names) + " なし")
    there = household.cooks_with
    if Equipment.BURNER not in there:
        rest = [
            EQUIPMENT_WORDS[thing]
            for thing in (Equipment.HOT_WATER, Equipment.MICROWAVE, Equipment.RICE_COOKER)
            if thing in there
        ]
        words.append("ガスなし・" + ("と".join(rest) + "だけ" if rest else "調理できません"))
    if household.chewing:
        words.append(f"やわらかさ 区分{household.chewing}")
    if household.forbidden:
        words.append("食べない物があります")
    if household.infants:
        words.append("乳児がいます")
    return words


# -------------------------------------------------------------------------- snapshot → matching


def household_of(request: FoodRequest, *, today: date) -> FoodHousehold:
    """A request's snapshot as the matching library takes it; eaten from the day it is needed."""
    facts = request.household
    day = max(request.needed_on, today)
    allergies = facts.get("allergies")
    carry = facts.get("carry_kg")
    return FoodHousehold(
        eaters=tuple(_eater(person) for person in facts["people"]) or (Eater(),),
        eat_from=day,
        pick_up=day,
        days=request.days,
        allergies=None if allergies is None else frozenset(map(_allergen, allergies)),
        equipment=_equipment(facts.get("equipment", [])),
        chewing=facts.get("chewing") or 0,
        forbidden=frozenset(facts.get("forbidden", [])),
        carry_g=None if carry is None else round(float(carry) * 1000),
    )


def _eater(person: Mapping[str, int | None]) -> Eater:
    months, age = person.get("months"), person.get("age")
    if months is not None:
        return Eater(age_months=months)
    return Eater(age_months=None if age is None else age * 12)


def _allergen(name: str) -> str:
    """The engine's code of an allergen; one it has no code for keeps its Japanese name."""
    return _ALLERGEN_CODES.get(name, name)


def _equipment(names: Iterable[str]) -> frozenset[Equipment]:
    listed = {Equipment.BURNER.value if name == _KITCHEN else name for name in names}
    return frozenset(thing for thing in Equipment if thing.value in listed)


# ------------------------------------------------------------------------------ lot → matching


def lot_of(lot: StockLot, *, number: int, quantity: int, today: date) -> shelf.Lot:
    item = lot.item
    months = None
    if item.infant_from_month is not None and item.infant_to_month is not None:
        months = (item.infant_from_month, item.infant_to_month)
    return shelf.Lot(
        lot_id=number,
        item_id=item.id,
        name=item.name,
        group=FoodGroup(item.food_group),
        kcal=item.kcal or 0,
        weight_g=round((item.weight_kg or 0) * 1000),
        quantity=quantity,
        requires=_requires(item),
        contains=frozenset(map(_allergen, lot.allergens)),
        may_contain=frozenset(map(_allergen, lot.may_contain)),
        allergens_known=lot.allergens_known,
        silent_on=_silent_on(lot, today),
        ingredients=frozenset(item.ingredients or ()),
        ingredients_known=_ingredients_known(item),
        infant_months=months,
        formula=item.formula,
        special_formula=item.special_formula,
        chewing=item.chewing_class,
        date_kind=DateKind(lot.date_kind.value) if lot.date_kind else DateKind.UNKNOWN,
        last_day=lot.last_day,
        storage=_STORAGES[lot.storage.value],
        held=lot.state in {LotState.HELD, LotState.QUESTION, LotState.DISPOSED, LotState.PAST},
        recalled=lot.state is LotState.RECALLED,
    )


def _requires(item: FoodItem) -> tuple[frozenset[Equipment], ...]:
    sets = [frozenset(Equipment(thing) for thing in one) for one in item.equipment or []]
    return () if not all(sets) else tuple(sets)


def _ingredients_known(item: FoodItem) -> bool:
    """An empty list is a food of one ingredient; any other list counts once confirmed."""
    return item.ingredients is not None and (not item.ingredients or item.confirmed)


def _silent_on(lot: StockLot, today: date) -> frozenset[str]:
    """Allergens a label may leave out, so that its silence about them says nothing.

    None for a food of one ingredient: that one is named.
    """
    return frozenset() if lot.item.ingredients == [] else _optional_on(lot.received_on or today)


def _optional_on(day: date) -> frozenset[str]:
    return frozenset(
        _allergen(name)
        for name, row in allergens_on(day).items()
        if row.labelling is Labelling.RECOMMENDED
        or (row.transition_until is not None and day <= row.transition_until)
    )
