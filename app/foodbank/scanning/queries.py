"""What a code that was scanned or typed stands for among the viewer's own food bank's things."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.foodbank.models import FoodItem, FoodRequest, ItemJan, Lot, Parcel, Shelf
from app.foodbank.scanning.jan import digits_of, on_label
from app.foodbank.stock import shelf_code
from app.japanese import narrow
from app.policy import Role, Viewer

_PAGES = {
    "shelves": ("foodbank.shelf_page", "shelf_id"),
    "lots": ("foodbank.lot_page", "lot_id"),
    "parcels": ("foodbank.hand_out_page", "parcel_id"),
}


def jans_of(session: Session, item: FoodItem) -> Sequence[ItemJan]:
    """The barcodes that stand for an item."""
    return session.scalars(
        sa.select(ItemJan).where(ItemJan.item_id == item.id).order_by(ItemJan.id)
    ).all()


def item_of_jan(session: Session, jan: str, viewer: Viewer) -> FoodItem | None:
    """The item a barcode stands for."""
    return session.scalar(
        sa.select(FoodItem)
        .join(ItemJan, ItemJan.item_id == FoodItem.id)
        .where(ItemJan.jan == jan, ItemJan.organisation_id.in_(viewer.organisations(Role.FOODBANK)))
        .limit(1)
    )


def dates_before(session: Session, item: FoodItem, *, today: date) -> list[str]:
    """The dates of an item's last receipts as printed, newest first, that are not over."""
    rows = session.scalars(
        sa.select(Lot.date_printed)
        .where(Lot.item_id == item.id, Lot.last_day >= today)
        .order_by(Lot.id.desc())
        .limit(12)
    )
    return list(dict.fromkeys(rows))[:4]


def found_by(session: Session, typed: str, viewer: Viewer) -> tuple[str, dict[str, Any]] | None:
    """The page a code opens, as an endpoint with its values; None for what nobody knows.

    A barcode opens the stock of its item, first to expire first, so that the older box is seen
    before the newer one in hand.
    """
    if (ours := on_label(typed)) is not None:
        endpoint, name = _PAGES[ours[0]]
        return endpoint, {name: ours[1]}
    banks = viewer.organisations(Role.FOODBANK)
    word = narrow(typed).upper()
    for model, column, (endpoint, name) in (
        (Lot, Lot.number, _PAGES["lots"]),
        (Shelf, Shelf.code, _PAGES["shelves"]),
    ):
        find = sa.select(model.id).where(
            column == (shelf_code(word.removeprefix("棚").strip()) if model is Shelf else word),
            model.organisation_id.in_(banks),
        )
        if (number := session.scalar(find.limit(1))) is not None:
            return endpoint, {name: number}
    parcel = session.scalar(
        sa.select(Parcel.id)
        .join(FoodRequest, FoodRequest.id == Parcel.request_id)
        .where(Parcel.number == word, FoodRequest.organisation_id.in_(banks))
    )
    if parcel is not None:
        return _PAGES["parcels"][0], {"parcel_id": parcel}
    jan = digits_of(typed)
    known = sa.select(ItemJan.jan).where(
        ItemJan.jan.in_([jan, jan.zfill(13)]), ItemJan.organisation_id.in_(banks)
    )
    if jan and (code := session.scalar(known.limit(1))) is not None:
        return "foodbank.lot_list", {"q": code}
    return None
