"""Which homes to look for next: those that would house somebody who is left without.

Wishes are read off the needs of households left without a home. One home houses one more household
at most, so that a wish is judged by how many homes like it would each house one more. That is not
estimated: the homes are added and everything is assigned again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from matching.assignment import Assignment, assign
from matching.home_columns import Acceptance, Company, Contact, Home, columns
from matching.market import Market
from matching.need import Answer, Floor, HouseholdNeed, IncomeShare, Support
from matching.open_needs import OpenNeed, open_market

RENT_STEP = 1000
MOST_COPIES = 5
TRIED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a home to look for must be like.

    Attributes
    ----------
    rent : int or None
        At most so many yen; ``None`` where nobody agreed on a limit.
    floor : Floor
    people, rooms : int
        At least.
    area_m2 : float
        At least; 0 where nothing is asked.
    wheelchair, pet : bool
    steps : int or None
        At most so many at the entrance.
    municipality, kind : str or None
    accepts : tuple of str
        Codes of groups, in alphabetical order.
    """

    rent: int | None
    floor: Floor
    people: int
    rooms: int
    area_m2: float
    wheelchair: bool
    pet: bool
    steps: int | None
    municipality: str | None
    kind: str | None
    accepts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recruit:
    """One kind of home to look for, and what it would do.

    Attributes
    ----------
    wish : Wish
    more : int
        So many such homes would each house one household more. Proved.
    household_ids : tuple of int
        Left without now, and housed then.
    suits : int
        How many of all households could live in such a home.
    benefit : int
        What one such home adds to the total.
    """

    wish: Wish
    more: int
    household_ids: tuple[int, ...]
    suits: int
    benefit: int


def wish_of(need: HouseholdNeed) -> Wish:
    """Read off the plainest home that would do for one household.

    Examples
    --------
    >>> from matching.need import Band, RentCeiling
    >>> need = HouseholdNeed(people=1, rent_limit=RentCeiling((Band(float("inf"), 41500),)),
    ...                      floor=Floor.GROUND)
    >>> wish_of(need).rent, wish_of(need).floor.name
    (41000, 'GROUND')
    """
    people = need.people or 1
    area = max(need.min_area_m2 or 0.0, need.space.area_m2(people) if need.space else 0.0)
    return Wish(
        rent=_rent(need, area),
        floor=need.floor,
        people=people,
        rooms=need.min_rooms or 1,
        area_m2=area,
        wheelchair=need.wheelchair,
        pet=need.pet,
        steps=need.max_steps,
        municipality=min(need.municipalities) if need.municipalities else None,
        kind=min(need.kinds) if need.kinds else None,
        accepts=tuple(sorted({*need.groups, *need.groups_not_asked})),
    )


def _rent(need: HouseholdNeed, area: float) -> int | None:
    limit = need.rent_limit
    if limit is None:
        return None
    if isinstance(limit, IncomeShare):
        amount = limit.amount
    else:
        amount = next(band.amount for band in limit.bands if area <= band.max_area_m2)
    return amount // RENT_STEP * RENT_STEP


def home_like(wish: Wish, home_id: int) -> Home:
    """Make the home a wish describes: nothing about it is hard, and its place is left open."""
    stance = (Acceptance.YES, Support.NONE)
    codes = (*wish.accepts, *(("pet",) if wish.pet else ()))
    return Home(
        home_id=home_id,
        rent=wish.rent,
        fee=0,
        initial_cost=0,
        area_m2=wish.area_m2 or None,
        rooms=wish.rooms,
        max_people=wish.people,
        floor=1 if wish.floor < Floor.SECOND_OR_LIFT else 2,
        lift=Answer.NO,
        steps=wish.steps or 0,
        wheelchair=Answer.YES if wish.wheelchair else Answer.NO,
        guarantor=Answer.NO,
        company=Company.NOT_USED,
        contact=Contact.NOT_NEEDED,
        kind=wish.kind,
        municipality=wish.municipality,
        accepts=tuple((code, *stance) for code in codes),
    )


def recruits(
    needs: Sequence[OpenNeed],
    found: Assignment,
    *,
    today: date,
    copies: int = 3,
    top: int = 5,
) -> tuple[Recruit, ...]:
    """Rank the homes to look for.

    Parameters
    ----------
    needs : sequence of OpenNeed
        Of the households of the assignment.
    found : Assignment
    today : date
    copies : int
        Up to how many homes of a kind are tried, at most `MOST_COPIES`.
    top : int

    Returns
    -------
    tuple of Recruit
        Most households first, then by what one such home adds. Only those that would house
        somebody more; the `TRIED` most promising by prices are tried.

    Examples
    --------
    >>> from matching.home_columns import Home, columns
    >>> needs = [OpenNeed(1, HouseholdNeed(people=1, rent_limit=IncomeShare(40000))),
    ...          OpenNeed(2, HouseholdNeed(people=1, rent_limit=IncomeShare(30000)))]
    >>> homes = columns([Home(home_id=7, rent=28000, fee=0)])
    >>> day = date(2026, 11, 21)
    >>> first = recruits(needs, assign(open_market(needs, homes, today=day)), today=day)[0]
    >>> first.wish.rent, first.more, first.household_ids
    (30000, 1, (2,))
    """
    without = set(found.unhoused())
    looking = [one.need for one in needs if one.household_id in without]
    wishes = list(dict.fromkeys(wish_of(need) for need in looking))
    suits = _suits(needs, found, wishes, today)
    hopes = [_hope(found, suits.where(suits.home == number)) for number in range(len(wishes))]
    promising = sorted(range(len(wishes)), key=lambda number: hopes[number], reverse=True)[:TRIED]
    tried = [
        _tried(wishes[number], found, suits.where(suits.home == number), min(copies, MOST_COPIES))
        for number in promising
    ]
    useful = [one for one in tried if one.more]
    return tuple(sorted(useful, key=lambda one: (-one.more, -one.benefit))[:top])


def _suits(
    needs: Sequence[OpenNeed], found: Assignment, wishes: Sequence[Wish], today: date
) -> Market:
    """Judge the homes wished for, for all households at their positions in the assignment."""
    ids = found.market.household_ids
    shelf = columns([home_like(wish, number) for number, wish in enumerate(wishes)])
    judged = open_market(needs, shelf, today=today)
    place = np.array([found.market.household_at(one.household_id) for one in needs], np.int64)
    return replace(judged, household_ids=ids, household=place[judged.household])


def _hope(found: Assignment, suits: Market) -> tuple[int, int]:
    """Say how many left without one kind suits, and by prices what one such home adds at most."""
    rows = suits.household
    over = suits.benefit * found.scale + found.bonus - found.household_price[rows]
    return int(np.count_nonzero(~found.housed[rows])), int(over.max(initial=0))


def _tried(wish: Wish, found: Assignment, suits: Market, copies: int) -> Recruit:
    """Add homes of one kind one by one for as long as each houses somebody more."""
    more, last, added = 0, found, 0
    for many in range(1, copies + 1):
        market = _with_homes(found, suits, many)
        again = assign(market, found.policy, order=found.order, locks=found.locks)
        if many == 1:
            added = again.total - found.total
        if again.housed.sum() == last.housed.sum():
            break
        last, more = again, many
    newly = (last.housed & ~found.housed)[found.order]
    ids = tuple(found.market.household_ids[found.order][newly].tolist())
    return Recruit(wish, more, ids, len(suits.household), added)


def _with_homes(found: Assignment, suits: Market, many: int) -> Market:
    market = found.market
    size, top = len(market.home_ids), int(market.home_ids.max(initial=0))
    new = np.repeat(np.arange(many), len(suits.household))
    return Market(
        household_ids=market.household_ids,
        home_ids=np.concatenate((market.home_ids, top + 1 + np.arange(many))),
        household=np.concatenate((market.household, np.tile(suits.household, many))),
        home=np.concatenate((market.home, size + new)),
        benefit=np.concatenate((market.benefit, np.tile(suits.benefit, many))),
    )
