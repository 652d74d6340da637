"""Pages of the stocktake, for a phone at the shelf: start, shelf by shelf, look at it, close."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.db import db, now
from app.errors import ConflictError, InvalidError, NotFoundError
from app.foodbank import queries as food
from app.foodbank.models import Shelf
from app.foodbank.stocktakes import queries, services
from app.foodbank.stocktakes.models import (
    STOCKTAKE_STATE_LABELS,
    Stocktake,
    StocktakeState,
)
from app.foodbank.stocktakes.queries import ToCount
from app.foodbank.stocktakes.schemas import (
    MOST_LINES,
    CloseStocktakeSchema,
    CountsSchema,
    StartStocktakeSchema,
)
from app.foodbank.views import bp
from app.forms import Form
from app.idempotency import committed, creates, standings
from app.policy import Action, requires
from app.security import acting_organisation, the_viewer
from app.wording import day

STATE_KINDS = {
    StocktakeState.OPEN: "info",
    StocktakeState.CLOSED: "good",
    StocktakeState.CANCELLED: "",
}


def _opened(stocktake_id: int) -> Stocktake:
    return queries.get_stocktake(db.session, stocktake_id, the_viewer())


def _state_tag(stocktake: Stocktake) -> tuple[str, str]:
    return STOCKTAKE_STATE_LABELS[stocktake.state], STATE_KINDS[stocktake.state]


@bp.get("/food/stocktakes")
@requires(Action.FOOD_RECEIVE)
def stocktake_list() -> Answer:
    """The one that is open first, then those before; or the form to begin one."""
    return _list(_start_form())


def _start_form(**typed: Any) -> Form:
    bank = acting_organisation(the_viewer(), Action.FOOD_RECEIVE)
    codes = queries.shelf_codes(db.session, bank)
    return Form(StartStocktakeSchema(), choices={"shelves": [(c, c) for c in codes]}, **typed)


def _list(form: Form) -> str:
    found = queries.stocktakes(db.session, the_viewer())
    return render_template(
        "foodbank/stocktakes/list.html",
        rows=[(one, _state_tag(one)) for one in found],
        form=form,
        open_one=next((one for one in found if one.state is StocktakeState.OPEN), None),
    )


@bp.post("/food/stocktakes")
@requires(Action.FOOD_RECEIVE)
@creates
def start_stocktake() -> Answer:
    viewer = the_viewer()
    form = _start_form(typed=request.form)
    if not form.load():
        return _list(form), 422
    stocktake = services.start(
        db.session,
        organisation_id=acting_organisation(viewer, Action.FOOD_RECEIVE),
        shelves=form.data["shelves"],
        user_id=viewer.user_id,
    )
    flash(_("棚卸しを始めました。棚を選んで数えてください。"))
    return committed(redirect(_page(stocktake), 303))


def _page(stocktake: Stocktake) -> str:
    return url_for("foodbank.stocktake_page", stocktake_id=stocktake.id)


@bp.get("/food/stocktakes/<int:stocktake_id>")
@requires(Action.FOOD_RECEIVE)
def stocktake_page(stocktake_id: int) -> Answer:
    """How far each shelf is; a closed one shows what differed."""
    return _overview(_opened(stocktake_id), Form(CloseStocktakeSchema()))


def _overview(stocktake: Stocktake, form: Form) -> str:
    """Differences are told only once everything asked for is counted, or the stocktake has ended:
    who knows what the books say does not count any more.
    """
    shelves = queries.progress(db.session, stocktake)
    uncounted = queries.uncounted(db.session, stocktake) if _is_open(stocktake) else []
    return render_template(
        "foodbank/stocktakes/page.html",
        stocktake=stocktake,
        tag=_state_tag(stocktake),
        is_open=_is_open(stocktake),
        shelves=shelves,
        counted=sum(one.counted for one in shelves),
        lots=sum(one.lots for one in shelves),
        differing=[c for c in queries.counts_of(db.session, stocktake) if c.difference],
        uncounted=uncounted,
        form=form,
    )


def _is_open(stocktake: Stocktake) -> bool:
    return stocktake.state is StocktakeState.OPEN


@bp.get("/food/stocktakes/<int:stocktake_id>/shelves/<int:shelf_id>")
@requires(Action.FOOD_RECEIVE)
def count_page(stocktake_id: int, shelf_id: int) -> Answer:
    """One shelf: a number for each lot, without what the books say."""
    stocktake = _opened(stocktake_id)
    return _shelf(stocktake, queries.get_shelf(db.session, stocktake, shelf_id))


def _shelf(stocktake: Stocktake, shelf: Shelf) -> str:
    lines = queries.to_count(db.session, stocktake, shelf)[:MOST_LINES]
    words = request.args.get("add", "").strip()[:300]
    found = queries.lot_to_add(db.session, stocktake, words) if words else None
    if found is not None and found.id not in {line.lot.id for line in lines}:
        lines.insert(0, ToCount(found, 0, None))
    form = Form(CountsSchema(), initial={"counts": [_initial(line) for line in lines]})
    return _draw(
        stocktake, shelf, form, lines, words=words, nothing_found=bool(words) and found is None
    )


def _shelf_again(stocktake: Stocktake, shelf: Shelf, form: Form, *, fresh: bool = False) -> str:
    """The page with what was typed, lot by lot as it was sent; `fresh` when what others counted
    has just been told, so that the next press is an answer to it.
    """
    known = {line.lot.id: line for line in queries.to_count(db.session, stocktake, shelf)}
    lines = []
    for number in form.rows("counts"):
        sent = form[f"counts-{number}-lot_id"].value
        if not (sent.isascii() and sent.isdigit()):
            raise NotFoundError(food.NOT_FOUND)
        lot = food.own_lot(db.session, int(sent[:9]), the_viewer())
        lines.append(known.get(lot.id) or ToCount(lot, 0, None))
    return _draw(stocktake, shelf, form, lines, fresh=fresh)


def _draw(
    stocktake: Stocktake,
    shelf: Shelf,
    form: Form,
    lines: list[ToCount],
    *,
    words: str = "",
    nothing_found: bool = False,
    fresh: bool = False,
) -> str:
    return render_template(
        "foodbank/stocktakes/shelf.html",
        stocktake=stocktake,
        shelf=shelf,
        form=form,
        is_open=_is_open(stocktake),
        rows=[_drawn(form, number, line, fresh=fresh) for number, line in enumerate(lines)],
        words=words,
        nothing_found=nothing_found,
    )


def _initial(line: ToCount) -> dict[str, Any]:
    count = line.count
    return {
        "lot_id": line.lot.id,
        "seen_version": count.version if count else None,
        "counted": count.counted if count else None,
    }


def _drawn(form: Form, number: int, line: ToCount, *, fresh: bool) -> dict[str, Any]:
    """A line as the page draws it: the lot's name is the field's label, its date the hint."""
    lot = line.lot
    printed = day(lot.last_day) if lot.last_day else lot.date_printed or _("期限の表示なし")
    at = f"counts-{number}"
    seen = form[f"{at}-seen_version"]
    if fresh and line.count is not None:
        seen = replace(seen, value=str(line.count.version))
    counted, hint = form[f"{at}-counted"], f"{printed}　{lot.number}"
    return {
        "hidden": [form[f"{at}-lot_id"], seen],
        "field": replace(counted, label=lot.item.name, hint=hint, unit=lot.unit),
        "counted": line.count is not None,
        "was_there": line.on_books > 0 or line.count is not None,
    }


@bp.post("/food/stocktakes/<int:stocktake_id>/shelves/<int:shelf_id>")
@requires(Action.FOOD_RECEIVE)
@creates
def write_counts(stocktake_id: int, shelf_id: int) -> Answer:
    """Write down every number typed; a number somebody else wrote meanwhile is shown, not lost."""
    viewer = the_viewer()
    stocktake = _opened(stocktake_id)
    shelf = queries.get_shelf(db.session, stocktake, shelf_id)
    form = Form(CountsSchema(), typed=request.form)
    if not form.load():
        return _shelf_again(stocktake, shelf, form), 422
    written = 0
    for number, line in enumerate(form.data["counts"]):
        if line["counted"] is None:
            continue
        try:
            services.write_count(
                db.session,
                stocktake=stocktake,
                shelf=shelf,
                lot=food.own_lot(db.session, line["lot_id"], viewer),
                counted=line["counted"],
                seen_version=line["seen_version"],
                user_id=viewer.user_id,
                at=now(),
            )
        except ConflictError as error:
            if error.code != "counted_already":
                raise
            db.session.rollback()
            form.refuse({f"counts-{number}-counted": [error.message]})
            stocktake = _opened(stocktake_id)
            shelf = queries.get_shelf(db.session, stocktake, shelf_id)
            return _shelf_again(stocktake, shelf, form, fresh=True), 409
        written += 1
    flash(_("棚 %(shelf)s の%(n)s件を記録しました。", shelf=shelf.code, n=written))
    return committed(redirect(_page(stocktake), 303))


@bp.post("/food/stocktakes/<int:stocktake_id>/close")
@requires(Action.FOOD_RECEIVE)
@creates
def close_stocktake(stocktake_id: int) -> Answer:
    stocktake = _opened(stocktake_id)
    form = Form(CloseStocktakeSchema(), typed=request.form)
    if not form.load():
        return _overview(stocktake, form), 422
    try:
        booked = services.close(
            db.session,
            stocktake=stocktake,
            why_uncounted=form.data["why_uncounted"],
            user_id=the_viewer().user_id,
            at=now(),
        )
    except InvalidError as error:
        form.refuse(error.fields)
        return _overview(stocktake, form), 422
    flash(_("棚卸しを締めました。違いのあった%(n)s件を在庫に合わせました。", n=booked))
    return committed(redirect(_page(stocktake), 303))


@bp.post("/food/stocktakes/<int:stocktake_id>/cancellation")
@requires(Action.FOOD_RECEIVE)
@creates
def cancel_stocktake(stocktake_id: int) -> Answer:
    stocktake = _opened(stocktake_id)
    services.cancel(db.session, stocktake=stocktake, user_id=the_viewer().user_id, at=now())
    flash(_("棚卸しを取りやめました。在庫は変わっていません。"))
    return committed(redirect(_page(stocktake), 303))


def _standing_of_stocktake(stocktake_id: int) -> str:
    return str(_opened(stocktake_id).id)


standings["stocktake_id"] = _standing_of_stocktake
