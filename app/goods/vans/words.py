"""A van's day as pages, papers and programs read it, every value through policy."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.goods.items.records import shown_item, shown_reservation
from app.goods.vans.proposals import VAN_WHY_LABELS, VanDay, VanStop, VanWhy
from app.goods.vans.queries import Load
from app.goods.words import size_words
from app.policy import Viewer


def thing_row(load: Load, viewer: Viewer, today: date) -> dict[str, Any]:
    """A thing on the van: what it is and for whom, as far as this reader may know."""
    shown = shown_item(load.item, viewer, load.kept)
    kept = load.kept and shown_reservation(load.kept, viewer, today=today, place=load.way)
    return {
        "item_id": load.item.id,
        "version": shown.version,
        "item": f"{shown.number}　{shown.label}",
        "size": size_words(shown),
        "kg": _("%(n)skg", n=shown.weight_kg) if shown.weight_kg else "",
        "shelf": shown.shelf or "",
        "url": url_for("goods.item_page", item_id=load.item.id),
        "for_whom": str(kept.case_number or kept.need) if kept else "",
        "hand_over_at": (kept.hand_over_at if kept else "") or "",
        "deed": "fetch" if load.at_donor else "deliver",
    }


def stop_row(stop: VanStop, viewer: Viewer, today: date) -> dict[str, Any]:
    """A stop with its things."""
    things = []
    for load in stop.loads:
        row = thing_row(load, viewer, today)
        # What is to be delivered has to be fetched before; until then there is no button for it.
        things.append(row | {"deed": row["deed"] if stop.fetch == load.at_donor else ""})
    first = stop.loads[0]
    return {
        "arrives": stop.arrives,
        "fetch": stop.fetch,
        "what": _("引き取り") if stop.fetch else _("お届け"),
        "where": _donor(first, viewer) if stop.fetch else _home(first, viewer, today),
        "things": things,
    }


def _donor(load: Load, viewer: Viewer) -> str:
    shown = shown_item(load.item, viewer, load.kept)
    parts = (shown.donor, shown.donor_address, shown.donor_phone)
    floor = _("%(n)s階", n=shown.donor_floor) if shown.donor_floor else ""
    return "　".join(str(part) for part in (*parts, floor) if part)


def _home(load: Load, viewer: Viewer, today: date) -> str:
    if load.kept is None:
        return ""
    shown = shown_reservation(load.kept, viewer, today=today, place=load.way)
    return "　".join(part for part in (shown.case_number, shown.address) if part)


def apart_row(load: Load, why: VanWhy, viewer: Viewer, today: date) -> dict[str, Any]:
    """A thing in no order; where it is handed over, never where somebody lives."""
    row = thing_row(load, viewer, today)
    fetching = load.at_donor and _fetch_apart(load, why)
    if fetching:
        where = _donor(load, viewer)
    elif why in {VanWhy.NO_POINT, VanWhy.TOO_MANY}:  # only homes the reader may know get so far
        where = _home(load, viewer, today)
    elif why is VanWhy.NO_KEYS:
        where = row["hand_over_at"]
    else:
        where = row["hand_over_at"] or str(_("渡す場所が決まっていません"))
    if why is VanWhy.NO_KEYS or (load.at_donor and not fetching):
        row["deed"] = ""  # nothing to hand over yet, or taken in at its donor's stop
    return row | {"where": where, "why": VAN_WHY_LABELS[why]}


def _fetch_apart(load: Load, why: VanWhy) -> bool:
    """Whether it is the donor's stop that a thing has none of, and not the household's."""
    if why is VanWhy.NO_POINT:
        return load.item.latitude is None
    return why in {VanWhy.WINDOW, VanWhy.TOO_MANY}


def van_told(day: VanDay, viewer: Viewer, today: date) -> dict[str, Any]:
    """A day of the van for page, paper and API."""
    return {
        "on": day.on,
        "stops": [stop_row(stop, viewer, today) for stop in day.stops],
        "things": [thing_row(load, viewer, today) for load in day.loading],
        "loading": [thing_row(load, viewer, today)["item"] for load in day.loading],
        "apart": [apart_row(load, why, viewer, today) for load, why in day.apart],
        "warnings": list(day.warnings),
        "metres": day.metres,
        "ends": day.ends,
    }
