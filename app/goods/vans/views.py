"""Pages of a van's day, its sheet, and what is tapped on the way."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.cases.versions import StaleError
from app.db import db, now, today
from app.errors import ConflictError, InvalidError
from app.forms import Form
from app.goods.blueprint import bp
from app.goods.deeds import moving
from app.goods.items.queries import get_item
from app.goods.models import GoodsItem
from app.goods.vans.proposals import VanDay, propose_van
from app.goods.vans.queries import checked_day, loads_of
from app.goods.vans.schemas import VanDeedSchema, VanSchema
from app.goods.vans.words import van_told
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.printing import render_pdf
from app.security import acting_organisation, saw, the_viewer
from app.wording import day as in_words

USUAL: dict[str, Any] = dict.fromkeys(VanSchema().fields)
SIDES = ("width", "depth", "height")


def office() -> Organisation:
    """Whose van it is."""
    found = acting_organisation(the_viewer(), Action.GOODS_EDIT)
    return db.session.get_one(Organisation, found)


def planned(data: dict[str, Any]) -> VanDay:
    """The day as asked for. Raises InvalidError for a day that is not offered."""
    on, at = checked_day(data["on"], today()), office()
    van = {side: data[f"van_{side}_cm"] for side in SIDES} | {"kg": data["van_kg"]}
    loads = loads_of(db.session, on=on)
    depot = at.prefecture, at.municipality
    return propose_van(loads, the_viewer(), on=on, today=today(), depot=depot, van=van)


def looked(plan: VanDay, deed: Deed) -> None:
    """Write down whose homes the answer shows."""
    loads = [*(load for stop in plan.stops for load in stop.loads), *(one for one, _ in plan.apart)]
    for load in loads:
        if load.kept is not None:
            saw(deed, "case", load.kept.need.case_id, fields=("home",))


@bp.get("/goods/van")
@requires(Action.GOODS_EDIT)
def van_page() -> Answer:
    """A day's pick-ups and deliveries in an order, with the order of loading."""
    form = Form(VanSchema(), typed=request.args)
    data = form.data if form.load() else USUAL
    try:
        plan = planned(form.data or data)
    except InvalidError as error:
        form.refuse(error.fields)
        plan = planned(USUAL)
    looked(plan, Deed.LISTED)
    kept = {name: value for name, value in data.items() if value is not None} | {"on": plan.on}
    page = render_template(
        "goods/van.html",
        form=form if form.errors else Form(VanSchema(), initial=kept),
        told=van_told(plan, the_viewer(), today()),
        is_today=plan.on == today(),
        kept={name: str(value) for name, value in kept.items()},
    )
    return page, 422 if form.errors else 200


@bp.get("/goods/van.pdf")
@requires(Action.GOODS_EDIT)
def van_paper() -> Answer:
    """The sheet to carry."""
    form = Form(VanSchema(), typed=request.args)
    if not form.load():
        raise InvalidError(_("日と荷台の大きさを確かめてください。"), fields=form.errors)
    plan, at = planned(form.data), office()
    looked(plan, Deed.PRINTED)
    told = van_told(plan, the_viewer(), today()) | {"on": str(plan.on)}
    told["sheet"] = {
        "title": _("車の日　%(day)s", day=in_words(plan.on)),
        "organisation": at.name,
        "made_on": in_words(today()),
        "contact": f"{at.name}　{at.phone or ''}".strip(),
        "notice": _("取扱注意"),
    }
    return pdf_answer(f"van-{plan.on}", render_pdf("van_day", told))


@bp.post("/goods/van/items/<int:item_id>/fetched")
@requires(Action.GOODS_EDIT)
@creates
def van_fetched(item_id: int) -> Answer:
    """積んだ: taken over from its donor."""

    def act(item: GoodsItem, version: int, who: dict[str, Any]) -> None:
        moving.fetch(db.session, item=item, version=version, on=None, shelf="", **who)

    return _tapped(item_id, act, _("積みました: %(item)s"))


@bp.post("/goods/van/items/<int:item_id>/delivered")
@requires(Action.GOODS_EDIT)
@creates
def van_delivered(item_id: int) -> Answer:
    """届けた: handed over to its household."""

    def act(item: GoodsItem, version: int, who: dict[str, Any]) -> None:
        moving.deliver(db.session, item=item, version=version, at=now(), **who)

    return _tapped(item_id, act, _("届けました: %(item)s"))


def _tapped(
    item_id: int, act: Callable[[GoodsItem, int, dict[str, Any]], None], said: str
) -> Answer:
    """Do it and go on; where another was first or more has to be said, the thing's page tells."""
    form = Form(VanDeedSchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("画面を読み込み直してから、もう一度押してください。"))
    item = get_item(db.session, item_id)
    name = f"{item.number}　{item.label}"
    try:
        act(item, form.data["version"], {"user_id": the_viewer().user_id, "today": today()})
    except (StaleError, ConflictError, InvalidError) as error:
        db.session.rollback()
        flash(error.message, "warning")
        back: Any = redirect(url_for("goods.item_page", item_id=item_id), 303)
        return back  # type: ignore[no-any-return]
    flash(said % {"item": name}, "success")
    on: date | None = form.data["on"]
    return committed(redirect(url_for("goods.van_page", on=on), 303))
