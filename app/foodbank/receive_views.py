"""Pages for taking food in: pick the item, date as printed, quantity, shelf; and whole ledgers."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.db import db, today
from app.errors import InvalidError, TooLargeError
from app.foodbank import items, ledger_import, queries, receiving
from app.foodbank.codes import FOOD_GROUP_LABELS, FoodGroup
from app.foodbank.models import DateKind, FoodItem, LotState
from app.foodbank.schemas import ItemSchema, ReceiveSchema
from app.foodbank.stock_views import lot_words
from app.foodbank.views import bp
from app.forms import Form
from app.idempotency import committed, creates
from app.japanese import narrow
from app.policy import Action, requires
from app.security import acting_organisation, the_viewer
from app.uploads import uploaded_file
from app.wording import day, days_left


@bp.get("/food/receive")
@requires(Action.FOOD_RECEIVE)
def receive_page() -> Answer:
    """First tap: what is it? A scanned barcode goes straight on to the form."""
    viewer = the_viewer()
    words = request.args.get("q", "").strip()[:100]
    code = narrow(words).replace(" ", "")
    if code.isdigit() and (item := queries.item_of_jan(db.session, code, viewer)):
        url = url_for("foodbank.receive_form", item_id=item.id, jan=code)
        return make_response(redirect(url, 303))
    found = queries.items(db.session, viewer, words=words)
    return render_template(
        "foodbank/receive.html",
        items=sorted(found, key=lambda item: item.name),
        words=words,
        is_code=code.isdigit() and len(code) >= 8,
    )


@bp.get("/food/receive/form")
@requires(Action.FOOD_RECEIVE)
def receive_form() -> Answer:
    """Second step: the form, with the values of the item's last receipt already in it."""
    item_id = request.args.get("item_id", type=int)
    item = queries.get_item(db.session, item_id, the_viewer()) if item_id else None
    initial = _last_values(item) if item else {"item_name": request.args.get("name", "")[:200]}
    initial["jan"] = request.args.get("jan") or initial.get("jan", "")
    return _form(Form(ReceiveSchema(), initial=initial))


def _last_values(item: FoodItem) -> dict[str, Any]:
    """What rarely changes from one receipt to the next; never the date and the quantity."""
    last = queries.last_lot_of(db.session, item)
    values: dict[str, Any] = {"item_name": item.name, "category": item.category}
    if last is not None:
        values |= {
            "date_kind": last.date_kind,
            "unit": last.unit,
            "storage": last.storage,
            "allergens": last.allergen_text,
            "donor": last.donor.name if last.donor else "",
            "jan": last.jan or "",
            "maker": last.maker or "",
            "shelf": next((b.shelf.code for b in last.balances), ""),
        }
    return values


def _form(form: Form) -> str:
    return render_template("foodbank/receive_form.html", form=form)


@bp.get("/food/printed-date")
@requires(Action.FOOD_RECEIVE)
def printed_date() -> Answer:
    """How a date as printed is read, shown while it is being typed."""
    kinds = {kind.value: kind for kind in DateKind}
    kind = kinds.get(request.args.get("date_kind", ""), DateKind.BEST_BEFORE)
    text = request.args.get("date_printed", "")[:100]
    read = receiving.read_printed_date(text, kind, today=today())
    return render_template(
        "foodbank/printed_date.html",
        read=read if text.strip() else None,
        past=read.is_past(today()),
        words=f"{day(read.last_day)}（{days_left(read.last_day)}）",
    )


@bp.post("/food/receive")
@requires(Action.FOOD_RECEIVE)
@creates
def receive_lot() -> Answer:
    viewer = the_viewer()
    form = Form(ReceiveSchema(), typed=request.form)
    if not form.load():
        return _form(form), 422
    try:
        arrival = receiving.read_arrival(form.data, today=today())
        lot = receiving.new_lot(
            db.session,
            organisation_id=acting_organisation(viewer, Action.FOOD_RECEIVE),
            item_name=form.data["item_name"],
            category=form.data["category"],
            arrival=arrival,
            user_id=viewer.user_id,
            today=today(),
        )
    except InvalidError as error:
        db.session.rollback()
        form.refuse(error.fields)
        return _form(form), 422
    if lot.state is LotState.OFFERABLE:
        flash(_("%(item)s を %(n)s 受け入れました。", item=lot.item.name, n=arrival.quantity))
    else:
        flash(_("受け入れましたが、このままでは出せません。下を確かめてください。"), "warning")
    return committed(redirect(url_for("foodbank.lot_page", lot_id=lot.id), 303))


# ---------------------------------------------------------------------------------- items


@bp.get("/food/items")
@requires(Action.FOOD_RECEIVE)
def item_list() -> Answer:
    """The items, those nobody has confirmed first."""
    found = queries.items(db.session, the_viewer())
    return render_template(
        "foodbank/items.html",
        rows=[
            (item, FOOD_GROUP_LABELS[FoodGroup(item.food_group)], items.missing_facts(item))
            for item in found
        ],
    )


@bp.get("/food/items/<int:item_id>")
@requires(Action.FOOD_RECEIVE)
def item_page(item_id: int) -> Answer:
    item = queries.get_item(db.session, item_id, the_viewer())
    return _item_page(item, Form(ItemSchema(), initial=_item_values(item)))


def _item_values(item: FoodItem) -> dict[str, Any]:
    ways = ["+".join(one) or "as_it_is" for one in item.equipment or []]
    return {
        "version": item.version,
        "food_group": item.food_group,
        "kcal": item.kcal,
        "weight_g": None if item.weight_kg is None else round(item.weight_kg * 1000),
        "ways": ways,
        "chewing_class": item.chewing_class,
        "infant_from_month": item.infant_from_month,
        "infant_to_month": item.infant_to_month,
        "formula": item.formula,
        "special_formula": item.special_formula,
        "ingredients": item.ingredients or [],
        "ingredients_checked": item.ingredients == [] or (item.confirmed and item.ingredients),
        "note": item.note or "",
    }


def _item_page(item: FoodItem, form: Form) -> str:
    return render_template(
        "foodbank/item.html", item=item, form=form, missing=items.missing_facts(item)
    )


@bp.post("/food/items/<int:item_id>")
@requires(Action.FOOD_RECEIVE)
def edit_item(item_id: int) -> Answer:
    viewer = the_viewer()
    item = queries.get_item(db.session, item_id, viewer)
    form = Form(ItemSchema(), typed=request.form)
    if not form.load():
        return _item_page(item, form), 422
    facts = dict(form.data)
    items.edit_item(
        db.session, item=item, version=facts.pop("version"), user_id=viewer.user_id, facts=facts
    )
    flash(_("品目を記録しました。"))
    return committed(redirect(url_for("foodbank.item_list"), 303))


# -------------------------------------------------------------------------------- ledgers


@bp.get("/food/imports/new")
@requires(Action.FOOD_RECEIVE)
def import_page() -> Answer:
    return _import_page([])


def _import_page(errors: list[str]) -> str:
    return render_template("foodbank/import.html", errors=errors)


@bp.post("/food/imports")
@requires(Action.FOOD_RECEIVE)
@creates
def import_ledger() -> Answer:
    viewer = the_viewer()
    try:
        content, name = uploaded_file()
        result = ledger_import.import_ledger(
            db.session,
            content=content,
            file_name=name,
            organisation_id=acting_organisation(viewer, Action.FOOD_RECEIVE),
            user_id=viewer.user_id,
            today=today(),
        )
    except (InvalidError, TooLargeError) as error:
        db.session.rollback()
        return _import_page([error.message]), error.status
    if result.again:
        flash(_("この台帳はすでに取り込んでいます。何も変わっていません。"), "info")
    return committed(redirect(url_for("foodbank.import_report", import_id=result.ledger.id), 303))


@bp.get("/food/imports/<int:import_id>")
@requires(Action.FOOD_RECEIVE)
def import_report(import_id: int) -> Answer:
    """What became of each row."""
    ledger = queries.get_import(db.session, import_id, the_viewer())
    rows = [lot_words(lot) for lot in queries.lots_of_import(db.session, ledger)]
    blocked = sum(row["lot"].state is LotState.QUESTION for row in rows)
    return render_template("foodbank/report.html", ledger=ledger, rows=rows, blocked=blocked)
