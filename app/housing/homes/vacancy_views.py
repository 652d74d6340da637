"""Pages: a new vacancy in under a minute."""

import re

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import geocoding
from app.answers import Answer
from app.db import db, today
from app.errors import InvalidError
from app.forms import Form
from app.housing.blueprint import bp
from app.housing.codes import HOME_STATE_LABELS, Precision
from app.housing.homes import known
from app.housing.homes import services as home_services
from app.housing.homes import words as home_words
from app.housing.homes.facts import conditions_in_short
from app.housing.homes.schemas import VacancySchema
from app.housing.models import Property
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import acting_organisation, the_viewer

_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


@bp.get("/homes/new")
@requires(Action.HOME_EDIT)
def vacancy_page() -> Answer:
    """Find the building, then four fields."""
    words = request.args.get("words", "")[:200]
    chosen = request.args.get("property_id", type=int)
    form = Form(VacancySchema(), initial={"property_id": chosen, "building": words})
    return _vacancy(form, words=words)


def _vacancy(form: Form, *, words: str = "", known_home: int | None = None) -> str:
    place = _place(form["property_id"].value)
    found = [] if place else known.similar_properties(db.session, building=words, address=words)
    last = None if place is None else known.last_home(db.session, place)
    return render_template(
        "housing/vacancy.html",
        form=form,
        place=place,
        found=found,
        words=words,
        town=home_words.town,
        known_home=known_home,
        last=last,
        last_conditions=conditions_in_short(last) if last else "",
    )


def _place(number: str) -> Property | None:
    return db.session.get(Property, int(number)) if _NUMBER.fullmatch(number) else None


@bp.get("/homes/new/known")
@requires(Action.HOME_EDIT)
def known_while_typing() -> Answer:
    """What is registered already like what is being typed: a piece of a page."""
    building, municipality, address, room = (
        request.args.get(name, "").strip()[:200]
        for name in ("building", "municipality", "address", "room")
    )
    place = _place(request.args.get("property_id", ""))
    home = known.home_with_room(db.session, place=place, room=room) if place else None
    if place is not None:
        return render_template(
            "housing/_known.html", home=home, state=HOME_STATE_LABELS, name=home_words.full_name
        )
    found = known.similar_properties(
        db.session, building=building, address=address, municipality=municipality
    )
    nowhere = bool(municipality and address) and (
        geocoding.locate(address, municipality=municipality) is None
    )
    return render_template(
        "housing/_known.html", found=found, town=home_words.town, nowhere=nowhere
    )


@bp.post("/homes/new")
@requires(Action.HOME_EDIT)
@creates
def add_vacancy() -> Answer:
    viewer = the_viewer()
    form = Form(VacancySchema(), typed=request.form)
    if not form.load():
        return _vacancy(form), 422
    try:
        home = home_services.add_vacancy(
            db.session,
            **form.data,
            organisation_id=acting_organisation(viewer, Action.HOME_EDIT),
            user_id=viewer.user_id,
            today=today(),
        )
    except InvalidError as error:
        form.refuse(error.fields)
        return _vacancy(form, known_home=error.details.get("home_id")), 422
    flash(_("募集を登録しました。受け入れの条件が分かれば、続けて入れてください。"))
    if home.property.precision is Precision.NONE:
        flash(
            _("所在地の場所は分かりません。入力のまま残しましたが、地図と距離には出ません。"),
            "warning",
        )
    return committed(redirect(url_for("housing.home_page", home_id=home.id), 303))
