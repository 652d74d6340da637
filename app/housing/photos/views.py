"""Pages: a home's pictures, and the pictures themselves for those who may see homes."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.db import db, now
from app.errors import InvalidError
from app.forms import Form
from app.housing.blueprint import bp
from app.housing.codes import PHOTO_KIND_LABELS
from app.housing.homes import queries as home_queries
from app.housing.homes import words as home_words
from app.housing.models import Home, HomePhoto
from app.housing.photos import services
from app.housing.photos.schemas import PhotoChangeSchema, PhotoUploadSchema
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer


@bp.get("/homes/<int:home_id>/photos")
@requires(Action.HOME_EDIT)
def photo_page(home_id: int) -> Answer:
    return _page(home_queries.get_home(db.session, home_id), Form(PhotoUploadSchema()))


def _page(home: Home, form: Form) -> str:
    photos = services.photos_of(db.session, home.id)
    removed = request.args.get("removed", type=int)
    return render_template(
        "housing/photos.html",
        home=home,
        name=home_words.full_name(home),
        form=form,
        photos=[_drawn(photo, place) for place, photo in enumerate(photos, start=1)],
        kinds=PHOTO_KIND_LABELS,
        left=services.MOST - len(photos),
        undo=url_for("housing.put_back_photo", home_id=home.id, photo_id=removed)
        if removed and request.method == "GET"
        else None,
    )


def _drawn(photo: HomePhoto, place: int) -> dict[str, Any]:
    return {
        "id": photo.id,
        "kind": photo.kind,
        "caption": photo.caption,
        "alt": photo.caption or f"{PHOTO_KIND_LABELS[photo.kind]} {place}",
        "place": place,
    }


def gallery(home: Home) -> list[dict[str, Any]]:
    """A home's pictures for its page: addresses and words, no bytes."""
    return [
        {**_drawn(photo, place), "label": PHOTO_KIND_LABELS[photo.kind]}
        for place, photo in enumerate(services.photos_of(db.session, home.id), start=1)
    ]


@bp.post("/homes/<int:home_id>/photos")
@requires(Action.HOME_EDIT)
@creates
def add_photos(home_id: int) -> Answer:
    home = home_queries.get_home(db.session, home_id)
    form = Form(PhotoUploadSchema(), typed=request.form)
    files = [file for file in request.files.getlist("files") if file.filename]
    loaded = form.load()
    if not files:
        form.refuse({"files": [_("写真を選んでください（JPEG・PNG・WebP）。")]})
    if not loaded or not files:
        return _page(home, form), 422
    try:
        services.add_photos(
            db.session,
            home=home,
            files=[(file.stream.read(), str(file.filename)) for file in files],
            **form.data,
            user_id=the_viewer().user_id,
        )
    except InvalidError as error:
        db.session.rollback()
        form.refuse(error.fields)
        return _page(home_queries.get_home(db.session, home_id), form), 422
    flash(_("%(n)d枚を加えました。", n=len(files)))
    return committed(redirect(url_for("housing.photo_page", home_id=home_id), 303))


@bp.post("/homes/<int:home_id>/photos/<int:photo_id>")
@requires(Action.HOME_EDIT)
def change_photo(home_id: int, photo_id: int) -> Answer:
    home = home_queries.get_home(db.session, home_id)
    photo = services.get_photo(db.session, home_id, photo_id)
    form = Form(PhotoChangeSchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("写真の順番か説明を確かめてください。"), fields=form.errors)
    services.change_photo(
        db.session, home=home, photo=photo, **form.data, user_id=the_viewer().user_id
    )
    flash(_("記録しました。"))
    return committed(redirect(url_for("housing.photo_page", home_id=home_id), 303))


@bp.post("/homes/<int:home_id>/photos/<int:photo_id>/remove")
@requires(Action.HOME_EDIT)
def remove_photo(home_id: int, photo_id: int) -> Answer:
    home = home_queries.get_home(db.session, home_id)
    photo = services.get_photo(db.session, home_id, photo_id)
    services.remove_photo(
        db.session, home=home, photo=photo, user_id=the_viewer().user_id, at=now()
    )
    url = url_for("housing.photo_page", home_id=home_id, removed=photo_id)
    return committed(redirect(url, 303))


@bp.post("/homes/<int:home_id>/photos/<int:photo_id>/put-back")
@requires(Action.HOME_EDIT)
def put_back_photo(home_id: int, photo_id: int) -> Answer:
    home = home_queries.get_home(db.session, home_id)
    photo = services.get_photo(db.session, home_id, photo_id, removed=True)
    services.put_back(db.session, home=home, photo=photo, user_id=the_viewer().user_id)
    flash(_("写真を戻しました。"))
    return committed(redirect(url_for("housing.photo_page", home_id=home_id), 303))


@bp.get("/homes/<int:home_id>/photos/<int:photo_id>.jpg")
@requires(Action.HOME_READ)
def photo_file(home_id: int, photo_id: int) -> Response:
    return _jpeg(services.get_photo(db.session, home_id, photo_id).picture)


@bp.get("/homes/<int:home_id>/photos/<int:photo_id>-small.jpg")
@requires(Action.HOME_READ)
def photo_thumbnail(home_id: int, photo_id: int) -> Response:
    return _jpeg(services.get_photo(db.session, home_id, photo_id).thumbnail)


def _jpeg(content: bytes) -> Response:
    """The bytes as what they are, to look at and never to run."""
    response = Response(content, content_type="image/jpeg")
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
