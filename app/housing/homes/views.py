"""Pages: the homes on record, one home, and the list as a file."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.answers import Answer, csv_answer
from app.audit.models import Deed
from app.db import db, today
from app.forms import Form
from app.housing.blueprint import bp
from app.housing.codes import HOME_STATE_LABELS, Group, HomeState
from app.housing.freshness.queries import checks_of
from app.housing.freshness.services import ASKABLE
from app.housing.freshness.words import last_words
from app.housing.homes import queries as home_queries
from app.housing.homes import words as home_words
from app.housing.homes.facts import fact_groups, open_questions
from app.housing.homes.schemas import HomeFilterSchema
from app.housing.models import Home
from app.housing.panels import held_until, panels_of
from app.housing.photos.services import first_photos
from app.housing.photos.views import gallery
from app.policy import Action, requires, sees_contacts
from app.security import may, saw, the_viewer

FILTERS = ("words", "municipality", "max_rent", "layout", "sort", "to_confirm")


@bp.get("/homes")
@requires(Action.HOME_READ)
def home_list() -> Answer:
    form = Form(HomeFilterSchema(), typed=MultiDict({"sort": "fresh", **request.args}))
    if not form.load():
        asked = HomeFilterSchema().load({})
        return _list_page(form, asked), 422
    return _list_page(form, form.data)


def _list_page(form: Form, asked: Mapping[str, Any]) -> str:
    page = home_queries.search_homes(db.session, asked, today=today())
    numbers = [home.id for home in page.homes]
    held = held_until(db.session, numbers)
    chosen = asked["state"]
    url = _urls(asked, page.page)
    return render_template(
        "housing/home_list.html",
        fields=[form[name] for name in FILTERS],
        errors=form.summary,
        narrowed=any(request.args.get(name) for name in FILTERS[1:]),
        state=chosen.value if chosen else "",
        rows=[home_words.row(home, today=today(), held=held) for home in page.homes],
        page=page,
        pictures=first_photos(db.session, numbers),
        views=list_views("housing.home_list"),
        tabs=_tabs(page, chosen, url),
        csv_url=url("housing.home_csv", page=None),
        previous_url=url(page=page.page - 1) if page.page > 1 else None,
        next_url=url(page=page.page + 1) if page.last < page.total else None,
    )


def list_views(current: str) -> list[dict[str, Any]]:
    """The three ways of looking at all homes."""
    ways = (
        ("housing.home_list", _("一覧")),
        ("housing.home_board", _("ボード")),
        ("housing.home_map", _("地図")),
    )
    return [
        {"label": label, "url": url_for(endpoint), "current": endpoint == current}
        for endpoint, label in ways
    ]


def _urls(asked: Mapping[str, Any], page: int) -> Any:
    """A function that gives this list's address with some of its choices changed."""
    kept = {
        name: (value.value if name == "state" else 1 if value is True else value)
        for name, value in asked.items()
        if value not in (None, "", False) and name != "page"
    }

    def url(endpoint: str = "housing.home_list", **changed: Any) -> str:
        return url_for(endpoint, **{**kept, "page": page, **changed})

    return url


def _tabs(page: home_queries.HomePage, chosen: HomeState | None, url: Any) -> list[dict[str, Any]]:
    everything = {
        "label": _("すべて"),
        "count": sum(page.states.values()),
        "url": url(state=None, page=None),
        "current": chosen is None,
    }
    return [
        everything,
        *(
            {
                "label": label,
                "count": page.states.get(state, 0),
                "url": url(state=state.value, page=None),
                "current": chosen is state,
            }
            for state, label in HOME_STATE_LABELS.items()
        ),
    ]


CSV_HEAD = (
    "番号", "物件名", "号室", "市区町村", "所在地", "状態", "家賃", "共益費", "敷金", "礼金",
    "間取り", "面積", "階", "最寄駅", "徒歩", "空きの確認日",
)  # fmt: skip
CSV_CONTACTS = ("取扱", "連絡先")


@bp.get("/homes.csv")
@requires(Action.HOME_READ)
def home_csv() -> Answer:
    """The list as a file for Excel; whom to phone only for those who phone."""
    form = Form(HomeFilterSchema(), typed=request.args)
    asked = form.data if form.load() else HomeFilterSchema().load({})
    homes = home_queries.all_homes(db.session, asked, today=today())
    saw(Deed.EXPORTED, "home", None)
    contacts = sees_contacts(the_viewer())
    head = CSV_HEAD + (CSV_CONTACTS if contacts else ())
    rows = (_cells(home, contacts=contacts) for home in homes)
    return csv_answer("homes", head, rows, today=today())


def _cells(home: Home, *, contacts: bool) -> list[Any]:
    place = home.property
    cells = [home.id, place.name, home.room, place.municipality, place.address,
             HOME_STATE_LABELS[home.state], home.rent, home.fee, home.deposit, home.key_money,
             home.layout, home.area, home.floor, place.station, place.walk_minutes,
             home.confirmed_on]  # fmt: skip
    if contacts:
        cells += [home.agent.name if home.agent else None, home.contact_phone]
    return cells


@bp.get("/homes/<int:home_id>")
@requires(Action.HOME_READ)
def home_page(home_id: int) -> Answer:
    viewer = the_viewer()
    home = home_queries.get_home(db.session, home_id)
    held = held_until(db.session, [home.id])
    contacts = sees_contacts(viewer)
    acceptances = home_words.acceptances(home, contacts=contacts)
    return render_template(
        "housing/home.html",
        home=home,
        row=home_words.row(home, today=today(), held=held),
        facts_in_groups=fact_groups(home),
        unknown=open_questions(home),
        more_groups=len(Group) - len(acceptances),
        acceptances=acceptances,
        places=home_words.place_on_map(home),
        precision=home_words.precision_sentence(home.property),
        photos=gallery(home),
        listing=_listing(home.id, contacts=contacts),
        contacts=contacts,
        askable=home.state in ASKABLE,
        checks=[last_words(check) for check in checks_of(db.session, home.id)]
        if may(Action.HOME_EDIT)
        else [],
        panels=panels_of(db.session, home.id, viewer),
    )


CONTACT_COLUMNS = ("landlord", "phone", "remarks")


def _listing(home_id: int, *, contacts: bool) -> dict[str, Any] | None:
    """Where a home comes from, with the row as typed.

    A column nobody could read may hold anybody's name or number, so whoever does not phone sees
    the columns that were read as something else.
    """
    found = home_queries.last_listing(db.session, home_id)
    if found is None:
        return None
    row, kept = found
    heads = kept.columns.get("heads", {})
    harmless = {head for name, head in heads.items() if name not in CONTACT_COLUMNS}
    shown = [label for label in kept.columns["labels"] if contacts or label in harmless]
    cells = [(label, row.as_typed[label]) for label in shown if row.as_typed.get(label)]
    return {
        "file": kept.file_name,
        "row": row.row_number,
        "at": kept.taken_in_at,
        "cells": cells
        if contacts
        else [(label, home_words.without_numbers(text)) for label, text in cells],
    }
