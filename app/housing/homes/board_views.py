"""Pages: all homes at once, by state on a board and by place on a map."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app import geocoding
from app.answers import Answer
from app.db import db, today
from app.forms import Form
from app.housing.blueprint import bp
from app.housing.codes import HOME_STATE_LABELS, PRECISION_LABELS, HomeState
from app.housing.homes import board_queries
from app.housing.homes import words as home_words
from app.housing.homes.schemas import HomeFilterSchema
from app.housing.homes.views import list_views
from app.housing.models import Home
from app.housing.panels import held_until
from app.policy import Action, requires

# How a building is coloured by what can be had in it now.
_GROUPS = {HomeState.VACANT: "fits", HomeState.HELD: "near", HomeState.VIEWING: "near"}
MAP_FILTERS = ("municipality", "max_rent", "layout")


@bp.get("/homes/board")
@requires(Action.HOME_READ)
def home_board() -> Answer:
    """A column for each state, what has been there longest without a word on top."""
    columns, counts = board_queries.board(db.session)
    held = held_until(db.session, [home.id for homes in columns.values() for home in homes])
    return render_template(
        "housing/board.html",
        views=list_views("housing.home_board"),
        columns=[
            {
                "label": label,
                "count": counts.get(state, 0),
                "more": max(counts.get(state, 0) - board_queries.SHOWN, 0),
                "url": url_for("housing.home_list", state=state.value),
                "homes": [
                    home_words.row(home, today=today(), held=held)
                    for home in columns.get(state, ())
                ],
            }
            for state, label in HOME_STATE_LABELS.items()
        ],
    )


@bp.get("/homes/map")
@requires(Action.HOME_READ)
def home_map() -> Answer:
    """Homes to let on a map, one pin a place, with how exact each point is."""
    form = Form(HomeFilterSchema(), typed=request.args)
    fine = form.load()
    asked = form.data if fine else HomeFilterSchema().load({})
    places, total, nowhere = board_queries.by_place(db.session, asked, today=today())
    held = held_until(db.session, [home.id for homes in places for home in homes])
    page = render_template(
        "housing/map.html",
        views=list_views("housing.home_map"),
        fields=[form[name] for name in MAP_FILTERS],
        narrowed=any(request.args.get(name) for name in MAP_FILTERS[1:]),
        errors=form.summary,
        places={"tiles": True, "homes": [_pin(number, p) for number, p in enumerate(places, 1)]},
        source=geocoding.ATTRIBUTION,
        rows=[
            {
                "number": number,
                "precision": PRECISION_LABELS[homes[0].property.precision],
                "homes": [home_words.row(home, today=today(), held=held) for home in homes],
            }
            for number, homes in enumerate(places, 1)
        ],
        nowhere=nowhere,
        left_out=max(total - nowhere - board_queries.MOST_ON_THE_MAP, 0),
    )
    return page if fine else (page, 422)


def _pin(number: int, homes: list[Home]) -> dict[str, Any]:
    place = homes[0].property
    groups = [_GROUPS.get(home.state, "unknown") for home in homes]
    return {
        "lat": place.latitude,
        "lon": place.longitude,
        "label": _("%(number)d番：%(n)d室", number=number, n=len(homes)),
        "links": [
            {
                "label": f"{home_words.full_name(home)} {home_words.rent(home)}",
                "url": url_for("housing.home_page", home_id=home.id),
            }
            for home in homes
        ],
        "number": number,
        "group": min(groups, key=("fits", "near", "unknown").index),
        "precision_m": home_words.precision_metres(place.precision),
    }
