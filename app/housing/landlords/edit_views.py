"""Pages: a new landlord, corrections, and who is registered already like the one being typed."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.versions import StaleError, last_change
from app.db import db
from app.forms import Form
from app.housing.blueprint import bp
from app.housing.landlords import queries, services
from app.housing.landlords.schemas import LandlordSchema
from app.housing.models import Landlord
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer
from app.wording import moment


@bp.get("/landlords/known")
@requires(Action.HOME_EDIT)
def known_landlords() -> Answer:
    """Landlords like the one being typed: a piece of a page."""
    typed = (request.args.get("landlord") or request.args.get("name") or "")[:200]
    found = queries.similar_landlords(
        db.session, name=typed, phone=request.args.get("phone", "")[:40]
    )
    own = request.args.get("own", type=int)
    found = [one for one in found if one.id != own]
    names = [one.name_key for one in found]
    return render_template(
        "housing/_known_landlords.html",
        found=found,
        homes=queries.home_counts(db.session, [one.id for one in found]),
        namesakes={key for key in names if names.count(key) > 1},
        linking="landlord" in request.args,
    )


@bp.get("/landlords/new")
@requires(Action.HOME_EDIT)
def new_landlord_page() -> Answer:
    return _page(Form(LandlordSchema()))


@bp.post("/landlords/new")
@requires(Action.HOME_EDIT)
@creates
def add_landlord() -> Answer:
    form = Form(LandlordSchema(), typed=request.form)
    if not form.load():
        return _page(form), 422
    landlord = services.add_landlord(db.session, values=_values(form), user_id=the_viewer().user_id)
    flash(_("貸主を登録しました。"))
    return committed(redirect(url_for("housing.landlord_page", landlord_id=landlord.id), 303))


def _values(form: Form) -> dict[str, Any]:
    return {name: value for name, value in form.data.items() if name != "version"}


@bp.get("/landlords/<int:landlord_id>/edit")
@requires(Action.HOME_EDIT)
def edit_landlord_page(landlord_id: int) -> Answer:
    landlord = queries.get_landlord(db.session, landlord_id)
    return _page(Form(LandlordSchema(), initial=_initial(landlord)), landlord=landlord)


def _initial(landlord: Landlord) -> dict[str, Any]:
    return {name: getattr(landlord, name) for name in LandlordSchema().fields}


@bp.post("/landlords/<int:landlord_id>/edit")
@requires(Action.HOME_EDIT)
def change_landlord(landlord_id: int) -> Answer:
    landlord = queries.get_landlord(db.session, landlord_id)
    form = Form(LandlordSchema(), typed=request.form)
    if not form.load():
        return _page(form, landlord=landlord), 422
    try:
        services.change_landlord(
            db.session,
            landlord=landlord,
            version=form.data["version"],
            values=_values(form),
            user_id=the_viewer().user_id,
        )
    except StaleError:
        db.session.rollback()
        landlord = queries.get_landlord(db.session, landlord_id)
        return _page(form, landlord=landlord, conflict=_both(landlord, form)), 409
    flash(_("記録しました。"))
    return committed(redirect(url_for("housing.landlord_page", landlord_id=landlord_id), 303))


def _both(landlord: Landlord, form: Form) -> dict[str, Any]:
    who, when = last_change(db.session, "landlord", landlord.id) or (_("ほかの人"), None)
    rows = form.beside(_initial(landlord))
    return {"rows": rows, "who": who, "when": moment(when) if when else _("先ほど")}


def _page(
    form: Form, *, landlord: Landlord | None = None, conflict: dict[str, Any] | None = None
) -> str:
    new = landlord is None
    return render_template(
        "housing/landlord_form.html",
        title=_("貸主を登録する") if landlord is None else _("%(name)s を直す", name=landlord.name),
        action=url_for("housing.add_landlord")
        if landlord is None
        else url_for("housing.change_landlord", landlord_id=landlord.id),
        back=url_for("housing.landlord_list")
        if landlord is None
        else url_for("housing.landlord_page", landlord_id=landlord.id),
        form=form,
        own=None if landlord is None else landlord.id,
        version=landlord.version if landlord and conflict else form["version"].value,
        conflict=conflict,
        new=new,
    )
