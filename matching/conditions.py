"""The hard conditions: each looks at all homes at once and answers fits, fails or unknown.

An unknown names the question that would settle it and whom to ask. Where any of several answers
would do (ground floor *or* lift), one question is named, the first that could settle it. A failing
home may carry questions as well: those a granted change would leave open.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial

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
    SpaceRule,
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
    fails, unknown : bool
        Where it fails, and where it is not known; everywhere else it fits.
    asks : tuple of (Ask, bool array)
        The questions that are open, and for which homes.
    missing : int8 of Support, or None
        Where it fails only for supports nobody has arranged: which.
    """

    key: str
    subject: str
    fails: Bools
    unknown: Bools
    asks: tuple[tuple[Ask, Bools], ...] = ()
    missing: Int8s | None = None

    @property
    def state(self) -> Int8s:
        """The answers as int8 of FAILS, FITS, UNKNOWN."""
        state = np.full(len(self.fails), FITS, np.int8)
        state[self.unknown] = UNKNOWN
        state[self.fails] = FAILS
        return state


def _condition(
    name: tuple[str, str],
    fits: Bools,
    unknown: Bools,
    asks: tuple[tuple[Ask, Bools], ...],
    missing: Int8s | None = None,
) -> Condition:
    """A condition where what is not known counts neither as fitting nor as failing."""
    return Condition(*name, ~(fits | unknown), unknown, asks, missing)


Builder = Callable[[HouseholdNeed, HomeColumns, date], Condition]


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
    for _key, _subject, build in _set_by(need):
        yield build(need, homes, today)


def condition_again(
    condition: Condition, need: HouseholdNeed, homes: HomeColumns, today: date
) -> Condition | None:
    """Judge one condition alone for a changed need; None where the need no longer sets it."""
    for key, subject, build in _set_by(need):
        if (key, subject) == (condition.key, condition.subject):
            return build(need, homes, today)
    return None


def _set_by(need: HouseholdNeed) -> Iterator[tuple[str, str, Builder]]:
    """Key, subject and builder of each condition the need sets, in order."""
    yield "rent", "", _rent
    yield "people", "", _people
    yield from ((key, "", build) for key, build, is_set in _PLAIN if is_set(need))
    for group in need.groups:
        yield "accepts", group, partial(_accepts, "accepts", group)
    for group in need.groups_not_asked:
        yield "accepts", group, partial(_may_accept, group)
    if need.pet:
        yield "pet", PET, partial(_accepts, "pet", PET)
    yield from (("guarantor", "", _guarantor), ("company", "", _company), ("contact", "", _contact))
    if need.move_in_by is not None:
        yield "move_in", "", _move_in
    yield "funds", "", _funds
    if need.kinds is not None:
        yield "kind", "", _kind
    if need.municipalities is not None:
        yield "municipality", "", _municipality
    for number, anchor in enumerate(need.anchors):
        if anchor.limit_m is not None:
            yield "distance", anchor.label, partial(_distance, number)
    yield "location", "", _location


def _landlord(about: str, subject: str = "") -> Ask:
    return Ask(Asked.LANDLORD, about, subject)


def _household(about: str, subject: str = "") -> Ask:
    return Ask(Asked.HOUSEHOLD, about, subject)


def rent_limits(need: HouseholdNeed, homes: HomeColumns) -> tuple[Int64s, Int64s]:
    """Return the lowest and the highest amount each home's rent may have to keep under.

    They differ while the home's area or town or the number of people is not known. For an income
    share the amount is for rent and fee together; without an agreed limit it is (0, the highest
    yen).
    """
    limit = need.rent_limit
    if limit is None:
        size = len(homes)
        return np.zeros(size, np.int64), np.full(size, np.iinfo(np.int64).max // 2)
    if isinstance(limit, IncomeShare):
        amount = np.full(len(homes), limit.amount, np.int64)
        return amount, amount
    low, high = _limits(limit, homes)
    no_town = homes.municipality == NOT_KNOWN
    for town in limit.towns:
        there = _in_town(town, homes)
        town_low, town_high = _limits(town, homes)
        low = np.where(there | (no_town & (town_low < low)), town_low, low)
        high = np.where(there | (no_town & (town_high > high)), town_high, high)
    return low, high


def _in_town(town: TownCeiling, homes: HomeColumns) -> Bools:
    if town.municipality not in homes.municipalities:
        return np.zeros(len(homes), bool)
    there: Bools = homes.municipality == homes.municipalities.index(town.municipality)
    return there


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


def _rent(need: HouseholdNeed, homes: HomeColumns, _today: date) -> Condition:
    limit, paid = need.rent_limit, monthly(need, homes)
    no_rent = homes.rent == NOT_KNOWN
    if limit is None:
        unknown = np.ones(len(homes), bool)
        limit_asks = ((_landlord("rent"), no_rent), (_household("rent_limit"), unknown))
        return _condition(("rent", ""), unknown, unknown, limit_asks)
    if isinstance(limit, IncomeShare):
        within = paid <= limit.amount
        no_fee = homes.fee == NOT_KNOWN
        unknown = no_rent | (within & no_fee)
        fee_asks = ((_landlord("rent"), no_rent), (_landlord("fee"), no_fee & ~no_rent))
        return _condition(("rent", ""), within, unknown, fee_asks)
    no_area = homes.area_dm2 == NOT_KNOWN
    surely, perhaps = _under(limit, homes, no_area)
    no_town = homes.municipality == NOT_KNOWN
    for town in limit.towns:  # a home whose town is not known may be held against any of them
        there = _in_town(town, homes)
        sure, maybe = _under(town, homes, no_area)
        surely = np.where(there, sure, surely & (sure | ~no_town))
        perhaps = np.where(there, maybe, perhaps | (maybe & no_town))
    open_after = ~no_rent & ~surely  # also where it fails: a change would leave it open
    asks = [(_landlord("rent"), no_rent), (_landlord("area"), open_after & no_area)]
    if limit.towns:
        asks.append((_landlord("municipality"), open_after & no_town))
    if limit.bands_if_larger is not None:
        asks.append((_household("people"), open_after))
    return _condition(("rent", ""), surely, no_rent | (perhaps & ~surely), tuple(asks))


def _under(
    ceiling: RentCeiling | TownCeiling, homes: HomeColumns, no_area: Bools
) -> tuple[Bools, Bools]:
    """Whether the rent surely keeps under a ceiling, and whether it may; see `rent_limits`."""
    larger = ceiling.bands if ceiling.bands_if_larger is None else ceiling.bands_if_larger
    surely = _within(ceiling.bands, homes, no_area, lowest=True)
    return surely, _within(larger, homes, no_area, lowest=False)


def _within(bands: tuple[Band, ...], homes: HomeColumns, no_area: Bools, *, lowest: bool) -> Bools:
    """Whether the rent keeps under the band of the home's area; see `rent_limits`."""
    found = homes.rent <= bands[-1].amount
    for band in reversed(bands[:-1]):
        small = homes.area_dm2 <= round(band.max_area_m2 * 100)
        found = np.where(small, homes.rent <= band.amount, found)
    amounts = [band.amount for band in bands]
    edge = min(amounts) if lowest else max(amounts)
    within: Bools = np.where(no_area, homes.rent <= edge, found)
    return within


def _people(need: HouseholdNeed, homes: HomeColumns, _today: date) -> Condition:
    stated = homes.max_people != NOT_KNOWN  # a listing that states no limit sets none
    unknown = stated if need.people is None else np.zeros(len(homes), bool)
    fits = ~stated | (homes.max_people >= (need.people or 1))
    return _condition(("people", ""), fits, unknown, ((_household("people"), unknown),))


def _space(need: HouseholdNeed, homes: HomeColumns, _today: date) -> Condition:
    rule = need.space or SpaceRule(0.0, 0.0, 0.0)
    no_area = homes.area_dm2 == NOT_KNOWN
    nobody_knows = np.full(len(homes), need.people is None)
    least = round(rule.area_m2(need.people or 1) * 100)
    asks = ((_landlord("area"), no_area), (_household("people"), nobody_knows))
    return _condition(("space", ""), homes.area_dm2 >= least, no_area | nobody_knows, asks)


def _area(need: HouseholdNeed, homes: HomeColumns, _today: date) -> Condition:
    unknown = homes.area_dm2 == NOT_KNOWN
    fits = homes.area_dm2 >= round((need.min_area_m2 or 0) * 100)
    return _condition(("area", ""), fits, unknown, ((_landlord("area"), unknown),))


def _rooms(need: HouseholdNeed, homes: HomeColumns, _today: date) -> Condition:
    unknown = homes.rooms == NOT_KNOWN
    fits = homes.rooms >= (need.min_rooms or 0)
    return _condition(("rooms", ""), fits, unknown, ((_landlord("rooms"), unknown),))


def floor_needed(homes: HomeColumns) -> Int8s:
    """Return the narrowest Floor each home satisfies, unknown lifts counting as none."""
    ground, second = homes.floor == 1, homes.floor == 2
    lift = homes.lift == Answer.YES
    needed = np.full(len(homes), Floor.ANY, np.int8)
    needed[second] = Floor.SECOND_OR_LIFT
    needed[lift] = Floor.GROUND_OR_LIFT
    needed[ground] = Floor.GROUND
    return needed


def _floor(need: HouseholdNeed, homes: HomeColumns, _today: date) -> Condition:
    fits = floor_needed(homes) <= need.floor
    no_floor = ~fits & (homes.floor == FLOOR_NOT_KNOWN)
    no_lift = ~fits & ~no_floor & (homes.lift == Answer.UNKNOWN)
    unknown = no_floor | no_lift if need.floor >= Floor.GROUND_OR_LIFT else no_floor
    asks = ((_landlord("floor"), no_floor), (_landlord("lift"), no_lift))
    return _condition(("floor", ""), fits, unknown, asks)


def _steps(need: HouseholdNeed, homes: HomeColumns, _today: date) -> Condition:
    unknown = homes.steps == NOT_KNOWN
    fits = homes.steps <= (need.max_steps or 0)
    return _condition(("steps", ""), fits, unknown, ((_landlord("steps"), unknown),))


def _wheelchair(_need: HouseholdNeed, homes: HomeColumns, _today: date) -> Condition:
    unknown = homes.wheelchair == Answer.UNKNOWN
    fits = homes.wheelchair == Answer.YES
    return _condition(("wheelchair", ""), fits, unknown, ((_landlord("wheelchair"), unknown),))


# Conditions a need sets by one of its fields, between the people and the groups.
_PLAIN: tuple[tuple[str, Builder, Callable[[HouseholdNeed], bool]], ...] = (
    ("space", _space, lambda need: need.space is not None),
    ("area", _area, lambda need: need.min_area_m2 is not None),
    ("rooms", _rooms, lambda need: need.min_rooms is not None),
    ("floor", _floor, lambda need: need.floor != Floor.ANY),
    ("steps", _steps, lambda need: need.max_steps is not None),
    ("wheelchair", _wheelchair, lambda need: need.wheelchair),
)


def _accepts(
    key: str, group: str, need: HouseholdNeed, homes: HomeColumns, _today: date
) -> Condition:
    stance, wanted = homes.acceptance(group)
    on_terms = stance == Acceptance.IF
    known = need.supports | need.supports_not_asked
    lacking = (wanted & ~np.int8(known)) * on_terms
    to_ask = (wanted & np.int8(need.supports_not_asked)) * on_terms
    unsaid = (stance == Acceptance.UNKNOWN) | (stance == Acceptance.ASK)
    fits = (stance == Acceptance.YES) | (on_terms & (lacking == 0))
    unknown = unsaid | ((to_ask != 0) & (lacking == 0))
    asks = [(_landlord("accepts", group), unsaid)]
    asks += [
        (_household("support", _name(support)), (to_ask & support) != 0)
        for support in need.supports_not_asked
    ]
    return _condition((key, group), fits, unknown, tuple(asks), lacking)


def _name(support: Support) -> str:
    return str(support.name).lower()


def _may_accept(group: str, need: HouseholdNeed, homes: HomeColumns, _today: date) -> Condition:
    """Judge a group nobody has asked the household about: never a failure, at most a question."""
    stance, wanted = homes.acceptance(group)
    arranged = (stance == Acceptance.IF) & ((wanted & ~np.int8(need.supports)) == 0)
    fits = (stance == Acceptance.YES) | arranged
    return _condition(("accepts", group), fits, ~fits, ((_household("group", group), ~fits),))


def _guarantor(need: HouseholdNeed, homes: HomeColumns, _today: date) -> Condition:
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
    missing = (rest & instead & (not open_)) * np.int8(company)
    asks = (
        (_landlord("guarantor"), unsaid),
        (_household("guarantor"), ask_person),
        (_landlord("company"), ask_rule),
        (_household("support", _name(company)), ask_company | (ask_rule & open_)),
    )
    unknown = unsaid | ask_person | ask_rule | ask_company
    return _condition(("guarantor", ""), fits, unknown, asks, missing)


def _company(need: HouseholdNeed, homes: HomeColumns, _today: date) -> Condition:
    company = Support.GUARANTOR_COMPANY
    able, open_ = company in need.supports, company in need.supports_not_asked
    required = homes.company == Company.REQUIRED
    unsaid = (homes.company == Company.UNKNOWN) & (not able)
    ask = required & open_
    missing = (required & (not able) & (not open_)) * np.int8(company)
    asks = ((_landlord("company"), unsaid), (_household("support", _name(company)), ask))
    return _condition(("company", ""), ~required | able, unsaid | ask, asks, missing)


def _contact(need: HouseholdNeed, homes: HomeColumns, _today: date) -> Condition:
    corporate = Support.CORPORATE_CONTACT
    able, open_ = corporate in need.supports, corporate in need.supports_not_asked
    has = need.private_contact == Answer.YES
    will_do = homes.contact == Contact.CORPORATE_WILL_DO
    fits = (homes.contact == Contact.NOT_NEEDED) | has | (will_do & able)
    unsaid = ~fits & (homes.contact == Contact.UNKNOWN)
    ask_person = ~fits & ~unsaid & (need.private_contact == Answer.UNKNOWN)
    rest = ~fits & ~unsaid & ~ask_person
    ask_corporate = rest & will_do & open_
    missing = (rest & will_do & (not open_)) * np.int8(corporate)
    asks = (
        (_landlord("contact"), unsaid),
        (_household("contact"), ask_person),
        (_household("support", _name(corporate)), ask_corporate),
    )
    return _condition(("contact", ""), fits, unsaid | ask_person | ask_corporate, asks, missing)


def _move_in(need: HouseholdNeed, homes: HomeColumns, today: date) -> Condition:
    """Compare with the day the household must leave; a day already past counts as today."""
    unknown = homes.available_from == DAY_NOT_KNOWN
    fits = homes.available_from <= max(need.move_in_by or today, today).toordinal()
    return _condition(("move_in", ""), fits, unknown, ((_landlord("available"), unknown),))


def out_of_pocket(need: HouseholdNeed, homes: HomeColumns) -> Int64s:
    """Return the initial cost left to the household after what a benefit covers."""
    if not need.initial_benefit:
        return homes.initial_cost
    left: Int64s = homes.initial_cost - np.minimum(homes.initial_covered, need.initial_benefit)
    return left


def _funds(need: HouseholdNeed, homes: HomeColumns, _today: date) -> Condition:
    no_cost = homes.initial_cost == NOT_KNOWN
    left = out_of_pocket(need, homes)
    fits = left <= (need.funds or 0)
    no_funds = np.zeros(len(homes), bool) if need.funds is not None else left > 0
    asks = ((_landlord("initial_cost"), no_cost), (_household("funds"), no_funds))
    return _condition(("funds", ""), fits, no_cost | no_funds, asks)


def _kind(need: HouseholdNeed, homes: HomeColumns, _today: date) -> Condition:
    return _named("kind", need.kinds or (), homes.kind, homes.kinds)


def _municipality(need: HouseholdNeed, homes: HomeColumns, _today: date) -> Condition:
    towns = need.municipalities or ()
    return _named("municipality", towns, homes.municipality, homes.municipalities)


def _named(key: str, allowed: tuple[str, ...], column: Int32s, names: tuple[str, ...]) -> Condition:
    unknown = column == NOT_KNOWN
    fits = np.zeros(len(column), bool)
    for number, name in enumerate(names):
        if name in allowed:
            fits |= column == number
    return _condition((key, ""), fits, unknown, ((_landlord(key), unknown),))


def anchor_metres(need: HouseholdNeed, homes: HomeColumns, number: int) -> Floats:
    """Return whole metres along the ground to one anchor, ``nan`` where the home is not placed."""
    place = need.anchors[number].place
    point = earth_xyz(place.lat, place.lon)[:, None]
    metres: Floats = np.rint(arc_m(homes.xyz, point))
    return metres


def _distance(number: int, need: HouseholdNeed, homes: HomeColumns, _today: date) -> Condition:
    anchor = need.anchors[number]
    metres = anchor_metres(need, homes, number)
    unknown = np.isnan(metres)
    fits = metres <= (anchor.limit_m or 0)
    asks = ((_landlord("location"), unknown),)
    return _condition(("distance", anchor.label), fits, unknown, asks)


def _location(_need: HouseholdNeed, homes: HomeColumns, _today: date) -> Condition:
    nowhere = np.isnan(homes.xyz[0])
    return _condition(("location", ""), ~nowhere, nowhere, ((_landlord("location"), nowhere),))
