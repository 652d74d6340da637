"""Which conditions of landlords cost most: what one change would do for those left without a home.

From a batch's stored inputs alone. Households that must not be found are left out, for the inputs
do not hold where they must not live, and a home there would be counted as one that would do.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.housing.plain import from_plain
from app.housing.proposals.batch_inputs import columns_from_plain
from matching.changes import Change, ChangeKind, Grantor
from matching.explain_batch import Say, offer_sentence
from matching.landlord_side import Offer, OfferEffect
from matching.need import HouseholdNeed
from matching.phrases import CONFIDENTIAL_GROUPS, OFFERS
from matching.sorting import sort_homes

__all__ = ["LandlordTerm", "Say", "landlord_terms", "term_sentence"]


@dataclass(frozen=True)
class LandlordTerm:
    """One kind of change: whom it would suit, in how many homes, and how far it has to go."""

    kind: ChangeKind
    subject: str
    amount: int  # the most that is needed, in the unit of its kind
    household_ids: tuple[int, ...]
    homes: int


def landlord_terms(
    inputs: Mapping[str, Any], without: Collection[int], *, most: int = 6
) -> list[LandlordTerm]:
    """The changes that would suit most of the households left `without`, most first.

    Counted are homes that fail by this one thing and by nothing else.
    """
    homes = columns_from_plain(inputs["homes"])
    day = date.fromisoformat(inputs["today"])
    suited: dict[tuple[ChangeKind, str], set[int]] = {}
    where: dict[tuple[ChangeKind, str], set[int]] = {}
    amounts: dict[tuple[ChangeKind, str], int] = {}
    for one in inputs["households"]:
        if one["id"] not in without or one["protected"]:
            continue
        found = sort_homes(from_plain(HouseholdNeed, one["need"]), homes, today=day)
        for row in found.rows[found.near].tolist():
            for change in found.near_miss(row).options:
                if not _told(change):
                    continue
                key = (change.kind, change.subject)
                suited.setdefault(key, set()).add(one["id"])
                where.setdefault(key, set()).add(row)
                amounts[key] = max(amounts.get(key, 0), change.amount)
    terms = [
        LandlordTerm(
            kind, subject, amounts[kind, subject], tuple(sorted(ids)), len(where[kind, subject])
        )
        for (kind, subject), ids in suited.items()
    ]
    terms.sort(key=lambda term: (-len(term.household_ids), -term.homes, term.kind, term.subject))
    return terms[:most]


def _told(change: Change) -> bool:
    """What a landlord can grant and may be asked; some groups must not be spoken of."""
    granted = change.by is Grantor.LANDLORD and change.kind in OFFERS
    return granted and change.subject not in CONFIDENTIAL_GROUPS


def term_sentence(term: LandlordTerm, say: Say) -> str:
    """What the change is and how many households it would suit; nobody is named."""
    change = Change(term.kind, Grantor.LANDLORD, term.amount, term.subject)
    return offer_sentence(OfferEffect(Offer(change), term.household_ids), say)
