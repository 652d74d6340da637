"""Pages for those who sort: what came in, its stickers, the 管理簿. No name stands on them."""

from datetime import timedelta
from typing import Any

from flask import render_template, request

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.db import db, today
from app.foodbank.shelves import papers
from app.foodbank.shelves.views import address_of
from app.foodbank.sorting import paper, queries
from app.foodbank.sorting.schemas import PeriodSchema, StickersSchema
from app.foodbank.stock_views import lot_words
from app.foodbank.views import bp
from app.forms import Form
from app.policy import Action, Role, requires
from app.printing import render_pdf
from app.security import acting_organisation, saw, the_viewer

RECENT = timedelta(days=7)


@bp.get("/food/sorting")
@requires(Action.FOOD_SORT)
def sorting_page() -> Answer:
    """What came in these days, with its stickers; the ledger to print."""
    return _page(Form(PeriodSchema(), initial={"first": today().replace(day=1), "last": today()}))


def _page(form: Form) -> str:
    words = request.args.get("q", "").strip()[:100]
    lots = queries.lots_to_sort(db.session, the_viewer(), since=today() - RECENT, words=words)
    return render_template(
        "foodbank/sorting/page.html",
        rows=[_row(lot_words(lot)) for lot in lots],
        searched=words,
        form=form,
    )


def _row(words: dict[str, Any]) -> dict[str, Any]:
    """A lot without its donor, its reasons and its remarks."""
    lot = words.pop("lot")
    return words | {
        "id": lot.id,
        "number": lot.number,
        "item": lot.item.name,
        "unit": lot.unit,
        "printed": lot.date_printed,
        "last_day": lot.last_day,
    }


@bp.get("/food/lots/<int:lot_id>/stickers.pdf")
@requires(Action.FOOD_SORT)
def lot_stickers(lot_id: int) -> Answer:
    """So many stickers of one lot, as many as lie on the shelves when nobody says."""
    lot = queries.lot_to_sort(db.session, lot_id, the_viewer())
    form = Form(StickersSchema(), typed=request.args)
    asked = form.data if form.load() else {}
    there = min(max(sum(b.quantity for b in lot.balances), 1), papers.A_SHEET)
    count = int(asked.get("count") or there)
    saw(Deed.PRINTED, "lot", lot.id, fields=("number",))
    label = papers.lot_label(lot, address_of("foodbank.lot_page", lot_id=lot.id), today=today())
    bank = db.session.get_one(Organisation, lot.organisation_id)
    data = papers.sheet(
        [label] * count, shape="sticker", organisation=bank.name, skip=int(asked.get("skip") or 0)
    )
    return pdf_answer(f"{lot.number}-stickers", render_pdf("labels", data))


@bp.get("/food/ledger.pdf")
@requires(Action.FOOD_SORT)
def food_ledger() -> Answer:
    """管理簿 of a period; donors stand on it only for the food bank's own staff."""
    viewer = the_viewer()
    form = Form(PeriodSchema(), typed=request.args)
    if not form.load():
        return _page(form), 422
    first, last = form.data["first"], form.data["last"]
    bank = acting_organisation(viewer, Action.FOOD_SORT)
    donors = bank in viewer.organisations(Role.FOODBANK)
    saw(Deed.PRINTED, "lot", None, fields=("ledger",))
    pdf = paper.ledger_pdf(db.session, bank, first=first, last=last, today=today(), donors=donors)
    return pdf_answer(f"ledger-{first}-{last}", pdf)
