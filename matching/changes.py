"""Changes somebody could grant, and what need and homes are like once it has been granted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

import numpy as np

from matching.home_columns import Acceptance, Company, Contact, HomeColumns
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

Pair = tuple[HouseholdNeed, HomeColumns]
Ceiling = TypeVar("Ceiling", RentCeiling, TownCeiling)


class Grantor(StrEnum):
    """Who can grant a change."""

    HOUSEHOLD = "household"
    LANDLORD = "landlord"
    DESK = "desk"
    GUARANTOR_COMPANY = "guarantor_company"


class ChangeKind(StrEnum):
    """What is changed; the amount's unit is after the sign."""

    LOWER_RENT = "lower_rent"  # yen
    RAISE_RENT_LIMIT = "raise_rent_limit"  # yen
    RAISE_PEOPLE = "raise_people"  # people the landlord lets live there
    SMALLER_AREA = "smaller_area"  # hundredths of a square metre
    FEWER_ROOMS = "fewer_rooms"  # rooms
    WIDER_FLOOR = "wider_floor"  # steps of Floor
    MORE_STEPS = "more_steps"  # steps at the entrance
    ACCEPT_GROUP = "accept_group"
    ARRANGE_SUPPORT = "arrange_support"
    FIND_GUARANTOR = "find_guarantor"
    TAKE_COMPANY = "take_company"
    FIND_CONTACT = "find_contact"
    TAKE_CORPORATE = "take_corporate"
    WAIT = "wait"  # days
    EARLIER = "earlier"  # days
    RAISE_FUNDS = "raise_funds"  # yen
    LOWER_INITIAL = "lower_initial"  # yen
    ACCEPT_KIND = "accept_kind"
    ACCEPT_MUNICIPALITY = "accept_municipality"
    FARTHER = "farther"  # metres


@dataclass(frozen=True, slots=True)
class Change:
    """One change: ``amount`` in the unit of its kind (1 where there is nothing to count)."""

    kind: ChangeKind
    by: Grantor
    amount: int = 1
    subject: str = ""


def apply_change(change: Change, need: HouseholdNeed, homes: HomeColumns, today: date) -> Pair:
    """Return need and homes as they would be with the change granted.

    Parameters
    ----------
    change : Change
    need : HouseholdNeed
    homes : HomeColumns
        What a landlord grants is granted for all of them: pass the one home concerned.
    today : date
        A leaving date already past is counted from today.

    Returns
    -------
    tuple of HouseholdNeed and HomeColumns
        New values; the arguments stay as they are.

    Examples
    --------
    >>> from matching.home_columns import Home, columns
    >>> change = Change(ChangeKind.LOWER_RENT, Grantor.LANDLORD, 2000)
    >>> need = HouseholdNeed(people=1, rent_limit=None)
    >>> home = columns([Home(home_id=1, rent=43000)])
    >>> apply_change(change, need, home, date(2026, 11, 21))[1].rent.tolist()
    [41000]
    """
    if change.kind in _OF_HOME:
        return need, _OF_HOME[change.kind](change, homes)
    if change.kind == ChangeKind.WAIT:
        start = max(need.move_in_by or today, today)
        return replace(need, move_in_by=start + timedelta(days=change.amount)), homes
    return _OF_NEED[change.kind](change, need), homes


def _raise_rent_limit(change: Change, need: HouseholdNeed) -> HouseholdNeed:
    limit = need.rent_limit
    if limit is None:
        return need
    if isinstance(limit, IncomeShare):
        return replace(need, rent_limit=IncomeShare(limit.amount + change.amount))
    towns = tuple(_raised_ceiling(town, change.amount) for town in limit.towns)
    raised = _raised_ceiling(limit, change.amount)
    return replace(need, rent_limit=replace(raised, towns=towns))


def _raised_ceiling(ceiling: Ceiling, amount: int) -> Ceiling:
    larger = ceiling.bands_if_larger
    return replace(
        ceiling,
        bands=_raised(ceiling.bands, amount),
        bands_if_larger=None if larger is None else _raised(larger, amount),
    )


def _raised(bands: tuple[Band, ...], amount: int) -> tuple[Band, ...]:
    return tuple(Band(band.max_area_m2, band.amount + amount) for band in bands)


def _arrange(change: Change, need: HouseholdNeed) -> HouseholdNeed:
    support = Support[change.subject.upper()]
    return replace(
        need,
        supports=need.supports | support,
        supports_not_asked=need.supports_not_asked & ~support,
    )


def _farther(change: Change, need: HouseholdNeed) -> HouseholdNeed:
    anchors = (
        replace(anchor, limit_m=(anchor.limit_m or 0) + change.amount)
        if anchor.label == change.subject
        else anchor
        for anchor in need.anchors
    )
    return replace(need, anchors=tuple(anchors))


def _accept_group(change: Change, homes: HomeColumns) -> HomeColumns:
    row = homes.groups.index(change.subject)
    accepts = homes.accepts.copy()
    accepts[row] = Acceptance.YES
    return replace(homes, accepts=accepts)


def _min_area(change: Change, need: HouseholdNeed) -> HouseholdNeed:
    least = round((need.min_area_m2 or 0) * 100) - change.amount
    return replace(need, min_area_m2=least / 100)


def smaller(change: Change) -> Change | None:
    """Return the next smaller change of the kind, or None where there is nothing smaller."""
    return replace(change, amount=change.amount - 1) if change.amount > 1 else None


_OF_NEED: dict[ChangeKind, Callable[[Change, HouseholdNeed], HouseholdNeed]] = {
    ChangeKind.RAISE_RENT_LIMIT: _raise_rent_limit,
    ChangeKind.SMALLER_AREA: _min_area,
    ChangeKind.FEWER_ROOMS: lambda c, n: replace(n, min_rooms=(n.min_rooms or 0) - c.amount),
    ChangeKind.WIDER_FLOOR: lambda c, n: replace(n, floor=Floor(n.floor + c.amount)),
    ChangeKind.MORE_STEPS: lambda c, n: replace(n, max_steps=(n.max_steps or 0) + c.amount),
    ChangeKind.ARRANGE_SUPPORT: _arrange,
    ChangeKind.FIND_GUARANTOR: lambda _, n: replace(n, guarantor=Answer.YES),
    ChangeKind.FIND_CONTACT: lambda _, n: replace(n, private_contact=Answer.YES),
    ChangeKind.RAISE_FUNDS: lambda c, n: replace(n, funds=(n.funds or 0) + c.amount),
    ChangeKind.ACCEPT_KIND: lambda c, n: replace(n, kinds=(*(n.kinds or ()), c.subject)),
    ChangeKind.ACCEPT_MUNICIPALITY: lambda c, n: replace(
        n, municipalities=(*(n.municipalities or ()), c.subject)
    ),
    ChangeKind.FARTHER: _farther,
}

_OF_HOME: dict[ChangeKind, Callable[[Change, HomeColumns], HomeColumns]] = {
    ChangeKind.LOWER_RENT: lambda c, h: replace(h, rent=h.rent - c.amount),
    ChangeKind.LOWER_INITIAL: lambda c, h: replace(h, initial_cost=h.initial_cost - c.amount),
    ChangeKind.RAISE_PEOPLE: lambda c, h: replace(h, max_people=h.max_people + np.int16(c.amount)),
    ChangeKind.EARLIER: lambda c, h: replace(
        h, available_from=h.available_from - np.int32(c.amount)
    ),
    ChangeKind.ACCEPT_GROUP: _accept_group,
    ChangeKind.TAKE_COMPANY: lambda _, h: replace(
        h, company=np.full_like(h.company, Company.POSSIBLE)
    ),
    ChangeKind.TAKE_CORPORATE: lambda _, h: replace(
        h, contact=np.full_like(h.contact, Contact.CORPORATE_WILL_DO)
    ),
}
