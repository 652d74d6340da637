"""How much of somebody who got recalled food a viewer may see.

Of a household with a case, what policy lets them see of the case; the food bank always sees the
parcel's number and which desk to ask, even after a consent has ended: food that may harm has to
be called back. Somebody without a case is known to the food bank alone, by an alias.
"""

from datetime import date

from app.cases.queries import access_to
from app.foodbank.recalls.models import Recall, RecallPerson
from app.policy import NO_ACCESS, Access, Role, Tier, Viewer


def access_to_person(person: RecallPerson, recall: Recall, viewer: Viewer, today: date) -> Access:
    """`tier` STOCK opens parcels and the desk, nothing of the household."""
    own = recall.organisation_id in viewer.organisations(Role.FOODBANK)
    if person.case is None:
        return Access(tier=Tier.CARE, place=True) if own else NO_ACCESS
    access = access_to(person.case, viewer, today=today)
    if access.tier is None and own and not viewer.second_factor_missing:
        return Access(tier=Tier.STOCK)
    return access
