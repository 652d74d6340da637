"""The page that opens whatever is scanned, and the barcodes of an item."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.db import db
from app.errors import InvalidError
from app.foodbank import queries as food
from app.foodbank.receiving.views import draw_item
from app.foodbank.scanning import queries, services
from app.foodbank.scanning.jan import digits_of, is_jan, read_jan
from app.foodbank.scanning.schemas import JanSchema
from app.foodbank.views import bp
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer


@bp.get("/food/scan")
@requires(Action.FOOD_RECEIVE)
def scan_page() -> Answer:
    """Scan or type anything that has a code; it opens, or the page says what the code is not."""
    typed = request.args.get("code", "").strip()[:300]
    found = queries.found_by(db.session, typed, the_viewer()) if typed else None
    if found is not None:
        endpoint, values = found
        return make_response(redirect(url_for(endpoint, **values), 303))
    digits = digits_of(typed)
    return render_template(
        "foodbank/scanning/scan.html",
        typed=typed,
        new_jan=digits if is_jan(digits) else None,
        problem=_problem(digits) if typed else None,
    )


def _problem(digits: str) -> str:
    """What to do about a code nobody knows."""
    if digits.isdecimal() and len(digits) >= 8:
        try:
            read_jan(digits)
        except InvalidError as error:
            return error.message
        return str(_("このバーコードは、まだどの品目のものでもありません。"))
    return str(_("この番号の物は見つかりません。もう一度読み取るか、番号を確かめてください。"))


@bp.post("/food/items/<int:item_id>/jans")
@requires(Action.FOOD_RECEIVE)
@creates
def add_jan(item_id: int) -> Answer:
    viewer = the_viewer()
    item = food.get_item(db.session, item_id, viewer)
    form = Form(JanSchema(), typed=request.form)
    if not form.load():
        return draw_item(item, jan_form=form), 422
    try:
        jan = read_jan(form.data["jan"])
        if jan is not None:
            services.learn(db.session, item=item, jan=jan, user_id=viewer.user_id)
    except InvalidError as error:
        db.session.rollback()
        form.refuse(error.fields)
        return draw_item(food.get_item(db.session, item_id, viewer), jan_form=form), 422
    flash(_("JANを加えました。"))
    return committed(redirect(url_for("foodbank.item_page", item_id=item_id), 303))


@bp.post("/food/items/<int:item_id>/jans/<int:jan_id>/removal")
@requires(Action.FOOD_RECEIVE)
@creates
def remove_jan(item_id: int, jan_id: int) -> Answer:
    viewer = the_viewer()
    item = food.get_item(db.session, item_id, viewer)
    services.forget(db.session, item=item, jan_id=jan_id, user_id=viewer.user_id)
    flash(_("JANを外しました。"))
    return committed(redirect(url_for("foodbank.item_page", item_id=item_id), 303))
