"""Pictures of a thing: added, removed, put back, and looked at."""

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.db import db, now
from app.errors import InvalidError
from app.goods.blueprint import bp
from app.goods.items import photos
from app.goods.items.queries import get_item
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer


def files_sent() -> list[tuple[bytes, str]]:
    """The pictures of the request; a field nothing was chosen in sends an empty one."""
    sent = [one for one in request.files.getlist("files") if one.filename]
    return [(one.stream.read(), str(one.filename)) for one in sent]


@bp.post("/goods/items/<int:item_id>/photos")
@requires(Action.GOODS_EDIT)
@creates
def add_photos(item_id: int) -> Answer:
    item, files = get_item(db.session, item_id), files_sent()
    if not files:
        sentence = _("写真を選んでください（JPEG・PNG・WebP）。")
        raise InvalidError(sentence, fields={"files": [sentence]})
    photos.add_photos(db.session, item=item, files=files, caption="",
                      user_id=the_viewer().user_id, at=now())  # fmt: skip
    flash(_("写真を加えました。"))
    return committed(redirect(url_for("goods.item_page", item_id=item_id), 303))


@bp.post("/goods/items/<int:item_id>/photos/<int:photo_id>/remove")
@requires(Action.GOODS_EDIT)
def remove_photo(item_id: int, photo_id: int) -> Answer:
    item = get_item(db.session, item_id)
    photo = photos.get_photo(db.session, item_id, photo_id)
    photos.remove_photo(db.session, item=item, photo=photo, user_id=the_viewer().user_id, at=now())
    url = url_for("goods.item_page", item_id=item_id, removed=photo_id)
    return committed(redirect(url, 303))


@bp.post("/goods/items/<int:item_id>/photos/<int:photo_id>/put-back")
@requires(Action.GOODS_EDIT)
def put_back_photo(item_id: int, photo_id: int) -> Answer:
    item = get_item(db.session, item_id)
    photo = photos.get_photo(db.session, item_id, photo_id, removed=True)
    photos.put_back(db.session, item=item, photo=photo, user_id=the_viewer().user_id)
    flash(_("写真を戻しました。"))
    return committed(redirect(url_for("goods.item_page", item_id=item_id), 303))


@bp.get("/goods/items/<int:item_id>/photos/<int:photo_id>.jpg")
@requires(Action.GOODS_READ)
def photo_file(item_id: int, photo_id: int) -> Response:
    return _jpeg(photos.get_photo(db.session, item_id, photo_id).picture)


@bp.get("/goods/items/<int:item_id>/photos/<int:photo_id>-small.jpg")
@requires(Action.GOODS_READ)
def photo_thumbnail(item_id: int, photo_id: int) -> Response:
    return _jpeg(photos.get_photo(db.session, item_id, photo_id).thumbnail)


def _jpeg(content: bytes) -> Response:
    """The bytes as what they are, to look at and never to run."""
    response = Response(content, content_type="image/jpeg")
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
