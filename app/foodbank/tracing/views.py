"""Pages of a lot's way: what was seen when it came in."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.frame import attempt, conflict_of
from app.db import db
from app.foodbank import queries
from app.foodbank.models import Lot
from app.foodbank.tracing import receipts
from app.foodbank.tracing.schemas import ReceiptSchema
from app.foodbank.views import bp
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer


@bp.get("/food/lots/<int:lot_id>/receipt")
@requires(Action.FOOD_RECEIVE)
def receipt_page(lot_id: int) -> Answer:
    lot = queries.own_lot(db.session, lot_id, the_viewer())
    return _receipt(lot, Form(ReceiptSchema(), initial=_kept(lot)))


def _kept(lot: Lot) -> dict[str, Any]:
    return {name: getattr(lot, name) for name in (*receipts.FACTS, "version")}


def _receipt(lot: Lot, form: Form, conflict: dict[str, Any] | None = None) -> str:
    return render_template(
        "foodbank/tracing/receipt.html", lot=lot, form=form, conflict=conflict, version=lot.version
    )


@bp.post("/food/lots/<int:lot_id>/receipt")
@requires(Action.FOOD_RECEIVE)
@creates
def put_receipt_right(lot_id: int) -> Answer:
    viewer = the_viewer()
    lot = queries.own_lot(db.session, lot_id, viewer)
    form = Form(ReceiptSchema(), typed=request.form)

    def act(values: dict[str, Any]) -> object:
        version = values.pop("version")
        return receipts.put_right(
            db.session, lot=lot, version=version, typed=values, user_id=viewer.user_id
        )

    status = attempt(form, act)
    if status == 409:
        lot = queries.own_lot(db.session, lot_id, viewer)
        both = conflict_of(form, _kept(lot), record_kind="lot", record_id=lot.id)
        return _receipt(lot, form, both), 409
    if status != 200:
        return _receipt(lot, form), status
    flash(_("受け入れの記録を直しました。"))
    return committed(redirect(url_for("foodbank.lot_page", lot_id=lot_id), 303))
