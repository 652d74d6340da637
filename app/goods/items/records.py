"""A thing and what it is kept for as one viewer may see them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.cases.listing import called
from app.cases.queries import access_to
from app.goods.items.access import access_to_items
from app.goods.models import GoodsItem, GoodsReservation
from app.placements.models import Placement
from app.policy import Access, Presented, Tier, Viewer, present

_NAMES = (
    "id", "version", "number", "kind", "label", "maker", "model", "width_cm", "depth_cm",
    "height_cm", "weight_kg", "dismantles", "upright", "gas", "voltage", "made_year", "safety",
    "safety_on", "safety_by", "recall", "recall_on", "recall_by", "condition", "note",
    "donor_address", "donor_floor", "donor_lift", "lift_width_cm", "lift_depth_cm",
    "lift_height_cm", "window_from", "window_until", "carrier", "state", "shelf",
)  # fmt: skip


def shown_item(
    item: GoodsItem, viewer: Viewer, reservation: GoodsReservation | None = None
) -> Presented:
    """A thing: everybody who works with goods sees it, those who fetch also where it is."""
    values: dict[str, Any] = {name: getattr(item, name) for name in _NAMES} | {
        "donor": item.donor.name if item.donor else None,
        "donor_phone": item.donor.phone if item.donor else None,
        "reserved": reservation is not None,
        "reserved_until": reservation.until if reservation else None,
    }
    return present("goods_item", values, access_to_items(viewer))


def shown_reservation(
    reservation: GoodsReservation, viewer: Viewer, *, today: date, place: Placement | None = None
) -> Presented:
    """What a thing is kept for: the case's number to whoever knows of the case, its home to
    whoever may know that; to the others the need's number and where it is handed over.
    """
    case = reservation.need.case
    access = access_to(case, viewer, today=today)
    if access.tier is None:
        access = Access(tier=Tier.STOCK)
    values: Mapping[str, Any] = {
        "id": reservation.id,
        "until": reservation.until,
        "need": reservation.need.number,
        "case_id": case.id,
        "case_number": case.number,
        "name": called(case, viewer, today=today),
        "hand_over_at": reservation.hand_over_at,
        "address": f"{place.home.property.address} {place.home.property.name} {place.home.room}"
        if place is not None
        else None,
    }
    return present("goods_reservation", values, access)
