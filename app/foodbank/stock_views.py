"""Pages of the stock: the list, a lot with its movements, and what can be done with it."""

from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer, csv_answer
from app.audit.models import Deed
from app.db import db, today
from app.errors import InvalidError
from app.foodbank import queries, stock
from app.foodbank.codes import FOOD_GROUP_LABELS, FoodGroup
from app.foodbank.donors.words import lot_terms
from app.foodbank.items import missing_facts
from app.foodbank.kits import queries as kit_queries
from app.foodbank.models import (
    DATE_KIND_LABELS,
    LOT_STATE_LABELS,
    MOVEMENT_LABELS,
    STORAGE_LABELS,
    AllergenSource,
    Lot,
    LotState,
    MovementKind,
)
from app.foodbank.moving.schemas import CorrectionSchema, GiveBackSchema, TransferSchema
from app.foodbank.origins.words import correction_rows
from app.foodbank.queries import PER_PAGE, StockFilter, standing
from app.foodbank.receiving import services as receiving
from app.foodbank.running_out.queries import older_lots
from app.foodbank.schemas import (
    AllergenSchema,
    AnswerSchema,
    DisposeSchema,
    StateSchema,
)
from app.foodbank.tracing.words import receipt_words
from app.foodbank.views import bp
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, Role, requires
from app.security import saw, the_viewer
from app.wording import day

STATE_TAGS = {
    LotState.OFFERABLE: "good",
    LotState.QUESTION: "warn",
    LotState.PAST: "bad",
    LotState.HELD: "warn",
    LotState.RECALLED: "bad",
    LotState.DISPOSED: "",
}
ALLERGEN_SOURCES = {
    AllergenSource.LABEL: "表示から",
    AllergenSource.DONOR: "寄贈者の書類から",
    AllergenSource.UNKNOWN: "不明",
}


def wanted_stock() -> StockFilter:
    """What the address asks for; words nobody offered are as if not said."""
    args = request.args
    states, groups = {s.value for s in LotState}, {g.value for g in FoodGroup}
    state = args.get("state", "")
    group = args.get("group", "")
    return StockFilter(
        state=LotState(state) if state in states else None,
        shelf=args.get("shelf", "").strip()[:40],
        group=group if group in groups else "",
        expiring=args.get("expiring") == "1",
        words=args.get("q", "").strip()[:100],
        empty=state == LotState.DISPOSED.value or args.get("empty") == "1",
    )


def lot_words(lot: Lot) -> dict[str, Any]:
    """A lot as lists show it."""
    state = standing(lot, today())
    return {
        "lot": lot,
        "quantity": sum(balance.quantity for balance in lot.balances),
        "shelves": "・".join(b.shelf.code for b in lot.balances if b.quantity) or "—",
        "state": (LOT_STATE_LABELS[state], STATE_TAGS[state]),
        "date_kind": DATE_KIND_LABELS[lot.date_kind] if lot.date_kind else "",
        "storage": STORAGE_LABELS[lot.storage],
        "group": FOOD_GROUP_LABELS[FoodGroup(lot.item.food_group)],
        "allergens": "・".join(lot.allergens) if lot.allergens_known else None,
    }


@bp.get("/food/lots")
@requires(Action.FOOD_READ)
def lot_list() -> Answer:
    """The stock, first to expire first."""
    viewer = the_viewer()
    wanted = wanted_stock()
    listed = queries.stock(viewer, wanted, today=today())
    page = min(max(request.args.get("page", 1, type=int), 1), 100_000)
    total = queries.count(db.session, listed)
    lots = queries.page_of_lots(db.session, listed, page=page, size=PER_PAGE)
    return render_template(
        "foodbank/lots.html",
        rows=[lot_words(lot) for lot in lots],
        wanted=wanted,
        shelves=queries.shelves(db.session, viewer),
        groups=[(code.value, label) for code, label in FOOD_GROUP_LABELS.items()],
        states=[(code.value, label) for code, label in LOT_STATE_LABELS.items()],
        pager=_pager(page, len(lots), total),
        csv_url=_same_list("foodbank.lots_csv"),
    )


def _same_list(endpoint: str, page: int | None = None) -> str:
    """The address of the list with the filters it has now."""
    known = ("state", "shelf", "group", "expiring", "q", "empty")
    kept = {name: request.args[name] for name in known if request.args.get(name)}
    if page is not None:
        kept["page"] = str(page)
    return f"{url_for(endpoint)}?{urlencode(kept)}"


def _pager(page: int, shown: int, total: int) -> dict[str, Any]:
    first = (page - 1) * PER_PAGE + 1 if shown else 0
    last = (page - 1) * PER_PAGE + shown if shown else 0
    return {
        "first": first,
        "last": last,
        "total": total,
        "previous_url": _same_list("foodbank.lot_list", page - 1) if page > 1 else None,
        "next_url": _same_list("foodbank.lot_list", page + 1) if last and last < total else None,
    }


CSV_HEAD = (
    "ロット", "品名", "群", "状態", "残り", "単位", "棚", "期限の種類", "期限（表示のまま）",
    "期限（読み取り）", "保管", "アレルギー表示", "受入日",
)  # fmt: skip
MOST_ROWS = 20_000


@bp.get("/food/lots.csv")
@requires(Action.FOOD_READ)
def lots_csv() -> Answer:
    """The same list as a file, with the same filters."""
    listed = queries.stock(the_viewer(), wanted_stock(), today=today())
    lots = queries.page_of_lots(db.session, listed, page=1, size=MOST_ROWS + 1)
    saw(Deed.EXPORTED, "lot", None, fields=("stock",))
    rows = (_cells(lot_words(lot)) for lot in lots)
    return csv_answer("stock", CSV_HEAD, rows, today=today(), most=MOST_ROWS)


def _cells(words: dict[str, Any]) -> list[Any]:
    lot: Lot = words["lot"]
    return [
        lot.number,
        lot.item.name,
        words["group"],
        words["state"][0],
        words["quantity"],
        lot.unit,
        words["shelves"],
        words["date_kind"],
        lot.date_printed,
        lot.last_day,
        words["storage"],
        lot.allergen_text,
        lot.received_on,
    ]


# ------------------------------------------------------------------------------- one lot


@bp.get("/food/lots/<int:lot_id>")
@requires(Action.FOOD_READ)
def lot_page(lot_id: int) -> Answer:
    return draw_lot(queries.get_lot(db.session, lot_id, the_viewer()))


def places_of(lot: Lot) -> dict[str, list[tuple[int, str]]]:
    """The shelves a lot lies on with how many, as the choices of the forms that ask for one."""
    there = [
        (b.shelf_id, f"{b.shelf.code}（{b.quantity}{lot.unit}）")
        for b in lot.balances
        if b.quantity
    ]
    return dict.fromkeys(("shelf_id", "from_shelf_id", "given_from", "found_on"), there)


def draw_lot(lot: Lot, **forms: Form) -> str:
    """The page of a lot; forms that came back with something wrong stand in place of fresh ones."""
    initial = {
        "version": lot.version,
        "item_name": lot.item.name,
        "date_kind": lot.date_kind,
        "date_printed": lot.date_printed,
        "storage": lot.storage,
        "jan": lot.jan or "",
    }
    places = places_of(lot)
    there = places["shelf_id"]
    chosen = request.args.get("shelf", there[0][0] if len(there) == 1 else None, type=int)
    only = dict.fromkeys(places, chosen)
    shown = {
        "answer": Form(AnswerSchema(), initial=initial),
        "dispose": Form(DisposeSchema()),
        "state": Form(StateSchema()),
        "correction": Form(CorrectionSchema(), choices=places, initial=only),
        "transfer": Form(TransferSchema(), choices=places, initial=only),
        "give_back": Form(GiveBackSchema(), choices=places, initial=only),
        "label": Form(AllergenSchema(), initial={"allergens": lot.allergen_text}),
    } | forms
    own = lot.organisation_id in the_viewer().organisations(Role.FOODBANK)
    return render_template(
        "foodbank/lot.html",
        **lot_words(lot),
        forms=shown,
        errors=[error for form in forms.values() for error in form.summary],
        movements=[
            (m, MOVEMENT_LABELS[MovementKind(m.kind)], shelf, parcel)
            for m, shelf, parcel in queries.movements_of(db.session, lot)
        ],
        allergen_source=ALLERGEN_SOURCES[lot.allergen_source],
        missing=missing_facts(lot.item),
        receipt=receipt_words(db.session, lot),
        own=own,
        terms=lot_terms(db.session, lot, the_viewer()) if own else None,
        older=[lot_words(one) for one in older_lots(db.session, lot, today=today())] if own else [],
        kit=kit_queries.build_of_lot(db.session, lot.id) if own else None,
        origins=correction_rows(db.session, lot) if own else [],
        in_kits=kit_queries.builds_with(db.session, lot.id) if own else [],
        opened="transfer" if request.args.get("shelf") else "",
        asked={question["what"] for question in lot.questions},
        disposed=lot.state is LotState.DISPOSED,
    )


@bp.get("/food/questions")
@requires(Action.FOOD_RECEIVE)
def question_list() -> Answer:
    """Lots somebody has to look at, those that wait for it first."""
    lots = queries.questions(db.session, the_viewer(), today=today())
    return render_template("foodbank/questions.html", rows=[lot_words(lot) for lot in lots])


@bp.post("/food/lots/<int:lot_id>/answer")
@requires(Action.FOOD_RECEIVE)
@creates
def answer_questions(lot_id: int) -> Answer:
    viewer = the_viewer()
    lot = queries.own_lot(db.session, lot_id, viewer)
    form = Form(AnswerSchema(), typed=request.form)
    if not form.load():
        return draw_lot(lot, answer=form), 422
    try:
        receiving.answer_questions(
            db.session, lot=lot, typed=form.data, user_id=viewer.user_id, today=today()
        )
    except InvalidError as error:
        return refused_lot(lot, "answer", form, error)
    flash(_("確かめた内容を記録しました。期限は%(day)sです。", day=day(lot.last_day)))
    return committed(redirect(url_for("foodbank.lot_page", lot_id=lot.id), 303))


def refused_lot(lot: Lot, name: str, form: Form, error: InvalidError) -> tuple[str, int]:
    """The page again with what was typed and why it could not be taken."""
    form.refuse(error.fields or {"_": [error.message]})
    return draw_lot(lot, **{name: form}), 422


@bp.post("/food/lots/<int:lot_id>/disposal")
@requires(Action.FOOD_RECEIVE)
@creates
def dispose_lot(lot_id: int) -> Answer:
    viewer = the_viewer()
    lot = queries.own_lot(db.session, lot_id, viewer)
    form = Form(DisposeSchema(), typed=request.form)
    if not form.load():
        return draw_lot(lot, dispose=form), 422
    gone = stock.dispose(
        db.session, lot=lot, reason=form.data["disposal_reason"], user_id=viewer.user_id
    )
    flash(_("%(n)s を廃棄として記録しました。", n=gone))
    return committed(redirect(url_for("foodbank.lot_page", lot_id=lot.id), 303))


@bp.post("/food/lots/<int:lot_id>/state")
@requires(Action.FOOD_RECEIVE)
@creates
def set_lot_state(lot_id: int) -> Answer:
    viewer = the_viewer()
    lot = queries.own_lot(db.session, lot_id, viewer)
    form = Form(StateSchema(), typed=request.form)
    if not form.load():
        return draw_lot(lot, state=form), 422
    stock.set_state(
        db.session,
        lot=lot,
        state=form.data["state"],
        reason=form.data["state_reason"],
        user_id=viewer.user_id,
    )
    flash(_("状態を「%(state)s」にしました。", state=LOT_STATE_LABELS[lot.state]))
    return committed(redirect(url_for("foodbank.lot_page", lot_id=lot.id), 303))


@bp.post("/food/lots/<int:lot_id>/allergens")
@requires(Action.FOOD_RECEIVE)
@creates
def set_allergens(lot_id: int) -> Answer:
    viewer = the_viewer()
    lot = queries.own_lot(db.session, lot_id, viewer)
    form = Form(AllergenSchema(), typed=request.form)
    if not form.load():
        return draw_lot(lot, label=form), 422
    try:
        receiving.set_allergens(
            db.session,
            lot=lot,
            text=form.data["allergens"],
            source=form.data["allergen_source"],
            user_id=viewer.user_id,
            today=today(),
        )
    except InvalidError as error:
        return refused_lot(lot, "label", form, error)
    flash(_("アレルギー表示を記録しました。"))
    return committed(redirect(url_for("foodbank.lot_page", lot_id=lot.id), 303))
