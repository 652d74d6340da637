"""Pages of the shelves: the list, one shelf as its QR opens it, and the labels to stick on."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.cases.frame import attempt, conflict_of
from app.db import db
from app.foodbank.models import STORAGE_LABELS, Shelf
from app.foodbank.shelves import papers, queries, services
from app.foodbank.shelves.schemas import EditShelfSchema, ShelfSchema
from app.foodbank.stock_views import lot_words
from app.foodbank.views import bp
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.printing import render_pdf
from app.security import acting_organisation, saw, the_viewer


def address_of(endpoint: str, **values: Any) -> str:
    """What a label's QR holds: the page's address as everybody reaches it."""
    outside = current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")
    return f"{outside}{url_for(endpoint, **values)}"


def _opened(shelf_id: int) -> Shelf:
    return queries.get_shelf(db.session, shelf_id, the_viewer())


@bp.get("/food/shelves")
@requires(Action.FOOD_RECEIVE)
def shelf_list() -> Answer:
    """Every shelf with what lies there, and the form for a new one."""
    return _list(Form(ShelfSchema()))


def _list(form: Form) -> str:
    rows = queries.shelves(db.session, the_viewer())
    return render_template(
        "foodbank/shelves/list.html",
        rows=[row for row in rows if row.shelf.active or row.lots],
        retired=[row.shelf for row in rows if not row.shelf.active and not row.lots],
        storages=STORAGE_LABELS,
        form=form,
    )


@bp.post("/food/shelves")
@requires(Action.FOOD_RECEIVE)
@creates
def make_shelf() -> Answer:
    viewer = the_viewer()
    form = Form(ShelfSchema(), typed=request.form)
    organisation_id = acting_organisation(viewer, Action.FOOD_RECEIVE)
    status = attempt(
        form,
        lambda data: services.make_shelf(
            db.session, organisation_id=organisation_id, user_id=viewer.user_id, **data
        ),
    )
    if status != 200:
        return _list(form), status
    flash(_("棚を作りました。ラベルを印刷して貼ってください。"))
    return committed(redirect(url_for("foodbank.shelf_list"), 303))


@bp.get("/food/shelves/<int:shelf_id>")
@requires(Action.FOOD_RECEIVE)
def shelf_page(shelf_id: int) -> Answer:
    """What lies on a shelf, and what one does at it: count, receive, move."""
    shelf = _opened(shelf_id)
    return render_template(
        "foodbank/shelves/shelf.html",
        shelf=shelf,
        storage=STORAGE_LABELS.get(shelf.storage) if shelf.storage else None,
        rows=[
            lot_words(lot) | {"here": quantity}
            for lot, quantity in queries.lying_on(db.session, shelf)
        ],
        stocktake=queries.open_stocktake_of(db.session, shelf),
    )


@bp.get("/food/shelves/<int:shelf_id>/edit")
@requires(Action.FOOD_RECEIVE)
def edit_shelf_page(shelf_id: int) -> Answer:
    shelf = _opened(shelf_id)
    return _edit(shelf, Form(EditShelfSchema(), initial=_values(shelf)))


def _values(shelf: Shelf) -> dict[str, Any]:
    return {
        "code": shelf.code,
        "place": shelf.place,
        "storage": shelf.storage,
        "version": shelf.version,
    }


def _edit(shelf: Shelf, form: Form, conflict: dict[str, Any] | None = None) -> str:
    return render_template("foodbank/shelves/edit.html", shelf=shelf, form=form, conflict=conflict)


@bp.post("/food/shelves/<int:shelf_id>/edit")
@requires(Action.FOOD_RECEIVE)
def edit_shelf(shelf_id: int) -> Answer:
    viewer = the_viewer()
    shelf = _opened(shelf_id)
    form = Form(EditShelfSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: services.change_shelf(db.session, shelf=shelf, user_id=viewer.user_id, **data),
    )
    if status == 409:
        shelf = _opened(shelf_id)
        told = conflict_of(form, _values(shelf), record_kind="shelf", record_id=shelf.id)
        return _edit(shelf, form, told), 409
    if status != 200:
        return _edit(_opened(shelf_id), form), status
    flash(_("棚を記録しました。名前を変えたときは、ラベルも貼り替えてください。"))
    return committed(redirect(url_for("foodbank.shelf_page", shelf_id=shelf_id), 303))


@bp.post("/food/shelves/<int:shelf_id>/retirement")
@requires(Action.FOOD_RECEIVE)
@creates
def retire_shelf(shelf_id: int) -> Answer:
    shelf = _opened(shelf_id)
    services.retire_shelf(db.session, shelf=shelf, user_id=the_viewer().user_id)
    flash(_("棚 %(code)s を使わないことにしました。", code=shelf.code))
    return committed(redirect(url_for("foodbank.shelf_list"), 303))


@bp.post("/food/shelves/<int:shelf_id>/use")
@requires(Action.FOOD_RECEIVE)
@creates
def use_shelf_again(shelf_id: int) -> Answer:
    shelf = _opened(shelf_id)
    services.use_shelf_again(db.session, shelf=shelf, user_id=the_viewer().user_id)
    flash(_("棚 %(code)s をまた使います。", code=shelf.code))
    return committed(redirect(url_for("foodbank.shelf_page", shelf_id=shelf.id), 303))


# --------------------------------------------------------------------------------- labels


def _organisation() -> Organisation:
    bank = acting_organisation(the_viewer(), Action.FOOD_RECEIVE)
    return db.session.get_one(Organisation, bank)


@bp.get("/food/shelves/labels.pdf")
@requires(Action.FOOD_RECEIVE)
def shelf_labels() -> Answer:
    """Labels of the shelves chosen, or of all: eight a sheet, or one that fills it."""
    chosen = [n for n in request.args.getlist("shelf", type=int) if 0 < n < 2**31][:500]
    found = queries.shelves_to_label(db.session, the_viewer(), chosen)
    for shelf in found:
        saw(Deed.PRINTED, "shelf", shelf.id, fields=("number",))
    labels = [
        papers.shelf_label(shelf, address_of("foodbank.shelf_page", shelf_id=shelf.id))
        for shelf in found
    ]
    shape = "large" if request.args.get("large") == "1" else "shelf"
    data = papers.sheet(labels, shape=shape, organisation=_organisation().name, skip=0)
    return pdf_answer("shelf-labels", render_pdf("labels", data))
