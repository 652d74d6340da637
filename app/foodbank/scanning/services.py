"""Which item a barcode stands for: learned when something is received, and put right by hand."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.errors import InvalidError
from app.foodbank.models import FoodItem, ItemJan
from app.foodbank.stock import note


def stands_for(session: Session, organisation_id: int, jan: str) -> ItemJan | None:
    """What a food bank knows of a barcode."""
    return session.scalar(
        sa.select(ItemJan).where(ItemJan.organisation_id == organisation_id, ItemJan.jan == jan)
    )


def learn(session: Session, *, item: FoodItem, jan: str, user_id: int) -> None:
    """From now on the barcode stands for this item.

    Raises InvalidError at `jan` when it stands for another: what is filled in from last time,
    allergens above all, would be another food's.
    """
    known = stands_for(session, item.organisation_id, jan)
    if known is None:
        try:
            with session.begin_nested():  # one item a code: the unique constraint decides
                session.add(ItemJan(organisation_id=item.organisation_id, item_id=item.id, jan=jan))
        except IntegrityError:  # another clerk taught it a moment ago
            known = stands_for(session, item.organisation_id, jan)
        else:
            note(session, Deed.CHANGED, "food_item", item.id, user_id, "jan")
    if known is not None and known.item_id != item.id:
        other = session.get_one(FoodItem, known.item_id)
        sentence = (
            f"このJANは「{other.name}」のものです。品名を選び直すか、"
            f"「{other.name}」の品目の画面でJANを外してください。"
        )
        raise InvalidError(sentence, fields={"jan": [sentence]})


def learn_if_new(session: Session, *, item: FoodItem, jan: str, user_id: int) -> None:
    """The same for what a file says: whoever taught the code first is believed."""
    if stands_for(session, item.organisation_id, jan) is None:
        learn(session, item=item, jan=jan, user_id=user_id)


def forget(session: Session, *, item: FoodItem, jan_id: int, user_id: int) -> None:
    """The barcode no longer stands for the item; a second press changes nothing."""
    session.execute(sa.delete(ItemJan).where(ItemJan.id == jan_id, ItemJan.item_id == item.id))
    note(session, Deed.CHANGED, "food_item", item.id, user_id, "jan")
