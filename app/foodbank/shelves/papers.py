"""Labels for shelves and stickers for boxes: large type to read from afar, QR to open the page."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.foodbank.models import DATE_KIND_LABELS, STORAGE_LABELS, Lot, LotState, Shelf
from app.foodbank.queries import standing
from app.printing import qr_svg

A_SHEET = 24
MOST_STICKERS = 240


def shelf_label(shelf: Shelf, address: str) -> dict[str, Any]:
    """A shelf: its code, how warm it is, where it stands."""
    storage = STORAGE_LABELS[shelf.storage] if shelf.storage else ""
    return {"big": shelf.code, "tag": storage, "lines": [shelf.place], "qr_svg": qr_svg(address)}


def lot_label(lot: Lot, address: str, *, today: date) -> dict[str, Any]:
    """A box: what it is, until when, what it contains; a lot that may not go out says so."""
    state = standing(lot, today)
    allergens = "・".join(lot.allergens) or _("なし") if lot.allergens_known else _("不明")
    kind = DATE_KIND_LABELS[lot.date_kind] if lot.date_kind else _("期限")
    last = lot.last_day
    until = f"{last.year}.{last.month}.{last.day}" if last else _("不明")
    return {
        "big": lot.item.name,
        "tag": "" if state is LotState.OFFERABLE else _("出さない・確かめる"),
        "date": f"{kind} {until}",
        "lines": [
            f"{STORAGE_LABELS[lot.storage]}　{lot.number}",
            _("アレルギー: %(words)s", words=allergens),
        ],
        "qr_svg": qr_svg(address),
    }


def sheet(
    labels: Sequence[dict[str, Any]], *, shape: str, organisation: str, skip: int
) -> dict[str, Any]:
    """The data of templates/print/labels.typ."""
    return {"shape": shape, "organisation": organisation, "skip": skip, "labels": list(labels)}
