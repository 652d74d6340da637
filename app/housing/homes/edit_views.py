"""Pages: a new vacancy, and corrections."""

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.db import db, today
from app.errors import ConflictError, InvalidError
from app.forms import Form
from app.housing.blueprint import bp
from app.housing.codes import GROUP_LABELS
from app.housing.homes import queries as home_queries
from app.housing.homes import services as home_services
from app.housing.homes import words as home_words
from app.housing.homes.schemas import HomeEditSchema, VacancySchema
from app.housing.homes.values import FIELD_LABELS, in_words
from app.housing.models import Home, Property
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import acting_organisation, the_viewer

MAIN_FIELDS = ("rent", "fee", "deposit", "key_money", "layout", "area", "floor", "kind",
               "guarantor_rule", "pet_rule", "available", "available_from")  # fmt: skip


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
    chosen = form["property_id"].value
    place = db.session.get(Property, int(chosen)) if _NUMBER.fullmatch(chosen) else None
    found = home_queries.properties_named(db.session, words) if place is None else []
    return render_template(
        "housing/vacancy.html",
        form=form,
        place=place,
        found=found,
        words=words,
        town=home_words.town,
        known_home=known_home,
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
    return committed(redirect(url_for("housing.home_page", home_id=home.id), 303))


@bp.get("/homes/<int:home_id>/edit")
@requires(Action.HOME_EDIT)
def edit_page(home_id: int) -> Answer:
    home = home_queries.get_home(db.session, home_id)
    return _edit(home, Form(HomeEditSchema(), initial=_initial(home)))


def _edit(home: Home, form: Form, conflict: list[dict[str, Any]] | None = None) -> str:
    return render_template(
        "housing/home_edit.html",
        home=home,
        name=home_words.full_name(home),
        form=form,
        main=[form[name] for name in MAIN_FIELDS],
        groups=[
            (label, [form[f"acceptance-{code.value}-{part}"] for part in ("answer", "conditions")])
            for code, label in GROUP_LABELS.items()
        ],
        version=home.version if conflict else form["version"].value,
        conflict=conflict,
    )


def _initial(home: Home) -> dict[str, Any]:
    names = (*MAIN_FIELDS, "version", "wheelchair", "contact_phone", "remarks")
    answers = {
        row.group_code.value: {"answer": row.answer, "conditions": row.conditions}
        for row in home.acceptances
    }
    return {name: getattr(home, name) for name in names} | {"acceptance": answers}


@bp.post("/homes/<int:home_id>/edit")
@requires(Action.HOME_EDIT)
def change_home(home_id: int) -> Answer:
    home = home_queries.get_home(db.session, home_id)
    form = Form(HomeEditSchema(), typed=request.form)
    if not form.load():
        return _edit(home, form), 422
    values = dict(form.data)
    try:
        home_services.change_home(
            db.session,
            home=home,
            version=values.pop("version"),
            values=values,
            user_id=the_viewer().user_id,
        )
    except ConflictError:
        return _edit(home, form, _both(home, form.data)), 409
    flash(_("記録しました。"))
    return committed(redirect(url_for("housing.home_page", home_id=home_id), 303))


def _both(home: Home, typed: dict[str, Any]) -> list[dict[str, Any]]:
    """What is on record now beside what was typed, for the fields people mostly change."""
    return [
        {
            "label": FIELD_LABELS[name],
            "theirs": in_words(name, getattr(home, name)),
            "mine": in_words(name, typed.get(name) or None),
        }
        for name in MAIN_FIELDS
        if name in FIELD_LABELS
    ]
