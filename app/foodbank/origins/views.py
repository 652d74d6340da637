"""The page that puts right who gave a lot and in which food drive."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.frame import DrawnField, attempt, conflict_of
from app.db import db, now
from app.foodbank import queries
from app.foodbank.donors.queries import all_donors, drives
from app.foodbank.kits.queries import build_of_lot
from app.foodbank.models import Lot
from app.foodbank.origins import services
from app.foodbank.origins.queries import day_of, same_sitting, told_now
from app.foodbank.origins.schemas import OriginSchema
from app.foodbank.origins.words import origin_words, told_words
from app.foodbank.views import bp
from app.forms import Form, told_apart
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer


def _own(lot_id: int) -> Lot:
    return queries.own_lot(db.session, lot_id, the_viewer())


def _form(lot: Lot, **typed: Any) -> Form:
    on = day_of(lot)
    offered = [
        (one.id, f"{one.name}（{one.place}）")
        for one in drives(db.session, lot.organisation_id)
        if one.id == lot.drive_id or one.starts_on <= on <= one.ends_on
    ]
    same = [
        (f"{one.id}.{one.version}", f"{one.item.name}　{one.number}")
        for one in same_sitting(db.session, lot)
    ]
    return Form(OriginSchema(), choices={"drive_id": offered, "also": same}, **typed)


def _kept(lot: Lot) -> dict[str, Any]:
    donor = lot.donor.name if lot.donor else ""
    return {"version": lot.version, "donor": donor, "drive_id": lot.drive_id}


@bp.get("/food/lots/<int:lot_id>/origin")
@requires(Action.FOOD_RECEIVE)
def origin_page(lot_id: int) -> Answer:
    """Who gave a lot, to put right, and what they have been told already."""
    lot = _own(lot_id)
    return _page(lot, _form(lot, initial=_kept(lot)))


def _page(lot: Lot, form: Form, conflict: dict[str, Any] | None = None) -> str:
    names = [one.name for one in all_donors(db.session)]
    return render_template(
        "foodbank/origins/origin.html",
        lot=lot,
        form=form,
        donor=DrawnField(**vars(form["donor"]), options=names),
        conflict=conflict,
        version=lot.version,
        now=origin_words(
            lot.donor.name if lot.donor else None, lot.drive.name if lot.drive else None
        ),
        told=told_words(told_now(db.session, lot, at=now()), lot.unit),
        kit=build_of_lot(db.session, lot.id) is not None,
    )


@bp.post("/food/lots/<int:lot_id>/origin")
@requires(Action.FOOD_RECEIVE)
@creates
def put_origin_right(lot_id: int) -> Answer:
    lot = _own(lot_id)
    form = _form(lot, typed=request.form)
    done: list[Any] = []
    status = attempt(form, lambda data: done.extend(put_right(lot, data)))
    if status != 200:
        lot = _own(lot_id)
        both = None
        if status == 409:
            both = conflict_of(form, _kept(lot), record_kind="lot", record_id=lot.id)
        return _page(lot, form, both), status
    flash(
        _("%(n)sロットの寄贈者・フードドライブを直しました。前の記録も残っています。", n=len(done))
    )
    return committed(redirect(url_for("foodbank.lot_page", lot_id=lot_id), 303))


def put_right(lot: Lot, data: dict[str, Any]) -> list[Any]:
    """What `OriginSchema` loaded, done."""
    values = data | {"also": told_apart(data["also"])}
    return services.put_right(db.session, lot=lot, user_id=the_viewer().user_id, **values)
