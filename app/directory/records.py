"""A partner as one viewer may see it: the one way its values reach a page, a file or a program."""

from collections.abc import Mapping
from typing import Any

from app.directory.access import access_to
from app.directory.models import Partner, PartnerContact, PartnerService
from app.field_tiers import FIELD_TIERS
from app.policy import Presented, Viewer, present

CONTACT_COLUMNS = ("uuid", "name", "role", "phone", "extension", "best_time")
SERVICE_COLUMNS = ("uuid", "offer", "name", "for_whom", "how_to_apply", "fee", "languages")


def whole_partner(partner: Partner) -> dict[str, Any]:
    """All of a partner by the names its fields are declared under."""
    rows = {
        "parent": partner.parent.name if partner.parent else None,
        "contacts": [row_of(one, CONTACT_COLUMNS) for one in partner.contacts],
        "services": [row_of(one, SERVICE_COLUMNS) for one in partner.services],
    }
    return {
        name: rows[name] if name in rows else getattr(partner, name)
        for name in FIELD_TIERS["partner"]
    }


def row_of(one: PartnerContact | PartnerService, columns: tuple[str, ...]) -> Mapping[str, Any]:
    """One contact or service as plain values."""
    return {name: getattr(one, name) for name in columns}


def shown_partner(partner: Partner, viewer: Viewer) -> Presented:
    """What this viewer may see of a partner."""
    access = access_to(viewer, partner.kind)
    whole = whole_partner(partner)
    whole["services"] = [
        {**dict.fromkeys(SERVICE_COLUMNS), **present("partner_service", row, access).values}
        for row in whole["services"]
    ]
    return present("partner", whole, access)
