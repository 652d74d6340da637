"""How far each request stays behind in each food group, and on what terms its household eats.

The only module of the donors' part that speaks to `matching`: what a group has to supply a day is
the engine's own measure, so that a wish closes exactly the gap a parcel had.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.foodbank.codes import INGREDIENT_LABELS, Ingredient
from app.foodbank.donors.flows import alias_key
from app.foodbank.models import Balance, FoodRequest, Lot
from app.foodbank.proposals import household_of
from app.foodbank.rounds.proposals import propose_round
from matching.lots import Equipment
from matching.parcel_model import demands

AS_IT_IS = "そのまま食べられる"
NO_STOVE = "お湯か電子レンジで食べられる"
NO_OPENER = "缶切りがいらない"
SOFT = "やわらかい"
_HEAT = frozenset({Equipment.BURNER, Equipment.RICE_COOKER})
_WARM = frozenset({Equipment.HOT_WATER, Equipment.MICROWAVE})


@dataclass(frozen=True)
class Short:
    """So much of a food group that one household's box did not hold.

    `amount` is kcal, of drinks grams; `household` tells households apart and says nothing of them.
    """

    group: str
    household: str
    person_days: float
    amount: float
    terms: tuple[str, ...]


def what_is_short(request: FoodRequest, covered: Mapping[str, float]) -> list[Short]:
    """The groups a box covers for fewer days than were asked; `covered` is days by group."""
    household = household_of(request, today=request.needed_on)
    amounts: dict[str, float] = {}
    for demand in demands(household):
        code = demand.group.value
        amounts[code] = amounts.get(code, 0.0) + demand.a_day
    infants = len(household.infants)
    found = []
    for code, a_day in amounts.items():
        days = request.days - covered.get(code, float(request.days))
        if days <= 0:
            continue
        people = infants if code == "infant" else len(household.eaters) - infants
        found.append(
            Short(code, key_of(request), days * people, days * a_day, tuple(terms_of(request)))
        )
    return found


def open_cover(
    requests: Sequence[FoodRequest],
    balances: Sequence[Balance],
    lots: Mapping[int, Lot],
    *,
    today: date,
) -> list[tuple[FoodRequest, dict[str, float]]]:
    """What today's stock could cover of open requests, all packed from the same shelves."""
    if not requests:
        return []
    found = propose_round(requests, balances, lots, today=today, swaps=False)
    return [
        (request, {group.code: group.days for group in proposal.cover})
        for request, proposal in found.parcels
    ]


def key_of(request: FoodRequest) -> str:
    """One household's key: its case; at the table its alias, which may stand for several."""
    if request.case_id is not None:
        return f"case:{request.case_id}"
    return f"table:{alias_key(request.code_name)}"


def terms_of(request: FoodRequest) -> Iterable[str]:
    """On what terms a household eats, in words a donor understands."""
    facts = request.household
    there = household_of(request, today=request.needed_on).cooks_with
    if not there & (_HEAT | _WARM):
        yield AS_IT_IS
    elif not there & _HEAT:
        yield NO_STOVE
    if Equipment.CAN_OPENER not in there:
        yield NO_OPENER
    for name in facts.get("allergies") or []:
        yield f"{name}なし"
    for code in facts.get("forbidden") or []:
        if code in set(Ingredient):
            yield f"{INGREDIENT_LABELS[Ingredient(code)]}なし"
    if facts.get("chewing"):
        yield SOFT
