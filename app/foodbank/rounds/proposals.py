"""All parcels of a day from one shelf: every request's snapshot and the stock, put to matching.

Worked out afresh each time it is looked at, and the same for the same requests and stock. What a
person packed is a parcel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.foodbank.dwelling.codes import Dwelling
from app.foodbank.dwelling.queries import said_in
from app.foodbank.items import missing_facts
from app.foodbank.models import Balance, FoodRequest
from app.foodbank.models import Lot as StockLot
from app.foodbank.proposals import (
    Choice,
    Proposal,
    household_of,
    in_words,
    lot_of,
    proposed_line,
)
from matching.lots import Equipment
from matching.parcel_round import Round, plan_round
from matching.parcels import Line, Swap

KINDS = {
    "first_night": "ガス開通前の箱",
    "cold": "そのまま食べる箱",
    "warm": "お湯・レンジの箱",
    "stove": "調理できる箱",
}
KIND_NOTES = {
    "first_night": "入居の日など、ガスも電気もまだの所で、そのまま食べられる物だけです。",
    "cold": "電気・ガスが使えないあいだの箱です。開通したら、あたためる物に替えられます。",
    "warm": "コンロはまだ使えません。お湯やレンジだけで食べられる物です。",
    "stove": "コンロが使えます。",
}


@dataclass(frozen=True)
class PickLine:
    """So many of a lot to take from a shelf for the whole day."""

    name: str
    quantity: int
    last_day: date | None
    parcels: int


@dataclass(frozen=True)
class RoundProposal:
    """What everybody could be packed from the stock of this moment, in the requests' order."""

    parcels: tuple[tuple[FoodRequest, Proposal], ...]
    shelves: tuple[tuple[str, tuple[PickLine, ...]], ...]

    @property
    def units(self) -> int:
        return sum(line.quantity for _, lines in self.shelves for line in lines)

    @property
    def weight_g(self) -> int:
        return sum(proposal.weight_g for _, proposal in self.parcels)


def propose_round(
    requests: Sequence[FoodRequest],
    balances: Sequence[Balance],
    lots: Mapping[int, StockLot],
    *,
    today: date,
    swaps: bool = True,
) -> RoundProposal:
    """The parcels the stock allows for all of `requests`, nobody left behind.

    `lots` are the balances' lots by id. Without `swaps` nothing is offered in a line's place,
    which a list for the shelves has no use for.
    """
    households = [household_of(request, today=today) for request in requests]
    usable = [balance for balance in balances if not missing_facts(lots[balance.lot_id].item)]
    stock = [
        lot_of(lots[balance.lot_id], number=number, quantity=balance.quantity, today=today)
        for number, balance in enumerate(usable)
    ]
    found = plan_round(households, stock)
    parcels = []
    for place, (request, household) in enumerate(zip(requests, households, strict=True)):
        parcel = found.parcels[place]
        lines = tuple(
            proposed_line(line, _other_ways(found, place, line) if swaps else (), usable, lots)
            for line in parcel.lines
        )
        parcels.append((request, in_words(request, household, parcel, lines=lines)))
    return RoundProposal(tuple(parcels), _by_shelf(parcels))


def _other_ways(found: Round, place: int, line: Line) -> list[Swap]:
    """What a person may choose for a line: more of it where the engine held back, or another."""
    more = found.more(place, line)
    return [*([more] if more else []), *found.swaps(place, line)]


def _by_shelf(
    parcels: Sequence[tuple[FoodRequest, Proposal]],
) -> tuple[tuple[str, tuple[PickLine, ...]], ...]:
    """The day's totals, in the order somebody walks: shelf, then what expires first."""
    picks: dict[tuple[str, int], list[Choice]] = {}
    for _, proposal in parcels:
        for line in proposal.lines:
            picks.setdefault((line.choice.shelf, line.choice.lot_id), []).append(line.choice)
    rows = [
        (
            shelf,
            PickLine(
                choices[0].name,
                sum(choice.quantity for choice in choices),
                choices[0].last_day,
                len(choices),
            ),
        )
        for (shelf, _), choices in picks.items()
    ]
    rows.sort(key=lambda row: (row[0], row[1].last_day or date.max, row[1].name))
    return tuple(
        (shelf, tuple(line for _, line in group)) for shelf, group in groupby(rows, lambda r: r[0])
    )


def kind_of(request: FoodRequest) -> str:
    """What sort of box the household's utilities allow: `first_night` where it has just moved in
    and nothing runs yet, else `cold`, `warm` or `stove`.
    """
    said = said_in(request.household)
    if said is not None and said.stage is Dwelling.FIRST_NIGHT:
        return "first_night"
    there = household_of(request, today=request.needed_on).cooks_with
    if Equipment.BURNER in there or Equipment.RICE_COOKER in there:
        return "stove"
    return "warm" if there & {Equipment.HOT_WATER, Equipment.MICROWAVE} else "cold"
