"""The same from the landlord's side: which one change of stance would suit how many households."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from matching.changes import Change, ChangeKind, Grantor, apply_change
from matching.errors import AssignmentError
from matching.home_columns import Acceptance, HomeColumns
from matching.near_misses import nothing_fails
from matching.need import HouseholdNeed, Support
from matching.open_needs import OpenNeed
from matching.phrases import CONFIDENTIAL_GROUPS
from matching.sorting import sort_homes


@dataclass(frozen=True, slots=True)
class Offer:
    """One change a landlord could grant; accepting a group may be on terms."""

    change: Change
    terms: Support = Support.NONE


@dataclass(frozen=True, slots=True)
class OfferEffect:
    """The households that would fit with one change, and do not now."""

    offer: Offer
    household_ids: tuple[int, ...]


def landlord_offers(
    needs: Sequence[OpenNeed], home: HomeColumns, *, today: date
) -> tuple[OfferEffect, ...]:
    """Tell which one change of a home's terms would suit which households.

    Groups that must not be spoken of are in no offer, and a household that must stay away from
    the place counts for none.

    Parameters
    ----------
    needs : sequence of OpenNeed
        Their order is that of the households in the result.
    home : HomeColumns
        One home.
    today : date

    Returns
    -------
    tuple of OfferEffect
        Most households first; of offers for the same households, the one on terms before the one
        without, and the smaller before the larger. Each is proved by judging the home again.

    Raises
    ------
    AssignmentError
        For more or fewer homes than one.

    Examples
    --------
    >>> from matching.home_columns import Home, columns
    >>> home = columns([Home(home_id=7, accepts=(("elderly", Acceptance.NO, Support.NONE),))])
    >>> need = HouseholdNeed(people=1, rent_limit=None, groups=("elderly",),
    ...                      supports=Support.WATCHING)
    >>> best = landlord_offers([OpenNeed(1, need)], home, today=date(2026, 11, 21))[0]
    >>> best.offer.change.subject, best.offer.terms.name, best.household_ids
    ('elderly', 'WATCHING', (1,))
    """
    if len(home) != 1:
        raise AssignmentError("貸主への提案は、住戸を1つずつ選んでください。")
    missed = [one for one in needs if not nothing_fails(one.need, home, today)]
    offers = dict.fromkeys(offer for one in missed for offer in _offers(one.need, home, today))
    effects = []
    for offer in offers:
        suited = tuple(one.household_id for one in missed if _suits(offer, one.need, home, today))
        if suited:
            effects.append(OfferEffect(offer, suited))
    return tuple(sorted(effects, key=_rank))


def _rank(effect: OfferEffect) -> tuple[int, bool, str, str, int, int]:
    offer = effect.offer
    change = offer.change
    many = len(effect.household_ids)
    outright = offer.terms == Support.NONE
    return -many, outright, change.kind.value, change.subject, change.amount, int(offer.terms)


def _offers(need: HouseholdNeed, home: HomeColumns, today: date) -> Iterator[Offer]:
    """Yield what the landlord could do for one household, were it the only thing in the way."""
    found = sort_homes(need, home, today=today)
    for row in found.rows[found.near]:
        near = found.near_miss(int(row))
        for change in near.options:
            if change.by == Grantor.LANDLORD and change.subject not in CONFIDENTIAL_GROUPS:
                yield Offer(change)
    for group in need.groups:
        if group in home.groups and group not in CONFIDENTIAL_GROUPS:
            change = Change(ChangeKind.ACCEPT_GROUP, Grantor.LANDLORD, 1, group)
            yield from (Offer(change, support) for support in need.supports)


def _suits(offer: Offer, need: HouseholdNeed, home: HomeColumns, today: date) -> bool:
    need, home = apply_change(offer.change, need, home, today)
    if offer.terms:
        row = home.groups.index(offer.change.subject)
        accepts, accepts_if = home.accepts.copy(), home.accepts_if.copy()
        accepts[row], accepts_if[row] = Acceptance.IF, offer.terms
        home = replace(home, accepts=accepts, accepts_if=accepts_if)
    return nothing_fails(need, home, today)
