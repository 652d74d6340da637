"""How far somebody looks at a partner, and which kinds they keep.

Sections and organisations are there to be phoned by everybody. Realtors are phoned by the housing
organisation alone; what is said of companies stays with it. Donors may be private people: they are
there for the food bank, and for consultants who thank them, and for nobody else.
"""

from collections.abc import Mapping

from app.directory.models import PartnerKind
from app.policy import NO_ACCESS, Access, Role, Tier, Viewer

K = PartnerKind
_OPEN_KINDS = (K.CITY_SECTION, K.PROVIDER, K.COUNCIL, K.OTHER)


def _reach(
    open_kinds: Tier, realtor: Tier, guarantor: Tier, donor: Tier | None
) -> dict[PartnerKind, Tier | None]:
    return dict.fromkeys(_OPEN_KINDS, open_kinds) | {
        K.REALTOR: realtor,
        K.GUARANTOR_COMPANY: guarantor,
        K.DONOR: donor,
    }


_REACH: Mapping[Role, Mapping[PartnerKind, Tier | None]] = {
    Role.HOUSING: _reach(Tier.CARE, Tier.CARE, Tier.CARE, None),
    Role.CONSULTANT: _reach(Tier.CARE, Tier.CODE, Tier.CONTACT, Tier.CONTACT),
    Role.FOLLOWUP: _reach(Tier.CONTACT, Tier.CODE, Tier.CONTACT, None),
    Role.ORG_ADMIN: _reach(Tier.CARE, Tier.CODE, Tier.CONTACT, None),
    Role.FOODBANK: _reach(Tier.CONTACT, Tier.CODE, Tier.CODE, Tier.CARE),
}

_KEPT: Mapping[Role, tuple[PartnerKind, ...]] = {
    Role.HOUSING: (*_OPEN_KINDS, K.REALTOR, K.GUARANTOR_COMPANY),
    Role.CONSULTANT: _OPEN_KINDS,
    Role.ORG_ADMIN: _OPEN_KINDS,
    Role.FOODBANK: (K.DONOR,),
}
"""Whoever may change a kind sees all of it: a form or a file they send back loses nothing."""


def access_to(viewer: Viewer, kind: PartnerKind) -> Access:
    """How much of a partner of this kind the viewer may see; none at all is `NO_ACCESS`."""
    tiers = [
        tier for role in viewer.roles() if (tier := _REACH.get(role, {}).get(kind)) is not None
    ]
    return Access(tier=max(tiers)) if tiers else NO_ACCESS


def kinds_seen(viewer: Viewer) -> tuple[PartnerKind, ...]:
    """The kinds of partners there are for this viewer, in their fixed order."""
    return tuple(kind for kind in PartnerKind if access_to(viewer, kind).tier is not None)


def kinds_kept(viewer: Viewer) -> tuple[PartnerKind, ...]:
    """The kinds this viewer may register and correct."""
    kept = {kind for role in viewer.roles() for kind in _KEPT.get(role, ())}
    return tuple(kind for kind in PartnerKind if kind in kept)
