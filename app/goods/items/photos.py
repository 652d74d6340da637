"""Pictures of a thing: kept, removed, put back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.errors import ConflictError, InvalidError, NotFoundError
from app.goods.models import GoodsItem, GoodsPhoto
from app.housing.photos.pictures import read_picture

MOST = 6
KEPT_AFTER_REMOVAL = timedelta(days=1)


def add_photos(
    session: Session,
    *,
    item: GoodsItem,
    files: Sequence[tuple[bytes, str]],
    caption: str,
    user_id: int,
    at: datetime,
) -> None:
    """Keep several pictures, all or none; those removed a day ago are forgotten with it.

    Raises InvalidError when a file is no picture or there would be more than six.
    """
    present = _count(session, item)
    if present + len(files) > MOST:
        sentence = f"写真は、1つの品物に{MOST}枚までです（いま{present}枚）。"
        raise InvalidError(sentence, fields={"files": [sentence]}, code="too_many_photos")
    for content, name in files:
        picture = read_picture(content, name)
        session.add(
            GoodsPhoto(item_id=item.id, caption=caption, width=picture.width,
                       height=picture.height, picture=picture.full,
                       thumbnail=picture.thumbnail, user_id=user_id)
        )  # fmt: skip
    gone = sa.delete(GoodsPhoto).where(GoodsPhoto.removed_at < at - KEPT_AFTER_REMOVAL)
    session.execute(gone)
    _note(session, item, user_id)


def get_photo(
    session: Session, item_id: int, photo_id: int, *, removed: bool = False
) -> GoodsPhoto:
    """One picture of a thing. Raises NotFoundError."""
    photo = session.get(GoodsPhoto, photo_id)
    if photo is None or photo.item_id != item_id or (photo.removed_at is not None) != removed:
        raise NotFoundError("この写真は見つかりません。品物の画面から選び直してください。")
    return photo


def remove_photo(
    session: Session, *, item: GoodsItem, photo: GoodsPhoto, user_id: int, at: datetime
) -> None:
    """Take a picture away; it can be put back for a day."""
    photo.removed_at = at
    _note(session, item, user_id)


def put_back(session: Session, *, item: GoodsItem, photo: GoodsPhoto, user_id: int) -> None:
    """Put a removed picture back. Raises ConflictError when its place has been taken."""
    if _count(session, item) >= MOST:
        raise ConflictError(f"写真は{MOST}枚までです。1枚外してから戻してください。")
    photo.removed_at = None
    _note(session, item, user_id)


def _count(session: Session, item: GoodsItem) -> int:
    """How many there are; whoever adds at this moment comes afterwards."""
    session.execute(sa.select(GoodsItem.id).where(GoodsItem.id == item.id).with_for_update())
    return (
        session.scalar(
            sa.select(sa.func.count()).where(
                GoodsPhoto.item_id == item.id, GoodsPhoto.removed_at.is_(None)
            )
        )
        or 0
    )


def _note(session: Session, item: GoodsItem, user_id: int) -> None:
    record(session, deed=Deed.CHANGED, record_kind="goods_item", record_id=item.id,
           user_id=user_id, organisation_id=item.organisation_id, fields=("photos",))  # fmt: skip
