"""Pages: what holds for a whole building."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.versions import StaleError, last_change
from app.db import db, today
from app.errors import InvalidError
from app.forms import Form
from app.housing.blueprint import bp
from app.housing.homes import words as home_words
from app.housing.homes.facts import built, earthquake
from app.housing.models import Property
from app.housing.properties import services
from app.housing.properties.schemas import PropertySchema
from app.idempotency import committed
from app.policy import Action, requires
from app.security import the_viewer
from app.wording import moment

BLANK_STATIONS = 2


@bp.get("/properties/<int:property_id>/edit")
@requires(Action.HOME_EDIT)
def property_edit_page(property_id: int) -> Answer:
    place = services.get_property(db.session, property_id)
    return _page(place, Form(PropertySchema(), initial=_initial(place)))


@bp.post("/properties/<int:property_id>/edit")
@requires(Action.HOME_EDIT)
def change_property(property_id: int) -> Answer:
    place = services.get_property(db.session, property_id)
    form = Form(PropertySchema(), typed=request.form)
    if not form.load():
        return _page(place, form), 422
    values = dict(form.data)
    try:
        services.change_property(
            db.session,
            place=place,
            version=values.pop("version"),
            values=values,
            user_id=the_viewer().user_id,
            today=today(),
        )
    except StaleError:
        db.session.rollback()
        place = services.get_property(db.session, property_id)
        return _page(place, form, _both(place, form)), 409
    except InvalidError as error:
        db.session.rollback()
        form.refuse(error.fields)
        return _page(services.get_property(db.session, property_id), form), 422
    flash(_("記録しました。"))
    return committed(redirect(_back(place), 303))


def _back(place: Property) -> str:
    """The home one came from, if it is of this building; else the list narrowed to it."""
    home_id = request.args.get("home", type=int)
    if home_id is not None and any(home.id == home_id for home in place.homes):
        return url_for("housing.home_page", home_id=home_id)
    return url_for("housing.home_list", words=place.name)


def _initial(place: Property) -> dict[str, Any]:
    values = {
        name: getattr(place, name) for name in PropertySchema().fields if hasattr(place, name)
    }
    stations = [
        {"line": one.line, "name": one.name, "walk_minutes": one.walk_minutes}
        for one in place.more_stations
    ]
    return values | {"built": services.built_words(place), "stations": stations}


def _page(place: Property, form: Form, conflict: dict[str, Any] | None = None) -> str:
    numbers = form.rows("stations", blank=BLANK_STATIONS) or list(range(BLANK_STATIONS))
    return render_template(
        "housing/property_edit.html",
        place=place,
        town=home_words.town(place),
        form=form,
        back=_back(place),
        home=request.args.get("home", type=int),
        built=built(place),
        earthquake=earthquake(place),
        stations=[
            [form[f"stations-{n}-{part}"] for part in ("line", "name", "walk_minutes")]
            for n in numbers
        ],
        version=place.version if conflict else form["version"].value,
        conflict=conflict,
    )


def _both(place: Property, form: Form) -> dict[str, Any]:
    who, when = last_change(db.session, "property", place.id) or (_("ほかの人"), None)
    rows = [row for row in form.beside(_initial(place)) if row["label"] != _("ほかの駅")]
    return {"rows": rows, "who": who, "when": moment(when) if when else _("先ほど")}
