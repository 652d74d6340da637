"""Pages of food drives: which there are, and what came together in each."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.frame import attempt, conflict_of
from app.db import db, today
from app.foodbank.donors import queries, services
from app.foodbank.donors.models import FoodDrive
from app.foodbank.donors.queries import Giving
from app.foodbank.donors.schemas import DriveSchema, EditDriveSchema
from app.foodbank.donors.views import bank
from app.foodbank.donors.words import kilo, period_words
from app.foodbank.models import Lot
from app.foodbank.origins.words import away_rows
from app.foodbank.views import bp
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer


@bp.get("/food/drives")
@requires(Action.FOOD_RECEIVE)
def drive_list() -> Answer:
    """Every drive with its totals, and the form for a new one."""
    return _list(Form(DriveSchema(), initial={"starts_on": today()}))


def _list(form: Form) -> str:
    organisation = bank()
    given = queries.given(db.session, organisation, since=today(), by_drive=True)
    rows = [
        {"drive": one, "giving": (giving := given.get(one.id, Giving())), "kg": kilo(giving.kg)}
        | _when(one)
        for one in queries.drives(db.session, organisation)
    ]
    return render_template("foodbank/donors/drives.html", rows=rows, form=form)


def _when(drive: FoodDrive) -> dict[str, Any]:
    if drive.ends_on < today():
        tag = (_("終わりました"), "")
    elif drive.starts_on > today():
        tag = (_("これから"), "info")
    else:
        tag = (_("開いています"), "good")
    return {"period": period_words(drive.starts_on, drive.ends_on), "tag": tag}


@bp.post("/food/drives")
@requires(Action.FOOD_RECEIVE)
@creates
def make_drive() -> Answer:
    user_id, organisation = the_viewer().user_id, bank()
    form = Form(DriveSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: services.open_drive(
            db.session, organisation_id=organisation, user_id=user_id, **data
        ),
    )
    if status != 200:
        return _list(form), status
    flash(_("フードドライブを作りました。開いているあいだ、「受け入れる」で選べます。"))
    return committed(redirect(url_for("foodbank.drive_list"), 303))


@bp.get("/food/drives/<int:drive_id>")
@requires(Action.FOOD_RECEIVE)
def drive_page(drive_id: int) -> Answer:
    """One drive: what came together, and putting its days right."""
    drive = queries.get_drive(db.session, drive_id, the_viewer())
    return _drive(drive, Form(EditDriveSchema(), initial=_values(drive)))


def _values(drive: FoodDrive) -> dict[str, Any]:
    return {name: getattr(drive, name) for name in EditDriveSchema().fields}


def _drive(drive: FoodDrive, form: Form, conflict: dict[str, Any] | None = None) -> str:
    given = queries.given(db.session, drive.organisation_id, since=today(), by_drive=True)
    giving = given.get(drive.id, Giving())
    lots = queries.lots_given(db.session, drive.organisation_id, Lot.drive_id == drive.id)
    return render_template(
        "foodbank/donors/drive.html",
        drive=drive,
        giving=giving,
        kg=kilo(giving.kg),
        lots=[(lot, kilo(kg) if kg is not None else None) for lot, kg in lots],
        away=away_rows(db.session, drive.organisation_id, drive_id=drive.id),
        form=form,
        conflict=conflict,
        **_when(drive),
    )


@bp.post("/food/drives/<int:drive_id>")
@requires(Action.FOOD_RECEIVE)
def change_drive(drive_id: int) -> Answer:
    viewer = the_viewer()
    drive = queries.get_drive(db.session, drive_id, viewer)
    form = Form(EditDriveSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: services.change_drive(db.session, drive=drive, user_id=viewer.user_id, **data),
    )
    if status != 200:
        now_ = queries.get_drive(db.session, drive_id, viewer)
        conflict = None
        if status == 409:
            conflict = conflict_of(
                form, _values(now_), record_kind="food_drive", record_id=drive_id
            )
        return _drive(now_, form, conflict), status
    flash(_("フードドライブを直しました。"))
    return committed(redirect(url_for("foodbank.drive_page", drive_id=drive_id), 303))
