"""How much of somebody on a list a viewer may see.

A list belongs to the organisation that was handed it, and within it to the consultants who call.
Nobody else reaches it by any route, and no consent opens it: the people on it have agreed to
nothing yet. Once one of them is a case, the case decides who knows where they are, and the list
must not tell what the case hides.
"""

from app.policy import NO_ACCESS, Access, Role, Tier, Viewer


def access_to_lead(viewer: Viewer, organisation_id: int, of_case: Access | None) -> Access:
    """`organisation_id` owns the list; `of_case` is the access to the case somebody became, None
    for somebody who is no case yet.
    """
    if viewer.second_factor_missing:
        return NO_ACCESS
    if organisation_id not in viewer.organisations(Role.CONSULTANT):
        return NO_ACCESS
    return Access(tier=Tier.CARE, place=of_case is None or of_case.sees(Tier.PLACE))
