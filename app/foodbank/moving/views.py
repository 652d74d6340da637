"""Pages for moving stock; what concerns one lot is asked for on the lot's own page."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.db import db, today
from app.errors import InvalidError
from app.foodbank import queries, stock
from app.foodbank.models import Lot, Parcel, ParcelState
from app.foodbank.moving import services
from app.foodbank.moving.queries import Handed, still_out
from app.foodbank.moving.schemas import (
    CorrectionSchema,
    GiveBackSchema,
    ReturnedFoodSchema,
    TransferSchema,
    WhatHappened,
)
from app.foodbank.parcels import queries as parcel_queries
from app.foodbank.stock_views import draw_lot, places_of, refused_lot
from app.foodbank.views import bp
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import saw, the_viewer
from app.wording import day


def _own(lot_id: int) -> Lot:
    return queries.own_lot(db.session, lot_id, the_viewer())


def _refused(lot_id: int, name: str, form: Form, error: InvalidError) -> tuple[str, int]:
    """Give everything back and draw the lot's page with what was typed."""
    db.session.rollback()
    return refused_lot(_own(lot_id), name, form, error)


@bp.post("/food/lots/<int:lot_id>/transfer")
@requires(Action.FOOD_RECEIVE)
@creates
def transfer_lot(lot_id: int) -> Answer:
    lot = _own(lot_id)
    form = Form(TransferSchema(), typed=request.form, choices=places_of(lot))
    if not form.load():
        return draw_lot(lot, transfer=form), 422
    try:
        shelf, moved = services.transfer(
            db.session, lot=lot, user_id=the_viewer().user_id, **form.data
        )
    except InvalidError as error:
        return _refused(lot_id, "transfer", form, error)
    flash(
        _("%(n)s%(unit)sを 棚 %(shelf)s に移しました。", n=moved, unit=lot.unit, shelf=shelf.code)
    )
    return committed(redirect(url_for("foodbank.shelf_page", shelf_id=shelf.id), 303))


@bp.post("/food/lots/<int:lot_id>/give-back")
@requires(Action.FOOD_RECEIVE)
@creates
def give_back_lot(lot_id: int) -> Answer:
    lot = _own(lot_id)
    form = Form(GiveBackSchema(), typed=request.form, choices=places_of(lot))
    if not form.load():
        return draw_lot(lot, give_back=form), 422
    try:
        gone = services.give_back(
            db.session,
            lot=lot,
            shelf_id=form.data["given_from"],
            quantity=form.data["given_quantity"],
            reason=form.data["give_back_reason"],
            user_id=the_viewer().user_id,
        )
    except InvalidError as error:
        return _refused(lot_id, "give_back", form, error)
    flash(_("%(n)s%(unit)sを寄贈者に返したと記録しました。", n=gone, unit=lot.unit))
    return committed(redirect(url_for("foodbank.lot_page", lot_id=lot.id), 303))


@bp.post("/food/lots/<int:lot_id>/correction")
@requires(Action.FOOD_RECEIVE)
@creates
def correct_lot(lot_id: int) -> Answer:
    """A number is wrong: it changed now, or it was written down wrong when the lot came in."""
    lot = _own(lot_id)
    form = Form(CorrectionSchema(), typed=request.form, choices=places_of(lot))
    if not form.load():
        return draw_lot(lot, correction=form), 422
    try:
        _correct(lot, form.data)
    except InvalidError as error:
        return _refused(lot_id, "correction", form, error)
    if form.data["what"] is WhatHappened.NOW:
        flash(_("棚の数を、いまの数に合わせました。"))
    else:
        flash(_("受け入れた数を訂正しました。前の記録は取り消しとして残ります。"))
    return committed(redirect(url_for("foodbank.lot_page", lot_id=lot.id), 303))


def _correct(lot: Lot, data: dict[str, Any]) -> None:
    who = {"reason": data["correction_reason"], "user_id": the_viewer().user_id}
    quantity = data["right_quantity"]
    if data["what"] is WhatHappened.NOW:
        services.correct_now(
            db.session, lot=lot, shelf_id=data["found_on"], quantity=quantity, **who
        )
        return
    if quantity == 0:
        sentence = "受け入れた数は1以上です。受け入れていない物なら、廃棄で閉じてください。"
        raise InvalidError(sentence, fields={"right_quantity": [sentence]})
    stock.correct_receipt(db.session, lot=lot, quantity=quantity, **who)


# --------------------------------------------------------------------------- from a household


@bp.get("/food/parcels/<int:parcel_id>/returns/new")
@requires(Action.HANDOUT_RECORD)
def return_page(parcel_id: int) -> Answer:
    """What of a parcel came back, and how it looks."""
    parcel = parcel_queries.get_parcel(
        db.session, parcel_id, the_viewer(), today=today(), consented=False
    )
    return _return_page(parcel, _return_form(parcel))


def _return_form(parcel: Parcel, **typed: Any) -> Form:
    handed = still_out(db.session, parcel)
    return Form(ReturnedFoodSchema(), choices={"lot_id": [_choice(one) for one in handed]}, **typed)


def _choice(handed: Handed) -> tuple[int, str]:
    lot = handed.lot
    until = f"・{day(lot.last_day)}まで" if lot.last_day else ""
    return lot.id, f"{lot.item.name}（{handed.out}{lot.unit}{until}）"


def _return_page(parcel: Parcel, form: Form) -> str:
    saw(Deed.VIEWED, "parcel", parcel.id, fields=("lines",))
    return render_template(
        "foodbank/moving/return.html",
        parcel=parcel,
        form=form,
        handed_out=parcel.state is ParcelState.HANDED_OUT,
    )


@bp.post("/food/parcels/<int:parcel_id>/returns")
@requires(Action.HANDOUT_RECORD)
@creates
def take_back(parcel_id: int) -> Answer:
    viewer = the_viewer()
    parcel = parcel_queries.get_parcel(
        db.session, parcel_id, viewer, today=today(), consented=False
    )
    form = _return_form(parcel, typed=request.form)
    if not form.load():
        return _return_page(parcel, form), 422
    values = dict(form.data)
    try:
        kept = services.take_back(
            db.session,
            parcel=parcel,
            remark=values.pop("note"),
            user_id=viewer.user_id,
            **values,
        )
    except InvalidError as error:
        db.session.rollback()
        form.refuse(error.fields)
        return _return_page(parcel, form), 422
    what = {
        "item": db.session.get_one(Lot, values["lot_id"]).item.name,
        "quantity": values["quantity"],
    }
    if kept:
        flash(_("%(item)s ×%(quantity)s を棚に戻しました。", **what))
    else:
        flash(
            _(
                "%(item)s ×%(quantity)s が戻ったことと、廃棄したことを記録しました。"
                "棚には戻していません。",
                **what,
            ),
            "warning",
        )
    return committed(redirect(url_for("foodbank.return_page", parcel_id=parcel.id), 303))
