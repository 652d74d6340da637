"""Pages of food's way: how it came in, from a lot to everybody, from somebody to every lot."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import attempt, conflict_of
from app.cases.queries import get_case
from app.db import db, today
from app.foodbank import queries
from app.foodbank.models import Lot, MovementKind, Parcel
from app.foodbank.requests import queries as request_queries
from app.foodbank.tracing import queries as tracing
from app.foodbank.tracing import receipts, words
from app.foodbank.tracing.schemas import ReceiptSchema
from app.foodbank.views import bp
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import saw, the_viewer


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


# ---------------------------------------------------------------------------- both directions


@bp.get("/food/lots/<int:lot_id>/trace")
@requires(Action.FOOD_RECEIVE)
def lot_trace(lot_id: int) -> Answer:
    """Everybody who got some of a lot, and where the rest is."""
    lot = queries.own_lot(db.session, lot_id, the_viewer())
    went = tracing.went_to(db.session, lot.id)
    hidden = request_queries.withheld(
        db.session, [one.parcel.request for one in went], today=today()
    )
    saw(Deed.VIEWED, "lot", lot.id, fields=("parcels",))
    sums = tracing.sums_by_kind(db.session, [lot.id]).get(lot.id, {})
    on_shelf = sum(balance.quantity for balance in lot.balances)
    return render_template(
        "foodbank/tracing/lot.html",
        lot=lot,
        receipt=words.receipt_words(db.session, lot),
        rows=[words.went_words(one, hidden=one.parcel.request_id in hidden) for one in went],
        tiles=[
            (_("受け入れ"), sums.get(MovementKind.RECEIPT, 0)),
            (_("渡した"), sum(o.quantity for o in went if o.hand_out and not o.left)),
            (_("渡していない箱"), sum(o.quantity for o in went if not o.hand_out)),
            (_("棚にある"), on_shelf),
            (_("廃棄"), -sums.get(MovementKind.DISPOSAL, 0)),
        ],
    )


@bp.get("/food/trace")
@requires(Action.FOOD_RECEIVE)
def trace_page() -> Answer:
    """From a parcel, a request or the name on it to every lot, its donor and its receipt."""
    asked = request.args.get("q", "").strip()[:100]
    viewer = the_viewer()
    found = tracing.parcels_with_lots(db.session, viewer, asked) if asked else []
    hidden = request_queries.withheld(db.session, [one.request for one in found], today=today())
    found = [one for one in found if one.request_id not in hidden or asked != one.request.code_name]
    return render_template(
        "foodbank/tracing/trace.html",
        asked=asked,
        rows=_parcels(found, hidden),
    )


def _parcels(found: list[Parcel], hidden: set[int]) -> list[dict[str, Any]]:
    handed = tracing.hand_outs(db.session, [one.id for one in found])
    for one in found:
        saw(Deed.VIEWED, "parcel", one.id, fields=("lots",))
    return [
        words.parcel_words(one, handed.get(one.id), hidden=one.request_id in hidden)
        for one in found
    ]


@bp.get("/cases/<int:case_id>/food-trace")
@requires(Action.FOOD_REQUEST)
def case_trace(case_id: int) -> Answer:
    """Every lot a household was handed, for whoever may know of the case."""
    case = get_case(db.session, case_id, the_viewer(), today=today()).case
    return render_template(
        "foodbank/tracing/case.html",
        case_number=case.number,
        case_url=url_for("cases.case_page", case_id=case_id),
        rows=_parcels(tracing.parcels_of_case(db.session, case_id), set()),
    )
