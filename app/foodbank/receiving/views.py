"""Pages for taking food in: pick the item, date as printed, quantity, shelf; and whole ledgers."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.db import db, today
from app.errors import InvalidError, TooLargeError
from app.foodbank import items, queries
from app.foodbank.codes import FOOD_GROUP_LABELS, FoodGroup
from app.foodbank.donors.queries import agreement_for, drive_before, running_drives
from app.foodbank.donors.words import too_short
from app.foodbank.ledgers import services as ledger_import
from app.foodbank.models import DateKind, FoodItem, Lot, LotState
from app.foodbank.receiving import services as receiving
from app.foodbank.running_out.queries import older_lots
from app.foodbank.scanning.jan import digits_of, read_jan
from app.foodbank.scanning.queries import dates_before, item_of_jan, jans_of
from app.foodbank.scanning.schemas import JanSchema
from app.foodbank.schemas import ItemSchema, MoreSchema, ReceiveSchema
from app.foodbank.stock_views import lot_words
from app.foodbank.stocktakes.queries import shelf_codes
from app.foodbank.views import bp
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import acting_organisation, the_viewer
from app.uploads import uploaded_file
from app.wording import day, days_left


@bp.get("/food/receive")
@requires(Action.FOOD_RECEIVE)
def receive_page() -> Answer:
    """First tap: what is it? A scanned barcode that is known goes straight on to the form."""
    viewer = the_viewer()
    words = request.args.get("q", "").strip()[:100]
    shelf = request.args.get("shelf", "").strip()[:20] or None
    code, problem = None, None
    if (digits := digits_of(words)).isdecimal() and len(digits) >= 8:
        try:
            code = read_jan(digits)
        except InvalidError as error:
            problem = error.message
    if code and (item := item_of_jan(db.session, code, viewer)):
        url = url_for("foodbank.receive_form", item_id=item.id, jan=code, shelf=shelf)
        return make_response(redirect(url, 303))
    listed = queries.items(db.session, viewer, words="" if code or problem else words)
    return render_template(
        "foodbank/receive.html",
        items=sorted(listed, key=lambda item: item.name),
        words=words,
        code=code,
        problem=problem,
        shelf=shelf,
    )


@bp.get("/food/receive/form")
@requires(Action.FOOD_RECEIVE)
def receive_form() -> Answer:
    """Second step: the form, with the values of the item's last receipt already in it."""
    item_id = request.args.get("item_id", type=int)
    item = queries.get_item(db.session, item_id, the_viewer()) if item_id else None
    initial = _last_values(item) if item else {"item_name": request.args.get("name", "")[:200]}
    for name in ("jan", "shelf"):
        initial[name] = request.args.get(name, "")[:20] or initial.get(name, "")
    drive = {"drive_id": drive_before(db.session, the_viewer().user_id, today=today())}
    dates = dates_before(db.session, item, today=today()) if item else []
    return _form(Form(ReceiveSchema(), initial=initial | drive), dates=dates)


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


def _form(form: Form, dates: list[str] | None = None) -> str:
    bank = acting_organisation(the_viewer(), Action.FOOD_RECEIVE)
    running = running_drives(db.session, bank, today())
    form.choices = {"drive_id": [(one.id, f"{one.name}（{one.place}）") for one in running]}
    return render_template(
        "foodbank/receive_form.html",
        form=form,
        dates=dates or [],
        years=[f"{today().year + ahead}." for ahead in range(4)],
        shelves=shelf_codes(db.session, bank),
        drives=running,
    )


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
    return _received(lot, form.data["quantity"])


def _received(lot: Lot, quantity: int) -> Answer:
    """On to what one does next with the box in hand; a lot that asks something asks first."""
    if warning := too_short(agreement_for(db.session, lot), lot):
        flash(warning, "warning")
    if lot.state is LotState.OFFERABLE:
        said = {"item": lot.item.name, "n": quantity, "unit": lot.unit}
        flash(_("%(item)s を %(n)s%(unit)s 受け入れました。", **said))
        return committed(redirect(url_for("foodbank.received_page", lot_id=lot.id), 303))
    flash(_("受け入れましたが、このままでは出せません。下を確かめてください。"), "warning")
    return committed(redirect(url_for("foodbank.lot_page", lot_id=lot.id), 303))


@bp.get("/food/lots/<int:lot_id>/received")
@requires(Action.FOOD_RECEIVE)
def received_page(lot_id: int) -> Answer:
    """After a receipt: stickers, twenty more of the same, the next thing; is an older one here?"""
    lot = queries.own_lot(db.session, lot_id, the_viewer())
    return _received_page(lot, Form(MoreSchema()))


def _received_page(lot: Lot, form: Form) -> str:
    return render_template(
        "foodbank/received.html",
        **lot_words(lot),
        older=[lot_words(one) for one in older_lots(db.session, lot, today=today())],
        form=form,
    )


@bp.post("/food/lots/<int:lot_id>/more")
@requires(Action.FOOD_RECEIVE)
@creates
def receive_more(lot_id: int) -> Answer:
    """「同じものをもう20個」: everything but the number is as it was."""
    viewer = the_viewer()
    lot = queries.own_lot(db.session, lot_id, viewer)
    form = Form(MoreSchema(), typed=request.form)
    if not form.load():
        return _received_page(lot, form), 422
    quantity = form.data["more"]
    more = receiving.more_of(
        db.session, lot=lot, quantity=quantity, user_id=viewer.user_id, today=today()
    )
    return _received(more, quantity)


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
    return draw_item(item)


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
        "low_at": item.low_at,
    }


def draw_item(item: FoodItem, form: Form | None = None, jan_form: Form | None = None) -> str:
    """The page of an item; forms that came back with something wrong stand in for fresh ones."""
    return render_template(
        "foodbank/item.html",
        item=item,
        form=form or Form(ItemSchema(), initial=_item_values(item)),
        jan_form=jan_form or Form(JanSchema()),
        jans=jans_of(db.session, item),
        missing=items.missing_facts(item),
    )


@bp.post("/food/items/<int:item_id>")
@requires(Action.FOOD_RECEIVE)
def edit_item(item_id: int) -> Answer:
    viewer = the_viewer()
    item = queries.get_item(db.session, item_id, viewer)
    form = Form(ItemSchema(), typed=request.form)
    if not form.load():
        return draw_item(item, form), 422
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
