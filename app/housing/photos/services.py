"""Keeping pictures of a home: handed in, worded, put in order, removed and put back."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import ConflictError, InvalidError, NotFoundError
from app.housing.codes import PhotoKind
from app.housing.entries import note_home
from app.housing.models import Home, HomePhoto
from app.housing.photos.pictures import read_picture

MOST = 12
KEPT_AFTER_REMOVAL = timedelta(days=1)
"""Removed pictures can be put back for this long; then their bytes are gone."""


def photos_of(session: Session, home_id: int) -> Sequence[HomePhoto]:
    """A home's pictures in their order, without the bytes."""
    return session.scalars(
        sa.select(HomePhoto)
        .where(HomePhoto.home_id == home_id, HomePhoto.removed_at.is_(None))
        .order_by(HomePhoto.position, HomePhoto.id)
    ).all()


def first_photos(session: Session, home_ids: Collection[int]) -> dict[int, int]:
    """The number of the first picture of each of these homes that has any: one statement."""
    place = sa.func.row_number().over(
        partition_by=HomePhoto.home_id, order_by=(HomePhoto.position, HomePhoto.id)
    )
    ranked = (
        sa.select(HomePhoto.home_id, HomePhoto.id, place.label("place"))
        .where(HomePhoto.home_id.in_(home_ids), HomePhoto.removed_at.is_(None))
        .subquery()
    )
    rows = session.execute(sa.select(ranked.c.home_id, ranked.c.id).where(ranked.c.place == 1))
    return {row[0]: row[1] for row in rows}


def get_photo(session: Session, home_id: int, photo_id: int, *, removed: bool = False) -> HomePhoto:
    """One picture of a home. Raises NotFoundError."""
    photo = session.get(HomePhoto, photo_id)
    if photo is None or photo.home_id != home_id or (photo.removed_at is not None) != removed:
        raise NotFoundError("この写真は見つかりません。住戸の画面から選び直してください。")
    return photo


def add_photos(
    session: Session,
    *,
    home: Home,
    files: Sequence[tuple[bytes, str]],
    kind: PhotoKind,
    caption: str,
    user_id: int,
) -> list[HomePhoto]:
    """Keep several pictures, all or none.

    Raises InvalidError when a file is no picture or there would be more than twelve.
    """
    _one_at_a_time(session, home)
    present = photos_of(session, home.id)
    if len(present) + len(files) > MOST:
        sentence = f"写真と間取り図は、1つの住戸に{MOST}枚までです（いま{len(present)}枚）。"
        raise InvalidError(sentence, fields={"files": [sentence]}, code="too_many_photos")
    pictures = [read_picture(content, name) for content, name in files]
    last = present[-1].position if present else 0
    added = [
        HomePhoto(
            home_id=home.id,
            kind=kind,
            caption=caption,
            position=last + number,
            width=picture.width,
            height=picture.height,
            picture=picture.full,
            thumbnail=picture.thumbnail,
            user_id=user_id,
        )
        for number, picture in enumerate(pictures, start=1)
    ]
    session.add_all(added)
    note_home(session, home, user_id, ("photos",))
    return added


def change_photo(
    session: Session,
    *,
    home: Home,
    photo: HomePhoto,
    kind: PhotoKind,
    caption: str,
    place: int,
    user_id: int,
) -> None:
    """Correct a picture's words and put it at a place in the row, the others closing up."""
    photo.kind, photo.caption = kind, caption
    row = [one for one in photos_of(session, home.id) if one is not photo]
    row.insert(place - 1, photo)
    for position, one in enumerate(row, start=1):
        one.position = position
    note_home(session, home, user_id, ("photos",))


def remove_photo(
    session: Session, *, home: Home, photo: HomePhoto, user_id: int, at: datetime
) -> None:
    """Take a picture away; it can be put back for a day."""
    photo.removed_at = at
    note_home(session, home, user_id, ("photos",))


def put_back(session: Session, *, home: Home, photo: HomePhoto, user_id: int) -> None:
    """Put a removed picture back. Raises ConflictError when its place has been taken."""
    _one_at_a_time(session, home)
    if len(photos_of(session, home.id)) >= MOST:
        raise ConflictError(f"写真は{MOST}枚までです。1枚外してから戻してください。")
    photo.removed_at = None
    note_home(session, home, user_id, ("photos",))


def forget_removed(session: Session, *, at: datetime) -> None:
    """Delete the bytes of pictures that were removed more than a day ago."""
    session.execute(sa.delete(HomePhoto).where(HomePhoto.removed_at < at - KEPT_AFTER_REMOVAL))


def _one_at_a_time(session: Session, home: Home) -> None:
    """Let the second of two who fill the last place count what the first has put there."""
    session.execute(sa.select(Home.id).where(Home.id == home.id).with_for_update())
