"""Pages of the kits: choose what goes in, look at a batch, take some apart."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.db import db, today
from app.errors import ConflictError, InvalidError
from app.foodbank.kits import queries, services
from app.foodbank.kits.models import KitBuild
from app.foodbank.kits.schemas import BuildKitSchema, TakeApartSchema
from app.foodbank.models import Balance, Lot
from app.foodbank.stock_views import lot_words, places_of
from app.foodbank.views import bp
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import acting_organisation, the_viewer
from app.wording import day


@bp.get("/food/kits")
@requires(Action.FOOD_RECEIVE)
def kit_list() -> Answer:
    """The kits made so far, and the way to make more."""
    found = queries.builds(db.session, the_viewer())
    return render_template(
        "foodbank/kits/list.html", rows=[(one, lot_words(one.lot)) for one in found]
    )


@bp.get("/food/kits/new")
@requires(Action.FOOD_RECEIVE)
def new_kit_page() -> Answer:
    """What lies on the shelves, each with a number for one kit."""
    words = request.args.get("q", "").strip()[:100]
    offered = _offered(words)
    initial = {
        "name": request.args.get("name", "")[:200],
        "parts": [{"lot_id": lot.id, "shelf_id": b.shelf_id} for lot, b in offered],
    }
    return _new(Form(BuildKitSchema(), initial=initial), offered)


def _offered(words: str = "") -> list[tuple[Lot, Balance]]:
    bank = acting_organisation(the_viewer(), Action.FOOD_RECEIVE)
    return queries.can_go_in(db.session, bank, words=words, today=today())


def _new(form: Form, offered: list[tuple[Lot, Balance]], refused: str | None = None) -> str:
    return render_template(
        "foodbank/kits/new.html",
        form=form,
        rows=[_row(form, number, *one) for number, one in enumerate(offered)],
        refused=refused,
    )


def _row(form: Form, number: int, lot: Lot, balance: Balance) -> dict[str, Any]:
    at = f"parts-{number}"
    there = _("%(n)s%(unit)sあり", n=balance.quantity, unit=lot.unit)
    hint = f"{there}　棚 {balance.shelf.code}　{day(lot.last_day)}まで"
    drawn = form[f"{at}-per_kit"]
    return {
        "hidden": [form[f"{at}-lot_id"], form[f"{at}-shelf_id"]],
        "field": replace(drawn, label=lot.item.name, hint=hint),
        "filled": drawn.value not in {"", "0"},
    }


def _sent(form: Form) -> list[tuple[Lot, Balance]]:
    """What was offered when the form was sent, in its order; what went meanwhile is left out."""
    now_there = {(lot.id, balance.shelf_id): (lot, balance) for lot, balance in _offered()}
    rows = []
    for number in form.rows("parts"):
        lot_id, shelf_id = (form[f"parts-{number}-{n}"].value for n in ("lot_id", "shelf_id"))
        if lot_id.isdecimal() and shelf_id.isdecimal():
            rows.append(now_there.get((int(lot_id), int(shelf_id))))
    return [row for row in rows if row is not None]


@bp.post("/food/kits")
@requires(Action.FOOD_RECEIVE)
@creates
def build_kits() -> Answer:
    viewer = the_viewer()
    form = Form(BuildKitSchema(), typed=request.form)
    if not form.load():
        return _again(form), 422
    values = dict(form.data)
    parts = [
        (part["lot_id"], part["shelf_id"], part["per_kit"])
        for part in values.pop("parts")
        if part["per_kit"]
    ]
    try:
        made = services.build(
            db.session,
            organisation_id=acting_organisation(viewer, Action.FOOD_RECEIVE),
            parts=parts,
            user_id=viewer.user_id,
            today=today(),
            **values,
        )
    except (InvalidError, ConflictError) as error:
        db.session.rollback()
        form.refuse(error.fields)
        return _again(form, None if error.fields else error.message), error.status
    flash(_("%(name)sを%(n)sセット作りました。", name=made.lot.item.name, n=made.kits))
    return committed(redirect(url_for("foodbank.kit_page", build_id=made.id), 303))


def _again(form: Form, refused: str | None = None) -> str:
    """The page with what was typed; a row keeps its number as long as its lot is there."""
    offered = _sent(form)
    numbers = {
        (form[f"parts-{n}-lot_id"].value, form[f"parts-{n}-shelf_id"].value): n
        for n in form.rows("parts")
    }
    rows = [
        _row(form, numbers[str(lot.id), str(balance.shelf_id)], lot, balance)
        for lot, balance in offered
    ]
    return render_template("foodbank/kits/new.html", form=form, rows=rows, refused=refused)


@bp.get("/food/kits/<int:build_id>")
@requires(Action.FOOD_RECEIVE)
def kit_page(build_id: int) -> Answer:
    made = queries.get_build(db.session, build_id, the_viewer())
    return _page(made, _apart_form(made))


def _apart_form(made: KitBuild, **typed: Any) -> Form:
    places = places_of(made.lot)
    only = places["shelf_id"][0][0] if len(places["shelf_id"]) == 1 else None
    return Form(TakeApartSchema(), choices=places, initial={"shelf_id": only}, **typed)


def _page(made: KitBuild, form: Form) -> str:
    return render_template("foodbank/kits/kit.html", made=made, form=form, **lot_words(made.lot))


@bp.post("/food/kits/<int:build_id>/apart")
@requires(Action.FOOD_RECEIVE)
@creates
def take_kits_apart(build_id: int) -> Answer:
    viewer = the_viewer()
    made = queries.get_build(db.session, build_id, viewer)
    form = _apart_form(made, typed=request.form)
    if not form.load():
        return _page(made, form), 422
    try:
        services.take_apart(db.session, made=made, user_id=viewer.user_id, **form.data)
    except InvalidError as error:
        db.session.rollback()
        form.refuse(error.fields)
        return _page(queries.get_build(db.session, build_id, viewer), form), 422
    flash(_("%(n)sセットをくずし、中身を元の棚に戻しました。", n=form.data["kits"]))
    return committed(redirect(url_for("foodbank.kit_page", build_id=build_id), 303))
