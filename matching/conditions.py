"""The hard conditions: each looks at all homes at once and answers fits, fails or unknown.

An unknown names the question that would settle it and whom to ask. Where any of several answers
would do (ground floor *or* lift), one question is named, the first that could settle it. A failing
home may carry questions as well: those a granted change would leave open.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from matching.geo import arc_m, earth_xyz
from matching.home_columns import (
    DAY_NOT_KNOWN,
    FLOOR_NOT_KNOWN,
    NOT_KNOWN,
    Acceptance,
    Bools,
    Company,
    Contact,
    Floats,
    HomeColumns,
    Int8s,
    Int32s,
    Int64s,
)
from matching.need import (
    Answer,
    Band,
    Floor,
    HouseholdNeed,
    IncomeShare,
    RentCeiling,
    Support,
    TownCeiling,
)

FAILS, FITS, UNKNOWN = 0, 1, 2
PET = "pet"


class Asked(StrEnum):
    """Who can answer a question."""

    LANDLORD = "landlord"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: whom, about what, and the group, support or place it is about."""

    whom: Asked
    about: str
    subject: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One condition's answers for all homes.

    Attributes
    ----------
    key, subject : str
        ``subject`` tells several of one kind apart: a group code or the label of an anchor.
    state : int8 of FAILS, FITS, UNKNOWN
    asks : tuple of (Ask, bool array)
        The questions that are open, and for which homes.
    missing : int8 of Support, or None
        Where it fails only for supports nobody has arranged: which.
    """

    key: str
    subject: str
    state: Int8s
    asks: tuple[tuple[Ask, Bools], ...] = ()
    missing: Int8s | None = None


def conditions(need: HouseholdNeed, homes: HomeColumns, today: date) -> Iterator[Condition]:
    """Yield every condition the need sets, in the order in which they are explained.

    Stay-away zones are not among them: homes within one are taken out before anything is counted.

    Examples
    --------
    >>> from matching.home_columns import Home, columns
    >>> from matching.need import HouseholdNeed, IncomeShare
    >>> need = HouseholdNeed(people=1, rent_limit=IncomeShare(40000))
    >>> homes = columns([Home(home_id=1, rent=39000, fee=1000), Home(home_id=2, rent=41000)])
    >>> next(iter(conditions(need, homes, date(2026, 11, 21)))).state.tolist()
    [1, 0]
    """
    yield _rent(need, homes)
    yield from _size(need, homes)
    yield from _way_in(need, homes)
    for group in need.groups:
        yield _accepts("accepts", group, need, homes)
    for group in need.groups_not_asked:
        yield _may_accept(group, need, homes)
    if need.pet:
        yield _accepts("pet", PET, need, homes)
    yield _guarantor(need, homes)
    yield _company(need, homes)
    yield _contact(need, homes)
    if need.move_in_by is not None:
        yield _move_in(need.move_in_by, homes, today)
    yield _funds(need, homes)
    if need.kinds is not None:
        yield _named("kind", need.kinds, homes.kind, homes.kinds)
    if need.municipalities is not None:
        yield _named("municipality", need.municipalities, homes.municipality, homes.municipalities)
    for number, anchor in enumerate(need.anchors):
        if anchor.limit_m is not None:
            yield _distance(anchor.limit_m, anchor.label, anchor_metres(need, homes, number))
    here = ~np.isnan(homes.xyz[0])
    yield Condition("location", "", _state(here, ~here), ((_landlord("location"), ~here),))


def _landlord(about: str, subject: str = "") -> Ask:
    return Ask(Asked.LANDLORD, about, subject)


def _household(about: str, subject: str = "") -> Ask:
    return Ask(Asked.HOUSEHOLD, about, subject)


def _state(fits: Bools, unknown: Bools) -> Int8s:
    state = fits.astype(np.int8)
    state[unknown] = UNKNOWN
    return state


def rent_limits(need: HouseholdNeed, homes: HomeColumns) -> tuple[Int64s, Int64s]:
    """Return the lowest and the highest amount each home's rent may have to keep under.

    They differ while the home's area or the number of people is not known. For an income share the
    amount is for rent and fee together; without an agreed limit it is (0, the highest yen).
    """
    limit = need.rent_limit
    if limit is None:
        size = len(homes)
        return np.zeros(size, np.int64), np.full(size, np.iinfo(np.int64).max // 2)
    if isinstance(limit, IncomeShare):
        amount = np.full(len(homes), limit.amount, np.int64)
        return amount, amount
    low, high = _limits(limit, homes)
    for town in limit.towns:
        if town.municipality in homes.municipalities:
            there = homes.municipality == homes.municipalities.index(town.municipality)
            town_low, town_high = _limits(town, homes)
            low, high = np.where(there, town_low, low), np.where(there, town_high, high)
    return low, high


def _limits(ceiling: RentCeiling | TownCeiling, homes: HomeColumns) -> tuple[Int64s, Int64s]:
    larger = ceiling.bands if ceiling.bands_if_larger is None else ceiling.bands_if_larger
    return _by_area(ceiling.bands, homes, lowest=True), _by_area(larger, homes, lowest=False)


def _by_area(bands: tuple[Band, ...], homes: HomeColumns, *, lowest: bool) -> Int64s:
    """Look the amount up by area; without the area, take the lowest or highest it may be."""
    bounds = np.array([band.max_area_m2 * 100 for band in bands[:-1]]).round()
    amounts = np.array([band.amount for band in bands], np.int64)
    found: Int64s = amounts[np.searchsorted(bounds, homes.area_dm2, side="left")]
    no_area = homes.area_dm2 == NOT_KNOWN
    found[no_area] = amounts.min() if lowest else amounts.max()
    return found


def monthly(need: HouseholdNeed, homes: HomeColumns) -> Int64s:
    """Return what is held against the limit: rent alone, or with the fee for an income share."""
    if isinstance(need.rent_limit, IncomeShare):
        total: Int64s = homes.rent + np.maximum(homes.fee, 0)
        return total
    return homes.rent


def _rent(need: HouseholdNeed, homes: HomeColumns) -> Condition:
    low, high = rent_limits(need, homes)
    paid = monthly(need, homes)
    no_rent = homes.rent == NOT_KNOWN
    by_income = isinstance(need.rent_limit, IncomeShare)
    no_fee = (homes.fee == NOT_KNOWN) & by_income
    unknown = no_rent | ((paid <= high) & ((paid > low) | no_fee))
    open_after = ~no_rent & (paid > low)  # also where it fails: a change would leave it open
    asks = [(_landlord("rent"), no_rent), (_landlord("fee"), no_fee & ~no_rent)]
    if need.rent_limit is None:
        unknown = np.ones(len(homes), bool)
        asks.append((_household("rent_limit"), unknown))
    elif not isinstance(need.rent_limit, IncomeShare):
        asks.append((_landlord("area"), open_after & (homes.area_dm2 == NOT_KNOWN)))
        if need.rent_limit.bands_if_larger is not None:
            asks.append((_household("people"), open_after))
    return Condition("rent", "", _state(paid <= low, unknown), tuple(asks))


def _size(need: HouseholdNeed, homes: HomeColumns) -> Iterator[Condition]:
    no_area = homes.area_dm2 == NOT_KNOWN
    nobody_knows = np.full(len(homes), need.people is None)
    stated = homes.max_people != NOT_KNOWN  # a listing that states no limit sets none
    unknown = stated & nobody_knows
    fits = ~stated | (homes.max_people >= (need.people or 1))
    yield Condition("people", "", _state(fits, unknown), ((_household("people"), unknown),))
    if need.space is not None:
        least = round(need.space.area_m2(need.people or 1) * 100)
        asks = ((_landlord("area"), no_area), (_household("people"), nobody_knows))
        unknown = no_area | nobody_knows
        yield Condition("space", "", _state(homes.area_dm2 >= least, unknown), asks)
    if need.min_area_m2 is not None:
        fits = homes.area_dm2 >= round(need.min_area_m2 * 100)
        yield Condition("area", "", _state(fits, no_area), ((_landlord("area"), no_area),))
    if need.min_rooms is not None:
        unknown = homes.rooms == NOT_KNOWN
        fits = homes.rooms >= need.min_rooms
        yield Condition("rooms", "", _state(fits, unknown), ((_landlord("rooms"), unknown),))


def floor_needed(homes: HomeColumns) -> Int8s:
    """Return the narrowest Floor each home satisfies, unknown lifts counting as none."""
    ground, second = homes.floor == 1, homes.floor == 2
    lift = homes.lift == Answer.YES
    needed = np.full(len(homes), Floor.ANY, np.int8)
    needed[second] = Floor.SECOND_OR_LIFT
    needed[lift] = Floor.GROUND_OR_LIFT
    needed[ground] = Floor.GROUND
    return needed


def _way_in(need: HouseholdNeed, homes: HomeColumns) -> Iterator[Condition]:
    if need.floor != Floor.ANY:
        fits = floor_needed(homes) <= need.floor
        no_floor = ~fits & (homes.floor == FLOOR_NOT_KNOWN)
        by_lift = need.floor >= Floor.GROUND_OR_LIFT
        no_lift = ~fits & ~no_floor & (homes.lift == Answer.UNKNOWN)
        asks = ((_landlord("floor"), no_floor), (_landlord("lift"), no_lift))
        yield Condition("floor", "", _state(fits, no_floor | (no_lift & by_lift)), asks)
    if need.max_steps is not None:
        unknown = homes.steps == NOT_KNOWN
        fits = homes.steps <= need.max_steps
        yield Condition("steps", "", _state(fits, unknown), ((_landlord("steps"), unknown),))
    if need.wheelchair:
        unknown = homes.wheelchair == Answer.UNKNOWN
        ask = _landlord("wheelchair")
        yield Condition("wheelchair", "", homes.wheelchair, ((ask, unknown),))


def _accepts(key: str, group: str, need: HouseholdNeed, homes: HomeColumns) -> Condition:
    stance, wanted = homes.acceptance(group)
    on_terms = stance == Acceptance.IF
    known = need.supports | need.supports_not_asked
    lacking = np.where(on_terms, wanted & ~np.int8(known), np.int8(0)).astype(np.int8)
    to_ask = np.where(on_terms, wanted & np.int8(need.supports_not_asked), 0)
    unsaid = (stance == Acceptance.UNKNOWN) | (stance == Acceptance.ASK)
    fits = (stance == Acceptance.YES) | (on_terms & (lacking == 0))
    unknown = unsaid | ((to_ask != 0) & (lacking == 0))
    asks = [(_landlord("accepts", group), unsaid)]
    asks += [
        (_household("support", _name(support)), (to_ask & support) != 0)
        for support in need.supports_not_asked
    ]
    return Condition(key, group, _state(fits, unknown), tuple(asks), lacking)


def _name(support: Support) -> str:
    return str(support.name).lower()


def _may_accept(group: str, need: HouseholdNeed, homes: HomeColumns) -> Condition:
    """Judge a group nobody has asked the household about: never a failure, at most a question."""
    stance, wanted = homes.acceptance(group)
    arranged = (stance == Acceptance.IF) & ((wanted & ~np.int8(need.supports)) == 0)
    fits = (stance == Acceptance.YES) | arranged
    return Condition("accepts", group, _state(fits, ~fits), ((_household("group", group), ~fits),))


def _guarantor(need: HouseholdNeed, homes: HomeColumns) -> Condition:
    company = Support.GUARANTOR_COMPANY
    able, open_ = company in need.supports, company in need.supports_not_asked
    needed = homes.guarantor != Answer.NO
    instead = homes.company == Company.POSSIBLE
    perhaps_instead = (homes.company == Company.UNKNOWN) & (able or open_)
    has = need.guarantor == Answer.YES
    fits = ~needed | has | (instead & able)
    unsaid = ~fits & (homes.guarantor == Answer.UNKNOWN)
    ask_person = ~fits & ~unsaid & (need.guarantor == Answer.UNKNOWN)
    rest = ~fits & ~unsaid & ~ask_person
    ask_rule, ask_company = rest & perhaps_instead, rest & instead & open_
    missing = np.where(rest & instead & (not open_), company, 0).astype(np.int8)
    asks = (
        (_landlord("guarantor"), unsaid),
        (_household("guarantor"), ask_person),
        (_landlord("company"), ask_rule),
        (_household("support", _name(company)), ask_company | (ask_rule & open_)),
    )
    unknown = unsaid | ask_person | ask_rule | ask_company
    return Condition("guarantor", "", _state(fits, unknown), asks, missing)


def _company(need: HouseholdNeed, homes: HomeColumns) -> Condition:
    company = Support.GUARANTOR_COMPANY
    able, open_ = company in need.supports, company in need.supports_not_asked
    required = homes.company == Company.REQUIRED
    unsaid = (homes.company == Company.UNKNOWN) & (not able)
    ask = required & open_
    missing = np.where(required & (not able) & (not open_), company, 0).astype(np.int8)
    asks = ((_landlord("company"), unsaid), (_household("support", _name(company)), ask))
    return Condition("company", "", _state(~required | able, unsaid | ask), asks, missing)


def _contact(need: HouseholdNeed, homes: HomeColumns) -> Condition:
    corporate = Support.CORPORATE_CONTACT
    able, open_ = corporate in need.supports, corporate in need.supports_not_asked
    has = need.private_contact == Answer.YES
    will_do = homes.contact == Contact.CORPORATE_WILL_DO
    fits = (homes.contact == Contact.NOT_NEEDED) | has | (will_do & able)
    unsaid = ~fits & (homes.contact == Contact.UNKNOWN)
    ask_person = ~fits & ~unsaid & (need.private_contact == Answer.UNKNOWN)
    rest = ~fits & ~unsaid & ~ask_person
    ask_corporate = rest & will_do & open_
    missing = np.where(rest & will_do & (not open_), corporate, 0).astype(np.int8)
    asks = (
        (_landlord("contact"), unsaid),
        (_household("contact"), ask_person),
        (_household("support", _name(corporate)), ask_corporate),
    )
    return Condition(
        "contact", "", _state(fits, unsaid | ask_person | ask_corporate), asks, missing
    )


def _move_in(by: date, homes: HomeColumns, today: date) -> Condition:
    """Compare with the day the household must leave; a day already past counts as today."""
    unknown = homes.available_from == DAY_NOT_KNOWN
    fits = homes.available_from <= max(by, today).toordinal()
    return Condition("move_in", "", _state(fits, unknown), ((_landlord("available"), unknown),))


def out_of_pocket(need: HouseholdNeed, homes: HomeColumns) -> Int64s:
    """Return the initial cost left to the household after what a benefit covers."""
    left: Int64s = homes.initial_cost - np.minimum(homes.initial_covered, need.initial_benefit)
    return left


def _funds(need: HouseholdNeed, homes: HomeColumns) -> Condition:
    no_cost = homes.initial_cost == NOT_KNOWN
    left = out_of_pocket(need, homes)
    no_funds = (left > 0) & (need.funds is None)
    asks = ((_landlord("initial_cost"), no_cost), (_household("funds"), no_funds))
    return Condition("funds", "", _state(left <= (need.funds or 0), no_cost | no_funds), asks)


def _named(key: str, allowed: tuple[str, ...], column: Int32s, names: tuple[str, ...]) -> Condition:
    unknown = column == NOT_KNOWN
    good = np.array([name in allowed for name in names] + [False])  # -1 finds the last
    return Condition(key, "", _state(good[column], unknown), ((_landlord(key), unknown),))


def anchor_metres(need: HouseholdNeed, homes: HomeColumns, number: int) -> Floats:
    """Return whole metres along the ground to one anchor, ``nan`` where the home is not placed."""
    place = need.anchors[number].place
    point = earth_xyz(place.lat, place.lon)[:, None]
    metres: Floats = np.rint(arc_m(homes.xyz, point))
    return metres


def _distance(limit_m: int, subject: str, metres: Floats) -> Condition:
    unknown = np.isnan(metres)
    asks = ((_landlord("location"), unknown),)
    return Condition("distance", subject, _state(metres <= limit_m, unknown), asks)
